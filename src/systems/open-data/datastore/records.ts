import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { column, type Field } from './table.ts';

/** A column of the answer. */
export interface Shown {
  readonly id: string;
  readonly type: string;
  readonly info?: Field['info'];
  readonly expression: SQL;
}

export type RecordsFormat = 'objects' | 'lists' | 'csv' | 'tsv';

/** A name that no column of a table may have: names do not begin with an underscore there. */
export const rowNumber = '_row number';

/** One record in its format, and its `_id` where that was asked for. */
export interface Written {
  readonly text: string;
  readonly id: number | null;
}

/** The rows of a query whose columns are named as they are shown. */
export async function recordsOf(
  reader: Reader,
  chosen: SQL,
  shown: readonly Shown[],
  format: RecordsFormat,
  withId: boolean,
): Promise<Written[]> {
  const id = withId ? sql`r.${column(rowNumber)}::float8` : sql`null::float8`;
  const text =
    format === 'objects' || format === 'lists'
      ? jsonOf(shown, format)
      : linesOf(shown, format === 'csv' ? ',' : '\t');
  const { rows } = await reader.execute<{ text: string; id: number | null }>(
    sql`select ${text} as text, ${id} as id from (${chosen}) r`,
  );
  return rows;
}

/** One record as JSON: numbers as numbers, times as ISO 8601 without a zone. */
export function jsonOf(shown: readonly Shown[], format: 'objects' | 'lists'): SQL {
  const parts = shown.map((one, n) => {
    const key = format === 'objects' ? `${JSON.stringify(one.id)}:` : '';
    return sql`${(n ? ',' : '') + key}::text || ${jsonValue(one)}`;
  });
  const [open, close] = format === 'objects' ? ['{', '}'] : ['[', ']'];
  if (parts.length === 0) return sql`${open + close}::text`;
  return sql`${open}::text || ${sql.join(parts, sql` || `)} || ${close}::text`;
}

function jsonValue({ id, type }: Shown): SQL {
  const value = sql`r.${column(id)}`;
  if (type === 'timestamp')
    return sql`coalesce(to_json(to_char(${value}, 'YYYY-MM-DD"T"HH24:MI:SS.MS'))::text, 'null')`;
  return sql`coalesce(to_json(${value})::text, 'null')`;
}

/** One record as a line without its end; a value with a mark, a quote or a line's end is quoted. */
export function linesOf(shown: readonly Shown[], mark: ',' | '\t'): SQL {
  const values = shown.map(({ id, type }) => {
    const text =
      type === 'timestamp'
        ? sql`to_char(r.${column(id)}, 'YYYY-MM-DD"T"HH24:MI:SS.MS')`
        : sql`r.${column(id)}::text`;
    // Of the other types none has a mark or a quote in it.
    if (type !== 'text' && type !== 'json' && type !== '_text') return sql`coalesce(${text}, '')`;
    return sql`case when ${text} ~ ${`[${mark}"\r\n]`} then '"' || replace(${text}, '"', '""') || '"' else coalesce(${text}, '') end`;
  });
  return values.length === 0 ? sql`''::text` : sql.join(values, sql` || ${mark}::text || `);
}

/** All records as JSON. */
export function written(rows: readonly Written[], format: RecordsFormat): string {
  if (format === 'objects' || format === 'lists') return `[${rows.map(({ text }) => text).join(',')}]`;
  return JSON.stringify(rows.map(({ text }) => `${text}\n`).join(''));
}
