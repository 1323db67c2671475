import { sql } from 'drizzle-orm';
import { XMLParser } from 'fast-xml-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { Faulty } from '../faults.ts';
import { type DumpRequest, dump } from './dump.ts';
import type { DataTable } from './table.ts';

const platform = await testPlatform();
const books: DataTable = {
  from: sql`ds_books`,
  rows: 4,
  isDense: true,
  fields: [
    { id: 'назва, том', type: 'text' },
    { id: 'n', type: 'numeric' },
    { id: 'at', type: 'timestamp' },
    { id: 'tags', type: '_text' },
    { id: '1st', type: 'json' },
  ],
};
const many: DataTable = {
  from: sql`ds_many`,
  rows: 45_000,
  isDense: true,
  fields: [{ id: 'n', type: 'int4' }],
};

beforeAll(async () => {
  await platform.pool.query(`
    create table ds_books (_id int8 primary key, "назва, том" text, n numeric, at timestamp, tags text[], "1st" json, _full_text tsvector);
    insert into ds_books values
      (1, 'Кобзар, т. 1', 12345678901234567890.10, '2026-11-24 10:05', '{a,"b,c"}', '{"k":1}', to_tsvector('simple', 'кобзар')),
      (2, E'рядок "1"\\nрядок 2', null, null, null, null, to_tsvector('simple', 'рядок')),
      (3, E'<a> & \\u0001b', 2, null, '{}', '[1,"x"]', to_tsvector('simple', 'b')),
      (4, null, 1.5, null, null, '"s"', null);
    create table ds_many (_id int8 primary key, n int4, _full_text tsvector);
    insert into ds_many select i, 45001 - i from generate_series(1, 45000) i`);
});

