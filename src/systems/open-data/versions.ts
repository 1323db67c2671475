import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
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
  /** Of the Parquet; null where there is none. */
  readonly parquetSha256: string | null;
  /** Of the typed rows, however they are written down. */
  readonly dataSha256: string;
  /** What it says of the version before it (version-chain.ts); null for the first. */
  readonly prevHash: string | null;
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
  readonly takedownReason: string | null;
  /** The bytes as they came give people away: they are for those who may write. */
  readonly rawClosed: boolean;
  /** Since when everybody may read it; null: it was replaced before its dataset was public. */
  readonly openedAt: Date | null;
  /** Where its rows lie in PostgreSQL while it is served; null: only in Parquet. */
  readonly from: SQL | null;
}

const columns = sql`v.*, (select f.sha256 from file f where f.id = v.data_file) as parquet`;

/**
 * Versions of a resource, newest first.
 *
 * @param which.open only those that everybody may read.
 */
export async function versionsOf(
  reader: Reader,
  resource: string,
  which: { readonly open?: boolean; readonly limit?: number; readonly offset?: number } = {},
): Promise<Version[]> {
  const { rows } = await reader.execute<VersionRow>(
    sql`select ${columns} from od_version v where resource = ${resource} ${which.open ? sql`and opened_at is not null` : sql``}
      order by n desc ${which.limit === undefined ? sql`` : sql`limit ${which.limit}`} offset ${which.offset ?? 0}`,
  );
  return rows.map(versionOf);
}

/** How many versions a resource has. */
export async function countVersions(
  reader: Reader,
  resource: string,
  which: { readonly open?: boolean } = {},
): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(
    sql`select count(*)::int as n from od_version where resource = ${resource} ${which.open ? sql`and opened_at is not null` : sql``}`,
  );
  return rows[0]!.n;
}

/** @throws NotFound */
export async function findVersion(reader: Reader, resource: string, n: number): Promise<Version> {
  const { rows } = await reader.execute<VersionRow>(
    sql`select ${columns} from od_version v where resource = ${resource} and n = ${n}`,
  );
  if (!rows[0]) throw new NotFound('version');
  return versionOf(rows[0]);
}

/** The version that is served; null: nothing is loaded. */
export async function servedVersion(reader: Reader, resource: string): Promise<Version | null> {
  const { rows } = await reader.execute<VersionRow>(
    sql`select ${columns} from od_resource r join od_version v on v.resource = r.id and v.n = r.current_version
        where r.id = ${resource}`,
  );
  return rows[0] ? versionOf(rows[0]) : null;
}

/**
 * The version that was served at an instant; null: there was none yet.
 *
 * @param which.open what everybody could read then.
 */
export async function versionAsOf(
  reader: Reader,
  resource: string,
  at: Date,
  which: { readonly open?: boolean } = {},
): Promise<Version | null> {
  const since = which.open ? sql`opened_at` : sql`made_at`;
  const { rows } = await reader.execute<VersionRow>(
    sql`select ${columns} from od_version v where resource = ${resource} and ${since} <= ${at.toISOString()} order by n desc limit 1`,
  );
  return rows[0] ? versionOf(rows[0]) : null;
}

/** Opens to everybody the versions that public datasets serve. Called with every change of a dataset. */
export async function openVersions(work: Work, datasets: readonly string[]): Promise<void> {
  if (datasets.length === 0) return;
  await work.tx.execute(sql`
    update od_version v set opened_at = ${work.clock.now().toISOString()}
    from od_resource r join od_dataset d on d.id = r.dataset
    where v.resource = r.id and v.n = r.current_version and v.opened_at is null and r.state = 'active' and not d.private
      and d.state in ('published', 'archived')
      and d.id in (select jsonb_array_elements_text(${JSON.stringify(datasets)}::jsonb)::uuid)`);
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
  parquet: string | null;
  data_sha256: string;
  prev_hash: string | null;
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
  takedown_reason: string | null;
  raw_closed: boolean;
  opened_at: string | null;
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
    parquetSha256: row.parquet,
    dataSha256: row.data_sha256,
    prevHash: row.prev_hash,
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
    takedownReason: row.takedown_reason,
    rawClosed: row.raw_closed,
    openedAt: dateOf(row.opened_at),
    from: row.row_table ? sql`open_data_rows.${sql.identifier(row.row_table)}` : null,
  };
}
