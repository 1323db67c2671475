import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { nearby } from './duplicates.ts';
import { centre, randomFrom, type Seed, seed, seedRequests } from './seeding.ts';

const now = new Date('2026-11-24T10:00:00Z');
const random = randomFrom(7);
const place = () => ({ lat: 48.464 + (random() - 0.5) * 0.06, lon: 35.046 + (random() - 0.5) * 0.09 });
const many: Seed[] = Array.from({ length: 4000 }, () => ({ ...place(), duplicate_group: 'many' }));
const platform = await testPlatform();
const { db } = platform;
const point = { lat: 48.47, lon: 35.05 };
const ask = { point, centre, now, group: 'few' };

function haversine(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
}

let numbers: string[];
beforeAll(async () => {
  numbers = await seedRequests(db, many);
});

test('distances are right within two metres, and nothing inside the radius is left out', async () => {
  for (let i = 0; i < 200; i += 1) {
    const from = place();
    const found = await nearby(db, { point: from, centre, now, group: 'many', limit: 100 });
    const byNumber = new Map(found.map((one) => [one.number, one.distance]));
    for (const [index, one] of many.entries()) {
      const exact = haversine(from, { lat: one.lat!, lon: one.lon! });
      const told = byNumber.get(numbers[index]!);
      if (told !== undefined) expect(Math.abs(told - exact)).toBeLessThan(2);
      if (exact < 248) expect(told).toBeDefined();
      if (exact > 252) expect(told).toBeUndefined();
    }
  }
});

test('the search walks the index of neighbours', async () => {
  await db.execute(sql`analyze cc_request`);
  const { rows } =
    await db.execute(sql`explain select number from cc_request r where r.duplicate_group = 'many'
    and r.place <@ '<(100,100),250>'::circle and r.nearby_until > now() and r.place is not null and not r.sandbox`);
  expect(JSON.stringify(rows)).toContain('cc_request_nearby');
});

test('five at most, nearest first, with photo, age and people; another group is not shown', async () => {
  const step = (metres: number) => ({
    lat: point.lat + metres / 111_200,
    lon: point.lon,
    duplicate_group: 'few',
  });
  const [first] = await seedRequests(db, [
    { ...step(10), reporters: 4, created_at: '2026-11-24T07:00:00Z' },
    ...[20, 30, 40, 50, 60].map(step),
    { ...step(5), duplicate_group: 'other' },
  ]);
  await seed(db, 'cc_photo', [
    {
      id: '019abc00-0000-7000-8000-000000000001',
      request: first,
      file: 'hidden',
      kind: 'report',
      public: false,
      at: '2026-11-24T07:00:00Z',
    },
    {
      id: '019abc00-0000-7000-8000-000000000002',
      request: first,
      file: 'shown',
      kind: 'report',
      public: true,
      at: '2026-11-24T07:01:00Z',
    },
  ]);
  const found = await nearby(db, ask);
  expect(found).toHaveLength(5);
  expect(found[0]).toMatchObject({
    number: first,
    reporters: 4,
    photo: '019abc00-0000-7000-8000-000000000002',
    age: 3 * 3_600_000,
  });
  expect(found.map((one) => Math.round(one.distance / 10) * 10)).toEqual([10, 20, 30, 40, 50]);
  expect((await nearby(db, { ...ask, desk: true }))[0]!.photo).toBe('019abc00-0000-7000-8000-000000000001');
  expect((await nearby(db, { ...ask, except: first! }))[0]!.number).not.toBe(first);
});

test('closed ones are shown while neighbours may mean them; merged, test and statutory ones never', async () => {
  const base = { ...point, duplicate_group: 'kinds' };
  const closed = { ...base, state: 'closed', closing: 'confirmed', closed_at: '2026-11-20T08:00:00Z' };
  const [lately, , master] = await seedRequests(db, [
    { ...closed, nearby_until: '2026-12-04T08:00:00Z' },
    { ...closed, nearby_until: '2026-11-24T09:00:00Z' },
    { ...base, publication: 'awaiting' },
    { ...base, sandbox: true },
    { ...base, regime: 'statutory', publication: 'hidden' },
    { ...base, private: true },
    { ...base, publication: 'removed' },
  ]);
  await seedRequests(db, [{ ...base, state: 'merged', master: master! }]);
  const found = await nearby(db, { ...ask, group: 'kinds' });
  expect(found.map((one) => one.number).sort()).toEqual([lately, master].sort());
  expect(found.find((one) => one.number === master)!.text).toBeNull();
  expect(await nearby(db, { ...ask, group: 'kinds', desk: true, limit: 20 })).toHaveLength(5);
});

test('a place that was blurred is found and measured by its published point only', async () => {
  const moved = { lat: point.lat + 0.003, lon: point.lon };
  const [number] = await seedRequests(db, [
    {
      ...moved,
      public_place: '(439.90,667.21)',
      public_lat: point.lat,
      public_lon: point.lon,
      duplicate_group: 'blur',
    },
  ]);
  const exact = await nearby(db, { ...ask, point: moved, group: 'blur' });
  expect(exact).toEqual([]);
  const [shown] = await nearby(db, { ...ask, group: 'blur' });
  expect(shown!.number).toBe(number);
  expect(shown!.distance).toBeLessThan(300);
});
