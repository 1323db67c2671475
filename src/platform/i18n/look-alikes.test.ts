import { expect, it } from 'vitest';
import { withCyrillic, withLatinCapitals } from './look-alikes.ts';

it('turns the Latin letters of a Cyrillic word into Cyrillic ones and leaves those without a twin', () => {
  expect(withCyrillic('вулиця Шeвчeнка 12-A')).toBe('вулиця Шевченка 12-А');
  expect(withCyrillic('ABCEHIKMOPTXY')).toBe('АВСЕНІКМОРТХУ');
  expect(withCyrillic('Zed 5')).toBe('Zеd 5');
});

it('turns the Cyrillic capitals of a Latin code into Latin ones', () => {
  expect(withLatinCapitals('UА12О')).toBe('UA12O');
  expect(withLatinCapitals('ЖЩ')).toBe('ЖЩ');
});
