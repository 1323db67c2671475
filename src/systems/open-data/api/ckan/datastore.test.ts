// Keeps: open-data.md 5.7, every row.
import { describe, expect, it } from 'vitest';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
await portal.call('organization_create', { name: 'osvita', title: 'Освіта' }, officer);
await portal.call(
  'package_create',
  { name: 'schools', title: 'Школи', owner_org: 'osvita', private: false },
  officer,
);
const editor = await portal.member('osvita', 'editor', 'editor-one');

const rows = [
  { code: 'a1', назва: 'Школа № 1', місць: 850, at: '2026-11-01' },
  { code: 'b2', назва: 'Ліцей', місць: 420, at: '2026-11-02T10:30:00' },
  { code: 'c3', назва: 'Дитячий садок', місць: 120, at: '2026-11-03' },
];
const create = (more: Record<string, unknown> = {}, token = editor) =>
  portal.call(
    'datastore_create',
    { resource: { package_id: 'schools', name: 'Перелік' }, records: rows, ...more },
    token,
  );
const table = async (more: Record<string, unknown> = {}) => (await create(more)).result.resource_id as string;
const search = async (parameters: Record<string, unknown>, token?: string) =>
  (await portal.call('datastore_search', parameters, token)).result;
const shared = await table({ primary_key: 'code', aliases: 'shkoly' });

describe('datastore_create', () => {
  it('makes a resource with a table, open at once to those who ask, and tells its columns', async () => {
    const made = await create({
      include_records: true,
      calculate_record_count: true,
      primary_key: ['code'],
      fields: [
        { id: 'code', type: 'text', info: { label: 'Код' } },
        { id: 'назва' },
        { id: 'місць', type: 'int' },
        { id: 'at', type: 'timestamp' },
      ],
    });
    expect(made.status).toBe(200);
    expect(made.result).toMatchObject({
      method: 'insert',
      primary_key: ['code'],
      total: 3,
      fields: [
        { id: 'code', type: 'text', info: { label: 'Код' } },
        { id: 'назва', type: 'text' },
        { id: 'місць', type: 'int4' },
        { id: 'at', type: 'timestamp' },
      ],
      records: rows,
    });
    const resource = (await portal.call('resource_show', { id: made.result.resource_id })).result;
    expect(resource).toMatchObject({
      datastore_active: true,
      url_type: 'datastore',
      url: `${portal.site}/datastore/dump/${resource.id}`,
    });
    expect((await create()).result.records).toBeUndefined();
  });

  it('moves metadata_modified and counts on when it is repeated', async () => {
    const id = await table();
    await portal.call(
      'datastore_create',
      { resource_id: id, fields: [{ id: 'нове', type: 'bool' }], records: [] },
      editor,
    );
    await portal.call('datastore_create', { resource_id: id, records: [{ code: 'd4', нове: true }] }, editor);
    expect((await search({ resource_id: id })).total).toBe(4);
  });

  it('takes a resource that was made for rows', async () => {
    const made = await portal.call(
      'resource_create',
      { package_id: 'schools', url: '_datastore_only_resource', url_type: 'datastore', name: 'x' },
      editor,
    );
    expect(
      (await portal.call('datastore_create', { resource_id: made.result.id, records: [{ a: 1 }] }, editor))
        .status,
    ).toBe(200);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['neither id', { resource: undefined }, { resource_id: ['resource_id or resource required'] }],
    ['both ids', { resource_id: 'x' }, { resource: ['resource cannot be used with resource_id'] }],
    [
      'a name it cannot have',
      { fields: [{ id: '_x' }], records: [] },
      { fields: ['"_x" is not a valid field name'] },
    ],
    [
      'a type there is not',
      { fields: [{ id: 'x', type: 'money' }], records: [] },
      { fields: ['"money" is not a valid field type'] },
    ],
    [
      'a bad value',
      { fields: [{ id: 'n', type: 'int' }], records: [{ n: 1 }, { n: 'x' }] },
      { records_row: ['1'] },
    ],
    ['a taken alias', { aliases: ['shkoly'] }, { alias: ['The alias "shkoly" already exists.'] }],
  ])('refuses %s', async (_, more, error) => {
    const made = await create(more);
    expect([made.status, made.error.__type]).toEqual([409, 'Validation Error']);
    expect(made.error).toMatchObject(error);
  });

  it('writes to a file or a link only with force', async () => {
    const link = (
      await portal.call(
        'resource_create',
        { package_id: 'schools', url: 'https://example.org/a.csv' },
        editor,
      )
    ).result.id;
    const refused = await portal.call('datastore_create', { resource_id: link, records: rows }, editor);
    expect(refused.error['read-only'][0]).toMatch(
      /^Cannot edit read-only resource because changes made may be lost/,
    );
    expect(
      (await portal.call('datastore_create', { resource_id: link, records: rows, force: 'True' }, editor))
        .status,
    ).toBe(200);
  });

  it('is for those who may write there', async () => {
    expect((await create({}, '')).status).toBe(403);
    const other = await portal.member('osvita', 'member', 'reader-one');
    expect((await create({}, other)).status).toBe(403);
    expect((await portal.call('datastore_upsert', { resource_id: shared, records: [] }, other)).status).toBe(
      403,
    );
  });
});

