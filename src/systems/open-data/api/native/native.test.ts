// Keeps: the native API of versions answers as open-data.md 4.6 says, for programs of any language.
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { officer, testPortal } from '../ckan/testing.ts';
import { publisherOf } from './testing.ts';

const portal = await testPortal();
const { clock, send, ask } = publisherOf(portal);
const hours = 3_600_000;
const first =
  'код;назва;сума;день;lat;lon\n1; Парк ;1 234,50;01.02.2026;48,46;35,04\n2;Сад;н/д;02.02.2026;48,47;35,05\n';
const second =
  'код;назва;сума;день;lat;lon\n1;Парк;1 300,00;01.02.2026;48,46;35,04\n3;=Ліс;7,25;03.03.2026;;\n';
let resource = '';

beforeAll(async () => {
  await portal.call('organization_create', { name: 'parks', title: 'Парки' }, officer);
  await portal.call(
    'package_create',
    { name: 'green', title: 'Зелені зони', owner_org: 'parks', license_id: 'CC-BY-4.0' },
    officer,
  );
  resource = await send('green', first);
  clock.advance(48 * hours);
  await send('green', second, resource);
});

describe('/versions', () => {
  it('lists versions with their hashes, the newest first, and by number', async () => {
    const { status, body } = await ask(resource, '/versions');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      total: 2,
      versions: [
        { version: 2, current: true, rows: 2, key: ['код'], source: 'api', replaced_at: null },
        { version: 1, current: false, raw_sha256: createHash('sha256').update(first).digest('hex') },
      ],
    });
    expect((await ask(resource, '/versions?limit=1&offset=1')).body.versions).toHaveLength(1);
    const one = (await ask(resource, '/versions/v1')).body;
    expect(one).toMatchObject({ version: 1, validation: { rows: { read: 2, published: 2, refused: 0 } } });
    expect(one.repairs.map((repair: { rule: string }) => repair.rule)).toContain('number');
    for (const link of Object.values(one.links as Record<string, string>))
      expect((await fetch(link)).status).toBe(200);
  });

  it('gives the bytes of each version back as they came, whole or in parts', async () => {
    const original = await ask(resource, '/versions/1/original');
    expect(original.text).toBe(first);
    expect(original.headers.get('content-disposition')).toMatch(/^attachment/);
    const part = await portal.fetch(`/api/v1/open-data/resources/${resource}/versions/2/original`, {
      headers: { range: 'bytes=0-5' },
    });
    expect([part.status, await part.text()]).toEqual([206, Buffer.from(second).subarray(0, 6).toString()]);
  });

  it('knows no version that was never there, nor a resource', async () => {
    for (const path of ['/versions/3', '/versions/0', '/versions/x', '/rows?version=9', '/diff?from=1&to=9'])
      expect([404, 422]).toContain((await ask(resource, path)).status);
    const nothing = await ask('00000000-0000-4000-8000-000000000000', '/versions');
    expect([nothing.status, nothing.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });
});

describe('/diff', () => {
  it('counts first, then shows rows and cells by the key of the versions', async () => {
    const { body } = await ask(resource, '/diff?from=1&to=2');
    expect(body).toMatchObject({
      key: ['код'],
      counts: { added: 1, changed: 1, removed: 1, same: 0 },
      columns: { added: [], removed: [], retyped: [] },
      total: 3,
      next_offset: null,
    });
    expect(body.changes[1]).toMatchObject({
      change: 'changed',
      key: { код: '1' },
      cells: [{ column: 'сума', before: 1234.5, after: 1300 }],
    });
    expect((await ask(resource, '/diff')).body.counts).toEqual(body.counts);
    expect((await ask(resource, '/diff?from=2&to=1')).body.counts).toEqual({
      added: 1,
      changed: 1,
      removed: 1,
      same: 0,
    });
    expect((await ask(resource, '/diff?key=')).body).toMatchObject({
      key: [],
      counts: { added: 2, changed: 0, removed: 2 },
    });
  });

  it('comes by pages, and as CSV with the same bytes every time', async () => {
    const page = (await ask(resource, '/diff?limit=2')).body;
    expect([page.changes.length, page.next_offset]).toEqual([2, 2]);
    const csv = await ask(resource, '/diff?format=csv');
    expect(csv.text).toContain('changed,1,1,1,сума,1234.5,1300\n');
    expect((await ask(resource, '/diff?format=csv')).bytes.equals(csv.bytes)).toBe(true);
    expect(
      (await ask(resource, '/diff?from=1&to=2')).bytes.equals(
        (await ask(resource, '/diff?from=1&to=2')).bytes,
      ),
    ).toBe(true);
  });
});

