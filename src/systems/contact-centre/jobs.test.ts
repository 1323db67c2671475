import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { type Channel, deliverDue } from '#platform/notify/delivery.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { missCall } from './calls.ts';
import { loadCityData } from './city.ts';
import { entryHash, type HistoryEntry } from './history.ts';
import { contactCentreJobs } from './jobs.ts';
import { joinRequest } from './joining.ts';
import { callBacks } from './lists/index.ts';
import { act, type MoveInput } from './moves.ts';
import { inPost } from './posts.ts';
import { type NewReporter, registerRequest } from './requests.ts';
import type { Move } from './states.ts';
import { setLetters, tellOwed } from './telling.ts';

/** A Tuesday, noon in Kyiv. */
const start = '2026-11-24T10:00:00Z';
const clock = manualClock(start);
const platform = await testPlatform({ clock });
const { db } = platform;
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));
beforeEach(() => clock.set(start));

const hour = 3_600_000;
const run = async () => {
  for (const job of contactCentreJobs) await job.run(platform, {});
};

// Whatever the city's data asks, its first answer.
const leaf = contactCentreData.categories.find((one) => one.code === 'heat-weak')!;
const answers = (leaf.kind === 'leaf' ? (leaf.questions ?? []) : [])
  .filter((question) => question.required && question.values?.length)
  .map((question) => ({ code: question.code, values: [question.values![0]!.key] }));
let key = 0;
const channel: Channel = { name: 'email', contact: 'email', carry: async () => {} };
const register = (reporter: Partial<NewReporter> = {}) =>
  platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `k${key++}`,
      category: 'heat-weak',
      text: 'Батареї ледь теплі',
      answers,
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { phone: `+3806712345${key + 10}`, channel: 'web', language: 'uk', ...reporter },
    }),
  );
const go = (actor: Actor, number: string, move: Move, input: MoveInput = {}) =>
  platform.work(actor, (work) => act(work, number, move, input));
const request = async (number: string) =>
  (await db.execute<Record<string, unknown>>(sql`select * from cc_request where number = ${number}`))
    .rows[0]!;
const history = async (number: string) =>
  (
    await db.execute<Record<string, unknown>>(
      sql`select * from cc_history where request = ${number} order by seq`,
    )
  ).rows;
const told = async (number: string, event: string) =>
  (
    await db.execute(
      sql`select 1 from outbox where name = ${`contact-centre.${event}`} and payload->>'number' = ${number}`,
    )
  ).rows.length;

test('a clock warns at 75 % and breaches past its due date, once each, in a history that stays whole', async () => {
  const { number } = await register();
  await run();
  expect(await told(number, 'clock.warned')).toBe(0);
  const { rows } = await db.execute<{ kind: string; warn_at: string; due: string }>(
    sql`select kind, warn_at, due from cc_clock where request = ${number} order by due limit 1`,
  );
  clock.set(new Date(rows[0]!.warn_at));
  await run();
  await run();
  expect(await told(number, 'clock.warned')).toBe(1);
  expect(await told(number, 'clock.breached')).toBe(0);
  clock.set(new Date(new Date(rows[0]!.due).getTime() + 1000));
  // Two processes at once.
  await Promise.all([run(), run()]);
  expect(await told(number, 'clock.breached')).toBe(1);
  const entries = await history(number);
  expect(entries.filter((entry) => entry.move === 'breach').map((entry) => entry.data)).toEqual([
    { clock: rows[0]!.kind, due: new Date(rows[0]!.due).toISOString() },
  ]);
  let prev: string | null = null;
  for (const row of entries) {
    const entry = {
      request: number,
      seq: row.seq,
      at: new Date(String(row.at)).toISOString(),
      move: row.move,
      from: row.from_state,
      to: row.to_state,
      actor: row.actor,
      data: row.data,
      note: row.public_note,
      prev,
    } as HistoryEntry;
    expect(entryHash(entry)).toBe(row.hash);
    prev = String(row.hash);
  }
  expect(await request(number)).toMatchObject({
    version: entries.length,
    history_head: prev,
    state: 'assigned',
  });
  // People can go on with it.
  await go(inPost('dispatcher', 'teplo'), number, 'accept');
});

const claimed = async (reporter: Partial<NewReporter>) => {
  const { number } = await register(reporter);
  await go(inPost('dispatcher', 'teplo'), number, 'accept');
  await go(inPost('crew', 'teplo'), number, 'claim', { result: 'fixed', answer: 'Готово' });
  return number;
};
const asks = async (number: string) =>
  (
    await db.execute<{ template: string }>(
      sql`select template from cc_message where request = ${number} and template in ('claim', 'ask_again') order by at`,
    )
  ).rows.map(({ template }) => template);
/** Letters and jobs, as the hours go by. */
const pass = async (hours: number) => {
  clock.advance(hours * hour);
  await run();
  await tellOwed(platform);
  await deliverDue(platform, channel, { channels: [channel] });
};

