import { between, type DatasetData, dayBefore, oneFile, pick, times } from './tables.ts';
import { demoPerson } from './usual-cells.ts';

const questions = [
  'Про бюджет міста',
  'Про землю',
  'Про найменування вулиць',
  'Про тарифи',
  'Про оренду майна',
];
const motion = (n: number) => `${questions[n % questions.length]} (демо, № ${n + 1})`;
const parties = ['Фракція «Міст»', 'Фракція «Набережна»', 'Фракція «Степ»', 'Позафракційні'];

export const council: readonly DatasetData[] = [
  {
    name: 'council-votes',
    publisher: 'rada',
    title: 'Поіменні голосування депутатів',
    notes: 'Результати голосувань кожного депутата. Депутати вигадані.',
    themes: ['gove', 'just'],
    tags: ['голосування', 'депутати', 'рада'],
    frequency: 'once a month',
    obligation: '835/29',
    files: [
      ...oneFile(
        'Сесії',
        29,
        () => ({
          fileName: 'sessions.csv',
          rows: times(12, (n) => ({ label: `Сесія ${n + 1}`, convocationUid: 'демо-VIII' })),
        }),
        '835/29/sessions',
      ),
      ...oneFile(
        'Питання',
        29,
        () => ({
          fileName: 'motions.csv',
          rows: times(60, (n) => ({
            sessionUid: `demo-${1 + (n % 12)}`,
            votingIdentifier: `Г-${n + 1}`,
            title: motion(n),
            number: n + 1,
            classification: 'рішення',
          })),
        }),
        '835/29/motions',
      ),
      ...oneFile(
        'Голоси',
        29,
        () => ({
          fileName: 'votings.csv',
          rows: times(60 * 64, (n) => ({
            motionUid: `demo-${1 + Math.floor(n / 64)}`,
            voterId: `Д-${1 + (n % 64)}`,
            voterName: `${demoPerson(n % 64)} ${1 + (n % 64)}`,
            motionTitle: motion(Math.floor(n / 64)),
            result: pick(['за', 'за', 'за', 'проти', 'утримався', 'не голосував'], 131, n),
          })),
        }),
        '835/29/votings',
      ),
    ],
  },
  {
    name: 'deputies',
    publisher: 'rada',
    title: 'Депутати міської ради',
    notes: 'Депутати, фракції, комісії, прийом громадян. Усі люди вигадані.',
    themes: ['gove'],
    tags: ['депутати', 'рада'],
    frequency: 'once a half year',
    obligation: '835/30',
    files: oneFile(
      'Депутати',
      190,
      () => ({
        fileName: 'deputies.csv',
        rows: times(64, (n) => ({
          familyName: demoPerson(n).split(' ')[0],
          name: demoPerson(n).split(' ')[1],
          additionalName: 'Зоряний',
          gender: n % 2,
          birthDate: `${1960 + (n % 38)}-0${1 + (n % 9)}-1${n % 9}`,
          biography: 'Вигаданий депутат демо-міста.',
          partyName: `Партія «Демо-${1 + (n % 4)}»`,
          factionName: parties[n % 4],
        })),
      }),
      '835/30/deputies',
    ),
  },
  {
    name: 'legal-acts',
    publisher: 'rada',
    title: 'Рішення ради та виконкому',
    notes: 'Ухвалені акти: вид, назва, дата, номер, чинність.',
    themes: ['gove', 'just'],
    tags: ['рішення', 'нормативні акти'],
    frequency: 'once a week',
    obligation: '835/9',
    files: oneFile(
      'Акти',
      7,
      (today) => ({
        fileName: 'acts.csv',
        rows: times(400, (n) => ({
          type: n % 3 ? 'рішення' : 'розпорядження',
          title: motion(n),
          acceptedDate: dayBefore(today, 9 + n),
          issuedDate: dayBefore(today, 8 + n),
          validFrom: dayBefore(today, 7 + n),
          text: 'Повний текст — за посиланням.',
        })),
      }),
      '835/9/legalActs',
    ),
  },
  {
    name: 'petitions',
    publisher: 'rada',
    title: 'Електронні петиції',
    notes: 'Петиції: назва, кількість голосів, стан, відповідь. Автори — вигадані.',
    themes: ['gove', 'soci'],
    tags: ['петиції', 'участь'],
    frequency: 'once a month',
    obligation: '835/34',
    files: oneFile(
      'Петиції',
      13,
      () => ({
        fileName: 'petitions.csv',
        rows: times(150, (n) => ({
          title: pick(
            ['Більше дерев на вулиці', 'Велодоріжка до парку', 'Ремонт зупинки', 'Тихі ночі біля лікарні'],
            132,
            n,
          ),
          count: between(3, 4_000, 133, n),
          status: n % 5 ? 'триває збір' : 'на розгляді',
        })),
      }),
      '835/34/petitions',
    ),
  },
  {
    name: 'participatory-budget',
    publisher: 'rada',
    title: 'Громадський бюджет: проєкти',
    notes: 'Подані проєкти, голоси, кошторис план і факт.',
    themes: ['gove', 'econ'],
    tags: ['громадський бюджет', 'участь', 'проєкти'],
    frequency: 'once a year',
    obligation: '835/35',
    files: oneFile(
      'Проєкти',
      250,
      () => ({
        fileName: 'projects.csv',
        rows: times(110, (n) => ({
          title: `Проєкт № ${n + 1}: ${pick(['дитячий майданчик', 'сквер', 'вуличні тренажери', 'освітлення'], 134, n)}`,
          description: 'Опис проєкту',
          text: 'Текст проєкту',
          count: between(20, 3_000, 135, n),
          budgetPlan: between(50_000, 900_000, 136, n),
        })),
      }),
      '835/35/projects',
    ),
  },
  {
    name: 'public-hearings',
    publisher: 'rada',
    title: 'Громадські слухання',
    notes: 'Перелік слухань на рік; набір чекає на перевірку відповідальною особою.',
    themes: ['gove'],
    tags: ['слухання', 'участь'],
    frequency: 'once a year',
    state: 'review',
    files: oneFile('Слухання', 3, (today) => ({
      fileName: 'hearings.csv',
      rows: times(15, (n) => ({
        тема: motion(n),
        дата: dayBefore(today, -10 - n),
        учасників: between(10, 200, 137, n),
      })),
    })),
  },
];
