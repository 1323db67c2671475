import { stemsOf } from './stem.ts';
import { plainWord, wordsIn } from './words.ts';

/** Words known to be written right, made ready for comparing. */
export interface Vocabulary {
  readonly stems: ReadonlySet<string>;
  readonly words: readonly { readonly word: string; readonly grams: ReadonlySet<string> }[];
}

/** The words of these texts as a vocabulary. */
export function vocabularyOf(texts: Iterable<string>): Vocabulary {
  const words = new Set<string>();
  for (const text of texts)
    for (const { text: word } of wordsIn(text)) if (word.length >= shortest) words.add(plainWord(word));
  return {
    stems: new Set([...words].flatMap(stemsOf)),
    words: [...words].map((word) => ({ word, grams: trigrams(word) })),
  };
}

/** Shorter words have too few letters to tell a slip from another word. */
const shortest = 4;
/** Share of common trigrams from which on a word is taken for a misspelt other one. */
const likeEnough = 0.35;

/**
 * What was probably meant: each word that no form in the vocabulary meets gives way to the likest one there. Null when
 * nothing is to be changed. To be shown as a question («Можливо, ви шукали»), never to be acted on silently.
 */
export function corrected(text: string, vocabulary: Vocabulary): string | null {
  let changed = false;
  const words = wordsIn(text).map(({ text: typed }) => {
    const word = plainWord(typed);
    if (word.length < shortest || /\d/.test(word)) return typed;
    if (stemsOf(word).some((stem) => vocabulary.stems.has(stem))) return typed;
    const grams = trigrams(word);
    let best: { word: string; likeness: number } | null = null;
    for (const known of vocabulary.words) {
      if (Math.abs(known.word.length - word.length) > 3) continue;
      const likeness = likenessOf(grams, known.grams);
      if (likeness >= likeEnough && likeness > (best?.likeness ?? 0)) best = { word: known.word, likeness };
    }
    if (!best) return typed;
    changed = true;
    return best.word;
  });
  return changed ? words.join(' ') : null;
}

/** As PostgreSQL's pg_trgm makes them: two spaces before the word, one behind. */
function trigrams(word: string): Set<string> {
  const padded = `  ${word} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)));
}

function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const gram of a) if (b.has(gram)) common += 1;
  return common / (a.size + b.size - common);
}
