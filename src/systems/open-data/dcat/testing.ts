import { cityCatalogue } from '../../../../city/dnipro/catalogue.ts';
import type { CatalogueDataset, CatalogueResource } from './catalogue-dataset.ts';
import { portalOf } from './portal.ts';
import type { PublicVersion } from './versions.ts';

/** Numbers that look random and are the same in each run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const texts = [
  'Перелік зупинок',
  'Реєстр «Договорів» <2026> & «додатки»',
  'Маршрути\r\nта "розклади"',
  'Бюджет \\ видатки\t2026',
  'Якість повітря 🌫 PM2.5',
  'Budget of the city',
  'З’їзди, під’їзди; ЇЄҐ',
  'керівний знак \u0001 і половина \ud83d пари',
];
const addresses = [
  'https://data.example.ua/файл даних.csv',
  'https://data.example.ua/a?x=[1]&y="2"#частина',
  'http://міста.укр/дані/перелік.xlsx',
  'ftp://files.example.ua/old.zip',
  'https://data.example.ua/%D0%BA%zz.json',
  'не адреса',
  '',
];
const formats: readonly (readonly [string, string | null])[] = [
  ['CSV', 'text/csv'],
  ['XLSX', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['GeoJSON', 'application/geo+json'],
  ['API', null],
  ['WMS', ''],
  ['HTML', 'text/html'],
  ['щось своє', 'не тип'],
  ['', null],
];
const categories = ['c_ac64a52d', 'http://data.europa.eu/bna/c_b79e35eb', 'unheard-of'];
const licences = [
  { id: 'CC-BY-4.0', title: 'CC BY 4.0', url: 'https://creativecommons.org/licenses/by/4.0/' },
  { id: 'gfdl', title: 'GNU Free Documentation License', url: 'https://www.gnu.org/licenses/fdl-1.3.html' },
  { id: 'notspecified', title: 'License not specified', url: '' },
  null,
];
const days = [
  '2026',
  '2026-03',
  '2026-03-01',
  '2026-02-30',
  '2026-03-01T10:20:30.5',
  '2026-03-01 10:20',
  '01.03.2026',
  '',
];

/** Datasets of all kinds, the same in each run: every field is there or not, in each of its forms. */
export function variedDatasets(count: number): CatalogueDataset[] {
  const random = randomNumbers(835);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const maybe = <T>(value: () => T): T | null => (random(3) > 0 ? value() : null);
  const id = (kind: number, n: number) => `${kind}0000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
  const resource = (n: number): CatalogueResource => {
    const [format, mediaType] = pick(formats);
    const hasRows = random(3) === 0;
    return {
      id: id(2, n),
      name: maybe(() => pick(texts)),
      description: maybe(() => pick(texts)),
      url: pick(addresses),
      format,
      mediaType,
      bytes: maybe(() => random(2 ** 31)),
      sha256: maybe(() => pick(['a'.repeat(64), 'AB01'.repeat(16), 'short'])),
      issued: '2026-01-02T03:04:05.123456',
      modified: maybe(() => '2026-02-03T04:05:06.000001'),
      hasRows,
      version: hasRows ? random(30) + 1 : null,
      isDump: hasRows && random(2) === 0,
    };
  };
  return Array.from({ length: count }, (_, n) => ({
    id: id(1, n),
    name: `dataset-${n}`,
    title: { uk: pick(texts), en: maybe(() => 'A dataset') ?? undefined },
    description: maybe(() => ({ uk: pick(texts) })),
    keywords: Array.from({ length: random(4) }, () => pick(texts)),
    themes: Array.from({ length: random(3) }, () => pick(['TRAN', 'ECON', 'ENVI', 'NONE'])),
    publisher: maybe(() => ({
      id: id(3, random(5)),
      name: 'transport',
      title: maybe(() => 'Департамент транспорту') ?? '',
      edrpou: maybe(() => '00012345'),
    })),
    contact: maybe(() => ({
      name: maybe(() => 'Начальниця відділу'),
      email: maybe(() => pick(['data@example.ua', 'не пошта', 'дані@example.ua'])),
    })),
    language: maybe(() => pick(['ua', 'en', 'xx'])),
    frequency: pick([
      { code: 'DAILY', wire: 'once a day', label: { uk: 'Щодня', en: 'Daily' } },
      {
        code: 'AS_NEEDED',
        wire: 'immediately after making changes',
        label: { uk: 'Відразу після внесення змін' },
      },
      { code: 'UNKNOWN', wire: '', label: { uk: 'не вказано', en: 'not stated' } },
    ]),
    purpose: maybe(() => pick(texts)),
    obligation: maybe(() => pick(['835/33', '835/33/appeals', 'своя'])),
    katottg: maybe(() => pick(['UA12020010010037010', 'UA12000000000090473'])),
    hvdCategory: random(4) === 0 ? pick(categories) : null,
    licence: pick(licences),
    isPrivate: random(10) === 0,
    page: maybe(() => pick(addresses)),
    issued: '2026-01-02T03:04:05.123456',
    created: '2026-01-02T03:04:05.123456',
    modified: pick(['2026-02-03T04:05:06.000001', '2026-02-03']),
    temporal: maybe(() => ({ start: pick(days), end: pick(days) })),
    resources: Array.from({ length: random(3) }, (_resource, m) => resource(n * 4 + m)),
  }));
}

/** The portal that tests write addresses of. */
export const testPortal = portalOf(
  'https://city.example',
  'https://city.example/open-data',
  { title: 'Портал відкритих даних', description: 'Дані міста: відкриті, свіжі, перевірені' },
  cityCatalogue,
);

/** One dataset with every field filled, `changes` aside. */
export function wholeDataset(changes: Partial<CatalogueDataset> = {}): CatalogueDataset {
  return {
    id: '018f0000-0000-7000-8000-000000000001',
    name: 'bus-stops',
    title: { uk: 'Зупинки транспорту', en: 'Bus stops' },
    description: { uk: 'Усі зупинки міста' },
    keywords: ['транспорт', 'зупинки'],
    themes: ['TRAN'],
    publisher: {
      id: '018f0000-0000-7000-8000-00000000000a',
      name: 'transport',
      title: 'Департамент транспорту',
      edrpou: '00012345',
    },
    contact: { name: 'Начальниця відділу', email: 'data@example.ua' },
    language: 'ua',
    frequency: { code: 'MONTHLY', wire: 'once a month', label: { uk: 'Щомісяця', en: 'Monthly' } },
    purpose: 'Облік зупинок за рішенням міської ради',
    obligation: '835/56',
    katottg: 'UA12020010010037010',
    hvdCategory: null,
    licence: { id: 'CC-BY-4.0', title: 'CC BY 4.0', url: 'https://creativecommons.org/licenses/by/4.0/' },
    isPrivate: false,
    page: null,
    issued: '2026-01-02T03:04:05.123456',
    modified: '2026-02-03',
    created: '2026-01-02T03:04:05.123456',
    temporal: { start: '2026-01-01', end: '2026-12-31' },
    resources: [wholeResource()],
    ...changes,
  };
}

export function wholeResource(changes: Partial<CatalogueResource> = {}): CatalogueResource {
  return {
    id: '018f0000-0000-7000-8000-0000000000b1',
    name: 'Зупинки',
    description: 'Таблиця зупинок',
    url: 'https://city.example/open-data/dataset/bus-stops/resource/b1/download/stops.csv',
    format: 'CSV',
    mediaType: 'text/csv',
    bytes: 4096,
    sha256: 'AB01'.repeat(16),
    issued: '2026-01-02T03:04:05.123456',
    modified: '2026-02-03T04:05:06.000001',
    hasRows: true,
    version: 3,
    isDump: false,
    ...changes,
  };
}

/** Versions of the resource of `wholeDataset`, the newest first. */
export const wholeVersions: readonly PublicVersion[] = [3, 2, 1].map((n) => ({
  resource: wholeResource().id,
  name: 'Зупинки',
  n,
  rows: 100 * n,
  note: n === 2 ? 'Виправлено адреси' : '',
  at: `2026-0${n}-02T03:04:05.123456`,
}));
