import { describe, expect, it } from 'vitest';
import { corrected, vocabularyOf } from './typos.ts';

const vocabulary = vocabularyOf([
  'Немає опалення',
  'яма на дорозі',
  'проспект Дмитра Яворницького',
  'ліхтар',
]);

describe('a misspelt word', () => {
  it.each([
    ['опланення немає', 'опалення немає'],
    ['Явориницького', 'яворницького'],
    ['лихтар', 'ліхтар'],
  ])('%s becomes %s', (typed, meant) => expect(corrected(typed, vocabulary)).toBe(meant));

  it.each(['опаленням', 'дороги', 'корова', 'ям', '12345', ''])('%s stays as it is', (typed) =>
    expect(corrected(typed, vocabulary)).toBeNull(),
  );
});
