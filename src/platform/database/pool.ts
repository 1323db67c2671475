import type { Duplex } from 'node:stream';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';

/** The whole database, outside any transaction. */
export type Db = NodePgDatabase<Record<string, never>> & { $client: pg.Pool };
/** One open transaction. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
/** Where a read may happen: in a transaction or outside of one. */
export type Reader = Db | Tx;

// A date stays the text it is (a Date at local midnight would shift by a day); int8 and numeric stay exact.
const textTypes = [pg.types.builtins.DATE, pg.types.builtins.NUMERIC, pg.types.builtins.INT8];
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (textTypes.includes(oid as never) && format !== 'binary') return (value: string) => value;
    return pg.types.getTypeParser(oid, format as 'text');
  },
} as pg.CustomTypesConfig;

export interface PoolOptions {
  /** Connections per process. */
  max?: number;
  /** `web` statements end after 15 s, `job` statements after 10 minutes. */
  purpose?: 'web' | 'job';
  /** The role the connections act as, once connected. */
  role?: string;
}

/** Opens a pool of connections with the limits that keep one slow statement from stopping the city. */
export function openPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    types,
    // Statements of one transaction that do not wait for each other's answers travel together: a round trip to the server and
    // back costs more than most of them do.
    pipeline: true,
    statement_timeout: options.purpose === 'job' ? 600_000 : 15_000,
    lock_timeout: 3_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'misto',
    connectionTimeoutMillis: 10_000,
    // Figures over a large city group in memory; with PostgreSQL's own 4 MB they are sorted on disk.
    options: `-c work_mem=16MB${options.role ? ` -c role=${options.role}` : ''}`,
  });
  // An idle connection that breaks (the server restarts) is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // The pool does not listen while a connection is lent out: one that breaks between two statements of a transaction
  // would end the process too. Whoever holds it hears of it with the next statement.
  pool.on('connect', (client) => {
    client.on('error', () => {});
    writeTogether(client);
    beginWithFirst(client);
    planOnce(client);
  });
  return pool;
}

/**
 * What is asked of a connection until the loop turns leaves in one write: a transaction's BEGIN, its first statements and those
 * that follow without waiting. Each write of its own wakes the server process for a piece of the whole.
 */
function writeTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  let held = false;
  client.query = ((...args: unknown[]) => {
    if (!held) {
      held = true;
      stream.cork();
      setImmediate(() => {
        held = false;
        stream.uncork();
      });
    }
    return query(...args);
  }) as typeof client.query;
}

/** The transaction's BEGIN travels with its first statement instead of alone; one that says nothing never reaches the server. */
function beginWithFirst(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  let owed = false;
  client.query = ((...args: unknown[]) => {
    const [said] = args;
    const text = typeof said === 'string' ? said : (said as { text?: string } | undefined)?.text;
    if (text === 'begin') {
      owed = true;
      return Promise.resolve(nothing);
    }
    if (owed) {
      owed = false;
      if (text === 'commit' || text === 'rollback') return Promise.resolve(nothing);
      // Only a broken connection refuses it, and then the statement behind it fails as well.
      (query('begin') as Promise<unknown>).catch(() => {});
    }
    return query(...args);
  }) as typeof client.query;
}

/** So often a connection runs a statement before it lets PostgreSQL keep its plan. */
const often = 5;
/** So many it keeps at most; statements put together from filters are many. */
const planned = 200;

/**
 * Names the statements that a connection runs again and again, so that PostgreSQL parses and plans them once: that costs as much
 * as running most of them. PostgreSQL itself goes on planning for the values at hand where that is cheaper.
 *
 * A kept plan dies when a newer process, starting beside this one, has changed the table: then all names of the connection are
 * made anew. What ran outside of a transaction is run again at once; for a transaction, see `isPlanOutdated`.
 */
function planOnce(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const seen = new Map<string, number>();
  const names = new Map<string, string>();
  let generation = 0;
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known || names.size >= planned || !/^\s*(?:select|insert|update|delete|with)\b/i.test(text))
      return known;
    const times = (seen.get(text) ?? 0) + 1;
    if (times < often) {
      if (seen.size >= 10 * planned) seen.clear();
      seen.set(text, times);
      return undefined;
    }
    seen.delete(text);
    names.set(text, `often_${names.size}`);
    return names.get(text);
  };
  client.query = ((...args: unknown[]) => {
    const [said, ...rest] = args;
    const config = said as { text?: unknown; name?: string } | null;
    const name = typeof config?.text === 'string' ? (config.name ?? nameOf(config.text)) : undefined;
    if (!name) return query(...args);
    const used = generation;
    const named = () => ({ ...config, name: generation ? `${name}~${generation}` : name });
    const outdated = (error: unknown) => {
      if (!isPlanOutdated(error)) return false;
      if (used === generation) generation += 1;
      return true;
    };
    const answer = rest.at(-1);
    if (typeof answer === 'function') {
      // So asks the pool, which lends the connection for this one statement.
      const once = (error: unknown, result: unknown) =>
        outdated(error) ? query(named(), ...rest) : answer(error, result);
      return query(named(), ...rest.slice(0, -1), once);
    }
    const asked = query(named(), ...rest) as Promise<unknown>;
    asked.catch(outdated);
    return asked;
  }) as typeof client.query;
}

/**
 * Whether a kept plan no longer fits its table. The transaction that met it is lost, and its work may be done again from the
 * beginning: nothing of it was kept.
 */
export function isPlanOutdated(error: unknown): boolean {
  const { code, routine, cause } = (error ?? {}) as { code?: unknown; routine?: unknown; cause?: unknown };
  return (code === '0A000' && routine === 'RevalidateCachedQuery') || (cause ? isPlanOutdated(cause) : false);
}

const nothing = { command: '', rowCount: null, oid: 0, fields: [], rows: [] };

export function openDb(pool: pg.Pool): Db {
  return drizzle(pool) as Db;
}
