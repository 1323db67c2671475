// Keeps: exports hold all rows in each format, stream, and run nothing in a spreadsheet (open-data.md 4.6, 11).
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import type { Field } from '../datastore/table.ts';
import { readFileTable } from '../loading/read-file.ts';
import { stagedCells } from '../loading/testing.ts';
import { answerFile } from './answer.ts';
import { copiesFolder } from './copies.ts';
import { ask } from './engine.ts';
import { type ExportRequest, exportRows } from './export.ts';
import type { Source } from './source.ts';
import { madeSource } from './testing.ts';

const platform = await testPlatform();
const folder = mkdtempSync(join(tmpdir(), 'misto-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fields: Field[] = [
  { id: 'назва', type: 'text' },
  { id: 'n', type: 'int8' },
  { id: 'x', type: 'numeric' },
  { id: 'день', type: 'date' },
  { id: 'так', type: 'bool' },
  { id: 'lat', type: 'float8' },
  { id: 'lon', type: 'float8' },
  { id: 'теги', type: '_text' },
];
const rows = [
  ['=1+1', '9007199254740993', '1.50', '2026-03-01', 'true', '48.46', '35.04', '[а, б]'],
  ['Парк; "Сад"\nліс', '-5', null, null, 'false', null, null, null],
  ['-12,5', '0', '0.25', '1650-01-01', null, '48.5', '35.1', '[]'],
];
const source = () => madeSource(platform, fields, rows);

async function exported(request: ExportRequest, from?: Source): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await exportRows(platform, from ?? (await source()), request)) parts.push(part);
  return Buffer.concat(parts);
}

describe('an export', () => {
  it('as CSV is faithful to each value, numbers with all their digits', async () => {
    expect((await exported({ format: 'csv' })).toString()).toBe(
      '_id,назва,n,x,день,так,lat,lon,теги\r\n' +
        '1,=1+1,9007199254740993,1.5,2026-03-01,true,48.46,35.04,"[""а"",""б""]"\n' +
        '2,"Парк; ""Сад""\nліс",-5,,,false,,,\n' +
        '3,"-12,5",0,0.25,1650-01-01,,48.5,35.1,[]\n',
    );
  });

  it('as CSV for Excel has its mark, semicolons and decimal commas, and no text that it would run', async () => {
    const text = (
      await exported({ format: 'csv', forExcel: true, fields: ['назва', 'n', 'x', 'так', 'теги'] })
    ).toString();
    expect(text).toBe(
      '\ufeffназва;n;x;так;теги\r\n' +
        '\'=1+1;9007199254740993;1,5;1;"а; б"\r\n' +
        '"Парк; ""Сад""\nліс";-5;;0;\r\n' +
        '-12,5;0;0,25;;\r\n',
    );
  });

  it('as TSV, NDJSON and JSON has the same rows', async () => {
    const only = { fields: ['_id', 'назва', 'x'] };
    expect((await exported({ format: 'tsv', ...only })).toString().split('\n')[1]).toBe('1\t=1+1\t1.5');
    const objects = (await exported({ format: 'ndjson', ...only })).toString().trim().split('\n');
    expect(objects.map((line) => JSON.parse(line))).toEqual([
      { _id: 1, назва: '=1+1', x: 1.5 },
      { _id: 2, назва: 'Парк; "Сад"\nліс', x: null },
      { _id: 3, назва: '-12,5', x: 0.25 },
    ]);
    expect(JSON.parse((await exported({ format: 'json', ...only })).toString())).toEqual(
      objects.map((line) => JSON.parse(line)),
    );
    expect(JSON.parse((await exported({ format: 'json', filters: { n: 77 } })).toString())).toEqual([]);
  });

  it('as GeoJSON places the rows that have a place, longitude first', async () => {
    const made = JSON.parse((await exported({ format: 'geojson' })).toString());
    expect(made.features.map((one: { geometry: unknown }) => one.geometry)).toEqual([
      { type: 'Point', coordinates: [35.04, 48.46] },
      null,
      { type: 'Point', coordinates: [35.1, 48.5] },
    ]);
    expect(made.features[0]).toMatchObject({ id: 1, properties: { назва: '=1+1', теги: ['а', 'б'] } });
    const flat = await madeSource(platform, [{ id: 'a', type: 'text' }], [['x']]);
    await expect(exported({ format: 'geojson' }, flat)).rejects.toMatchObject({
      status: 409,
      code: 'no-places',
    });
  });

  it('as XLSX is read again as it was: texts stay texts, days are days, nothing is a formula', async () => {
    const bytes = await exported({ format: 'xlsx' });
    const path = join(folder, 'a.xlsx');
    writeFileSync(path, bytes);
    const read = await readFileTable(path, folder, {
      raw: { sha256: '', name: 'a.xlsx' },
      rules: [{ id: '1', fix: { do: 'header-rows', rows: 1 }, author: '', on: true }],
    } as unknown as Parameters<typeof readFileTable>[2]);
    expect(read.headers).toEqual(['_id', ...fields.map(({ id }) => id)]);
    const { cells } = await stagedCells(read, folder);
    expect(cells[0]!.slice(0, 5)).toEqual(['1', '=1+1', '9007199254740993', '1.5', '2026-03-01']);
    expect(cells[2]!.slice(0, 5)).toEqual(['3', '-12,5', '0', '0.25', '1650-01-01']);
    expect(bytes.includes('<f>')).toBe(false);
    expect((await exported({ format: 'xlsx' })).equals(bytes)).toBe(true);
  });

  it('of more rows than a sheet holds is refused, and CSV is named instead', async () => {
    const large: Source = { ...(await source()), rows: 1_048_576 };
    await expect(exported({ format: 'xlsx' }, large)).rejects.toMatchObject({
      status: 413,
      message: expect.stringContaining('export.csv'),
    });
    expect((await exported({ format: 'xlsx', filters: { n: 0 } }, large)).subarray(0, 2).toString()).toBe(
      'PK',
    );
  });

  it('as Parquet of chosen rows is a table of its own', async () => {
    const bytes = await exported({ format: 'parquet', filters: { так: true }, fields: ['назва', 'n'] });
    expect(bytes.subarray(0, 4).toString()).toBe('PAR1');
    expect(bytes.subarray(-4).toString()).toBe('PAR1');
  });

  it('that its reader leaves gives back what it held', async () => {
    for (let n = 0; n < 30; n += 1) {
      const parts = await exportRows(platform, await source(), { format: 'csv' });
      await parts.return();
    }
    expect((await exported({ format: 'csv', fields: ['n'] })).toString()).toContain('9007199254740993');
  });
});

