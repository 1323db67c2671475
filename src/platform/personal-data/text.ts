import { messages } from '../i18n/index.ts';

export const dataText = messages(
  {
    title: 'Мої дані',
    lead: 'Що місто про вас зберігає і хто це переглядав.',
    viewers: 'Хто переглядав мої дані',
    nobody: 'Ваші дані ніхто не переглядав',
    when: 'Коли',
    who: 'Хто',
    purpose: 'Навіщо',
    what: 'Що саме',
    emergency: 'екстрений доступ',
    older: 'Раніші',
    download: 'Завантажити всі мої дані',
    downloadLead:
      'Один архів: сторінка для читання, JSON для програм, усі ваші файли та повний журнал переглядів. Посилання діє сім днів і лише для вас; у ньому завжди найсвіжіше.',
    makeLink: 'Отримати посилання',
    archive: (when: string) => `Завантажити архів (посилання від ${when})`,
    until: (when: string) => `діє до ${when}`,
    unknown: 'працівник',
    erase: 'Видалити мої дані',
    eraseLead: 'Разом з обліковим записом. Що закон велить зберігати, лишиться, і ви про це дізнаєтеся.',
  },
  {
    en: {
      title: 'My data',
      lead: 'What the city keeps about you and who has looked at it.',
      viewers: 'Who looked at my data',
      nobody: 'Nobody has looked at your data',
      when: 'When',
      who: 'Who',
      purpose: 'What for',
      what: 'What',
      emergency: 'emergency access',
      older: 'Older',
      download: 'Download all my data',
      downloadLead:
        'One archive: a page to read, JSON for programs, all your files and the whole log of looks. The link works for seven days, for you alone, and always gives the newest.',
      makeLink: 'Get a link',
      archive: (when) => `Download the archive (link of ${when})`,
      until: (when) => `works until ${when}`,
      unknown: 'staff member',
      erase: 'Erase my data',
      eraseLead: 'Together with the account. What the law tells to keep stays, and you are told.',
    },
  },
);
