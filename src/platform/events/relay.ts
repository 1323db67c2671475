import { sql } from 'drizzle-orm';
import type pg from 'pg';
import { placeOf } from '../http/log.ts';
import type { DeliveredEvent, Platform } from '../system.ts';
import { systemActor, type Work } from '../work.ts';
import { type Leader, linked, pause, startLeader, wakeable } from './leader.ts';

/** Channel on which a process asks the relay to look at the outbox; the payload is empty. */
export const outboxChannel = 'misto_outbox';
/** Channel on which the relay tells every process how far the log has come; the payload is the last number. */
export const logChannel = 'misto_log';

/** Someone who is given every event of the log in order: a system, or a part of the platform. */
export interface Consumer {
  readonly name: string;
  readonly on: Readonly<Record<string, (work: Work, event: DeliveredEvent) => Promise<void>>>;
}

export interface RelayOptions {
  /** A connection string that allows sessions. */
  readonly url: string;
  /** Parts of the platform that listen besides the systems. */
  readonly consumers?: readonly Consumer[];
  readonly report?: (error: unknown, event?: { consumer: string; number: number; dead: boolean }) => void;
  /** Milliseconds before the second attempt at an event; it doubles each time. */
  readonly retryAfter?: number;
}

export interface Relay extends Leader {
  /** Asks for a round now. Cheap: many calls make one round. */
  ping(): void;
}

const lock = 4_702_517_021;
const batch = 500;
/** Events that are handed over in one transaction, while none of them fails. */
const handful = 25;
/** Milliseconds between two looks at what waits: what happened meanwhile goes together. */
const rest = 20;
const triesBeforeDead = 5;

/**
 * Starts this process's relay. One relay leads on a database: it numbers what the outbox holds, tells all processes,
 * and hands each event to every system that listens, at least once and in the order of the numbers.
 */
export function startRelay(platform: Platform, options: RelayOptions): Relay {
  const report = options.report ?? (() => {});
  const consumers: Consumer[] = [
    ...platform.systems.flatMap((system) => (system.on ? [{ name: system.name, on: system.on }] : [])),
    ...(options.consumers ?? []),
  ];
  const outbox = wakeable(rest);
  const lead = async (client: pg.Client, told: AbortSignal) => {
    const here = linked(told);
    const { signal } = here;
    client.on('notification', () => outbox.wake());
    await client.query(`listen ${outboxChannel}`);
    await addCursors(client, consumers);
    const log = consumers.map(() => wakeable(rest));
    const deliveries = consumers.map((consumer, index) =>
      deliver(platform, consumer, log[index]!, signal, options.retryAfter ?? 100, report),
    );
    try {
      while (!signal.aborted) {
        const last = await numberOutbox(client);
        if (last === null) {
          await outbox.wait(1_000, signal);
          continue;
        }
        // Outside of any transaction that changes data: a NOTIFY inside one would make commits wait for each other.
        await client.query('select pg_notify($1, $2)', [logChannel, String(last)]);
        for (const one of log) one.wake();
      }
    } finally {
      here.abort();
      here.unlink();
      await Promise.all(deliveries);
    }
  };
  const leader = startLeader(options.url, lock, lead, report);
  return {
    ...leader,
    ping: () => outbox.wake(),
  };
}

/**
 * Moves what the outbox holds into the log, numbered from where the log ends.
 *
 * @returns the last number given, or null when there was nothing.
 */
export async function numberOutbox(client: pg.Client): Promise<number | null> {
  const { rows } = await client.query<{ last: string | null }>(
    `with taken as (
       delete from outbox where id in (select id from outbox order by id limit ${batch})
       returning id, name, topic, payload, occurred_at
     ), logged as (
       insert into event_log (number, id, name, topic, payload, occurred_at)
       select (select coalesce(max(number), 0) from event_log) + row_number() over (order by id),
              id, name, topic, payload, occurred_at
       from taken
       returning number
     )
     select max(number)::text as last from logged`,
  );
  const last = rows[0]!.last;
  return last === null ? null : Number(last);
}

/** A consumer that is new to a running city begins with what happens from now on. */
async function addCursors(client: pg.Client, consumers: readonly Consumer[]): Promise<void> {
  await client.query(
    `insert into event_cursor (consumer, number)
     select name, (select coalesce(max(number), 0) from event_log) from unnest($1::text[]) as name
     on conflict do nothing`,
    [consumers.map((consumer) => consumer.name)],
  );
}

async function deliver(
  platform: Platform,
  consumer: Consumer,
  log: ReturnType<typeof wakeable>,
  signal: AbortSignal,
  retryAfter: number,
  report: NonNullable<RelayOptions['report']>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const more = await deliverRound(platform, consumer, signal, retryAfter, report);
      if (!more) await log.wait(1_000, signal);
    } catch (error) {
      // The database is away; the cursor still stands where it stood.
      if (!signal.aborted) report(error);
      await pause(1_000, signal);
    }
  }
}

