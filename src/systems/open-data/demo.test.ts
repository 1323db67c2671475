// Keeps: the demo portal (open-data.md 6, 12; issue 3 point 9): datasets with real structure that went through the pipeline of everybody's uploads.
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { localDate } from '#platform/calendar/index.ts';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { personaActor } from '#platform/identity/personas.ts';
import { createPlatform } from '#platform/platform.ts';
import { openDataCity } from '../../../city/dnipro/index.ts';
import { officialTable } from './checks/official-tables.ts';
import { catalogueGraph, type Profile } from './dcat/profiles.ts';
import { statementsIn } from './dcat/rdf-testing.ts';
import { findPublic, ofHighValue, readPortal } from './dcat/reading.ts';
import { found } from './dcat/shacl-testing.ts';
import { dcatAp2, dcatAp3, highValueShapes } from './dcat/shapes.ts';
import { syntaxes } from './dcat/syntaxes.ts';
import { createOnItsDay, demo, makeDataset, makeLongTable } from './demo.ts';
import { demoFile, officialRows } from './demo-files.ts';
import { openData } from './index.ts';
import { demoOfficer } from './tokens.ts';

const base = await testPlatform({ systems: [openData] });
const platform = createPlatform({
  config: { ...base.config, mode: 'demo' },
  clock: base.clock,
  pool: base.pool,
  systems: [openData],
});
const now = base.clock.now();
const today = localDate(now);
const rowsOf = async <T extends Record<string, unknown>>(query: ReturnType<typeof sql>) =>
  (await platform.db.execute<T>(query)).rows;

let first = 0;
beforeAll(async () => {
  await demo(platform, manualClock(now));
  first = (await rowsOf(sql`select from od_dataset`)).length;
  const officer = await personaActor(platform, demoOfficer);
  for (const dataset of openDataCity.datasets) await createOnItsDay(platform, officer, now, dataset);
}, 120_000);

