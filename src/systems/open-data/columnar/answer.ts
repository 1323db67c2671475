import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Platform } from '#platform/system.ts';
import { ExactNumber } from '../datastore/excel.ts';
import type { SqlAnswer } from '../datastore/run-sql.ts';
import type { Field, FieldType } from '../datastore/table.ts';
import { faulty } from '../faults.ts';
import { copiesFolder } from './copies.ts';
import { parquet, stream, textOf } from './engine.ts';
import { writeColumns } from './snapshot.ts';
import { sheetRowText, writeWorkbook } from './workbook.ts';

/** The columns of an answer that people see: what `select *` brings for the text search is none. */
export const shownColumns = ({ fields }: Pick<SqlAnswer, 'fields'>): readonly string[] => [
  ...new Set(fields.filter(({ type }) => type !== 'tsvector').map(({ id }) => id)),
];

/** The records of an answer, numbers with all their digits. */
export const recordsOf = ({ records }: Pick<SqlAnswer, 'records'>): Record<string, unknown>[] =>
  JSON.parse(records, (_, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? new ExactNumber(context.source) : value,
  );

/**
 * The answer of a query as a file with types: numbers, days and times stay what they are.
 *
 * @param sheet name of the sheet of a workbook.
 * @throws Refusal 429 when too many wait; Faulty for an answer without columns.
 */
export async function* answerFile(
  platform: Platform,
  answer: SqlAnswer,
  format: 'parquet' | 'xlsx',
  sheet: string,
): AsyncGenerator<Buffer, void, undefined> {
  const ids = shownColumns(answer);
  if (ids.length === 0) throw faulty('query', 'The answer has no columns.');
  const types = new Map(answer.fields.map(({ id, type }) => [id, fieldType(type)]));
  const fields = differentNames(ids).map((id, n): Field => ({ id, type: types.get(ids[n]!)! }));
  const records = recordsOf(answer);
  const folder = copiesFolder(platform.config);
  const draft = join(folder, `draft-${randomUUID()}`);
  const path = `${draft}-columns`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const lines = records.map((row) => `${ids.map((id) => cellText(row[id] ?? null)).join(',')}\n`);
    await writeFile(draft, lines.join(''), { mode: 0o600 });
    await writeColumns(platform, { csv: draft, fields, rows: records.length }, path);
    if (format === 'xlsx') {
      const rows = textOf(sql`select ${sql.raw(sheetRowText(fields))} from ${parquet(path)} r`);
      yield* writeWorkbook(stream(platform, rows), ids, sheet);
    } else
      for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) yield piece as Buffer;
  } finally {
    await rm(draft, { force: true });
    await rm(path, { force: true });
  }
}

const fieldTypes: Readonly<Record<string, FieldType>> = {
  int2: 'int4',
  int4: 'int4',
  int8: 'int8',
  float4: 'float8',
  float8: 'float8',
  numeric: 'numeric',
  bool: 'bool',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  json: 'json',
  jsonb: 'json',
  _text: '_text',
};

/** PostgreSQL's type as the DataStore has it; lists of numbers are JSON, everything else is text. */
const fieldType = (type: string): FieldType => fieldTypes[type] ?? (type.startsWith('_') ? 'json' : 'text');

/** To DuckDB `A` and `a` are one name. */
function differentNames(ids: readonly string[]): string[] {
  const taken = new Set<string>();
  return ids.map((id) => {
    let name = id;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${id}_${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** Nothing is nothing; a text always has its quotes, so that an empty one is not nothing. */
function cellText(value: unknown): string {
  if (value === null) return '';
  if (value instanceof ExactNumber) return value.digits;
  if (typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.replaceAll('"', '""')}"`;
}