const read = async (request: Partial<DumpRequest> = {}, table = books) => {
  const chunks: Buffer[] = [];
  for await (const chunk of await dump(platform.db, table, { format: 'csv', ...request })) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
const numbers = async (request: Partial<DumpRequest>, table = many) =>
  (await read({ fields: ['_id'], ...request }, table)).split(/\r?\n/).slice(1, -1).map(Number);

describe('a dump', () => {
  it('is CSV: a header, a line for each row, quotes where they are needed', async () => {
    expect(await read()).toBe(
      '_id,"назва, том",n,at,tags,1st\r\n' +
        '1,"Кобзар, т. 1",12345678901234567890.10,2026-11-24T10:05:00.000,"{a,""b,c""}","{""k"":1}"\n' +
        '2,"рядок ""1""\nрядок 2",,,,\n' +
        '3,<a> & \u0001b,2,,{},"[1,""x""]"\n' +
        '4,,1.5,,,"""s"""\n',
    );
    expect(await read({ bom: true, limit: 0 })).toBe('\uFEFF_id,"назва, том",n,at,tags,1st\r\n');
  });

  it('is TSV', async () => {
    expect(await read({ format: 'tsv', fields: ['n', 'назва, том'], limit: 2 })).toBe(
      'n\tназва, том\r\n12345678901234567890.10\tКобзар, т. 1\n\t"рядок ""1""\nрядок 2"\n',
    );
  });

  it('is JSON with fields and records, numbers with all digits', async () => {
    const text = await read({ format: 'json' });
    expect(text).toContain('12345678901234567890.10');
    const { fields, records } = JSON.parse(text) as {
      fields: { id: string; type: string }[];
      records: unknown[][];
    };
    expect(fields.map(({ id, type }) => `${id} ${type}`)).toEqual([
      '_id int',
      'назва, том text',
      'n numeric',
      'at timestamp',
      'tags _text',
      '1st json',
    ]);
    expect(records.slice(1)).toEqual([
      [2, 'рядок "1"\nрядок 2', null, null, null, null],
      [3, '<a> & \u0001b', 2, null, [], [1, 'x']],
      [4, null, 1.5, null, null, 's'],
    ]);
    expect(JSON.parse(await read({ format: 'json', filters: { n: 77 } })).records).toEqual([]);
  });

  it('is XML with safe names, nothing where nothing is, items of lists', async () => {
    const text = await read({ format: 'xml' });
    expect(text).toContain('<n xsi:nil="true"/>');
    expect(text).toContain('<n>12345678901234567890.10</n>');
    expect(text).toContain('<tags><value key="0">a</value><value key="1">b,c</value></tags>');
    expect(text).toContain('<_1st><value key="k">1</value></_1st>');
    const { data } = new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(text);
    expect(data['@_xmlns:xsi']).toBe('http://www.w3.org/2001/XMLSchema-instance');
    expect(data.row.map((row: Record<string, unknown>) => [row['@_\u005fid'], row['назва__том']])[2]).toEqual(
      ['3', '<a> & b'],
    );
  });

  it('has all rows, not the first 32,000, in the order of the file', async () => {
    const all = await numbers({});
    expect([all.length, all[0], all.at(-1)]).toEqual([45_000, 1, 45_000]);
    expect(all.every((id, n) => id === n + 1)).toBe(true);
    const filtered = await numbers({ filters: { n: { lte: 30_000 } } });
    expect([filtered.length, filtered[0], filtered.at(-1)]).toEqual([30_000, 15_001, 45_000]);
    const grown = await numbers({}, { ...many, rows: null, isDense: false });
    expect(grown).toEqual(all);
  });

  it('begins and ends where it is told', async () => {
    expect(await numbers({ offset: 44_998 })).toEqual([44_999, 45_000]);
    expect(await numbers({ offset: 45_000 })).toEqual([]);
    expect(await numbers({ offset: 99_999, filters: { n: { gt: 0 } } })).toEqual([]);
    expect((await numbers({ limit: 20_001, offset: 5 })).at(-1)).toBe(20_006);
    expect(await numbers({ limit: 2, offset: 1, filters: { n: { lt: 10 } } })).toEqual([44_993, 44_994]);
    expect(await numbers({ limit: 0 })).toEqual([]);
  });

  it('stands in another order, or without repeats', async () => {
    const backwards = await numbers({ sort: ['_id desc'] });
    expect([backwards.length, backwards[0], backwards.at(-1)]).toEqual([45_000, 45_000, 1]);
    expect(await numbers({ sort: ['n'], limit: 3, offset: 1 })).toEqual([44_999, 44_998, 44_997]);
    expect(await read({ distinct: true, fields: ['at'], sort: ['at'] })).toBe(
      'at\r\n2026-11-24T10:05:00.000\n\n',
    );
  });

  it('finds words and narrows by hostile values without harm', async () => {
    expect(await read({ q: 'кобзарня', fields: ['_id'] })).toBe('_id\r\n');
    expect(await read({ q: 'кобзар', fields: ['_id'] })).toBe('_id\r\n1\n');
    expect(await read({ filters: { 'назва, том': `'; drop table ds_books; --\\` }, fields: ['_id'] })).toBe(
      '_id\r\n',
    );
    expect((await read({ fields: ['_id'] })).split('\n').length).toBe(6);
  });

  it('says what is wrong before it begins', async () => {
    await expect(dump(platform.db, books, { format: 'csv', filters: { no: 1 } })).rejects.toBeInstanceOf(
      Faulty,
    );
    await expect(
      dump(platform.db, books, { format: 'csv', filters: { at: '2026-02-31' } }),
    ).rejects.toBeInstanceOf(Faulty);
    await expect(
      dump(platform.db, books, { format: 'csv', sort: ['at'], filters: { at: '2026-02-31' } }),
    ).rejects.toBeInstanceOf(Faulty);
  });

  it('left half-way gives its connection back', async () => {
    for (let n = 0; n < 12; n++)
      for await (const _ of await dump(platform.db, many, { format: 'csv', sort: ['n'] })) break;
    expect(platform.pool.totalCount - platform.pool.idleCount).toBe(0);
  });
});