describe('the demo portal', () => {
  it('has over fifty published datasets of twelve units, each with its officer, under many themes', async () => {
    const published = await rowsOf(sql`select from od_dataset where state = 'published'`);
    expect(published.length).toBeGreaterThanOrEqual(50);
    const units = await rowsOf<{ name: string; officers: number; datasets: number }>(sql`
      select o.name, (select count(*)::int from access_grant g where g.organisation = o.unit and g.role = 'open-data.admin') as officers,
        (select count(*)::int from od_dataset d where d.organisation = o.id) as datasets from od_organisation o`);
    expect(units).toHaveLength(12);
    expect(units.filter((unit) => unit.officers !== 1 || unit.datasets === 0)).toEqual([]);
    const themes = await rowsOf(sql`select distinct "group" from od_dataset_group`);
    expect(themes.length).toBeGreaterThanOrEqual(8);
    const unsaid = await rowsOf(
      sql`select name from od_dataset where notes not like '%вигадані%' or maintainer is null`,
    );
    expect(unsaid).toEqual([]);
  });

  it('opens with those that have a history', () => {
    expect(first).toBe(openDataCity.datasets.filter((dataset) => dataset.first).length);
  });

  it('has loaded every file that is there at the opening but the one that gives people away, and found no wrong cell', async () => {
    const loads = await rowsOf<{
      name: string;
      state: string;
      errors: { code: string; severity: string }[];
    }>(sql`
      select d.name, l.state, coalesce(l.report -> 'errorCounts', '[]'::jsonb) as errors
      from od_load l join od_resource r on r.id = l.resource join od_dataset d on d.id = r.dataset
      where l.ended_at is not null`);
    const held = loads.filter((one) => one.state !== 'indexed');
    expect(held.map(({ name, state }) => [name, state])).toEqual([['volunteers', 'blocked']]);
    expect(held[0]!.errors.map(({ code }) => code).sort()).toEqual(['personal-phone', 'personal-rnokpp']);
    const wrong = loads.filter(
      (one) => one.state === 'indexed' && one.errors.some(({ severity }) => severity === 'error'),
    );
    expect(wrong).toEqual([]);
  });

  it('still serves the version before the one that the gate has blocked', async () => {
    const [volunteers] = await rowsOf(sql`
      select r.current_version, r.datastore_active, r.load_state from od_resource r join od_dataset d on d.id = r.dataset
      where d.name = 'volunteers'`);
    expect(volunteers).toEqual({ current_version: 1, datastore_active: true, load_state: 'blocked' });
  });

  it('has datasets with several versions of different days', async () => {
    const several = await rowsOf<{ name: string; versions: number; days: number }>(sql`
      select d.name, count(*)::int as versions, count(distinct v.made_at::date)::int as days
      from od_version v join od_resource r on r.id = v.resource join od_dataset d on d.id = r.dataset
      group by d.name, r.id having count(*) > 1 order by d.name`);
    expect(several).toEqual([
      { name: 'air-quality', versions: 3, days: 3 },
      { name: 'budget-execution', versions: 3, days: 3 },
    ]);
    const notes = await rowsOf<{ note: string }>(sql`
      select v.note from od_version v join od_resource r on r.id = v.resource join od_dataset d on d.id = r.dataset
      where d.name = 'air-quality' and r.position = 0 order by v.n`);
    expect(notes.map(({ note }) => note)).toEqual(['', 'Додано тиждень', 'Додано тиждень']);
    const [air] = await rowsOf<{ days: number }>(sql`
      select (${now.toISOString()}::date - modified_at::date) as days from od_dataset where name = 'air-quality'`);
    expect(air!.days).toBe(2);
  });

  it('has archived ones, a draft, one that waits for review, high-value ones and official tables', async () => {
    const states = await rowsOf<{ state: string; n: number }>(
      sql`select state, count(*)::int as n from od_dataset group by state`,
    );
    expect(Object.fromEntries(states.map(({ state, n }) => [state, n]))).toMatchObject({
      archived: 2,
      draft: 1,
      review: 1,
    });
    const [official] = await rowsOf<{ n: number }>(sql`
      select count(distinct table_schema ->> 'origin')::int as n from od_resource where table_schema is not null`);
    expect(official!.n).toBeGreaterThanOrEqual(35);
  });

  it('has stale ones: the last version is older than what was promised', async () => {
    const stale = await rowsOf<{ name: string }>(sql`
      select d.name from od_dataset d join od_resource r on r.dataset = d.id join od_version v on v.resource = r.id
      where d.state = 'published' group by d.id
      having (d.update_frequency = 'once a week' and max(v.made_at) < ${now.toISOString()}::timestamptz - interval '8 days')
        or (d.update_frequency = 'once a month' and max(v.made_at) < ${now.toISOString()}::timestamptz - interval '32 days')
        or (d.update_frequency = 'once a year' and max(v.made_at) < ${now.toISOString()}::timestamptz - interval '366 days')`);
    expect(stale.map(({ name }) => name).sort()).toEqual([
      'libraries',
      'tax-receipts',
      'volunteers',
      'water-quality',
    ]);
  });

  it('has read the messy files as their units meant them', async () => {
    const tableOf = async (name: string) => {
      const [table] = await rowsOf<{ name: string; report: Record<string, unknown> }>(sql`
        select t.name, l.report from od_table t join od_resource r on r.id = t.resource join od_dataset d on d.id = r.dataset
          join od_load l on l.resource = r.id where d.name = ${name} order by l.n desc limit 1`);
      const rows = await rowsOf(
        sql`select * from ${sql.raw(`open_data_rows."${table!.name}"`)} order by _id`,
      );
      return { rows, report: JSON.stringify(table!.report) };
    };
    const gardens = await tableOf('kindergartens');
    expect(gardens.report).toContain('windows-1251');
    expect(gardens.rows).toHaveLength(70);
    expect(Object.values(gardens.rows[0]!)).toContain('Заклад дошкільної освіти № 501 (демо)');
    const meals = await tableOf('school-meals');
    expect(meals.rows).toHaveLength(40);
    expect(Object.values(meals.rows[9]!)).toContain('Центральний');
    expect((await tableOf('budget-execution')).rows).toHaveLength(120);
    expect((await tableOf('parks')).rows).toHaveLength(36);
  });

  it('is valid DCAT-AP 2.1.1 and 3.0.1, its high-value part as the regulation wants it, and the same graph in every syntax', async () => {
    const site = 'http://misto.test/open-data';
    const portal = await readPortal(platform.db, site);
    const all = { q: '*:*', fq: [], sort: 'id asc', rows: 1000, start: 0 };
    const { datasets } = await findPublic(platform, site, all);
    // Those that are loaded: an API is wanted of high-value data.
    const { datasets: high } = await findPublic(platform, site, {
      ...all,
      fq: [ofHighValue, 'name:("parks" OR "air-quality")'],
    });
    expect(datasets.length).toBeGreaterThanOrEqual(50);
    expect(high).toHaveLength(2);
    const page = {
      size: 100,
      number: 1,
      issued: null,
      modified: null,
      address: (n: number) => `${site}/catalog?page=${n}`,
    };
    const graphOf = (some: typeof datasets, profile: Profile) =>
      catalogueGraph(portal, { ...page, datasets: some, total: some.length }, [profile]);
    expect(await found(graphOf(datasets, 'euro_dcat_ap_2'), dcatAp2)).toEqual([]);
    expect(await found(graphOf(datasets, 'euro_dcat_ap_3'), dcatAp3)).toEqual([]);
    expect(await found(graphOf(high, 'dcat_ap_hvd'), [...dcatAp3, ...highValueShapes])).toEqual([]);
    const graph = graphOf(datasets, 'euro_dcat_ap_3');
    const [one, ...others] = await Promise.all(
      syntaxes.map((syntax) => statementsIn(syntax.ending, syntax.write(graph))),
    );
    for (const other of others) expect(other).toEqual(one);
  });

  it('is made once, and goes on where an earlier try was cut off', async () => {
    const count = () =>
      rowsOf(sql`select (select count(*) from od_dataset) as d, (select count(*) from od_load) as l`);
    const before = await count();
    await demo(platform, manualClock(now));
    expect(await count()).toEqual(before);
  });

  it('is filled on in the background where a killed process has left it: a dataset whose file was not loaded gets its rows, once', async () => {
    const half = openDataCity.datasets.find(({ first, files }) => !first && files.length === 1)!;
    const state = () =>
      rowsOf(sql`
        select (select count(*)::int from od_load l where l.resource = r.id) as loads, r.current_version as version, r.rows::int > 0 as filled
        from od_resource r join od_dataset d on d.id = r.dataset where d.name = ${half.name}`);
    expect(await state()).toEqual([{ loads: 1, version: null, filled: null }]);
    const officer = await personaActor(platform, demoOfficer);
    for (const _ of ['after the kill', 'and once more']) {
      await makeDataset(platform, officer, now, half);
      expect(await state()).toEqual([{ loads: 1, version: 1, filled: true }]);
    }
  });
});

