import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import type { Config } from '#platform/config/index.ts';
import { type Content, filesOf } from '#platform/files/index.ts';
import { findUnusual, type Unusual } from '../checks/sanity.ts';
import type { Strictness, TableSchema } from '../checks/table-schema.ts';
import type { Field } from '../datastore/table.ts';
import type { CellError } from './cell-errors.ts';
import { LoadFault } from './faults.ts';
import { distinctnessOf } from './key.ts';
import { fieldsOf, writeErrors, writeParquet, writeRefused, writeRepairs, writeRows } from './outputs.ts';
import { readFileTable } from './read-file.ts';
import type { Notice, SourceForm } from './read-table.ts';
import { fillRowTable } from './row-table.ts';
import type { LoadRule, RuleUse } from './rules.ts';
import { openStageDb, type StageDb } from './stage-db.ts';
import { type Box, type ErrorCount, type RepairCount, type TypedTable, typeTable } from './typed-table.ts';
import type { ColumnPlan } from './types.ts';

/** All that a load needs, as plain values: it runs in a thread of its own. */
export interface LoadTask {
  readonly config: Config;
  /** A connection string and the options of its sessions, the role among them. */
  readonly database: { readonly url: string; readonly options: string };
  readonly raw: { readonly sha256: string; readonly name: string };
  /** A folder of this load alone; it is gone afterwards. */
  readonly folder: string;
  /** Name of the table of rows to make. */
  readonly rowTable: string;
  readonly schema: TableSchema | null;
  readonly strictness: Strictness;
  /** Tables with a schema that are published in the same dataset. */
  readonly beside: readonly TableBeside[];
  readonly rules: readonly LoadRule[];
  readonly sheet?: string;
  readonly entry?: string;
  readonly personal: 'error' | 'warning';
  readonly city: Box | null;
  /** YYYY-MM-DD in Kyiv. */
  readonly today: string;
  readonly hashKey: string;
  /** The version that is served now. */
  readonly served: {
    readonly sha256: string;
    readonly parquet: string | null;
    readonly rows: number;
    readonly fields: readonly Field[];
  } | null;
  /** What is unusual beside it holds the load back, until the publisher says that it is meant. */
  readonly hold: boolean;
  /** Columns whose values are new each time by intention. */
  readonly renewed: readonly string[];
}

/** A table that is published in the same dataset: columns may refer to its rows. */
export interface TableBeside {
  /** Official table `835/36/operators`, or `own`. */
  readonly origin: string;
  /** Of its Parquet. */
  readonly sha256: string;
  readonly columns: readonly string[];
}

/** Counts and findings of a load, as they are kept and shown. */
export interface LoadReport {
  readonly source: SourceForm;
  readonly preamble: readonly string[];
  readonly rows: { readonly read: number; readonly published: number; readonly refused: number };
  readonly errors: readonly CellError[];
  readonly errorCounts: readonly ErrorCount[];
  readonly repairs: readonly RepairCount[];
  readonly rules: readonly RuleUse[];
  readonly notices: readonly Notice[];
  readonly missing: readonly string[];
  /** What is unusual beside the version before. */
  readonly unusual: readonly Unusual[];
  /** How the columns were understood. */
  readonly columns: readonly ReportColumn[];
  /** The file itself gives people away, though what is published of it does not: it is not handed out. */
  readonly originalHolds: boolean;
}

/** A column as it was understood, for the page where the publisher may say otherwise. */
export interface ReportColumn {
  readonly id: string;
  /** As it stands in the file: by this name fixes are remembered. */
  readonly header: string;
  readonly letter: string;
  readonly plan: Pick<ColumnPlan, 'type' | 'mark' | 'order' | 'nulls' | 'question'>;
}

/** Files that a load leaves in the store. */
export interface LoadFiles {
  readonly data?: Content;
  readonly errors?: Content;
  readonly refused?: Content;
  readonly repairs?: Content;
}

export type LoadResult =
  | {
      readonly state: 'failed';
      readonly fault: { readonly kind: string; readonly detail: Readonly<Record<string, unknown>> };
    }
  | { readonly state: 'blocked'; readonly report: LoadReport; readonly files: LoadFiles }
  | {
      readonly state: 'unchanged';
      readonly report: LoadReport;
      readonly files: LoadFiles;
      readonly dataSha256: string;
    }
  | {
      readonly state: 'staged';
      readonly report: LoadReport;
      readonly files: LoadFiles;
      readonly dataSha256: string;
      readonly fields: readonly Field[];
      readonly key: readonly string[];
      readonly rowTable: string;
    };

/** The most bytes of a file that is loaded. */
export const largestUpload = 2 * 1024 ** 3;

