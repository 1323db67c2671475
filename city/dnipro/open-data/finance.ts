import { between, type DatasetData, dayBefore, noise, oneFile, times } from './tables.ts';

const programmes = [
  'Загальна середня освіта',
  'Дошкільна освіта',
  'Первинна медична допомога',
  'Утримання доріг',
  'Благоустрій міста',
  'Міський електротранспорт',
  'Соціальний захист',
  'Культура і мистецтво',
  'Фізична культура і спорт',
  'Житлове господарство',
];

/** Spending until a month of the year, as an accountant writes it down. */
function execution(month: number) {
  return () => ({
    fileName: 'vydatky.csv',
    rows: times(120, (n) => {
      const planned = Math.round((400 + noise(61, n) * 9_000) * 1000) / 10;
      return {
        КПКВК: `061${String(1000 + n).padStart(4, '0')}`,
        програма: `${programmes[n % programmes.length]} (${1 + Math.floor(n / 10)})`,
        план: planned,
        виконано: Math.round(planned * (month / 12) * (0.75 + noise(62, n) / 3) * 100) / 100,
      };
    }),
    mess: {
      encoding: 'windows-1251',
      delimiter: ';',
      decimal: ',',
      head: [
        [`Виконання бюджету за ${month} міс. (демонстраційні дані)`, '', '', ''],
        ['Код', 'Програма', 'Видатки, тис. грн', ''],
        ['КПКВК', 'назва', 'план', 'виконано'],
      ],
      foot: [['Всього', '', 5_412_000.5, 2_871_330.2]],
    } as const,
  });
}

export const finance: readonly DatasetData[] = [
  {
    name: 'budget-execution',
    publisher: 'budzhet',
    title: 'Виконання бюджету міста',
    notes:
      'Видатки за програмами: план і виконання з початку року. Кожен місяць — нова версія; файли у windows-1251 з десятковою комою та рядком «Всього».',
    themes: ['econ', 'gove'],
    tags: ['бюджет', 'видатки', 'фінанси'],
    frequency: 'once a month',
    first: true,
    files: [
      {
        title: 'Видатки за програмами',
        versions: [
          { daysAgo: 75, note: 'За 8 місяців', table: execution(8) },
          { daysAgo: 45, note: 'За 9 місяців', table: execution(9) },
          { daysAgo: 15, note: 'За 10 місяців', table: execution(10) },
        ],
      },
    ],
  },
  {
    name: 'budget-2024',
    publisher: 'budzhet',
    title: 'Бюджет 2024 року',
    notes: 'Затверджений бюджет минулих років; зберігається для порівняння.',
    themes: ['econ'],
    tags: ['бюджет', 'архів'],
    frequency: 'unscheduled',
    state: 'archived',
    files: oneFile('Бюджет', 690, () => ({
      fileName: 'budget-2024.csv',
      rows: programmes.map((name, n) => ({ програма: name, сума_тис_грн: between(5_000, 900_000, 63, n) })),
    })),
  },
  {
    name: 'local-programmes',
    publisher: 'budzhet',
    title: 'Цільові місцеві програми',
    notes: 'Перелік програм: строк дії, виконавець, рішення.',
    themes: ['gove', 'econ'],
    tags: ['програми', 'бюджет'],
    frequency: 'once a half year',
    obligation: '835/62',
    files: oneFile(
      'Програми',
      210,
      () => ({
        fileName: 'programs.csv',
        rows: times(34, (n) => ({
          title: `Програма «${programmes[n % programmes.length]}» на 2025–2027 роки (демо)`,
        })),
      }),
      '835/62/programs',
    ),
  },
  {
    name: 'charity',
    publisher: 'budzhet',
    title: 'Благодійна допомога закладам',
    notes: 'Надходження і використання благодійної допомоги; благодійники — установи.',
    themes: ['econ', 'soci'],
    tags: ['благодійність', 'заклади'],
    frequency: 'once a quarter',
    obligation: '835/48',
    files: oneFile(
      'Допомога',
      65,
      () => ({
        fileName: 'donations.csv',
        rows: times(90, (n) => ({
          donationTitle: n % 2 ? 'комп’ютерна техніка' : 'меблі',
          donationPurpose: 'для навчального процесу',
          donationQuantity: between(1, 30, 64, n),
          implementerAddressAdminUnitL1: 'Україна',
          usageStatus: 'використано',
        })),
      }),
      '835/48/donations',
    ),
  },
  {
    name: 'tax-receipts',
    publisher: 'budzhet',
    title: 'Надходження місцевих податків',
    notes:
      'Надходження за видами податків і місяцями. Обіцяно щомісяця, а останнє оновлення — понад два місяці тому.',
    themes: ['econ'],
    tags: ['податки', 'бюджет'],
    frequency: 'once a month',
    first: true,
    files: oneFile('Надходження', 75, (today) => ({
      fileName: 'taxes.csv',
      rows: times(120, (n) => ({
        місяць: `${dayBefore(today, 100 + 30 * Math.floor(n / 5)).slice(0, 7)}-01`,
        податок: [
          'ПДФО',
          'земельний податок',
          'єдиний податок',
          'туристичний збір',
          'податок на нерухомість',
        ][n % 5],
        тис_грн: Math.round(5_000 + noise(65, n) * 90_000),
      })),
    })),
  },
];
