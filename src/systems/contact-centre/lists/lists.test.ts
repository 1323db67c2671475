import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import type { Reader } from '#platform/database/pool.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import type { Platform } from '#platform/system.ts';
import type { Actor, Work } from '#platform/work.ts';
import { permission } from '../permissions.ts';
import { keepContact } from '../personal.ts';
import { type ReporterData, sealReporter } from '../sealing.ts';
import { seed, seedCity, seedRequests, staff } from '../seeding.ts';
import {
  breaches,
  callBacks,
  callerHistory,
  dayPartOf,
  houseHistory,
  moderationList,
  queue,
  queueSizes,
  triageList,
} from './index.ts';

const now = new Date('2026-11-24T10:00:00Z');
const hours = (amount: number) => new Date(now.getTime() + amount * 3_600_000).toISOString();
const acts = ['read_desk', 'read_private', 'assign', 'call_back', 'publish', 'read_contacts'].map(permission);
const everywhere = staff(acts);
const uuid = (n: number) => `019abc00-0000-7000-8000-${String(n).padStart(12, '0')}`;

async function fresh(): Promise<Reader> {
  return (await freshPlatform()).db;
}
async function freshPlatform() {
  const platform = await testPlatform({ clock: manualClock(now.toISOString()) });
  await seedCity(platform.db);
  return platform;
}
const reporter = (platform: Platform, n: number, data: ReporterData) => ({
  id: uuid(n),
  ...sealReporter(secretsOf(platform.config), uuid(n), data),
});
type Rest<F> = F extends (work: Work, ...rest: infer R) => unknown ? R : never;
const numbersOf = (list: { rows: readonly { number: string }[] }) => list.rows.map((row) => row.number);

test('the queue is in the order of time left, and pages neither skip nor repeat a request', async () => {
  const db = await fresh();
  const made = await seedRequests(
    db,
    Array.from({ length: 57 }, (_, i) => ({
      // Many of one instant, and some without a clock.
      next_due: i % 5 === 4 ? null : hours((i % 7) - 2),
      organisation: 'teplo',
    })),
  );
  await seedRequests(db, [
    { state: 'closed', closing: 'confirmed', closed_at: hours(-1) },
    { sandbox: true },
    { state: 'in_event', event: 'e1' },
  ]);
  const all = await queue(db, everywhere, { now }, { limit: 200 });
  expect(all.more).toBe(false);
  expect(all.next).toBeNull();
  expect(numbersOf(all).sort()).toEqual([...made].sort());
  const lefts = all.rows.map((row) => row.timeLeft ?? Number.POSITIVE_INFINITY);
  expect(lefts).toEqual([...lefts].sort((a, b) => a - b));
  expect(lefts[0]).toBe(-2 * 3_600_000);
  const walked: string[] = [];
  let after: string | null = null;
  do {
    const part: Awaited<ReturnType<typeof queue>> = await queue(db, everywhere, { now }, { limit: 4, after });
    expect(part.rows.length).toBeLessThanOrEqual(4);
    expect(part.more).toBe(part.next !== null);
    walked.push(...numbersOf(part));
    after = part.next;
  } while (after);
  expect(walked).toEqual(numbersOf(await queue(db, everywhere, { now }, { limit: 200 })));
  expect(numbersOf(await queue(db, everywhere, { now }, { limit: 3, after: 'nonsense' }))).toEqual(
    walked.slice(0, 3),
  );
  expect(
    numbersOf(
      await queue(db, everywhere, { now }, { after: Buffer.from('["x","y"]').toString('base64url') }),
    ),
  ).toHaveLength(50);
});

