import { expect, it } from 'vitest';
import { newNumber, parseNumber, showNumber } from './number.ts';

const now = new Date('2026-11-24T10:00:00Z');

it('a number is the year, eight random digits and a check digit', () => {
  const number = newNumber(now);
  expect(number).toMatch(/^26\d{9}$/);
  expect(parseNumber(number)).toBe(number);
});

it('it may be typed with or without dashes and spaces', () => {
  const number = newNumber(now);
  expect(parseNumber(showNumber(number))).toBe(number);
  expect(parseNumber(` ${number.slice(0, 2)} ${number.slice(2)} `)).toBe(number);
});

it('one wrong digit is noticed', () => {
  const number = newNumber(now);
  const wrong = number.slice(0, 5) + ((Number(number[5]) + 1) % 10) + number.slice(6);
  expect(parseNumber(wrong)).toBeNull();
  expect(parseNumber('26-48')).toBeNull();
});