describe('datastore_search', () => {
  it('answers rows with columns, total and the way on', async () => {
    const found = await search({ resource_id: shared, limit: 2 });
    expect(found).toMatchObject({
      resource_id: shared,
      include_total: true,
      limit: 2,
      records_format: 'objects',
      total: 3,
      total_was_estimated: false,
      fields: [
        { id: '_id', type: 'int' },
        { id: 'code', type: 'text' },
        { id: 'назва', type: 'text' },
        { id: 'місць', type: 'int4' },
        { id: 'at', type: 'timestamp' },
      ],
      _links: {
        start: `/api/3/action/datastore_search?resource_id=${shared}&limit=2`,
        next: `/api/3/action/datastore_search?resource_id=${shared}&limit=2&offset=2`,
      },
    });
    expect(found.records[0]).toEqual({
      _id: 1,
      code: 'a1',
      назва: 'Школа № 1',
      місць: 850,
      at: '2026-11-01T00:00:00.000',
    });
    expect(found.next_page).toBeUndefined();
  });

  it('works by GET with everything as text, by alias, by id', async () => {
    const filters = encodeURIComponent('{"місць": {"gte": "420"}}');
    const byGet = await portal.get(
      'datastore_search',
      `id=shkoly&filters=${filters}&limit=5&fields=code,місць&sort=${encodeURIComponent('місць desc')}&include_total=true`,
    );
    expect(byGet.result.records).toEqual([
      { code: 'a1', місць: 850 },
      { code: 'b2', місць: 420 },
    ]);
    expect(byGet.result.total).toBe(2);
  });

  it('tells the next page by _id only when asked', async () => {
    expect((await search({ resource_id: shared, limit: 2, include_next_page: true })).next_page).toEqual({
      _id: { gt: 2 },
    });
    expect(
      (await search({ resource_id: shared, limit: 2, include_next_page: true, sort: '_id desc' })).next_page,
    ).toEqual({ _id: { lt: 2 } });
    expect(
      (await search({ resource_id: shared, limit: 2, include_next_page: true, sort: 'code' })).next_page,
    ).toBeUndefined();
    const rest = await search({ resource_id: shared, filters: { _id: { gt: 2 } }, include_next_page: true });
    expect([rest.records.length, rest.next_page]).toEqual([1, undefined]);
  });

  it('leaves totals out, echoes a capped limit, gives columns alone with limit 0', async () => {
    const bare = await search({ resource_id: shared, include_total: false });
    expect('total' in bare || 'total_was_estimated' in bare).toBe(false);
    expect((await search({ resource_id: shared, limit: '99999' })).limit).toBe(32_000);
    const none = await search({ resource_id: shared, limit: 0 });
    expect([none.records, none.fields.length, none.total]).toEqual([[], 5, 3]);
  });

  it('gives lists, CSV and TSV', async () => {
    const ask = async (records_format: string) =>
      (await search({ resource_id: shared, records_format, fields: ['code', 'місць'], limit: 2 })).records;
    expect(await ask('lists')).toEqual([
      ['a1', 850],
      ['b2', 420],
    ]);
    expect(await ask('csv')).toBe('a1,850\nb2,420\n');
    expect(await ask('tsv')).toBe('a1\t850\nb2\t420\n');
    expect(
      (await portal.call('datastore_search', { resource_id: shared, records_format: 'pdf' })).status,
    ).toBe(409);
  });

  it('finds words in any form, by column, and as a query', async () => {
    const codes = async (more: Record<string, unknown>) =>
      (await search({ resource_id: shared, ...more })).records.map((row: { code: string }) => row.code);
    expect(await codes({ q: 'садки' })).toEqual(['c3']);
    expect(await codes({ q: { назва: 'ліцей' } })).toEqual(['b2']);
    expect(await codes({ q: '{"назва": "ліцей"}' })).toEqual(['b2']);
    expect(await codes({ q: 'школа | садок', plain: false })).toEqual(expect.arrayContaining(['a1', 'c3']));
    expect((await search({ resource_id: shared, q: 'ліцей' })).records[0].rank).toBeGreaterThan(0);
  });

  it.each<[string, Record<string, unknown>, Record<string, string[]>]>([
    [
      'filters that are none',
      { filters: 5 },
      { filters: ['Filters must be defined as a dict or a list of dicts'] },
    ],
    ['filters that are broken', { filters: '{' }, { filters: ['Cannot parse JSON'] }],
    ['an unknown field', { filters: { x: 1 } }, { filters: ['Unknown field: x'] }],
    ['a column that is not there', { fields: 'x' }, { fields: ['invalid value "x"'] }],
    ['an order by nothing', { sort: 'x' }, { sort: ['invalid value "x"'] }],
    ['a limit that is no number', { limit: 'x' }, { limit: ['Invalid integer'] }],
    ['a limit below nothing', { limit: -1 }, { limit: ['Must be a natural number'] }],
  ])('refuses %s', async (_, more, error) => {
    const answer = await portal.call('datastore_search', { resource_id: shared, ...more });
    expect([answer.status, answer.error.__type]).toEqual([409, 'Validation Error']);
    expect(answer.error).toMatchObject(error);
  });

  it('does not know a table that is not there, nor lets a stranger into a private one', async () => {
    const none = await portal.call('datastore_search', { resource_id: 'nothing' });
    expect([none.status, none.error.message]).toEqual([404, 'Not found: Resource "nothing" was not found.']);
    await portal.call('package_create', { name: 'secret', owner_org: 'osvita', private: true }, officer);
    const id = (await create({ resource: { package_id: 'secret' }, aliases: ['tayemno'] })).result
      .resource_id;
    expect((await portal.call('datastore_search', { resource_id: id })).status).toBe(403);
    expect((await search({ resource_id: id }, editor)).total).toBe(3);
    expect((await portal.call('datastore_search_sql', { sql: 'select * from tayemno' })).status).toBe(403);
    expect(
      (await portal.call('datastore_search_sql', { sql: 'select code from tayemno' }, editor)).result.records
        .length,
    ).toBe(3);
    expect((await portal.fetch('/datastore/dump/tayemno')).status).toBe(404);
    const listed = (await search({ resource_id: '_table_metadata', limit: '32000' })).records.map(
      (row: { name: string }) => row.name,
    );
    expect(listed).toContain(shared);
    expect(listed).not.toContain(id);
  });

  it('lists public tables and aliases under _table_metadata', async () => {
    const found = await search({ resource_id: '_table_metadata', filters: { alias_of: shared } });
    expect(found.records).toEqual([
      { _id: expect.any(Number), name: 'shkoly', oid: expect.any(Number), alias_of: shared },
    ]);
    expect(
      (await portal.get('datastore_search', 'id=_table_metadata&limit=0')).result.fields.map(
        (one: { id: string }) => one.id,
      ),
    ).toEqual(['_id', 'name', 'oid', 'alias_of']);
  });
});

