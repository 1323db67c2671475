import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What the leader does with the connection that holds its lock; it ends when told to, or by throwing. */
export type Lead = (client: pg.Client, signal: AbortSignal) => Promise<void>;

export interface Leader {
  /** Whether this process leads now. */
  leading(): boolean;
  stop(): Promise<void>;
}

const askAgain = 1_000;

/**
 * Runs a duty in exactly one of the processes on a database. The lock lives as long as the connection, so when the
 * leader dies, or loses its connection, another takes over within about a second.
 *
 * @param url must allow a session: behind a transaction pooler the lock would be worth nothing.
 */
export function startLeader(
  url: string,
  lock: number,
  lead: Lead,
  report: (error: unknown) => void = () => {},
): Leader {
  const ending = new AbortController();
  let leads = false;
  const run = async () => {
    while (!ending.signal.aborted) {
      const client = new pg.Client({
        connectionString: url,
        keepAlive: true,
        application_name: 'misto leader',
      });
      const here = linked(ending.signal);
      const { signal } = here;
      client.on('error', here.abort);
      client.on('end', here.abort);
      try {
        await client.connect();
        while (!signal.aborted && !leads) {
          const { rows } = await client.query<{ won: boolean }>('select pg_try_advisory_lock($1) as won', [
            lock,
          ]);
          leads = rows[0]!.won;
          if (!leads) await pause(askAgain, signal);
        }
        if (!signal.aborted) await lead(client, signal);
      } catch (error) {
        if (!signal.aborted) report(error);
      } finally {
        leads = false;
        here.unlink();
        await client.end().catch(() => {});
      }
      await pause(askAgain / 2, ending.signal);
    }
  };
  const running = run();
  return {
    leading: () => leads,
    async stop() {
      ending.abort();
      await running;
    },
  };
}

/** Waits, but not longer than until the signal. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}

/**
 * A signal of its own that also ends with its parent. Not AbortSignal.any: a process that runs for months must not
 * gather dead listeners on the signal that ends it.
 */
export function linked(parent: AbortSignal): { signal: AbortSignal; abort(): void; unlink(): void } {
  const own = new AbortController();
  const abort = () => own.abort();
  if (parent.aborted) abort();
  parent.addEventListener('abort', abort, { once: true });
  return { signal: own.signal, abort, unlink: () => parent.removeEventListener('abort', abort) };
}

/**
 * A wish that is kept until someone waits for it: many calls before that count as one.
 *
 * @param rest milliseconds that lie at least between two waits' ends, so that a busy city wakes nobody for every act.
 */
export function wakeable(rest = 0): {
  wake(): void;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
} {
  let wanted = false;
  let release: (() => void) | null = null;
  let last = Number.NEGATIVE_INFINITY;
  return {
    wake() {
      wanted = true;
      release?.();
    },
    async wait(milliseconds, signal) {
      if (!wanted && !signal.aborted)
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            release = null;
            resolve();
          };
          const timer = setTimeout(done, milliseconds);
          signal.addEventListener('abort', done, { once: true });
          release = done;
        });
      const early = last + rest - performance.now();
      if (early > 0) await pause(early, signal);
      last = performance.now();
      wanted = false;
    },
  };
}
