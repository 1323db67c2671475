import { Readable } from 'node:stream';
import type { Context } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { answerFile, recordsOf, shownColumns } from '../columnar/answer.ts';
import { begun, exportTypes } from '../columnar/export.ts';
import { askSql } from '../datastore/ask-sql.ts';
import { csvLine, excelLine } from '../datastore/excel.ts';
import type { SqlAnswer } from '../datastore/run-sql.ts';
import { here } from './kit.tsx';
import { queryText } from './query-text.ts';

/** Files that the query page offers, by the end of their address. */
export const queryFiles = ['rows.csv', 'rows-excel.csv', 'rows.xlsx', 'rows.parquet'] as const;
export type QueryFile = (typeof queryFiles)[number];

/**
 * `/open-data/query/rows.csv`, `…/rows-excel.csv`, `…/rows.xlsx`, `…/rows.parquet`: the answer of a query as a file, as far as an
 * answer goes; one that was cut says so in the header `x-truncated` and in its name.
 */
export function queryFile(platform: Platform, file: QueryFile) {
  return async (c: Context<MistoEnv>) => {
    const text = (c.req.query('sql') ?? '').slice(0, 50_000);
    const answer = await askSql(platform.db, c.var.visit.actor, text);
    const format = file.split('.')[1] as 'csv' | 'xlsx' | 'parquet';
    const headers = {
      'cache-control': 'private, no-store',
      'content-disposition': `attachment; filename="query${answer.isCut ? '-truncated' : ''}.${format}"`,
      'content-type': exportTypes[format],
      ...(answer.isCut ? { 'x-truncated': 'true' } : {}),
    };
    if (format === 'csv') return c.body(csvOf(answer, file === 'rows-excel.csv'), 200, headers);
    const sheet = queryText(here(c).language).answer;
    const parts = await begun(answerFile(platform, answer, format, sheet));
    return new Response(Readable.toWeb(Readable.from(parts)) as ReadableStream, { headers });
  };
}

function csvOf(answer: SqlAnswer, forExcel: boolean): string {
  const shown = shownColumns(answer);
  const line = forExcel ? excelLine : csvLine;
  const rows = recordsOf(answer).map((row) => line(shown.map((id) => row[id] ?? null)));
  return `${forExcel ? '\uFEFF' : ''}${line(shown)}${rows.join('')}`;
}