async function deliverRound(
  platform: Platform,
  consumer: Consumer,
  signal: AbortSignal,
  retryAfter: number,
  report: NonNullable<RelayOptions['report']>,
): Promise<boolean> {
  const found = await platform.db.execute<{
    number: string;
    attempts: number;
    last: string;
    revived: string | null;
  }>(
    sql`select number, attempts, (select coalesce(max(number), 0) from event_log) as last,
          (select min(d.number) from event_dead_letter d
           where d.consumer = ${consumer.name} and d.revived_at is not null) as revived
        from event_cursor where consumer = ${consumer.name}`,
  );
  const cursor = found.rows[0]!;
  if (cursor.revived !== null) await tryAgain(platform, consumer, Number(cursor.revived), report);
  let from = Number(cursor.number);
  let attempts = cursor.attempts;
  const names = Object.keys(consumer.on);
  const { rows } = await platform.db.execute<EventRow>(
    sql`select number, id, name, topic, payload, occurred_at from event_log
        where number > ${from} and number <= ${Number(cursor.last)}
          and name in (${sql.join(
            names.map((name) => sql`${name}`),
            sql`, `,
          )})
        order by number limit ${batch}`,
  );
  const events = rows.map(toEvent);
  let single = attempts > 0;
  while (events.length > 0) {
    if (signal.aborted) return false;
    // After a failure one at a time, so that only the event that fails is tried again and set aside.
    const next = events.slice(0, single ? 1 : handful);
    const last = next.at(-1)!.number;
    try {
      await platform.work(systemActor(consumer.name), async (work) => {
        await advance(work, consumer.name, from, last);
        for (const event of next) await consumer.on[event.name]!(work, event);
      });
    } catch (error) {
      if (error instanceof CursorMoved) return false;
      if (next.length > 1) {
        single = true;
        continue;
      }
      attempts += 1;
      const dead = attempts >= triesBeforeDead;
      await recordFailure(platform, consumer.name, from, last, attempts, error, dead);
      report(error, { consumer: consumer.name, number: last, dead });
      if (!dead) {
        await pause(retryAfter * 2 ** (attempts - 1), signal);
        continue;
      }
    }
    events.splice(0, next.length);
    from = last;
    attempts = 0;
    single = single && events.length > 0;
  }
  if (rows.length === batch) return true;
  if (from < Number(cursor.last)) {
    await platform.db.execute(
      sql`update event_cursor set number = ${Number(cursor.last)}, attempts = 0
          where consumer = ${consumer.name} and number = ${from}`,
    );
  }
  return false;
}

/** Hands over a dead letter that an administrator wants tried again: out of its turn, once. */
async function tryAgain(
  platform: Platform,
  consumer: Consumer,
  number: number,
  report: NonNullable<RelayOptions['report']>,
): Promise<void> {
  const { rows } = await platform.db.execute<EventRow>(
    sql`select number, id, name, topic, payload, occurred_at from event_log where number = ${number}`,
  );
  const event = rows[0] ? toEvent(rows[0]) : null;
  try {
    await platform.work(systemActor(consumer.name), async (work) => {
      // Another leader may be at it: the letter is taken by one.
      const { rowCount } = await work.tx.execute(
        sql`delete from event_dead_letter
            where consumer = ${consumer.name} and number = ${number} and revived_at is not null`,
      );
      if (rowCount && event) await consumer.on[event.name]?.(work, event);
    });
  } catch (error) {
    await platform.db.execute(
      sql`update event_dead_letter set revived_at = null, attempts = attempts + 1, error = ${placeOf(error)}, at = now()
          where consumer = ${consumer.name} and number = ${number}`,
    );
    report(error, { consumer: consumer.name, number, dead: true });
  }
}

/** Another leader has gone on meanwhile. */
class CursorMoved extends Error {
  override name = 'CursorMoved';
}

/** In the handler's own transaction: what it does and the step of the cursor happen together or not at all. */
async function advance(work: Work, consumer: string, from: number, to: number): Promise<void> {
  const { rowCount } = await work.tx.execute(
    sql`update event_cursor set number = ${to}, attempts = 0, error = null
        where consumer = ${consumer} and number = ${from}`,
  );
  if (rowCount !== 1) throw new CursorMoved();
}

async function recordFailure(
  platform: Platform,
  consumer: string,
  from: number,
  number: number,
  attempts: number,
  error: unknown,
  dead: boolean,
): Promise<void> {
  // Not its message: that of a failed statement quotes what stood in it, and dead letters are kept.
  const said = placeOf(error);
  await platform.db.transaction(async (tx) => {
    if (dead)
      await tx.execute(
        sql`insert into event_dead_letter (consumer, number, error, attempts, at)
            values (${consumer}, ${number}, ${said}, ${attempts}, now()) on conflict do nothing`,
      );
    await tx.execute(
      sql`update event_cursor set number = ${dead ? number : from}, attempts = ${dead ? 0 : attempts}, error = ${said}
          where consumer = ${consumer} and number = ${from}`,
    );
  });
}

export interface EventRow extends Record<string, unknown> {
  number: string;
  id: string;
  name: string;
  topic: string | null;
  payload: Record<string, unknown>;
  occurred_at: string | Date;
}

export function toEvent(row: EventRow): DeliveredEvent {
  return {
    number: Number(row.number),
    id: row.id,
    name: row.name,
    topic: row.topic,
    payload: row.payload,
    occurredAt: new Date(row.occurred_at),
  };
}
