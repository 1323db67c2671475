/** How a delimited text is written. */
export interface Dialect {
  /** One character or several. */
  readonly delimiter: string;
  readonly quote: '"' | "'" | null;
  /** How a quote stands inside of quotes: twice, or behind a backslash. */
  readonly escape: 'double' | 'backslash';
  /** The text says its delimiter itself in a first line `sep=;`. */
  readonly declared: boolean;
}

const single = [',', ';', '\t', '|', ':', '~', '^', '\u00a6', '\u001f'];
/** Stands between no cells: the text has one column. */
const none = '\u001f';
/** The most lines that are looked at. */
const enough = 400;

/**
 * Finds the dialect of the beginning of a text: the one under which the rows are most alike and the cells look most like
 * values.
 *
 * @param head whole lines, decoded.
 */
export function findDialect(head: string): Dialect {
  const said = /^sep=(.)\r?\n?/i.exec(head);
  if (said) return { ...quoting(head, said[1]!), delimiter: said[1]!, declared: true };
  const lines = head.split(/\r\n|\r|\n/, enough).filter((line) => line.trim() !== '');
  let best: { dialect: Dialect; score: number } | null = null;
  const long = longOnes(lines);
  const short = single.filter((sign) => head.includes(sign) && !long.some((run) => run.includes(sign)));
  for (const delimiter of [...short, ...long]) {
    const dialect = { ...quoting(head, delimiter), delimiter, declared: false };
    const score = scoreOf(rowsUnder(head, dialect), delimiter);
    if (!best || score > best.score) best = { dialect, score };
  }
  if (best && best.score > 0) return best.dialect;
  // One column: a sign that no text has, so that commas stay in their cells.
  return { ...quoting(head, none), delimiter: none, declared: false };
}

/** Runs of two or three signs that stand equally often in most lines. */
function longOnes(lines: readonly string[]): string[] {
  const candidates = new Set(
    lines.slice(0, 5).flatMap((line) => line.match(/[^\p{L}\p{N}\s"'.\-()/@«»№%+]{2,3}/gu) ?? []),
  );
  return [...candidates].filter((run) => {
    const times = lines.map((line) => line.split(run).length - 1);
    const usual = mode(times);
    // Empty cells make runs of a single sign too; those do not stand between all cells.
    return (
      usual > 0 &&
      times.filter((n) => n === usual).length > 0.6 * lines.length &&
      lines.filter((line) => hasAlone(line, run)).length < lines.length / 2
    );
  });
}

const hasAlone = (line: string, run: string) =>
  new Set(run).size === 1 && line.split(run).join('').includes(run[0]!);

function quoting(head: string, delimiter: string): Pick<Dialect, 'quote' | 'escape'> {
  const sign = delimiter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const closed = (quote: string) => {
    const opening = head.match(new RegExp(`(?:^|[\\r\\n]|${sign})[ ]*${quote}`, 'g'))?.length ?? 0;
    const closing = head.match(new RegExp(`${quote}[ ]*(?:$|[\\r\\n]|${sign})`, 'g'))?.length ?? 0;
    return Math.min(opening, closing);
  };
  const [twos, ones] = [closed('"'), closed("'")];
  const quote = twos === 0 && ones === 0 ? (head.includes('"') ? '"' : null) : ones > twos ? "'" : '"';
  if (!quote) return { quote, escape: 'double' };
  const behind =
    head.match(new RegExp(`[^\\\\]\\\\${quote}(?![ ]*(?:$|[\\r\\n]|${sign}))`, 'g'))?.length ?? 0;
  const doubled = head.split(quote + quote).length - 1;
  return { quote, escape: behind > 0 && behind >= doubled ? 'backslash' : 'double' };
}

/** Splits the head as the reader would, roughly: good enough to compare dialects. */
function rowsUnder(head: string, { delimiter, quote, escape: escaping }: Dialect): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let at = 0;
  let quoted = false;
  const size = delimiter.length;
  while (at < head.length && rows.length < enough) {
    const sign = head[at]!;
    if (quoted) {
      if (escaping === 'backslash' && sign === '\\' && head[at + 1] === quote) {
        cell += quote;
        at += 2;
      } else if (sign === quote && head[at + 1] === quote) {
        cell += quote;
        at += 2;
      } else if (sign === quote && endsCell(head, at + 1, delimiter)) {
        quoted = false;
        at += 1;
      } else {
        cell += sign;
        at += 1;
      }
    } else if (sign === delimiter[0] && (size === 1 || head.startsWith(delimiter, at))) {
      row.push(cell);
      cell = '';
      at += size;
    } else if (sign === '\n' || sign === '\r') {
      row.push(cell);
      rows.push(row);
      row = [];
      cell = '';
      at += sign === '\r' && head[at + 1] === '\n' ? 2 : 1;
    } else if (sign === quote && cell.trim() === '') {
      quoted = true;
      cell = '';
      at += 1;
    } else {
      cell += sign;
      at += 1;
    }
  }
  if (cell !== '' || row.length) rows.push([...row, cell]);
  return rows.filter((one) => one.some((value) => value.trim() !== ''));
}

function endsCell(head: string, at: number, delimiter: string): boolean {
  while (head[at] === ' ' && delimiter !== ' ') at += 1;
  const next = head[at];
  return next === undefined || next === '\n' || next === '\r' || head.startsWith(delimiter, at);
}

function scoreOf(rows: readonly string[][], delimiter: string): number {
  if (rows.length === 0) return 0;
  const widths = rows.map((row) => row.length);
  const usual = mode(widths.filter((width) => width > 1));
  if (usual < 2) return 0;
  // Titles above and notes below are not of the table.
  const [from, to] = [widths.indexOf(usual), widths.lastIndexOf(usual) + 1];
  const same = widths.filter((width) => width === usual).length;
  const alike = same / (to - from);
  const divided = widths.slice(from, to).filter((width) => width > 1).length / (to - from);
  if (divided < 0.6 || (same < 2 && rows.length > 1)) return 0;
  let clean = 0;
  let cells = 0;
  for (const row of rows)
    if (row.length === usual)
      for (const cell of row) {
        cells += 1;
        if (isClean(cell, delimiter)) clean += 1;
      }
  const rare = delimiter === ':' ? 0.8 : delimiter.length > 1 ? 1.3 : 1;
  return alike * alike * (clean / cells) ** 3 * (1 + Math.log2(usual) / 10) * rare;
}

const others = /[;\t|~^\u00a6]/;
/** A cell in which no other delimiter is left over; a decimal comma and the commas of an address are. */
function isClean(cell: string, delimiter: string): boolean {
  if (others.test(cell)) return false;
  if (delimiter === ':') return !/^\/\/|https?$/.test(cell) && !/^\d\d$/.test(cell);
  // A colon belongs to times, addresses of pages and sentences; between two words it is a delimiter left over.
  if (delimiter === ',') return !/:(?!\s|\/\/|$)(?<!\d:(?=\d))/.test(cell);
  return !/,(?! |\d)/.test(cell) && (cell.match(/,/g)?.length ?? 0) <= 4;
}

function mode(numbers: readonly number[]): number {
  const times = new Map<number, number>();
  let best = 0;
  for (const n of numbers) {
    const count = (times.get(n) ?? 0) + 1;
    times.set(n, count);
    if (count > (times.get(best) ?? 0) || (count === times.get(best) && n > best)) best = n;
  }
  return best;
}
