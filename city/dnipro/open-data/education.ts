import { between, type DatasetData, dayBefore, noise, oneFile, pick, place, times } from './tables.ts';

const school = (n: number) => `Ліцей № ${901 + n} (демо)`;
const kindergarten = (n: number) => `Заклад дошкільної освіти № ${501 + n} (демо)`;

export const education: readonly DatasetData[] = [
  {
    name: 'schools',
    publisher: 'osvita',
    title: 'Заклади загальної середньої освіти',
    notes: 'Перелік шкіл міста з адресами, кількістю класів та учнів.',
    themes: ['educ', 'soci'],
    tags: ['школи', 'освіта', 'учні'],
    frequency: 'once a year',
    files: oneFile('Школи', 80, () => ({
      fileName: 'schools.json',
      rows: times(90, (n) => ({
        назва: school(n),
        адреса: `${place(n * 5).street}, ${place(n * 5).house}`,
        класів: between(12, 44, 31, n),
        учнів: between(280, 1400, 32, n),
        мова: 'українська',
        lat: place(n * 5).lat,
        lon: place(n * 5).lon,
      })),
    })),
  },
  {
    name: 'school-areas',
    publisher: 'osvita',
    title: 'Території обслуговування шкіл',
    notes: 'Які адреси закріплено за якою школою.',
    themes: ['educ'],
    tags: ['школи', 'території обслуговування', 'адреси'],
    frequency: 'once a year',
    obligation: '835/43',
    files: [
      ...oneFile(
        'Території',
        200,
        () => ({
          fileName: 'territories.csv',
          rows: times(90, (n) => ({ institutionName: school(n), description: `Мікрорайон ${n + 1}` })),
        }),
        '835/43/territories',
      ),
      ...oneFile(
        'Адреси',
        200,
        () => ({
          fileName: 'addresses.csv',
          rows: times(400, (n) => ({ territoryuid: `demo-${1 + (n % 90)}` })),
        }),
        '835/43/addresses',
      ),
    ],
  },
  {
    name: 'kindergartens',
    publisher: 'osvita',
    title: 'Заклади дошкільної освіти',
    notes:
      'Групи, місця та вихованці. Файл надійшов із відділу: windows-1251, крапка з комою, назва над таблицею і два рядки заголовка, «Всього» внизу.',
    themes: ['educ', 'soci'],
    tags: ['дитячі садки', 'освіта'],
    frequency: 'once a quarter',
    first: true,
    files: oneFile('Садки', 40, (today) => ({
      fileName: 'sadky.csv',
      rows: times(70, (n) => ({
        назва: kindergarten(n),
        район: pick(['Центральний', 'Соборний', 'Шевченківський', 'Самарський'], 33, n),
        місць: between(60, 260, 34, n),
        дітей: between(50, 300, 35, n),
        харчування: 90 + noise(36, n) * 30,
        перевірено: dayBefore(today, 40 + (n % 200))
          .split('-')
          .toReversed()
          .join('.'),
      })),
      mess: {
        encoding: 'windows-1251',
        delimiter: ';',
        decimal: ',',
        head: [
          ['Мережа закладів дошкільної освіти (демонстраційні дані)', '', '', '', '', ''],
          ['Заклад', '', 'Місткість', '', 'Вартість', 'Перевірка'],
          ['назва', 'район', 'місць', 'дітей', 'харчування, грн', 'дата'],
        ],
        foot: [['Всього', '', 10_934, 12_310, null, null]],
      },
    })),
  },
  {
    name: 'kindergarten-queue',
    publisher: 'osvita',
    title: 'Черга дітей у дошкільні заклади',
    notes: 'Стан черги без імен: номер, рік народження, вікова група, пільга.',
    themes: ['educ', 'soci'],
    tags: ['дитячі садки', 'черга'],
    frequency: 'once a month',
    obligation: '835/42',
    files: oneFile(
      'Черга',
      20,
      (today) => ({
        fileName: 'line.csv',
        rows: times(900, (n) => ({
          receivedDate: dayBefore(today, 900 - n + 20),
          number: n + 1,
          gender: n % 2,
          birthDate: 2021 + (n % 5),
          ageGroup: pick(['від 1 до 3 років', 'від 3 до 4 років', 'від 4 до 6 років'], 37, n),
          benefitType: n % 6 ? 'немає' : 'багатодітна родина',
          institutionName: kindergarten(n % 70),
          status: n % 9 ? 'очікує' : 'запрошено',
        })),
      }),
      '835/42/line',
    ),
  },
  {
    name: 'school-meals',
    publisher: 'osvita',
    title: 'Вартість харчування у школах',
    notes: 'Книга Excel з об’єднаними клітинками: район написано один раз на кілька шкіл.',
    themes: ['educ', 'heal'],
    tags: ['харчування', 'школи', 'тарифи'],
    frequency: 'once a half year',
    first: true,
    files: oneFile('Харчування', 90, () => ({
      fileName: 'meals.xlsx',
      rows: times(40, (n) => ({
        район: n % 10 ? '' : ['Центральний', 'Соборний', 'Шевченківський', 'Самарський'][n / 10],
        школа: school(n),
        сніданок: Math.round(3_500 + noise(38, n) * 1_500) / 100,
        обід: Math.round(6_000 + noise(39, n) * 2_500) / 100,
      })),
      mess: {
        head: [
          ['Вартість харчування (демонстраційні дані)', '', '', ''],
          ['Заклад', '', 'Вартість, грн', ''],
          ['район', 'школа', 'сніданок', 'обід'],
        ],
        merged: ['A1:D1', 'A2:B2', 'C2:D2', 'A4:A13', 'A14:A23', 'A24:A33', 'A34:A43'],
      },
    })),
  },
];
