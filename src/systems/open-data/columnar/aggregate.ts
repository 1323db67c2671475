import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Platform } from '#platform/system.ts';
import { type Field, isNumber } from '../datastore/table.ts';
import { faulty } from '../faults.ts';
import { named } from '../loading/sql.ts';
import { ask, parquet, textOf } from './engine.ts';
import { whereOf } from './search.ts';
import { cellsOf, type Source } from './source.ts';
import { jsonText } from './texts.ts';

/** Groups of one answer; what is cut is marked. */
export const mostGroups = 10_000;
const mostColumns = 10;

export const functions = ['count', 'sum', 'avg', 'min', 'max', 'median'] as const;
type Aggregate = (typeof functions)[number];

export interface AggregateRequest {
  /** Columns whose equal values make a group; none: one group of all rows. */
  readonly groupBy: readonly string[];
  /** `count`, `sum(column)` …; `count` unless said. */
  readonly measures: readonly string[];
  readonly filters?: unknown;
  readonly q?: string | undefined;
  /** A column or a measure, `desc` behind it for the largest first; the columns of the groups unless said. */
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
}

export interface Groups {
  readonly fields: readonly { readonly id: string; readonly type: string }[];
  /** A JSON list of objects. */
  readonly groups: string;
  readonly count: number;
  /** There are more groups than these. */
  readonly isCut: boolean;
}

interface Measure {
  readonly name: string;
  readonly aggregate: Aggregate;
  readonly field: Field | null;
}

/**
 * Groups the rows of a state and counts, sums, averages over each group. What was computed once is remembered: a version
 * does not change.
 *
 * @throws Faulty of `group_by`, `measure`, `sort`, `filters`; Refusal 422 or 429 when it costs too much.
 */
export async function aggregate(
  platform: Platform,
  source: Source,
  request: AggregateRequest,
): Promise<Groups> {
  const groupBy = request.groupBy.map((id) => fieldNamed(source, id, 'group_by'));
  const measures = (request.measures.length ? request.measures : ['count']).map((text) =>
    measureOf(source, text),
  );
  if (groupBy.length + measures.length > mostColumns)
    throw faulty('group_by', `At most ${mostColumns} columns and measures together`);
  const limit = Math.min(request.limit ?? mostGroups, mostGroups);
  const where = await whereOf(platform, source, request);
  const names = [...groupBy.map(({ id }) => id), ...measures.map(({ name }) => name)];
  const order = orderOf(request.sort, groupBy, measures);
  const question = textOf(sql`
    select ${sql.raw(groupJson(groupBy, measures))} as text from (
      select ${sql.raw(
        [
          ...groupBy.map(({ id }, n) => `${named(id)} as _g${n}`),
          ...measures.map((measure, n) => `${expressionOf(measure)} as _m${n}`),
        ].join(', '),
      )} from ${parquet(source.path)} ${where ? sql`where ${where}` : sql``}
      ${groupBy.length ? sql.raw(`group by ${groupBy.map(({ id }) => named(id)).join(', ')}`) : sql``}
      ${order ? sql`order by ${sql.raw(order)}` : sql``} limit ${limit + 1}) g`);
  const key = createHash('sha256').update(`${source.content}\0${question}`).digest('base64url');
  const kept = remembered.get(key);
  if (kept) return kept;
  const rows = await ask(
    platform,
    { cells: cellsOf(source, new Set([...groupBy, ...measures.map(({ field }) => field)]).size) },
    (session) => session.rows<{ text: string }>(question),
  );
  const shown = rows.slice(0, limit);
  const found: Groups = {
    fields: names.map((id, n) => ({
      id,
      type: n < groupBy.length ? groupBy[n]!.type : typeOf(measures[n - groupBy.length]!),
    })),
    groups: `[${shown.map(({ text }) => text).join(',')}]`,
    count: shown.length,
    isCut: rows.length > limit,
  };
  remember(key, found);
  return found;
}

