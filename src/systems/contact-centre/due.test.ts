import { expect, test } from 'vitest';
import type { Reader } from '#platform/database/pool.ts';
import { testPlatform } from '#platform/database/testing.ts';
import {
  clocksToBreach,
  clocksToWarn,
  endedWindows,
  overduePlans,
  secondAsks,
  unansweredQuestions,
} from './due.ts';
import { seed, seedRequests } from './seeding.ts';

/** A Tuesday. */
const now = new Date('2026-11-24T10:00:00Z');
const hours = (amount: number) => new Date(now.getTime() + amount * 3_600_000).toISOString();
const uuid = (n: number) => `019abc00-0000-7000-8000-${String(n).padStart(12, '0')}`;
const fresh = async (): Promise<Reader> => (await testPlatform()).db;

test('running clocks are warned of at 75 % and breached past their due date, each once', async () => {
  const db = await fresh();
  const [a, b, c] = await seedRequests(db, [{}, {}, { state: 'claimed' }]);
  const [merged, event] = await seedRequests(db, [
    { state: 'merged', master: a! },
    { state: 'in_event', event: 'e' },
  ]);
  const clock = { started_at: hours(-9), explanation: {} };
  await seed(db, 'cc_clock', [
    { ...clock, request: a, kind: 'accept', warn_at: hours(-2), due: hours(-1), warned_at: hours(-2) },
    { ...clock, request: a, kind: 'fix', warn_at: hours(-1), due: hours(2) },
    { ...clock, request: b, kind: 'fix', warn_at: hours(-3), due: hours(1), warned_at: hours(-3) },
    { ...clock, request: b, kind: 'accept', warn_at: hours(-5), due: hours(-4), breached_at: hours(-4) },
    { ...clock, request: b, kind: 'arrive', warn_at: hours(1), due: hours(2) },
    { ...clock, request: c, kind: 'fix', warn_at: hours(-3), due: hours(-1), stopped_at: hours(-2) },
    { ...clock, request: c, kind: 'arrive', warn_at: hours(-3), due: hours(-1), paused_at: hours(-2) },
    // A clock never warned of that is past its due date is told of once, as a breach.
    { ...clock, request: c, kind: 'statutory', warn_at: hours(-3), due: hours(-2) },
    { ...clock, request: merged, kind: 'fix', warn_at: hours(-3), due: hours(-1) },
    { ...clock, request: event, kind: 'fix', warn_at: hours(-3), due: hours(-1) },
  ]);
  expect(await clocksToWarn(db, now)).toEqual([{ number: a, kind: 'fix', due: new Date(hours(2)) }]);
  expect(await clocksToBreach(db, now)).toEqual([
    { number: c, kind: 'statutory', due: new Date(hours(-2)) },
    { number: a, kind: 'accept', due: new Date(hours(-1)) },
  ]);
  expect(await clocksToBreach(db, now, 1)).toHaveLength(1);
});

test('a window that is over confirms by one yes, lapses when everybody was asked enough, else waits for a call', async () => {
  const db = await fresh();
  const base = { state: 'claimed', claimed_at: hours(-200), window_until: hours(-1) };
  const numbers = await seedRequests(db, [
    base,
    base,
    base,
    base,
    base,
    base,
    { ...base, window_until: hours(1) },
  ]);
  const [yes, asked, calls, unknown, waits, stale] = numbers;
  for (const [i, request] of numbers.entries())
    await seed(db, 'cc_attempt', [
      {
        request,
        no: 1 + (i === 5 ? 1 : 0),
        result: 'fixed',
        answer: 'done',
        evidence: [],
        evidence_faults: [],
        claimed_by: {},
        claimed_at: hours(-200),
      },
    ]);
  const person = {
    channel: 'web',
    language: 'uk',
    notify: true,
    lead: true,
    asks: 0,
    missed_calls: 0,
    joined_at: hours(-300),
    email_blind: 'someone',
  };
  await seed(db, 'cc_reporter', [
    { ...person, id: uuid(1), request: yes, verdict: 'yes', verdict_attempt: 1 },
    { ...person, id: uuid(2), request: yes },
    { ...person, id: uuid(3), request: asked, asks: 2 },
    { ...person, id: uuid(4), request: calls, missed_calls: 3 },
    { ...person, id: uuid(5), request: unknown, email_blind: null },
    { ...person, id: uuid(6), request: waits, asks: 2 },
    { ...person, id: uuid(7), request: waits, asks: 1 },
    // A yes to an earlier claim confirms nothing.
    { ...person, id: uuid(8), request: stale, asks: 2, verdict: 'yes', verdict_attempt: 1 },
  ]);
  const moves = new Map((await endedWindows(db, now)).map(({ number, move }) => [number, move]));
  expect(moves).toEqual(
    new Map([
      [yes, 'confirm'],
      [asked, 'lapse'],
      [calls, 'lapse'],
      [unknown, 'lapse'],
      [stale, 'lapse'],
    ]),
  );
  expect(await endedWindows(db, now, 2)).toHaveLength(2);
});

