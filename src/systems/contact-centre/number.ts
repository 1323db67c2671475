import { randomInt } from 'node:crypto';
import { localDate } from '#platform/calendar/index.ts';

/** A new public number: the year, eight random digits and Luhn's check digit. It tells nothing about how many there are. */
export function newNumber(now: Date): string {
  const body = localDate(now).slice(2, 4) + String(randomInt(100_000_000)).padStart(8, '0');
  return body + luhnDigit(body);
}

/** A number as people type it, with dashes and spaces; null when a digit is wrong or missing. */
export function parseNumber(typed: string): string | null {
  const digits = typed.replace(/[\s\-–—‑.]/g, '');
  return /^\d{11}$/.test(digits) && luhnDigit(digits.slice(0, 10)) === digits[10] ? digits : null;
}

/** 26-4837-2915-3: how a number is shown and read out. */
export function showNumber(number: string): string {
  return `${number.slice(0, 2)}-${number.slice(2, 6)}-${number.slice(6, 10)}-${number.slice(10)}`;
}

function luhnDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]);
    sum += i % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return String((10 - (sum % 10)) % 10);
}