test('the queue narrows by what a dispatcher asks for, and its size is the number of its rows', async () => {
  const db = await fresh();
  const [a, b, c] = await seedRequests(db, [
    {
      organisation: 'teplo',
      branch: 'pipes',
      class: 'urgent',
      crew: 'k1',
      next_due: hours(-1),
      rework_count: 3,
      building: 'b1',
    },
    {
      organisation: 'teplo',
      state: 'planned',
      planned_for: hours(-2),
      next_due: hours(5),
      return_count: 2,
      district: 'samara',
    },
    { organisation: 'voda', branch: 'roads', state: 'triage', next_due: hours(30), unit: 'u1' },
  ]);
  const ask = async (filter: Partial<Parameters<typeof queue>[2]>) => {
    const list = await queue(db, everywhere, { now, ...filter });
    expect(await queueSizes(db, everywhere, now, { asked: filter })).toEqual({ asked: list.rows.length });
    return numbersOf(list);
  };
  expect(await ask({ organisation: 'teplo' })).toEqual([a, b]);
  expect(await ask({ branch: 'heating' })).toEqual([a, b]);
  expect(await ask({ branch: 'pipes' })).toEqual([a]);
  expect(await ask({ crew: 'k1' })).toEqual([a]);
  expect(await ask({ unit: 'u1' })).toEqual([c]);
  expect(await ask({ building: 'b1' })).toEqual([a]);
  expect(await ask({ district: 'samara' })).toEqual([b]);
  expect(await ask({ overdue: true })).toEqual([a]);
  expect(await ask({ dueWithinHours: 6 })).toEqual([a, b]);
  expect(await ask({ minReworks: 3 })).toEqual([a]);
  expect(await ask({ minReturns: 2 })).toEqual([b]);
  expect(await ask({ planOverdue: true })).toEqual([b]);
  expect(await ask({ states: ['triage', 'planned'] })).toEqual([b, c]);
  expect(await ask({ classes: ['urgent'] })).toEqual([a]);
});

test('a dispatcher sees the own organisation, and words as written only where that may be read', async () => {
  const db = await fresh();
  const [own] = await seedRequests(db, [
    { organisation: 'teplo', lat: 48.47, lon: 35.05 },
    { organisation: 'voda' },
  ]);
  const may = await queue(db, staff(acts, [{ organisation: 'teplo' }]), { now });
  expect(numbersOf(may)).toEqual([own]);
  expect(may.rows[0]).toMatchObject({
    text: `text of ${own}`,
    address: 'вулиця Робоча, 12',
    categoryName: { uk: 'Холодно', en: 'Cold' },
    organisationName: { uk: 'КП teplo', en: 'ME teplo' },
  });
  expect(may.rows[0]!.createdAt).toEqual(new Date('2026-11-24T08:00:00Z'));
  const masked = await queue(db, staff([permission('read_desk')], [{ organisation: 'teplo' }]), { now });
  expect(masked.rows[0]).toMatchObject({ text: `public text of ${own}`, address: 'вулиця Робоча' });
  expect(numbersOf(await queue(db, staff([]), { now }))).toEqual([]);
});

test('triage holds what nobody answers for, oldest first, and says what brought it there', async () => {
  const db = await fresh();
  const [late, early] = await seedRequests(db, [
    { state: 'triage', created_at: hours(-2) },
    { state: 'registered', created_at: hours(-3) },
    { state: 'assigned', created_at: hours(-9) },
  ]);
  const entry = { request: late, at: hours(-2), actor: { kind: 'staff' }, hash: 'h' };
  await seed(db, 'cc_history', [
    { ...entry, seq: 1, move: 'register', to_state: 'assigned', data: {}, hash: 'a' },
    {
      ...entry,
      seq: 2,
      move: 'return',
      from_state: 'assigned',
      to_state: 'triage',
      data: { reason: 'not ours' },
      prev: 'a',
      hash: 'b',
    },
    {
      ...entry,
      seq: 3,
      move: 'note',
      from_state: 'triage',
      to_state: 'triage',
      data: {},
      prev: 'b',
      hash: 'c',
    },
  ]);
  const first = await triageList(db, everywhere, now, { limit: 1 });
  expect(numbersOf(first)).toEqual([early]);
  const second = await triageList(db, everywhere, now, { limit: 1, after: first.next });
  expect(second.rows[0]).toMatchObject({
    number: late,
    lastMove: 'return',
    lastData: { reason: 'not ours' },
    waiting: 2 * 3_600_000,
  });
  expect(second.more).toBe(false);
});

test('moderators get words and photos at which nobody has looked', async () => {
  const db = await fresh();
  const [words, photo, looked] = await seedRequests(db, [
    { publication: 'awaiting', created_at: hours(-3) },
    { created_at: hours(-2) },
    { created_at: hours(-1) },
    { publication: 'awaiting', private: true },
    { regime: 'statutory', publication: 'hidden' },
  ]);
  await seed(db, 'cc_photo', [
    { id: uuid(1), request: photo, file: 'f1', kind: 'report', public: false, at: hours(-2) },
    {
      id: uuid(2),
      request: looked,
      file: 'f2',
      kind: 'report',
      public: false,
      moderated_at: hours(-1),
      at: hours(-2),
    },
  ]);
  const list = await moderationList(db, everywhere);
  expect(list.rows.map((row) => [row.number, row.publication, row.photosWaiting])).toEqual([
    [words, 'awaiting', 0],
    [photo, 'published', 1],
  ]);
});

