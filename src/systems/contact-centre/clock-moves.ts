import { sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import type { ClockKind } from './city-data.ts';
import { historyActor } from './history.ts';
import { statement } from './statement.ts';

const instant = (work: Work) => sql`${work.clock.now().toISOString()}::timestamptz`;

/** Stops clocks whose matter is done. */
export async function stopClocks(work: Work, number: string, kinds: readonly ClockKind[]): Promise<void> {
  await stop(work.tx, [number, work.clock.now(), kinds]);
}

const stop = statement<never>(
  'stop_clocks',
  `update cc_clock set stopped_at = $2::timestamptz, paused_at = null
    where request = $1 and stopped_at is null and kind = any($3::text[])`,
);

/** Lets all clocks but the statutory one stand still: nothing pauses what the law counts. */
export async function pauseClocks(work: Work, number: string): Promise<void> {
  await work.tx.execute(sql`update cc_clock set paused_at = ${instant(work)}
    where request = ${number} and stopped_at is null and paused_at is null and kind <> 'statutory'`);
}

/** Lets paused clocks run on; their due dates move by the pause, and a row says why. */
export async function resumeClocks(
  work: Work,
  number: string,
  why: 'waiting_reporter' | 'no_access' | 'danger',
): Promise<void> {
  await shift(work, number, why, sql`paused_at`, sql`stopped_at is null and paused_at is not null`);
}

/** While an approved plan is in force, the clocks of the work stand still. Returns whether any was running. */
export async function pauseForPlan(work: Work, number: string): Promise<boolean> {
  const { rows } = await work.tx.execute(sql`update cc_clock set paused_at = ${instant(work)}
    where request = ${number} and stopped_at is null and paused_at is null and kind in ('fix', 'answer') returning kind`);
  return rows.length > 0;
}

/** A plan excuses until its own date and no longer, even when nobody comes then. */
export async function resumeAfterPlan(work: Work, number: string, planned: Date): Promise<void> {
  const end = sql`greatest(paused_at, least(${instant(work)}, ${planned.toISOString()}::timestamptz))`;
  await shift(work, number, 'plan', sql`paused_at`, sql`stopped_at is null and paused_at is not null`, end);
}

/** The request shows its nearest running clock and the end of its work, as the clocks now stand. */
export async function refreshDue(work: Work, number: string): Promise<void> {
  await work.tx.execute(sql`update cc_request set
    next_due = (select min(due) from cc_clock where request = ${number} and stopped_at is null and paused_at is null),
    fix_due = coalesce((select due from cc_clock where request = ${number} and kind in ('fix', 'answer')
      order by kind desc limit 1), fix_due)
    where number = ${number}`);
}

/** After a veto the fix clock runs on; the time in verification does not count. */
export async function restartFix(work: Work, number: string): Promise<void> {
  await shift(
    work,
    number,
    'verification',
    sql`stopped_at`,
    sql`stopped_at is not null and kind in ('fix', 'answer')`,
  );
}

/**
 * Taken out of the request it was merged into, its clocks run on from where they stood when it was linked, or when its work
 * was claimed before: the time in between does not count.
 */
export async function resumeAfterMerge(work: Work, number: string): Promise<void> {
  const linked = sql`(select max(at) from cc_history where request = ${number} and move = 'link')`;
  await shift(
    work,
    number,
    'merged',
    sql`stopped_at`,
    sql`stopped_at is not null and (kind in ('fix', 'answer') or (kind <> 'statutory' and stopped_at >= ${linked}))`,
  );
}

async function shift(
  work: Work,
  number: string,
  why: string,
  since: ReturnType<typeof sql>,
  which: ReturnType<typeof sql>,
  end: ReturnType<typeof sql> = instant(work),
): Promise<void> {
  await work.tx.execute(sql`with moving as (
      select request, kind, due, ${since} as since, ${end} as until from cc_clock where request = ${number} and ${which}
    ), told as (
      insert into cc_clock_interval (request, kind, why, from_at, to_at, due_before, due_after, actor)
      select request, kind, ${why}, since, until, due, due + (until - since), ${JSON.stringify(historyActor(work.actor))}::jsonb from moving
    )
    update cc_clock c set due = c.due + (m.until - m.since), warn_at = c.warn_at + (m.until - m.since), paused_at = null, stopped_at = null
      from moving m where c.request = m.request and c.kind = m.kind`);
}
