import type { Dialect } from './dialect.ts';

/** Cells of one row, without copies: cell `n` is `bytes` from `starts[n]` to `ends[n]`, in UTF-8. */
export interface Row {
  bytes: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  count: number;
  /** Line of the file on which the row begins; the first is 1. */
  line: number;
  /** The row stands in `bytes` from here to here as in the file, and holds neither quotes nor line ends. */
  plain: boolean;
}

/** What a reader noticed in the text besides its rows. */
export interface TextFaults {
  /** Lines on which a quote was opened that nobody closed; the row was read as if it were an ordinary sign. */
  readonly unclosed: number[];
  /** How many of them there are; of the lines the first thousand are kept. */
  unclosedCount: number;
  /** Quotes inside of quotes that were not doubled. */
  innerQuotes: number;
}

/** The most cells of one row. */
export const mostColumns = 1_500;
const mostLinesInQuotes = 1_000;
const largestRow = 8 * 1024 * 1024;
const [LF, CR, SPACE, BACKSLASH, DOUBLE, UNIT] = [10, 13, 32, 92, 34, 31];

/**
 * Reads rows from a delimited UTF-8 text, piece by piece. Line ends of any kind may be mixed; a quote that is never closed
 * costs its own line only.
 */
export class CsvReader {
  readonly faults: TextFaults = { unclosed: [], unclosedCount: 0, innerQuotes: 0 };
  private readonly delimiter: Buffer;
  private readonly quote: number;
  private readonly backslash: boolean;
  private readonly onRow: (row: Row) => void;
  private readonly row: Row = {
    bytes: Buffer.alloc(0),
    starts: new Int32Array(mostColumns + 2),
    ends: new Int32Array(mostColumns + 2),
    count: 0,
    line: 1,
    plain: true,
  };
  private rest: Buffer = Buffer.alloc(0);
  private scratch: Buffer = Buffer.allocUnsafe(64 * 1024);
  private line = 1;
  private stopped = false;

  constructor(dialect: Dialect, onRow: (row: Row) => void) {
    this.delimiter = Buffer.from(dialect.delimiter);
    this.quote = dialect.quote ? dialect.quote.charCodeAt(0) : -1;
    this.backslash = dialect.escape === 'backslash';
    this.onRow = onRow;
  }

  /** Takes in the next piece; it may end anywhere. */
  push(piece: Buffer): void {
    const text = this.rest.length ? Buffer.concat([this.rest, piece]) : piece;
    const read = this.read(text, false);
    this.rest = read === text.length ? Buffer.alloc(0) : text.subarray(read);
  }

  /** Says that the text is at its end. */
  end(): void {
    const text = this.rest;
    this.rest = Buffer.alloc(0);
    if (text.length) this.read(text, true);
  }

  /** No more rows, please. */
  stop(): void {
    this.stopped = true;
  }

  /** @returns how many bytes belong to whole rows. */
  private read(text: Buffer, last: boolean): number {
    let at = 0;
    while (at < text.length && !this.stopped) {
      let next = this.plainRow(text, at, last);
      if (next === isSpecial) next = this.quotedRow(text, at, last || text.length - at > largestRow);
      if (next === isUnfinished) return at;
      at = next;
    }
    return this.stopped ? text.length : at;
  }

  /** A row without any quote: almost all of them. */
  private plainRow(text: Buffer, start: number, last: boolean): number {
    const { starts, ends } = this.row;
    const [first, size, quote, { length }] = [this.delimiter[0]!, this.delimiter.length, this.quote, text];
    let count = 0;
    let cell = start;
    let at = start;
    for (; at < length; at += 1) {
      const byte = text[at]!;
      if (byte > 44 && byte !== first) continue;
      if (byte === first && (size === 1 || this.isDelimiter(text, at))) {
        if (count < mostColumns) {
          starts[count] = cell;
          ends[count] = at;
        }
        count += 1;
        at += size - 1;
        cell = at + 1;
      } else if (byte === quote || byte === DOUBLE || byte === UNIT) return isSpecial;
      else if (byte === LF || byte === CR) break;
    }
    if (at === length && !last) return isUnfinished;
    if (at === length - 1 && text[at] === CR && !last) return isUnfinished;
    if (count <= mostColumns) {
      starts[count] = cell;
      ends[count] = at;
    }
    this.emit(text, count + 1, true);
    this.line += 1;
    if (at === length) return at;
    return text[at] === CR && text[at + 1] === LF ? at + 2 : at + 1;
  }

  private isDelimiter(text: Buffer, at: number): boolean {
    const { delimiter } = this;
    for (let n = 1; n < delimiter.length; n += 1) if (text[at + n] !== delimiter[n]) return false;
    return true;
  }

