import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { openPool } from '#platform/database/pool.ts';
import { appRole } from '#platform/database/roles.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createPlatform } from '#platform/platform.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { Denied, Faulty } from '../faults.ts';
import { runQuery } from './run-sql.ts';
import { searchTable } from './search.ts';
import { tablesNamed } from './tables.ts';
import { publishDatasetViews } from './views.ts';
import { createTable, deleteRows, dropTable, type Method, type TableRequest, writeRows } from './write.ts';

const owner = await testPlatform();
// As pages and programs work: what they may do is what the city may do.
const pool = openPool(owner.url, { role: appRole });
const platform = createPlatform({ config: owner.config, clock: owner.clock, pool, systems: [] });

const act = <T>(run: (work: Work) => Promise<T>) => platform.work(systemActor('test'), run);

const dataset = randomUUID();
await owner.pool.query(`insert into od_organisation (unit, name, created_at) values ('u', 'u', now())`);
await owner.pool.query(
  `insert into od_dataset (id, name, organisation, state, created_at, modified_at)
   select $1, 'shkoly', id, 'published', now(), now() from od_organisation`,
  [dataset],
);

async function resource(): Promise<string> {
  const id = randomUUID();
  await owner.pool.query(
    `insert into od_resource (id, dataset, position, kind, created_at, modified_at) values ($1, $2, 0, 'datastore', now(), now())`,
    [id, dataset],
  );
  return id;
}
const create = async (request: TableRequest, id?: string) => {
  const of = id ?? (await resource());
  return act((work) => createTable(work, of, request));
};
const table = async (name: string) => (await tablesNamed(platform.db, [name])).get(name)!;
const write = async (name: string, records: unknown, method: Method) =>
  act(async (work) => writeRows(work, (await tablesNamed(work.tx, [name])).get(name)!, records, method));
const rows = async (name: string, fields?: string[]) =>
  JSON.parse(
    (await searchTable(platform.db, await table(name), { ...(fields ? { fields } : {}) })).records,
  ) as Record<string, unknown>[];
const fault = async (run: () => Promise<unknown>) => {
  try {
    await run();
  } catch (error) {
    if (error instanceof Faulty) return error.fields;
    throw error;
  }
  return null;
};

