import { ColumnProfile } from './shapes.ts';

/** One row of the beginning of a table, blank ones left out. */
export interface HeadRow {
  /** Row of the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** What a publisher has said about the top of the table, in rows that are not blank. */
export interface LayoutFixes {
  /** Rows above the header. */
  readonly skipRows?: number;
  /** Rows of the header; 0: there is none. */
  readonly headerRows?: number;
}

/** Where the table begins. */
export interface Layout {
  /** Rows (not blank) before the first row of data. */
  readonly dataFrom: number;
  /** Names of the columns as they stand, several rows joined by ` / `; empty where nothing stands. */
  readonly headers: readonly string[];
  readonly headerRows: number;
  /** Titles and notes above the table. */
  readonly preamble: readonly string[];
}

/** Finds titles, header and first row of data in the first rows of a table. */
export function findLayout(rows: readonly HeadRow[], fixes: LayoutFixes = {}): Layout {
  const width = usualWidth(rows);
  const first = fixes.skipRows ?? firstOfTable(rows, width);
  const preamble = rows.slice(0, first).map(({ cells }) => distinct(cells).join(' '));
  const header = rows[first]?.cells ?? [];
  const body = rows.slice(first + 1);
  const count = fixes.headerRows ?? headerRowsFrom(header, body, width);
  if (count === 0)
    return { dataFrom: first, headers: Array.from({ length: width }, () => ''), headerRows: 0, preamble };
  const parts = rows.slice(first, first + count).map(({ cells }) => cells);
  const names = joined(parts);
  const numbered = isNumbering(rows[first + count]?.cells ?? [], names.length);
  return { dataFrom: first + count + (numbered ? 1 : 0), headers: names, headerRows: count, preamble };
}

const filled = (cells: readonly string[]) => cells.filter((cell) => cell.trim() !== '').length;
const distinct = (cells: readonly string[]) => [...new Set(cells.map((cell) => cell.trim()).filter(Boolean))];

/** Columns of most rows, counting up to the last filled cell. */
function usualWidth(rows: readonly HeadRow[]): number {
  const times = new Map<number, number>();
  for (const { cells } of rows) {
    const width = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
    times.set(width, (times.get(width) ?? 0) + 1);
  }
  let best = 0;
  // A tie goes to the wider one: the header has a name for every column.
  for (const [width, count] of times)
    if (count > (times.get(best) ?? 0) || (count === times.get(best) && width > best)) best = width;
  return best;
}

/** The header, or the first row of data: the first row as full as the others. Titles stand alone in their rows. */
function firstOfTable(rows: readonly HeadRow[], width: number): number {
  if (width < 2) return 0;
  const least = width === 2 ? 2 : Math.max(2, Math.ceil(width / 2));
  const at = rows.findIndex(
    ({ cells }) =>
      filled(cells) >= least && (distinct(cells).length >= Math.min(least, 3) || distinct(cells).length > 1),
  );
  if (at <= 0) return Math.max(at, 0);
  // A row of group names right above belongs to the header: it has gaps where the groups go on.
  const above = rows[at - 1]!.cells;
  return filled(above) >= 2 &&
    distinct(above).length >= 2 &&
    shapesOf(above).every((shape) => shape === 'text')
    ? at - 1
    : at;
}

type Kind = 'empty' | 'text' | 'value';

function kindOf(cell: string): Kind {
  if (cell.trim() === '') return 'empty';
  const profile = new ColumnProfile();
  const bytes = Buffer.from(cell);
  profile.add(bytes, 0, bytes.length);
  if (profile.count('nullWord') || profile.count('empty')) return 'empty';
  return profile.count('text') || profile.count('leadingZero') ? 'text' : 'value';
}

const shapesOf = (cells: readonly string[]) => cells.map(kindOf).filter((kind) => kind !== 'empty');

function headerRowsFrom(header: readonly string[], body: readonly HeadRow[], width: number): number {
  if (!isHeader(header, body)) return 0;
  let count = 1;
  let last = header;
  while (count < 3 && body.length > count - 1) {
    const next = body[count - 1]!.cells;
    const under = shapesOf(next);
    const gaps = hasGroups(last, width);
    const typed = body
      .slice(count)
      .some(({ cells }) =>
        cells.some((cell, n) => kindOf(cell) === 'value' && kindOf(next[n] ?? '') === 'text'),
      );
    const last3 = body.length === count;
    if (!gaps || under.length < 2 || under.some((kind) => kind === 'value')) break;
    if (!typed && (last3 || !isUnlike(next, body.slice(count)))) break;
    last = next;
    count += 1;
  }
  return count;
}

/** Group names: gaps to their right, or the same name again where merged cells were filled. */
function hasGroups(row: readonly string[], width: number): boolean {
  for (let n = 1; n < width; n += 1) {
    const cell = (row[n] ?? '').trim();
    const before = (row[n - 1] ?? '').trim();
    if ((cell === '' && row.slice(0, n).some((one) => one.trim() !== '')) || (cell !== '' && cell === before))
      return true;
  }
  return false;
}

/** No cell of the row is found again below it. */
function isUnlike(row: readonly string[], body: readonly HeadRow[]): boolean {
  const mine = new Set(distinct(row));
  return body.length > 0 && !body.some(({ cells }) => cells.some((cell) => mine.has(cell.trim())));
}

function isHeader(header: readonly string[], body: readonly HeadRow[]): boolean {
  const kinds = header.map(kindOf);
  if (!kinds.includes('text')) return false;
  const values = header.filter((_, n) => kinds[n] === 'value');
  if (values.length === 0) return true;
  // Years make good names of columns; any other number or date is data.
  const years =
    values.every((cell) => /^\s*(19|20)\d\d\s*$/.test(cell)) && new Set(values).size === values.length;
  return years && values.length > 1 && body.length > 0;
}

/** The row «1 2 3 4 …» that reports have below their header. */
function isNumbering(cells: readonly string[], width: number): boolean {
  return (
    width >= 3 &&
    cells.length >= width &&
    cells.slice(0, width).every((cell, n) => cell.trim() === String(n + 1))
  );
}

function joined(parts: readonly (readonly string[])[]): string[] {
  const width = Math.max(...parts.map((cells) => cells.findLastIndex((cell) => cell.trim() !== '') + 1));
  return Array.from({ length: width }, (_, column) => {
    const names: string[] = [];
    parts.forEach((cells, n) => {
      let name = (cells[column] ?? '').trim();
      const below = parts.slice(n + 1).some((lower) => (lower[column] ?? '').trim() !== '');
      // The name of a group stands once, at its left.
      if (name === '' && below) {
        const left = cells.slice(0, column).findLastIndex((cell) => cell.trim() !== '');
        const between = left >= 0 && parts.slice(n + 1).some((lower) => (lower[left] ?? '').trim() !== '');
        if (between) name = cells[left]!.trim();
      }
      if (name !== '' && names.at(-1) !== name) names.push(name);
    });
    return names.join(' / ');
  });
}
