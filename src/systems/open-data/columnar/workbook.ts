import { type Field, isNumber } from '../datastore/table.ts';
import { plainText } from './texts.ts';
import { type StreamedFile, zipStream } from './zip-stream.ts';

/** Rows of a sheet beside its header; Excel has no more. */
export const mostSheetRows = 1_048_575;
/** Cells that an archive without 64-bit sizes holds for sure. */
export const mostSheetCells = 40_000_000;
/** Excel keeps so many signs of a text. */
const longest = 32_767;

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** Styles of cells by their number: plain, a day, a moment, a header. */
const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/><numFmt numFmtId="165" formatCode="dd\\.mm\\.yyyy\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`;

/**
 * A row as XML of a sheet (SQL of DuckDB over rows `r`). Texts are texts, so nothing in them is a formula; whole numbers and decimals
 * that a double would change are texts too; days before 1900, which Excel does not know, as well.
 */
export function sheetRowText(fields: readonly Field[]): string {
  return `concat('<row>', ${[...fields.map(cellText), `'</row>'`].join(', ')})`;
}

function cellText(field: Field): string {
  const text = plainText(field, 'r');
  const asText = `'<c t="inlineStr"><is><t xml:space="preserve">' || ${xmlText(`left(${text}, ${longest})`)} || '</t></is></c>'`;
  const either = (condition: string, cell: string) =>
    `case when ${text} is null then '<c/>' when ${condition} then ${cell} else ${asText} end`;
  if (isNumber(field.type))
    return either(
      `length(ltrim(replace(${text}, '.', ''), '-0')) <= 15 and regexp_full_match(${text}, '-?[0-9.]+(e[+-]?[0-9]+)?')`,
      `'<c><v>' || ${text} || '</v></c>'`,
    );
  const value = `r."${field.id.replaceAll('"', '""')}"`;
  switch (field.type) {
    case 'bool':
      return `case when ${text} is null then '<c/>' else '<c t="b"><v>' || if(${value}, '1', '0') || '</v></c>' end`;
    case 'date':
      return either(
        `${value} >= date '1900-03-01' and ${value} < date '10000-01-01'`,
        `'<c s="1"><v>' || date_diff('day', date '1899-12-30', ${value}) || '</v></c>'`,
      );
    case 'timestamp':
      return either(
        `${value} >= timestamp '1900-03-01' and ${value} < timestamp '10000-01-01'`,
        `'<c s="2"><v>' || date_diff('second', timestamp '1899-12-30', ${value}) / 86400.0 || '</v></c>'`,
      );
    default:
      return `case when ${text} is null then '<c/>' else ${asText} end`;
  }
}

/** A text inside XML: signs that XML cannot hold are left out. */
const xmlText = (text: string): string =>
  `replace(replace(replace(regexp_replace(${text}, '[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]|\\x{fffe}|\\x{ffff}', '', 'g'), '&', '&amp;'), '<', '&lt;'), '>', '&gt;')`;

/** A workbook of one sheet (ECMA-376, strict enough for every reader) whose rows come in parts as `sheetRowText` writes them. */
export function writeWorkbook(
  rows: AsyncGenerator<string[], void, undefined>,
  header: readonly string[],
  sheet: string,
): AsyncGenerator<Buffer, void, undefined> {
  return zipStream(filesOf(rows, header, sheet));
}

function* filesOf(
  rows: AsyncGenerator<string[], void, undefined>,
  header: readonly string[],
  sheet: string,
): Generator<StreamedFile> {
  const file = (name: string, content: string): StreamedFile => ({ name, parts: one(content) });
  const part = (name: string, type: string) =>
    `<Override PartName="${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
  yield file(
    '[Content_Types].xml',
    `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part('/xl/workbook.xml', 'sheet.main')}${part('/xl/worksheets/sheet1.xml', 'worksheet')}${part('/xl/styles.xml', 'styles')}</Types>`,
  );
  yield file(
    '_rels/.rels',
    `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  );
  yield file(
    'xl/workbook.xml',
    `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escaped(sheetName(sheet))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  );
  yield file(
    'xl/_rels/workbook.xml.rels',
    `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  );
  yield file('xl/styles.xml', styles);
  yield { name: 'xl/worksheets/sheet1.xml', parts: sheetParts(rows, header) };
}

async function* one(content: string): AsyncGenerator<string> {
  yield content;
}

async function* sheetParts(
  rows: AsyncGenerator<string[], void, undefined>,
  header: readonly string[],
): AsyncGenerator<string, void, undefined> {
  yield `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData><row>${header
    .map((id) => `<c s="3" t="inlineStr"><is><t xml:space="preserve">${escaped(id)}</t></is></c>`)
    .join('')}</row>`;
  for await (const lines of rows) yield lines.join('');
  yield '</sheetData></worksheet>';
}

/** Without what Excel does not allow there, in 31 signs. */
const sheetName = (name: string): string =>
  name
    .replace(/[[\]:*?/\\']/g, ' ')
    .trim()
    .slice(0, 31) || 'Дані';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
