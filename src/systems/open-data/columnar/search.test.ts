// Keeps: rows of an old version are asked as those of the served one, with the same answers (open-data.md 4.6, 10).
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { dump } from '../datastore/dump.ts';
import { type SearchRequest, searchTable } from '../datastore/search.ts';
import type { DataTable, Field } from '../datastore/table.ts';
import { Faulty } from '../faults.ts';
import { fillFullText } from '../loading/text-index.ts';
import { dumpColumns } from './dump.ts';
import { searchColumns } from './search.ts';
import type { Source } from './source.ts';
import { madeSource } from './testing.ts';

const platform = await testPlatform();
const fields: Field[] = [
  { id: 'назва, том', type: 'text' },
  { id: 'n', type: 'int8' },
  { id: 'x', type: 'numeric' },
  { id: 'день', type: 'date' },
  { id: 'час', type: 'timestamp' },
  { id: 'так', type: 'bool' },
  { id: 'text', type: 'text' },
];
const rows: (string | null)[][] = [
  ['Школа № 1', '5', '1.5', '2026-01-02', '2026-01-02 10:05:00', 'true', 'a'],
  ['Ліцей', '10', '-0.25', '2026-03-01', null, 'false', 'b "x"'],
  [null, null, null, null, null, null, null],
  ['школи', '5', '100', '2026-01-02', '2026-01-01 00:00:00.5', 'true', 'рядок\nдва'],
  ["п'ять, шість", '-3', '0', '2025-12-31', '2026-01-02 10:05:00', 'false', ''],
];
let source: Source;
const table: DataTable = { from: sql`open_data_rows.old`, fields, rows: rows.length, isDense: true };

beforeAll(async () => {
  source = await madeSource(platform, fields, rows);
  await platform.pool.query(
    `create table open_data_rows.old (_id int8 primary key, "назва, том" text, n int8, x numeric, "день" date, "час" timestamp, "так" bool, text text, _full_text tsvector)`,
  );
  for (const [n, row] of rows.entries())
    await platform.pool.query('insert into open_data_rows.old values ($1, $2, $3, $4, $5, $6, $7, $8)', [
      n + 1,
      ...row,
    ]);
  await fillFullText((text, values) => platform.pool.query(text, values), 'old', fields);
});

/** What each of the two says. */
async function both(request: SearchRequest) {
  const told = async (act: () => Promise<unknown>) => {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Faulty) return Object.keys(error.fields);
      throw error;
    }
  };
  return [
    await told(() => searchTable(platform.db, table, request)),
    await told(() => searchColumns(platform, source, request)),
  ];
}

const value = fc.constantFrom<unknown>(
  5,
  '5',
  10,
  1.5,
  '1.50',
  -0.25,
  'Ліцей',
  'a',
  'b "x"',
  '',
  null,
  true,
  'false',
  '2026-01-02',
  '2026-01-02T10:05:00',
  'x',
);
const condition = fc.oneof(
  value,
  fc.array(value, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte'), value, { minKeys: 1, maxKeys: 2 }),
);
const dict = fc.dictionary(fc.constantFrom('_id', ...fields.map(({ id }) => id)), condition, { maxKeys: 2 });

describe('an old version', () => {
  it('answers filters, sorts, pages and columns as the served one does, records and totals alike', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(dict, fc.array(dict, { maxLength: 2 })),
        fc.subarray(
          ['n desc', '"назва, том"', 'x nulls first', 'час desc nulls last', '"text" desc', '_id desc'],
          { maxLength: 2 },
        ),
        fc.record({ limit: fc.nat(4), offset: fc.nat(3), distinct: fc.boolean() }),
        fc.constantFrom('objects', 'lists', 'csv', 'tsv') as fc.Arbitrary<'objects'>,
        async (filters, sort, page, format) => {
          const [served, old] = await both({
            filters,
            ...page,
            format,
            ...(page.distinct ? { fields: ['n', 'так'], sort: ['n', 'так'] } : { sort }),
          });
          expect(old).toEqual(served);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is searched by words in any form', async () => {
    const asked: NonNullable<SearchRequest['q']>[] = [
      'школу',
      'Школа',
      'ліцеєм',
      'немає',
      'школа 1',
      { 'назва, том': 'шість' },
      { text: 'два' },
    ];
    for (const q of asked) {
      const [served, old] = await both({ q, fields: ['_id'], sort: ['_id'] });
      expect(old).toEqual(served);
    }
    await expect(searchColumns(platform, source, { q: 'a & b', plain: false })).rejects.toThrow(
      /plain words/,
    );
  });

  it('is dumped in each format as the served one is', async () => {
    const read = async (parts: AsyncIterable<Buffer>) => {
      const all: Buffer[] = [];
      for await (const part of parts) all.push(part);
      return Buffer.concat(all).toString();
    };
    for (const format of ['csv', 'tsv', 'json', 'xml'] as const)
      for (const request of [
        { format },
        { format, filters: { n: 5 }, sort: ['x desc'], limit: 1 },
        { format, bom: true, limit: 0 },
      ])
        expect(await read(await dumpColumns(platform, source, request))).toBe(
          await read(await dump(platform.db, table, request)),
        );
  });
});
