import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Reader } from '#platform/database/pool.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { breaches, moderationList, queue } from './lists/index.ts';
import { permission } from './permissions.ts';
import { centre, randomFrom, seed, seedCity, seedRequests, staff } from './seeding.ts';
import {
  byOrganisation,
  clusters,
  exportRows,
  figureList,
  figureNames,
  type MapFilter,
  overview,
  wilson,
} from './statistics.ts';

const now = new Date('2026-11-24T10:00:00Z');
const hours = (amount: number) => new Date(now.getTime() + amount * 3_600_000).toISOString();
const uuid = (n: number) => `019abc00-0000-7000-8000-${String(n).padStart(12, '0')}`;
const period = { from: new Date('2026-11-01T00:00:00Z'), to: now };

async function fresh(): Promise<Reader> {
  const { db } = await testPlatform();
  await seedCity(db);
  return db;
}

test('confirmed and unverified stand apart; late, open and returned work counts against the enterprise', async () => {
  const db = await fresh();
  const base = { organisation: 'teplo', created_at: hours(-100), fix_due: hours(-20) };
  const closed = { ...base, state: 'closed', closed_at: hours(-5), closing: 'confirmed' };
  const [a, b] = await seedRequests(db, [
    { ...closed, claimed_at: hours(-90) },
    { ...closed, claimed_at: hours(-80), rework_count: 1 },
    // Late.
    { ...closed, claimed_at: hours(-10), rework_count: 3 },
    { ...closed, closing: 'unverified', claimed_at: hours(-70) },
    // Neither success nor failure.
    { ...closed, closing: 'withdrawn' },
    { ...closed, closed_at: hours(-24 * 40), claimed_at: hours(-24 * 41), created_at: hours(-24 * 42) },
    // Open past its due date.
    { ...base, state: 'in_progress' },
    { ...base, state: 'rework', claimed_at: hours(-30) },
    // Claimed in time and waiting for a verdict; standing still; not yet due; a test.
    { ...base, state: 'claimed', claimed_at: hours(-30) },
    { ...base, fix_due: hours(5) },
    { ...base, sandbox: true },
  ]);
  const [paused] = await seedRequests(db, [{ ...base, state: 'waiting_reporter', state_before: 'accepted' }]);
  await seedRequests(db, [{ ...base, state: 'merged', master: a! }]);
  await seed(db, 'cc_clock', [
    {
      request: paused,
      kind: 'fix',
      started_at: hours(-100),
      due: hours(-20),
      warn_at: hours(-30),
      paused_at: hours(-50),
      explanation: {},
    },
  ]);
  const attempt = {
    organisation: 'teplo',
    result: 'fixed',
    answer: 'done',
    evidence: [],
    evidence_faults: [],
    claimed_by: {},
    claimed_at: hours(-90),
  };
  await seed(db, 'cc_attempt', [
    { ...attempt, request: a, no: 1, outcome: 'confirmed' },
    { ...attempt, request: b, no: 1, outcome: 'vetoed' },
    { ...attempt, request: b, no: 2, outcome: 'confirmed', claimed_at: hours(-80) },
    { ...attempt, request: b, no: 3, claimed_at: hours(-24 * 60), outcome: 'vetoed' },
  ]);
  await seed(db, 'cc_reporter', [
    {
      id: uuid(1),
      request: a,
      channel: 'web',
      language: 'uk',
      notify: true,
      lead: true,
      missed_calls: 0,
      joined_at: hours(-99),
    },
  ]);
  const verdict = {
    request: a,
    attempt: 1,
    reporter: uuid(1),
    method: 'link',
    verdict: 'yes',
    by_actor: {},
    at: hours(-6),
  };
  await seed(db, 'cc_verification', [
    { ...verdict, id: uuid(1), grade: 5 },
    { ...verdict, id: uuid(2), grade: 2 },
    { ...verdict, id: uuid(3) },
  ]);
  // Of three claims: one was answered, of one the letter went out, about the last nobody was asked.
  const letter = {
    request: b,
    seq: 5,
    reporter: uuid(1),
    template: 'claim',
    at: hours(-89),
    done_at: hours(-60),
    outcome: 'told',
  };
  await seed(db, 'cc_message', [
    { ...letter, id: uuid(11) },
    { ...letter, id: uuid(12), seq: 6, outcome: 'no_way', at: hours(-70) },
  ]);
  const [figures, ...others] = await byOrganisation(db, period);
  expect(others).toEqual([]);
  expect(figures).toEqual({
    organisation: 'teplo',
    name: { uk: 'КП teplo', en: 'ME teplo' },
    claims: 3,
    closed: 4,
    confirmed: 3,
    unverified: 1,
    confirmedShare: 0.75,
    unverifiedShare: 0.25,
    due: 6,
    onTime: 3,
    onTimeShare: 0.5,
    confirmedOnTime: 2,
    rank: null,
    overdueOpen: 2,
    vetoed: 1,
    truthfulness: 2 / 3,
    reworks: { once: 1, twice: 0, more: 1 },
    meanGrade: 3.5,
    grades: 2,
    askedShare: 2 / 3,
    medianHours: 25,
    medianOfTerm: 0.3125,
  });
});

