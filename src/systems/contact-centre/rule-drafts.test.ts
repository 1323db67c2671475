import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import type { Actor } from '#platform/work.ts';
import { readCity } from './city.ts';
import type { RuleData } from './city-data.ts';
import { permission } from './permissions.ts';
import { type DryRunReport, dryRun, markRead, publish, rollBack, saveDraft } from './rule-drafts.ts';
import { seedCity, seedRequests, staff } from './seeding.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
const { db } = platform;
const name = { uk: 'правило', en: 'rule' };
const acts = [permission('rule_write'), permission('rule_publish')];
const author: Actor = staff(acts);
const other: Actor = { ...author, id: 'person-2' };
const to = (
  id: string,
  organisation: string,
  when: RuleData['when'],
  more: Partial<RuleData> = {},
): RuleData => ({
  id,
  name,
  when,
  to: { organisation },
  ...more,
});

const place = { lat: 48.46, lon: 35.04 };
let numbers: string[];
beforeAll(async () => {
  await seedCity(db);
  await db.execute(
    sql`insert into cc_settings (body) values ('{"centre":[35.046,48.464],"bounds":[[34.7,48.3],[35.3,48.6]]}')`,
  );
  await db.execute(sql`insert into cc_rule_set (version, status, rules, author, made_at, publisher, published_at)
    values (1, 'published', '[]', 'city data', '2026-01-01', 'city data', '2026-01-01')`);
  await db.execute(sql`insert into cc_building (id, street, house, address, district, lat, lon, place, owner)
    values ('a-1', 'вулиця Робоча', '1', 'вулиця Робоча, 1', 'soborna', 48.46, 35.04, '(0,0)', 'voda')`);
  await db.execute(sql`insert into cc_contract (id, number, organisation, branch, building, valid_from, valid_to) values
    ('old', '12', 'voda', 'heating', 'a-1', '2026-01-01', '2026-05-31'), ('new', '13', 'shliah', 'heating', 'a-1', '2026-06-01', null)`);
  numbers = await seedRequests(db, [
    { organisation: 'teplo', building: 'a-1', created_at: '2026-05-31T20:59:00Z' },
    { organisation: 'teplo', building: 'a-1', created_at: '2026-05-31T21:01:00Z' },
    { organisation: 'teplo', category: 'burst', ...place, created_at: '2026-11-02T08:00:00Z' },
    {
      organisation: null,
      state: 'triage',
      category: 'pothole',
      branch: 'roads',
      ...place,
      created_at: '2026-11-03T08:00:00Z',
    },
    // Only words are known of the place: an operator sends it, whatever the rules say.
    {
      organisation: null,
      state: 'triage',
      category: 'pothole',
      branch: 'roads',
      created_at: '2026-11-04T08:00:00Z',
    },
    { organisation: 'teplo', created_at: '2025-11-01T08:00:00Z' },
    { organisation: 'teplo', sandbox: true, created_at: '2026-11-03T08:00:00Z' },
  ]);
});

const draft = (rules: readonly RuleData[], by = author) =>
  platform.work(by, (work) => saveDraft(work, { rules }));
const run = (version: number) => platform.work(author, (work) => dryRun(work, version));
const read = (id: string) => platform.work(author, (work) => markRead(work, id));
const put = (version: number, by = other) => platform.work(by, (work) => publish(work, version));
const reportOf = async (rules: readonly RuleData[]): Promise<DryRunReport> =>
  (await run(await draft(rules))).report;

test('a dry run tells who moves from whom to whom, by the contracts of the day', async () => {
  const report = await reportOf([
    { ...to('C', 'teplo', { contract: true }), to: 'contractor' },
    to('H', 'teplo', { branches: ['heating'] }),
  ]);
  expect(report.requests).toBe(5);
  expect(report.movedList).toEqual([
    { number: numbers[1], from: 'teplo', to: 'shliah', rule: 'C' },
    { number: numbers[0], from: 'teplo', to: 'voda', rule: 'C' },
  ]);
  expect(report.moved).toContainEqual({ from: 'teplo', to: 'voda', count: 1 });
  expect(report.unroutable).toEqual([{ category: 'pothole', count: 1 }]);
  expect(report.load).toEqual([
    { organisation: 'shliah', before: 0, after: 1 },
    { organisation: 'teplo', before: 3, after: 1 },
    { organisation: 'voda', before: 0, after: 1 },
  ]);
});

test('a dry run knows who kept a building when the request came', async () => {
  const version = (n: number, owner: string | null, at: string | null) => sql`('building', 'a-1', ${n}::int,
    ${JSON.stringify({ id: 'a-1', ...(owner ? { owner } : {}) })}::jsonb, 'Пост', ${at}::timestamptz)`;
  await db.execute(sql`insert into cc_data_version (kind, id, version, body, author_name, made_at) values
    ${version(1, 'teplo', null)}, ${version(2, 'shliah', '2026-05-31T21:00:00Z')}, ${version(3, 'voda', '2026-11-10T00:00:00Z')}`);
  const report = await reportOf([{ ...to('O', 'teplo', { ownerKnown: true }), to: 'owner' }]);
  // Before the change it was teplo's, as it was sent; after it shliah's; that it is voda's today changes nothing.
  expect(report.movedList).toContainEqual({ number: numbers[1], from: 'teplo', to: 'shliah', rule: 'O' });
  expect(report.movedList.some(({ number }) => number === numbers[0])).toBe(false);
});