test('people are called about a claim until they judged it or three calls were missed', async () => {
  const platform = await freshPlatform();
  const { db } = platform;
  const claimed = { state: 'claimed', claimed_at: hours(-5), organisation: 'teplo' };
  const [first, second] = await seedRequests(db, [
    { ...claimed, window_until: hours(20) },
    { ...claimed, window_until: hours(10), organisation: 'voda' },
  ]);
  const [merged] = await seedRequests(db, [{ state: 'merged', master: first! }]);
  const attempt = {
    result: 'fixed',
    answer: 'done',
    evidence: [],
    evidence_faults: [],
    claimed_by: {},
    claimed_at: hours(-5),
  };
  await seed(db, 'cc_attempt', [
    { ...attempt, request: first, no: 1, outcome: 'vetoed' },
    { ...attempt, request: first, no: 2 },
    { ...attempt, request: second, no: 1 },
  ]);
  const person = {
    channel: 'phone',
    language: 'uk',
    notify: true,
    lead: true,
    missed_calls: 0,
    joined_at: hours(-9),
  };
  const phone = '+380671112233';
  const called = (n: number) => ({ ...person, ...reporter(platform, n, { phone }) });
  await seed(db, 'cc_reporter', [
    // Judged the first claim, not the second.
    { ...called(1), request: first, verdict: 'no', verdict_attempt: 1 },
    { ...called(2), request: first, verdict: 'yes', verdict_attempt: 2 },
    { ...called(3), request: first, missed_calls: 3 },
    { ...person, id: uuid(4), request: first },
    { ...called(5), request: first, withdrawn_at: hours(-1) },
    { ...called(6), request: merged, joined_at: hours(-8) },
    { ...called(7), request: second, missed_calls: 1 },
  ]);
  await seed(db, 'cc_verification', [
    {
      id: uuid(1),
      request: second,
      attempt: 1,
      reporter: uuid(7),
      method: 'call',
      verdict: 'missed',
      by_actor: {},
      day_part: 'day',
      at: hours(-2),
    },
  ]);
  const ids = (list: Awaited<ReturnType<typeof callBacks>>) => list.rows.map((row) => row.reporter);
  // Noon in Kyiv: whoever was missed by day comes last, though that window ends sooner.
  const calls = (who: Actor, ...rest: Rest<typeof callBacks>) =>
    platform.work(who, (work) => callBacks(work, ...rest));
  const list = await calls(everywhere);
  expect(ids(list)).toEqual([uuid(1), uuid(6), uuid(7)]);
  expect(list.rows[0]).toMatchObject({ number: first, attempt: 2, answer: 'done', phone, triedParts: [] });
  expect(list.rows[2]!.triedParts).toEqual(['day']);
  const evening = manualClock('2026-11-24T17:00:00Z');
  expect(ids(await platform.work(everywhere, (work) => callBacks(work), { clock: evening }))).toEqual([
    uuid(7),
    uuid(1),
    uuid(6),
  ]);
  expect(ids(await calls(staff(acts, [{}], 'teplo')))).toEqual([uuid(7)]);
  expect(ids(await calls(everywhere, { organisation: 'voda' }))).toEqual([uuid(7)]);
  expect((await calls(everywhere, {}, 2)).more).toBe(true);
});

test('the parts of the day are those of the city, in summer and winter', () => {
  expect(dayPartOf(new Date('2026-11-24T09:59:00Z'))).toBe('morning');
  expect(dayPartOf(new Date('2026-11-24T10:00:00Z'))).toBe('day');
  expect(dayPartOf(new Date('2026-07-24T09:00:00Z'))).toBe('day');
  expect(dayPartOf(new Date('2026-07-24T14:00:00Z'))).toBe('evening');
});

