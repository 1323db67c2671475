import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core/dialect';
import type { Box } from '#platform/geo/web-mercator.ts';
import { filterOf } from './filters.ts';
import { orderOf } from './order.ts';
import { matching } from './query.ts';
import { conditions } from './search.ts';
import { column, type DataTable, isNumber } from './table.ts';
import type { StoredTable } from './tables.ts';

/** Which rows of a table are meant: as `datastore_search` is asked. */
export interface Narrowed {
  readonly filters?: unknown;
  readonly q?: string | undefined;
}

export const measures = ['count', 'sum', 'avg', 'median', 'min', 'max'] as const;
export type Measure = (typeof measures)[number];
export const steps = ['day', 'month', 'year'] as const;
export type Step = (typeof steps)[number];

/** Groups of rows and a figure of each. */
export interface Grouping {
  /** Id of the column whose values make the groups. */
  readonly by: string;
  /** Of times: how long a group lasts. */
  readonly step: Step | null;
  readonly measure: Measure;
  /** Id of the column that is measured; nothing for `count`. */
  readonly of: string | null;
  readonly limit: number;
}

const dialect = new PgDialect();

/** A query as a text that stands for itself: every value is written out. */
function asText(query: SQL): string {
  return dialect.sqlToQuery(query.inlineParams()).sql.replace(/\s+$/, '');
}

const whereOf = (table: DataTable, narrowed: Narrowed): SQL => {
  const where = conditions(filterOf(table, narrowed.filters), matching(table, narrowed)?.condition ?? null);
  return where === null ? sql`` : sql` where ${where}`;
};

/** The table under the name that queries of the public know. */
export const publicTable = (table: StoredTable): DataTable => ({ ...table, from: column(table.resource) });

/**
 * Two tables side by side where the values of a column are equal, all rows of the first. A column of the second that is called as
 * one of the first gets «2» behind its name.
 */
export function joinedTable(
  left: StoredTable,
  right: StoredTable,
  on: { readonly left: string; readonly right: string },
): DataTable {
  const taken = new Set(left.fields.map(({ id }) => id));
  const others = right.fields.map((field) => {
    let id = field.id;
    while (taken.has(id)) id = `${id} 2`;
    taken.add(id);
    return { field: { ...field, id }, as: sql`r.${column(field.id)} as ${column(id)}` };
  });
  const shown = [...left.fields.map(({ id }) => sql`l.${column(id)}`), ...others.map(({ as }) => as)];
  return {
    from: sql`(select ${sql.join(shown, sql`, `)} from ${column(left.resource)} l left join ${column(right.resource)} r on l.${column(on.left)}::text = r.${column(on.right)}::text) joined`,
    fields: [...left.fields, ...others.map(({ field }) => field)],
    rows: null,
    isDense: false,
  };
}

/**
 * The same rows as SQL of the public.
 *
 * @throws Faulty of `filters`, `sort`
 */
export function rowsText(
  table: DataTable,
  narrowed: Narrowed & {
    readonly fields?: readonly string[];
    readonly sort?: readonly string[];
    readonly limit: number;
  },
): string {
  const ids = narrowed.fields?.length ? narrowed.fields : table.fields.map(({ id }) => id);
  const order = narrowed.sort?.length ? orderOf(table, narrowed.sort, [], null) : { by: null };
  return asText(
    sql`select ${sql.join(ids.map(column), sql`, `)} from ${table.from}${whereOf(table, narrowed)}${
      order.by === null ? sql`` : sql` order by ${order.by}`
    } limit ${narrowed.limit}`,
  );
}

/**
 * Groups as SQL of the public: `x`, `y` and how many groups there are, the largest first, or in the order of `x` where it is a
 * time or a number.
 *
 * @throws Faulty of `filters`
 */
export function groupsText(table: DataTable, narrowed: Narrowed, grouping: Grouping): string {
  const field = table.fields.find(({ id }) => id === grouping.by)!;
  const x =
    grouping.step === null
      ? column(field.id)
      : sql`to_char(${column(field.id)}, ${sql.raw(`'${stepFormats[grouping.step]}'`)})`;
  const y = grouping.of === null ? sql`count(*)` : measured(grouping.measure, column(grouping.of));
  const isOrdered = grouping.step !== null || isNumber(field.type);
  return asText(
    sql`select ${x} as x, ${y} as y, count(*) over () as groups from ${table.from}${whereOf(table, narrowed)} group by 1 order by ${
      isOrdered ? sql`1 nulls last` : sql`2 desc nulls last, 1`
    } limit ${grouping.limit}`,
  );
}

const stepFormats: Readonly<Record<Step, string>> = { day: 'YYYY-MM-DD', month: 'YYYY-MM', year: 'YYYY' };

function measured(measure: Measure, of: SQL): SQL {
  if (measure === 'median') return sql`percentile_cont(0.5) within group (order by ${of})`;
  return sql`${sql.raw(measure)}(${of})`;
}

/** Columns in which the place of a row stands. */
export interface PlaceColumns {
  readonly lat: string;
  readonly lon: string;
}

/** Rows of a part of the map in cells side by side, `across` of them in each direction: how many, about where, and the first of them. */
export function clustersText(
  table: DataTable,
  narrowed: Narrowed,
  places: PlaceColumns,
  view: { readonly box: Box; readonly across: number },
): string {
  const { box, across } = view;
  const [lat, lon] = [column(places.lat), column(places.lon)];
  const where = whereOf(table, {
    ...narrowed,
    filters: inBox(narrowed.filters, places, box),
  });
  const cell = (value: SQL, from: number, to: number) =>
    sql`floor((${value} - ${from}) / ${(to - from) / across})`;
  return asText(sql`select ${cell(lon, box.west, box.east)} as cx, ${cell(lat, box.south, box.north)} as cy, count(*) as n,
    avg(${lat}) as lat, avg(${lon}) as lon, min(_id) as first from ${table.from}${where} group by 1, 2 order by n desc, first`);
}

/** How many rows there are, how many of them have a place, and between which degrees those lie. */
export function extentText(table: DataTable, narrowed: Narrowed, places: PlaceColumns): string {
  const [lat, lon] = [column(places.lat), column(places.lon)];
  return asText(sql`select count(*) as rows, count(${lat} + ${lon}) as placed, min(${lat}) as south, max(${lat}) as north,
    min(${lon}) as west, max(${lon}) as east from ${table.from}${whereOf(table, narrowed)}`);
}

/** The filters with those of a part of the map. */
export function inBox(filters: unknown, places: PlaceColumns, box: Box): unknown {
  const within = {
    [keyOf(places.lat)]: { gte: box.south, lt: box.north },
    [keyOf(places.lon)]: { gte: box.west, lt: box.east },
  };
  return filters && Object.keys(filters).length > 0 ? { $and: [filters, within] } : within;
}

/** A column's id as a key of filters, where `$` begins an operator. */
export const keyOf = (id: string): string => (id.startsWith('$') ? `$${id}` : id);
