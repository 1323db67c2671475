import { typeWords } from '../loading/cell-errors.ts';
import type { TableSchema } from './table-schema.ts';
import { packZip } from './zip-writer.ts';

/** An empty table of a schema as CSV: its header, with the mark by which spreadsheets know UTF-8. */
export function csvTemplate({ columns }: TableSchema): string {
  return `\ufeff${columns.map(({ id }) => (/[",\r\n]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id)).join(',')}\r\n`;
}

/** An empty table of a schema as XLSX: the sheet to fill, and a hidden one that says what stands in each column. */
export function xlsxTemplate({ columns }: TableSchema): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const described = [
    ['Стовпець', 'Тип', 'Обов’язковий'],
    ...columns.map(({ id, type, required }) => [id, typeWords[type], required ? 'так' : 'ні']),
  ];
  const sheet = (rows: readonly (readonly string[])[]) =>
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="${main}"><sheetData>${rows
      .map(
        (cells) =>
          `<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`).join('')}</row>`,
      )
      .join('')}</sheetData></worksheet>`;
  const part = (name: string, type: string) =>
    `<Override PartName="${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
  return packZip({
    '[Content_Types].xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part('/xl/workbook.xml', 'sheet.main')}${part('/xl/worksheets/sheet1.xml', 'worksheet')}${part('/xl/worksheets/sheet2.xml', 'worksheet')}</Types>`,
    '_rels/.rels': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Дані" sheetId="1" r:id="rId1"/><sheet name="Опис" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': sheet([columns.map(({ id }) => id)]),
    'xl/worksheets/sheet2.xml': sheet(described),
  });
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
