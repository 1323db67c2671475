import { type SQL, sql } from 'drizzle-orm';
import { stemsOf, wordsIn } from '#platform/search/index.ts';
import type { Platform } from '#platform/system.ts';
import { stemsIn } from '../datastore/full-text.ts';
import type { SearchRequest } from '../datastore/search.ts';
import { faulty } from '../faults.ts';
import { named } from '../loading/sql.ts';
import { ask, parquet } from './engine.ts';
import type { Source } from './source.ts';

/** Rows whose words are looked at one by one. */
const mostLookedAt = 50_000;

/**
 * The rows of an old version that hold all words of a request, a Ukrainian word in any of its forms. The served version has an
 * index of its words; here columns are looked through for the beginnings of the words, and what is found is compared form by form.
 *
 * @param filter what the rows fit besides.
 * @returns a condition; null: no words are looked for.
 * @throws Faulty of `q`: queries with operators are for the served version, and so are words that tens of thousands of rows hold.
 */
export async function foundByWords(
  platform: Platform,
  source: Source,
  filter: SQL | null,
  request: Pick<SearchRequest, 'q' | 'full_text' | 'plain'>,
): Promise<SQL | null> {
  const asked: { readonly fields: readonly string[]; readonly text: string }[] = [];
  const searched = source.fields.filter(({ type }) => type !== 'json' && type !== 'bool').map(({ id }) => id);
  const { q, full_text } = request;
  if (typeof q === 'string' && q.trim()) asked.push({ fields: searched, text: q });
  if (typeof q === 'object')
    for (const [id, text] of Object.entries(q)) {
      if (!source.fields.some((field) => field.id === id)) throw faulty('q', `invalid value "${id}"`);
      if (text.trim()) asked.push({ fields: [id], text });
    }
  if (full_text?.trim()) asked.push({ fields: searched, text: full_text });
  if (asked.length === 0) return null;
  if (request.plain === false)
    throw faulty('q', 'Operators work in the served version only; ask an older one with plain words');
  const found: SQL[] = [];
  for (const { fields, text } of asked) {
    const words = wordsIn(text).map(({ text: word }) => word.toLowerCase());
    if (words.length === 0 || fields.length === 0) {
      found.push(sql`false`);
      continue;
    }
    const whole = `lower(concat_ws(' ', ${fields.map((id) => `cast(${named(id)} as varchar)`).join(', ')}))`;
    const begins = words.map((word) => {
      const beginnings = formsOf(word).map((form) => sql`contains(${sql.raw(whole)}, ${form})`);
      return sql`(${sql.join(beginnings, sql` or `)})`;
    });
    const rows = await ask(platform, { cells: source.rows * fields.length }, (session) =>
      session.rows<{ id: string; text: string }>(
        sql`select _id as id, ${sql.raw(whole)} as text from ${parquet(source.path)}
          where ${filter ? sql`${filter} and ` : sql``}${sql.join(begins, sql` and `)} limit ${mostLookedAt + 1}`,
      ),
    );
    if (rows.length > mostLookedAt)
      throw faulty('q', `More than ${mostLookedAt} rows may hold these words; narrow them by filters`);
    const ids = rows.filter((row) => holds(row.text, words)).map(({ id }) => id);
    found.push(ids.length === 0 ? sql`false` : sql`_id in (${sql.raw(ids.join(', '))})`);
  }
  return sql.join(found, sql` and `);
}

/** The word itself, or stems that it may stand for. */
const formsOf = (word: string): string[] => [...new Set([word, ...stemsOf(word)])];

function holds(text: string, words: readonly string[]): boolean {
  const tokens = new Set(wordsIn(text).map(({ text: word }) => word.toLowerCase()));
  const all = new Set([...tokens, ...stemsIn(text)]);
  return words.every((word) => formsOf(word).some((form) => all.has(form)));
}