  /** A row with quotes: its cells are put together anew in `scratch`. */
  private quotedRow(text: Buffer, start: number, last: boolean, literal = false): number {
    const { starts, ends } = this.row;
    const { quote, backslash } = this;
    const [first, size] = [this.delimiter[0]!, this.delimiter.length];
    const { length } = text;
    let count = 0;
    let at = start;
    let lines = 1;
    let innerAll = 0;
    let to = 0;
    if (this.scratch.length < length - start) {
      // Only as much as a row may need: most rows with quotes are short.
      const need = Math.min(length - start, Math.max(64 * 1024, this.scratch.length * 2));
      if (need > this.scratch.length) this.scratch = Buffer.allocUnsafe(need);
    }
    for (;;) {
      // A cell begins.
      if (count < mostColumns) starts[count] = to;
      let open = at;
      while (text[open] === SPACE && first !== SPACE) open += 1;
      if (!literal && quote >= 0 && text[open] === quote) {
        at = open + 1;
        const opened = this.line + lines - 1;
        let linesInside = 0;
        let inner = 0;
        for (;;) {
          if (at >= length) {
            if (!last) return isUnfinished;
            return this.unclosed(text, start, last, opened);
          }
          const byte = text[at]!;
          if (byte === quote) {
            const closing = this.endsCell(text, at + 1, last);
            if (closing === isUnfinished) return isUnfinished;
            if (text[at + 1] === quote && !(closing > 0)) {
              // ТОВ "Ромашка"" at the end of a cell: one quote of the name, one of the cell.
              const both = inner % 2 === 1 ? this.endsCell(text, at + 2, last) : 0;
              if (both === isUnfinished) return isUnfinished;
              this.put(to++, byte);
              at = both > 0 ? both : at + 2;
              if (both > 0) break;
              continue;
            }
            if (closing > 0) {
              at = closing;
              break;
            }
            // A quote right behind a line end or a delimiter opens the next cell: the one before was never closed.
            if (linesInside > 0 && this.looksOpening(text, at))
              return this.unclosed(text, start, last, opened);
            inner += 1;
          } else if (
            backslash &&
            byte === BACKSLASH &&
            (text[at + 1] === quote || text[at + 1] === BACKSLASH)
          ) {
            this.put(to++, text[at + 1]!);
            at += 2;
            continue;
          } else if (byte === LF || (byte === CR && text[at + 1] !== LF)) {
            if (byte === CR && at + 1 >= length && !last) return isUnfinished;
            linesInside += 1;
            if (linesInside > mostLinesInQuotes) return this.unclosed(text, start, last, opened);
          }
          this.put(to++, byte);
          at += 1;
        }
        lines += linesInside;
        innerAll += inner;
      } else {
        for (; at < length; at += 1) {
          const byte = text[at]!;
          if (byte === LF || byte === CR) break;
          if (byte === first && (size === 1 || this.isDelimiter(text, at))) break;
          this.put(to++, byte);
        }
      }
      if (count < mostColumns) ends[count] = to;
      count += 1;
      if (at >= length) {
        if (!last) return isUnfinished;
        break;
      }
      const byte = text[at]!;
      if (byte === LF || byte === CR) {
        if (byte === CR && at + 1 >= length && !last) return isUnfinished;
        at += byte === CR && text[at + 1] === LF ? 2 : 1;
        break;
      }
      at += size;
    }
    this.faults.innerQuotes += innerAll;
    this.emit(this.scratch, count, false);
    this.line += lines;
    return at;
  }

  private put(at: number, byte: number): void {
    if (at === this.scratch.length) {
      const larger = Buffer.allocUnsafe(at * 2);
      this.scratch.copy(larger);
      this.scratch = larger;
    }
    this.scratch[at] = byte;
  }

  /** Where a cell ends whose closing quote stands before `at`: at its delimiter, line end or the end; 0 when it does not. */
  private endsCell(text: Buffer, at: number, last: boolean): number {
    let end = at;
    while (text[end] === SPACE && this.delimiter[0] !== SPACE) end += 1;
    if (end >= text.length) return last ? end : isUnfinished;
    const byte = text[end]!;
    if (byte === LF || byte === CR) return end;
    if (byte !== this.delimiter[0]) return 0;
    if (this.delimiter.length > 1 && end + this.delimiter.length > text.length && !last) return isUnfinished;
    return this.delimiter.length === 1 || this.isDelimiter(text, end) ? end : 0;
  }

  private looksOpening(text: Buffer, at: number): boolean {
    const before = text[at - 1]!;
    return before === LF || before === CR || before === this.delimiter.at(-1);
  }

  /** Reads the row again without minding quotes; so the next one begins on the next line. */
  private unclosed(text: Buffer, start: number, last: boolean, line: number): number {
    const next = this.quotedRow(text, start, last, true);
    if (next !== isUnfinished) {
      this.faults.unclosedCount += 1;
      if (this.faults.unclosed.length < 1_000) this.faults.unclosed.push(line);
    }
    return next;
  }

  private emit(bytes: Buffer, count: number, plain: boolean): void {
    const { row } = this;
    row.bytes = bytes;
    row.count = count;
    row.line = this.line;
    row.plain = plain;
    this.onRow(row);
  }
}

const isUnfinished = -1;
const isSpecial = -2;

/** The cells of a row as texts. */
export function cellsOf(row: Row): string[] {
  const cells: string[] = [];
  for (let n = 0; n < Math.min(row.count, mostColumns + 1); n += 1)
    cells.push(row.bytes.toString('utf8', row.starts[n]!, row.ends[n]!));
  return cells;
}
