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

async function shift(
  work: Work,
  number: string,
  why: string,
  since: ReturnType<typeof sql>,
  which: ReturnType<typeof sql>,
): Promise<void> {
  const now = instant(work);
  await work.tx.execute(sql`with moving as (
      select request, kind, due, ${since} as since from cc_clock where request = ${number} and ${which}
    ), told as (
      insert into cc_clock_interval (request, kind, why, from_at, to_at, due_before, due_after, actor)
      select request, kind, ${why}, since, ${now}, due, due + (${now} - since), ${JSON.stringify(historyActor(work.actor))}::jsonb from moving
    )
    update cc_clock c set due = c.due + (${now} - m.since), warn_at = c.warn_at + (${now} - m.since), paused_at = null, stopped_at = null
      from moving m where c.request = m.request and c.kind = m.kind`);
}
