import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import { Refusal } from '#platform/errors.ts';
import type { Platform } from '#platform/system.ts';
import { orderOf } from '../datastore/order.ts';
import { type SearchRequest, shownFields } from '../datastore/search.ts';
import { type Field, isNumber } from '../datastore/table.ts';
import { named, quoted } from '../loading/sql.ts';
import { copiesFolder } from './copies.ts';
import { ask, parquet, stream, textOf } from './engine.ts';
import { placesOf } from './places.ts';
import { recordText, whereOf } from './search.ts';
import { cellsOf, type Source } from './source.ts';
import { jsonText, plainText, quotedText, rowId } from './texts.ts';
import { mostSheetCells, mostSheetRows, sheetRowText, writeWorkbook } from './workbook.ts';

export const exportFormats = ['csv', 'tsv', 'ndjson', 'json', 'xlsx', 'parquet', 'geojson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  geojson: 'application/geo+json; charset=utf-8',
};

/** What is exported: all rows that fit, in their order, with `_id` first unless columns are chosen. */
export type ExportRequest = Pick<SearchRequest, 'filters' | 'q' | 'plain' | 'fields' | 'sort'> & {
  readonly format: ExportFormat;
  /** CSV as Excel of this country opens it: a mark for UTF-8, semicolons, decimal commas, and no text that it would run as a formula. */
  readonly forExcel?: boolean;
  /** Name of the sheet of a workbook. */
  readonly sheet?: string;
};

/**
 * All rows of a state that fit, as a file in parts: memory does not grow with it. What is wrong with the request shows before the
 * first part.
 *
 * @throws Faulty; Refusal 413 `too-many-rows` for a sheet, 409 `no-places` for GeoJSON of a table without coordinates.
 */
export async function exportRows(
  platform: Platform,
  source: Source,
  request: ExportRequest,
): Promise<AsyncGenerator<Buffer, void, undefined>> {
  const { format } = request;
  const table = { ...source, from: parquet(source.path), isDense: true };
  const fields = fieldsOf(source, shownFields(table, request.fields, []));
  const order = orderOf(table, request.sort, [], null);
  const where = await whereOf(platform, source, request);
  const from = sql`${parquet(source.path)} r ${where === null ? sql`` : sql`where ${where}`}
    ${order.byId === 'ascending' || order.by === null ? sql`order by _id` : sql`order by ${order.by}`}`;
  const lines = (text: string) => textOf(sql`select ${sql.raw(text)} from ${from}`);
  switch (format) {
    case 'csv':
    case 'tsv': {
      const mark = format === 'tsv' ? '\t' : request.forExcel ? ';' : ',';
      const head = fields.map(({ id }) => quotedName(id, mark)).join(mark);
      if (format === 'csv' && request.forExcel)
        return begun(inLines(platform, lines(excelText(fields)), `\ufeff${head}\r\n`, '\r\n'));
      return begun(inLines(platform, lines(recordText(fields, format)), `${head}\r\n`, '\n'));
    }
    case 'ndjson':
      return begun(inLines(platform, lines(recordText(fields, 'objects')), '', '\n'));
    case 'json':
      return begun(inList(platform, lines(recordText(fields, 'objects')), '[', ']\n'));
    case 'geojson':
      return begun(
        inList(
          platform,
          lines(featureText(source, fields)),
          '{"type":"FeatureCollection","features":[',
          ']}\n',
        ),
      );
    case 'xlsx': {
      const rows = where === null ? source.rows : await countOf(platform, source, where);
      if (rows > mostSheetRows || rows * fields.length > mostSheetCells)
        throw new Refusal(
          413,
          'too-many-rows',
          `a sheet holds ${mostSheetRows} rows and this file ${mostSheetCells} cells, here are ${rows} rows of ${fields.length} columns: take export.csv, or narrow it by filters`,
          { instead: 'export.csv' },
        );
      return begun(
        writeWorkbook(
          stream(platform, lines(sheetRowText(fields))),
          fields.map(({ id }) => id),
          request.sheet ?? 'Дані',
        ),
      );
    }
    case 'parquet':
      return begun(asParquet(platform, source, fields, from));
  }
}

function fieldsOf(source: Source, shown: readonly { readonly id: string }[]): Field[] {
  const byId = new Map<string, Field>(source.fields.map((field) => [field.id, field]));
  return shown.map(({ id }) => byId.get(id) ?? rowId);
}

