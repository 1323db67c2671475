import type { Platform } from '#platform/system.ts';
import type { DataTable, Field } from '../datastore/table.ts';
import { Absent } from '../faults.ts';
import type { ReadState } from '../read-version.ts';
import type { Version } from '../versions.ts';
import { copyOf } from './copies.ts';
import { uncutParquet } from './snapshot.ts';

/** The rows of a state as columns on this machine's disk. */
export interface Source {
  /** Parquet: `_id`, then the fields. */
  readonly path: string;
  readonly fields: readonly Field[];
  readonly rows: number;
  /** Names the content: equal names have equal rows. */
  readonly content: string;
}

/** The columns of a version that the caller may read. @throws Absent for one that is no table */
export async function columnsOf(platform: Platform, version: Version): Promise<Source> {
  if (!version.parquetSha256) throw new Absent(`version ${version.n} is no table`);
  return {
    path: await copyOf(platform, version.parquetSha256),
    fields: version.fields,
    rows: version.rows,
    content: version.parquetSha256,
  };
}

/** The columns of a state: of its version, or of the rows as they stand now. @throws Absent */
export async function sourceOf(platform: Platform, state: ReadState): Promise<Source> {
  if (state.version) return columnsOf(platform, state.version);
  const table = state.table!;
  const path = await uncutParquet(platform, table);
  if (!path) throw new Absent('no rows');
  return {
    path,
    fields: table.fields,
    rows: table.rows ?? 0,
    content: `${table.name} ${table.state}`,
  };
}

/** Whether a question goes through more cells than a few. */
export const cellsOf = (source: Pick<Source, 'rows'>, columns: number): number => source.rows * columns;

/** As the functions of the DataStore know a table, for their conditions and orders. */
export const tableOf = (source: Source): DataTable => ({
  from: undefined as never,
  fields: source.fields,
  rows: source.rows,
  isDense: false,
});
