import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { Denied, Faulty } from '../faults.ts';
import { mostRecords, runQuery } from './run-sql.ts';
import { guardQuery } from './sql-guard.ts';

const platform = await testPlatform();
const schools = '"6f1c0c9e-0000-4000-8000-000000000001"';

beforeAll(async () => {
  await platform.pool.query(`
    create table open_data_rows.t1 (_id int8 primary key, "Назва" text, "місць" int4, "площа" numeric, at timestamp, day date, ok bool,
      tags text[], more json, _full_text tsvector);
    insert into open_data_rows.t1 values (1, 'Школа "А"', 850, 1200.50, '2026-11-01 08:30', '1953-09-01', true, '{шахи,"хор, друга"}', '{"a":1}', 'школа'),
      (2, 'Садок', null, 'NaN', null, null, false, null, null, null);
    create view open_data.${schools} as select * from open_data_rows.t1;
    create view open_data.schools as select * from open_data_rows.t1;
    create table open_data_rows.hidden (_id int8 primary key);
    create view open_data.hidden as select * from open_data_rows.hidden;
    grant select on open_data.${schools}, open_data.schools to misto_query`);
});

const ask = async (text: string) => {
  await guardQuery(text);
  return runQuery(platform.db, text);
};
const rows = async (text: string) => JSON.parse((await ask(text)).records) as Record<string, unknown>[];
const fault = async (text: string) => {
  try {
    await runQuery(platform.db, text);
  } catch (error) {
    if (error instanceof Faulty) return error.fields;
    if (error instanceof Denied) return error.why;
    throw error;
  }
  return null;
};

describe('a query of the public', () => {
  it('answers records with their columns: numbers as numbers, times as ISO 8601, _id and _full_text with the star', async () => {
    const answer = await ask(`select * from ${schools} order by _id`);
    expect(answer.fields.map(({ id, type }) => `${id} ${type}`)).toEqual([
      '_id int8',
      'Назва text',
      'місць int4',
      'площа numeric',
      'at timestamp',
      'day date',
      'ok bool',
      'tags _text',
      'more json',
      '_full_text tsvector',
    ]);
    expect(answer.records).toContain('"площа":1200.50');
    expect(JSON.parse(answer.records)).toEqual([
      {
        _id: 1,
        Назва: 'Школа "А"',
        місць: 850,
        площа: 1200.5,
        at: '2026-11-01T08:30:00',
        day: '1953-09-01',
        ok: true,
        tags: ['шахи', 'хор, друга'],
        more: { a: 1 },
        _full_text: "'школа'",
      },
      {
        _id: 2,
        Назва: 'Садок',
        місць: null,
        площа: 'NaN',
        at: null,
        day: null,
        ok: false,
        tags: null,
        more: null,
        _full_text: null,
      },
    ]);
    expect(answer.isCut).toBe(false);
  });

  it('joins, groups and names tables by alias', async () => {
    expect(
      await rows(
        `select a."Назва", count(*) as n, sum(b."місць") from ${schools} a join schools b using (_id) where b.ok group by 1;`,
      ),
    ).toEqual([{ Назва: 'Школа "А"', n: 1, sum: 850 }]);
  });

  it('is cut at 32,000 records and says so', async () => {
    const cut = await ask('select g from generate_series(1, 40000) g');
    expect([JSON.parse(cut.records).length, cut.isCut]).toEqual([mostRecords, true]);
    const whole = await ask(`select g from generate_series(1, ${mostRecords}) g`);
    expect([JSON.parse(whole.records).length, whole.isCut]).toEqual([mostRecords, false]);
    expect(await ask('select 1 as a where false')).toEqual({
      fields: [{ id: 'a', type: 'int4' }],
      records: '[]',
      isCut: false,
    });
  });

  it('is cut when its records weigh more than 64 MB', async () => {
    const cut = await ask("select repeat('x', 900000) as x from generate_series(1, 90)");
    expect(cut.isCut).toBe(true);
    expect(cut.records.length).toBeLessThan(64_200_000);
  });

  it('says in the words of PostgreSQL what is wrong with it', async () => {
    expect(await fault('select nothing from schools')).toEqual({
      query: ['column "nothing" does not exist'],
      info: {
        statement: ['select nothing from schools'],
        params: ['{}'],
        orig: ['column "nothing" does not exist'],
      },
    });
    expect(Object.keys((await fault('select 1 / 0')) as object)).toEqual(['query', 'info']);
    expect(Object.keys((await fault('select * from nowhere')) as object)).toEqual(['query', 'info']);
  });

  it.each([
    'select * from public.person',
    'select * from open_data_rows.t1',
    'select * from open_data_rows.hidden',
    'select * from open_data.hidden',
    'select * from public.audit_log',
    'insert into open_data_rows.t1 (_id) values (9)',
    'update open_data.schools set "місць" = 1',
    'create table open_data.x (a int)',
    'create temp table x (a int)',
    'delete from public.person',
  ])('reads nothing else even past the grammar: %s', async (text) => {
    const said = await fault(`select 1 from (${text}) x`).catch((error: Error) => error.message);
    const alone = await fault(text).catch((error: Error) => error.message);
    expect(said).not.toBeNull();
    expect(alone).not.toBeNull();
  });

  it.each([
    "select repeat('x', 1000000000)",
    "select lpad('x', 1000000000)",
    "select rpad('x', 1000000000, 'y')",
    'select * from generate_series(1, 1000000000)',
    'select * from generate_series(1, 1000000000, 2)',
    'select * from generate_series(1, 100000000000)',
    'select * from generate_series(1.0, 1000000000.0)',
    "select * from generate_series(timestamp '2000-01-01', timestamp '2026-01-01', interval '1 second')",
    "select * from generate_series(timestamptz '2000-01-01', now(), interval '1 second')",
  ])('fills no memory: %s', async (text) => {
    await guardQuery(text);
    expect(JSON.stringify(await fault(text))).toContain('makes more than 1000000 here');
  });

  it('is refused before it runs when it could not end in time', async () => {
    const sides = ['a', 'b', 'c', 'd'].map((name) => `generate_series(1, 900000) ${name}`).join(', ');
    expect(JSON.stringify(await fault(`select count(*) from ${sides}`))).toContain('Query is too expensive');
  });

  it('leaves its connection as it was', async () => {
    await ask('select 1 as a');
    await fault('select 1 / 0');
    const { rows: left } = await platform.pool.query(
      `select current_user <> 'misto_query' as own, current_setting('search_path') as path`,
    );
    expect(left).toEqual([{ own: true, path: '"$user", public' }]);
  });
});
