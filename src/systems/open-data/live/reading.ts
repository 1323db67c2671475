import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cursor, LiveDataset, LivePage } from '#platform/live-data.ts';
import type { Platform } from '#platform/system.ts';
import { openStageDb } from '../loading/stage-db.ts';
import { originOf } from '../origin.ts';
import type { LiveTable } from './columns.ts';
import { type Anonymised, anonymise } from './k-anonymity.ts';
import type { TreatedRow } from './treat.ts';

/** Rows that a system hands out at a time. */
export const batch = 1_000;

/**
 * Asks a system for its rows, all pages in one read-only snapshot of the database: a system cannot write here, and two readings of the
 * same state hand out the same.
 */
export async function readSystem(
  platform: Platform,
  live: LiveDataset,
  input: {
    readonly since: Cursor | null;
    readonly asOf: Date;
    readonly signal: AbortSignal;
    readonly take: (page: LivePage) => Promise<void>;
  },
): Promise<void> {
  await platform.db.transaction(
    async (db) => {
      const { since, asOf, signal, take } = input;
      const pages = live.read(since, { db, asOf, origin: originOf(platform), batch, signal });
      for await (const page of pages) {
        signal.throwIfAborted();
        await take(page);
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

/** Writes treated rows into a file for DuckDB as they come. */
export class RowFile {
  readonly path: string;
  private readonly handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
  }

  /** In a folder of its own, which is made. */
  static async in(folder: string): Promise<RowFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, 'rows.ndjson');
    return new RowFile(path, await open(path, 'w', 0o600));
  }

  async add(rows: readonly TreatedRow[]): Promise<void> {
    const lines = rows.map(
      (cells) => `${JSON.stringify(Object.fromEntries(cells.map((cell, n) => [`c${n}`, cell])))}\n`,
    );
    await this.handle.appendFile(lines.join(''));
  }

  async end(): Promise<void> {
    await this.handle.close();
  }
}

/** The Parquet that is published of these rows, and what became of each. */
export async function publishedFile(
  folder: string,
  rowsPath: string,
  table: LiveTable,
  live: LiveDataset,
): Promise<{ readonly path: string; readonly counts: Anonymised }> {
  const path = join(folder, 'live.parquet');
  const db = await openStageDb(folder);
  try {
    const counts = await anonymise(db, {
      rowsPath,
      to: path,
      columns: table.columns,
      key: table.key,
      kAnonymity: live.privacy.kAnonymity,
    });
    return { path, counts };
  } finally {
    db.close();
  }
}
