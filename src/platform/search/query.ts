import { stemsOf } from './stem.ts';
import { plainText, plainWord, wordsIn } from './words.ts';

/** What a person looks for, understood. */
export interface Search {
  /** Text of a `tsquery`: every word must be met by one of its stems. */
  readonly tsquery: string;
  /** Quoted phrases in plain words: vectors made here keep no positions, so `holdsPhrases` must look again. */
  readonly phrases: readonly string[];
  /** The words looked for, plain. */
  readonly words: readonly string[];
}

/** The lexemes to store for a text: give them to `array_to_tsvector($1::text[])`. Sorted, each once. */
export function indexLexemes(text: string): string[] {
  return [...new Set(wordsIn(text).flatMap((word) => stemsOf(word.text)))].sort();
}

/**
 * The text of a `tsquery` for `$1::tsquery`: AND of the words, each the OR of its stems. Null when there is no word in it.
 *
 * @example searchQuery('яма на дорозі') // "'ям' & ('дороз' | 'дорог')"
 */
export function searchQuery(text: string): string | null {
  return readSearch(text)?.tsquery ?? null;
}

/** Longest search that is read, in words: more would cost the database and find nothing. */
const mostWords = 12;

/** Reads what was typed into a search field; null when there is no word in it. */
export function readSearch(text: string): Search | null {
  const all = [...new Set(wordsIn(text).map((word) => plainWord(word.text)))];
  const telling = all.filter((word) => !functionWords.has(word));
  const words = (telling.length > 0 ? telling : all).slice(0, mostWords);
  if (words.length === 0) return null;
  const phrases = [...text.matchAll(/"([^"]+)"|«([^»]+)»|“([^”]+)”/gu)]
    .map((match) => plainText(match[1] ?? match[2] ?? match[3]!))
    .filter((phrase) => phrase.includes(' '));
  return { tsquery: words.map(anyStem).join(' & '), phrases, words };
}

/** Whether the text holds each quoted phrase of the search, word for word. */
export function holdsPhrases(search: Search, text: string): boolean {
  const plain = ` ${plainText(text)} `;
  return search.phrases.every((phrase) => plain.includes(` ${phrase} `));
}

/** A text in pieces; `hit` ones are what was looked for, in whatever form it stands. */
export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

/** The text with the found words told apart; the pieces together are the text, letter for letter. */
export function highlight(text: string, search: Search | null): Piece[] {
  const sought = new Set(search?.words.flatMap(stemsOf));
  if (sought.size === 0) return text ? [{ text, hit: false }] : [];
  const pieces: Piece[] = [];
  let end = 0;
  for (const word of wordsIn(text)) {
    if (!stemsOf(word.text).some((stem) => sought.has(stem))) continue;
    if (word.from > end) pieces.push({ text: text.slice(end, word.from), hit: false });
    pieces.push({ text: word.text, hit: true });
    end = word.to;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), hit: false });
  return pieces;
}

/** Whether a word joins others and tells nothing itself; `readSearch` leaves it out where another word is there. */
export function isFunctionWord(word: string): boolean {
  return functionWords.has(plainWord(word));
}

function anyStem(word: string): string {
  const stems = stemsOf(word).map((stem) => `'${stem.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`);
  return stems.length > 1 ? `(${stems.join(' | ')})` : stems[0]!;
}

/** Words that join others and tell nothing themselves: «яма на дорозі» is also met by «яма біля дороги». */
const functionWords = new Set(
  'а або але біля бо в від для до є за з зі із й і та на над не об о по про під при у це цей ця чи що як the a an of in on at for to and'.split(
    ' ',
  ),
);
