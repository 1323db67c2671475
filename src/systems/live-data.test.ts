// Keeps: personal data planted in requests are in no live dataset, version, dump, diff or feed (open-data.md 8, contact-centre.md 10.10).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { filesOf, readFile } from '#platform/files/index.ts';
import { createApp } from '#platform/http/app.ts';
import { createPlatform } from '#platform/platform.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { systems } from '#systems/index.ts';
import { contactCentreData } from '../../city/dnipro/index.ts';
import { loadCityData } from './contact-centre/city.ts';
import { inPost } from './contact-centre/posts.ts';
import { publishRequest } from './contact-centre/publishing.ts';
import { registerRequest } from './contact-centre/requests.ts';
import { officialTable } from './open-data/checks/official-tables.ts';
import { liveDatasets, readLive } from './open-data/live/runs.ts';
import { quoted } from './open-data/loading/sql.ts';
import { openStageDb } from './open-data/loading/stage-db.ts';
import { loadFolder } from './open-data/loading/testing.ts';

const base = await testPlatform();
const clock = base.clock as ManualClock;
const platform = createPlatform({
  config: { ...base.config, mode: 'demo' },
  clock,
  pool: base.pool,
  systems,
});
const app = createApp(platform, { cache: false, limits: false, log: () => {} });

/** Each as it would give somebody away; marked so that nothing else can look like it. */
const planted = {
  name: 'Марія Дубовенко-Планована',
  phone: '+380509998877',
  email: 'mariia.planovana@example.ua',
  spoken: '067 998 76 54',
  tax: '9123456783',
  flat: '137Щ',
};
const marks = [
  'Планована',
  'Дубовенко',
  '9998877',
  'planovana',
  '998 76 54',
  '9987654',
  planted.tax,
  planted.flat,
];
const [first] = contactCentreData.buildings;
const sameDistrict = contactCentreData.buildings.filter(({ district }) => district === first!.district);
const otherStreets = [...new Map(sameDistrict.map((one) => [one.street, one])).values()].filter(
  ({ street }) => street !== first!.street,
);
/** Three streets of one district, and a house in another one. */
const buildings = [first!, otherStreets[0]!, otherStreets[1]!];
const apart = contactCentreData.buildings.find(({ district }) => district !== first!.district)!;
const numbers: string[] = [];

beforeAll(async () => {
  await platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData));
  for (let n = 0; n < 14; n += 1) {
    clock.advance(3_700_000);
    const made = await platform.work(anonymous, (work) =>
      registerRequest(work, {
        source: n % 2 ? 'web' : 'phone',
        intakeKey: `planted-${n}`,
        category: 'heat-none',
        text: `Холодно, кв. ${planted.flat}, ${planted.name}, ${planted.spoken}, ${planted.email}, код ${planted.tax}, раз ${n}`,
        answers: [{ code: 'scope', values: ['house'] }],
        // Seven at one house, the others apart: groups of each size.
        place: { building: (n === 13 ? apart : buildings[n < 7 ? 0 : (n % 2) + 1]!).id, flat: planted.flat },
        reporter: {
          channel: 'web',
          language: 'uk',
          name: planted.name,
          phone: planted.phone,
          email: planted.email,
        },
      }),
    );
    numbers.push(made.number);
    if (n < 3)
      await platform.work(inPost('moderator'), (work) => publishRequest(work, made.number)).catch(() => {});
  }
  for (const key of liveDatasets(platform).keys()) await readLive(platform, key);
  // A second version, so that there is a difference to look at.
  clock.advance(86_400_000);
  await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: 'planted-last',
      category: 'heat-none',
      text: `Ще раз: ${planted.name}, ${planted.phone}`,
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: buildings[0]!.id, flat: planted.flat },
      reporter: { channel: 'web', language: 'uk', name: planted.name, phone: planted.phone },
    }),
  );
  for (const key of liveDatasets(platform).keys()) await readLive(platform, key);
});

