import { type SQL, sql } from 'drizzle-orm';
import { stemsOf, wordsIn } from '#platform/search/index.ts';

/** Vectors hold words as they are written, in small letters and with their places, so phrases can be asked for. */
export const configuration = sql.raw(`'simple'::regconfig`);

/** What `_full_text` of a row holds: its words, and the stems of the Ukrainian ones without a place. */
export function fullTextOf(values: readonly (string | null)[]): SQL {
  const text = values.filter((value) => value !== null).join(' ');
  return sql`(to_tsvector(${configuration}, ${text}) || array_to_tsvector(array(
    select jsonb_array_elements_text(${JSON.stringify(stemsIn(text))}::jsonb))))`;
}

/** Stems of the words of a text that differ from the words themselves, each once. */
export function stemsIn(text: string): string[] {
  const stems = new Set<string>();
  for (const { text: word } of wordsIn(text))
    for (const stem of otherStems(word.toLowerCase())) stems.add(stem);
  return [...stems];
}

/** Tables repeat their words, and a stem costs far more than a look. */
const known = new Map<string, readonly string[]>();
const mostKnown = 50_000;

function otherStems(word: string): readonly string[] {
  const found = known.get(word);
  if (found) return found;
  if (known.size >= mostKnown) known.clear();
  const stems = stemsOf(word).filter((stem) => stem !== word);
  known.set(word, stems);
  return stems;
}