test('a house tells of its year, and a caller of all who call from that number', async () => {
  const platform = await freshPlatform();
  const { db } = platform;
  const [old, closed, open] = await seedRequests(db, [
    { building: 'b1', created_at: '2025-01-01T00:00:00Z' },
    { building: 'b1', created_at: hours(-30), state: 'closed', closing: 'unverified', closed_at: hours(-1) },
    { building: 'b1', created_at: hours(-40) },
    { building: 'b2' },
  ]);
  const since = new Date('2025-11-24T00:00:00Z');
  const house = await houseHistory(db, 'b1', since);
  expect(numbersOf(house)).toEqual([closed, open]);
  expect(house.rows[0]).toMatchObject({ text: `public text of ${closed}`, closing: 'unverified' });
  expect((await houseHistory(db, 'b1', since, 1)).more).toBe(true);

  const phone = '+380501234567';
  const person = {
    channel: 'phone',
    language: 'uk',
    notify: true,
    lead: true,
    missed_calls: 0,
    joined_at: hours(-9),
  };
  await seed(db, 'cc_reporter', [
    { ...person, ...reporter(platform, 1, { name: 'Олена', phone }), request: closed },
    { ...person, ...reporter(platform, 2, { name: 'Петро', phone }), request: open },
    { ...person, ...reporter(platform, 3, { phone: '+380500000000' }), request: old },
  ]);
  await platform.work(everywhere, async (work) => {
    const call = { channel: 'phone', phone };
    await keepContact(work, { ...call, outcome: 'consultation', startedAt: new Date(hours(-20)) });
    await keepContact(work, {
      ...call,
      outcome: 'request',
      requests: [open!],
      startedAt: new Date(hours(-10)),
    });
  });
  const known = (limit?: number) =>
    platform.work(everywhere, (work) => callerHistory(work, '050 123-45-67', limit));
  const caller = await known();
  expect(caller.requests.rows.map((row) => [row.number, row.name])).toEqual([
    [open, 'Петро'],
    [closed, 'Олена'],
  ]);
  expect(caller.contacts.rows.map((row) => row.outcome)).toEqual(['request', 'consultation']);
  expect(caller.contacts.rows[0]!.startedAt).toEqual(new Date(hours(-10)));
  expect((await known(1)).contacts.more).toBe(true);
});

test('clocks that run out within the hours asked for are listed, soonest first', async () => {
  const db = await fresh();
  const [a, b] = await seedRequests(db, [{ organisation: 'teplo' }, { organisation: 'voda' }]);
  const clock = { started_at: hours(-9), warn_at: hours(-1), explanation: {} };
  await seed(db, 'cc_clock', [
    { ...clock, request: a, kind: 'fix', due: hours(20) },
    { ...clock, request: a, kind: 'accept', due: hours(-1) },
    { ...clock, request: a, kind: 'arrive', due: hours(3), stopped_at: hours(-1) },
    { ...clock, request: b, kind: 'fix', due: hours(2), paused_at: hours(-1) },
    { ...clock, request: b, kind: 'accept', due: hours(-3), breached_at: hours(-3) },
    { ...clock, request: b, kind: 'arrive', due: hours(4) },
    { ...clock, request: b, kind: 'answer', due: hours(40) },
  ]);
  const list = await breaches(db, everywhere, now, 24);
  expect(list.rows.map((row) => [row.number, row.clock, row.timeLeft / 3_600_000])).toEqual([
    [a, 'accept', -1],
    [b, 'arrive', 4],
    [a, 'fix', 20],
  ]);
  expect(list.rows[0]!.clockDue).toEqual(new Date(hours(-1)));
  expect((await breaches(db, staff(acts, [{ organisation: 'voda' }]), now, 24)).rows).toHaveLength(1);
  // Two clocks of one request that end together are told apart where a page ends between them.
  await seed(db, 'cc_clock', [{ ...clock, request: a, kind: 'answer', due: hours(20) }]);
  const paged = [];
  for (let after: string | null = null, first = true; first || after; first = false) {
    const part = await breaches(db, everywhere, now, 24, { limit: 1, after });
    expect(part.rows).toHaveLength(1);
    paged.push([part.rows[0]!.number, part.rows[0]!.clock]);
    after = part.next;
  }
  expect(paged).toEqual([
    [a, 'accept'],
    [b, 'arrive'],
    [a, 'answer'],
    [a, 'fix'],
  ]);
});

test('an organisation’s queue of 20 000 requests comes along its index', async () => {
  const db = await fresh();
  await seedRequests(
    db,
    Array.from({ length: 20_000 }, (_, i) => ({
      organisation: ['teplo', 'voda', 'shliah'][i % 3],
      next_due: hours(i % 999),
    })),
  );
  await db.execute(sql`analyze cc_request`);
  const times: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const started = performance.now();
    expect((await queue(db, staff(acts, [{ organisation: 'voda' }]), { now })).more).toBe(true);
    times.push(performance.now() - started);
  }
  // The best of five: the machine may be busy with other things.
  expect(Math.min(...times)).toBeLessThan(150);
});
