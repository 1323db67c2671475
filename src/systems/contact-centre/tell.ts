import { sql } from 'drizzle-orm';
import { can } from '#platform/access/index.ts';
import { Forbidden, NotFound } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Work } from '#platform/work.ts';
import { entryHash, type HistoryEntry, historyActor } from './history.ts';
import { mirror } from './mirror.ts';
import { permission } from './permissions.ts';
import { resourceAt } from './scope.ts';
import type { Closing, HistoryMove, State } from './states.ts';

/** A request that is locked until the work ends. */
export interface Held {
  readonly number: string;
  readonly state: State;
  readonly version: number;
  readonly historyHead: string;
  readonly organisation: string | null;
  readonly district: string | null;
  readonly branch: string;
}

/** Locks a request; null when there is none. Every change locks the request before anything that hangs on it. */
export async function hold(work: Work, number: string): Promise<Held | null> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(sql`
    select state, version, history_head, organisation, district, branch from cc_request where number = ${number} and not sandbox for update`);
  const row = rows[0];
  if (!row) return null;
  return {
    number,
    state: row.state as State,
    version: Number(row.version),
    historyHead: String(row.history_head),
    organisation: row.organisation as string | null,
    district: row.district as string | null,
    branch: String(row.branch),
  };
}

/**
 * Locks a request for an act that is no move of the table.
 *
 * @throws NotFound when the actor may not know of it; Forbidden without the permission there.
 */
export async function holdFor(work: Work, number: string, act: string): Promise<Held> {
  const held = await hold(work, number);
  const resource = held && (await resourceAt(work.tx, work.actor, held));
  if (!held || !resource || !can(work.actor, permission('read_desk'), resource))
    throw new NotFound('request');
  if (!can(work.actor, permission(act), resource)) throw new Forbidden(permission(act));
  return held;
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
  const seq = await keep(work, held, { move, to: held.state, data, note: null });
  await emitOf(work, held, event, data);
  return seq;
}

/** What everybody may learn of a change that is no move of the table. */
export interface Announcement {
  readonly move: HistoryMove;
  readonly data: Readonly<Record<string, unknown>>;
  /** Masked words for everybody. */
  readonly note: string | null;
  /** What each reporter's message is written from; null: the change concerns nobody but staff. */
  readonly template: string | null;
  /** Name of the event, without the system's prefix. */
  readonly event: string;
  /** The state after it, when it changes. */
  readonly to?: State;
}

/**
 * A public change outside the table of moves: history, one message to each reporter of the request and of what is merged
 * into it, event. Columns other than the version and the public words are the caller's.
 */
export async function announce(work: Work, held: Held, what: Announcement): Promise<number> {
  const at = work.clock.now().toISOString();
  const seq = await keep(work, held, { ...what, to: what.to ?? held.state });
  await work.tx.execute(sql`update cc_request set updated_at = ${at}::timestamptz,
    public_note = coalesce(${what.note}, public_note) where number = ${held.number}`);
  if (what.template)
    await work.tx.execute(sql`insert into cc_message (request, seq, reporter, template, at)
      select ${held.number}, ${seq}, p.id, ${what.template}, ${at}::timestamptz from cc_reporter p
      where p.withdrawn_at is null
        and (p.notify or exists (select 1 from cc_request s where s.number = ${held.number} and s.regime = 'statutory'))
        and p.request = any(array(select ${held.number}::text union all select number from cc_request where master = ${held.number}))`);
  // What a moderator does to the words of one request concerns no other.
  if (what.move !== 'publish' && (what.note !== null || (what.to ?? held.state) !== held.state)) {
    const { rows } = await work.tx.execute<{ closing: Closing | null; result: string | null }>(
      sql`select closing, result from cc_request where number = ${held.number}`,
    );
    await mirror(
      work,
      { ...rows[0]!, number: held.number, state: what.to ?? held.state, note: what.note },
      at,
    );
  }
  await emitOf(work, held, what.event, what.data);
  return seq;
}

async function keep(
  work: Work,
  held: Held,
  what: {
    readonly move: HistoryMove;
    readonly to: State;
    readonly data: Readonly<Record<string, unknown>>;
    readonly note: string | null;
  },
): Promise<number> {
  const seq = held.version + 1;
  const entry: HistoryEntry = {
    request: held.number,
    seq,
    at: work.clock.now().toISOString(),
    move: what.move,
    from: held.state,
    to: what.to,
    actor: historyActor(work.actor),
    data: what.data,
    note: what.note,
    prev: held.historyHead,
  };
  const hash = entryHash(entry);
  await work.tx.execute(sql`insert into cc_history
      (request, seq, at, move, from_state, to_state, actor, data, public_note, prev, hash)
    values (${held.number}, ${seq}, ${entry.at}::timestamptz, ${what.move}, ${held.state}, ${what.to},
      ${JSON.stringify(entry.actor)}::jsonb, ${JSON.stringify(what.data)}::jsonb, ${what.note}, ${held.historyHead}, ${hash})`);
  await work.tx.execute(
    sql`update cc_request set version = ${seq}, history_head = ${hash} where number = ${held.number}`,
  );
  return seq;
}

function emitOf(
  work: Work,
  held: Held,
  event: string,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  return emit(
    work,
    `contact-centre.${event}`,
    { number: held.number, organisation: held.organisation, ...data },
    `request:${held.number}`,
  );
}