describe('/rows', () => {
  it('reads the rows of a version, of the end of a day, of an instant', async () => {
    const sums = async (query: string) =>
      (await ask(resource, `/rows?${query}`)).body.records.map((row: Record<string, unknown>) => row.сума);
    expect(await sums('')).toEqual([1300, 7.25]);
    expect(await sums('version=1')).toEqual([1234.5, null]);
    expect(await sums('version=v2')).toEqual([1300, 7.25]);
    expect(await sums('as_of=2026-11-24')).toEqual([1234.5, null]);
    expect(await sums('as_of=2026-11-25T09:00:00Z')).toEqual([1234.5, null]);
    expect(await sums('as_of=2026-11-26')).toEqual([1300, 7.25]);
    expect((await ask(resource, '/rows?as_of=2026-11-23')).status).toBe(404);
    expect((await ask(resource, '/rows?as_of=yesterday')).status).toBe(422);
  });

  it('takes the parameters of datastore_search', async () => {
    const filters = encodeURIComponent(JSON.stringify({ код: { gte: 2 } }));
    const { body } = await ask(
      resource,
      `/rows?version=1&filters=${filters}&fields=_id,назва&limit=1&sort=назва desc`,
    );
    expect(body).toMatchObject({
      version: 1,
      total: 1,
      records: [{ _id: 2, назва: 'Сад' }],
      next_offset: null,
    });
    expect((await ask(resource, '/rows?version=1&q=паркам')).body.total).toBe(1);
    const wrong = await ask(resource, '/rows?filters={');
    expect([wrong.status, wrong.body.errors]).toEqual([
      422,
      [{ field: 'filters', message: 'Cannot parse JSON' }],
    ]);
  });

  it('stands in CKAN’s search, info and dump as `version` and `as_of` too', async () => {
    const found = await portal.get('datastore_search', `resource_id=${resource}&version=1&limit=1`);
    expect(found.result).toMatchObject({ total: 2, version: '1', records: [{ _id: 1, сума: 1234.5 }] });
    expect(found.result._links.next).toContain('version=1');
    expect(
      (await portal.get('datastore_search', `resource_id=${resource}&as_of=2026-11-24`)).result.total,
    ).toBe(2);
    expect((await portal.get('datastore_search', `resource_id=${resource}&as_of=2020-01-01`)).status).toBe(
      404,
    );
    expect(
      (await portal.get('datastore_search', `resource_id=${resource}&version=x`)).error.version,
    ).toBeTruthy();
    expect((await portal.call('datastore_info', { id: resource, version: 1 })).result.meta).toMatchObject({
      count: 2,
      version: 1,
    });
    const dump = await portal.fetch(`/datastore/dump/${resource}?version=1&fields=_id,сума`);
    expect(await dump.text()).toBe('_id,сума\r\n1,1234.5\n2,\n');
    expect((await portal.fetch(`/datastore/dump/${resource}?version=7`)).status).toBe(404);
  });
});

describe('/aggregate', () => {
  it('groups, counts, sums and averages, of any version', async () => {
    const { body } = await ask(resource, '/aggregate?group_by=день&measure=count,sum(сума)&version=1');
    expect(body).toMatchObject({
      version: 1,
      truncated: false,
      groups: [
        { день: '2026-02-01', count: 1, 'sum(сума)': 1234.5 },
        { день: '2026-02-02', count: 1, 'sum(сума)': null },
      ],
    });
    expect(
      (await ask(resource, '/aggregate?measure=min(день),max(сума),avg(сума),median(сума)')).body.groups,
    ).toEqual([
      { 'min(день)': '2026-02-01', 'max(сума)': 1300, 'avg(сума)': 653.625, 'median(сума)': 653.625 },
    ]);
    const cut = (await ask(resource, '/aggregate?group_by=код&limit=1&sort=код desc')).body;
    expect(cut).toMatchObject({ truncated: true, count: 1, groups: [{ код: '3' }] });
  });

  it('says which word of the question it does not know', async () => {
    for (const [query, field] of [
      ['group_by=немає', 'group_by'],
      ['measure=sum(назва)', 'measure'],
      ['measure=drop(сума)', 'measure'],
      ['sort=x', 'sort'],
      ['filters={"z":1}', 'filters'],
    ] as const) {
      const { status, body } = await ask(resource, `/aggregate?${query}`);
      expect([status, body.errors[0].field]).toEqual([422, field]);
    }
  });
});

