import { sql } from 'drizzle-orm';
import type { Platform } from '#platform/system.ts';
import { type DumpFormat, type DumpRequest, dumpOf } from '../datastore/dump.ts';
import { orderOf } from '../datastore/order.ts';
import { shownFields } from '../datastore/search.ts';
import type { Field } from '../datastore/table.ts';
import { parquet, stream, textOf } from './engine.ts';
import { selected, whereOf } from './search.ts';
import type { Source } from './source.ts';
import { rowId } from './texts.ts';

/** A dump of a version that is served no more, as `dump` writes the served one. @throws Faulty */
export async function dumpColumns(
  platform: Platform,
  source: Source,
  request: DumpRequest & { readonly format: DumpFormat },
): Promise<AsyncIterableIterator<Buffer>> {
  const table = { ...source, from: parquet(source.path), isDense: true };
  const shown = shownFields(table, request.fields, []);
  const byId = new Map<string, Field>(source.fields.map((field) => [field.id, field]));
  const fields = shown.map(({ id }) => byId.get(id) ?? rowId);
  const order = orderOf(table, request.sort, [], request.distinct ? shown : null);
  const where = await whereOf(platform, source, request);
  const format = request.format === 'csv' || request.format === 'tsv' ? request.format : 'lists';
  const from = sql`${parquet(source.path)} r ${where === null ? sql`` : sql`where ${where}`}`;
  const chosen = selected({
    fields,
    format,
    from,
    order,
    distinct: request.distinct === true,
    withId: false,
  });
  const limit = request.limit === undefined ? sql`` : sql`limit ${request.limit}`;
  const question = textOf(sql`${chosen} ${limit} offset ${request.offset ?? 0}`);
  return dumpOf(request, shown, linesOf(platform, question));
}

async function* linesOf(platform: Platform, question: string): AsyncGenerator<Buffer> {
  for await (const lines of stream(platform, question)) yield Buffer.from(`${lines.join('\n')}\n`);
}
