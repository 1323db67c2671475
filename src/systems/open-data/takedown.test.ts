// Keeps: what must not have been published goes everywhere at once and for good, and a public mark stays (open-data.md 3, 11).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { fileJobs, forgetOrphans } from '#platform/files/orphans.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { officer, testPortal } from './api/ckan/testing.ts';
import { cutJobs } from './cut.ts';

const portal = await testPortal();
const { platform } = portal;
const app = createApp(platform, { cache: false, limits: false, log: () => {} });
const browser = new TestBrowser(app);
const csrf = () => /name="_csrf" value="([^"]*)"/.exec(browser.html)?.[1] ?? '';

beforeAll(async () => {
  await portal.call('organization_create', { name: 'osvita', title: 'Освіта' }, officer);
  await portal.call('package_create', { name: 'people', title: 'Люди', owner_org: 'osvita' }, officer);
  await browser.get('/sign-in');
  await browser.post('/sign-in/demo', { persona: 'data-officer', _csrf: csrf() });
});

async function send(content: string, id?: string): Promise<string> {
  const form = new FormData();
  form.set(id ? 'id' : 'package_id', id ?? 'people');
  form.set('upload', new Blob([content]), 'a.csv');
  const answer = await portal.fetch(`/open-data/api/3/action/${id ? 'resource_patch' : 'resource_create'}`, {
    method: 'POST',
    headers: { authorization: officer },
    body: form,
  });
  return ((await answer.json()) as { result: { id: string } }).result.id;
}
const rowsOf = async (id: string) => (await portal.call('datastore_search', { resource_id: id })).result;
/** Hashes that the store holds. */
const stored = () =>
  readdirSync(join(platform.config.dataDirectory, 'files'), { recursive: true })
    .map((name) => String(name).split('/').at(-1)!)
    .filter((name) => /^[0-9a-f]{64}$/.test(name));
/** Does what the background does with the bytes. */
async function forget(): Promise<void> {
  const { rows } = await platform.db.execute<{ sha256: string }>(
    sql`select payload #>> '{data,sha256}' as sha256 from outbox where payload ->> 'job' = 'platform.forget-content'`,
  );
  for (const { sha256 } of rows)
    await fileJobs.find(({ name }) => name === 'platform.forget-content')!.run(platform, { sha256 });
}
async function takeDown(id: string, version: string, reason: string): Promise<void> {
  const path = `/open-data/desk/resource/${id}/takedown`;
  await browser.get(path);
  await browser.post(path, { _csrf: csrf(), act: 'look', version, reason });
}

it('the officer sees what will go before it goes, and says why', async () => {
  const id = await send('n,t\n1,таємне\n');
  await takeDown(id, '', 'коротко');
  expect(browser.html).toContain('хоча б десять знаків');
  await takeDown(id, '', 'Список випадково мав зайвий стовпець');
  for (const text of [
    'Перевірте, перш ніж вилучити',
    'ресурс лишиться порожнім',
    'Повернути вилучене не можна',
  ])
    expect(browser.html).toContain(text);
  expect((await rowsOf(id)).total).toBe(1);
});

