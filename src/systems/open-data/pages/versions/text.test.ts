import { expect, it } from 'vitest';
import { versionText } from './text.ts';

it('what changed and what is wrong is said with its columns, rows and numbers, in both languages', () => {
  const [uk, en] = [versionText('uk'), versionText('en')];
  expect([uk.version(3), en.version(3)]).toEqual(['Версія 3', 'Version 3']);
  for (const words of [uk, en]) {
    expect(words.columnsAdded('стан, дата')).toContain('стан, дата');
    expect(words.columnsRemoved('стан')).toContain('стан');
    expect(words.byKey('код')).toContain('код');
    expect(words.old('2', '1 січня')).toMatch(/2.*1 січня/);
    expect(words.first('100', '2 000')).toMatch(/100.*2 000/);
  }
  // A code that is named in one language is named in the other, and otherwise.
  expect(Object.keys(en.codes)).toEqual(Object.keys(uk.codes));
  expect(Object.keys(en.rules)).toEqual(Object.keys(uk.rules));
  expect(Object.values(en.codes).filter((text) => Object.values(uk.codes).includes(text))).toEqual([]);
});
