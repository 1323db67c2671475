import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Field, FieldType } from '../datastore/table.ts';
import { type CellCode, hintOf } from './cell-errors.ts';
import type { ReadTable } from './read-table.ts';
import { named, quoted } from './sql.ts';
import type { StageDb } from './stage-db.ts';
import { expectedOf, repaired, type TypedColumn, type TypedTable } from './typed-table.ts';
import type { ColumnType } from './types.ts';

/** Types of columns as PostgreSQL and the DataStore call them. */
const fieldTypes: Readonly<Record<ColumnType, FieldType>> = {
  integer: 'int8',
  numeric: 'numeric',
  date: 'date',
  timestamp: 'timestamp',
  boolean: 'bool',
  text: 'text',
  list: '_text',
  json: 'json',
  time: 'text',
  url: 'text',
};

/** The columns of a version as the portal serves them. */
export const fieldsOf = (columns: readonly TypedColumn[]): Field[] =>
  columns.map(({ id, label, plan, profile, schema }) => {
    const info = {
      ...(label && { label }),
      ...(schema?.title && { title: schema.title }),
      ...(profile.nulls.size && { null_words: Object.fromEntries(profile.nulls) }),
      ...(plan.question && { question: plan.question }),
    };
    return { id, type: fieldTypes[plan.type], ...(Object.keys(info).length && { info }) };
  });

/**
 * Writes the published rows as PostgreSQL copies them in: `_id`, then the columns, CSV.
 *
 * @returns its path and the hash of the data: of the fields and these bytes, so equal tables have equal hashes.
 */
export async function writeRows(
  db: StageDb,
  table: TypedTable,
  folder: string,
): Promise<{ path: string; sha256: string }> {
  const path = join(folder, 'rows.csv');
  const values = table.columns.map(({ n, plan }) => (plan.type === 'list' ? arrayLiteral(`v${n}`) : `v${n}`));
  await db.run(
    `copy (select _id${values.map((value) => `, ${value}`).join('')} from published) to ${quoted(path)} (format csv, header false)`,
  );
  const hash = createHash('sha256');
  hash.update(JSON.stringify(fieldsOf(table.columns).map(({ id, type }) => [id, type])));
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(piece);
  return { path, sha256: hash.digest('hex') };
}

/** A JSON list as PostgreSQL writes an array of texts. */
const arrayLiteral = (json: string) =>
  `('{' || array_to_string(list_transform(from_json(${json}, '["varchar"]'), lambda x: '"' || replace(replace(x, '\\', '\\\\'), '"', '\\"') || '"'), ',') || '}')`;

/** Writes the published rows in their types as Parquet: `_id`, then the columns under their ids. */
export async function writeParquet(db: StageDb, table: TypedTable, folder: string): Promise<string> {
  const path = join(folder, 'data.parquet');
  const typed = table.columns.map(
    ({ n, id, conversion, plan }) => `${typedValue(n, conversion.duckType, plan.type)} as ${named(id)}`,
  );
  await db.run(
    `copy (select ${['_id', ...typed].join(', ')} from published) to ${quoted(path)} (format parquet, compression zstd)`,
  );
  return path;
}

const typedValue = (n: number, duckType: string, type: ColumnType) =>
  type === 'list'
    ? `from_json(v${n}, '["varchar"]')`
    : duckType === 'varchar'
      ? `v${n}`
      : `try_cast(v${n} as ${duckType})`;

/** Writes all errors of cells as CSV. @returns null when there are none. */
export async function writeErrors(db: StageDb, table: TypedTable, folder: string): Promise<string | null> {
  if (table.errorCounts.length === 0) return null;
  const path = join(folder, 'errors.csv');
  const kinds = await db.rows('select distinct n, code from errors');
  const words = kinds.map((kind) => {
    const column = table.columns[Number(kind.n)];
    const code = String(kind.code) as CellCode;
    const expected = expectedOf(code, column);
    const cells = [
      column?.id ?? '',
      column?.letter ?? '',
      expected,
      hintOf(code, column?.plan.type ?? 'text', expected),
    ];
    return `(${kind.n}, ${quoted(code)}, ${(column?.hidden ?? false) || (code.startsWith('personal-') && !table.blocked)}, ${cells.map(quoted).join(', ')})`;
  });
  await db.run(
    `copy (select e.row, e.file_row, w."column", w.letter, e.code, e.severity, if(w.hidden, '•••', e.value) as value, w.expected, w.hint_uk
       from errors e join (values ${words.join(', ')}) w(n, code, hidden, "column", letter, expected, hint_uk) using (n, code)
       order by e.row, e.n, e.code) to ${quoted(path)} (format csv, header)`,
  );
  return path;
}

/** Writes the rows that stay out, with all their cells: one JSON object a line. @returns null when there are none. */
export async function writeRefused(
  db: StageDb,
  table: TypedTable,
  read: ReadTable,
  folder: string,
): Promise<string | null> {
  if (table.rows.refused === 0) return null;
  const path = join(folder, 'refused.out.ndjson');
  const cells = read.headers.map((_, n) => `coalesce(c${n}, '')`).join(', ');
  const long = read.staged.refused
    ? `union all select row, "fileRow" as file_row, cells from read_json(${quoted(read.staged.refusedPath)}, format = 'newline_delimited',
        columns = {'row': 'bigint', 'fileRow': 'bigint', 'cells': 'varchar[]'})`
    : '';
  await db.run(
    `copy (select * from (select row, file_row, [${cells}] as cells from raw semi join refused using (row) ${long}) order by row)
     to ${quoted(path)} (format json)`,
  );
  return path;
}

/**
 * Writes the cells that are published otherwise than they stood, as Parquet: the row's `_id`, then for each column that
 * changed anywhere the cell as it stood, null where nothing changed. @returns null when nothing did.
 */
export async function writeRepairs(db: StageDb, table: TypedTable, folder: string): Promise<string | null> {
  const changed = new Set(table.repairs.map(({ column }) => column));
  const columns = table.columns.filter(({ id, hidden }) => changed.has(id) && !hidden);
  if (columns.length === 0) return null;
  const path = join(folder, 'repairs.parquet');
  const before = columns.map(
    (column) => `case when ${repaired(column)} then r${column.n} end as ${named(column.id)}`,
  );
  await db.run(
    `copy (select row, ${before.join(', ')} from cells where ${columns.map((column) => `(${repaired(column)})`).join(' or ')})
     to ${quoted(path)} (format parquet, compression zstd)`,
  );
  return existsSync(path) ? path : null;
}
