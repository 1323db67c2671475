import type { Text } from '#platform/i18n/index.ts';

/** One version of how the league table is computed; an old one is never edited. */
export interface Methodology {
  readonly version: number;
  /** First day on which figures were computed by it, YYYY-MM-DD. */
  readonly since: string;
  /** What is different from the version before. */
  readonly changed: Text;
  readonly rules: readonly Text[];
}

const first: readonly Text[] = [
  {
    uk: 'Місце визначає нижня межа 95-відсоткового інтервалу Вілсона для частки «підтверджено вчасно» серед заявок зі строком. Менше ніж 30 таких заявок: без місця.',
    en: 'The rank follows the lower bound of the 95% Wilson interval of “confirmed on time” among requests with a term. Below 30 such requests there is no rank.',
  },
  {
    uk: 'Вчасно: останнє повідомлення про виконання надійшло до строку. Відкрита заявка з минулим строком вважається простроченою.',
    en: 'On time: the last claim came before the term. An open request past its term is late.',
  },
  {
    uk: 'Правдивість: підтверджені, поділені на підтверджені та повернуті разом.',
    en: 'Truthfulness: confirmed divided by confirmed and sent back together.',
  },
  {
    uk: 'Закрито: підтверджені й закриті без підтвердження за цей час; частки беруться від них.',
    en: 'Closed: confirmed and closed without confirmation in this time; the shares are taken of these.',
  },
  {
    uk: 'Зі строком: закриті за цей час, що мали строк, і ті, що наприкінці були відкриті з минулим строком.',
    en: 'With a term: closed in this time and having had a term, and those open at its end with the term past.',
  },
  {
    uk: 'Оцінка: середнє з оцінок від 1 до 5, n – скільки їх. Медіана: від реєстрації до останнього повідомлення про виконання, у годинах і як частка строку.',
    en: 'Grade: the mean of grades from 1 to 5, n is how many there are. Median: from registration to the last claim, in hours and as a share of the term.',
  },
  {
    uk: 'Закриття без підтвердження не вважається успіхом. Приєднані заявки рахуються один раз, із головною.',
    en: 'Closing without confirmation is no success. Joined requests count once, with the leading one.',
  },
];

/** The newest first: figures are computed by it. */
export const methodologies: readonly Methodology[] = [
  {
    version: 2,
    since: '2026-11-24',
    changed: {
      uk: 'Додано частку повідомлень про виконання, про які справді запитали заявників.',
      en: 'Added the share of claims about which reporters were really asked.',
    },
    rules: [
      ...first,
      {
        uk: 'Запитано: частка повідомлень про виконання, після яких хоч одному заявникові доставлено запитання або його додзвонилися. Оцінки й підтвердження варто читати разом із нею.',
        en: 'Asked: the share of claims after which at least one reporter got the question or was reached by telephone. Read grades and confirmations together with it.',
      },
    ],
  },
  {
    version: 1,
    since: '2026-09-01',
    changed: { uk: 'Перша методика.', en: 'The first methodology.' },
    rules: first,
  },
];
