import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { DeliveredEvent, Platform } from '../system.ts';
import { linked, pause, wakeable } from './leader.ts';
import { type EventRow, logChannel, outboxChannel, toEvent } from './relay.ts';

/** Is told every event of the log, once each and in order, from the moment it subscribes. */
export type Listener = (event: DeliveredEvent) => void;

export interface LiveHub {
  /** Number of the last event that was passed on. */
  last(): number;
  subscribe(listener: Listener, onClose: () => void): () => void;
  /**
   * Takes one of the six places that a person (or a network, of those who have not signed in) has for streams in all processes
   * together. @returns what gives it back; null: all six are taken.
   */
  enter(person: string): Promise<(() => void) | null>;
  /** Tells the relay, wherever it runs, that the outbox holds something; many calls send one message. */
  ping(): void;
  /** Ends every stream, so the process can stop. */
  stop(): Promise<void>;
}

const hubs = new WeakMap<Platform, LiveHub>();

/** The hub that was started for this platform. @throws Error when none is. */
export function hubOf(platform: Platform): LiveHub {
  const hub = hubs.get(platform);
  if (!hub) throw new Error('live updates are not started: call startLive first');
  return hub;
}

export function isLive(platform: Platform): boolean {
  return hubs.has(platform);
}

const page = 1_000;
const perPerson = 6;
/** Streams that one process holds open at most; whoever comes later looks by the timer. */
const perProcess = 2_000;
/** First half of the keys of the advisory locks by which processes share the places. */
const placesLock = 4_702_517;

/**
 * Starts the process's one listening connection. The relay's message says only how far the log has come; the events are
 * read from the table, so a message lost while the connection was away loses nothing.
 */
export async function startLive(
  platform: Platform,
  url: string,
  report: (error: unknown) => void = () => {},
): Promise<LiveHub> {
  const ending = new AbortController();
  const listeners = new Map<Listener, () => void>();
  const log = wakeable();
  const outbox = wakeable();
  let connected: pg.Client | null = null;
  const first = await platform.db.execute<{ last: string }>(
    sql`select coalesce(max(number), 0) as last from event_log`,
  );
  let last = Number(first.rows[0]!.last);

  /** Places that this process holds, by person. */
  const held = new Map<string, Set<number>>();
  const lockOf = (person: string, place: number) =>
    createHash('sha256').update(`${person} ${place}`).digest().readInt32BE(0);
  /** The listening connection holds the locks: when the process dies, its places are free. */
  const lock = async (person: string, place: number): Promise<boolean> => {
    if (!connected) return true;
    const { rows } = await connected.query<{ won: boolean }>('select pg_try_advisory_lock($1, $2) as won', [
      placesLock,
      lockOf(person, place),
    ]);
    return rows[0]!.won;
  };
  const unlock = (person: string, place: number) =>
    void connected
      ?.query('select pg_advisory_unlock($1, $2)', [placesLock, lockOf(person, place)])
      .catch(() => {});

  const listen = async () => {
    while (!ending.signal.aborted) {
      const client = new pg.Client({
        connectionString: url,
        keepAlive: true,
        application_name: 'misto live',
      });
      const here = linked(ending.signal);
      client.on('error', here.abort);
      client.on('end', here.abort);
      client.on('notification', () => log.wake());
      try {
        await client.connect();
        await client.query(`listen ${logChannel}`);
        connected = client;
        // A new connection: the places of open streams are taken again, where nobody was quicker.
        for (const [person, places] of held) for (const place of places) await lock(person, place);
        log.wake();
        await once(here.signal);
      } catch (error) {
        report(error);
      } finally {
        connected = null;
        here.unlink();
        await client.end().catch(() => {});
      }
      await pause(500, ending.signal);
    }
  };
  const read = async () => {
    while (!ending.signal.aborted) {
      // The wait ends by itself now and then: a connection can be dead without a sign.
      await log.wait(5_000, ending.signal);
      try {
        for (let full = true; full && !ending.signal.aborted; ) {
          const { rows } = await platform.db.execute<EventRow>(
            sql`select number, id, name, topic, payload, occurred_at from event_log
                where number > ${last} order by number limit ${page}`,
          );
          for (const row of rows) {
            const event = toEvent(row);
            last = event.number;
            for (const listener of [...listeners.keys()]) listener(event);
          }
          full = rows.length === page;
        }
      } catch (error) {
        if (!ending.signal.aborted) report(error);
        await pause(500, ending.signal);
        log.wake();
      }
    }
  };
  const tell = async () => {
    while (!ending.signal.aborted) {
      await outbox.wait(3_600_000, ending.signal);
      if (ending.signal.aborted) break;
      await connected?.query(`notify ${outboxChannel}`).catch(() => {});
    }
  };
  const running = [listen(), read(), tell()];
  const hub: LiveHub = {
    last: () => last,
    subscribe(listener, onClose) {
      listeners.set(listener, onClose);
      return () => listeners.delete(listener);
    },
    async enter(person) {
      if (listeners.size >= perProcess) return null;
      const places = held.get(person) ?? new Set();
      held.set(person, places);
      for (let place = 0; place < perPerson; place += 1) {
        if (places.has(place)) continue;
        // Taken before it is asked for, so that two streams of one moment do not both get it.
        places.add(place);
        const won = await lock(person, place).catch(() => true);
        if (!won) {
          places.delete(place);
          continue;
        }
        return () => {
          if (!places.delete(place)) return;
          if (places.size === 0) held.delete(person);
          unlock(person, place);
        };
      }
      return null;
    },
    ping: () => outbox.wake(),
    async stop() {
      ending.abort();
      for (const close of [...listeners.values()]) close();
      listeners.clear();
      hubs.delete(platform);
      await Promise.all(running);
    },
  };
  hubs.set(platform, hub);
  return hub;
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
