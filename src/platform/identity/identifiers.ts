import { withCyrillic } from '../i18n/look-alikes.ts';

/** What is wrong with an identifier: its shape, or its control digit. */
export type IdentifierFault = 'shape' | 'checksum';

/** What a tax number tells besides being one. */
export interface TaxNumberFacts {
  /** YYYY-MM-DD. */
  readonly birth: string;
  readonly sex: 'male' | 'female';
}

const digitsOf = (text: string): number[] => [...text].map(Number);
const weighted = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * digits[at]!, 0);

/**
 * РНОКПП, the tax number of a person: ten digits, the last a control digit over the weights −1, 5, 7, 9, 4, 6, 10, 5, 7.
 *
 * @returns null when it may be one.
 */
export function taxNumberFault(text: string): IdentifierFault | null {
  if (!/^\d{10}$/.test(text)) return 'shape';
  const digits = digitsOf(text);
  const sum = weighted(digits, [-1, 5, 7, 9, 4, 6, 10, 5, 7]);
  // The sum may be negative; the remainder must not be.
  return (((sum % 11) + 11) % 11) % 10 === digits[9] ? null : 'checksum';
}

/** The day of birth and the sex that a tax number was given for. A mismatch is a warning to staff, never a refusal. */
export function taxNumberFacts(text: string): TaxNumberFacts {
  // Day 00001 is 01.01.1900.
  const birth = new Date(Date.UTC(1900, 0, Number(text.slice(0, 5))));
  return {
    birth: birth.toISOString().slice(0, 10),
    sex: Number(text[8]) % 2 === 1 ? 'male' : 'female',
  };
}

/** ЄДРПОУ, the number of a legal entity: eight digits, the last a control digit. @returns null when it may be one. */
export function companyNumberFault(text: string): IdentifierFault | null {
  if (!/^\d{8}$/.test(text)) return 'shape';
  const digits = digitsOf(text);
  const number = Number(text);
  const weights = number < 30_000_000 || number > 60_000_000 ? [1, 2, 3, 4, 5, 6, 7] : [7, 1, 2, 3, 4, 5, 6];
  let control = weighted(digits, weights) % 11;
  if (control === 10)
    control =
      (weighted(
        digits,
        weights.map((weight) => weight + 2),
      ) %
        11) %
      10;
  return control === digits[7] ? null : 'checksum';
}

/** УНЗР, `YYYYMMDD-NNNNC`: a day that was, and a control digit over 7, 3, 1 in turn. @returns null when it may be one. */
export function recordNumberFault(text: string): IdentifierFault | null {
  const parts = /^(\d{4})(\d\d)(\d\d)-(\d{4})(\d)$/.exec(text);
  if (!parts) return 'shape';
  const [, year, month, day, serial, control] = parts;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return 'shape';
  const sum = digitsOf(`${year}${month}${day}${serial}`).reduce(
    (total, digit, at) => total + digit * [7, 3, 1][at % 3]!,
    0,
  );
  return sum % 10 === Number(control) ? null : 'checksum';
}

/**
 * A passport as it is kept: nine digits of an ID card, or two Cyrillic letters and six digits of a booklet, whose Latin
 * look-alikes are turned into Cyrillic ones.
 *
 * @returns null when it is neither.
 */
export function readPassport(
  text: string,
): { readonly kind: 'card' | 'booklet'; readonly number: string } | null {
  const plain = text.replaceAll(/[\s№-]/g, '').toUpperCase();
  if (/^\d{9}$/.test(plain)) return { kind: 'card', number: plain };
  const cyrillic = withCyrillic(plain);
  return /^[А-ЩЬЮЯҐЄІЇ]{2}\d{6}$/.test(cyrillic) ? { kind: 'booklet', number: cyrillic } : null;
}

/** An identifier as it is shown: `•••••••783`. */
export function masked(identifier: string): string {
  const all = [...identifier];
  return all.map((sign, at) => (at < all.length - 3 ? '•' : sign)).join('');
}
