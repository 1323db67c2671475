import { asUtf8, findEncoding } from './encoding.ts';
import { LoadFault } from './faults.ts';
import type { LayoutFixes } from './layout.ts';
import { Merges } from './merges.ts';
import type { ReadTable } from './read-table.ts';
import { SheetTable } from './sheet-table.ts';

/** The most characters of a page that is read as a table: pages are read whole. */
const largest = 64 * 1024 * 1024;

/** Reads the largest table of an HTML page: what some programs save under the name of a workbook. @throws LoadFault */
export async function readHtmlTable(
  open: () => AsyncIterable<Uint8Array>,
  folder: string,
  fixes: LayoutFixes,
): Promise<ReadTable> {
  const encoding = await findEncoding(open());
  let html = '';
  for await (const piece of asUtf8(open(), encoding)) {
    html += piece.toString('utf8');
    if (html.length > largest) throw new LoadFault('too-large', { limit: largest });
  }
  const tables = html
    .replace(/<!--[\s\S]*?-->/g, '')
    .split(/<table\b/i)
    .slice(1)
    .map((part) => part.split(/<\/table\s*>/i)[0]!);
  const rowsIn = (table: string) => table.split(/<tr\b/i).length;
  const [largestTable] = tables.toSorted((a, b) => rowsIn(b) - rowsIn(a));
  if (!largestTable) throw new LoadFault('no-table');
  const table = new SheetTable(folder, fixes);
  const merges = new Merges();
  for (const [n, row] of largestTable.split(/<tr\b/i).slice(1).entries())
    table.row(n + 1, merges.fill(n + 1, cellsOf(row, n + 1, merges)));
  return table.end({ format: 'html', encoding: encoding.encoding }, []);
}

function cellsOf(row: string, line: number, merges: Merges): string[] {
  const cells: string[] = [];
  for (const [, attributes = '', inside = ''] of row.matchAll(
    /<t[dh]\b([^>]*)>([\s\S]*?)(?=<\/t[dhr]\s*>|<t[dh]\b|$)/gi,
  )) {
    while (merges.covers(line, cells.length)) cells.push('');
    const span = (name: string) =>
      Math.max(
        1,
        Math.min(1_000, Number(new RegExp(`${name}\\s*=\\s*["']?(\\d+)`, 'i').exec(attributes)?.[1] ?? 1)),
      );
    const [columns, rows] = [span('colspan'), span('rowspan')];
    if (columns > 1 || rows > 1) merges.add(line, cells.length, line + rows - 1, cells.length + columns - 1);
    cells.push(textOf(inside), ...Array.from({ length: columns - 1 }, () => ''));
  }
  return cells;
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  laquo: '«',
  raquo: '»',
  ndash: '–',
  mdash: '—',
};

function textOf(html: string): string {
  return html
    .replace(/<br\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
      if (name) return named[name.toLowerCase()] ?? whole;
      const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
    })
    .replace(/[ \t\r\n]*\n[ \t\r\n]*/g, '\n')
    .trim();
}
