import { between, type DatasetData, dayBefore, noise, oneFile, pick, place, times } from './tables.ts';

const stopNames = [
  'Вокзал',
  'Площа Успенська',
  'Парк Шевченка',
  'Набережна',
  'Університет',
  'Ринок',
  'Лікарня',
  'Стадіон',
];
const stopName = (n: number) =>
  n < stopNames.length ? stopNames[n]! : `${pick(stopNames, 1, n)} — ${place(n).street}`;
/** Trams, trolleybuses, buses: codes of GTFS. */
const kinds = [0, 11, 3] as const;

export const transport: readonly DatasetData[] = [
  {
    name: 'tram-stops',
    publisher: 'transport',
    title: 'Зупинки міського транспорту',
    notes: 'Розташування зупинок трамваїв, тролейбусів і автобусів міста: назва, місце, доступність.',
    themes: ['tran', 'regi'],
    tags: ['зупинки', 'трамвай', 'автобус', 'транспорт'],
    frequency: 'once a quarter',
    obligation: '835/27',
    highValue: 'http://data.europa.eu/bna/c_b79e35eb',
    files: [
      ...oneFile(
        'Зупинки',
        31,
        () => ({
          fileName: 'stops.csv',
          rows: times(180, (n) => ({
            label: stopName(n),
            zoneId: 'A',
            type: kinds[n % 3],
            timezone: 'Europe/Kyiv',
          })),
        }),
        '835/27/stops',
      ),
      ...oneFile('Зупинки на карті', 31, () => ({
        fileName: 'stops.geojson',
        rows: times(180, (n) => ({
          назва: stopName(n),
          вид: ['трамвай', 'тролейбус', 'автобус'][n % 3],
          geometry: { type: 'Point', coordinates: [place(n).lon, place(n).lat] },
        })),
      })),
    ],
  },
  {
    name: 'routes',
    publisher: 'transport',
    title: 'Перевізники та маршрути',
    notes: 'Перелік перевізників, що працюють у місті, та їхніх маршрутів.',
    themes: ['tran'],
    tags: ['маршрути', 'перевізники', 'транспорт'],
    frequency: 'once a quarter',
    obligation: '835/55',
    files: [
      ...oneFile(
        'Перевізники',
        60,
        () => ({
          fileName: 'agency.csv',
          rows: times(6, (n) => ({ name: `Перевізник № ${n + 1} (демо)`, timezone: 'Europe/Kyiv' })),
        }),
        '835/55/agency',
      ),
      ...oneFile(
        'Маршрути',
        60,
        () => ({
          fileName: 'routes.csv',
          rows: times(60, (n) => ({
            agencyId: `demo-${1 + (n % 6)}`,
            shortName: String(n + 1),
            fullName: `${stopName(n)} — ${stopName(n + 9)}`,
            type: kinds[n % 3],
          })),
        }),
        '835/55/routes',
      ),
    ],
  },
  {
    name: 'timetable',
    publisher: 'transport',
    title: 'Розклад руху',
    notes: 'Час прибуття на зупинки за рейсами. Опівніч і далі — наступна доба.',
    themes: ['tran'],
    tags: ['розклад', 'транспорт'],
    frequency: 'once a month',
    obligation: '835/56',
    files: oneFile(
      'Час на зупинках',
      12,
      () => ({
        fileName: 'stop-times.csv',
        rows: times(3_000, (n) => {
          const minute = 330 + Math.floor(n / 20) * 6 + (n % 20) * 2;
          const time = `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00`;
          return {
            tripUid: `рейс-${1 + Math.floor(n / 20)}`,
            arrivalTime: time,
            departureTime: time,
            stopId: `demo-${1 + ((n * 7) % 180)}`,
            stopSequence: 1 + (n % 20),
          };
        }),
      }),
      '835/56/stopTimes',
    ),
  },
  {
    name: 'parking-lots',
    publisher: 'transport',
    title: 'Місця для паркування',
    notes: 'Майданчики для платного паркування: адреса, кількість місць, тариф.',
    themes: ['tran', 'regi'],
    tags: ['паркування', 'транспорт', 'тарифи'],
    frequency: 'once a month',
    obligation: '835/36',
    highValue: 'http://data.europa.eu/bna/c_b79e35eb',
    files: [
      ...oneFile('Майданчики', 9, lots, '835/36/parkingLots'),
      ...oneFile(
        'Оператори',
        9,
        () => ({
          fileName: 'operators.csv',
          rows: times(4, (n) => ({ name: `Оператор паркування № ${n + 1} (демо)` })),
        }),
        '835/36/operators',
      ),
    ],
  },
  {
    name: 'charging-stations',
    publisher: 'transport',
    title: 'Зарядні станції для електромобілів',
    notes: 'Місця, власники, роз’єми та години роботи зарядних станцій.',
    themes: ['tran', 'ener'],
    tags: ['електромобілі', 'зарядні станції'],
    frequency: 'once a half year',
    obligation: '835/73',
    files: oneFile(
      'Станції',
      300,
      () => ({
        fileName: 'stations.csv',
        rows: times(45, (n) => ({
          stationAccess: 'вільний',
          connectorsType: pick(['Type 2', 'CCS', 'CHAdeMO'], 4, n),
        })),
      }),
      '835/73/stations',
    ),
  },
  {
    name: 'traffic-counts',
    publisher: 'transport',
    title: 'Інтенсивність руху на перехрестях',
    notes: 'Кількість автомобілів за годину з демо-лічильників.',
    themes: ['tran', 'envi'],
    tags: ['рух', 'перехрестя', 'лічильники'],
    frequency: 'once a week',
    files: oneFile('Лічильники за місяць', 3, (today) => ({
      fileName: 'traffic.tsv',
      rows: times(30 * 24 * 8, (n) => ({
        перехрестя: `П-${1 + (n % 8)}`,
        дата: dayBefore(today, 3 + Math.floor(n / 192)),
        година: Math.floor(n / 8) % 24,
        автомобілів: Math.round(
          40 + 900 * Math.sin((((Math.floor(n / 8) % 24) + 1) * Math.PI) / 26) + 80 * noise(21, n),
        ),
      })),
      mess: { delimiter: '\t' },
    })),
  },
  {
    name: 'bicycle-parking',
    publisher: 'transport',
    title: 'Велопарковки',
    notes: 'Стійки для велосипедів: місце, кількість, навіс.',
    themes: ['tran'],
    tags: ['велосипед', 'паркування'],
    frequency: 'once a half year',
    files: oneFile('Велопарковки', 120, () => ({
      fileName: 'bicycle-parking.geojson',
      rows: times(64, (n) => ({
        адреса: `${place(n * 3).street}, ${place(n * 3).house}`,
        місць: between(4, 24, 22, n),
        навіс: n % 4 === 0 ? 'так' : 'ні',
        geometry: { type: 'Point', coordinates: [place(n * 3).lon, place(n * 3).lat] },
      })),
    })),
  },
  {
    name: 'timetable-2024',
    publisher: 'transport',
    title: 'Розклад руху 2024 року',
    notes: 'Розклад, який більше не діє; зберігається для порівняння.',
    themes: ['tran'],
    tags: ['розклад', 'архів'],
    frequency: 'unscheduled',
    state: 'archived',
    files: oneFile('Рейси', 700, () => ({
      fileName: 'trips-2024.csv',
      rows: times(80, (n) => ({
        маршрут: 1 + (n % 20),
        рейс: n + 1,
        початок: `${String(5 + (n % 18)).padStart(2, '0')}:10:00`,
      })),
    })),
  },
];

function lots() {
  return {
    fileName: 'parking-lots.csv',
    rows: times(72, (n) => ({
      type: pick(['відкритий', 'вздовж проїзної частини'], 2, n),
      lotQuantity: between(8, 120, 3, n),
      lotQuantityDisabled: between(1, 6, 4, n),
      area: between(100, 1500, 5, n),
      price: 25,
      priceDescription: 'за годину',
      paymentType: 'безготівкова',
      parkingMeterQuantity: n % 3,
    })),
  };
}
