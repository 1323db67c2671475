import { sql } from 'drizzle-orm';
import { emit } from '#platform/events/outbox.ts';
import type { Work } from '#platform/work.ts';
import { entryHash, type HistoryEntry, historyActor } from './history.ts';
import type { State } from './states.ts';

/** A request that is locked until the work ends. */
export interface Held {
  readonly number: string;
  readonly state: State;
  readonly version: number;
  readonly historyHead: string;
  readonly organisation: string | null;
}

/** Locks a request; null when there is none. Every change locks the request before anything that hangs on it. */
export async function hold(work: Work, number: string): Promise<Held | null> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(sql`
    select state, version, history_head, organisation from cc_request where number = ${number} and not sandbox for update`);
  const row = rows[0];
  if (!row) return null;
  return {
    number,
    state: row.state as State,
    version: Number(row.version),
    historyHead: String(row.history_head),
    organisation: row.organisation as string | null,
  };
}

/**
 * Puts into the history what happened to a request without moving it, and emits it; returns the entry's place.
 * `updated_at` stays: nothing that the public sees has changed.
 */
export async function tell(
  work: Work,
  held: Held,
  move: 'warn' | 'breach' | 'note',
  data: Readonly<Record<string, unknown>>,
  event: string,
): Promise<number> {
  const seq = held.version + 1;
  const entry: HistoryEntry = {
    request: held.number,
    seq,
    at: work.clock.now().toISOString(),
    move,
    from: held.state,
    to: held.state,
    actor: historyActor(work.actor),
    data,
    note: null,
    prev: held.historyHead,
  };
  const hash = entryHash(entry);
  await work.tx.execute(sql`insert into cc_history (request, seq, at, move, from_state, to_state, actor, data, prev, hash)
    values (${held.number}, ${seq}, ${entry.at}::timestamptz, ${move}, ${held.state}, ${held.state},
      ${JSON.stringify(entry.actor)}::jsonb, ${JSON.stringify(data)}::jsonb, ${held.historyHead}, ${hash})`);
  await work.tx.execute(
    sql`update cc_request set version = ${seq}, history_head = ${hash} where number = ${held.number}`,
  );
  await emit(
    work,
    `contact-centre.${event}`,
    { number: held.number, organisation: held.organisation, ...data },
    `request:${held.number}`,
  );
  return seq;
}
