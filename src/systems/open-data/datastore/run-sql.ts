import pg from 'pg';
import type { Db } from '#platform/database/pool.ts';
import { Refusal } from '#platform/errors.ts';
import { Denied, Faulty } from '../faults.ts';
import { slots } from './slots.ts';

/** So many records at most; what is cut is marked. */
export const mostRecords = 32_000;
/** Of the records, in characters: about 64 MB. */
const largestAnswer = 64_000_000;
/** Milliseconds. */
const longest = 10_000;
/** In PostgreSQL's units of cost, about a hundred rows read: a query above it waits for one of the places of heavy ones. */
const heavy = 20_000;
/** Above it a query would run far longer than it may. */
const hopeless = 50_000_000;
/** Records are fetched in parts of so many, so that an answer too large is cut and not kept. */
const part = 2_000;

const heavySlots = slots({ running: 2, waiting: 6 });

export interface SqlAnswer {
  readonly fields: readonly { readonly id: string; readonly type: string }[];
  /** A JSON list of objects. */
  readonly records: string;
  readonly isCut: boolean;
}

/**
 * Runs a query that `guardQuery` has let through: as a role that reads the views of the DataStore and nothing else, in a
 * transaction that cannot write, for ten seconds at most.
 *
 * @param text one SELECT
 * @param role `misto_query_private` reads all tables: only for a person who may read each one that the query names.
 * @throws Faulty of `query`, with `info` where PostgreSQL says what is wrong; Denied; Refusal 429 when too many heavy ones wait.
 */
export async function runQuery(db: Db, text: string, role: QueryRole = 'misto_query'): Promise<SqlAnswer> {
  const { cost } = await estimateQuery(db, text, role);
  if (cost > hopeless)
    throw new Faulty({
      query: [
        `Query is too expensive: estimated cost ${Math.round(cost)}, at most ${hopeless}. Filter by an indexed column, ask for fewer rows, or download the file.`,
      ],
    });
  const run = () => inReading(db, role, (client) => answerOf(client, text), text);
  return cost > heavy ? heavySlots.run(run) : run();
}

/** Who a query runs as. */
export type QueryRole = 'misto_query' | 'misto_query_private';

/** What a query would take. */
export interface Estimate {
  /** In PostgreSQL's units. */
  readonly cost: number;
  /** About how many rows it would give. */
  readonly rows: number;
  /** Heavy ones wait for one of two places; hopeless ones are refused. */
  readonly weight: 'light' | 'heavy' | 'hopeless';
}

/** Looks what a query would take, without running it. @throws as `runQuery` */
export function estimateQuery(db: Db, text: string, role: QueryRole): Promise<Estimate> {
  return inReading(
    db,
    role,
    async (client) => {
      const { cost, rows } = await planOf(client, text);
      return { cost, rows, weight: cost > hopeless ? 'hopeless' : cost > heavy ? 'heavy' : 'light' };
    },
    text,
  );
}

/** As the role of public queries, reading only; what was said there is forgotten afterwards. */
async function inReading<T>(
  db: Db,
  role: string,
  act: (client: pg.PoolClient) => Promise<T>,
  text: string,
): Promise<T> {
  const client = await db.$client.connect();
  let broken = false;
  try {
    await client.query('begin read only');
    await client.query(
      `select set_config('search_path', 'open_data_safe, pg_catalog, open_data', true),
        set_config('statement_timeout', '${longest}', true), set_config('work_mem', '32MB', true),
        set_config('TimeZone', 'Europe/Kyiv', true), set_config('role', '${role}', true)`,
    );
    return await act(client);
  } catch (error) {
    throw told(error, text);
  } finally {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    client.release(broken);
  }
}

async function planOf(client: pg.PoolClient, text: string): Promise<{ cost: number; rows: number }> {
  const { rows } = await client.query<{
    'QUERY PLAN': { Plan: { 'Total Cost': number; 'Plan Rows': number } }[];
  }>(`explain (format json) ${text}`);
  const { Plan } = rows[0]!['QUERY PLAN'][0]!;
  return { cost: Plan['Total Cost'], rows: Plan['Plan Rows'] };
}

