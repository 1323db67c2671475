import { between, type DatasetData, dayBefore, noise, oneFile, pick, place, times } from './tables.ts';
import { demoPerson } from './usual-cells.ts';

/** РНОКПП of nobody: they begin with 9. */
function demoTaxNumber(n: number): string {
  const digits = `9${String(10_000_000 + n * 7_919).padStart(8, '0')}`;
  const sum = [-1, 5, 7, 9, 4, 6, 10, 5, 7].reduce((all, weight, at) => all + weight * Number(digits[at]), 0);
  return digits + ((((sum % 11) + 11) % 11) % 10);
}

export const society: readonly DatasetData[] = [
  {
    name: 'medicines',
    publisher: 'zdorovia',
    title: 'Залишки лікарських засобів',
    notes: 'Ліки за кошти бюджету в закладах: назва, кількість, строк придатності.',
    themes: ['heal'],
    tags: ['ліки', 'лікарні', 'медицина'],
    frequency: 'once a week',
    obligation: '835/28',
    files: oneFile(
      'Залишки',
      6,
      (today) => ({
        fileName: 'remains.csv',
        rows: times(500, (n) => ({
          name: `Лікарський засіб № ${1 + (n % 90)} (демо)`,
          type: pick(['таблетки', 'ампули', 'сироп'], 111, n),
          quantity: between(0, 900, 112, n),
          unitName: 'уп.',
          dateModified: dayBefore(today, 6),
          organizationName: `Лікарня № ${1 + (n % 12)} (демо)`,
          sourceType: 'місцевий бюджет',
        })),
      }),
      '835/28/remains',
    ),
  },
  {
    name: 'medical-equipment',
    publisher: 'zdorovia',
    title: 'Медичне обладнання',
    notes: 'Обладнання закладів: виробник, рік, вартість, знос.',
    themes: ['heal', 'econ'],
    tags: ['обладнання', 'лікарні'],
    frequency: 'once a half year',
    obligation: '835/40',
    files: oneFile(
      'Обладнання',
      260,
      () => ({
        fileName: 'equipment.csv',
        rows: times(180, (n) => ({
          title: pick(['апарат УЗД', 'рентген', 'кардіограф', 'монітор пацієнта'], 113, n),
          model: `М-${100 + (n % 40)}`,
          yearMade: `${2008 + (n % 17)}-01-01`,
          quantity: 1,
          primaryAmountValue: between(40_000, 9_000_000, 114, n),
          serviceSubgroupTitle: 'Діагностичні послуги',
          serviceSubgroupId: 'Д-1',
        })),
      }),
      '835/40/equipment',
    ),
  },
  {
    name: 'volunteers',
    publisher: 'zdorovia',
    title: 'Волонтери пунктів обігріву',
    notes:
      'Скільки волонтерів чергує на пунктах. Наступний файл портал не пустив: у ньому були телефони та податкові номери людей (вигадані).',
    themes: ['soci', 'heal'],
    tags: ['волонтери', 'пункти обігріву'],
    frequency: 'once a month',
    first: true,
    files: [
      {
        title: 'Чергування',
        versions: [
          {
            daysAgo: 35,
            table: () => ({
              fileName: 'volunteers.csv',
              rows: times(30, (n) => ({
                пункт: `Пункт № ${n + 1} (демо)`,
                волонтерів: between(2, 14, 115, n),
              })),
            }),
          },
          {
            daysAgo: 4,
            table: () => ({
              fileName: 'volunteers.csv',
              rows: times(30, (n) => ({
                пункт: `Пункт № ${n + 1} (демо)`,
                волонтер: demoPerson(n),
                телефон: `+380 50 000 ${String(10 + (n % 80))} ${String(10 + n)}`,
                РНОКПП: demoTaxNumber(n),
              })),
            }),
          },
        ],
      },
    ],
  },
  {
    name: 'libraries',
    publisher: 'kultura',
    title: 'Бібліотеки',
    notes: 'Бібліотеки міста: фонд, читачі, години роботи.',
    themes: ['educ'],
    tags: ['бібліотеки', 'культура'],
    frequency: 'once a year',
    first: true,
    files: oneFile('Бібліотеки', 500, () => ({
      fileName: 'libraries.csv',
      rows: times(34, (n) => ({
        назва: `Бібліотека № ${n + 1} (демо)`,
        адреса: `${place(n * 13).street}, ${place(n * 13).house}`,
        примірників: between(4_000, 60_000, 116, n),
        читачів: between(300, 6_000, 117, n),
        lat: place(n * 13).lat,
        lon: place(n * 13).lon,
      })),
    })),
  },
  {
    name: 'events',
    publisher: 'kultura',
    title: 'Події у місті',
    notes: 'Концерти, виставки, спортивні змагання на місяць уперед.',
    themes: ['educ', 'soci'],
    tags: ['події', 'культура', 'спорт'],
    frequency: 'once a week',
    files: oneFile('Події', 5, (today) => ({
      fileName: 'events.ndjson',
      rows: times(140, (n) => ({
        подія: `${pick(['Концерт', 'Виставка', 'Забіг', 'Лекція'], 118, n)} № ${n + 1} (демо)`,
        дата: dayBefore(today, 5 - (n % 35)),
        місце: place(n * 19).street,
        вхід: n % 3 ? 'вільний' : 'за квитками',
        очікується: between(20, 3_000, 119, n),
      })),
    })),
  },
  {
    name: 'sport-sections',
    publisher: 'kultura',
    title: 'Спортивні секції',
    notes: 'Чернетка: пілотний набір, який ще збирають.',
    themes: ['educ'],
    tags: ['спорт', 'секції'],
    frequency: 'once a year',
    state: 'draft',
    files: oneFile('Секції', 8, () => ({
      fileName: 'sections.csv',
      rows: times(20, (n) => ({ секція: `Секція № ${n + 1} (демо)`, місць: between(8, 40, 120, n) })),
    })),
  },
  {
    name: 'admin-services',
    publisher: 'tsyfra',
    title: 'Надані адміністративні послуги',
    notes: 'Заяви в центрах послуг: послуга, вид заявника, дата, стан. Без імен.',
    themes: ['gove', 'soci'],
    tags: ['послуги', 'ЦНАП'],
    frequency: 'once a month',
    obligation: '835/38',
    files: oneFile(
      'Послуги',
      22,
      (today) => ({
        fileName: 'services.csv',
        rows: times(1_500, (n) => ({
          registrationDateTime: `${dayBefore(today, 22 + (n % 60))}T${String(8 + (n % 9)).padStart(2, '0')}:15:00`,
          title: pick(
            ['Реєстрація місця проживання', 'Видача паспорта', 'Реєстрація ФОП', 'Довідка про склад сім’ї'],
            121,
            n,
          ),
          applicantType: n % 5 ? 'фізична особа' : 'юридична особа',
          status: n % 8 ? 'надано' : 'відмовлено',
          amount: n % 4 ? 0 : 420,
        })),
      }),
      '835/38/services',
    ),
  },
  {
    name: 'information-systems',
    publisher: 'tsyfra',
    title: 'Системи обліку публічної інформації',
    notes: 'Інформаційні системи міської ради та види інформації в них.',
    themes: ['tech', 'gove'],
    tags: ['інформаційні системи', 'облік'],
    frequency: 'once a year',
    obligation: '835/16',
    files: oneFile(
      'Системи',
      310,
      () => ({
        fileName: 'systems.csv',
        rows: times(18, (n) => ({
          name: `Система № ${n + 1} (демо)`,
          softwareVersion: `${1 + (n % 5)}.${n % 9}`,
          informationTypes: 'реєстри; звіти',
        })),
      }),
      '835/16/publicInfoSystem',
    ),
  },
  {
    name: 'organisations',
    publisher: 'tsyfra',
    title: 'Довідник підприємств і установ міста',
    notes: 'Комунальні підприємства та установи: керівник, адреса, контакти. Усі вигадані.',
    themes: ['gove', 'econ'],
    tags: ['підприємства', 'установи', 'довідник'],
    frequency: 'once a half year',
    obligation: '835/2',
    highValue: 'http://data.europa.eu/bna/c_a9135398',
    files: oneFile(
      'Організації',
      66,
      () => ({
        fileName: 'organizations.csv',
        rows: times(120, (n) => ({
          name: `КП «Підприємство № ${n + 1}» (демо)`,
          description: pick(['житлове господарство', 'транспорт', 'освіта', 'охорона здоров’я'], 122, n),
          headPost: 'директор',
        })),
      }),
      '835/2/organizations',
    ),
  },
  {
    name: 'website-visits',
    publisher: 'tsyfra',
    title: 'Відвідування міського порталу',
    notes: 'Відвідувачі за добу та розділами, без адрес і облікових записів.',
    themes: ['tech'],
    tags: ['сайт', 'статистика'],
    frequency: 'once a day',
    files: oneFile('Відвідування', 1, (today) => ({
      fileName: 'visits.csv',
      rows: times(5 * 120, (n) => ({
        дата: dayBefore(today, 1 + Math.floor(n / 5)),
        розділ: ['новини', 'послуги', 'бюджет', 'транспорт', 'звернення'][n % 5],
        відвідувачів: Math.round(300 + noise(123, n) * 4_000),
      })),
    })),
  },
];
