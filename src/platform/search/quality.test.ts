import { describe, expect, it } from 'vitest';
import { heldOut, tuned } from './paradigms.ts';
import { stemsOf } from './stem.ts';

/**
 * Over every pair of forms: recall is the share of pairs of one word that meet, lemma recall the same of its first form with
 * the others, precision the share of meeting pairs that are of one word.
 */
function measure(words: readonly (readonly string[])[]) {
  const forms = [...new Set(words.flat())].map((form) => ({
    form,
    stems: new Set(stemsOf(form)),
    of: new Set(words.flatMap((word, index) => (word.includes(form) ? [index] : []))),
  }));
  const count = { same: 0, met: 0, lemma: 0, lemmaMet: 0, wrong: 0 };
  forms.forEach((a, first) => {
    for (const b of forms.slice(first + 1)) {
      const same = [...a.of].some((word) => b.of.has(word));
      const met = [...a.stems].some((stem) => b.stems.has(stem));
      const lemma = same && words.some((word) => word[0] === a.form && word.includes(b.form));
      if (same) count.same += 1;
      if (same && met) count.met += 1;
      if (lemma) count.lemma += 1;
      if (lemma && met) count.lemmaMet += 1;
      if (met && !same) count.wrong += 1;
    }
  });
  return {
    recall: count.met / count.same,
    lemmaRecall: count.lemmaMet / count.lemma,
    precision: count.met / (count.met + count.wrong),
    stemsPerWord: forms.reduce((sum, { stems }) => sum + stems.size, 0) / forms.length,
  };
}

const shown = (name: string, figures: Record<string, number>) =>
  console.info(
    name,
    Object.entries(figures)
      .map(([key, value]) => `${key} ${value.toFixed(4)}`)
      .join(', '),
  );

describe('the stems of words that they were never tuned on', () => {
  const figures = measure(heldOut);
  shown('held out', figures);
  shown('tuned', measure(tuned));

  it('are of a hundred words and more, none of them among the tuned', () => {
    expect(heldOut.length).toBeGreaterThanOrEqual(100);
    expect(heldOut.length + tuned.length).toBeGreaterThanOrEqual(150);
    const known = new Set(tuned.map((word) => word[0]));
    expect(heldOut.filter((word) => known.has(word[0]!))).toEqual([]);
  });

  it('bring 88 % of the pairs of forms together', () => expect(figures.recall).toBeGreaterThanOrEqual(0.88));
  it('bring 91 % of the forms to their lemma', () =>
    expect(figures.lemmaRecall).toBeGreaterThanOrEqual(0.91));
  it('at a precision of 99.5 %', () => expect(figures.precision).toBeGreaterThanOrEqual(0.995));
  // Short everyday words are the doubtful ones: over 3,000 words of a dictionary it is below 1.2.
  it('with one and a half stems a word at most', () => expect(figures.stemsPerWord).toBeLessThanOrEqual(1.5));
});