it('every dataset is of one of the units and has rows in each version; rows of official tables say all that must be said, in its form', () => {
  for (const { name, publisher, files } of openDataCity.datasets)
    for (const { versions, official } of files)
      for (const { table } of versions) {
        const { rows } = table(today);
        expect([name, rows.length > 0, openDataCity.publisherCalled(publisher)?.name]).toEqual([
          name,
          true,
          publisher,
        ]);
        if (!official) continue;
        const { columns } = officialTable(official)!.schema;
        expect(Object.keys(rows[0]!).filter((key) => !columns.some(({ id }) => id === key))).toEqual([]);
        const faults = officialRows(rows, official, today).flatMap((row) =>
          columns.flatMap(({ id, type, required }) => {
            const cell = row[id] ?? null;
            const fits = cell === null ? !required : (forms[type]?.test(String(cell)) ?? true);
            return fits ? [] : [`${name} ${id}: ${cell}`];
          }),
        );
        expect(faults.slice(0, 3)).toEqual([]);
      }
});

const forms: Readonly<Record<string, RegExp>> = {
  integer: /^-?\d+$/,
  numeric: /^-?\d+(\.\d+)?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  time: /^\d\d:\d\d:\d\d$/,
  boolean: /^(true|false)$/,
  url: /^https:/,
  text: /\S/,
};

it('the same day makes the same files', () => {
  for (const { files } of openDataCity.datasets.filter(({ first }) => first))
    for (const { versions, official } of files)
      for (const { table } of versions)
        expect(demoFile(table(today), today, official)).toEqual(demoFile(table(today), today, official));
});

describe('the long table', () => {
  it('has over a million rows of six columns', () => {
    expect(openDataCity.passengerCounts.rows).toBeGreaterThan(1_000_000);
    let rows = -1;
    for (const piece of openDataCity.passengerCountsCsv(today)) rows += piece.split('\n').length - 1;
    expect(rows).toBe(openDataCity.passengerCounts.rows);
  });

  it('is loaded piece by piece while the city is open; a stop leaves nothing half made, and the next try makes it', async () => {
    const stopping = new AbortController();
    const pieces = function* () {
      yield 'a,b\n';
      stopping.abort();
      yield '1,2\n';
    };
    const { rows: _, ...words } = openDataCity.passengerCounts;
    await makeLongTable(platform, { ...words, pieces }, stopping.signal);
    const there = () =>
      rowsOf(sql`select r.rows::int as rows from od_dataset d join od_resource r on r.dataset = d.id
      where d.name = 'passenger-counts'`);
    expect(await there()).toEqual([]);
    await makeLongTable(platform, { ...words, pieces }, new AbortController().signal);
    expect(await there()).toEqual([{ rows: 1 }]);
  });
});
