import { type SQL, sql } from 'drizzle-orm';
import { stemsOf, wordsIn } from '#platform/search/index.ts';
import { Faulty } from '../faults.ts';
import { configuration } from './full-text.ts';
import type { Shown } from './records.ts';
import { column, type DataTable } from './table.ts';

export interface Match {
  readonly condition: SQL;
  /** `rank` for the whole row, `rank <column>` for a column of its own. */
  readonly ranks: readonly Shown[];
}

/**
 * Full-text search: every word must be in the row, a Ukrainian one in any of its forms. A dict asks columns one by one.
 *
 * @returns null when nothing is looked for.
 * @throws Faulty of `q`.
 */
export function matching(
  table: DataTable,
  request: {
    readonly q?: string | Readonly<Record<string, string>> | undefined;
    readonly full_text?: string | undefined;
    readonly plain?: boolean;
  },
): Match | null {
  const plain = request.plain !== false;
  const conditions: SQL[] = [];
  const ranks: Shown[] = [];
  const ask = (vector: SQL, text: string, rank: string | null) => {
    const query = plain ? inAnyForm(text) : sql`to_tsquery(${configuration}, ${text})`;
    conditions.push(sql`${vector} @@ ${query}`);
    if (rank) ranks.push({ id: rank, type: 'float', expression: sql`ts_rank(${vector}, ${query}, 32)` });
  };
  const { q } = request;
  if (typeof q === 'string' && q.trim() !== '') ask(column('_full_text'), q, 'rank');
  else if (typeof q === 'object') {
    const known = new Set(table.fields.map(({ id }) => id));
    for (const [id, text] of Object.entries(q)) {
      if (!known.has(id)) throw new Faulty({ q: [`invalid value "${id}"`] });
      if (String(text).trim() !== '')
        ask(
          sql`to_tsvector(${configuration}, coalesce(${column(id)}::text, ''))`,
          String(text),
          `rank ${id}`,
        );
    }
  }
  if (request.full_text?.trim()) ask(column('_full_text'), request.full_text, null);
  return conditions.length === 0 ? null : { condition: sql.join(conditions, sql` and `), ranks };
}

/** All words of a text as a query: as written, or by the stem of a Ukrainian one. */
function inAnyForm(text: string): SQL {
  // Without a cast: the same words stand in queries of the public, which may not name catalogue types.
  const parts = [sql`plainto_tsquery('simple', ${text})`];
  const forms = wordsIn(text).map(({ text: word }) =>
    [word.toLowerCase(), ...stemsOf(word)].map((one) => `'${lexeme(one)}'`).join(' | '),
  );
  if (forms.length > 0) parts.push(sql`${forms.map((one) => `(${one})`).join(' & ')}::tsquery`);
  return sql`(${sql.join(parts, sql` || `)})`;
}

const lexeme = (word: string): string => word.replaceAll('\\', '\\\\').replaceAll("'", "''");
