import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileTable } from '../loading/read-file.ts';
import { openStageDb, type StageDb } from '../loading/stage-db.ts';
import { loadFolder } from '../loading/testing.ts';
import { typeTable } from '../loading/typed-table.ts';
import { officialTable, officialTables } from './official-tables.ts';
import type { SchemaColumn } from './table-schema.ts';
import { csvTemplate, xlsxTemplate } from './templates.ts';

const folder = loadFolder();
let db: StageDb;
beforeAll(async () => {
  db = await openStageDb(folder);
});
afterAll(() => db.close());

async function load(content: string | Buffer, id: string) {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  const read = await readFileTable(path, folder);
  await db.run(
    'drop view if exists published; drop view if exists cells; drop table if exists raw; drop table if exists errors; drop table if exists refused',
  );
  return typeTable(db, read, {
    schema: officialTable(id)!.schema,
    strictness: 'strict',
    personal: 'error',
    today: '2026-11-24',
  });
}

const good: Readonly<Record<string, string>> = {
  integer: '7',
  numeric: '12.5',
  date: '2025-03-12',
  timestamp: '2025-03-12T10:20:30',
  boolean: 'true',
  time: '10:20',
  url: 'https://city.example/a',
};
const roles: Readonly<Record<string, string>> = {
  edrpou: '43395033',
  katottg: 'UA12020010010037010',
  'post-code': '49000',
  cadastral: '1210100000:02:123:0001',
  lat: '48.46',
  lon: '35.04',
  currency: 'UAH',
  'official-contact': '+380567441122',
};
const cellOf = ({ type, role }: SchemaColumn, row: number) =>
  (role && roles[role]) ?? good[type] ?? `текст ${row}`;

/** A value that the column cannot hold, and what is said of it; null: it takes every text. */
function wrong({ type, role, required }: SchemaColumn): { value: string; code: string } | null {
  if (type !== 'text') return { value: 'щось інше', code: 'type' };
  if (role && ['edrpou', 'katottg', 'post-code', 'cadastral'].includes(role))
    return { value: '12', code: 'identifier' };
  return required ? { value: '', code: 'required' } : null;
}

describe('the empty template of an official table', () => {
  it('has its columns, as CSV and as a workbook', async () => {
    const { schema } = officialTable('835/33/appeals')!;
    for (const template of [csvTemplate(schema), xlsxTemplate(schema)]) {
      const table = await load(template, '835/33/appeals');
      expect(table.columns.map(({ id }) => id)).toEqual(schema.columns.map(({ id }) => id));
      expect(table).toMatchObject({ blocked: false, rows: { read: 0, published: 0, refused: 0 } });
    }
  });

  it.each(officialTables.map(({ id }) => id))(
    'once filled loads clean, and each column broken once is told by row, column and code: %s',
    async (id) => {
      const { columns, key, keyIsUnique } = officialTable(id)!.schema;
      const broken = columns.map(
        (column) =>
          wrong(column) ?? (keyIsUnique && key.includes(column.id) ? { value: '', code: 'key-null' } : null),
      );
      const rows = [null, null, ...columns.keys()].map((bad, row) =>
        columns
          .map((column, n) => (bad === n ? (broken[n]?.value ?? '') : cellOf(column, row)))
          .map((cell) => `"${cell}"`)
          .join(','),
      );
      const table = await load(`${csvTemplate(officialTable(id)!.schema)}${rows.join('\r\n')}\r\n`, id);
      const told = table.errors.map(({ row, column, code }) => `${row} ${column} ${code}`);
      const expected = columns.flatMap((column, n) =>
        broken[n] ? [`${n + 3} ${column.id} ${broken[n].code}`] : [],
      );
      expect(told).toEqual(expected);
      expect(table.blocked).toBe(true);
    },
  );
});
