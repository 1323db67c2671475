import { typeWords } from '../loading/cell-errors.ts';
import type { TableSchema } from './table-schema.ts';
import { packWorkbook } from './workbook-writer.ts';

/** An empty table of a schema as CSV: its header, with the mark by which spreadsheets know UTF-8. */
export function csvTemplate({ columns }: TableSchema): string {
  return `\ufeff${columns.map(({ id }) => (/[",\r\n]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id)).join(',')}\r\n`;
}

/** An empty table of a schema as XLSX: the sheet to fill, and a hidden one that says what stands in each column. */
export function xlsxTemplate({ columns }: TableSchema): Buffer {
  return packWorkbook([
    { name: 'Дані', rows: [columns.map(({ id }) => id)] },
    {
      name: 'Опис',
      hidden: true,
      rows: [
        ['Стовпець', 'Тип', 'Обов’язковий'],
        ...columns.map(({ id, type, required }) => [id, typeWords[type], required ? 'так' : 'ні']),
      ],
    },
  ]);
}