it('all of a resource goes from rows, files, Parquet, reports and the search; the day and the reason stay for everybody', async () => {
  const id = await send('n,t\n1,таємне\n2,н/д\n');
  const before = new Set(stored());
  const { rows: files } = await platform.db.execute<{ sha256: string }>(
    sql`select f.sha256 from od_version v join file f on f.id in (v.raw_file, v.data_file) where v.resource = ${id}`,
  );
  expect(files.every(({ sha256 }) => before.has(sha256))).toBe(true);
  await takeDown(id, '', 'Список випадково мав зайвий стовпець');
  await browser.submit(`/open-data/desk/resource/${id}/takedown`);
  await forget();

  for (const text of ['Версію 1 вилучено', 'Список випадково мав зайвий стовпець'])
    expect(browser.html).toContain(text);
  expect(browser.html).not.toContain('таємне');
  expect((await portal.call('datastore_search', { resource_id: id })).status).toBe(404);
  expect((await portal.call('datastore_search_sql', { sql: `select * from "${id}"` })).status).not.toBe(200);
  expect((await portal.fetch(`/datastore/dump/${id}`)).status).toBe(404);
  const gone = await portal.fetch(`/dataset/people/resource/${id}/download/a.csv`);
  expect([gone.status, await gone.text()]).toEqual([410, expect.stringContaining('зайвий стовпець')]);
  const now = stored();
  expect(files.filter(({ sha256 }) => now.includes(sha256))).toEqual([]);
  expect((await portal.call('resource_show', { id })).result).toMatchObject({
    datastore_active: false,
    load_status: null,
    version: null,
    size: null,
    hash: '',
  });
  const { rows } = await platform.db.execute(
    sql`select report, errors_file, repairs_file from od_load where resource = ${id}`,
  );
  expect(rows).toEqual([{ report: null, errors_file: null, repairs_file: null }]);
  const { rows: tables } = await platform.db.execute(
    sql`select tablename from pg_tables where schemaname = 'open_data_rows' and tablename in (select row_table from od_version where resource = ${id})`,
  );
  expect(tables).toEqual([]);
});

