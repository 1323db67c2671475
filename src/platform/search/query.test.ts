import { describe, expect, it } from 'vitest';
import { testDatabase } from '../database/testing.ts';
import { highlight, holdsPhrases, indexLexemes, readSearch, searchQuery } from './query.ts';

const { pool } = await testDatabase();

async function meets(text: string, typed: string): Promise<boolean> {
  const { rows } = await pool.query<{ met: boolean }>(
    'select array_to_tsvector($1::text[]) @@ $2::tsquery as met',
    [indexLexemes(text), searchQuery(typed)],
  );
  return rows[0]!.met;
}

describe('a search in PostgreSQL', () => {
  const text = 'Велика яма на дорозі біля під’їзду № 4, вул. Січових Стрільців, 12-А';

  it('meets every form of each word', async () => {
    expect(await meets(text, 'ями дороги')).toBe(true);
    expect(await meets(text, "під'їзд стрільцями")).toBe(true);
    expect(await meets(text, 'яма 12')).toBe(true);
  });

  it('wants every word', async () => expect(await meets(text, 'яма ліфт')).toBe(false));

  it('does not mind the small words between', async () =>
    expect(await meets(text, 'яма у дорозі')).toBe(true));

  it.each(["о'", "'", '\\', "a\\'b", "' | 'x", '&|!():*', "д'Артаньян\\"])('bears %s', async (typed) => {
    if (searchQuery(typed) !== null) expect(await meets(text, typed)).toBe(false);
  });

  it('finds a text by itself, whatever stands in it', async () => {
    const odd = "Об'єкт «д'Артаньян» a\\b it's 5'6 № 7/12-а п’ять";
    expect(await meets(odd, odd)).toBe(true);
  });
});

describe('what was typed', () => {
  it('without a word is no search', () => expect(readSearch(' -- «»')).toBeNull());

  it('is read up to twelve words', () =>
    expect(
      readSearch('один два три чотири п’ять шість сім вісім дев’ять десять сто двісті тисяча мільйон')!.words,
    ).toHaveLength(12));

  it('holds quoted phrases word for word', () => {
    const search = readSearch('«холодні батареї» будинок')!;
    expect(holdsPhrases(search, 'У будинку ХОЛОДНІ  батареї')).toBe(true);
    expect(holdsPhrases(search, 'Батареї холодні в будинку')).toBe(false);
  });
});

describe('found words are shown', () => {
  const pieces = highlight('Яму на дорозі засипали.', readSearch('яма дорога'));

  it('in the form in which they stand', () =>
    expect(pieces.filter((piece) => piece.hit).map((piece) => piece.text)).toEqual(['Яму', 'дорозі']));

  it('and the text stays as it was', () =>
    expect(pieces.map((piece) => piece.text).join('')).toBe('Яму на дорозі засипали.'));
});
