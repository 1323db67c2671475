import { type SQL, sql } from 'drizzle-orm';
import type { Platform } from '#platform/system.ts';
import { filterOf } from '../datastore/filters.ts';
import { type Order, orderOf } from '../datastore/order.ts';
import { written } from '../datastore/records.ts';
import {
  conditions,
  largestLimit,
  type SearchAnswer,
  type SearchRequest,
  shownFields,
  usualLimit,
} from '../datastore/search.ts';
import type { Field } from '../datastore/table.ts';
import { named } from '../loading/sql.ts';
import { ask, parquet } from './engine.ts';
import { foundByWords } from './matching.ts';
import type { Source } from './source.ts';
import { jsonText, lineText } from './texts.ts';

/**
 * Rows of a version that is served no more, as `searchTable` answers for the served one: the same filters, words, orders, formats and
 * exact totals.
 *
 * @throws Faulty of the parameter that is wrong; Refusal 422 or 429 when it costs too much.
 */
export async function searchColumns(
  platform: Platform,
  source: Source,
  request: SearchRequest,
): Promise<SearchAnswer> {
  const limit = Math.min(request.limit ?? usualLimit, largestLimit);
  const offset = request.offset ?? 0;
  const table = { ...source, from: parquet(source.path), isDense: true };
  const shown = shownFields(table, request.fields, []);
  const order = orderOf(table, request.sort, [], request.distinct ? shown : null);
  const where = await whereOf(platform, source, request);
  const types = new Map<string, Field>(source.fields.map((field) => [field.id, field]));
  const fields: Field[] = shown.map(({ id }) => types.get(id) ?? { id: '_id', type: 'int8' });
  const names = sql.join(
    fields.map(({ id }) => sql`${sql.identifier(id)}`),
    sql`, `,
  );
  const format = request.format ?? 'objects';
  const from = sql`${parquet(source.path)} r ${where === null ? sql`` : sql`where ${where}`}`;
  const byId = order.byId !== null && !request.distinct;
  const isWhole = where === null && !request.distinct;
  return ask(platform, { cells: source.rows * Math.max(fields.length, 1) }, async (session) => {
    const rows =
      limit === 0
        ? []
        : await session.rows<{ _text: string; _row: string | null }>(
            sql`${selected({ fields, format, from, order, distinct: request.distinct === true, withId: byId })} limit ${limit} offset ${offset}`,
          );
    const total =
      request.withTotal === false
        ? null
        : isWhole
          ? source.rows
          : Number(
              (
                await session.rows<{ n: string }>(
                  request.distinct
                    ? sql`select count(*) as n from (select distinct ${names} from ${from})`
                    : sql`select count(*) as n from ${from}`,
                )
              )[0]!.n,
            );
    const last = rows.at(-1);
    return {
      fields: shown.map(({ expression: _, ...field }) => field),
      records: written(
        rows.map(({ _text }) => ({ text: _text, id: null })),
        format,
      ),
      count: rows.length,
      total,
      limit,
      offset,
      last: byId && last ? { id: Number(last._row), descending: order.byId === 'descending' } : null,
    };
  });
}

/** Records as texts in their order. Names of what is selected begin as no column's may, so that none is mistaken for them. */
export function selected(chosen: {
  readonly fields: readonly Field[];
  readonly format: 'objects' | 'lists' | 'csv' | 'tsv';
  /** Rows `r` with their conditions. */
  readonly from: SQL;
  readonly order: Order;
  readonly distinct: boolean;
  readonly withId: boolean;
}): SQL {
  const { fields, from, order } = chosen;
  const text = sql.raw(recordText(fields, chosen.format));
  const names = sql.raw(fields.map(({ id }) => named(id)).join(', '));
  const by = order.by === null ? sql`` : sql`order by ${order.by}`;
  if (chosen.distinct)
    return sql`select ${text} as _text, null as _row from (select distinct ${names} from ${from}) r ${by}`;
  return sql`select ${text} as _text, ${chosen.withId ? sql`r._id` : sql`null`} as _row from ${from} ${by}`;
}

/** Filters and words of a request as one condition; null: all rows. */
export async function whereOf(
  platform: Platform,
  source: Source,
  request: Pick<SearchRequest, 'filters' | 'q' | 'full_text' | 'plain'>,
): Promise<SQL | null> {
  const filter = filterOf(source, request.filters, 'duckdb');
  return conditions(filter, await foundByWords(platform, source, filter, request));
}

/** One record in its format as SQL over rows `r`. */
export function recordText(fields: readonly Field[], format: 'objects' | 'lists' | 'csv' | 'tsv'): string {
  if (format === 'csv' || format === 'tsv') {
    const mark = format === 'csv' ? ',' : '\t';
    const cells = fields.map((field) => lineText(field, mark, 'r'));
    return cells.length === 0 ? `''` : `concat(${cells.join(`, '${mark}', `)})`;
  }
  const cells = fields.map(
    (field, n) =>
      `'${n ? ',' : ''}${format === 'objects' ? `${JSON.stringify(field.id).replaceAll("'", "''")}:` : ''}' || ${jsonText(field, 'r')}`,
  );
  const [open, close] = format === 'objects' ? ['{', '}'] : ['[', ']'];
  return `'${open}' || ${[...cells, `'${close}'`].join(' || ')}`;
}
