import type { LeafData } from './city-data.ts';
import { nameSpans, type Span } from './names.ts';
import { parseNumber } from './number.ts';

/** Stands in public where personal data was. */
export const hidden = '[приховано]';

/**
 * A text as everybody may read it: telephones, e-mail addresses, bank cards and accounts, tax numbers, passports, number
 * plates, flats and full names give way to `[приховано]`. Dates, hours, houses and numbers of requests stay. The time it
 * takes grows in step with the text, whatever the text is.
 */
export function mask(text: string): string {
  const plain = hideHarmless(
    text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)),
  );
  const spans = [
    ...patterns.flatMap(({ find, part }) => spansOf(plain, find, part)),
    ...cardSpans(plain),
    ...flatSpans(plain),
    ...nameSpans(plain),
  ].sort((a, b) => a[0] - b[0]);
  let shown = '';
  let end = 0;
  for (const [from, to] of spans) {
    if (from >= end) shown += text.slice(end, from) + hidden;
    end = Math.max(end, to);
  }
  return shown + text.slice(end);
}

export interface Place {
  readonly lat: number | null;
  readonly lon: number | null;
  readonly address: string | null;
}

/** What of a place everybody may see, by the precision that its category allows. */
export function publicPlace(
  precision: NonNullable<LeafData['precision']>,
  place: Place & { readonly street: string | null },
): Place {
  const round = (degrees: number | null, step: number) =>
    degrees === null ? null : Number((Math.round(degrees / step) * step).toFixed(6));
  switch (precision) {
    case 'exact':
      return { lat: place.lat, lon: place.lon, address: place.address && mask(place.address) };
    case 'building':
      // Some ten metres: the house is known, the spot at which somebody stood with a telephone is not.
      return {
        lat: round(place.lat, 1e-4),
        lon: round(place.lon, 1e-4),
        address: place.address && mask(place.address),
      };
    case 'street':
      // Some half a kilometre: no house can be told.
      return {
        lat: round(place.lat, 5e-3),
        lon: round(place.lon, 5e-3),
        address: place.street ?? streetOf(place.address),
      };
    case 'none':
      return { lat: null, lon: null, address: null };
  }
}

/** The street of an address that somebody typed; null unless it begins with what a street begins with. */
function streetOf(address: string | null): string | null {
  const found =
    /^\s{0,9}((?:вул(?:\.|иця)|просп(?:\.|ект)|пр\.|пров(?:\.|улок)|бульв(?:\.|ар)|пл(?:\.|оща)|наб(?:\.|ережна)|узвіз|шосе)\s{0,3}[^\d,;]{3,80})/iu.exec(
      address ?? '',
    );
  return found ? mask(found[1]!.trim()) : null;
}

/** Dates, opening hours and numbers of requests made unrecognisable, so that nothing takes them for something else. */
function hideHarmless(text: string): string {
  const dots = (found: string) => '•'.repeat(found.length);
  return text
    .replace(
      /(?<!\d|\d[./-])(?:(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:(?:19|20)\d\d|\d\d)|(?:0?[1-9]|[12]\d|3[01])[/-](?:0?[1-9]|1[0-2])[/-](?:19|20)\d\d|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?![./-]?\d)/gu,
      dots,
    )
    .replace(
      /(?<!\d|\d[.:-])(?:[01]?\d|2[0-4])[.:][0-5]\d\s?[-–—]\s?(?:[01]?\d|2[0-4])[.:][0-5]\d(?![.:-]?\d)/gu,
      dots,
    )
    .replace(/(?<!\d|\d[ -]|\+)[1-7]\d[- ]?\d{4}[- ]?\d{4}[- ]?\d(?!\d|[ -]\d)/gu, (found) =>
      parseNumber(found) ? dots(found) : found,
    );
}

const between = '[\\s().,/\\-‐‑‒–—_\\u00a0\\u00ad\\u200b-\\u200d\\u2060\\ufeff]{0,3}';
const digits = (count: string) => `(?:${between}\\d)${count}`;
const letter = 'АВЕІКМНОРСТХУABEIKMHOPCTXYZ';

