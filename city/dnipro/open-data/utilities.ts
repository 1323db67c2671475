import { between, type DatasetData, dayBefore, noise, oneFile, pick, place, times } from './tables.ts';

const services = [
  'теплопостачання',
  'водопостачання',
  'водовідведення',
  'вивезення відходів',
  'утримання будинку',
];

export const utilities: readonly DatasetData[] = [
  {
    name: 'utility-tariffs',
    publisher: 'zhkh',
    title: 'Тарифи на комунальні послуги',
    notes: 'Чинні та попередні тарифи: послуга, ціна за одиницю, рішення.',
    themes: ['econ', 'ener', 'soci'],
    tags: ['тарифи', 'комунальні послуги'],
    frequency: 'immediately after making changes',
    obligation: '835/61',
    files: oneFile(
      'Тарифи',
      140,
      () => ({
        fileName: 'tariffs.csv',
        rows: times(40, (n) => ({
          type: services[n % 5],
          text: 'Рішення виконкому',
        })),
      }),
      '835/61/tariffs',
    ),
  },
  {
    name: 'consumption',
    publisher: 'zhkh',
    title: 'Споживання ресурсів у закладах',
    notes: 'Показники лічильників бюджетних закладів: електрика, вода, тепло.',
    themes: ['ener', 'envi'],
    tags: ['споживання', 'лічильники', 'енергоефективність'],
    frequency: 'once a month',
    obligation: '835/47',
    highValue: 'http://data.europa.eu/bna/c_dd313021',
    files: oneFile(
      'Показники',
      18,
      (today) => ({
        fileName: 'resources.csv',
        rows: times(1_200, (n) => ({
          date: dayBefore(today, 18 + 30 * Math.floor(n / 100)),
          organizationName: `Заклад № ${1 + (n % 50)} (демо)`,
          type: n % 2 ? 'електрична енергія' : 'вода',
          quantity: Math.round((200 + noise(101, n) * 4_000) * 10) / 10,
          unitName: n % 2 ? 'кВт·год' : 'м³',
        })),
      }),
      '835/47/resources',
    ),
  },
  {
    name: 'outages',
    publisher: 'zhkh',
    title: 'Планові відключення',
    notes: 'Оголошені роботи на мережах: послуга, вулиця, початок і кінець.',
    themes: ['ener', 'soci'],
    tags: ['відключення', 'вода', 'тепло', 'світло'],
    frequency: 'once a day',
    files: oneFile('Відключення', 1, (today) => ({
      fileName: 'outages.json',
      rows: times(160, (n) => ({
        послуга: pick(['вода', 'тепло', 'світло', 'газ'], 102, n),
        вулиця: place(n).street,
        початок: `${dayBefore(today, 30 - (n % 33))} 08:00:00`,
        кінець: `${dayBefore(today, 30 - (n % 33))} ${10 + (n % 9)}:00:00`,
        причина: pick(['профілактичний ремонт', 'заміна засувки', 'перевірка мережі'], 103, n),
      })),
    })),
  },
  {
    name: 'shelters',
    publisher: 'zhkh',
    title: 'Захисні споруди',
    notes: 'Укриття: вид, адреса, балансоутримувач, місткість. Місця й особи вигадані.',
    themes: ['just', 'soci'],
    tags: ['укриття', 'безпека'],
    frequency: 'once a quarter',
    obligation: '835/72',
    files: oneFile(
      'Укриття',
      33,
      () => ({
        fileName: 'shelters.csv',
        rows: times(320, (n) => ({
          type: pick(['сховище', 'протирадіаційне укриття', 'найпростіше укриття'], 104, n),
          ownershipForm: 'комунальна',
          purpose: `укриття на ${between(40, 600, 105, n)} осіб`,
        })),
      }),
      '835/72/shelters',
    ),
  },
  {
    name: 'playgrounds',
    publisher: 'zhkh',
    title: 'Дитячі та спортивні майданчики',
    notes: 'Майданчики: вид, обладнання, площа, рік.',
    themes: ['soci', 'educ'],
    tags: ['майданчики', 'діти', 'спорт'],
    frequency: 'once a year',
    obligation: '835/68',
    files: oneFile(
      'Майданчики',
      240,
      () => ({
        fileName: 'playgrounds.csv',
        rows: times(280, (n) => ({
          type: n % 3 ? 'дитячий' : 'спортивний',
          elements: pick(['гойдалка; гірка', 'турнік; бруси', 'пісочниця; гірка; лави'], 106, n),
          area: between(40, 700, 107, n),
        })),
      }),
      '835/68/playgrounds',
    ),
  },
  {
    name: 'public-toilets',
    publisher: 'zhkh',
    title: 'Громадські вбиральні',
    notes: 'Розташування, години роботи, ціна, доступність.',
    themes: ['soci', 'heal'],
    tags: ['вбиральні', 'доступність'],
    frequency: 'once a year',
    obligation: '835/54',
    files: oneFile(
      'Вбиральні',
      180,
      () => ({
        fileName: 'toilets.csv',
        rows: times(38, (n) => ({
          type: 'стаціонарна',
          price: n % 3 ? 10 : 0,
          paymentType: n % 3 ? 'готівка' : 'безоплатно',
        })),
      }),
      '835/54/publicToilets',
    ),
  },
  {
    name: 'dog-areas',
    publisher: 'zhkh',
    title: 'Зони для вигулу тварин',
    notes: 'Площадки для вигулу домашніх тварин та їхнє облаштування.',
    themes: ['soci', 'envi'],
    tags: ['тварини', 'майданчики'],
    frequency: 'once a year',
    obligation: '835/70',
    files: oneFile(
      'Зони',
      150,
      () => ({
        fileName: 'dogs.csv',
        rows: times(26, (n) => ({ label: `Зона вигулу № ${n + 1} (демо)`, area: between(90, 900, 108, n) })),
      }),
      '835/70/animalPlaygrounds',
    ),
  },
];