describe('datastore_upsert and deletions', () => {
  it('add, change, and try without changing', async () => {
    const id = await table({ primary_key: 'code' });
    const upsert = (more: Record<string, unknown>) =>
      portal.call('datastore_upsert', { resource_id: id, ...more }, editor);
    expect(
      (await upsert({ records: [{ code: 'a1', місць: 1 }, { code: 'z9' }], include_records: true })).result,
    ).toMatchObject({ resource_id: id, method: 'upsert', records: [{ code: 'a1' }, { code: 'z9' }] });
    expect((await upsert({ records: [{ code: 'q', місць: 5 }], dry_run: true })).result.dry_run).toBe(true);
    expect((await search({ resource_id: id })).total).toBe(4);
    expect((await upsert({ records: [{ code: 'none' }], method: 'update' })).error.key).toEqual([
      'key "none" not found',
    ]);
    expect((await upsert({ records: [{ місць: 1 }] })).error.key).toEqual([
      'fields "code" are missing but needed as key',
    ]);
    expect((await upsert({ records: [{ code: 'a', x: 1 }] })).error.fields).toEqual([
      'fields "x" do not exist',
    ]);
    expect((await upsert({ records: [{ code: 'a1' }], method: 'insert' })).error).toMatchObject({
      constraints: ['Cannot insert records or create index because of uniqueness constraint'],
      records_row: ['0'],
    });
    expect((await upsert({ records: [], method: 'merge' })).error.method).toEqual(['"merge" is not defined']);
    expect(
      (await portal.call('datastore_upsert', { resource_id: 'none', records: [] }, editor)).error.message,
    ).toBe('Not found: Resource "none" was not found.');
    const keyless = await table();
    expect(
      (await portal.call('datastore_upsert', { resource_id: keyless, records: [{ code: 'a' }] }, editor))
        .error.table,
    ).toEqual(['unique key must be passed for update/upsert']);
  });

  it('loaders that write in parallel on one token lose nothing', async () => {
    const id = await table({ primary_key: 'code' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        portal.call(
          'datastore_upsert',
          {
            resource_id: id,
            records: Array.from({ length: 20 }, (__, i) => ({ code: `p${n}-${i}`, місць: i })),
          },
          editor,
        ),
      ),
    );
    expect(answers.map((one) => one.status)).toEqual(Array(10).fill(200));
    expect((await search({ resource_id: id })).total).toBe(203);
  });

  it('take rows by filters, all of them, or the table', async () => {
    const id = await table();
    const remove = (action: string, more: Record<string, unknown>) =>
      portal.call(action, { resource_id: id, ...more }, editor);
    expect((await remove('datastore_records_delete', {})).error.filters).toEqual(['Missing value']);
    expect(
      (
        await remove('datastore_delete', { filters: { code: 'a1' }, include_deleted_records: true })
      ).result.deleted_records.map((row: { code: string }) => row.code),
    ).toEqual(['a1']);
    expect((await search({ resource_id: id })).total).toBe(2);
    expect((await remove('datastore_records_delete', { filters: {} })).result).toMatchObject({
      resource_id: id,
      filters: {},
    });
    expect((await search({ resource_id: id })).total).toBe(0);
    expect((await remove('datastore_delete', {})).status).toBe(200);
    expect((await portal.call('datastore_search', { resource_id: id })).status).toBe(404);
    expect((await portal.call('resource_show', { id })).result.datastore_active).toBe(false);
  });

  it('functions, sequences and triggers are closed to everybody', async () => {
    for (const action of [
      'datastore_function_create',
      'datastore_function_delete',
      'datastore_run_triggers',
      'datastore_sequence_create',
    ])
      expect((await portal.call(action, {}, officer)).status).toBe(403);
  });
});

