import { sql } from 'drizzle-orm';
import { Refusal } from '#platform/errors.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { refreshDue, resumeAfterPlan } from './clock-moves.ts';
import {
  asksDue,
  clocksToBreach,
  clocksToWarn,
  type DueClock,
  endedWindows,
  overduePlans,
  unansweredQuestions,
} from './due.ts';
import { act } from './moves.ts';
import { fillWords } from './request-words.ts';
import { hold, tell } from './tell.ts';

const clockwork = systemActor('clock');

/** What happens to requests by the mere passing of time. Each job bears being run twice and beside itself. */
export const contactCentreJobs: readonly JobDefinition[] = [
  { name: 'contact-centre.clocks', schedule: '* * * * *', run: tellOfClocks },
  { name: 'contact-centre.asks', schedule: '*/10 * * * *', run: ask },
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

/** Asks whoever came after the claim, and once more whoever has not judged it. */
async function ask(platform: Platform): Promise<void> {
  const due = await asksDue(platform.db, platform.clock.now());
  await each(platform, [...new Set(due.map(({ number }) => number))], async (work, number) => {
    const held = await hold(work, number);
    // Another process may have asked while this one waited for the lock.
    const still = await asksDue(work.tx, work.clock.now(), 500, number);
    if (!held || !still.length) return;
    const seq = await tell(work, held, 'note', { asked: still.length }, 'request.asked');
    const now = work.clock.now().toISOString();
    for (const { reporter, again } of still)
      await work.tx.execute(sql`insert into cc_message (request, seq, reporter, template, at)
        values (${number}, ${seq}, ${reporter}, ${again ? 'ask_again' : 'claim'}, ${now}::timestamptz)`);
  });
}

async function endWindows(platform: Platform): Promise<void> {
  await each(platform, await endedWindows(platform.db, platform.clock.now()), async (work, { number }) => {
    await hold(work, number);
    // Somebody may have joined, who has to be asked first.
    const [still] = await endedWindows(work.tx, work.clock.now(), 1, number);
    if (still) await act(work, number, still.move);
  });
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
