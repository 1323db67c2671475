import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { LoadFault } from './faults.ts';
import type { ReadTable } from './read-table.ts';
import { named, quoted } from './sql.ts';
import { unit } from './staging.ts';
import { readTextTable } from './text-table.ts';

/** Reads a Parquet file as texts, so that its cells pass the same way as all others. @throws LoadFault `workbook-broken` */
export async function readParquetTable(path: string, folder: string): Promise<ReadTable> {
  const texts = join(folder, 'parquet.csv');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '300MB',
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run(`set TimeZone = 'Europe/Kyiv'`);
    const described = await connection.runAndReadAll(`describe select * from read_parquet(${quoted(path)})`);
    const columns = described
      .getRowObjectsJson()
      .map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
    const cells = columns.map(({ name, type }) =>
      /\[\]|STRUCT|MAP/.test(type)
        ? `cast(to_json(${named(name)}) as varchar) as ${named(name)}`
        : `cast(${named(name)} as varchar) as ${named(name)}`,
    );
    await connection.run(
      `copy (select ${cells.join(', ')} from read_parquet(${quoted(path)})) to ${quoted(texts)} (format csv, delim ${quoted(unit)}, header)`,
    );
  } catch {
    throw new LoadFault('workbook-broken');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  const table = await readTextTable(() => createReadStream(texts), folder, {
    delimiter: unit,
    skipRows: 0,
    headerRows: 1,
  });
  rmSync(texts, { force: true });
  return { ...table, source: { format: 'parquet', headerRows: 0, skippedRows: 0 } };
}