/** All that the portal says of a resource to anybody, in pages, feeds, files and APIs: what was answered, as one text. */
async function everything(id: string): Promise<string> {
  const native = ['', '?version=1', '?version=2'].flatMap((when) =>
    [
      'rows',
      'export.csv',
      'export.json',
      'export.xlsx',
      'profile',
      'repair',
      'validation',
      'schema.json',
    ].map((path) => `/api/v1/open-data/resources/${id}/${path}${when}`),
  );
  const paths = [
    ...native,
    ...[
      'versions',
      'versions/1',
      'versions/1/original',
      'versions/2/original',
      'diff',
      'diff?format=csv',
    ].map((path) => `/api/v1/open-data/resources/${id}/${path}`),
    '/open-data/dataset/people',
    '/open-data/dataset/people.ttl',
    `/open-data/dataset/people/resource/${id}`,
    `/open-data/dataset/people/resource/${id}?q=${word}`,
    `/open-data/dataset/people/resource/${id}/versions`,
    `/open-data/dataset/people/resource/${id}@v1`,
    `/open-data/dataset/people/resource/${id}@v2`,
    `/open-data/dataset/people/resource/${id}/diff?from=1&to=2`,
    `/open-data/dataset/people/resource/${id}/excel.csv`,
    `/open-data/embed/${id}`,
    `/dataset/people/resource/${id}/download/a.csv`,
    `/datastore/dump/${id}`,
    '/feeds/dataset/people.atom',
    '/feeds/dataset.atom',
    `/open-data/dataset?q=${word}`,
    '/api/3/action/package_show?id=people',
    `/api/3/action/package_search?q=${word}`,
    `/api/3/action/datastore_search?resource_id=${id}&q=${word}`,
    `/api/3/action/datastore_search_sql?sql=${encodeURIComponent(`select * from "${id}"`)}`,
  ];
  const said: string[] = [];
  for (const path of paths) {
    const answer = await portal.fetch(path, { headers: { accept: 'text/html' } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    // Whoever asks for the word is shown what they asked for.
    if (answer.status === 200)
      said.push(bytes.toString().replaceAll(`value="${word}"`, '').replaceAll(encodeURIComponent(word), ''));
  }
  return said.join('\n');
}

/** A cell that stands nowhere else. */
const word = 'пурпуровий';

it('within a minute no page, feed, file, difference or search has a cell of it, no table of the database and no copy of a column', async () => {
  const id = await send(`n,t\n1,${word}\n2,н/д\n`);
  await send(`n,t\n1,${word}\n2,сад\n`, id);
  const before = await everything(id);
  expect(before.split(word).length).toBeGreaterThan(10);
  const copies = () =>
    readdirSync(join(platform.config.dataDirectory, 'columns')).filter((name) => name !== 'spill');
  const hashes = await hashesOf(id);
  expect(copies().some((name) => hashes.some((hash) => name.includes(hash)))).toBe(true);

  await takeDown(id, '', 'Список випадково мав зайвий стовпець');
  await browser.submit(`/open-data/desk/resource/${id}/takedown`);
  await forget();
  await cutJobs.find(({ name }) => name === 'open-data.sweep-columns')!.run(platform, {});

  expect(await everything(id)).not.toContain(word);
  expect(copies().filter((name) => hashes.some((hash) => name.includes(hash)))).toEqual([]);
  const { rows: tables } = await platform.db.execute<{ name: string }>(
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const holding: string[] = [];
  for (const { name } of tables) {
    const { rows } = await platform.db.execute(
      sql`select from ${sql.raw(name)} as t where t::text like ${`%${word}%`} limit 1`,
    );
    if (rows.length > 0) holding.push(name);
  }
  expect(holding).toEqual([]);
  for (const [path, status] of [
    ['rows', 410],
    ['export.csv', 410],
    ['versions/1', 410],
    ['versions/2/original', 410],
    ['diff?from=1&to=2', 410],
    ['versions', 200],
  ] as const)
    expect([path, (await portal.fetch(`/api/v1/open-data/resources/${id}/${path}`)).status]).toEqual([
      path,
      status,
    ]);
});

async function hashesOf(id: string): Promise<string[]> {
  const { rows } = await platform.db.execute<{ sha256: string }>(
    sql`select f.sha256 from od_version v join file f on f.id = v.data_file where v.resource = ${id}`,
  );
  return rows.map(({ sha256 }) => sha256);
}

it('an old version goes alone, and what is served stays', async () => {
  const id = await send('n,t\n1,таємне\n');
  await send('n,t\n1,відкрите\n', id);
  await takeDown(id, '1', 'У першій версії були імена людей');
  expect(browser.html).toContain('лишається');
  await browser.submit(`/open-data/desk/resource/${id}/takedown`);
  expect((await rowsOf(id)).records).toEqual([{ _id: 1, n: 1, t: 'відкрите' }]);
  expect((await portal.fetch(`/dataset/people/resource/${id}/download/a.csv`)).status).toBe(200);
  const { rows } = await platform.db.execute(
    sql`select n, raw_file is null and data_file is null and row_table is null as gone, raw_sha256 <> '' as marked from od_version where resource = ${id} order by n`,
  );
  expect(rows).toEqual([
    { n: 1, gone: true, marked: true },
    { n: 2, gone: false, marked: true },
  ]);
});

it('rows of programs go as well, and the next file opens the resource again', async () => {
  const made = await portal.call(
    'datastore_create',
    { resource: { package_id: 'people', name: 'rows' }, records: [{ n: 1 }] },
    officer,
  );
  const table = made.result.resource_id as string;
  await takeDown(table, '', 'Рядки надіслано помилково');
  await browser.submit(`/open-data/desk/resource/${table}/takedown`);
  expect((await portal.call('datastore_search', { resource_id: table })).status).toBe(404);
  expect((await portal.fetch(`/api/v1/open-data/resources/${table}/rows`)).status).toBe(410);

  const id = await send('n\n1\n');
  await takeDown(id, '', 'Файл надіслано помилково');
  await browser.submit(`/open-data/desk/resource/${id}/takedown`);
  await send('n\n2\n', id);
  expect((await rowsOf(id)).records).toEqual([{ _id: 1, n: 2 }]);
  expect((await portal.fetch(`/dataset/people/resource/${id}/download/a.csv`)).status).toBe(200);
});

it('the same bytes that another resource holds are told of, and stay there', async () => {
  const one = await send('n\n77\n');
  const other = await send('n\n77\n');
  await takeDown(one, '', 'Файл надіслано помилково');
  expect(browser.html).toContain(other);
  await browser.submit(`/open-data/desk/resource/${one}/takedown`);
  await forget();
  await forgetOrphans(platform);
  expect((await portal.fetch(`/dataset/people/resource/${other}/download/a.csv`)).status).toBe(200);
});
