import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cellsOf, mostColumns, type Row } from './csv.ts';
import { LoadFault } from './faults.ts';
import { ColumnProfile } from './shapes.ts';

/** A row that has more cells than the table has columns; its cells are kept for the report. */
export interface RefusedRow {
  readonly row: number;
  readonly fileRow: number;
  readonly cells: readonly string[];
}

/** What came out of reading a file: the staged table and exact counts. */
export interface Staged {
  /** File of rows `row ␟ file row ␟ cells…`, UTF-8, quoted where needed. */
  readonly path: string;
  /** Rows read, the refused among them. */
  readonly rows: number;
  readonly refused: number;
  readonly refusedPath: string;
  readonly blank: number;
  /** Rows that had fewer cells than there are columns, and rows whose extra cells were empty. */
  readonly short: number;
  readonly longEmpty: number;
  readonly profiles: readonly ColumnProfile[];
}

export const unit = '\u001f';
const [UNIT, QUOTE, LF, CR, SPACE] = [0x1f, 34, 10, 13, 32];
const bufferSize = 1024 * 1024;
/** The most bytes of one row as it is staged. */
export const largestLine = 16 * 1024 * 1024;
/** The most rows of a table. */
const mostRows = 50_000_000;

/** Takes in rows of text as any reader finds them, makes them alike, and counts what their cells look like. */
export class Staging {
  readonly width: number;
  private readonly path: string;
  private readonly refusedPath: string;
  private readonly file: number;
  private readonly refusedFile: number;
  private readonly profiles: ColumnProfile[];
  private out = Buffer.allocUnsafe(bufferSize);
  private at = 0;
  private counts = { rows: 0, refused: 0, blank: 0, short: 0, longEmpty: 0 };
  private scratch: Row = {
    bytes: Buffer.allocUnsafe(64 * 1024),
    starts: new Int32Array(mostColumns + 2),
    ends: new Int32Array(mostColumns + 2),
    count: 0,
    line: 0,
    plain: false,
  };

  constructor(folder: string, width: number) {
    if (width > mostColumns) throw new LoadFault('too-wide', { limit: mostColumns });
    this.width = width;
    this.path = join(folder, 'staged.csv');
    this.refusedPath = join(folder, 'refused.ndjson');
    this.file = openSync(this.path, 'w');
    this.refusedFile = openSync(this.refusedPath, 'w');
    this.profiles = Array.from({ length: width }, () => new ColumnProfile());
  }

  /** Takes in a row as the CSV reader hands it out. */
  row(row: Row): void {
    const { width, profiles } = this;
    const { bytes, starts, ends } = row;
    let { count } = row;
    if (isBlank(row)) {
      this.counts.blank += 1;
      return;
    }
    if (this.counts.rows === mostRows) throw new LoadFault('too-many-rows', { limit: mostRows });
    this.counts.rows += 1;
    if (count > width) {
      if (!restIsEmpty(row, width)) {
        this.refuse(row);
        return;
      }
      this.counts.longEmpty += 1;
      count = width;
    } else if (count < width) this.counts.short += 1;
    for (let n = 0; n < count; n += 1) profiles[n]!.add(bytes, starts[n]!, ends[n]!);
    for (let n = count; n < width; n += 1) profiles[n]!.add(bytes, 0, 0);
    const size = ends[count - 1]! - starts[0]!;
    if (2 * size > largestLine) throw new LoadFault('too-large', { limit: largestLine / 2 });
    this.reserve(2 * size + 2 * width + 64);
    this.number(this.counts.rows);
    this.number(row.line);
    if (row.plain) this.copyPlain(row, count);
    else this.copyCells(row, count);
    for (let n = count; n < width; n += 1) this.out[this.at++] = UNIT;
    this.out[this.at++] = LF;
  }