/**
 * Does one load up to the switch: reads the file out of the store, types and checks its table, stores Parquet and reports, and
 * fills a table of rows that nobody sees yet.
 *
 * @param tell hears of each state as it is reached.
 * @returns what became of it; a fault of the file is a result, anything else is thrown.
 */
export async function runLoad(
  task: LoadTask,
  tell: (state: 'parsed' | 'checked') => void,
): Promise<LoadResult> {
  mkdirSync(task.folder, { recursive: true, mode: 0o700 });
  try {
    return await load(task, tell);
  } catch (error) {
    if (error instanceof LoadFault)
      return { state: 'failed', fault: { kind: error.kind, detail: error.detail } };
    throw error;
  } finally {
    rmSync(task.folder, { recursive: true, force: true });
  }
}

async function load(task: LoadTask, tell: (state: 'parsed' | 'checked') => void): Promise<LoadResult> {
  const { folder } = task;
  const files = filesOf(task.config);
  const path = join(folder, 'raw');
  await pipeline(await files.open(task.raw.sha256), createWriteStream(path));
  const read = await readFileTable(path, folder, task);
  rmSync(path);
  tell('parsed');
  const db = await openStageDb(folder);
  try {
    const table = await typeTable(db, read, { ...task, related: await relatedTables(task) });
    tell('checked');
    const store = async (made: string | null) =>
      made
        ? await files.put(createReadStream(made, { highWaterMark: 256 * 1024 }), largestUpload)
        : undefined;
    const report: LoadReport = {
      source: read.source,
      preamble: read.preamble,
      rows: table.rows,
      errors: table.errors,
      errorCounts: table.errorCounts,
      repairs: table.repairs,
      rules: table.rules,
      notices: table.notices,
      missing: table.missing,
      unusual: await unusualIn(db, table, task),
      columns: table.columns.map(({ id, header, letter, plan: { type, mark, order, nulls, question } }) => ({
        id,
        header,
        letter,
        plan: { type, mark, order, nulls, question },
      })),
      originalHolds: table.originalHolds,
    };
    const reports = withoutNothing({
      errors: await store(await writeErrors(db, table, folder)),
      refused: await store(await writeRefused(db, table, read, folder)),
    });
    if (table.blocked || (task.hold && report.unusual.length > 0))
      return { state: 'blocked', report, files: reports };
    const rows = await writeRows(db, table, folder);
    const repairs = await store(await writeRepairs(db, table, folder));
    if (rows.sha256 === task.served?.sha256)
      return {
        state: 'unchanged',
        report,
        files: withoutNothing({ ...reports, repairs }),
        dataSha256: rows.sha256,
      };
    const data = await store(await writeParquet(db, table, folder));
    const { key, indexed } = await distinctnessOf(db, table);
    const fields = fieldsOf(table.columns);
    const client = new pg.Client({
      connectionString: task.database.url,
      options: task.database.options,
      application_name: 'misto load',
    });
    await client.connect();
    try {
      await fillRowTable(client, task.rowTable, fields, rows.path, table.rows.published, indexed);
    } finally {
      await client.end();
    }
    return {
      state: 'staged',
      report,
      files: withoutNothing({ ...reports, repairs, data }),
      dataSha256: rows.sha256,
      fields,
      key,
      rowTable: task.rowTable,
    };
  } finally {
    db.close();
  }
}

/** Paths of the tables that columns of the schema refer to, by the official table: a city may keep one in several files. */
async function relatedTables({ schema, beside, config, folder }: LoadTask): Promise<Map<string, string[]>> {
  const related = new Map<string, string[]>();
  for (const { references } of schema?.columns ?? []) {
    if (!references || related.has(references.table)) continue;
    const paths: string[] = [];
    for (const { origin, sha256, columns } of beside) {
      if (origin !== references.table || !columns.includes(references.column)) continue;
      const path = join(folder, `${sha256}.parquet`);
      await pipeline(await filesOf(config).open(sha256), createWriteStream(path));
      paths.push(path);
    }
    if (paths.length > 0) related.set(references.table, paths);
  }
  return related;
}

async function unusualIn(
  db: StageDb,
  table: TypedTable,
  { served, config, folder, renewed }: LoadTask,
): Promise<Unusual[]> {
  if (!served?.parquet || table.blocked) return [];
  const path = join(folder, 'before.parquet');
  await pipeline(await filesOf(config).open(served.parquet), createWriteStream(path));
  return findUnusual(db, table, { rows: served.rows, fields: served.fields, path, renewed });
}

type Files = { readonly [K in keyof LoadFiles]: LoadFiles[K] | undefined };

const withoutNothing = (files: Files): LoadFiles =>
  Object.fromEntries(Object.entries(files).filter(([, content]) => content !== undefined)) as LoadFiles;