describe('datastore_info', () => {
  it('tells size, count and columns, without _id', async () => {
    const { result } = await portal.call('datastore_info', { id: 'shkoly' });
    expect(result.meta).toMatchObject({
      id: shared,
      count: 3,
      table_type: 'BASE TABLE',
      aliases: ['shkoly'],
    });
    expect(result.meta.size).toBeGreaterThan(0);
    expect(result.fields[0]).toEqual({
      id: 'code',
      type: 'text',
      schema: {
        native_type: 'text',
        index_name: expect.any(String),
        is_index: true,
        notnull: false,
        uniquekey: true,
      },
    });
    expect(result.fields.map((field: { id: string }) => field.id)).toEqual(['code', 'назва', 'місць', 'at']);
    expect((await portal.get('datastore_info', 'resource_id=none')).error.message).toBe(
      'Not found: Resource/Alias "none" was not found.',
    );
  });
});

describe('datastore_search_sql', () => {
  const ask = (text: string, token?: string) =>
    portal.get('datastore_search_sql', `sql=${encodeURIComponent(text)}`, token);

  it('joins resources by id and alias, quoted columns as they are', async () => {
    const { result } = await ask(
      `SELECT a."назва", b."місць", a.at FROM "${shared}" a JOIN shkoly b USING (code) WHERE b."місць" > 200 ORDER BY 2;`,
    );
    expect(result.records).toEqual([
      { назва: 'Ліцей', місць: 420, at: '2026-11-02T10:30:00' },
      { назва: 'Школа № 1', місць: 850, at: '2026-11-01T00:00:00' },
    ]);
    expect(result.fields).toEqual([
      { id: 'назва', type: 'text' },
      { id: 'місць', type: 'int4' },
      { id: 'at', type: 'timestamp' },
    ]);
    expect(result.records_truncated).toBeUndefined();
    expect(result.sql).toContain('JOIN shkoly');
  });

  it('says that records were cut, and only then', async () => {
    expect((await ask('select g from generate_series(1, 32001) g')).result.records_truncated).toBe(true);
  });

  it.each<[string, number, unknown]>([
    ['select 1; select 2', 409, { query: ['Query is not a single statement.'] }],
    [
      'select * fro x',
      409,
      {
        query: ['syntax error at or near "fro"'],
        info: { statement: ['select * fro x'], orig: ['syntax error at or near "fro"'] },
      },
    ],
    ['select * from pg_class', 403, { message: 'Access denied: Not authorized to access system tables' }],
    ['select pg_sleep(1)', 403, { message: 'Access denied: Not authorized to call function pg_sleep' }],
    ['select * from nowhere', 404, { message: 'Not found: Resource "nowhere" was not found.' }],
    ['select nothing from shkoly', 409, { query: ['column "nothing" does not exist'] }],
    ['delete from shkoly', 403, {}],
  ])('refuses %s', async (text, status, error) => {
    const answer = await ask(text);
    expect(answer.status).toBe(status);
    expect(answer.error).toMatchObject(error as object);
  });
});