  /** Takes in a row of texts, as workbooks and JSON have them. */
  cells(cells: readonly string[], fileRow: number): void {
    const { scratch } = this;
    const count = Math.min(cells.length, mostColumns + 1);
    let size = 0;
    for (let n = 0; n < count; n += 1) size += cells[n]!.length * 3;
    if (size > scratch.bytes.length) scratch.bytes = Buffer.allocUnsafe(size * 2);
    let at = 0;
    for (let n = 0; n < count; n += 1) {
      scratch.starts[n] = at;
      at += scratch.bytes.write(cells[n]!, at);
      scratch.ends[n] = at;
    }
    scratch.count = count;
    scratch.line = fileRow;
    this.row(scratch);
  }

  end(): Staged {
    this.flush();
    closeSync(this.file);
    closeSync(this.refusedFile);
    const { path, refusedPath, profiles } = this;
    return { path, refusedPath, profiles, ...this.counts };
  }

  private copyPlain({ bytes, starts, ends }: Row, count: number): void {
    const from = starts[0]!;
    const to = ends[count - 1]!;
    // A delimiter of one byte is overwritten where it stands; the row itself is copied in one go.
    if (count === 1 || starts[1]! === ends[0]! + 1) {
      bytes.copy(this.out, this.at, from, to);
      const shift = this.at - from;
      for (let n = 0; n < count - 1; n += 1) this.out[ends[n]! + shift] = UNIT;
      this.at += to - from;
      return;
    }
    for (let n = 0; n < count; n += 1) {
      if (n) this.out[this.at++] = UNIT;
      bytes.copy(this.out, this.at, starts[n]!, ends[n]!);
      this.at += ends[n]! - starts[n]!;
    }
  }

  private copyCells({ bytes, starts, ends }: Row, count: number): void {
    const { out } = this;
    let at = this.at;
    for (let n = 0; n < count; n += 1) {
      if (n) out[at++] = UNIT;
      const [from, to] = [starts[n]!, ends[n]!];
      let special = false;
      for (let k = from; k < to && !special; k += 1) {
        const byte = bytes[k]!;
        special = byte === QUOTE || byte === LF || byte === CR || byte === UNIT;
      }
      if (special) out[at++] = QUOTE;
      for (let k = from; k < to; k += 1) {
        const byte = bytes[k]!;
        if (byte === QUOTE) out[at++] = QUOTE;
        out[at++] = byte === UNIT ? SPACE : byte;
      }
      if (special) out[at++] = QUOTE;
    }
    this.at = at;
  }

  private number(value: number): void {
    let digits = 1;
    for (let n = value; n >= 10; n = (n / 10) | 0) digits += 1;
    for (let n = digits - 1, rest = value; n >= 0; n -= 1) {
      this.out[this.at + n] = 48 + (rest % 10);
      rest = (rest / 10) | 0;
    }
    this.at += digits;
    this.out[this.at++] = UNIT;
  }

  private refuse(row: Row): void {
    this.counts.refused += 1;
    const refused: RefusedRow = { row: this.counts.rows, fileRow: row.line, cells: cellsOf(row) };
    writeSync(this.refusedFile, `${JSON.stringify(refused)}\n`);
  }

  private reserve(size: number): void {
    if (this.at + size <= this.out.length) return;
    this.flush();
    if (size > this.out.length) this.out = Buffer.allocUnsafe(size);
  }

  private flush(): void {
    for (let from = 0; from < this.at; ) from += writeSync(this.file, this.out, from, this.at - from);
    this.at = 0;
  }
}

/** Nothing but white space in all cells. */
export function isBlank(row: Row): boolean {
  const count = Math.min(row.count, mostColumns + 1);
  for (let n = 0; n < count; n += 1)
    for (let at = row.starts[n]!; at < row.ends[n]!; at += 1) if (row.bytes[at]! > SPACE) return false;
  return true;
}

function restIsEmpty(row: Row, width: number): boolean {
  if (row.count > mostColumns + 1) return false;
  for (let n = width; n < row.count; n += 1)
    for (let at = row.starts[n]!; at < row.ends[n]!; at += 1) if (row.bytes[at]! > SPACE) return false;
  return true;
}
