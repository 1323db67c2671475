import { describe, expect, it } from 'vitest';
import { excerpt } from './excerpt.ts';
import { readSearch } from './query.ts';

const long =
  `${'Перше речення про двір. '.repeat(12)}Глибока яма на перехресті. ${'Кінець опису. '.repeat(12)}`.trim();

describe('an excerpt', () => {
  it('of a short text is the text', () => expect(excerpt('Яма', readSearch('яма'))).toBe('Яма'));

  it('stands around the first word that was looked for, in whatever form', () => {
    const shown = excerpt(long, readSearch('ямою'), 100);
    expect(shown).toContain('Глибока яма');
    expect(shown.length).toBeLessThanOrEqual(102);
    expect(shown).toMatch(/^….*…$/s);
  });

  it('begins at the beginning when nothing was looked for', () =>
    expect(excerpt(long, null, 60)).toMatch(/^Перше речення .*…$/));

  it('cuts a word that is longer than everything', () =>
    expect(excerpt('а'.repeat(500), null, 50)).toHaveLength(50));
});
