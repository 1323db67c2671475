import { describe, expect, it } from 'vitest';
import { stemsOf } from './stem.ts';

const meet = (a: string, b: string) => stemsOf(a).some((stem) => stemsOf(b).includes(stem));

describe('forms of one word meet', () => {
  it.each([
    ['ніч', 'ночі'],
    ['дорога', 'дорозі'],
    ['день', 'дня'],
    ['стіл', 'стола'],
    ['кіт', 'кота'],
    ['сніг', 'снігу'],
    ['хата', 'хати'],
    ['архів', 'архіву'],
    ['вікно', 'вікон'],
    ['палець', 'пальця'],
    ['станція', 'станцій'],
    ['осінь', 'осені'],
    ['гарячий', 'гарячою'],
    ['ремонтувати', 'ремонтує'],
    ['робити', 'роблять'],
    ['робити', 'робитимуть'],
    ['митися', 'миється'],
  ])('%s and %s', (lemma, form) => expect(meet(lemma, form)).toBe(true));
});

describe('different words stay apart', () => {
  it.each([
    ['вода', 'водоспад'],
    ['двір', 'двигун'],
    ['дорога', 'дорослий'],
    ['ліфт', 'лист'],
    ['газ', 'газета'],
    ['сміття', 'смуга'],
    ['світло', 'світ'],
  ])('%s and %s', (a, b) => expect(meet(a, b)).toBe(false));
});

describe('spelling does not matter', () => {
  it('apostrophe, case, ґ and stress', () => {
    expect(stemsOf('ПІД’ЇЗД')).toEqual(stemsOf("під'їзд"));
    expect(stemsOf('ґрати')).toEqual(stemsOf('грати'));
    expect(stemsOf('доро́га')).toEqual(stemsOf('дорога'));
    expect(stemsOf('во\u0438\u0306ни')).toEqual(stemsOf('войни'));
  });

  it('short words, numbers and other letters stay whole', () => {
    expect(stemsOf('ям')).toEqual(['ям']);
    expect(stemsOf('12а')).toEqual(['12а']);
    expect(stemsOf('Wi')).toEqual(['wi']);
    expect(stemsOf('Trees')).toEqual(['trees']);
  });
});