describe('a table of API rows', () => {
  it('takes its columns from the first record when none are named', async () => {
    const made = await create({
      records: [
        {
          n: 1,
          big: 3_000_000_000,
          x: 1.5,
          code: '007',
          day: '2026-11-24',
          at: '24.11.2026 10:05',
          ok: true,
          list: [1],
          name: 'Школа',
          none: null,
        },
        {
          n: '2',
          big: 1,
          x: '2',
          code: '8',
          day: '25/11/2026',
          at: '2026-11-25T00:00:00',
          ok: 'false',
          list: { a: 1 },
          name: 5,
          none: 'x',
        },
      ],
    });
    expect(made.fields.map(({ id, type }) => `${id} ${type}`)).toEqual([
      'n int4',
      'big int8',
      'x float8',
      'code numeric',
      'day timestamp',
      'at timestamp',
      'ok bool',
      'list json',
      'name text',
      'none text',
    ]);
    expect(await rows(made.resource)).toEqual([
      {
        _id: 1,
        n: 1,
        big: 3e9,
        x: 1.5,
        code: 7,
        day: '2026-11-24T00:00:00.000',
        at: '2026-11-24T10:05:00.000',
        ok: true,
        list: [1],
        name: 'Школа',
        none: null,
      },
      {
        _id: 2,
        n: 2,
        big: 1,
        x: 2,
        code: 8,
        day: '2026-11-25T00:00:00.000',
        at: '2026-11-25T00:00:00.000',
        ok: false,
        list: { a: 1 },
        name: '5',
        none: 'x',
      },
    ]);
  });

  it('has the named columns, with their types, words and lists', async () => {
    const made = await create({
      fields: [
        { id: 'Назва', type: 'text', info: { label: 'Назва закладу' } },
        { id: 'місць', type: 'int' },
        { id: 'гуртки', type: '_text' },
        { id: 'день', type: 'date' },
      ],
      records: [
        { Назва: 'Ліцей', місць: '', гуртки: ['шахи', 'хор, друга'], день: '01.09.2026' },
        { Назва: '' },
      ],
    });
    expect(made.fields[0]).toEqual({ id: 'Назва', type: 'text', info: { label: 'Назва закладу' } });
    expect(await rows(made.resource)).toEqual([
      { _id: 1, Назва: 'Ліцей', місць: null, гуртки: ['шахи', 'хор, друга'], день: '2026-09-01' },
      { _id: 2, Назва: '', місць: null, гуртки: null, день: null },
    ]);
  });

  it('grows by columns and rows when it is made again, and loses columns only when told so', async () => {
    const { resource: id } = await create({ records: [{ a: 1 }] });
    await create({ fields: [{ id: 'a' }, { id: 'b', type: 'text' }], records: [{ a: 2, b: 'x' }] }, id);
    await create({ records: [{ c: 5 }] }, id);
    expect(await rows(id)).toEqual([
      { _id: 1, a: 1, b: null, c: null },
      { _id: 2, a: 2, b: 'x', c: null },
      { _id: 3, a: null, b: null, c: 5 },
    ]);
    await create({ fields: [{ id: 'a' }, { id: 'c' }], deleteFields: true }, id);
    expect(Object.keys((await rows(id))[0]!)).toEqual(['_id', 'a', 'c']);
  });

  it('is found by words in every form after each write', async () => {
    const { resource: id } = await create({
      fields: [
        { id: 'n', type: 'int' },
        { id: 't', type: 'text' },
      ],
      primaryKey: ['n'],
      records: [{ n: 1, t: 'Дитячий садок' }],
    });
    const found = async (q: string) => (await searchTable(platform.db, await table(id), { q })).total;
    expect(await found('садки')).toBe(1);
    await write(
      id,
      [
        { n: 1, t: 'Школа' },
        { n: 2, t: 'Садок' },
      ],
      'upsert',
    );
    expect([await found('садка'), await found('школи'), await found('дитячий')]).toEqual([1, 1, 0]);
  });

  it('is asked by its aliases, which belong to one table', async () => {
    const { resource: id } = await create({ records: [{ a: 1 }], aliases: ['schools', 'шкoли'] });
    expect((await table('schools')).resource).toBe(id);
    const other = await resource();
    expect(await fault(() => create({ records: [{ a: 1 }], aliases: ['schools'] }, other))).toEqual({
      alias: ['The alias "schools" already exists.'],
    });
    expect(await fault(() => create({ aliases: [id] }, other))).toEqual({
      alias: [`The alias "${id}" already exists.`],
    });
    expect(await fault(() => create({ aliases: ['a"b'] }, other))).toEqual({
      alias: ['"a"b" is not a valid alias name'],
    });
    await create({ aliases: ['schools2'] }, id);
    expect(await table('schools')).toBeUndefined();
    expect((await runQuery(platform.db, 'select a from schools2')).records).toBe('[{"a":1}]');
  });

  it.each<[string, TableRequest, Record<string, string[]>]>([
    ['an empty name', { fields: [{ id: '' }] }, { fields: ['"" is not a valid field name'] }],
    ['outer spaces', { fields: [{ id: ' a' }] }, { fields: ['" a" is not a valid field name'] }],
    ['an underscore first', { fields: [{ id: '_x' }] }, { fields: ['"_x" is not a valid field name'] }],
    ['a quote', { fields: [{ id: 'a"b' }] }, { fields: ['"a"b" is not a valid field name'] }],
    [
      'a control character',
      { fields: [{ id: 'a\u0007' }] },
      { fields: ['"a\u0007" is not a valid field name'] },
    ],
    [
      'a name over 63 bytes',
      { fields: [{ id: 'ї'.repeat(32) }] },
      { fields: [`Column heading "${'ї'.repeat(32)}" exceeds limit of 63 characters.`] },
    ],
    [
      'an unknown type',
      { fields: [{ id: 'a', type: 'money' }] },
      { fields: ['"money" is not a valid field type'] },
    ],
    [
      'a name twice',
      { fields: [{ id: 'a' }, { id: 'a' }] },
      { field: ['Duplicate column names are not supported'] },
    ],
    ['records that are no objects', { records: ['a'] }, { records: ['The first row is not a json object'] }],
    [
      'extra keys',
      { fields: [{ id: 'a' }], records: [{ a: 1 }, { a: 1, b: 2 }] },
      { records: ['row "2" has extra keys "b"'] },
    ],
    [
      'a key that is no column',
      { fields: [{ id: 'a' }], primaryKey: ['b'] },
      { index: ['The field "b" is not a valid column name.'] },
    ],
    [
      'an index on no column',
      { fields: [{ id: 'a' }], indexes: ['a,z'] },
      { index: ['The field "z" is not a valid column name.'] },
    ],
    [
      'a value of another type',
      { fields: [{ id: 'a', type: 'int' }], records: [{ a: 1 }, { a: 'x' }] },
      { records: ['invalid input syntax for type integer: "x"'], records_row: ['1'] },
    ],
    [
      'equal keys in rows that are there',
      { fields: [{ id: 'a', type: 'int' }], primaryKey: ['a'], records: [{ a: null }, { a: 'y' }] },
      { records: ['invalid input syntax for type integer: "y"'], records_row: ['1'] },
    ],
  ])('is refused with %s, and nothing is left', async (_, request, fields) => {
    const id = await resource();
    expect(await fault(() => create(request, id))).toEqual(fields);
    expect(await table(id)).toBeUndefined();
  });
});

