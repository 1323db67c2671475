import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import { addTerm, endOfDay, isLocalDate } from '#platform/calendar/index.ts';
import { Conflict, type FieldFault, Invalid } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from './city.ts';
import type { ClockKind } from './city-data.ts';
import { pauseForPlan, refreshDue } from './clock-moves.ts';
import { historyActor } from './history.ts';
import { lawTerm } from './law-terms.ts';
import { permission } from './permissions.ts';
import { mask } from './publication.ts';
import { announce, holdFor } from './tell.ts';

export interface Extension {
  readonly kind: ClockKind;
  /** Last day of the new term, YYYY-MM-DD in Kyiv. */
  readonly until: string;
  /** Why, for colleagues. */
  readonly reason: string;
  /** Words for the reporters and everybody; masked. */
  readonly note: string;
}

/**
 * Extends a running term, with the reason on record and each reporter told. What has passed is not extended any more:
 * that would make what was late look as if it were not.
 *
 * @returns the new end.
 * @throws NotFound, Forbidden, Invalid (`until`: `later`, `beyond`; what is missing), Conflict `no-clock`, `past-due`.
 */
export async function extendTerm(work: Work, number: string, input: Extension): Promise<Date> {
  const held = await holdFor(work, number, 'extend');
  const { rows } = await work.tx.execute<{
    due: string;
    started_at: string;
  }>(sql`select due, started_at from cc_clock
    where request = ${number} and kind = ${input.kind} and stopped_at is null for update`);
  const clock = rows[0];
  if (!clock) throw new Conflict('no-clock', 'this clock is not running');
  const now = work.clock.now();
  const due = new Date(clock.due);
  if (due <= now) throw new Conflict('past-due', 'the term has passed; what is late stays late');
  const faults: FieldFault[] = [];
  for (const field of ['reason', 'note'] as const)
    if (!input[field].trim()) faults.push({ field, message: 'is needed' });
  const until = isLocalDate(input.until) ? endOfDay(input.until) : null;
  // Law 393/96-ВР, art. 20: the author of an appeal is told of the extension, and all of it has an end.
  const city = await readCity(work.tx);
  const limit =
    input.kind === 'statutory'
      ? addTerm(city.calendar, lawTerm(city, 'appeal-limit'), new Date(clock.started_at)).due
      : null;
  if (!until) faults.push({ field: 'until', message: 'is needed' });
  else if (until <= due) faults.push({ field: 'until', message: 'later' });
  else if (limit && until > limit) faults.push({ field: 'until', message: 'beyond' });
  if (faults.length || !until) throw new Invalid(faults);
  const note = mask(input.note);
  await work.tx.execute(sql`insert into cc_clock_interval (request, kind, why, from_at, due_before, due_after, actor, note)
    values (${number}, ${input.kind}, 'extension', ${now.toISOString()}::timestamptz, ${due.toISOString()}::timestamptz,
      ${until.toISOString()}::timestamptz, ${JSON.stringify(historyActor(work.actor))}::jsonb, ${note})`);
  await work.tx.execute(sql`update cc_clock set due = ${until.toISOString()}::timestamptz,
      warn_at = started_at + (${until.toISOString()}::timestamptz - started_at) * 0.75, warned_at = null
    where request = ${number} and kind = ${input.kind}`);
  await refreshDue(work, number);
  const data = {
    clock: input.kind,
    from: due.toISOString(),
    to: until.toISOString(),
    reason: mask(input.reason),
  };
  await announce(work, held, { move: 'extend', data, note, template: 'extend', event: 'request.extended' });
  await audit(work, { action: permission('extend'), resource: `request:${number}`, detail: data });
  return until;
}

/**
 * Approves a plan for later than the term: until its date the clocks of the work stand still.
 *
 * @throws NotFound, Forbidden, Conflict `no-plan` when there is no plan ahead, `approved` when it was approved already.
 */
export async function approvePlan(work: Work, number: string): Promise<void> {
  const held = await holdFor(work, number, 'approve_plan');
  const { rows } = await work.tx.execute<{ planned_for: string | null }>(
    sql`select planned_for from cc_request where number = ${number}`,
  );
  const planned = rows[0]?.planned_for;
  if (held.state !== 'planned' || !planned || new Date(planned) <= work.clock.now())
    throw new Conflict('no-plan', 'there is no plan ahead to approve');
  if (!(await pauseForPlan(work, number)))
    throw new Conflict('approved', 'the plan has been approved already');
  await refreshDue(work, number);
  const data = { planned: new Date(planned).toISOString() };
  await announce(work, held, {
    move: 'approve_plan',
    data,
    note: null,
    template: 'approve_plan',
    event: 'request.plan_approved',
  });
  await audit(work, { action: permission('approve_plan'), resource: `request:${number}`, detail: data });
}
