import { describe, expect, it } from 'vitest';
import { fieldNames } from './headers.ts';

const ids = (...headers: string[]) => fieldNames(headers).map(({ id }) => id);

describe('the name of a field', () => {
  it('is the header, trimmed and in NFC; Cyrillic stays', () => {
    expect(ids('  Назва об’єкта ', 'и\u0306')).toEqual(['Назва об’єкта', 'й']);
  });
  it('is column_N where the header is empty, and gets _2, _3 where it repeats', () => {
    expect(ids('', 'сума', 'сума', 'сума', '  ')).toEqual([
      'column_1',
      'сума',
      'сума_2',
      'сума_3',
      'column_5',
    ]);
  });
  it('has no leading underscore, no quote and no control characters', () => {
    expect(ids('_id', '__x', 'a"b', 'рядок\nдругий\u2028третій')).toEqual([
      'id',
      'x',
      'ab',
      'рядок другий третій',
    ]);
  });
  it('is at most 63 bytes long, and the full header is kept as its label', () => {
    const long = 'Найменування юридичної особи – балансоутримувача об’єкта';
    const [one, two] = fieldNames([long, long]);
    expect(Buffer.byteLength(one!.id)).toBeLessThanOrEqual(63);
    expect(Buffer.byteLength(two!.id)).toBeLessThanOrEqual(63);
    expect(two!.id).toMatch(/_2$/);
    expect(one!.label).toBe(long);
    expect(long.startsWith(one!.id)).toBe(true);
  });
});
