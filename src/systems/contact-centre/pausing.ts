import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import { Conflict, Invalid } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { pauseClocks, refreshDue, resumeClocks } from './clock-moves.ts';
import { permission } from './permissions.ts';
import { mask } from './publication.ts';
import type { State } from './states.ts';
import { announce, holdFor } from './tell.ts';

/** Why work cannot go on, and its clocks stand still: nobody lets the crew in; an air raid or the weather endangers it. */
export const pauseGrounds = ['no_access', 'danger'] as const;
export type PauseGround = (typeof pauseGrounds)[number];

/** Where work is under way. A plan and a question have pauses of their own. */
export const pausable: readonly State[] = ['accepted', 'in_progress', 'rework'];

/**
 * Pauses the clocks of the work, not that of the law, with the ground and words that everybody may read; each reporter is
 * told. Any move of the request, or `resumeWork`, ends it.
 *
 * @param input.note public words; masked.
 * @throws NotFound, Forbidden, Invalid (`ground`, `note`), Conflict `no-work` when no work is under way, `paused`.
 */
export async function pauseWork(
  work: Work,
  number: string,
  input: { readonly ground: PauseGround; readonly note: string },
): Promise<void> {
  const held = await holdFor(work, number, 'pause');
  const faults = [
    ...(pauseGrounds.includes(input.ground) ? [] : ['ground']),
    ...(input.note.trim() ? [] : ['note']),
  ];
  if (faults.length) throw new Invalid(faults.map((field) => ({ field, message: 'is needed' })));
  if (!pausable.includes(held.state)) throw new Conflict('no-work', 'no work is under way');
  const { rows } = await work.tx.execute(
    sql`update cc_request set pause = ${input.ground} where number = ${number} and pause is null returning 1 as one`,
  );
  if (!rows.length) throw new Conflict('paused', 'the work is paused already');
  await pauseClocks(work, number);
  await refreshDue(work, number);
  await announce(work, held, {
    move: `pause_${input.ground}`,
    data: { pause: input.ground },
    note: mask(input.note.trim()),
    template: `pause_${input.ground}`,
    event: 'request.paused',
  });
  await audit(work, {
    action: permission('pause'),
    resource: `request:${number}`,
    detail: { pause: input.ground },
  });
}

/**
 * Lets the work go on: its terms end as much later as it stood still, and a row says why.
 *
 * @throws NotFound, Forbidden, Conflict `not-paused`.
 */
export async function resumeWork(work: Work, number: string): Promise<void> {
  const held = await holdFor(work, number, 'pause');
  if (!(await endPause(work, number))) throw new Conflict('not-paused', 'the work is not paused');
  await refreshDue(work, number);
  await announce(work, held, {
    move: 'resume',
    data: {},
    note: null,
    template: 'resume',
    event: 'request.resumed',
  });
  await audit(work, { action: permission('pause'), resource: `request:${number}` });
}

/** Lets paused clocks run on, whatever ends the pause. Returns whether there was one. */
export async function endPause(work: Work, number: string): Promise<boolean> {
  const { rows } = await work.tx.execute<{ pause: PauseGround }>(
    sql`with before as (select number, pause from cc_request where number = ${number} and pause is not null)
      update cc_request r set pause = null from before where r.number = before.number returning before.pause`,
  );
  if (!rows[0]) return false;
  await resumeClocks(work, number, rows[0].pause);
  return true;
}
