import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Version } from '../versions.ts';
import type { StoredTable } from './tables.ts';

/** What `datastore_info` tells of a table. */
export interface TableInfo {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly fields: readonly Readonly<Record<string, unknown>>[];
}

/** Size and shape of a table; sizes in bytes. */
export async function infoOf(reader: Reader, table: StoredTable): Promise<TableInfo> {
  const [sizes, count, columns] = await Promise.all([
    reader.execute<{ size: number; idx_size: number; db_size: number }>(sql`
      select pg_relation_size(c.oid)::float8 as size, pg_indexes_size(c.oid)::float8 as idx_size,
        pg_database_size(current_database())::float8 as db_size
      from pg_class c where c.relname = ${table.name} and c.relnamespace = 'open_data_rows'::regnamespace`),
    table.rows ??
      reader
        .execute<{ n: number }>(sql`select count(*)::float8 as n from ${table.from}`)
        .then(({ rows }) => rows[0]!.n),
    reader.execute<{ id: string; type: string; notnull: boolean; index: string | null; unique: boolean }>(sql`
      select a.attname as id, t.typname as type, a.attnotnull as notnull,
        (select i.relname from pg_index x join pg_class i on i.oid = x.indexrelid
          where x.indrelid = a.attrelid and a.attnum = any(x.indkey) order by i.relname limit 1) as index,
        exists (select 1 from pg_index x where x.indrelid = a.attrelid and x.indisunique and x.indkey[0] = a.attnum and x.indnkeyatts = 1) as unique
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = (select c.oid from pg_class c where c.relname = ${table.name} and c.relnamespace = 'open_data_rows'::regnamespace)
        and a.attnum > 0 and not a.attisdropped`),
  ]);
  const byId = new Map(columns.rows.map((row) => [row.id, row]));
  return {
    meta: {
      id: table.resource,
      count,
      ...sizes.rows[0],
      table_type: 'BASE TABLE',
      aliases: table.aliases,
    },
    fields: table.fields.map((field) => {
      const own = byId.get(field.id);
      return {
        id: field.id,
        type: field.type,
        ...(field.info ? { info: field.info } : {}),
        schema: {
          native_type: own?.type ?? field.type,
          index_name: own?.index ?? null,
          is_index: own?.index != null,
          notnull: own?.notnull ?? false,
          uniquekey: own?.unique ?? false,
        },
      };
    }),
  };
}

/** The same of a version whose rows lie in no table any more. */
export function infoOfVersion(version: Version): TableInfo {
  return {
    meta: { id: version.resource, count: version.rows, table_type: 'BASE TABLE', aliases: [] },
    fields: version.fields.map((field) => ({
      id: field.id,
      type: field.type,
      ...(field.info ? { info: field.info } : {}),
      schema: {
        native_type: field.type,
        index_name: null,
        is_index: false,
        notnull: false,
        uniquekey: version.key.length === 1 && version.key[0] === field.id,
      },
    })),
  };
}
