/** An invented unit of the city council that publishes data; the names only sound like real ones, the codes are of no one. */
export interface PublisherData {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** A dataset of the demo city with its one small file. */
export interface DatasetData {
  readonly name: string;
  readonly publisher: string;
  readonly title: string;
  readonly notes: string;
  readonly themes: readonly string[];
  readonly tags: readonly string[];
  readonly frequency: string;
  /** Appendix of Resolution 835. */
  readonly obligation?: string;
  readonly file: { readonly name: string; readonly title: string; readonly content: string };
}

export const publishers: readonly PublisherData[] = [
  {
    name: 'transport',
    title: 'Департамент транспорту (демо)',
    description: 'Маршрути, розклади та рухомий склад міського транспорту',
  },
  {
    name: 'osvita',
    title: 'Департамент освіти (демо)',
    description: 'Школи, дитячі садки та території обслуговування',
  },
  {
    name: 'dovkillia',
    title: 'Департамент екології (демо)',
    description: 'Повітря, вода, зелені насадження та відходи',
  },
  {
    name: 'budzhet',
    title: 'Департамент фінансів (демо)',
    description: 'Бюджет міста та його виконання',
  },
  {
    name: 'tsyfra',
    title: 'Департамент цифрової трансформації (демо)',
    description: 'Реєстр наборів даних і доступ до публічної інформації',
  },
];

/** The unit in which the demo's publisher works. */
export const demoPublisher = 'transport';

const csv = (...rows: readonly (readonly (string | number)[])[]) =>
  `${rows.map((row) => row.join(',')).join('\r\n')}\r\n`;

export const datasets: readonly DatasetData[] = [
  {
    name: 'tram-stops',
    publisher: 'transport',
    title: 'Зупинки трамваїв',
    notes: 'Розташування зупинок трамвайних маршрутів міста.',
    themes: ['tran'],
    tags: ['трамвай', 'зупинки', 'транспорт'],
    frequency: 'once a quarter',
    obligation: '835/56',
    file: {
      name: 'tram-stops.csv',
      title: 'Зупинки',
      content: csv(
        ['stop_id', 'stop_name', 'stop_lat', 'stop_lon'],
        ['1', 'Вокзал', 48.4772, 35.0159],
        ['2', 'Площа Успенська', 48.4686, 35.0468],
        ['3', 'Парк Шевченка', 48.4631, 35.0719],
      ),
    },
  },
  {
    name: 'parking-lots',
    publisher: 'transport',
    title: 'Місця для паркування',
    notes: 'Майданчики для платного паркування: адреса, кількість місць, тариф.',
    themes: ['tran', 'regi'],
    tags: ['паркування', 'транспорт'],
    frequency: 'once a month',
    file: {
      name: 'parking-lots.csv',
      title: 'Майданчики',
      content: csv(
        ['address', 'places', 'tariff'],
        ['вул. Зразкова 1', 40, 25],
        ['вул. Зразкова 18', 12, 25],
      ),
    },
  },
  {
    name: 'schools',
    publisher: 'osvita',
    title: 'Заклади загальної середньої освіти',
    notes: 'Перелік шкіл міста з адресами та кількістю учнів.',
    themes: ['educ'],
    tags: ['школи', 'освіта'],
    frequency: 'once a year',
    obligation: '835/43',
    file: {
      name: 'schools.csv',
      title: 'Школи',
      content: csv(['name', 'address', 'pupils'], ['Ліцей № 901 (демо)', 'вул. Зразкова 5', 640]),
    },
  },
  {
    name: 'air-quality',
    publisher: 'dovkillia',
    title: 'Якість повітря',
    notes: 'Середньодобові показники станцій спостереження за станом повітря.',
    themes: ['envi', 'heal'],
    tags: ['повітря', 'екологія', 'моніторинг'],
    frequency: 'once a day',
    obligation: '835/66',
    file: {
      name: 'air-quality.csv',
      title: 'Показники за добу',
      content: csv(
        ['station', 'date', 'pm10', 'pm25'],
        ['ST-1', '2026-11-23', 21.4, 12.1],
        ['ST-2', '2026-11-23', 18.9, 9.7],
      ),
    },
  },
  {
    name: 'trees',
    publisher: 'dovkillia',
    title: 'Реєстр дерев',
    notes: 'Дерева на вулицях і в парках міста: порода, обхват, стан.',
    themes: ['envi'],
    tags: ['дерева', 'зелені насадження'],
    frequency: 'once a half year',
    file: {
      name: 'trees.csv',
      title: 'Дерева',
      content: csv(
        ['species', 'girth_cm', 'state'],
        ['липа серцелиста', 84, 'добрий'],
        ['каштан кінський', 120, 'задовільний'],
      ),
    },
  },
  {
    name: 'budget-execution',
    publisher: 'budzhet',
    title: 'Виконання бюджету міста',
    notes: 'Видатки міського бюджету за напрямами: план і виконання.',
    themes: ['econ', 'gove'],
    tags: ['бюджет', 'видатки', 'фінанси'],
    frequency: 'once a month',
    file: {
      name: 'budget-execution.csv',
      title: 'Видатки',
      content: csv(
        ['code', 'title', 'planned', 'spent'],
        ['1020', 'Надання загальної середньої освіти', 1200000, 980000],
      ),
    },
  },
  {
    name: 'dataset-register',
    publisher: 'tsyfra',
    title: 'Реєстр наборів даних',
    notes: 'Перелік наборів даних, які перебувають у володінні розпорядника інформації.',
    themes: ['gove'],
    tags: ['реєстр', 'відкриті дані'],
    frequency: 'immediately after making changes',
    obligation: '835/7',
    file: {
      name: 'dataset-register.csv',
      title: 'Реєстр',
      content: csv(['identifier', 'title'], ['tram-stops', 'Зупинки трамваїв']),
    },
  },
];
