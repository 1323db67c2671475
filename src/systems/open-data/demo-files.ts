import { openDataCity } from '../../../city/dnipro/index.ts';
import { officialTable } from './checks/official-tables.ts';
import { packWorkbook } from './checks/workbook-writer.ts';

type Cell = openDataCity.Cell;
type Row = openDataCity.Row;

/**
 * The bytes of a demo table in the format that its name tells, written as cleanly or as messily as it says.
 *
 * @param official the official table whose columns it has; rows that say nothing of a column get what is usual there.
 */
export function demoFile(
  { fileName, rows, mess = {} }: openDataCity.TableData,
  today: string,
  official?: string,
): Uint8Array {
  const whole = official ? officialRows(rows, official, today) : rows;
  const columns = Object.keys(whole[0] ?? {});
  const ending = fileName.slice(fileName.lastIndexOf('.') + 1);
  switch (ending) {
    case 'geojson':
      return utf8(JSON.stringify({ type: 'FeatureCollection', features: whole.map(featureOf) }));
    case 'json':
      return utf8(JSON.stringify(whole));
    case 'ndjson':
      return utf8(whole.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  const lines: readonly (readonly Cell[])[] = [
    ...(mess.head ?? [columns]),
    ...whole.map((row) => columns.map((column) => row[column] as Cell)),
    ...(mess.foot ?? []),
  ];
  if (ending === 'xlsx')
    return packWorkbook([
      {
        name: 'Аркуш1',
        rows: lines.map((line) => line.map((cell) => (typeof cell === 'boolean' ? String(cell) : cell))),
        merged: mess.merged ?? [],
      },
    ]);
  const text = lines.map((line) => lineOf(line, mess)).join('');
  return mess.encoding ? windows1251(text) : utf8(text);
}

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Rows of an official table with all its columns: what they do not say is usual. */
export function officialRows(rows: readonly Row[], official: string, today: string): Row[] {
  const table = officialTable(official);
  if (!table) throw new Error(`${official} is not an official table`);
  const { columns } = table.schema;
  return rows.map((row, n) =>
    Object.fromEntries(
      columns.map((column) => [
        column.id,
        row[column.id] === undefined ? openDataCity.usualCell(column, n, today) : row[column.id],
      ]),
    ),
  );
}

function featureOf({ geometry, ...properties }: Row) {
  return { type: 'Feature', geometry, properties };
}

function lineOf(cells: readonly Cell[], { delimiter = ',', decimal }: openDataCity.Mess): string {
  const text = (cell: Cell) => {
    if (cell === null || cell === undefined) return '';
    const plain = typeof cell === 'number' && decimal ? String(cell).replace('.', decimal) : String(cell);
    return plain.includes(delimiter) || /["\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return `${cells.map(text).join(delimiter)}\r\n`;
}

/** Programs of offices still write so; what it has no sign for becomes a question mark. */
function windows1251(text: string): Uint8Array {
  const decoder = new TextDecoder('windows-1251');
  const codes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) codes.set(decoder.decode(Uint8Array.of(byte)), byte);
  return Uint8Array.from([...text], (sign) => codes.get(sign) ?? 63);
}
