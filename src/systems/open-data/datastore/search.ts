import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { Faulty, faulty } from '../faults.ts';
import { filterOf } from './filters.ts';
import { type Order, orderOf } from './order.ts';
import { matching } from './query.ts';
import { type RecordsFormat, recordsOf, rowNumber, type Shown, written } from './records.ts';
import { column, type DataTable, type Field } from './table.ts';

export const usualLimit = 100;
export const largestLimit = 32_000;

/** What `datastore_search` asks of a table; what is absent asks nothing. */
export interface SearchRequest {
  readonly filters?: unknown;
  /** A text, or a text by column. */
  readonly q?: string | Readonly<Record<string, string>> | undefined;
  readonly full_text?: string | undefined;
  /** `q` is plain words unless false; then it is a query of PostgreSQL's text search. */
  readonly plain?: boolean;
  readonly fields?: readonly string[] | undefined;
  readonly sort?: readonly string[] | undefined;
  readonly distinct?: boolean;
  readonly limit?: number;
  readonly offset?: number;
  readonly format?: RecordsFormat;
  readonly withTotal?: boolean;
}

export interface SearchAnswer {
  /** The columns of the records, in their order. */
  readonly fields: readonly { readonly id: string; readonly type: string; readonly info?: Field['info'] }[];
  /** The records as JSON: a list of objects or of lists, or one string with lines. */
  readonly records: string;
  readonly count: number;
  /** Null when it was not asked for. */
  readonly total: number | null;
  readonly limit: number;
  readonly offset: number;
  /** `_id` of the last record, when they stand in its order and it is shown. */
  readonly last: { readonly id: number; readonly descending: boolean } | null;
}

/**
 * Rows of a table of the DataStore, with the exact total of those that fit. Nothing is cut but by the limit that is told.
 *
 * @throws Faulty of the parameter that is wrong.
 */
export async function searchTable(
  reader: Reader,
  table: DataTable,
  request: SearchRequest,
): Promise<SearchAnswer> {
  const limit = Math.min(request.limit ?? usualLimit, largestLimit);
  const offset = request.offset ?? 0;
  const match = matching(table, request);
  const where = conditions(filterOf(table, request.filters), match?.condition ?? null);
  const shown = shownFields(table, request.fields, match?.ranks ?? []);
  const order = orderOf(table, request.sort, match?.ranks ?? [], request.distinct ? shown : null);
  const byId = order.byId !== null && !request.distinct;
  const isWhole = where === null && !request.distinct;
  const chosen = chosenRows(table, {
    shown,
    where,
    order,
    limit,
    offset,
    distinct: request.distinct === true,
  });
  try {
    const [rows, total] = await Promise.all([
      limit === 0 ? [] : recordsOf(reader, chosen, shown, request.format ?? 'objects', byId),
      request.withTotal === false
        ? null
        : totalOf(reader, table, where, isWhole, request.distinct ? shown : null),
    ]);
    return {
      fields: shown.map(({ expression: _, ...field }) => field),
      records: written(rows, request.format ?? 'objects'),
      count: rows.length,
      total,
      limit,
      offset,
      last:
        byId && rows.length > 0 ? { id: rows.at(-1)!.id!, descending: order.byId === 'descending' } : null,
    };
  } catch (error) {
    throw valueFault(error) ?? error;
  }
}

/** The asked columns, or `_id`, all of the table's, and the rank of each match. */
export function shownFields(
  table: DataTable,
  fields: readonly string[] | undefined,
  ranks: readonly Shown[],
): Shown[] {
  const all: Shown[] = [
    { id: '_id', type: 'int', expression: column('_id') },
    ...table.fields.map((field) => ({ ...field, expression: column(field.id) })),
    ...ranks,
  ];
  if (!fields) return all;
  const byId = new Map(all.map((one) => [one.id, one]));
  const shown = fields.map((id) => byId.get(id) ?? refuse('fields', `invalid value "${id}"`));
  return shown.filter((one, n) => shown.indexOf(one) === n);
}

export function conditions(...parts: (SQL | null)[]): SQL | null {
  const found = parts.filter((part) => part !== null);
  return found.length === 0 ? null : sql.join(found, sql` and `);
}

function chosenRows(
  table: DataTable,
  chosen: {
    shown: readonly Shown[];
    where: SQL | null;
    order: Order;
    limit: number;
    offset: number;
    distinct: boolean;
  },
): SQL {
  const { shown, order, limit, offset, distinct } = chosen;
  const names = sql.join(
    shown.map(({ expression, id }) => sql`${expression} as ${column(id)}`),
    sql`, `,
  );
  // Far down a whole file, a row is found by its number instead of being counted up to.
  const jumps =
    table.isDense && chosen.where === null && !distinct && order.byId === 'ascending' && offset > 0;
  const where = jumps ? sql`_id > ${offset}` : chosen.where;
  return sql`select ${distinct ? sql`distinct ` : sql``}${names}${distinct ? sql`` : sql`, _id as "${sql.raw(rowNumber)}"`}
    from ${table.from} ${where === null ? sql`` : sql`where ${where}`}
    ${order.by === null ? sql`` : sql`order by ${order.by}`}
    limit ${limit} ${jumps ? sql`` : sql`offset ${offset}`}`;
}

async function totalOf(
  reader: Reader,
  table: DataTable,
  where: SQL | null,
  isWhole: boolean,
  distinct: readonly Shown[] | null,
): Promise<number> {
  if (isWhole && table.rows !== null) return table.rows;
  const rows = distinct
    ? sql`(select distinct ${sql.join(
        distinct.map(({ expression, id }) => sql`${expression} as ${column(id)}`),
        sql`, `,
      )} from ${table.from} ${where === null ? sql`` : sql`where ${where}`}) d`
    : sql`${table.from} ${where === null ? sql`` : sql`where ${where}`}`;
  const found = await reader.execute<{ n: number }>(sql`select count(*)::float8 as n from ${rows}`);
  return found.rows[0]!.n;
}

/** What PostgreSQL says of a value that its type does not know, as a fault of the filters; null: it is something else. */
export function valueFault(error: unknown): Faulty | null {
  const cause = (error as { cause?: unknown }).cause ?? error;
  const code = (cause as { code?: string }).code ?? '';
  if (code === '42601' || code === '42P18') return faulty('q', 'invalid value for text search');
  return code.startsWith('22') ? faulty('filters', (cause as Error).message) : null;
}

function refuse(field: string, message: string): never {
  throw new Faulty({ [field]: [message] });
}
