import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core/dialect';
import { Refusal } from '#platform/errors.ts';
import type { Platform } from '#platform/system.ts';
import { slots } from '../datastore/slots.ts';
import { faulty } from '../faults.ts';
import { quoted } from '../loading/sql.ts';
import { copiesFolder, spillFolder } from './copies.ts';

/** Milliseconds that an answer may take. */
const longest = 10_000;
/** Cells that a question looks at; above it waits for one of the places of heavy ones. */
const heavy = 10_000_000;
/** An engine that nobody asks gives its memory back after so many milliseconds. */
const patience = 30_000;

const heavySlots = slots({ running: 2, waiting: 6 });
/** Whoever reads slowly keeps a result open, which costs little memory and no processor. */
const streams = slots({ running: 8, waiting: 16 });

/** One question or several that belong together: temporary tables live as long as it. */
export interface Session {
  run(question: SQL | string): Promise<void>;
  /** Rows of texts, numbers, booleans; whole numbers beyond 2^53 and decimals as text. */
  rows<Row>(question: SQL | string): Promise<Row[]>;
}

/** How long and how much a question may take. */
export interface Effort {
  /** Rows times columns that are looked at. */
  readonly cells: number;
  /** Milliseconds; ten seconds unless said. */
  readonly within?: number;
}

/**
 * Asks DuckDB over the copies of this machine (copies.ts): two threads, 400 MB and what it puts by on the disk, nothing else to
 * read or write, no longer than ten seconds, two heavy questions at a time.
 *
 * @throws Refusal 429 when too many wait, 422 `too-slow`; Faulty of `filters` for a value that no cell can have.
 */
export async function ask<T>(
  platform: Platform,
  { cells, within = longest }: Effort,
  act: (session: Session) => Promise<T>,
): Promise<T> {
  const answer = () =>
    connected(platform, async (connection) => {
      const stop = setTimeout(() => connection.interrupt(), within);
      try {
        return await act(sessionOf(connection));
      } catch (error) {
        throw told(error);
      } finally {
        clearTimeout(stop);
      }
    });
  return cells > heavy ? heavySlots.run(answer) : answer();
}

/**
 * Texts of a question with one column, some thousands at a time, as they are taken: memory does not grow with the answer.
 * Whoever leaves early calls `return`.
 */
export async function* stream(
  platform: Platform,
  question: SQL | string,
): AsyncGenerator<string[], void, undefined> {
  const free = await streams.take();
  try {
    const engine = await engineOf(platform);
    const connection = await engine.open();
    try {
      const result = await connection.stream(textOf(question));
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        yield chunk.getColumnValues(0) as string[];
      }
    } catch (error) {
      throw told(error);
    } finally {
      connection.interrupt();
      engine.close(connection);
    }
  } finally {
    free();
  }
}

async function connected<T>(
  platform: Platform,
  act: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const engine = await engineOf(platform);
  const connection = await engine.open();
  try {
    return await act(connection);
  } finally {
    engine.close(connection);
  }
}

const dialect = new PgDialect();

/** SQL with its values in it. Drizzle doubles the quotes in texts, and DuckDB knows no other escapes there. */
export const textOf = (question: SQL | string): string =>
  typeof question === 'string' ? question : dialect.sqlToQuery(question.inlineParams()).sql;

/** A file of the copies as a table. */
export const parquet = (path: string): SQL => sql.raw(`read_parquet(${quoted(path)})`);

function sessionOf(connection: DuckDBConnection): Session {
  return {
    async run(question) {
      await connection.run(textOf(question));
    },
    async rows<Row>(question: SQL | string) {
      const read = await connection.runAndReadAll(textOf(question));
      return read.getRowObjectsJson() as Row[];
    },
  };
}

function told(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Refusal) return error;
  if (/INTERRUPT/i.test(error.message))
    return new Refusal(
      422,
      'too-slow',
      'the question takes longer than ten seconds: narrow it by filters, ask for fewer columns, or download the file',
    );
  if (/^Out of Memory|out of memory/i.test(error.message))
    return new Refusal(
      422,
      'too-large',
      'the question needs more memory than one may take: group by fewer columns, narrow it by filters, or download the file',
    );
  if (/^(Conversion|Invalid Input|Out of Range) Error/i.test(error.message))
    return faulty('filters', error.message.split('\n')[0]!.replace(/^[\w ]+ Error: /, ''));
  return error;
}

interface Engine {
  open(): Promise<DuckDBConnection>;
  close(connection: DuckDBConnection): void;
}

const engines = new Map<string, Promise<Engine>>();

/** One for each folder of copies, for as long as it is asked. */
function engineOf(platform: Platform): Promise<Engine> {
  const folder = copiesFolder(platform.config);
  let engine = engines.get(folder);
  if (!engine) {
    engine = start(folder, () => engines.delete(folder));
    engine.catch(() => engines.delete(folder));
    engines.set(folder, engine);
  }
  return engine;
}

async function start(folder: string, forget: () => void): Promise<Engine> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '400MB',
    temp_directory: join(folder, spillFolder),
    max_temp_directory_size: '8GB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    // As PostgreSQL sorts, so that pages of a version do not depend on where its rows lie.
    default_null_order: 'nulls_last_on_asc_first_on_desc',
  });
  const first = await instance.connect();
  await first.run(`set allowed_directories = [${quoted(`${folder}/`)}]`);
  await first.run('set enable_external_access = false');
  await first.run('set lock_configuration = true');
  first.closeSync();
  let open = 0;
  let ended = false;
  let resting: NodeJS.Timeout | undefined;
  return {
    async open() {
      clearTimeout(resting);
      open += 1;
      try {
        return await instance.connect();
      } catch (error) {
        open -= 1;
        throw error;
      }
    },
    close(connection) {
      connection.closeSync();
      open -= 1;
      if (open > 0) return;
      clearTimeout(resting);
      resting = setTimeout(() => {
        if (open > 0 || ended) return;
        ended = true;
        forget();
        instance.closeSync();
      }, patience).unref();
    },
  };
}
