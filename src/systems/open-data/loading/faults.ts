import { Refusal } from '#platform/errors.ts';
import { type Language, messages } from '#platform/i18n/index.ts';

export type LoadFaultKind =
  | 'empty'
  | 'encoding-mixed'
  | 'encoding-unknown'
  | 'no-table'
  | 'too-wide'
  | 'too-many-rows'
  | 'too-large'
  | 'archive-broken'
  | 'archive-bomb'
  | 'archive-choose'
  | 'archive-no-table'
  | 'sheet-choose'
  | 'password'
  | 'workbook-broken'
  | 'doctype'
  | 'json-broken'
  | 'json-no-table'
  | 'unknown-format'
  | 'file-gone'
  | 'interrupted'
  | 'cancelled';

/** A file that cannot become a table at all; the version before it stays. `detail` holds what the sentence speaks of. */
export class LoadFault extends Refusal {
  override name = 'LoadFault';
  readonly kind: LoadFaultKind;
  constructor(kind: LoadFaultKind, detail: Readonly<Record<string, unknown>> = {}) {
    super(422, `load-${kind}`, sayLoadFault('en', kind, detail), detail);
    this.kind = kind;
  }
}

/** What is wrong and what to do about it, for the publisher. */
export function sayLoadFault(
  language: Language,
  kind: LoadFaultKind,
  detail: Readonly<Record<string, unknown>>,
): string {
  return text(language)[kind].replace(/\{(\w+)\}/g, (_, name) => {
    const value = detail[name];
    return Array.isArray(value) ? value.join(', ') : String(value ?? '');
  });
}

const text = messages(
  {
    empty: 'Файл порожній: у ньому 0 байтів або лише пробіли. Перевірте, чи збережено таблицю.',
    'encoding-mixed':
      'У файлі змішано два кодування: з байта {offset} воно інше, ніж досі. Збережіть файл заново в UTF-8.',
    'encoding-unknown':
      'Не вдалося розпізнати кодування: це не схоже на текст. Збережіть таблицю як CSV UTF-8.',
    'no-table': 'У файлі не знайдено таблиці: потрібні рядок заголовків і хоча б один стовпець.',
    'too-wide': 'У таблиці понад {limit} стовпців.',
    'too-many-rows': 'У таблиці понад {limit} рядків.',
    'too-large': 'Файл або його вміст більший за {limit} байтів.',
    'archive-broken': 'Архів пошкоджений, його не вдалося відкрити.',
    'archive-bomb': 'Архів розпаковується в занадто великий обсяг або має забагато файлів. Його не відкрито.',
    'archive-choose': 'В архіві кілька таблиць: {names}. Оберіть одну.',
    'archive-no-table': 'В архіві немає таблиці, яку ми вміємо читати.',
    'sheet-choose': 'Аркуша з такою назвою немає. Є: {names}.',
    password: 'Файл захищено паролем. Зніміть пароль і завантажте файл знову.',
    'workbook-broken': 'Книгу не вдалося прочитати: файл пошкоджений. Збережіть його заново.',
    doctype: 'Файл містить опис типу документа (DTD). Такі файли ми не відкриваємо.',
    'json-broken': 'JSON пошкоджений біля символу {offset}.',
    'json-no-table': 'У JSON немає масиву об’єктів, з якого можна скласти таблицю.',
    'unknown-format': 'Цей вид файлу не можна прочитати як таблицю. Він зберігається лише для завантаження.',
    'file-gone': 'Файлу вже немає у сховищі. Надішліть його ще раз.',
    interrupted:
      'Опрацювання кілька разів обірвалося, тож його спинено. Надішліть файл ще раз або поділіть його на менші.',
    cancelled: 'Завантаження скасовано. Надішліть файл знову, якщо він потрібен.',
  },
  {
    en: {
      empty: 'The file is empty: it has 0 bytes or only spaces. Check that the table was saved.',
      'encoding-mixed':
        'The file mixes two encodings: from byte {offset} on it is another one. Save the file again as UTF-8.',
      'encoding-unknown':
        'The encoding could not be recognised: this does not look like text. Save the table as CSV UTF-8.',
      'no-table': 'There is no table in the file: it needs a header row and at least one column.',
      'too-wide': 'The table has more than {limit} columns.',
      'too-many-rows': 'The table has more than {limit} rows.',
      'too-large': 'The file or its content is larger than {limit} bytes.',
      'archive-broken': 'The archive is damaged and could not be opened.',
      'archive-bomb': 'The archive unfolds to too much, or lists too many files. It was not opened.',
      'archive-choose': 'There are several tables in the archive: {names}. Choose one.',
      'archive-no-table': 'There is no table in the archive that we can read.',
      'sheet-choose': 'There is no sheet of that name. There are: {names}.',
      password: 'The file is protected by a password. Remove it and upload the file again.',
      'workbook-broken': 'The workbook could not be read: the file is damaged. Save it again.',
      doctype: 'The file has a document type declaration (DTD). We do not open such files.',
      'json-broken': 'The JSON is broken near character {offset}.',
      'json-no-table': 'There is no array of objects in the JSON from which a table could be made.',
      'unknown-format': 'This kind of file cannot be read as a table. It is only kept for download.',
      'file-gone': 'The file is not in the store any more. Send it again.',
      interrupted:
        'Reading it broke off several times, so it was stopped. Send the file again, or split it into smaller ones.',
      cancelled: 'The load was cancelled. Send the file again if it is needed.',
    },
  },
);