async function resourceOf(key: string): Promise<string> {
  const { rows } = await platform.db.execute<{ resource: string }>(
    sql`select resource from od_live where key = ${key}`,
  );
  return rows[0]!.resource;
}
const body = async (path: string) => {
  const answer = await app.request(path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
};
const folder = loadFolder();
/** What a Parquet file holds, as text. */
async function rowsOf(parquet: Uint8Array): Promise<string> {
  const path = join(folder, 'data.parquet');
  writeFileSync(path, parquet);
  const db = await openStageDb(folder);
  try {
    return JSON.stringify(await db.rows(`select * from read_parquet(${quoted(path)})`));
  } finally {
    db.close();
  }
}
function clean(place: string, text: string): void {
  for (const mark of [...marks, ...numbers]) expect(text.includes(mark), `${mark} in ${place}`).toBe(false);
}

describe('the live datasets of the city', () => {
  it('are the requests as 33/appeals, the figures of enterprises, the register of datasets and its use', async () => {
    expect([...liveDatasets(platform).keys()].sort()).toEqual([
      'contact-centre.performance',
      'contact-centre.requests',
      'open-data.register',
      'open-data.usage',
    ]);
    const { rows } = await platform.db.execute(
      sql`select key, state, fault from od_live where key in ('contact-centre.requests', 'open-data.register') order by key`,
    );
    expect(rows).toEqual([
      { key: 'contact-centre.requests', state: 'published', fault: null },
      { key: 'open-data.register', state: 'published', fault: null },
    ]);
  });

  it('keep to their tables: every row of 33/appeals has what is required, the day alone, a street without a house', async () => {
    const resource = await resourceOf('contact-centre.requests');
    const answer = await body(`/open-data/api/3/action/datastore_search?resource_id=${resource}&limit=100`);
    const { records, total } = JSON.parse(answer).result as {
      records: Record<string, string>[];
      total: number;
    };
    // The one in another district stands alone in any company: it is left out and counted.
    const { rows: runs } = await platform.db.execute<{ read: string; left: string }>(sql`
      select rows_read as read, suppressed as left from od_live_run where key = 'contact-centre.requests' order by ended_at desc limit 1`);
    expect([total, runs[0]]).toEqual([14, { read: '15', left: '1' }]);
    const houses = new Set(buildings.map(({ street }) => street));
    for (const record of records) {
      for (const { id, required } of officialTable('835/33/appeals')!.schema.columns)
        if (required && id !== 'organizationId' && id !== 'result') expect(record[id], id).toBeTruthy();
      expect(record.receivedDateTime).toMatch(/T00:00:00/);
      if (record.addressThoroughfare !== null && record.addressThoroughfare !== 'інше')
        expect(houses).toContain(record.addressThoroughfare);
      expect(record.addressLocatorDesignator).toBeNull();
      expect(record.addressLocatorBuilding).toBeNull();
    }
    const groups = Map.groupBy(records, (one) => [one.addressAdminUnitL4, one.addressThoroughfare].join());
    for (const group of groups.values()) expect(group.length).toBeGreaterThanOrEqual(5);
  });

  it('hold nothing of what was planted: in no row, version, report, dump, page or feed, and no number of a request leads back', async () => {
    const { rows: files } = await platform.db.execute<{ id: string; name: string }>(sql`
      select f.id, f.name from file f where f.id in (
        select unnest(array[v.raw_file, v.data_file]) from od_version v union all
        select unnest(array[l.file, l.errors_file, l.refused_file, l.repairs_file]) from od_load l)`);
    expect(files.length).toBeGreaterThan(3);
    for (const { id, name } of files) {
      const bytes = await readFile(platform.db, filesOf(platform.config), id);
      clean(name, name.endsWith('.parquet') ? await rowsOf(bytes) : bytes.toString('utf8'));
    }
    const { rows: tables } = await platform.db.execute<{ name: string }>(sql`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname = 'open_data_rows' or (schemaname = 'public' and tablename like 'od\_%')`);
    for (const { name } of tables)
      clean(name, JSON.stringify((await platform.db.execute(sql.raw(`select t::text from ${name} t`))).rows));
    const resource = await resourceOf('contact-centre.requests');
    for (const path of [
      `/open-data/datastore/dump/${resource}`,
      `/open-data/datastore/dump/${resource}?format=json`,
      `/open-data/datastore/dump/${resource}?format=xml`,
      `/open-data/api/3/action/package_show?id=zaiavky-kontakt-tsentru`,
      ...[
        'versions',
        'diff?from=1&to=2',
        'diff?from=1&to=2&format=csv',
        'rows?version=1',
        'export.csv',
        'profile',
      ].map((one) => `/api/v1/open-data/resources/${resource}/${one}`),
      '/open-data/dataset/zaiavky-kontakt-tsentru',
      '/open-data/dataset/zaiavky-kontakt-tsentru.jsonld',
      `/open-data/dataset/zaiavky-kontakt-tsentru/resource/${resource}`,
      '/feeds/dataset.atom',
      '/open-data/catalog.ttl',
      '/datasets.csv',
    ])
      clean(path, await body(path));
  });

  it('link to the GeoReport files, which have numbers and checked texts, and no more of anybody', async () => {
    const shown = JSON.parse(
      await body('/open-data/api/3/action/package_show?id=zaiavky-kontakt-tsentru'),
    ).result;
    const links = shown.resources.map((one: { url: string }) => new URL(one.url).pathname);
    expect(links).toContain('/open311/bulk/requests.csv');
    for (const path of ['/open311/bulk/requests.csv', '/open311/bulk/requests.json']) {
      const text = await body(path);
      for (const mark of marks) expect(text.includes(mark), `${mark} in ${path}`).toBe(false);
      expect(text).toContain(numbers[0]);
    }
  });
});
