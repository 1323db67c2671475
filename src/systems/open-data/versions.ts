import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import type { Field } from './datastore/table.ts';

/** A version of the data of a resource: immutable, named by its content. */
export interface Version {
  readonly resource: string;
  readonly n: number;
  readonly load: string;
  /** File ids (src/platform/files): the bytes as they came, and Parquet; null after a takedown. */
  readonly rawFile: string | null;
  readonly rawSha256: string;
  readonly rawBytes: number;
  readonly rawName: string;
  readonly dataFile: string | null;
  readonly dataSha256: string;
  readonly rows: number;
  readonly refused: number;
  readonly fields: readonly Field[];
  readonly key: readonly string[];
  readonly source: string;
  readonly authorName: string;
  readonly note: string;
  readonly madeAt: Date;
  readonly replacedAt: Date | null;
  readonly takenDownAt: Date | null;
  /** Where its rows lie in PostgreSQL while it is served; null: only in Parquet. */
  readonly from: SQL | null;
}

/** All versions of a resource, newest first. */
export async function versionsOf(reader: Reader, resource: string): Promise<Version[]> {
  const { rows } = await reader.execute<VersionRow>(
    sql`select * from od_version where resource = ${resource} order by n desc`,
  );
  return rows.map(versionOf);
}

/** @throws NotFound */
export async function findVersion(reader: Reader, resource: string, n: number): Promise<Version> {
  const { rows } = await reader.execute<VersionRow>(
    sql`select * from od_version where resource = ${resource} and n = ${n}`,
  );
  if (!rows[0]) throw new NotFound('version');
  return versionOf(rows[0]);
}

/** The version that is served; null: nothing is loaded. */
export async function servedVersion(reader: Reader, resource: string): Promise<Version | null> {
  const { rows } = await reader.execute<VersionRow>(
    sql`select v.* from od_resource r join od_version v on v.resource = r.id and v.n = r.current_version
        where r.id = ${resource}`,
  );
  return rows[0] ? versionOf(rows[0]) : null;
}

/** The version that was served at an instant; null: there was none yet. */
export async function versionAsOf(reader: Reader, resource: string, at: Date): Promise<Version | null> {
  const { rows } = await reader.execute<VersionRow>(
    sql`select * from od_version where resource = ${resource} and made_at <= ${at.toISOString()} order by n desc limit 1`,
  );
  return rows[0] ? versionOf(rows[0]) : null;
}

interface VersionRow extends Record<string, unknown> {
  resource: string;
  n: number;
  load: string;
  raw_file: string | null;
  raw_sha256: string;
  raw_bytes: string;
  raw_name: string;
  data_file: string | null;
  data_sha256: string;
  rows: string;
  refused: string;
  columns: Field[];
  key: string[];
  source: string;
  author_name: string;
  note: string;
  row_table: string | null;
  made_at: string;
  replaced_at: string | null;
  taken_down_at: string | null;
}

const dateOf = (text: string | null) => (text === null ? null : new Date(text));

function versionOf(row: VersionRow): Version {
  return {
    resource: row.resource,
    n: row.n,
    load: row.load,
    rawFile: row.raw_file,
    rawSha256: row.raw_sha256,
    rawBytes: Number(row.raw_bytes),
    rawName: row.raw_name,
    dataFile: row.data_file,
    dataSha256: row.data_sha256,
    rows: Number(row.rows),
    refused: Number(row.refused),
    fields: row.columns,
    key: row.key,
    source: row.source,
    authorName: row.author_name,
    note: row.note,
    madeAt: new Date(row.made_at),
    replacedAt: dateOf(row.replaced_at),
    takenDownAt: dateOf(row.taken_down_at),
    from: row.row_table ? sql`open_data_rows.${sql.identifier(row.row_table)}` : null,
  };
}