test('a dry run knows where the areas of the city lay when the request came', async () => {
  const ring = (north: number) => [
    [35.03, 48.45],
    [35.05, 48.45],
    [35.05, north],
    [35.03, north],
    [35.03, 48.45],
  ];
  const zone = (north: number) =>
    JSON.stringify({ code: 'park', name, rings: [{ ring: ring(north), hole: false }] });
  await db.execute(sql`insert into cc_data_version (kind, id, version, body, author_name, made_at) values
    ('zone', 'park', 1, ${zone(48.455)}::jsonb, 'Пост', '2026-01-01'), ('zone', 'park', 2, ${zone(48.465)}::jsonb, 'Пост', '2026-11-02T12:00:00Z')`);
  const report = await reportOf([to('Z', 'voda', { zones: ['park'] })]);
  // The park grew between the two that came from the same point.
  expect(report.movedList).toContainEqual({ number: numbers[3], from: null, to: 'voda', rule: 'Z' });
  expect(report.movedList.find(({ number }) => number === numbers[2])).toMatchObject({ to: null });
});

test('rules that took nothing: some were never asked for, others stand in the shadow of an earlier one', async () => {
  const report = await reportOf([
    to('all', 'teplo', {}, { default: true }),
    to('wide', 'teplo', { branches: ['heating'] }),
    to('narrow', 'voda', { categories: ['burst'] }),
    to('absent', 'voda', { categories: ['flood'] }),
  ]);
  expect(report.neverHit).toEqual(['absent']);
  expect(report.shadowed).toEqual([{ rule: 'narrow', by: ['wide'] }]);
  expect(report.unroutable).toEqual([]);
});

test('a draft that names what does not exist is refused', async () => {
  await expect(draft([to('a', 'nobody', {}), to('a', 'teplo', {}, { unit: 'none' })])).rejects.toMatchObject({
    code: 'rules',
    detail: { faults: ['a: twice', 'a: no organisation nobody', 'a: no unit none'] },
  });
});

test('nothing is published before the dry run of exactly these rules was read, nor by their author', async () => {
  const version = await draft([to('H', 'teplo', { branches: ['heating'] })]);
  await expect(put(version)).rejects.toMatchObject({ code: 'dry-run' });
  const { id } = await run(version);
  await expect(put(version)).rejects.toMatchObject({ code: 'dry-run' });
  await read(id);
  await db.execute(sql`update cc_rule_set set rules = rules || '[]'::jsonb where version = ${version}`);
  await expect(put(version, author)).rejects.toMatchObject({ code: 'same-person' });
  await db.execute(
    sql`update cc_rule_set set rules = jsonb_set(rules, '{0,to,organisation}', '"voda"') where version = ${version}`,
  );
  await expect(put(version)).rejects.toMatchObject({ code: 'dry-run' });
  await read((await run(version)).id);
  const before = (await readCity(db)).version;
  await put(version);
  const city = await readCity(db);
  expect(city.version).toBe(before + 1);
  expect(city.rules).toMatchObject({ version, rules: [{ to: { organisation: 'voda' } }] });
  await expect(put(version)).rejects.toMatchObject({ code: 'not-draft' });
  const { rows } = await db.execute(sql`select organisation from cc_request where number = ${numbers[2]!}`);
  expect(rows).toEqual([{ organisation: 'teplo' }]);
});

test('a city may let the author publish, and one act rolls back', async () => {
  await db.execute(sql`update cc_settings set body = body || '{"authorMayPublish": true}'`);
  await db.execute(sql`update cc_data set version = version + 1`);
  const before = (await readCity(db)).rules.version;
  const version = await draft([to('H', 'teplo', {})]);
  await read((await run(version)).id);
  clock.advance(60_000);
  await put(version, author);
  expect((await readCity(db)).rules.version).toBe(version);
  expect(await platform.work(other, (work) => rollBack(work))).toBe(before);
  expect((await readCity(db)).rules.version).toBe(before);
  expect(await platform.work(other, (work) => rollBack(work))).toBe(1);
  await expect(platform.work(other, (work) => rollBack(work))).rejects.toMatchObject({ code: 'first-rules' });
});

test('only those who may write and publish rules do', async () => {
  const nobody = staff([]);
  for (const act of [
    () => draft([], nobody),
    () => platform.work(nobody, (work) => dryRun(work, 1)),
    () => platform.work(nobody, (work) => rollBack(work)),
    () => put(1, staff([permission('rule_write')])),
  ])
    await expect(act()).rejects.toMatchObject({ status: 403 });
  await expect(run(999)).rejects.toMatchObject({ status: 404 });
  await expect(read('not-a-uuid')).rejects.toMatchObject({ status: 404 });
});
