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
    downloadLead: 'Один файл JSON з усім, що про вас зберігає кожна система міста.',
    unknown: 'працівник',
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
      downloadLead: 'One JSON file with everything each city system keeps about you.',
      unknown: 'staff member',
    },
  },
);
