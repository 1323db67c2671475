import { messages } from '#platform/i18n/index.ts';
import type { RowFault } from './csv.ts';

/** What may be wrong with a file or a row of it. */
export const importText = messages(
  {
    empty: 'У файлі немає жодного рядка з даними',
    tooMany: (n: number) => `У файлі понад ${n} рядків: поділіть його на частини`,
    needKey: 'Оберіть стовпець із кодом: за ним рядок знаходить свій запис',
    twice: (line: string) => `Цей код уже є в рядку ${line}`,
    faults: {
      quote: 'Лапки не закрито',
      cells: 'Інша кількість стовпців, ніж у заголовку',
      long: 'Рядок задовгий; можливо, не закрито лапки',
      geometry: 'Немає межі: потрібен Polygon або MultiPolygon',
      json: 'Об’єкт не читається як GeoJSON',
    } as Readonly<Record<RowFault, string>>,
  },
  {
    en: {
      empty: 'The file has no row of data',
      tooMany: (n) => `The file has more than ${n} rows: split it`,
      needKey: 'Choose the column with the code: by it a row finds its record',
      twice: (line) => `Line ${line} already has this code`,
      faults: {
        quote: 'A quotation mark is not closed',
        cells: 'Another number of columns than in the head',
        long: 'The row is too long; perhaps a quotation mark is not closed',
        geometry: 'There is no boundary: a Polygon or MultiPolygon is needed',
        json: 'The feature cannot be read as GeoJSON',
      },
    },
  },
);
