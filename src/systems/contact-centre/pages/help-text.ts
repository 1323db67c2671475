import { messages } from '#platform/i18n/index.ts';

/** Words of the pages with answers to what people ask. */
export const helpText = messages(
  {
    title: 'Відповіді на запитання',
    lead: 'Найчастіші запитання до контакт-центру. Можливо, заявка й не знадобиться.',
    search: 'Що вас цікавить?',
    found: (count: string) => `Знайдено відповідей: ${count}`,
    best: (count: number) => `Показано не більше ніж ${count} найближчих.`,
    nothing: 'Такої відповіді ще немає',
    nothingWhat: 'Спробуйте інші слова, або запитайте нас.',
    report: 'Повідомити про проблему',
    call: (phone: string) => `Зателефонуйте: ${phone}`,
    changed: 'Оновлено',
    still: 'Не допомогло?',
    stillWhat: 'Подайте заявку або поставте запитання оператору.',
    all: 'Усі відповіді',
  },
  {
    en: {
      title: 'Answers to questions',
      lead: 'What the contact centre is asked most. Perhaps you need no report at all.',
      search: 'What would you like to know?',
      found: (count) => `Answers found: ${count}`,
      best: (count) => `At most the ${count} closest are shown.`,
      nothing: 'No such answer yet',
      nothingWhat: 'Try other words, or ask us.',
      report: 'Report a problem',
      call: (phone) => `Call ${phone}`,
      changed: 'Updated',
      still: 'Did it not help?',
      stillWhat: 'Send a report or ask an operator.',
      all: 'All answers',
    },
  },
);
