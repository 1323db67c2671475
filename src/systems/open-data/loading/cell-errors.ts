import type { ColumnType } from './types.ts';

export type CellCode =
  | 'type'
  | 'required'
  | 'enum'
  | 'pattern'
  | 'range'
  | 'unique'
  | 'key-null'
  | 'foreign-key'
  | 'too-long'
  | 'encoding'
  | 'ragged'
  | 'formula-error'
  | 'identifier'
  | 'geo-outside-city'
  | 'date-future'
  | `personal-${string}`;

/** Codes that say by themselves what they mean; those of personal data say of whom. */
export type PlainCode = Exclude<CellCode, `personal-${string}`>;

/** What is wrong with one cell. */
export interface CellError {
  /** Row of the table, from 1; row of the file. */
  readonly row: number;
  readonly file_row: number;
  readonly column: string;
  /** Column of the file as a spreadsheet calls it. */
  readonly letter: string;
  readonly code: CellCode;
  readonly value: string | null;
  readonly expected: string;
  readonly hint_uk: string;
}

/** A, B … Z, AA … by the number of a column from 0. */
export function letterOf(column: number): string {
  let letters = '';
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26))
    letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters;
  return letters;
}

/** What stands in a column of a type, in words. */
export const typeWords: Readonly<Record<ColumnType, string>> = {
  integer: 'ціле число',
  numeric: 'число',
  date: 'дата РРРР-ММ-ДД або ДД.ММ.РРРР',
  timestamp: 'дата і час',
  boolean: 'так або ні',
  text: 'текст',
  list: 'перелік через «;»',
  json: 'JSON',
  time: 'час ГГ:ХХ',
  url: 'адреса сторінки',
};

/** What to do about a cell, in Ukrainian. */
export function hintOf(code: CellCode, type: ColumnType, expected: string): string {
  if (code.startsWith('personal-'))
    return 'Схоже на персональні дані. Приховайте або вилучіть стовпець чи поясніть, чому це не персональні дані.';
  switch (code as PlainCode) {
    case 'type':
      return type === 'date' || type === 'timestamp'
        ? 'Такої дати немає в календарі або її записано інакше. Перевірте день і місяць.'
        : `Тут має бути ${expected}. Виправте клітинку або змініть тип стовпця.`;
    case 'required':
      return 'Обов’язкове значення порожнє. Заповніть клітинку; якщо даних немає, напишіть null.';
    case 'enum':
      return `Такого значення немає в переліку. Можна: ${expected}.`;
    case 'pattern':
      return `Значення записано не за зразком: ${expected}.`;
    case 'range':
      return `Число поза межами: ${expected}.`;
    case 'unique':
      return 'Таке саме значення вже є в іншому рядку, а тут воно має бути єдиним.';
    case 'key-null':
      return 'Ключ рядка порожній. Кожен рядок повинен мати свій ідентифікатор.';
    case 'foreign-key':
      return `Такого значення немає в таблиці, на яку посилається стовпець: ${expected}.`;
    case 'too-long':
      return `Текст задовгий: ${expected}.`;
    case 'encoding':
      return 'У тексті є зіпсовані символи. Збережіть файл у UTF-8.';
    case 'ragged':
      return 'У рядку більше клітинок, ніж стовпців. Перевірте, чи немає зайвого роздільника або незакритих лапок.';
    case 'formula-error':
      return 'Формула в таблиці дала помилку. Виправте формулу або впишіть значення.';
    case 'identifier':
      return `Контрольна цифра або довжина коду не сходиться: ${expected}.`;
    case 'geo-outside-city':
      return 'Точка лежить далеко за межами міста. Перевірте, чи не переставлено широту й довготу.';
    case 'date-future':
      return 'Дата ще не настала.';
  }
}
