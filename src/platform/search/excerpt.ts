import type { Search } from './query.ts';
import { stemsOf } from './stem.ts';
import { wordsIn } from './words.ts';

/**
 * A part of the text of so many characters at most, around the first word that was looked for; cut between words, with
 * «…» where something is left out.
 */
export function excerpt(text: string, search: Search | null, length = 160): string {
  if (text.length <= length) return text;
  const sought = new Set(search?.words.flatMap(stemsOf));
  const words = wordsIn(text);
  const hit = words.find((word) => stemsOf(word.text).some((stem) => sought.has(stem)));
  const wanted = Math.min(Math.max(0, (hit?.from ?? 0) - length / 3), text.length - length);
  const from = wanted <= 0 ? 0 : (words.find((word) => word.from >= wanted)?.from ?? 0);
  const end = text.length - from <= length ? text.length : lastEnd(words, from, length);
  return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`;
}

/** Where the last whole word ends; in the middle of one that is longer than everything allowed. */
function lastEnd(words: ReturnType<typeof wordsIn>, from: number, length: number): number {
  const last = words.findLast((word) => word.from >= from && word.to <= from + length - 1);
  return last?.to ?? from + length - 1;
}
