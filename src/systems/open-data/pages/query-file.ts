import type { Context } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { askSql } from '../datastore/ask-sql.ts';
import { csvLine, ExactNumber, excelLine } from '../datastore/excel.ts';

/**
 * `/open-data/query/rows.csv`, `…/rows-excel.csv`: the answer of a query as a file, as far as an answer goes; one that was cut says
 * so in the header `x-truncated` and in its name.
 */
export function queryFile(platform: Platform, form: 'csv' | 'excel') {
  return async (c: Context<MistoEnv>) => {
    const text = (c.req.query('sql') ?? '').slice(0, 50_000);
    const { fields, records, isCut } = await askSql(platform.db, c.var.visit.actor, text);
    const shown = fields.filter((field) => field.type !== 'tsvector').map(({ id }) => id);
    const line = form === 'csv' ? csvLine : excelLine;
    const rows = JSON.parse(records, (_, value, context?: { source?: string }) =>
      typeof value === 'number' && context?.source !== undefined ? new ExactNumber(context.source) : value,
    ) as Record<string, unknown>[];
    const lines = [line(shown), ...rows.map((row) => line(shown.map((id) => row[id] ?? null)))];
    return c.body(`${form === 'excel' ? '\uFEFF' : ''}${lines.join('')}`, 200, {
      'cache-control': 'private, no-store',
      'content-disposition': `attachment; filename="query${isCut ? '-truncated' : ''}.csv"`,
      'content-type': 'text/csv; charset=utf-8',
      ...(isCut ? { 'x-truncated': 'true' } : {}),
    });
  };
}
