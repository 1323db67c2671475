import { type Language, messages } from '#platform/i18n/index.ts';

const words = messages(
  {
    dueList: 'Час оновити',
    dueLead: 'Обіцяний строк минув або ось-ось мине. Завантажте новий файл або підтвердьте, що змін немає.',
    next: 'Завантажити за наступний період',
    unchanged: 'Змін немає',
    unchangedOf: (title: string) => `Змін немає: ${title}`,
    promise: 'Обіцянка оновлення',
    until: (day: string) => `Наступне оновлення обіцяно до ${day}.`,
    was: (day: string) => `Оновлення обіцяли до ${day}.`,
    none: 'Строку оновлення немає: він зʼявиться, коли набір матиме частоту і перші дані.',
    what: 'Якщо дані ті самі, не завантажуйте їх знову: підтвердьте одним натиском, і строк відлічиться від сьогодні.',
    confirmed: (day: string) => `Підтверджено. Наступний строк: ${day}.`,
    more: (count: string) => `І ще ${count} у списку нижче.`,
  },
  {
    en: {
      dueList: 'Time to update',
      dueLead:
        'The promised date has passed or is near. Upload the new file, or confirm that nothing has changed.',
      next: 'Upload the next period',
      unchanged: 'No changes',
      unchangedOf: (title) => `No changes: ${title}`,
      promise: 'Promise to update',
      until: (day) => `The next update is promised by ${day}.`,
      was: (day) => `The update was promised by ${day}.`,
      none: 'There is no date yet: it appears when the dataset has a frequency and its first data.',
      what: 'If the data are the same, do not upload them again: confirm it with one press, and the period counts from today.',
      confirmed: (day) => `Confirmed. The next date: ${day}.`,
      more: (count) => `And ${count} more in the list below.`,
    },
  },
);

export const promiseText = (language: Language) => words(language);