test('a claim that nobody judges is asked about twice and then lapses as unverified', async () => {
  const number = await claimed({ phone: null, email: 'silent@example.test', confirmed: true });
  const window = new Date(String((await request(number)).window_until)).getTime() - clock.now().getTime();
  await pass(0);
  expect(await told(number, 'request.asked')).toBe(0);
  await pass(Math.min(48, window / hour / 2));
  await pass(0);
  expect(await told(number, 'request.asked')).toBe(1);
  expect(await asks(number)).toEqual(['claim', 'ask_again']);
  expect((await request(number)).state).toBe('claimed');
  await pass(window / hour);
  expect(await request(number)).toMatchObject({ state: 'closed', closing: 'unverified' });
});

test('a claim of whom no letter reaches waits for three calls, however long nobody calls', async () => {
  const phoneOnly = await claimed({});
  const unproved = await claimed({ email: 'stranger@example.test' });
  await pass(0);
  for (let day = 0; day < 10; day++) await pass(24);
  for (const number of [phoneOnly, unproved]) expect((await request(number)).state).toBe('claimed');
  const controller = { ...inPost('controller', 'teplo'), organisation: null };
  const listed = await platform.work(controller, (work) => callBacks(work, {}, 200));
  expect(listed.rows.map(({ number }) => number)).toEqual(expect.arrayContaining([phoneOnly, unproved]));
  const [row] = listed.rows.filter(({ number }) => number === phoneOnly);
  for (const after of [1, 6, 5]) {
    expect((await request(phoneOnly)).state).toBe('claimed');
    clock.advance(after * hour);
    await platform.work(controller, (work) => missCall(work, phoneOnly, { reporter: row!.reporter }));
  }
  await run();
  expect(await request(phoneOnly)).toMatchObject({ state: 'closed', closing: 'unverified' });
});

test('whoever joins or is merged while the claim waits is asked too, and has time to answer', async () => {
  const number = await claimed({ phone: null, email: 'first@example.test', confirmed: true });
  await pass(0);
  for (let at = 0; at < 4; at++) await pass(24);
  await platform.work(anonymous, (work) =>
    joinRequest(work, number, {
      email: 'late@example.test',
      confirmed: true,
      channel: 'web',
      language: 'uk',
    }),
  );
  const twin = await register({ phone: null, email: 'twin@example.test', confirmed: true });
  await go({ ...inPost('operator', 'teplo'), organisation: null }, twin.number, 'link', { master: number });
  await pass(0);
  expect(await asks(number)).toEqual(['claim', 'ask_again', 'claim', 'claim']);
  await pass(47);
  await pass(1);
  expect(await asks(number)).toHaveLength(6);
  for (let at = 0; at < 3; at++) await pass(24);
  expect(await request(number)).toMatchObject({ state: 'closed', closing: 'unverified' });
});

test('who has stopped letters and left no telephone holds no claim up for ever', async () => {
  const { number, followToken } = await register({
    phone: null,
    email: 'quiet@example.test',
    confirmed: true,
  });
  await platform.work(anonymous, (work) => setLetters(work, { token: followToken }, false));
  await go(inPost('dispatcher', 'teplo'), number, 'accept');
  await go(inPost('crew', 'teplo'), number, 'claim', { result: 'fixed', answer: 'Готово' });
  await pass(0);
  for (let day = 0; day < 8; day++) await pass(24);
  expect(await request(number)).toMatchObject({ state: 'closed', closing: 'unverified' });
});

test('a claim with one yes of two is confirmed when the window is over', async () => {
  const { number, followToken } = await register();
  await db.execute(
    sql`insert into cc_reporter (request, phone_blind, channel, joined_at) values (${number}, 'someone', 'web', now())`,
  );
  await go(inPost('dispatcher', 'teplo'), number, 'accept');
  await go(inPost('crew', 'teplo'), number, 'claim', { result: 'fixed', answer: 'Готово' });
  await go(anonymous, number, 'confirm', { reporterToken: followToken });
  expect((await request(number)).state).toBe('claimed');
  clock.advance(200 * hour);
  await run();
  expect(await request(number)).toMatchObject({ state: 'closed', closing: 'confirmed' });
});

test('a question that nobody answers in three working days lets the request go on', async () => {
  const { number } = await register();
  await go(inPost('dispatcher', 'teplo'), number, 'accept');
  await go(inPost('dispatcher', 'teplo'), number, 'ask', { question: 'Який під’їзд?' });
  clock.set('2026-11-27T21:59:00Z');
  await run();
  expect((await request(number)).state).toBe('waiting_reporter');
  clock.set('2026-11-27T22:01:00Z');
  await run();
  expect((await request(number)).state).toBe('accepted');
});

test('the supervisor is told once of a plan whose date has passed', async () => {
  const { number } = await register();
  await go(inPost('dispatcher', 'teplo'), number, 'accept');
  await go(inPost('dispatcher', 'teplo'), number, 'plan', {
    date: new Date('2026-11-25T10:00:00Z'),
    reason: 'Немає труб',
  });
  await run();
  expect(await told(number, 'plan.overdue')).toBe(0);
  clock.set('2026-11-25T10:01:00Z');
  await Promise.all([run(), run()]);
  await run();
  expect(await told(number, 'plan.overdue')).toBe(1);
});
