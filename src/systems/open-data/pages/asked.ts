import type { Context } from 'hono';
import type { PlaceColumns } from '../datastore/question.ts';
import { keyOf, type Measure, measures, type Step, steps } from '../datastore/question.ts';
import { pageOf, type Query } from './kit.tsx';

/** Conditions that an address may bring. */
export const mostConditions = 8;
export const views = ['grid', 'chart', 'map'] as const;
export type View = (typeof views)[number];

export interface Condition {
  readonly column: string;
  readonly operator: string;
  readonly value: string;
}

/** What the page of a table was asked for: all of it stands in the address, so it can be sent and comes back as it was. */
export interface Asked {
  readonly view: View;
  readonly q: string;
  readonly conditions: readonly Condition[];
  readonly sort: string;
  readonly page: number;
  /** Of the chart; empty: the page chooses. */
  readonly x: string;
  readonly y: string;
  readonly measure: Measure;
  readonly step: Step | null;
  /** Of the map, besides `x` and `y` as they stand in the address. */
  readonly tile: Readonly<Record<'z' | 'x' | 'y', string | undefined>>;
}

const among = <T extends string>(list: readonly T[], given: string | null): T | null =>
  list.find((one) => one === given) ?? null;

export function askedOf(c: Context): Asked {
  const query = new URL(c.req.url).searchParams;
  const given = Array.from({ length: mostConditions }, (_, n) => ({
    column: query.get(`c${n + 1}`) ?? '',
    operator: query.get(`o${n + 1}`) || 'eq',
    value: (query.get(`v${n + 1}`) ?? '').slice(0, 500),
  }));
  return {
    view: among(views, query.get('view')) ?? 'grid',
    q: (query.get('q') ?? '').trim().slice(0, 200),
    conditions: given.filter(({ column }) => column !== ''),
    sort: query.get('sort') ?? '',
    page: pageOf(c),
    x: query.get('x') ?? '',
    y: query.get('y') ?? '',
    measure: among(measures, query.get('measure')) ?? 'count',
    step: among(steps, query.get('step')),
    tile: {
      z: query.get('z') ?? undefined,
      x: query.get('x') ?? undefined,
      y: query.get('y') ?? undefined,
    },
  };
}

export const isNarrowed = (asked: Asked): boolean => asked.q !== '' || asked.conditions.length > 0;

/** The rows that are meant, as parameters of an address. */
export function narrowedQuery(asked: Pick<Asked, 'q' | 'conditions'>): Query {
  return {
    q: asked.q,
    ...Object.fromEntries(
      asked.conditions.flatMap(({ column, operator, value }, n) => [
        [`c${n + 1}`, column],
        [`o${n + 1}`, operator === 'eq' ? '' : operator],
        [`v${n + 1}`, value],
      ]),
    ),
  };
}

/** The address of the same view with a change. */
export function askedQuery(asked: Asked, change: Query = {}): Query {
  const own: Query =
    asked.view === 'chart'
      ? {
          x: asked.x,
          y: asked.y,
          measure: asked.measure === 'count' ? '' : asked.measure,
          step: asked.step,
        }
      : asked.view === 'map'
        ? asked.tile
        : {};
  return {
    view: asked.view === 'grid' ? '' : asked.view,
    ...narrowedQuery(asked),
    sort: asked.sort,
    ...own,
    ...change,
  };
}

/** Conditions as `filters` of the DataStore: those of one column all hold. */
export function filtersOf(asked: Pick<Asked, 'conditions'>): Record<string, unknown> {
  const filters: Record<string, Record<string, unknown>> = {};
  for (const { column, operator, value } of asked.conditions) {
    const key = keyOf(column);
    filters[key] = { ...filters[key], [operator]: value === '' ? null : value };
  }
  return filters;
}

/** `column` or `-column` as an order of the DataStore. */
export function sortWish(sort: string): string {
  const [id, direction] = sort.startsWith('-')
    ? [sort.slice(1), ' desc nulls last']
    : [sort, ' asc nulls last'];
  return `"${id.replaceAll('"', '""')}"${direction}`;
}

/** The conditions of a part of the map, behind those that hold already. */
export function withinBox(
  asked: Asked,
  { lat, lon }: PlaceColumns,
  box: { readonly south: number; readonly west: number; readonly north: number; readonly east: number },
): Condition[] {
  const five = (value: number) => value.toFixed(5);
  return [
    ...asked.conditions,
    { column: lat, operator: 'gte', value: five(box.south) },
    { column: lat, operator: 'lt', value: five(box.north) },
    { column: lon, operator: 'gte', value: five(box.west) },
    { column: lon, operator: 'lt', value: five(box.east) },
  ];
}
