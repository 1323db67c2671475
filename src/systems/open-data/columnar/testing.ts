import { createHash } from 'node:crypto';
import type { Platform } from '#platform/system.ts';
import type { Field } from '../datastore/table.ts';
import { named, quoted } from '../loading/sql.ts';
import { madeOnce } from './copies.ts';
import { ask } from './engine.ts';
import type { Source } from './source.ts';

const types: Readonly<Record<string, string>> = {
  text: 'varchar',
  numeric: 'decimal(18, 2)',
  int8: 'bigint',
  float8: 'double',
  bool: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  json: 'varchar',
  _text: 'varchar[]',
};

/** Rows as a source: cells as texts of their types, `_id` from 1. */
export async function madeSource(
  platform: Platform,
  fields: readonly Field[],
  rows: readonly (readonly (string | null)[])[],
): Promise<Source> {
  const content = createHash('sha256')
    .update(JSON.stringify([fields, rows]))
    .digest('hex');
  const cell = (text: string | null, { type }: Field) =>
    `${text === null ? 'null' : quoted(text)}::${types[type]}`;
  const values = rows.map(
    (row, n) =>
      `(${[`${n + 1}::bigint`, ...fields.map((field, k) => cell(row[k] ?? null, field))].join(', ')})`,
  );
  const names = ['_id', ...fields.map(({ id }) => named(id))].join(', ');
  const nothing = [
    `null::bigint as _id`,
    ...fields.map(({ id, type }) => `null::${types[type]} as ${named(id)}`),
  ];
  const from = rows.length
    ? `select * from (values ${values.join(', ')}) v(${names})`
    : `select ${nothing.join(', ')} where false`;
  const path = await madeOnce(platform, content, (draft) =>
    ask(platform, { cells: 0 }, (session) =>
      session.run(`copy (${from}) to ${quoted(draft)} (format parquet)`),
    ),
  );
  return { path, fields, rows: rows.length, content };
}
