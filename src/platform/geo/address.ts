import { withCyrillic } from '../i18n/look-alikes.ts';

/** What kind of street; in the words that stand in official addresses. */
export const streetTypes = [
  'вулиця',
  'проспект',
  'бульвар',
  'провулок',
  'площа',
  'набережна',
  'узвіз',
  'шосе',
  'житловий масив',
] as const;
export type StreetType = (typeof streetTypes)[number];

/** A typed address taken apart; nothing of it is looked up yet. */
export interface TypedAddress {
  /** Words of the street's name in the order typed, small letters, without its type. */
  readonly street: readonly string[];
  readonly type: StreetType | null;
  /** «12», «12А», «12/14»; letters large and Cyrillic. */
  readonly house: string | null;
  /** Корпус. */
  readonly block: string | null;
  readonly flat: string | null;
  readonly entrance: string | null;
  readonly office: string | null;
  /** Words that stood before «район». */
  readonly district: string | null;
}

const letters = 'а-яіїєґёъыэa-z';
const number = `\\d{1,4}(?:\\s?-?\\s?[${letters}](?![${letters}']))?`;
/** A word boundary that knows Cyrillic. */
const begin = `(?<![${letters}\\d'])`;
const end = `(?![${letters}'])`;

const parts = {
  flat: new RegExp(
    `${begin}(?:кв(?:арт(?:ира|ири|ирі)?)?|flat|apt|apartment|kv)${end}[.\\s№:-]*(${number})`,
    'u',
  ),
  office: new RegExp(
    `${begin}(?:оф(?:іс|ис)?|office|прим(?:іщення)?|каб(?:інет)?)${end}[.\\s№:-]*(${number})`,
    'u',
  ),
  entrance: new RegExp(
    `${begin}(?:під'?їзд|подъезд|парадне|парадная|під|п-д|п)${end}[.\\s№:-]*(\\d{1,2})|${begin}(\\d{1,2})(?:-?й)?\\s+(?:під'?їзд|подъезд|парадне)${end}`,
    'u',
  ),
  floor: new RegExp(
    `${begin}(?:поверх|этаж|пов|эт)${end}[.\\s№:-]*\\d{1,2}|${begin}\\d{1,2}(?:-?й)?\\s+(?:поверх|этаж)${end}`,
    'u',
  ),
  block: new RegExp(
    `${begin}(?:корп(?:ус)?|к|блок|секція|korp|building)${end}[.\\s№:-]*(\\d{1,2}[${letters}]?|[${letters}])${end}`,
    'u',
  ),
  district: new RegExp(`([${letters}'-]{4,})\\s+(?:район[уі]?|р-н[уі]?)${end}`, 'u'),
} as const;

const houseNamed = new RegExp(
  `${begin}(?:буд(?:инок|инку)?|дім|дом|д|house|bud|б)${end}[.\\s№:-]*(\\d.*)$`,
  'u',
);

/** Each way in which a type is written, in Ukrainian, Russian and Latin letters. */
const typeWords: readonly (readonly [StreetType, string])[] = [
  [
    'житловий масив',
    'ж[./-]?\\s?м|житлмасив|житловий масив|житловому масиві|масив|жилмассив|жилой массив|мікрорайон|микрорайон|мкр|zhm',
  ],
  ['проспект', 'просп(?:ект[іуа]?)?|пр-т|пр-кт|пр|prosp(?:ekt)?|avenue|ave'],
  ['бульвар', 'бульв(?:ар[іуе]?)?|б-р|бул|bulv(?:ar)?|boulevard|blvd'],
  ['провулок', 'пров(?:улок|улку)?|пер(?:еулок|еулке)?|prov(?:ulok)?|lane'],
  ['площа', 'пл(?:оща|ощі|ощу|ощадь|ощади)?|ploshcha|square|sq'],
  ['набережна', 'наб(?:ережна|ережній|ережная|ережной)?'],
  ['узвіз', 'узв(?:із|озі|озу)?|спуск|uzviz'],
  ['шосе', 'шосе|шоссе|ш|shose|highway'],
  ['вулиця', 'вул(?:иця|иці|ицю|ицею)?|ул(?:ица|ице|ицы)?|vul(?:ytsia|ytsya)?|street|str|st'],
];
const types = typeWords.map(
  ([type, words]) => [type, new RegExp(`${begin}(?:${words})${end}\\.?`, 'gu')] as const,
);

/** A type that as often belongs to the name: «вулиця Набережна Перемоги». It stays among the words of the name. */
const partOfNames: StreetType = 'набережна';

const noise = new Set(
  'на по в у біля коло возле около рядом із з i і та де навпроти адреса адрес город місто м г україна украина ukraine обл область області будинок будинку дом дома дім'.split(
    ' ',
  ),
);

