import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Reader } from '#platform/database/pool.ts';
import { testPlatform } from '#platform/database/testing.ts';
import {
  asksDue,
  clocksToBreach,
  clocksToWarn,
  endedWindows,
  overduePlans,
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

const attempt = {
  no: 1,
  result: 'fixed',
  answer: 'done',
  evidence: [],
  evidence_faults: [],
  claimed_by: {},
  claimed_at: hours(-200),
};
const person = {
  channel: 'web',
  language: 'uk',
  notify: true,
  confirmed: true,
  lead: true,
  missed_calls: 0,
  joined_at: hours(-300),
  email_blind: 'someone',
};
const reporters = (db: Reader, rows: readonly Record<string, unknown>[]) =>
  seed(
    db,
    'cc_reporter',
    rows.map((row) => ({ ...row, email_blind: row.email_blind && row.id })),
  );
let seq = 100;
/** A letter that asks, so many hours ago; what became of it: laid into the inbox or sent, refused, still on its way. */
async function ask(
  db: Reader,
  request: string,
  reporter: string,
  ago: number,
  fate: 'sent' | 'failed' | 'queued' | 'no_way' | 'owed' = 'sent',
) {
  const letter = uuid(5000 + seq);
  const done = fate === 'owed' ? null : hours(-ago);
  const handed = fate === 'sent' || fate === 'failed' || fate === 'queued';
  if (handed) {
    await db.execute(sql`insert into message (id, event, recipient, template, language, weight, subject, lines, created_at)
      values (${letter}, ${letter}, 'r', 't@1', 'uk', 'service', 's', '{}', ${hours(-ago)})`);
    await db.execute(
      sql`insert into delivery (message_id, channel, state, due_at) values (${letter}, 'email', ${fate}, ${hours(-ago)})`,
    );
  }
  await seed(db, 'cc_message', [
    {
      id: uuid(8000 + seq),
      request,
      seq: seq++,
      reporter,
      template: 'claim',
      at: hours(-ago),
      done_at: done,
      outcome: fate === 'owed' ? null : handed ? 'told' : fate,
      message: handed ? letter : null,
    },
  ]);
}

test('a window that is over confirms by one yes, lapses when everybody was asked enough, else waits for a call', async () => {
  const db = await fresh();
  const base = { state: 'claimed', claimed_at: hours(-200), window_until: hours(-1) };
  const numbers = await seedRequests(db, [...Array(12).fill(base), { ...base, window_until: hours(1) }]);
  const [yes, asked, calls, unknown, waits, stale, phone, refused, moving, stopped, late, doubt] = numbers;
  for (const request of numbers)
    await seed(db, 'cc_attempt', [
      {
        ...attempt,
        request,
        no: request === stale ? 2 : 1,
        evidence_faults: request === doubt ? ['missing-after'] : [],
      },
    ]);
  const nobody = { ...person, email_blind: null };
  await reporters(db, [
    { ...person, id: uuid(1), request: yes, verdict: 'yes', verdict_attempt: 1 },
    { ...person, id: uuid(2), request: yes },
    { ...person, id: uuid(3), request: asked, phone_blind: 'phone' },
    { ...person, id: uuid(4), request: calls, phone_blind: 'phone', missed_calls: 3 },
    { ...nobody, id: uuid(5), request: unknown },
    { ...person, id: uuid(6), request: waits },
    { ...person, id: uuid(7), request: waits },
    // A yes to an earlier claim confirms nothing.
    { ...person, id: uuid(8), request: stale, verdict: 'yes', verdict_attempt: 1 },
    // Whom only a telephone reaches was not asked by letters that went nowhere.
    { ...nobody, id: uuid(9), request: phone, phone_blind: 'phone' },
    { ...person, id: uuid(10), request: refused },
    { ...person, id: uuid(11), request: moving },
    { ...person, id: uuid(12), request: stopped, notify: false },
    { ...person, id: uuid(13), request: late },
    { ...nobody, id: uuid(14), request: doubt },
  ]);
  for (const [request, reporter] of [
    [asked, 3],
    [waits, 6],
    [stale, 8],
  ] as const)
    for (const ago of [199, 150]) await ask(db, request!, uuid(reporter), ago);
  await ask(db, waits!, uuid(7), 199);
  for (const ago of [199, 150]) await ask(db, phone!, uuid(9), ago, 'no_way');
  for (const ago of [199, 150]) await ask(db, refused!, uuid(10), ago, 'failed');
  await ask(db, moving!, uuid(11), 199);
  await ask(db, moving!, uuid(11), 20, 'queued');
  await ask(db, late!, uuid(13), 30);
  await ask(db, late!, uuid(13), 2);
  const moves = new Map((await endedWindows(db, now)).map(({ number, move }) => [number, move]));
  expect(moves).toEqual(
    new Map([
      [yes, 'confirm'],
      [asked, 'lapse'],
      [calls, 'lapse'],
      [unknown, 'lapse'],
      [stale, 'lapse'],
      [refused, 'lapse'],
      [stopped, 'lapse'],
    ]),
  );
  expect(await endedWindows(db, now, 2)).toHaveLength(2);
  expect(await endedWindows(db, now, 2, calls)).toEqual([{ number: calls, move: 'lapse' }]);
  // The letters on their way end, and the last asked have had time to answer.
  const later = new Date(now.getTime() + 200 * 3_600_000);
  const ended = (await endedWindows(db, later)).map(({ number }) => number);
  expect(ended).toEqual(expect.arrayContaining([moving, late]));
  expect(ended).not.toEqual(expect.arrayContaining([phone]));
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

test('whoever has not judged is asked a second time after 48 hours, or half of a shorter window, and late comers at once', async () => {
  const db = await fresh();
  const claimed = { state: 'claimed', claimed_at: hours(-49), window_until: hours(119) };
  const short = { ...claimed, claimed_at: hours(-25), window_until: hours(23) };
  const numbers = await seedRequests(db, [
    claimed,
    short,
    { ...short, window_until: hours(143) },
    { ...claimed, window_until: hours(-1) },
    claimed,
  ]);
  const [merged] = await seedRequests(db, [{ state: 'merged', master: numbers[4] }]);
  await seed(
    db,
    'cc_attempt',
    numbers.map((request) => ({ ...attempt, request, claimed_at: hours(-49) })),
  );
  await reporters(db, [
    { ...person, id: uuid(1), request: numbers[0] },
    { ...person, id: uuid(2), request: numbers[0] },
    { ...person, id: uuid(3), request: numbers[0], verdict: 'yes', verdict_attempt: 1 },
    { ...person, id: uuid(4), request: numbers[0], notify: false },
    { ...person, id: uuid(5), request: numbers[0], email_blind: null },
    { ...person, id: uuid(6), request: numbers[1] },
    { ...person, id: uuid(7), request: numbers[2] },
    // Merged when the window was over: a day to answer all the same.
    { ...person, id: uuid(8), request: numbers[3] },
    { ...person, id: uuid(9), request: merged },
    { ...person, id: uuid(10), request: numbers[4], confirmed: false },
  ]);
  await ask(db, numbers[0]!, uuid(1), 49);
  await ask(db, numbers[0]!, uuid(2), 49);
  await ask(db, numbers[0]!, uuid(2), 1);
  await ask(db, numbers[1]!, uuid(6), 25);
  await ask(db, numbers[2]!, uuid(7), 25);
  await ask(db, numbers[3]!, uuid(8), 5);
  expect((await asksDue(db, now)).map(({ reporter, again }) => [reporter, again])).toEqual([
    [uuid(1), true],
    [uuid(9), false],
    [uuid(6), true],
  ]);
});
