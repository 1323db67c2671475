import { between, type DatasetData, dayBefore, noise, oneFile, pick, place, times } from './tables.ts';

const species = [
  'липа серцелиста',
  'каштан кінський',
  'клен гостролистий',
  'акація біла',
  'ялина колюча',
  'тополя пірамідальна',
];

/** Mean values of a day, worse in winter. */
function air(stations: number, days: number, until: number) {
  return (today: string) => ({
    fileName: 'air-quality.csv',
    rows: times(stations * days, (n) => {
      const day = dayBefore(today, until + days - 1 - Math.floor(n / stations));
      const winter = 1 + 0.6 * Math.cos(((Number(day.slice(5, 7)) - 1) * Math.PI) / 6);
      const pm25 = Math.round((6 + 14 * noise(41, n)) * winter * 10) / 10;
      return {
        станція: `ST-${1 + (n % stations)}`,
        дата: day,
        pm10: Math.round(pm25 * 1.7 * 10) / 10,
        pm25,
        no2: Math.round((12 + 30 * noise(42, n)) * 10) / 10,
        температура: Math.round((10 - 14 * (winter - 1) * 1.6 + 6 * noise(43, n)) * 10) / 10,
      };
    }),
  });
}

export const environment: readonly DatasetData[] = [
  {
    name: 'air-quality',
    publisher: 'dovkillia',
    title: 'Якість повітря',
    notes:
      'Середньодобові показники демо-станцій спостереження. Щотижня додаються нові дні: видно, як різняться версії.',
    themes: ['envi', 'heal'],
    tags: ['повітря', 'екологія', 'моніторинг', 'PM2.5'],
    frequency: 'once a week',
    highValue: 'http://data.europa.eu/bna/c_dd313021',
    first: true,
    files: [
      {
        title: 'Показники за добу',
        versions: [
          { daysAgo: 17, table: air(8, 180, 18) },
          { daysAgo: 10, note: 'Додано тиждень', table: air(8, 187, 11) },
          { daysAgo: 2, note: 'Додано тиждень', table: air(8, 195, 3) },
        ],
      },
      ...oneFile('Станції', 400, () => ({
        fileName: 'stations.geojson',
        rows: times(8, (n) => ({
          станція: `ST-${n + 1}`,
          висота: between(60, 150, 44, n),
          geometry: { type: 'Point', coordinates: [place(n * 29).lon, place(n * 29).lat] },
        })),
      })),
    ],
  },
  {
    name: 'water-quality',
    publisher: 'dovkillia',
    title: 'Якість води у Дніпрі',
    notes:
      'Проби води на пляжах. Десяткова кома, слова «н/д» замість порожніх клітинок. Набір давно не оновлювали.',
    themes: ['envi', 'heal'],
    tags: ['вода', 'пляжі', 'екологія'],
    frequency: 'once a week',
    first: true,
    files: oneFile('Проби', 150, (today) => ({
      fileName: 'voda.csv',
      rows: times(240, (n) => ({
        пляж: `Пляж № ${1 + (n % 6)} (демо)`,
        дата: dayBefore(today, 150 + Math.floor(n / 6))
          .split('-')
          .toReversed()
          .join('.'),
        температура: n % 17 ? 14 + noise(45, n) * 10 : 'н/д',
        pH: 7 + noise(46, n),
        колі_індекс: between(100, 9_000, 47, n),
      })),
      mess: { delimiter: ';', decimal: ',' },
    })),
  },
  {
    name: 'trees',
    publisher: 'dovkillia',
    title: 'Реєстр дерев',
    notes: 'Дерева на вулицях міста: порода, обхват, стан, місце.',
    themes: ['envi', 'regi'],
    tags: ['дерева', 'зелені насадження'],
    frequency: 'once a half year',
    files: oneFile('Дерева', 70, () => ({
      fileName: 'trees.ndjson',
      rows: times(4_000, (n) => ({
        id: n + 1,
        порода: pick(species, 48, n),
        обхват_см: between(20, 240, 49, n),
        стан: pick(['добрий', 'добрий', 'задовільний', 'незадовільний'], 50, n),
        вулиця: place(n).street,
        lat: Math.round((place(n).lat + (noise(51, n) - 0.5) / 500) * 1e6) / 1e6,
        lon: Math.round((place(n).lon + (noise(52, n) - 0.5) / 500) * 1e6) / 1e6,
      })),
    })),
  },
  {
    name: 'tree-orders',
    publisher: 'dovkillia',
    title: 'Ордери на видалення зелених насаджень',
    notes: 'Видані ордери: номер, строки, заявник-установа.',
    themes: ['envi'],
    tags: ['дерева', 'ордери'],
    frequency: 'once a month',
    obligation: '835/31',
    files: oneFile(
      'Ордери',
      14,
      () => ({ fileName: 'orders.csv', rows: times(120, () => ({})) }),
      '835/31/orders',
    ),
  },
  {
    name: 'parks',
    publisher: 'dovkillia',
    title: 'Парки та сквери',
    notes: 'Межі парків і скверів (умовні), площа, наявність води та освітлення.',
    themes: ['envi', 'soci'],
    tags: ['парки', 'сквери', 'відпочинок'],
    frequency: 'once a year',
    highValue: 'http://data.europa.eu/bna/c_ac64a52d',
    first: true,
    files: oneFile('Парки', 220, () => ({
      fileName: 'parks.geojson',
      rows: times(36, (n) => {
        const { lat, lon } = place(n * 11);
        const size = 0.001 + noise(53, n) / 400;
        const corner = ([x, y]: readonly [number, number]) => [
          Number((lon + x * size).toFixed(6)),
          Number((lat + y * size * 0.7).toFixed(6)),
        ];
        const ring = (
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
            [0, 0],
          ] as const
        ).map(corner);
        return {
          назва: `${n % 3 ? 'Сквер' : 'Парк'} «Демо-${n + 1}»`,
          площа_га: Math.round(size * size * 5_700_000) / 1000,
          освітлення: n % 5 !== 0,
          geometry: { type: 'Polygon', coordinates: [ring] },
        };
      }),
    })),
  },
  {
    name: 'waste-containers',
    publisher: 'dovkillia',
    title: 'Контейнери для побутових відходів',
    notes: 'Місця збирання відходів: кількість, об’єм, роздільне збирання.',
    themes: ['envi'],
    tags: ['відходи', 'контейнери', 'сортування'],
    frequency: 'once a quarter',
    obligation: '835/65',
    files: oneFile(
      'Контейнери',
      50,
      () => ({
        fileName: 'containers.csv',
        rows: times(700, (n) => ({
          type: 'контейнерний майданчик',
          wasteType: pick(['змішані', 'папір', 'скло', 'пластик'], 54, n),
          cansCount: between(1, 8, 55, n),
          cansVolume: pick([0.75, 1.1], 56, n),
          isRecycling: n % 4 !== 0,
        })),
      }),
      '835/65/containers',
    ),
  },
];
