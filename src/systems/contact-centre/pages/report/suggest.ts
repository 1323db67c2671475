import type { Language } from '#platform/i18n/index.ts';
import type { CurrentLeaf } from '../../city.ts';

export interface Suggestion {
  readonly code: string;
  /** The typed words that decided. */
  readonly because: readonly string[];
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll(/['’ʼ`]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 2);

/** Two forms of one word: Ukrainian changes the end, so the beginnings must agree. */
function isSame(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < 4) return a === b;
  const needed = Math.max(4, shorter - 2);
  return Math.abs(a.length - b.length) <= 4 && a.slice(0, needed) === b.slice(0, needed);
}

/** Up to three categories whose keywords and names the typed words fit best; a person chooses. */
export function suggest(leaves: Iterable<CurrentLeaf>, typed: string, language: Language): Suggestion[] {
  const given = [...new Set(wordsOf(typed))];
  if (given.length === 0) return [];
  const scored: { code: string; score: number; because: string[] }[] = [];
  for (const { leaf } of leaves) {
    if (leaf.successor) continue;
    let score = 0;
    const because = new Set<string>();
    const phrases = [...leaf.keywords.map((text) => [text, 2] as const), [leaf.name[language], 1] as const];
    for (const [phrase, weight] of phrases) {
      const parts = wordsOf(phrase);
      const met = given.filter((word) => parts.some((part) => isSame(part, word)));
      if (met.length === 0) continue;
      for (const word of met) because.add(word);
      score += weight * met.length * (met.length >= parts.length ? 2 : 1);
    }
    if (score > 0) scored.push({ code: leaf.code, score, because: [...because] });
  }
  return scored
    .sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1))
    .slice(0, 3)
    .map(({ code, because }) => ({ code, because }));
}
