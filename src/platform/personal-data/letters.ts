import { defineTemplate } from '../notify/index.ts';

/** Said to who asked for an erasure that the law does not allow. */
export const erasureRefused = defineTemplate<{ why: string }>('personal-data.erasure-refused', 1, {
  uk: ({ why }) => ({
    subject: 'Ваші дані не видалено',
    lines: [
      'Ми розглянули ваше прохання видалити персональні дані й не можемо його виконати.',
      `Підстава: ${why}`,
      'Рішення можна оскаржити Уповноваженому Верховної Ради України з прав людини або до суду.',
    ],
    href: '/cabinet/data/erasure',
  }),
  en: ({ why }) => ({
    subject: 'Your data was not erased',
    lines: [
      'We looked at your wish to have your personal data erased and cannot meet it.',
      `Ground: ${why}`,
      'You may appeal to the Ukrainian Parliament Commissioner for Human Rights or to a court.',
    ],
    href: '/cabinet/data/erasure',
  }),
});

/** Said to who asked why somebody looked at their data. The answer itself stands in the cabinet alone. */
export const questionAnswered = defineTemplate<{ id: string }>('personal-data.question-answered', 1, {
  uk: ({ id }) => ({
    subject: 'Відповідь про перегляд ваших даних',
    lines: ['Відповідальна особа відповіла на ваше запитання. Відповідь чекає в кабінеті.'],
    href: `/cabinet/data/questions/${id}`,
  }),
  en: ({ id }) => ({
    subject: 'An answer about a look at your data',
    lines: ['The privacy officer has answered your question. The answer waits in your account.'],
    href: `/cabinet/data/questions/${id}`,
  }),
});