test('a question stands for three working days, weekends and the rest of the last day not counted', async () => {
  const db = await fresh();
  const waiting = { state: 'waiting_reporter', state_before: 'accepted' };
  const [thursday, friday, answered] = await seedRequests(db, [waiting, waiting, { state: 'accepted' }]);
  const ask = { seq: 1, move: 'ask', to_state: 'waiting_reporter', actor: {}, data: {}, hash: 'h' };
  await seed(db, 'cc_history', [
    { ...ask, request: thursday, at: '2026-11-19T10:00:00Z' },
    { ...ask, request: friday, at: '2026-11-20T10:00:00Z' },
    { ...ask, request: answered, at: '2026-11-02T10:00:00Z' },
  ]);
  // Friday, Monday and Tuesday are the three; they end on Tuesday at midnight in Kyiv.
  expect(await unansweredQuestions(db, now)).toEqual([]);
  expect(await unansweredQuestions(db, new Date('2026-11-24T21:59:59Z'))).toEqual([]);
  expect(await unansweredQuestions(db, new Date('2026-11-24T22:00:01Z'))).toEqual([thursday]);
  expect(await unansweredQuestions(db, new Date('2026-11-25T22:00:01Z'))).toEqual([thursday, friday]);
});

test('a plan past its date is found until the supervisor was told, and again after a new plan', async () => {
  const db = await fresh();
  const plan = { state: 'planned', planned_for: hours(-3) };
  const [late, told, again] = await seedRequests(db, [
    plan,
    plan,
    plan,
    { state: 'planned', planned_for: hours(3) },
  ]);
  const entry = {
    seq: 1,
    move: 'breach',
    to_state: 'planned',
    actor: {},
    data: { clock: 'plan' },
    hash: 'h',
  };
  await seed(db, 'cc_history', [
    { ...entry, request: told, at: hours(-2) },
    { ...entry, request: again, at: hours(-90) },
  ]);
  expect((await overduePlans(db, now)).map((one) => one.number)).toEqual([late, again]);
  expect((await overduePlans(db, now))[0]!.planned).toEqual(new Date(hours(-3)));
});

test('whoever has not judged is asked a second time after 48 hours, or half of a shorter window', async () => {
  const db = await fresh();
  const claimed = { state: 'claimed', claimed_at: hours(-49), window_until: hours(119) };
  const short = { ...claimed, claimed_at: hours(-25), window_until: hours(23) };
  const numbers = await seedRequests(db, [claimed, short, { ...short, window_until: hours(143) }]);
  const attempt = {
    no: 1,
    result: 'fixed',
    answer: 'done',
    evidence: [],
    evidence_faults: [],
    claimed_by: {},
    claimed_at: hours(-49),
  };
  await seed(
    db,
    'cc_attempt',
    numbers.map((request) => ({ ...attempt, request })),
  );
  const person = {
    channel: 'web',
    language: 'uk',
    notify: true,
    lead: true,
    asks: 1,
    missed_calls: 0,
    joined_at: hours(-300),
    email_blind: 'someone',
  };
  await seed(db, 'cc_reporter', [
    { ...person, id: uuid(1), request: numbers[0] },
    { ...person, id: uuid(2), request: numbers[0], asks: 2 },
    { ...person, id: uuid(3), request: numbers[0], verdict: 'yes', verdict_attempt: 1 },
    { ...person, id: uuid(4), request: numbers[0], notify: false },
    { ...person, id: uuid(5), request: numbers[0], email_blind: null },
    { ...person, id: uuid(6), request: numbers[1] },
    { ...person, id: uuid(7), request: numbers[2] },
  ]);
  expect((await secondAsks(db, now)).map((one) => one.reporter)).toEqual([uuid(1), uuid(6)]);
});
