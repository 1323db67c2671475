import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Platform } from '#platform/system.ts';
import type { Field } from '../datastore/table.ts';
import type { StoredTable } from '../datastore/tables.ts';
import { named, quoted } from '../loading/sql.ts';
import { copiesFolder, madeOnce } from './copies.ts';
import { ask } from './engine.ts';
import { rowId } from './texts.ts';

/** The rows of a table at one instant, as files on this machine. */
export interface Snapshot {
  /** CSV as PostgreSQL writes it, `_id` first. */
  readonly csv: string;
  /** Of the columns and these bytes. */
  readonly sha256: string;
  readonly rows: number;
  readonly fields: readonly Field[];
  /** Rows that no version held at that instant. */
  readonly uncut: number;
}

/**
 * Writes down the rows of a table that programs write to, all of one instant, while they go on writing.
 *
 * @param table as it was found; its columns are read again with its rows.
 * @returns null when the table is gone. The caller removes the file.
 */
export async function snapshotOf(platform: Platform, table: StoredTable): Promise<Snapshot | null> {
  // A connection of its own: those of the pool send statements ahead of their answers, and a copy is no statement among others.
  const { connectionString, options } = platform.db.$client.options;
  const client = new pg.Client({ connectionString, options, application_name: 'misto snapshot' });
  const folder = copiesFolder(platform.config);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await client.connect();
  const csv = join(folder, `draft-${randomUUID()}`);
  try {
    // One look for the columns, the count and the rows: what is written meanwhile is in none of them.
    await client.query('begin isolation level repeatable read read only');
    const { rows } = await client.query<{ name: string; fields: Field[]; uncut: string }>(
      'select name, fields, uncut from od_table where resource = $1',
      [table.resource],
    );
    const [found] = rows;
    if (!found) return null;
    const hash = createHash('sha256').update(JSON.stringify(found.fields.map(({ id, type }) => [id, type])));
    const columns = found.fields.map(({ id, type }) =>
      type === '_text' ? `to_json(${named(id)})` : named(id),
    );
    const copy = client.query(
      copyTo(
        `copy (select ${['_id', ...columns].join(', ')} from open_data_rows.${named(found.name)} order by _id) to stdout (format csv)`,
      ),
    );
    const hashing = new Transform({
      transform(piece: Buffer, _, done) {
        hash.update(piece);
        done(null, piece);
      },
    });
    await pipeline(copy, hashing, createWriteStream(csv, { mode: 0o600 }));
    return {
      csv,
      sha256: hash.digest('hex'),
      rows: copy.rowCount,
      fields: found.fields,
      uncut: Number(found.uncut),
    };
  } catch (error) {
    await rm(csv, { force: true });
    throw error;
  } finally {
    await client.end();
  }
}

/** Writes a snapshot as Parquet: `_id`, then the columns in their types. */
export const writeSnapshot = (
  platform: Platform,
  { csv, fields, rows }: Pick<Snapshot, 'csv' | 'fields' | 'rows'>,
  path: string,
): Promise<void> => writeColumns(platform, { csv, fields: [rowId, ...fields], rows }, path);

/**
 * Writes CSV as PostgreSQL writes it (without a header, nothing as nothing, lists as JSON) as Parquet, the columns in their types.
 *
 * @throws Refusal 429 when too many wait; Faulty for a value that its type does not hold.
 */
export async function writeColumns(
  platform: Platform,
  { csv, fields, rows }: Pick<Snapshot, 'csv' | 'fields' | 'rows'>,
  path: string,
): Promise<void> {
  const shape = fields.map((_, n) => `'c${n}': 'varchar'`).join(', ');
  await ask(platform, { cells: rows * fields.length, within: 10 * 60_000 }, async (session) => {
    await session.run(
      `create temp table texts as select * from read_csv(${quoted(csv)}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"',
        nullstr = '', allow_quoted_nulls = false, max_line_size = 16777216, columns = {${shape}})`,
    );
    const casts: string[] = [];
    for (const [n, { id, type }] of fields.entries()) {
      const duck = type === 'numeric' ? await decimalOf(session, n) : duckTypes[type];
      casts.push(
        `${type === '_text' ? `from_json(c${n}, '["varchar"]')` : `cast(c${n} as ${duck})`} as ${named(id)}`,
      );
    }
    await session.run(
      `copy (select ${casts.join(', ')} from texts) to ${quoted(path)} (format parquet, compression zstd)`,
    );
  });
}

const duckTypes: Readonly<Record<Field['type'], string>> = {
  text: 'varchar',
  numeric: 'double',
  int4: 'integer',
  int8: 'bigint',
  float8: 'double',
  bool: 'boolean',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  json: 'varchar',
  _text: 'varchar[]',
};

/** The narrowest decimal that holds each number of a column; a double where none does. */
async function decimalOf(session: { rows<Row>(sql: string): Promise<Row[]> }, n: number): Promise<string> {
  const [found] = await session.rows<{ plain: boolean | null; whole: string | null; scale: string | null }>(
    `select bool_and(regexp_full_match(c${n}, '-?[0-9]+(\\.[0-9]+)?')) as plain,
       max(length(ltrim(split_part(c${n}, '.', 1), '-'))) as whole, max(length(split_part(c${n}, '.', 2))) as scale
     from texts where c${n} is not null`,
  );
  const digits = Number(found?.whole ?? 1) + Number(found?.scale ?? 0);
  if (found?.plain === false || digits > 38) return 'double';
  return `decimal(${digits > 18 ? 38 : 18}, ${Number(found?.scale ?? 0)})`;
}

/** Rows that no version holds yet as Parquet, until somebody writes again. @returns null when the table is gone */
export async function uncutParquet(platform: Platform, table: StoredTable): Promise<string | null> {
  const name = `rows-${table.resource}-${table.name}-${table.state}`.replace(/[^\w.-]/g, '_');
  return madeOnce(platform, name, async (draft) => {
    const snapshot = await snapshotOf(platform, table);
    if (!snapshot) throw new TableGone();
    try {
      await writeSnapshot(platform, snapshot, draft);
    } finally {
      await rm(snapshot.csv, { force: true });
    }
  }).catch((error: unknown) => {
    if (error instanceof TableGone) return null;
    throw error;
  });
}

class TableGone extends Error {}