describe('the dump', () => {
  it('streams all rows under the portal and at the root of the host', async () => {
    for (const path of [`/open-data/datastore/dump/${shared}`, '/datastore/dump/shkoly']) {
      const answer = await portal.fetch(`${path}?fields=code,місць&bom=true`);
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${shared}.csv"`);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe(
        '\uFEFFcode,місць\r\na1,850\nb2,420\nc3,120\n',
      );
    }
  });

  it.each([
    ['csv', 'text/csv'],
    ['tsv', 'text/tab-separated-values'],
    ['json', 'application/json'],
    ['xml', 'text/xml'],
  ])('is %s', async (format, type) => {
    const answer = await portal.fetch(
      `/datastore/dump/${shared}?format=${format}&limit=1&offset=1&filters=${encodeURIComponent('{"місць":{"lt":800}}')}`,
    );
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
    expect(await answer.text()).toContain('c3');
  });

  it('says what is wrong with the request', async () => {
    const wrong = await portal.fetch(`/datastore/dump/${shared}?format=pdf`);
    expect([wrong.status, await wrong.text()]).toEqual([
      400,
      "format: Value must be one of ['csv','tsv','json','xml']",
    ]);
    expect(
      (await portal.fetch(`/datastore/dump/${shared}?filters=${encodeURIComponent('{"x":1}')}`)).status,
    ).toBe(400);
    expect((await portal.fetch(`/datastore/dump/${shared}?limit=x`)).status).toBe(400);
    expect((await portal.fetch('/datastore/dump/none')).status).toBe(404);
  });
});