function fieldNamed(source: Source, id: string, parameter: string): Field {
  const found = source.fields.find((field) => field.id === id);
  if (!found) throw faulty(parameter, `Unknown field: ${id}`);
  if (found.type === 'json') throw faulty(parameter, `Field can not be grouped: ${id}`);
  return found;
}

function measureOf(source: Source, text: string): Measure {
  const name = text.trim();
  if (name === 'count' || name === 'count(*)') return { name: 'count', aggregate: 'count', field: null };
  const read = /^(\w+)\((.+)\)$/s.exec(name);
  const aggregate = read?.[1] as Aggregate | undefined;
  if (!read || !aggregate || !functions.includes(aggregate))
    throw faulty('measure', `"${name}" is none of ${functions.map((one) => `${one}(column)`).join(', ')}`);
  const field = fieldNamed(source, read[2]!.trim(), 'measure');
  if ((aggregate === 'sum' || aggregate === 'avg') && !isNumber(field.type))
    throw faulty('measure', `${aggregate} needs a column of numbers: ${field.id} is ${field.type}`);
  if (
    aggregate === 'median' &&
    !(isNumber(field.type) || field.type === 'date' || field.type === 'timestamp')
  )
    throw faulty('measure', `median needs numbers or dates: ${field.id} is ${field.type}`);
  return { name, aggregate, field };
}

function expressionOf({ aggregate, field }: Measure): string {
  if (!field) return 'count(*)';
  const column = named(field.id);
  if (aggregate === 'median' && field.type === 'date') return `cast(median(${column}) as date)`;
  // Between two decimals lies one with more digits.
  if (aggregate === 'median' && isNumber(field.type)) return `median(cast(${column} as double))`;
  return `${aggregate}(${column})`;
}

function typeOf({ aggregate, field }: Measure): string {
  if (aggregate === 'count' || !field) return 'int8';
  if (aggregate === 'avg' || (aggregate === 'median' && isNumber(field.type))) return 'float8';
  return aggregate === 'sum' ? 'numeric' : field.type;
}

function groupJson(groupBy: readonly Field[], measures: readonly Measure[]): string {
  const cells = [
    ...groupBy.map((field, n) => [field.id, jsonText({ id: `_g${n}`, type: field.type }, 'g')] as const),
    ...measures.map(
      (measure, n) =>
        [measure.name, jsonText({ id: `_m${n}`, type: typeOf(measure) as Field['type'] }, 'g')] as const,
    ),
  ];
  const parts = cells.map(
    ([name, text], n) => `'${n ? ',' : ''}${JSON.stringify(name).replaceAll("'", "''")}:' || ${text}`,
  );
  return `'{' || ${parts.join(' || ')} || '}'`;
}

function orderOf(
  sort: string | undefined,
  groupBy: readonly Field[],
  measures: readonly Measure[],
): string | null {
  const usual = groupBy.map((_, n) => `_g${n}`);
  if (!sort?.trim()) return usual.join(', ') || null;
  const [, name, direction] = /^\s*(.+?)(?:\s+(asc|desc))?\s*$/is.exec(sort)!;
  const group = groupBy.findIndex(({ id }) => id === name);
  const measure = measures.findIndex((one) => one.name === name);
  if (group < 0 && measure < 0) throw faulty('sort', `invalid value "${sort.trim()}"`);
  const by = group >= 0 ? `_g${group}` : `_m${measure}`;
  return [`${by} ${direction?.toLowerCase() === 'desc' ? 'desc' : 'asc'} nulls last`, ...usual].join(', ');
}

const remembered = new Map<string, Groups>();
/** In characters, of all answers together. */
const mostRemembered = 16_000_000;
let size = 0;

function remember(key: string, found: Groups): void {
  remembered.set(key, found);
  size += found.groups.length;
  for (const [oldest, old] of remembered) {
    if (size <= mostRemembered) return;
    remembered.delete(oldest);
    size -= old.groups.length;
  }
}
