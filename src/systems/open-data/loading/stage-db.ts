import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoted } from './sql.ts';
import { largestLine, type Staged, unit } from './staging.ts';

/** DuckDB over one load, closed and forgotten with it. */
export interface StageDb {
  run(sql: string): Promise<void>;
  /** Rows as plain values; big numbers as text. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  number(sql: string): Promise<number>;
  readonly connection: DuckDBConnection;
  close(): void;
}

/**
 * Opens DuckDB for a load: no downloads, no more memory than `memory` megabytes; what is larger goes to the folder as it is. A
 * database on the disk would spend three times as long on packing rows that are soon forgotten.
 */
export async function openStageDb(folder: string, memory = 400): Promise<StageDb> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: `${memory}MB`,
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`set TimeZone = 'UTC'`);
  await connection.run(`set errors_as_json = false`).catch(() => {});
  const rows = async (sql: string) =>
    (await (await connection.runAndReadAll(sql)).getRowObjectsJson()) as Record<string, unknown>[];
  return {
    connection,
    rows,
    async run(sql) {
      await connection.run(sql);
    },
    async number(sql) {
      const [row] = await rows(sql);
      return Number(Object.values(row!)[0]);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Columns of the staged table `raw`: `row`, `file_row`, then `c0`, `c1` … as texts, null where the cell is empty. */
export async function stageRows(db: StageDb, { path }: Staged, width: number): Promise<void> {
  const columns = Array.from({ length: width }, (_, n) => `'c${n}': 'varchar'`);
  await db.run(
    `create table raw as select * from read_csv(${quoted(path)}, delim = ${quoted(unit)}, quote = '"', escape = '"', header = false,
      auto_detect = false, new_line = '\\n', max_line_size = ${largestLine}, buffer_size = ${2 * largestLine}, parallel = true,
      columns = {'row': 'bigint', 'file_row': 'bigint'${columns.length ? `, ${columns.join(', ')}` : ''}})`,
  );
}