async function answerOf(client: pg.PoolClient, text: string): Promise<SqlAnswer> {
  await client.query(`declare answer no scroll cursor for ${text}`);
  const records: string[] = [];
  let size = 0;
  let fields: pg.FieldDef[] = [];
  let isCut = false;
  let write: ((row: readonly (string | null)[]) => string) | null = null;
  while (!isCut) {
    const read = await client.query<(string | null)[]>({
      text: `fetch ${Math.min(part, mostRecords + 1 - records.length)} from answer`,
      rowMode: 'array',
      types: { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig,
    });
    fields = read.fields;
    write ??= writer(fields);
    for (const row of read.rows) {
      const record = write(row);
      size += record.length;
      isCut = records.length >= mostRecords || size > largestAnswer;
      if (isCut) break;
      records.push(record);
    }
    if (read.rows.length === 0) break;
  }
  const types = await typeNames(client, fields);
  return {
    fields: fields.map(({ name, dataTypeID }) => ({ id: name, type: types.get(dataTypeID) ?? 'text' })),
    records: `[${records.join(',')}]`,
    isCut,
  };
}

const { builtins } = pg.types;
const numbers = new Set<number>([
  builtins.INT2,
  builtins.INT4,
  builtins.INT8,
  builtins.FLOAT4,
  builtins.FLOAT8,
  builtins.NUMERIC,
]);

/** Writes a record as JSON: numbers keep their digits, times are ISO 8601. */
function writer(fields: readonly pg.FieldDef[]): (row: readonly (string | null)[]) => string {
  const columns = fields.map(({ name, dataTypeID }) => ({
    key: JSON.stringify(name),
    value: valueWriter(dataTypeID),
  }));
  return (row) =>
    `{${columns.map(({ key, value }, n) => `${key}:${row[n] === null ? 'null' : value(row[n]!)}`).join(',')}}`;
}

function valueWriter(type: number): (text: string) => string {
  if (numbers.has(type))
    return (text) => (/^-?[\d.]+(e[+-]?\d+)?$/i.test(text) ? text : JSON.stringify(text));
  if (type === builtins.BOOL) return (text) => (text === 't' ? 'true' : 'false');
  if (type === builtins.JSON || type === builtins.JSONB) return (text) => text;
  if (type === builtins.TIMESTAMP || type === builtins.TIMESTAMPTZ)
    return (text) => JSON.stringify(text.replace(' ', 'T'));
  const parse = pg.types.getTypeParser(type, 'text') as (text: string) => unknown;
  return (text) => {
    const value = text.startsWith('{') ? parse(text) : text;
    return JSON.stringify(Array.isArray(value) ? value : text);
  };
}

const names = new Map<number, string>();

async function typeNames(
  client: pg.PoolClient,
  fields: readonly pg.FieldDef[],
): Promise<ReadonlyMap<number, string>> {
  const unknown = [...new Set(fields.map((field) => field.dataTypeID))].filter((oid) => !names.has(oid));
  if (unknown.length > 0) {
    const { rows } = await client.query<{ oid: number; typname: string }>(
      'select oid, typname from pg_type where oid = any($1)',
      [unknown],
    );
    for (const { oid, typname } of rows) names.set(Number(oid), typname);
  }
  return names;
}

/** What PostgreSQL says, in the words and the class that clients know. */
function told(error: unknown, text: string): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (!code || error instanceof Refusal) return error;
  if (code === '57014') return new Faulty({ query: ['Query took too long'] });
  if (code === '42501') return new Denied('Not authorized to read resource.');
  if (code === '54000') return new Faulty({ query: [message] });
  if (/^(2[12]|42|0A|54|53)/.test(code))
    return new Faulty({ query: [message], info: { statement: [text], params: ['{}'], orig: [message] } });
  return error;
}