/** Each repeats a bounded number of times at most, so no text can make one of them run away. */
const patterns: readonly { find: RegExp; part?: number }[] = [
  // 067 123 45 67, 8 (067) …, +380 …, 00 380 …
  {
    find: new RegExp(
      `(?<![\\d+])(?:\\((?=[\\d +]{3,6}\\)))?(?:(?:\\+|00)?3${between}8${between}0|\\+?8${between}0|0)${digits('{9}')}(?!\\d)`,
      'gu',
    ),
  },
  // Of other countries, and whatever else begins with a plus.
  { find: new RegExp(`(?<!\\d)\\+${digits('{8,15}')}`, 'gu') },
  // Of the city: 744-12-12.
  { find: /(?<!\d|\d[-–])[1-9]\d{2}[-–]\d{2}[-–]\d{2}(?!\d|[-–]\d)/gu },
  {
    find: /(?<!\p{L})(?:тел(?:ефон[а-яіїєґ]{0,3})?|моб(?:ільн[а-яіїєґ]{1,3})?|дзвон(?:іть|ити)|т)\.?[:\s№]{0,4}(\d(?:[\s().–-]{0,3}\d){4,11})(?!\d)/giu,
    part: 1,
  },
  // The part before the sign is read backwards from it, so a text without one costs nothing.
  { find: /(?<=([\p{L}\p{N}._%+'-]+))@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, part: -1 },
  // An account: UA and 27 digits.
  { find: /(?<![\p{L}\d])UA(?:[\s-]?\d){27}(?!\d)/giu },
  // Tax number; with its name before it also in groups.
  { find: /(?<!\d)\d{10}(?!\d)/gu },
  {
    find: /(?:рнокпп|іпн|інн|ідентифікаційний (?:код|номер)|податковий номер)[\s:№.-]{0,4}(\d(?:[\s-]?\d){9})(?!\d)/giu,
    part: 1,
  },
  // Passport book, identity card, number in the register of persons.
  { find: /(?<![\p{L}\p{N}])[А-ЯІЇЄҐA-Z]{2}[\s№-]{0,3}\d{3}\s?\d{3}(?!\d)/gu },
  {
    find: /(?:паспорт|посвідчення|документ|картк|passport|id-card)[^\d\n]{0,40}?(?<!\d)(\d{9}|[А-ЯІЇЄҐA-Z]{2}[\s№-]{0,3}\d{6})(?!\d)/giu,
    part: 1,
  },
  { find: /(?<!\d)(?:19|20)\d{6}-?\d{5}(?!\d)/gu },
  // Number plates; small letters only when written in one piece, else «не 1500 та» would be one.
  {
    find: new RegExp(
      `(?<![\\p{L}\\p{N}])[${letter}]{2}[\\s-]?\\d{4}[\\s-]?[${letter}]{2}(?![\\p{L}\\p{N}])`,
      'gu',
    ),
  },
  { find: new RegExp(`(?<![\\p{L}\\p{N}])[${letter}]{2}\\d{4}[${letter}]{2}(?![\\p{L}\\p{N}])`, 'giu') },
];

function spansOf(text: string, find: RegExp, part = 0): Span[] {
  return [...text.matchAll(find)].map((match) => {
    const end = match.index + match[0].length;
    // -1: what stands before the match belongs to it; else the captured group ends it.
    if (part === -1) return [match.index - match[1]!.length, end];
    return [end - match[part]!.length, end];
  });
}

/** Cards: groups of digits that together have 13 to 19 of them and pass Luhn's check, whatever numbers stand beside them. */
function cardSpans(text: string): Span[] {
  const groups = [...text.matchAll(/\d+/gu)].map((match) => ({ at: match.index, digits: match[0] }));
  const spans: Span[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const { at } = groups[first]!;
    if (!/^[2-69]/.test(groups[first]!.digits)) continue;
    let number = '';
    let end = at;
    for (let next = first; next < groups.length; next += 1) {
      const group = groups[next]!;
      if (next > first && !/^[\s-]{1,2}$/u.test(text.slice(end, Math.min(group.at, end + 3)))) break;
      number += group.digits;
      end = group.at + group.digits.length;
      if (number.length > 19) break;
      if (number.length >= 13 && passesLuhn(number)) spans.push([at, end]);
    }
  }
  return spans;
}

function passesLuhn(number: string): boolean {
  let sum = 0;
  for (let i = 0; i < number.length; i += 1) {
    const digit = Number(number[number.length - 1 - i]);
    sum += i % 2 === 1 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

const number = '\\d{1,4}(?!\\d)(?:-?[а-яіїєґa-z](?!\\p{L}))?';
const flatAfter = new RegExp(
  `(?<!\\p{L})(кв|квартир(?:а|и|і|у|ою)?|кімнат(?:а|и|і|у)|apt|flat|apartment)(?:\\.|\\s|№|#|:|-){0,4}(${number}(?:\\s?(?:[-–/;]|(?:і|й|та)(?=\\s)|,(?=\\s?${number}(?!\\s?(?!та\\s)\\p{L}{2}|[:.•]\\d)))\\s?${number}){0,20})`,
  'giu',
);
const flatBefore =
  /(?<![\d.,])(\d{1,4}(-?(?:го|му|ої|ій|ти|та|те|ту|ю|а|у|я|ї|й))?)\s{1,3}квартир(а|и|і|у|ою)(?!\p{L})/giu;

const amounts = /^\s?(?:°|℃|градус|тепла|мороз|люд|осіб|особ|діт|дит|дн|діб|доб|год|хв|раз|тиж|місяц)/iu;

function flatSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(flatAfter)) {
    const [whole, word, numbers] = match;
    // «у квартирі 14 градусів» is how warm, not which one.
    if (
      /^кварт|^кімн/i.test(word!) &&
      amounts.test(text.slice(match.index + whole.length, match.index + whole.length + 12))
    )
      continue;
    // «III кв. 2026» is a quarter of the year.
    if (word!.toLowerCase() === 'кв' && /^(?:19|20)\d\d$/.test(numbers!)) continue;
    const end = match.index + whole.length;
    spans.push([end - numbers!.length, end]);
  }
  for (const match of text.matchAll(flatBefore)) {
    // «2 квартири» and «24 квартири» are how many, «у 45 квартирі» is which one.
    if (match[3]!.toLowerCase() === 'и' && !match[2] && /[234]$/.test(match[1]!)) continue;
    spans.push([match.index, match.index + match[1]!.length]);
  }
  return spans;
}