test('every figure of an enterprise is the number of cases in the list behind it, in every part of the city', async () => {
  const db = await fresh();
  const random = randomFrom(21);
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const ago = (days: number) => hours(-random() * 24 * days);
  const numbers = await seedRequests(
    db,
    Array.from({ length: 400 }, () => {
      const state = one(['closed', 'closed', 'in_progress', 'claimed', 'rework']);
      return {
        state,
        ...(state === 'closed'
          ? { closing: one(['confirmed', 'unverified', 'refused']), closed_at: ago(40) }
          : {}),
        organisation: one(['teplo', 'voda', null]),
        district: one(['soborna', 'samara']),
        branch: one(['heating', 'pipes', 'roads']),
        created_at: hours(-24 * 45),
        claimed_at: random() < 0.3 ? null : ago(40),
        fix_due: random() < 0.2 ? null : ago(40),
        rework_count: Math.floor(random() * 4),
        publication: one(['published', 'published', 'awaiting']),
        sandbox: random() < 0.05,
      };
    }),
  );
  await seed(
    db,
    'cc_attempt',
    numbers.slice(0, 150).map((request) => ({
      request,
      no: 1,
      organisation: one(['teplo', 'voda']),
      result: 'fixed',
      answer: 'done',
      evidence: [],
      evidence_faults: [],
      claimed_by: {},
      claimed_at: ago(40),
      outcome: one(['confirmed', 'vetoed', 'rejected', null]),
    })),
  );
  const month = { from: new Date(hours(-24 * 30)), to: new Date(hours(-24)) };
  for (const part of [
    {},
    { district: 'samara' },
    { branch: 'heating' },
    { district: 'soborna', branch: 'roads' },
  ])
    for (const row of await byOrganisation(db, month, part)) {
      const figures: Record<string, unknown> = { ...row, ...row.reworks };
      for (const figure of figureNames) {
        const list = await figureList(
          db,
          { figure, organisation: row.organisation, period: month, part },
          { limit: 1000, offset: 0 },
        );
        expect(list.total, `${figure} of ${row.organisation}`).toBe(figures[figure]);
        expect(list.numbers).toHaveLength(list.shown);
        expect(list.shown).toBeLessThanOrEqual(list.total);
      }
    }
  const all = await byOrganisation(db, month);
  const total = await figureList(db, { figure: 'confirmed', period: month }, { limit: 1, offset: 0 });
  expect(total.total).toBe(all.reduce((sum, row) => sum + row.confirmed, 0));
  expect(total.total).toBeGreaterThan(20);
  expect(total.shown).toBeLessThan(total.total);
});

test('thirty cases give a rank, which is the lower bound of the share', async () => {
  const db = await fresh();
  await seedRequests(
    db,
    Array.from({ length: 30 }, (_, i) => ({
      organisation: 'voda',
      state: 'closed',
      closing: i < 24 ? 'confirmed' : 'unverified',
      claimed_at: hours(-30),
      closed_at: hours(-5),
      fix_due: hours(-20),
      created_at: hours(-50),
    })),
  );
  const [figures] = await byOrganisation(db, period);
  expect(figures!.onTimeShare).toBe(1);
  expect(figures!.rank).toBe(wilson(24, 30));
  // Known values of the interval.
  expect(wilson(24, 30)).toBeCloseTo(0.6269, 4);
  expect(wilson(0, 10)).toBe(0);
  expect(wilson(10, 10)).toBeCloseTo(0.7225, 4);
});

