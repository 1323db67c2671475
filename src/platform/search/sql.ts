import { type SQL, sql } from 'drizzle-orm';
import { indexLexemes, type Search } from './query.ts';

/** The `tsvector` of a text, to be stored. */
export function vectorOf(text: string): SQL {
  return sql`array_to_tsvector(array(select jsonb_array_elements_text(${JSON.stringify(indexLexemes(text))}::jsonb)))`;
}

/** Whether a stored vector meets every word of the search. */
export function meets(vector: SQL, search: Search): SQL {
  return sql`${vector} @@ ${search.tsquery}::tsquery`;
}

/** Whether a text holds the quoted phrases of the search word for word; true when there are none. */
export function hasPhrases(text: SQL, search: Search): SQL {
  if (search.phrases.length === 0) return sql`true`;
  const plain = sql`' ' || regexp_replace(translate(lower(normalize(${text}, NFC) collate "uk-UA-x-icu"),
    ${`ґ’ʼ\`´‘′\u0300\u0301`}, ${"г''''''"}), '[^[:alnum:]'']+', ' ', 'g') || ' '`;
  return sql.join(
    search.phrases.map((phrase) => sql`${plain} like ${`% ${phrase.replaceAll(/[\\%_]/g, '\\$&')} %`}`),
    sql` and `,
  );
}