describe('rows', () => {
  const made = () =>
    create({
      fields: [
        { id: 'k', type: 'text' },
        { id: 'n', type: 'int' },
      ],
      primaryKey: ['k'],
      records: [
        { k: 'a', n: 1 },
        { k: 'b', n: 2 },
      ],
    });

  it('are added or changed by key, the later record of one key counting, unnamed columns staying', async () => {
    const { resource: id } = await made();
    await write(id, [{ k: 'b', n: 20 }, { k: 'c', n: 3 }, { k: 'c', n: 30 }, { k: 'a' }], 'upsert');
    expect(await rows(id, ['k', 'n'])).toEqual([
      { k: 'a', n: 1 },
      { k: 'b', n: 20 },
      { k: 'c', n: 30 },
    ]);
  });

  it('are changed only when all are there', async () => {
    const { resource: id } = await made();
    await write(id, [{ k: 'a', n: '' }], 'update');
    expect(
      await fault(() =>
        write(
          id,
          [
            { k: 'b', n: 5 },
            { k: 'z', n: 5 },
          ],
          'update',
        ),
      ),
    ).toEqual({ key: ['key "z" not found'], records_row: ['1'] });
    expect(await rows(id, ['k', 'n'])).toEqual([
      { k: 'a', n: null },
      { k: 'b', n: 2 },
    ]);
  });

  it('are told apart by _id where there is no key', async () => {
    const { resource: id } = await create({ records: [{ a: 1 }, { a: 2 }] });
    await write(
      id,
      [
        { _id: 2, a: 20 },
        { _id: 9, a: 90 },
      ],
      'upsert',
    );
    await write(id, [{ a: 100 }], 'insert');
    expect(await rows(id)).toEqual([
      { _id: 1, a: 1 },
      { _id: 2, a: 20 },
      { _id: 9, a: 90 },
      { _id: 10, a: 100 },
    ]);
    expect(await fault(() => write(id, [{ a: 1 }], 'upsert'))).toEqual({
      key: ['fields "_id" are missing but needed as key'],
      records_row: ['0'],
    });
  });

  it('go in all or not at all, and the faulty one is named', async () => {
    const { resource: id } = await made();
    expect(
      await fault(() =>
        write(
          id,
          [
            { k: 'x', n: 1 },
            { k: 'a', n: 1 },
          ],
          'insert',
        ),
      ),
    ).toEqual({
      constraints: ['Cannot insert records or create index because of uniqueness constraint'],
      records_row: ['1'],
    });
    expect(
      await fault(() =>
        write(
          id,
          [
            { k: 'x', n: 1 },
            { k: 'y', n: 'many' },
          ],
          'upsert',
        ),
      ),
    ).toEqual({
      records: ['invalid input syntax for type integer: "many"'],
      records_row: ['1'],
    });
    expect(await fault(() => write(id, [{ k: 'x', z: 1 }], 'upsert'))).toEqual({
      fields: ['fields "z" do not exist'],
      records_row: ['0'],
    });
    expect(await fault(() => write(id, [{ n: 1 }], 'update'))).toEqual({
      key: ['fields "k" are missing but needed as key'],
      records_row: ['0'],
    });
    expect((await rows(id)).length).toBe(2);
  });

  it('written by two at once are neither lost nor doubled', async () => {
    const { resource: id } = await made();
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        write(
          id,
          Array.from({ length: 20 }, (__, i) => ({ k: `k${i}`, n: n * 100 + i })),
          'upsert',
        ),
      ),
    );
    expect((await rows(id)).length).toBe(22);
  });

  it('go by filters, all with none, and the table itself when it is told so', async () => {
    const { resource: id } = await made();
    expect(
      await act(async (work) =>
        deleteRows(work, (await tablesNamed(work.tx, [id])).get(id)!, { n: { gt: 1 } }),
      ),
    ).toBe(1);
    expect(await rows(id, ['k'])).toEqual([{ k: 'a' }]);
    await act(async (work) => dropTable(work, (await tablesNamed(work.tx, [id])).get(id)!));
    expect(await table(id)).toBeUndefined();
    const { rows: left } = await owner.pool.query(`select relname from pg_class where relname in ($1, $2)`, [
      id,
      `api_${id.replaceAll('-', '')}`,
    ]);
    expect(left).toEqual([]);
  });
});

it('queries see a table while its dataset is public', async () => {
  const { resource: id } = await create({ records: [{ a: 1 }], aliases: ['secret'] });
  const ask = (name: string) => runQuery(platform.db, `select a from "${name}"`);
  expect((await ask(id)).records).toBe('[{"a":1}]');
  await act(async (work) => {
    await work.tx.execute(sql`update od_dataset set private = true where id = ${dataset}`);
    await publishDatasetViews(work, [dataset]);
  });
  await expect(ask(id)).rejects.toBeInstanceOf(Denied);
  await expect(ask('secret')).rejects.toBeInstanceOf(Denied);
  await act(async (work) => {
    await work.tx.execute(sql`update od_dataset set private = false where id = ${dataset}`);
    await publishDatasetViews(work, [dataset]);
  });
  expect((await ask('secret')).records).toBe('[{"a":1}]');
});