test('every figure of the supervisor is the number of rows of the list behind it', async () => {
  const db = await fresh();
  const random = randomFrom(11);
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const open = [
    'registered',
    'triage',
    'assigned',
    'planned',
    'in_progress',
    'waiting_reporter',
    'claimed',
    'rework',
    'closed',
  ];
  const numbers = await seedRequests(
    db,
    Array.from({ length: 180 }, () => {
      const state = one(open);
      return {
        state,
        ...(state === 'closed'
          ? { closing: one(['confirmed', 'unverified', 'refused']), closed_at: hours(-random() * 48) }
          : {}),
        ...(state === 'waiting_reporter' ? { state_before: 'accepted' } : {}),
        organisation: one(['teplo', 'voda']),
        next_due: random() < 0.2 ? null : hours(random() * 60 - 20),
        planned_for: random() < 0.5 ? null : hours(random() * 60 - 20),
        fix_due: hours(-10),
        rework_count: Math.floor(random() * 5),
        return_count: Math.floor(random() * 3),
        publication: one(['published', 'awaiting']),
        created_at: hours(-random() * 48),
      };
    }),
  );
  await seed(
    db,
    'cc_clock',
    numbers.map((request) => ({
      request,
      kind: 'fix',
      started_at: hours(-50),
      warn_at: hours(-1),
      due: hours(random() * 60 - 10),
      explanation: {},
    })),
  );
  for (const organisation of [null, 'teplo']) {
    const actor = staff([permission('read_desk'), permission('publish')], [{ organisation }]);
    const seen = await overview(db, actor, now);
    for (const { count, filter } of Object.values(seen.queues)) {
      expect((await queue(db, actor, filter, { limit: 200 })).rows).toHaveLength(count);
      expect(count).toBeGreaterThan(0);
    }
    expect((await breaches(db, actor, now, 24, { limit: 200 })).rows).toHaveLength(seen.breachesInADay);
    expect((await moderationList(db, actor, { limit: 200 })).rows).toHaveLength(seen.awaitingModeration);
    const within = organisation ?? '%';
    const { rows } = await db.execute<Record<string, number>>(sql`select
      count(*) filter (where created_at > ${hours(-24)}::timestamptz)::int as made,
      count(*) filter (where closing = 'confirmed' and closed_at > ${hours(-24)}::timestamptz)::int as confirmed,
      count(*) filter (where closing = 'refused' and closed_at > ${hours(-24)}::timestamptz)::int as other
      from cc_request where organisation like ${within}`);
    expect(seen.registeredInADay).toBe(rows[0]!.made);
    expect(seen.closedInADay).toMatchObject({ confirmed: rows[0]!.confirmed, other: rows[0]!.other });
  }
});

