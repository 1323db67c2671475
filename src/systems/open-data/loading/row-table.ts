import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Field } from '../datastore/table.ts';
import { named } from './sql.ts';

/** The schema in which the rows of versions lie. */
export const rowSchema = 'open_data_rows';

/** A new name for the table of a load: it says whose it is even when nothing else remembers, and no two tries share one. */
export const newRowTable = (load: string) =>
  `r_${load.replaceAll('-', '')}_${randomBytes(4).toString('hex')}`;
/** The load that made a table, or null for a name of another kind. */
export function loadOfRowTable(table: string): string | null {
  const parts = /^r_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_/.exec(table);
  return parts ? parts.slice(1).join('-') : null;
}

/** The most columns that get an index of their own. */
const mostIndexes = 8;

/**
 * Makes the table of a version, copies its rows in and builds its indexes, in one transaction: it is there whole or not at all.
 *
 * @param indexed ids of columns worth an index, the most useful first.
 */
export async function fillRowTable(
  client: pg.Client,
  table: string,
  fields: readonly Field[],
  rowsPath: string,
  indexed: readonly string[],
): Promise<void> {
  const name = `${rowSchema}.${named(table)}`;
  await client.query('begin');
  try {
    const columns = fields.map(({ id, type }) => `${named(id)} ${type}`);
    await client.query(
      `create table ${name} (${['_id int8 not null', ...columns, '_full_text tsvector'].join(', ')})`,
    );
    const list = ['_id', ...fields.map(({ id }) => named(id))].join(', ');
    await pipeline(
      createReadStream(rowsPath, { highWaterMark: 256 * 1024 }),
      client.query(copyFrom(`copy ${name} (${list}) from stdin (format csv)`)),
    );
    await client.query(`alter table ${name} add primary key (_id)`);
    for (const [n, id] of indexed.slice(0, mostIndexes).entries())
      await client.query(`create index ${named(`${table}_${n}`)} on ${name} (${named(id)})`);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
  await client.query(`analyze ${name}`);
}