describe('/profile, /schema.json, /csvw.json', () => {
  it('tell what the columns hold: least, greatest, mean, different, missing', async () => {
    const { body } = await ask(resource, '/profile?version=1');
    const sum = body.columns.find((column: { id: string }) => column.id === 'сума');
    expect(body.rows).toBe(2);
    expect(sum).toMatchObject({
      missing: 1,
      distinct: 1,
      min: '1234.5',
      max: '1234.5',
      mean: 1234.5,
      nullWords: { 'н/д': 1 },
    });
    expect((await ask(resource, '/profile?version=1')).body).toEqual(body);
  });

  it('describe the columns for other tools', async () => {
    const schema = (await ask(resource, '/schema.json')).body;
    expect(schema.fields).toContainEqual({ name: 'сума', type: 'number' });
    expect(schema.primaryKey).toEqual(['код']);
    const csvw = await ask(resource, '/csvw.json?version=1');
    expect(csvw.body).toMatchObject({
      url: expect.stringMatching(/export\.csv\?version=1$/),
      tableSchema: { columns: expect.any(Array) },
    });
    expect((await fetch(csvw.body.url)).status).toBe(200);
  });
});

describe('/validation and /repair', () => {
  it('tell of each repaired cell how it stood and by which rule it changed', async () => {
    const { body } = await ask(resource, '/repair?version=1');
    expect(body.repairs).toContainEqual({
      row: 1,
      _id: 1,
      column: 'сума',
      before: '1 234,50',
      after: '1234.5',
      rule: 'number',
    });
    expect(body.repairs).toContainEqual({
      row: 2,
      _id: 2,
      column: 'сума',
      before: 'н/д',
      after: null,
      rule: 'null-word',
    });
    expect(body.repairs).toContainEqual({
      row: 1,
      _id: 1,
      column: 'назва',
      before: ' Парк ',
      after: 'Парк',
      rule: 'trim',
    });
    const csv = await ask(resource, '/repair?version=1&format=csv');
    expect(csv.text).toContain('1,1,сума,"1 234,50",1234.5,number\n');
    expect(csv.text.trim().split('\n')).toHaveLength(body.total + 1);
  });

  it('tell of each cell that is wrong, and of none in a clean file', async () => {
    const { body } = await ask(resource, '/validation');
    expect(body).toMatchObject({
      version: 2,
      rows: { read: 2, published: 2, refused: 0 },
      total: 0,
      errors: [],
    });
    const bad = await send('green', 'n;день\n1;01.02.2026\n2;31.02.2026\n3;03.02.2026\n');
    const found = (await ask(bad, '/validation')).body;
    expect(found).toMatchObject({
      total: 1,
      errors: [{ row: 2, column: 'день', code: 'type', value: '31.02.2026' }],
    });
    expect((await ask(bad, '/validation?format=csv')).text).toMatch(
      /\r\n2,3,день,B,type,error,31\.02\.2026,/,
    );
  });
});

describe('OpenAPI', () => {
  it('describes every route, and the platform’s document has them', async () => {
    const document = (await (await portal.fetch('/openapi.json')).json()) as {
      paths: Record<string, object>;
    };
    const base = '/api/v1/open-data/resources/{id}';
    for (const path of [
      'versions',
      'versions/{n}',
      'diff',
      'rows',
      'aggregate',
      'export.csv',
      'export.parquet',
      'profile',
      'schema.json',
      'csvw.json',
      'validation',
      'repair',
    ])
      expect(document.paths[`${base}/${path}`]).toBeDefined();
    expect(document.paths[`${base}/versions`]).toHaveProperty('post');
  });

  it('may be asked by scripts of any site', async () => {
    const asked = await portal.fetch(`/api/v1/open-data/resources/${resource}/rows`, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect((await ask(resource, '/rows?version=9')).headers.get('access-control-allow-origin')).toBe('*');
  });
});
