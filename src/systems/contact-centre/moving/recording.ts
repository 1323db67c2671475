import { sql } from 'drizzle-orm';
import { auditEntryOf } from '#platform/audit/append.ts';
import { resumeAfterPlan } from '../clock-moves.ts';
import { entryHash, type HistoryEntry, historyActor } from '../history.ts';
import { mirror } from '../mirror.ts';
import { endPause } from '../pausing.ts';
import { permission } from '../permissions.ts';
import { mask } from '../publication.ts';
import { sealNote } from '../sealing.ts';
import { statement } from '../statement.ts';
import type { Closing, Move, State } from '../states.ts';
import type { Effect, Moved, Turn } from './turn.ts';

/** No clock runs in these. */
const atRest = new Set<State>(['closed', 'merged', 'claimed']);

/** Columns that a move may change; the statement is the same for every move, so each connection plans it once. */
const movable = `state, closing, version, history_head, updated_at, public_note, organisation, unit, crew, state_before, planned_for,
  result, claimed_at, window_until, closed_at, nearby_until, master, rework_count, return_count, reporters`;

/**
 * All that tells of a move, in one statement: history, the request, its assignment's end, one message to each reporter of it
 * and of those merged into it, audit, event.
 */
const tellMove = statement<never>(
  'tell_move',
  `with h as (
     insert into cc_history (request, seq, at, move, from_state, to_state, actor, data, public_note, prev, hash)
     select request, seq, at, move, "from", "to", actor, data, note, prev, hash from jsonb_to_record($2::jsonb)
       as e(request text, seq int, at timestamptz, move text, "from" text, "to" text, actor jsonb, data jsonb, note text, prev text, hash text)
   ), a as (
     update cc_assignment set closed_at = $11::timestamptz, outcome = $5 where $5::text is not null and request = $1 and closed_at is null
   ), m as (
     insert into cc_message (request, seq, reporter, template, at)
     select $1, ($2::jsonb->>'seq')::int, p.id, $6, $11::timestamptz from cc_reporter p
      where $6::text is not null and p.withdrawn_at is null
        and (p.notify or exists (select 1 from cc_request s where s.number = $1 and s.regime = 'statutory'))
        and p.request = any(array(select $1 union all select number from cc_request where master = $1))
   ), u as (
     insert into audit_pending (entry) values ($7::jsonb)
   ), o as (
     insert into outbox (name, topic, payload, occurred_at) values ($8, $10, $9::jsonb, $11::timestamptz)
   )
   update cc_request r set (${movable}) = (select ${movable} from jsonb_populate_record(r, $3::jsonb)),
     next_due = case when $4 then null
       else (select min(due) from cc_clock where request = $1 and stopped_at is null and paused_at is null) end,
     fix_due = coalesce((select due from cc_clock where request = $1 and kind in ('fix', 'answer') order by kind desc limit 1), fix_due)
   where number = $1`,
);

/** Writes a move down: history, request, clocks, messages, audit and event, and the same in what is merged into it. */
export async function record(
  turn: Turn,
  move: Move | 'note',
  to: State,
  closing: Closing | null,
  effect: Effect,
  act: string,
): Promise<Moved> {
  const { work, request, now } = turn;
  const publicNote = effect.note === undefined ? null : mask(effect.note);
  const seq = request.version + 1;
  const entry: HistoryEntry = {
    request: request.number,
    seq,
    at: now,
    move: effect.as ?? move,
    from: request.state,
    to,
    actor: turn.by.includes('reporter')
      ? { kind: 'person', name: '', organisation: null }
      : historyActor(work.actor),
    data: {
      ...effect.data,
      ...(closing ? { closing, result: effect.set?.result ?? request.result ?? null } : {}),
    },
    note: publicNote,
    prev: request.history_head,
  };
  const hash = entryHash(entry);
  // What hangs on the request changes first, so that the request itself is written once, with its nearest due date.
  if (request.pause && move !== 'note') await endPause(work, request.number);
  if (request.state === 'planned' && to !== 'planned' && request.planned_for)
    await resumeAfterPlan(work, request.number, new Date(request.planned_for));
  await effect.after?.();
  const patch = {
    state: to,
    closing,
    version: seq,
    history_head: hash,
    updated_at: now,
    ...(publicNote ? { public_note: publicNote } : {}),
    ...effect.set,
  };
  const name = effect.as ?? move;
  const { input } = turn;
  const original = effect.original ?? input.comment ?? input.question ?? input.answer ?? input.reason;
  if (original && mask(original) !== original) {
    const { key, sealed } = sealNote(work.secrets, request.number, seq, original);
    await work.tx.execute(
      sql`insert into cc_note (request, seq, key, sealed) values (${request.number}, ${seq}, ${key}, ${sealed})`,
    );
  }
  await tellMove(work.tx, [
    request.number,
    JSON.stringify({ ...entry, hash }),
    JSON.stringify(patch),
    atRest.has(to),
    to === 'closed' ? (closing ?? 'closed') : null,
    to !== request.state || publicNote ? (effect.template ?? move) : null,
    JSON.stringify(
      auditEntryOf(work, {
        action: permission(act),
        resource: `request:${request.number}`,
        detail: { from: request.state, to },
      }),
    ),
    `contact-centre.request.${name}`,
    JSON.stringify({ number: request.number, from: request.state, to, closing, seq }),
    `request:${request.number}`,
    now,
  ]);
  if (request.leads && (to !== request.state || publicNote)) {
    const result = (effect.set && 'result' in effect.set ? effect.set.result : request.result) as
      | string
      | null;
    await mirror(work, { number: request.number, state: to, closing, result, note: publicNote }, now);
  }
  return { number: request.number, state: to, closing, version: seq };
}