test('clusters add up to what SQL counts, in a thousand random boxes, zooms and filters', async () => {
  const db = await fresh();
  const random = randomFrom(5);
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  await seedRequests(
    db,
    Array.from({ length: 5000 }, () => {
      const closed = random() < 0.4;
      return {
        // Half of them on a grid, so that many lie exactly on edges of boxes and cells.
        ...(random() < 0.5
          ? { lat: 48.4 + Math.floor(random() * 12) / 100, lon: 34.95 + Math.floor(random() * 20) / 100 }
          : { lat: 48.4 + random() * 0.12, lon: 34.95 + random() * 0.2 }),
        state: closed ? 'closed' : 'assigned',
        ...(closed ? { closing: one(['confirmed', 'unverified']), closed_at: hours(-1) } : {}),
        branch: one(['heating', 'pipes', 'roads']),
        class: one(['urgent', 'ordinary']),
        organisation: one(['teplo', 'voda']),
        publication: one(['published', 'published', 'awaiting']),
        sandbox: random() < 0.05,
      };
    }),
  );
  const below: Record<string, string[]> = { heating: ['heating', 'pipes'], roads: ['roads'] };
  for (let i = 0; i < 1000; i += 1) {
    const edge = (low: number, span: number) =>
      random() < 0.5 ? low + Math.floor(random() * span * 100) / 100 : low + random() * span;
    const west = edge(34.93, 0.2);
    const south = edge(48.39, 0.1);
    const bbox = { west, south, east: west + edge(0.001, 0.15), north: south + edge(0.001, 0.1) };
    const filter: MapFilter = {
      ...(random() < 0.4 ? { state: one(['open', 'assigned', 'closed:confirmed']) } : {}),
      ...(random() < 0.3 ? { branch: one(['heating', 'roads']) } : {}),
      ...(random() < 0.3 ? { class: one(['urgent', 'ordinary'] as const) } : {}),
      ...(random() < 0.3 ? { organisation: one(['teplo', 'voda']) } : {}),
    };
    const found = await clusters(db, { bbox, cell: one([50, 300, 2000]), filter, centre });
    const { rows } = await db.execute<{ n: number }>(sql`select count(*)::int as n from cc_request
      where publication = 'published' and not sandbox
        and public_lon >= ${bbox.west} and public_lon < ${bbox.east}
        and public_lat >= ${bbox.south} and public_lat < ${bbox.north}
        and (${filter.state ?? ''} = '' or ${filter.state ?? ''} = state or ${filter.state ?? ''} = 'closed:' || closing
          or (${filter.state ?? ''} = 'open' and state <> 'closed'))
        and (${filter.branch ?? ''} = '' or branch in (select jsonb_array_elements_text(${JSON.stringify(below[filter.branch ?? ''] ?? [])}::jsonb)))
        and (${filter.class ?? ''} = '' or class = ${filter.class ?? ''})
        and (${filter.organisation ?? ''} = '' or organisation = ${filter.organisation ?? ''})`);
    const sum = found.clusters.reduce((total, cluster) => total + cluster.count, 0);
    if (sum !== rows[0]!.n || found.total !== sum)
      expect({ bbox, filter, sum }).toEqual({ bbox, filter, sum: rows[0]!.n });
  }
}, 60_000);

test('a whole city stays a page’s worth of clusters, and one alone carries its number', async () => {
  const db = await fresh();
  const random = randomFrom(9);
  await seedRequests(
    db,
    Array.from({ length: 6000 }, () => ({ lat: 48.3 + random() * 0.3, lon: 34.7 + random() * 0.6 })),
  );
  const all = await clusters(db, {
    bbox: { west: 34.6, south: 48.2, east: 35.4, north: 48.7 },
    cell: 1,
    centre,
  });
  expect(all.total).toBe(6000);
  expect(all.cell).toBeGreaterThan(1);
  expect(JSON.stringify(all).length).toBeLessThan(140_000);
  const [only] = await seedRequests(db, [{ lat: 48.1, lon: 35 }]);
  const far = await clusters(db, {
    bbox: { west: 34.99, south: 48.09, east: 35.01, north: 48.11 },
    cell: 100,
    centre,
  });
  expect(far.clusters).toEqual([{ count: 1, lat: 48.1, lon: 35, number: only, state: 'assigned' }]);
});

test('the public file holds each published request once, whatever the size of the batches', async () => {
  const db = await fresh();
  const made = await seedRequests(
    db,
    // Many of one instant.
    Array.from({ length: 53 }, (_, i) => ({ created_at: hours(-Math.floor(i / 10)), lat: 48.4, lon: 35 })),
  );
  await seedRequests(db, [
    { publication: 'awaiting' },
    { publication: 'hidden', regime: 'statutory' },
    { sandbox: true },
  ]);
  for (const batch of [1, 7, 53, 2000]) {
    const rows = [];
    for await (const row of exportRows(db, {}, batch)) rows.push(row);
    expect(rows.map((row) => row.number).sort()).toEqual([...made].sort());
    const times = rows.map((row) => row.createdAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(rows[0]).toMatchObject({
      lat: 48.4,
      lon: 35,
      address: 'вулиця Робоча',
      text: `public text of ${rows[0]!.number}`,
    });
  }
  const some = [];
  for await (const row of exportRows(db, { from: new Date(hours(-2)) })) some.push(row.number);
  expect(some).toHaveLength(30);
});