describe('the answer of a query', () => {
  const answer = (records: string) => ({
    fields: [
      { id: 'назва', type: 'text' },
      { id: 'Ціна', type: 'numeric' },
      { id: 'ціна', type: 'int8' },
      { id: 'день', type: 'date' },
      { id: 'коли', type: 'timestamptz' },
      { id: 'так', type: 'bool' },
      { id: 'числа', type: '_int4' },
      { id: '_full_text', type: 'tsvector' },
    ],
    records,
    isCut: false,
  });
  const records =
    '[{"назва":"","Ціна":12345678901234.50,"ціна":9007199254740993,"день":"2026-09-01","коли":"2026-09-01T10:00:00+03","так":true,"числа":[1,2]},{"назва":null,"Ціна":null,"ціна":null,"день":null,"коли":null,"так":null,"числа":null}]';
  const written = async (format: 'parquet' | 'xlsx', from: string) => {
    const parts: Buffer[] = [];
    for await (const part of answerFile(platform, answer(from), format, 'Відповідь')) parts.push(part);
    return Buffer.concat(parts);
  };
  const readBack = async (bytes: Buffer) => {
    const path = join(copiesFolder(platform.config), 'draft-read');
    writeFileSync(path, bytes);
    return ask(platform, { cells: 1 }, (session) =>
      session.rows<Record<string, unknown>>(`select * from read_parquet('${path}')`),
    );
  };

  it('as Parquet keeps types and digits; names that differ by case alone become two columns', async () => {
    expect(await readBack(await written('parquet', records))).toEqual([
      {
        назва: '',
        Ціна: '12345678901234.50',
        ціна_2: '9007199254740993',
        день: '2026-09-01',
        коли: '2026-09-01T10:00:00+03',
        так: true,
        числа: '[1,2]',
      },
      { назва: null, Ціна: null, ціна_2: null, день: null, коли: null, так: null, числа: null },
    ]);
    expect(await readBack(await written('parquet', '[]'))).toEqual([]);
  });

  it('as XLSX has its columns under their own names, and leaves no file behind', async () => {
    const path = join(folder, 'answer.xlsx');
    writeFileSync(path, await written('xlsx', records));
    const read = await readFileTable(path, folder, {
      raw: { sha256: '', name: 'answer.xlsx' },
      rules: [{ id: '1', fix: { do: 'header-rows', rows: 1 }, author: '', on: true }],
    } as unknown as Parameters<typeof readFileTable>[2]);
    expect(read.headers.slice(0, 4)).toEqual(['назва', 'Ціна', 'ціна', 'день']);
    expect(readdirSync(copiesFolder(platform.config)).filter((name) => name.includes('-columns'))).toEqual(
      [],
    );
  });
});
