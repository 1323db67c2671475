// Keeps: how often data are used is counted and published without anything of who asked (open-data.md 8: usage, no IP).
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { officer, testPortal } from './api/ckan/testing.ts';
import { readLive } from './live/runs.ts';
import { sortByUses } from './search/sort-by-uses.ts';
import { writeUses } from './usage.ts';

const portal = await testPortal();
const { platform } = portal;
const clock = platform.clock as ManualClock;
let resource = '';

beforeAll(async () => {
  await portal.call('organization_create', { name: 'org' }, officer);
  await portal.call('package_create', { name: 'rows', owner_org: 'org' }, officer);
  const made = await portal.call(
    'datastore_create',
    { resource: { package_id: 'rows', name: 'Рядки' }, fields: [{ id: 'a' }], records: [{ a: '1' }] },
    officer,
  );
  resource = made.result.resource_id;
});

const uses = async () =>
  (await platform.db.execute(sql`select day::text, kind, count::int from od_usage order by day, kind`)).rows;

describe('uses of data', () => {
  it('are counted by day and kind: dumps and exports as downloads, searches, rows and SQL as requests', async () => {
    await portal.fetch(`/open-data/datastore/dump/${resource}`);
    await portal.call('datastore_search', { resource_id: resource });
    await portal.call('datastore_search', { resource_id: resource });
    await portal.get('datastore_search_sql', `sql=${encodeURIComponent(`select a from "${resource}"`)}`);
    await portal.fetch(`/api/v1/open-data/resources/${resource}/rows`);
    await portal.fetch(`/api/v1/open-data/resources/${resource}/export.csv`);
    await portal.call('datastore_search', { resource_id: 'unknown' });
    expect(await uses()).toEqual([]);
    await writeUses(platform.db);
    await writeUses(platform.db);
    expect(await uses()).toEqual([
      { day: '2026-11-24', kind: 'download', count: 2 },
      { day: '2026-11-24', kind: 'request', count: 4 },
    ]);
  });

  it('add up over the day, and hold nothing of who asked', async () => {
    await portal.call('datastore_search', { resource_id: resource });
    await writeUses(platform.db);
    expect(await uses()).toContainEqual({ day: '2026-11-24', kind: 'request', count: 5 });
    const { rows } = await platform.db.execute<{ column: string }>(
      sql`select column_name as column from information_schema.columns where table_name = 'od_usage' order by 1`,
    );
    expect(rows.map(({ column }) => column)).toEqual(['count', 'day', 'kind', 'resource']);
  });

  it('are published once their day is over', async () => {
    const read = async () => {
      await readLive(platform, 'open-data.usage');
      const { rows } = await platform.db.execute<{ state: string }>(
        sql`select state from od_live where key = 'open-data.usage'`,
      );
      return rows[0]!.state;
    };
    expect(await read()).toBe('empty');
    clock.advance(24 * 3_600_000);
    expect(await read()).toBe('published');
    const shown = (await portal.call('package_show', { id: 'vykorystannia-portalu' })).result;
    const { records } = (await portal.call('datastore_search', { resource_id: shown.resources[0].id }))
      .result;
    expect(records).toMatchObject([
      { day: '2026-11-24', dataset: 'rows', title: 'Рядки', resource, downloads: 2, requests: 5 },
    ]);
  });

  it('are what the catalogue can be sorted by, the same on its page and in the API', async () => {
    await portal.call('package_create', { name: 'unused', title: 'А', owner_org: 'org' }, officer);
    const order = async () =>
      (
        await portal.get('package_search', 'fq=organization:org&sort=views_recent desc, title_string asc')
      ).result.results.map((one: { name: string }) => one.name);
    expect(await order()).toEqual(['unused', 'rows']);
    await sortByUses(platform);
    expect(await order()).toEqual(['rows', 'unused']);
    const page = await (await portal.fetch('/open-data?organization=org&sort=use')).text();
    expect(page).toContain('Найуживаніші');
    expect(page.indexOf('/dataset/rows"')).toBeLessThan(page.indexOf('/dataset/unused"'));
    // The day that is still going on is not counted.
    const before = await platform.db.execute(sql`select changed from od_search order by dataset`);
    await sortByUses(platform);
    expect((await platform.db.execute(sql`select changed from od_search order by dataset`)).rows).toEqual(
      before.rows,
    );
  });
});
