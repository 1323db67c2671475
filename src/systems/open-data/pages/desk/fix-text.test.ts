import { expect, it } from 'vitest';
import type { Unusual } from '../../checks/sanity.ts';
import type { Fix } from '../../loading/rules.ts';
import { fixText } from './fix-text.ts';

const fixes: readonly Fix[] = [
  { do: 'sheet', name: 'Дані' },
  { do: 'entry', name: 'дані.csv' },
  { do: 'skip-rows', rows: 2 },
  { do: 'header-rows', rows: 3 },
  { do: 'footer', rows: 1 },
  { do: 'rename', column: 'код', to: 'номер' },
  { do: 'drop', column: 'зайве' },
  { do: 'type', column: 'сума', type: 'numeric' },
  { do: 'decimal-mark', column: 'сума', mark: ',' },
  { do: 'date-pattern', column: 'дата', order: 'mdy' },
  { do: 'nulls', column: 'сума', words: ['немає'] },
  { do: 'dictionary', column: 'район', words: { 'Соб.': 'Соборний' } },
  { do: 'split', column: 'місце', by: ';', into: ['широта', 'довгота'] },
  { do: 'swap-coordinates', lat: 'lat', lon: 'lon' },
  { do: 'not-personal', column: 'договір', because: 'номери договорів', approvedBy: null },
  { do: 'official-contact', column: 'телефон', approvedBy: null },
  { do: 'mask', column: 'піб' },
  { do: 'hash', column: 'піб' },
];
const unusual: readonly Unusual[] = [
  { code: 'fewer-rows', before: 10, after: 2 },
  { code: 'lost-column', column: 'стан' },
  { code: 'column-changed', column: 'назва' },
  { code: 'older-dates', column: 'дата', before: '2026-01-02', after: '2025-01-02' },
];

it.each(['uk', 'en'] as const)(
  'every fix and everything unusual is a sentence of its own, in %s',
  (language) => {
    const words = fixText(language);
    const said = [...fixes.map(words.does), ...unusual.map(words.saysUnusual)];
    expect(said.filter((sentence) => !/\p{L}{3,}/u.test(sentence ?? ''))).toEqual([]);
    expect(new Set(said).size).toBe(said.length);
    for (const [n, fix] of fixes.entries())
      for (const part of Object.values(fix).filter(
        (value) => /[а-яії]/.test(String(value)) && typeof value === 'string',
      ))
        expect(said[n]).toContain(part);
  },
);