/** The first part is made before anything is promised. */
export async function begun(
  parts: AsyncGenerator<Buffer, void, undefined>,
): Promise<AsyncGenerator<Buffer, void, undefined>> {
  const first = await parts.next();
  const rest = (async function* () {
    try {
      if (!first.done) yield first.value;
      yield* parts;
    } finally {
      await parts.return();
    }
  })();
  const whole: AsyncGenerator<Buffer, void, undefined> = {
    [Symbol.asyncIterator]: () => whole,
    [Symbol.asyncDispose]: () => whole.return().then(() => {}),
    next: () => rest.next(),
    throw: (error) => rest.throw(error),
    // A reader may leave before the first part was taken: what is held for the rest is given back all the same.
    async return() {
      await rest.return();
      await parts.return();
      return { done: true, value: undefined };
    },
  };
  return whole;
}

async function* inLines(
  platform: Platform,
  question: string,
  head: string,
  end: string,
): AsyncGenerator<Buffer, void, undefined> {
  let before = head;
  for await (const lines of stream(platform, question)) {
    yield Buffer.from(`${before}${lines.join(end)}${end}`);
    before = '';
  }
  if (before) yield Buffer.from(before);
}

async function* inList(
  platform: Platform,
  question: string,
  head: string,
  tail: string,
): AsyncGenerator<Buffer, void, undefined> {
  let before = `${head}\n`;
  for await (const lines of stream(platform, question)) {
    yield Buffer.from(`${before}${lines.join(',\n')}`);
    before = ',\n';
  }
  yield Buffer.from(before.startsWith(',') ? `\n${tail}` : `${head}${tail}`);
}

const quotedName = (id: string, mark: string): string =>
  new RegExp(`[${mark}"\\r\\n]`).test(id) ? `"${id.replaceAll('"', '""')}"` : id;

/** A line for a spreadsheet, as `excelLine` (../datastore/excel.ts) writes values: a text that it would take for a formula begins with an apostrophe. */
function excelText(fields: readonly Field[]): string {
  const cells = fields.map((field) => {
    const text = plainText(field, 'r');
    if (isNumber(field.type)) return `coalesce(replace(${text}, '.', ','), '')`;
    if (field.type === 'bool')
      return `case r.${named(field.id)} when true then '1' when false then '0' else '' end`;
    if (field.type !== 'text' && field.type !== 'json' && field.type !== '_text')
      return `coalesce(${text}, '')`;
    const plain = field.type === '_text' ? `array_to_string(r.${named(field.id)}, '; ')` : text;
    const safe = `case when regexp_matches(${plain}, '^[=+\\-@\\t\\r]') and not regexp_full_match(${plain}, '[+-]?[0-9]+([.,][0-9]+)?') then '''' || ${plain} else ${plain} end`;
    return quotedText(`(${safe})`, ';');
  });
  return cells.length === 0 ? `''` : `concat(${cells.join(`, ';', `)})`;
}

/** A row as a feature of GeoJSON (RFC 7946): longitude first. */
function featureText(source: Source, fields: readonly Field[]): string {
  const places = placesOf(source.fields);
  if (!places)
    throw new Refusal(
      409,
      'no-places',
      'no columns of this table place its rows: it needs lat and lon, or geometry',
    );
  const own = places.kind === 'point' ? [places.lat, places.lon] : [places.column.id];
  const said = fields.filter(({ id }) => id !== '_id' && !own.includes(id));
  const properties = said.map(
    (field, n) =>
      `'${n ? ',' : ''}${JSON.stringify(field.id).replaceAll("'", "''")}:' || ${jsonText(field, 'r')}`,
  );
  const degrees = (id: string) => `cast(r.${named(id)} as double)`;
  const geometry =
    places.kind === 'geometry'
      ? jsonText(places.column, 'r')
      : `coalesce('{"type":"Point","coordinates":[' || ${degrees(places.lon)} || ',' || ${degrees(places.lat)} || ']}', 'null')`;
  return `'{"type":"Feature","id":' || r._id || ',"geometry":' || ${geometry} || ',"properties":{' || ${[...properties, `'}}'`].join(' || ')}`;
}

async function countOf(platform: Platform, source: Source, where: SQL): Promise<number> {
  const rows = await ask(platform, { cells: source.rows }, (session) =>
    session.rows<{ n: string | number }>(
      sql`select count(*) as n from ${parquet(source.path)} r where ${where}`,
    ),
  );
  return Number(rows[0]!.n);
}

async function* asParquet(
  platform: Platform,
  source: Source,
  fields: readonly Field[],
  from: SQL,
): AsyncGenerator<Buffer, void, undefined> {
  const path = join(copiesFolder(platform.config), `draft-${randomUUID()}`);
  try {
    await ask(platform, { cells: cellsOf(source, fields.length), within: 10 * 60_000 }, (session) =>
      session.run(
        `copy (${textOf(sql`select ${sql.raw(fields.map(({ id }) => named(id)).join(', '))} from ${from}`)}) to ${quoted(path)} (format parquet, compression zstd)`,
      ),
    );
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) yield piece as Buffer;
  } finally {
    await rm(path, { force: true });
  }
}
