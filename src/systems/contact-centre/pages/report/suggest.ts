import type { Language } from '#platform/i18n/index.ts';
import { corrected, readSearch, stemsOf, type Vocabulary, vocabularyOf } from '#platform/search/index.ts';
import type { City, CurrentLeaf } from '../../city.ts';

export interface Suggestion {
  readonly code: string;
  /** The typed words that decided. */
  readonly because: readonly string[];
}

/** How much a place counts in which the word was found. */
const weights = { keyword: 2, name: 1 } as const;

interface Phrase {
  readonly weight: number;
  /** Stems of each of its words. */
  readonly words: readonly ReadonlySet<string>[];
}

/** Up to so many categories whose keywords and names the typed words fit best, in any form; a person chooses. */
export function suggest(
  leaves: Iterable<CurrentLeaf>,
  typed: string,
  language: Language,
  most = 3,
): Suggestion[] {
  const given = (readSearch(typed)?.words ?? [])
    .filter((word) => word.length > 2)
    .map((word) => ({ word, stems: stemsOf(word) }));
  if (given.length === 0) return [];
  const scored: { code: string; score: number; because: string[] }[] = [];
  for (const current of leaves) {
    if (current.leaf.successor || current.leaf.regime === 'statutory') continue;
    let score = 0;
    const because = new Set<string>();
    for (const phrase of phrasesOf(current, language)) {
      const met = given.filter(({ stems }) =>
        phrase.words.some((word) => stems.some((stem) => word.has(stem))),
      );
      if (met.length === 0) continue;
      for (const { word } of met) because.add(word);
      score += phrase.weight * met.length * (met.length >= phrase.words.length ? 2 : 1);
    }
    if (score > 0) scored.push({ code: current.leaf.code, score, because: [...because] });
  }
  return scored
    .sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1))
    .slice(0, most)
    .map(({ code, because }) => ({ code, because }));
}

/** What was probably meant by words that fit no category; null when nothing is alike. */
export function meant(city: City, typed: string): string | null {
  const known =
    vocabularies.get(city) ??
    vocabularyOf(
      [...city.leaves.values()].flatMap(({ leaf }) => [...leaf.keywords, leaf.name.uk, leaf.name.en]),
    );
  vocabularies.set(city, known);
  return corrected(typed, known);
}

const vocabularies = new WeakMap<City, Vocabulary>();
/** City data stays in memory until its version moves; so do the stems of its words. */
const phrases = new WeakMap<CurrentLeaf, Map<Language, readonly Phrase[]>>();

function phrasesOf(current: CurrentLeaf, language: Language): readonly Phrase[] {
  const known = phrases.get(current) ?? new Map<Language, readonly Phrase[]>();
  phrases.set(current, known);
  const made = known.get(language) ?? [
    ...current.leaf.keywords.map((text) => phraseOf(text, weights.keyword)),
    phraseOf(current.leaf.name[language], weights.name),
  ];
  known.set(language, made);
  return made;
}

function phraseOf(text: string, weight: number): Phrase {
  const words = (readSearch(text)?.words ?? []).filter((word) => word.length > 2);
  return { weight, words: words.map((word) => new Set(stemsOf(word))) };
}