/**
 * Takes a typed address apart: type of the street in any place and abbreviation, house with letter or fraction, block,
 * flat, entrance, office, district.
 *
 * @param cityNames names of the city in every language and time: they say nothing about where in it
 */
export function readAddress(typed: string, cityNames: readonly string[] = []): TypedAddress {
  let rest = ` ${typed.slice(0, 500).normalize('NFC').toLowerCase()} `
    .replace(/[\u0300\u0301«»"“”]/g, '')
    .replace(/['’ʼ`´‘′*]/g, "'")
    .replace(/[–—−]/g, '-')
    .replace(/\s+/g, ' ')
    // A Latin i or o that slipped into a Cyrillic word.
    .replace(mixed, withCyrillic)
    // Postcodes of Ukraine have five digits, houses at most four.
    .replace(/(?<!\d)\d{5}(?!\d)/g, ' ');
  for (const name of cityNames.toSorted((a, b) => b.length - a.length))
    rest = rest.replace(
      new RegExp(
        `${begin}(?:м\\.?\\s?|місто\\s|г\\.?\\s?|город\\s|city of\\s)?${name.toLowerCase()}[іау]?${end}`,
        'gu',
      ),
      ' ',
    );
  rest = rest.replace(/[а-яіїє]+ська обл(?:асть|\.)?/gu, ' ');
  const take = (pattern: RegExp): string | null => {
    const found = pattern.exec(rest);
    if (!found) return null;
    rest = `${rest.slice(0, found.index)} , ${rest.slice(found.index + found[0].length)}`;
    return (found[1] ?? found[2] ?? '').toUpperCase() || null;
  };
  const district = take(parts.district)?.toLowerCase() ?? null;
  let flat = take(parts.flat);
  const office = take(parts.office);
  const entrance = take(parts.entrance);
  take(parts.floor);
  const block = take(parts.block);
  let type: StreetType | null = null;
  for (const [one, pattern] of types) {
    const before = rest;
    rest = rest.replace(pattern, one === partOfNames ? ` ${partOfNames} ` : ' ');
    if (before !== rest && one !== partOfNames) type ??= one;
  }
  const named = houseNamed.exec(rest);
  const source = named ? named[1] : houseIn(rest);
  let house: string | null = null;
  if (source) {
    const read = readHouse(source);
    house = read.house;
    flat ??= read.flat;
    rest = named ? rest.slice(0, named.index) : rest.replace(source, ` ${read.left} `);
  }
  const street = rest
    .split(/[^\p{L}\p{N}'.-]+/u)
    .flatMap((word) => word.split(/(?<=\p{L}\.)(?=\p{L})/u))
    .map((word) => word.replace(/^[.'-]+|['-]+$/g, ''))
    .filter((word) => /\p{L}/u.test(word) && !noise.has(word.replace(/\.$/, '')));
  return { street, type, house, block, flat, entrance, office, district };
}

/** The text from the number on that is the house: the first one that is no ordinal such as «1-ша Слобідська». */
function houseIn(text: string): string | undefined {
  const ordinal = new RegExp(`^\\d+-?(?:ша|га|тя|та|а|й|го|му)${end}\\s[${letters}]{3}`, 'u');
  return [...text.matchAll(new RegExp(`${begin}\\d{1,4}`, 'gu'))]
    .map((match) => text.slice(match.index))
    .find((tail) => !ordinal.test(tail));
}

/** «12-А», «12/14», «12 45», «12-45», «12а/3». */
function readHouse(text: string) {
  const found = new RegExp(
    `^(\\d{1,4})(?:\\s?-?\\s?([${letters}])(?![${letters}'])\\.?)?(?:\\s?/\\s?(\\d{1,4})(?:\\s?-?([${letters}])(?![${letters}']))?)?`,
    'u',
  ).exec(text)!;
  let left = text.slice(found[0].length);
  const house = plainHouse(found[1]! + (found[2] ?? '') + (found[3] ? `/${found[3]}${found[4] ?? ''}` : ''));
  const flat = /^\s?[-,]?\s?(\d{1,4}[а-яіїє]?)(?![\p{L}\d])/u.exec(left);
  if (flat) left = left.slice(flat[0].length);
  return { house, flat: flat?.[1]?.toUpperCase() ?? null, left };
}

const mixed = /(?<!\p{L})(?=\p{L}*[а-яіїєґ])(?=\p{L}*[a-z])\p{L}+/gu;

/** One spelling of a house: large letters, Cyrillic ones for the Latin that look alike, no spaces, no hyphen. */
export function plainHouse(house: string): string {
  return withCyrillic(house.toUpperCase().replace(/[\s-]/g, ''));
}
