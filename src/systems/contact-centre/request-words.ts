import { type SQL, sql } from 'drizzle-orm';
import type { Db, Reader } from '#platform/database/pool.ts';
import type { Text } from '#platform/i18n/index.ts';
import { hasPhrases, meets, readSearch, vectorOf } from '#platform/search/index.ts';

/** What of a request may be looked for: only what is masked already. */
export interface RequestWords {
  readonly text: string;
  readonly address: string | null;
  readonly category: Text | null;
}

/** Keeps the words of a request for the search; to be called with whatever writes its public text. */
export async function keepWords(reader: Reader, number: string, words: RequestWords): Promise<void> {
  const title = [words.category?.uk, words.category?.en, words.address].filter(Boolean).join(' ');
  await reader.execute(sql`insert into cc_request_words (request, title, body)
    values (${number}, ${vectorOf(title)}, ${vectorOf(words.text)})
    on conflict (request) do update set title = excluded.title, body = excluded.body`);
}

/**
 * Whether the request `r` meets what was typed: its number, or every word of it in the category, the address or the
 * public text. The words of a text that waits for the moderator are not given away: there only category and address count.
 */
export function foundBy(typed: string): SQL {
  const digits = typed.replaceAll(/[\s-]/g, '');
  if (/^\d{11}$/.test(digits)) return sql`r.number = ${digits}`;
  const search = readSearch(typed);
  if (!search) return sql`false`;
  return sql`exists (select from cc_request_words w join cc_request s on s.number = w.request
    where w.request = r.number and ${meets(sql`(w.title || w.body)`, search)}
      and case when s.publication = 'published'
        then ${hasPhrases(sql`concat_ws(' ', s.public_text, s.public_address)`, search)}
        else ${meets(sql`w.title`, search)} and ${hasPhrases(sql`coalesce(s.public_address, '')`, search)} end)`;
}

/**
 * Makes the words of requests that have none yet: of older versions, imports, and texts that were masked again.
 *
 * @param batch requests in one transaction.
 * @returns how many got their words.
 */
export async function fillWords(db: Db, batch = 500): Promise<number> {
  let filled = 0;
  // Each look goes on behind the last: from the beginning, a million requests would be passed over for every batch.
  let last = '';
  for (;;) {
    const { rows } = await db.execute<{
      number: string;
      text: string;
      address: string | null;
      category: Text | null;
    }>(sql`select r.number, r.public_text as text, r.public_address as address, c.body->'name' as category
      from cc_request r left join cc_category c on c.code = r.category and c.version = r.category_version
      where r.public_text is not null and not r.sandbox
        and r.number > ${last} and not exists (select from cc_request_words w where w.request = r.number)
      order by r.number limit ${batch}`);
    await db.transaction(async (tx) => {
      await Promise.all(rows.map((row) => keepWords(tx, row.number, row)));
    });
    filled += rows.length;
    if (rows.length < batch) return filled;
    last = rows.at(-1)!.number;
  }
}
