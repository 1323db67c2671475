import { sql } from 'drizzle-orm';
import { Refusal } from '#platform/errors.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { refreshDue, resumeAfterPlan } from './clock-moves.ts';
import {
  clocksToBreach,
  clocksToWarn,
  type DueClock,
  endedWindows,
  overduePlans,
  secondAsks,
  unansweredQuestions,
} from './due.ts';
import { act } from './moves.ts';
import { fillWords } from './request-words.ts';
import { hold, tell } from './tell.ts';

const clockwork = systemActor('clock');

/** What happens to requests by the mere passing of time. Each job bears being run twice and beside itself. */
export const contactCentreJobs: readonly JobDefinition[] = [
  { name: 'contact-centre.clocks', schedule: '* * * * *', run: tellOfClocks },
  { name: 'contact-centre.second-asks', schedule: '*/10 * * * *', run: askAgain },
  { name: 'contact-centre.windows', schedule: '*/5 * * * *', run: endWindows },
  { name: 'contact-centre.replies', schedule: '*/10 * * * *', run: goOnUnanswered },
  { name: 'contact-centre.plans', schedule: '*/5 * * * *', run: tellOfPlans },
  {
    name: 'contact-centre.words',
    schedule: '*/5 * * * *',
    run: async (platform) => {
      await fillWords(platform.db);
    },
  },
];

/** Dispatchers are warned at 75 % of a term, supervisors told when it has passed. */
async function tellOfClocks(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  await each(platform, await clocksToWarn(platform.db, now), (work, clock) => warn(work, clock));
  await each(platform, await clocksToBreach(platform.db, now), (work, clock) => breach(work, clock));
}

async function warn(work: Work, { number, kind, due }: DueClock): Promise<void> {
  const held = await hold(work, number);
  const now = work.clock.now().toISOString();
  const { rows } = await work.tx.execute(sql`update cc_clock set warned_at = ${now}::timestamptz
    where request = ${number} and kind = ${kind} and warned_at is null and stopped_at is null and paused_at is null
      and warn_at <= ${now}::timestamptz returning kind`);
  if (held && rows.length)
    await tell(work, held, 'warn', { clock: kind, due: due.toISOString() }, 'clock.warned');
}

async function breach(work: Work, { number, kind, due }: DueClock): Promise<void> {
  const held = await hold(work, number);
  const now = work.clock.now().toISOString();
  const { rows } = await work.tx.execute(sql`update cc_clock
    set breached_at = ${now}::timestamptz, warned_at = coalesce(warned_at, ${now}::timestamptz)
    where request = ${number} and kind = ${kind} and breached_at is null and stopped_at is null and paused_at is null
      and due < ${now}::timestamptz returning kind`);
  if (held && rows.length)
    await tell(work, held, 'breach', { clock: kind, due: due.toISOString() }, 'clock.breached');
}

/** Whoever has not judged the claim gets one more message about it. */
async function askAgain(platform: Platform): Promise<void> {
  const byRequest = new Map<string, string[]>();
  for (const { number, reporter } of await secondAsks(platform.db, platform.clock.now()))
    byRequest.set(number, [...(byRequest.get(number) ?? []), reporter]);
  await each(platform, [...byRequest], async (work, [number, reporters]) => {
    const held = await hold(work, number);
    if (held?.state !== 'claimed') return;
    const now = work.clock.now().toISOString();
    const ids = JSON.stringify(reporters);
    const { rows } = await work.tx.execute<{ id: string }>(sql`update cc_reporter
      set asks = asks + 1, asked_at = ${now}::timestamptz
      where id in (select value::uuid from jsonb_array_elements_text(${ids}::jsonb)) and asks = 1 and withdrawn_at is null
      returning id`);
    if (!rows.length) return;
    const seq = await tell(work, held, 'note', { askedAgain: rows.length }, 'request.asked_again');
    for (const { id } of rows)
      await work.tx.execute(sql`insert into cc_message (request, seq, reporter, template, at)
        values (${number}, ${seq}, ${id}, 'ask_again', ${now}::timestamptz)`);
  });
}

async function endWindows(platform: Platform): Promise<void> {
  await each(platform, await endedWindows(platform.db, platform.clock.now()), (work, { number, move }) =>
    act(work, number, move),
  );
}

async function goOnUnanswered(platform: Platform): Promise<void> {
  await each(platform, await unansweredQuestions(platform.db, platform.clock.now()), (work, number) =>
    act(work, number, 'reply'),
  );
}

async function tellOfPlans(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  await each(platform, await overduePlans(platform.db, now), async (work, { number, planned }) => {
    const held = await hold(work, number);
    // Another process may have told of it, or the plan may have moved, while this one waited for the lock.
    const still = await overduePlans(work.tx, work.clock.now(), 1, number);
    if (!held || !still.length) return;
    await resumeAfterPlan(work, number, planned);
    await refreshDue(work, number);
    await tell(work, held, 'breach', { clock: 'plan', due: planned.toISOString() }, 'plan.overdue');
  });
}

/**
 * Each in a transaction of its own, so that one that fails holds up no other. A refusal means that somebody was quicker;
 * anything else is thrown when all have had their turn.
 */
async function each<One>(
  platform: Platform,
  all: readonly One[],
  turn: (work: Work, one: One) => Promise<unknown>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const one of all) {
    try {
      await platform.work(clockwork, (work) => turn(work, one));
    } catch (error) {
      if (!(error instanceof Refusal)) errors.push(error);
    }
  }
  if (errors.length) throw new AggregateError(errors, `${errors.length} of ${all.length} failed`);
}
