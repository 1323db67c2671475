import { expect, it } from 'vitest';
import { keywordsOf } from './fixes.ts';

it('keywords of a title are its telling words, each once, at most five, as tags may be written', () => {
  expect(keywordsOf('Перелік зупинок та маршрутів громадського транспорту')).toEqual([
    'перелік',
    'зупинок',
    'маршрутів',
    'громадського',
    'транспорту',
  ]);
  expect(keywordsOf('Об’єкти комунальної власності: об’єкти, 2026')).toEqual([
    'обєкти',
    'комунальної',
    'власності',
  ]);
  expect(keywordsOf('№ 835')).toEqual([]);
});
