import { withLatinCapitals } from '#platform/i18n/look-alikes.ts';

/** РНОКПП: ten digits with their check digit. */
export function isRnokpp(digits: string): boolean {
  if (!/^\d{10}$/.test(digits)) return false;
  const weights = [-1, 5, 7, 9, 4, 6, 10, 5, 7];
  const sum = weights.reduce((all, weight, n) => all + weight * Number(digits[n]), 0);
  return (((sum % 11) + 11) % 11) % 10 === Number(digits[9]);
}

/**
 * Whether a РНОКПП belongs to somebody who may be alive: the first five digits are a birth day from 1 January 1900 until
 * `today`, or the number is of the demo range that begins with 9.
 */
export function isPlausibleRnokpp(digits: string, today: Date): boolean {
  if (!isRnokpp(digits)) return false;
  if (digits[0] === '9') return true;
  const day = Number(digits.slice(0, 5));
  const birth = Date.UTC(1899, 11, 31) + day * 86_400_000;
  return day > 3_650 && birth <= today.getTime();
}

/** ЄДРПОУ: eight digits with their check digit. */
export function isEdrpou(digits: string): boolean {
  if (!/^\d{8}$/.test(digits)) return false;
  const n = Number(digits);
  const weights = n < 30_000_000 || n > 60_000_000 ? [1, 2, 3, 4, 5, 6, 7] : [7, 1, 2, 3, 4, 5, 6];
  const sum = (more: number) =>
    weights.reduce((all, weight, at) => all + (weight + more) * Number(digits[at]), 0) % 11;
  const first = sum(0);
  return (first < 10 ? first : sum(2) % 10) === Number(digits[7]);
}

/** УНЗР `YYYYMMDD-NNNNC`, the hyphen may be left out. */
export function isUnzr(text: string): boolean {
  const digits = text.replace('-', '');
  if (!/^\d{13}$/.test(digits)) return false;
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number) as [
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1900 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  const sum = [...digits.slice(0, 12)].reduce((all, digit, n) => all + Number(digit) * [7, 3, 1][n % 3]!, 0);
  return sum % 10 === Number(digits[12]);
}

/** A number of a bank card: 16 to 19 digits that pass the Luhn check and begin as cards do. */
export function isCard(digits: string): boolean {
  if (!/^[2-6]\d{15,18}$/.test(digits)) return false;
  let sum = 0;
  for (let n = 0; n < digits.length; n += 1) {
    const digit = Number(digits[digits.length - 1 - n]);
    const twice = digit * 2;
    sum += n % 2 ? (twice > 9 ? twice - 9 : twice) : digit;
  }
  return sum % 10 === 0;
}

/** IBAN of Ukraine: `UA` and 27 digits, ISO 7064 mod 97. */
export function isIban(text: string): boolean {
  const code = withLatinCapitals(text.replace(/\s/g, '').toUpperCase());
  if (!/^UA\d{27}$/.test(code)) return false;
  const digits = `${code.slice(4)}3010${code.slice(2, 4)}`;
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/** КАТОТТГ: `UA` and 17 digits. */
export const isKatottg = (text: string) => /^UA\d{17}$/.test(text);
