import { CompoundFile } from './compound-file.ts';
import { LoadFault } from './faults.ts';
import { Merges } from './merges.ts';
import type { ReadTable } from './read-table.ts';
import { SheetTable } from './sheet-table.ts';
import { dateKindOf, numberText, serialText } from './sheet-values.ts';
import { noticesOf, type SheetFixes } from './xlsx.ts';

/** Kinds of records of a BIFF8 workbook (MS-XLS 2.3) that a table is made of. */
const kind = {
  formula: 0x06,
  end: 0x0a,
  continued: 0x3c,
  date1904: 0x22,
  password: 0x2f,
  sheet: 0x85,
  mulRk: 0xbd,
  style: 0xe0,
  merges: 0xe5,
  strings: 0xfc,
  labelSst: 0xfd,
  number: 0x203,
  label: 0x204,
  boolError: 0x205,
  text: 0x207,
  format: 0x41e,
  rk: 0x27e,
  begin: 0x809,
} as const;
const errors: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
};

interface Sheet {
  readonly name: string;
  readonly hidden: boolean;
  readonly at: number;
}

interface Book {
  readonly sheets: readonly Sheet[];
  readonly strings: readonly string[];
  readonly kinds: readonly ('date' | 'time' | null)[];
  readonly from1904: boolean;
}

/** Cells of the first sheet of an XLS workbook (BIFF8) that has any, or of the one that was chosen. @throws LoadFault */
export function readXlsTable(bytes: Buffer, folder: string, fixes: SheetFixes = {}): ReadTable {
  const file = new CompoundFile(bytes);
  if (file.stream('EncryptedPackage')) throw new LoadFault('password');
  const stream = file.stream('Workbook');
  if (!stream) throw new LoadFault('unknown-format');
  try {
    const book = readBook(stream);
    const shown = book.sheets.filter(({ hidden }) => !hidden);
    const chosen = fixes.sheet ? book.sheets.filter(({ name }) => name === fixes.sheet) : shown;
    if (chosen.length === 0) throw new LoadFault('sheet-choose', { names: shown.map(({ name }) => name) });
    const sheet = chosen.find(({ at }) => hasCells(stream, at)) ?? chosen[0]!;
    return readSheet(stream, sheet, book, folder, fixes);
  } catch (error) {
    if (error instanceof RangeError) throw new LoadFault('workbook-broken');
    throw error;
  }
}

interface BiffRecord {
  readonly kind: number;
  readonly data: Buffer;
  /** Where the next record begins. */
  readonly next: number;
}

function* records(stream: Buffer, from: number): Generator<BiffRecord> {
  for (let at = from; at + 4 <= stream.length; ) {
    const size = stream.readUInt16LE(at + 2);
    const next = at + 4 + size;
    yield { kind: stream.readUInt16LE(at), data: stream.subarray(at + 4, next), next };
    at = next;
  }
}

function readBook(stream: Buffer): Book {
  const sheets: Sheet[] = [];
  const styles: number[] = [];
  const formats = new Map<number, string>();
  let strings: string[] = [];
  let from1904 = false;
  let sst: Buffer[] | null = null;
  for (const record of records(stream, 0)) {
    const { data } = record;
    if (sst && record.kind !== kind.continued) {
      strings = readStrings(sst);
      sst = null;
    }
    switch (record.kind) {
      case kind.password:
        throw new LoadFault('password');
      case kind.date1904:
        from1904 = data.readUInt16LE(0) === 1;
        break;
      case kind.sheet:
        // Only worksheets: the second byte of the flags names charts and macros.
        if (data[5] === 0)
          sheets.push({
            at: data.readUInt32LE(0),
            hidden: (data[4]! & 3) !== 0,
            name: textOf(data, data[6]!, 7),
          });
        break;
      case kind.format:
        formats.set(data.readUInt16LE(0), textOf(data, data.readUInt16LE(2), 4));
        break;
      case kind.style:
        styles.push(data.readUInt16LE(2));
        break;
      case kind.strings:
        sst = [data];
        break;
      case kind.continued:
        sst?.push(data);
        break;
    }
    if (record.kind === kind.end) break;
  }
  if (sheets.length === 0) throw new LoadFault('workbook-broken');
  return { sheets, strings, from1904, kinds: styles.map((id) => dateKindOf(id, formats.get(id))) };
}

/** A string of `count` characters whose flags stand at `flags`. */
function textOf(data: Buffer, count: number, flags: number): string {
  const wide = (data[flags]! & 1) === 1;
  return data.toString(wide ? 'utf16le' : 'latin1', flags + 1, flags + 1 + (wide ? 2 * count : count));
}

/** The table of shared strings; a string may go on in the next record, in the other width. */
function readStrings(parts: readonly Buffer[]): string[] {
  const count = parts[0]!.readUInt32LE(4);
  const strings: string[] = [];
  let part = 0;
  let at = 8;
  const ensure = () => {
    while (part < parts.length && at >= parts[part]!.length) {
      part += 1;
      at = 0;
    }
  };
  while (strings.length < count) {
    ensure();
    if (part >= parts.length) break;
    const data = parts[part]!;
    let left = data.readUInt16LE(at);
    let flags = data[at + 2]!;
    at += 3;
    const runs = flags & 8 ? data.readUInt16LE(at) : 0;
    if (flags & 8) at += 2;
    const phonetic = flags & 4 ? data.readUInt32LE(at) : 0;
    if (flags & 4) at += 4;
    let text = '';
    while (left > 0 && part < parts.length) {
      const width = flags & 1 ? 2 : 1;
      const some = Math.min(left, Math.floor((parts[part]!.length - at) / width));
      text += parts[part]!.toString(width === 2 ? 'utf16le' : 'latin1', at, at + some * width);
      at += some * width;
      left -= some;
      if (left > 0) {
        part += 1;
        at = 1;
        flags = parts[part]?.[0] ?? 0;
      }
    }
    strings.push(text);
    for (let skip = 4 * runs + phonetic; skip > 0; ) {
      ensure();
      if (part >= parts.length) break;
      const some = Math.min(skip, parts[part]!.length - at);
      at += some;
      skip -= some;
    }
  }
  return strings;
}

const cellKinds: ReadonlySet<number> = new Set([
  kind.formula,
  kind.mulRk,
  kind.labelSst,
  kind.number,
  kind.label,
  kind.boolError,
  kind.rk,
]);

function hasCells(stream: Buffer, at: number): boolean {
  for (const record of records(stream, at)) {
    if (record.kind === kind.end) return false;
    if (cellKinds.has(record.kind)) return true;
  }
  return false;
}

function readSheet(
  stream: Buffer,
  { name, at }: Sheet,
  book: Book,
  folder: string,
  fixes: SheetFixes,
): ReadTable {
  const merges = mergesOf(stream, at);
  const table = new SheetTable(folder, fixes);
  let line = 0;
  let cells: string[] = [];
  const flush = () => {
    if (line > 0) table.row(line, merges.fill(line, cells));
    cells = [];
  };
  const put = (row: number, column: number, value: string) => {
    if (row + 1 !== line) {
      flush();
      line = row + 1;
    }
    while (cells.length < column) cells.push('');
    cells[column] = value;
  };
  const numeric = (style: number, value: number) => {
    const shown = book.kinds[style] ?? null;
    return shown ? serialText(value, shown, book.from1904) : numberText(String(value));
  };
  let formula: { row: number; column: number } | null = null;
  for (const { kind: which, data } of records(stream, at)) {
    if (which === kind.end) break;
    if (which === kind.text && formula) {
      put(formula.row, formula.column, textOf(data, data.readUInt16LE(0), 2));
      formula = null;
    }
    if (!cellKinds.has(which)) continue;
    const [row, column, style] = [data.readUInt16LE(0), data.readUInt16LE(2), data.readUInt16LE(4)];
    switch (which) {
      case kind.labelSst:
        put(row, column, book.strings[data.readUInt32LE(6)] ?? '');
        break;
      case kind.label:
        put(row, column, textOf(data, data.readUInt16LE(6), 8));
        break;
      case kind.number:
        put(row, column, numeric(style, data.readDoubleLE(6)));
        break;
      case kind.rk:
        put(row, column, numeric(style, rkNumber(data.readUInt32LE(6))));
        break;
      case kind.mulRk:
        for (let n = 0; 4 + 6 * (n + 1) <= data.length - 2; n += 1)
          put(row, column + n, numeric(data.readUInt16LE(4 + 6 * n), rkNumber(data.readUInt32LE(6 + 6 * n))));
        break;
      case kind.boolError:
        put(row, column, data[7] === 1 ? (errors[data[6]!] ?? '#VALUE!') : data[6] === 1 ? 'true' : 'false');
        break;
      case kind.formula:
        if (data.readUInt16LE(12) !== 0xffff) put(row, column, numeric(style, data.readDoubleLE(6)));
        else if (data[6] === 0) formula = { row, column };
        else if (data[6] === 1) put(row, column, data[8] === 1 ? 'true' : 'false');
        else if (data[6] === 2) put(row, column, errors[data[8]!] ?? '#VALUE!');
        break;
    }
  }
  flush();
  const filled = merges.count ? [{ code: 'merged-cells', count: merges.count } as const] : [];
  return table.end({ format: 'xls', sheet: name }, [...noticesOf(book.sheets, { name }), ...filled]);
}

function mergesOf(stream: Buffer, at: number): Merges {
  const merges = new Merges();
  for (const { kind: which, data } of records(stream, at)) {
    if (which === kind.end) break;
    if (which !== kind.merges) continue;
    for (let n = 0; n < data.readUInt16LE(0); n += 1) {
      const [top, bottom, left, right] = [0, 2, 4, 6].map((field) =>
        data.readUInt16LE(2 + 8 * n + field),
      ) as [number, number, number, number];
      merges.add(top + 1, left, bottom + 1, right);
    }
  }
  return merges;
}

/** A number packed into 30 bits: a whole one or the upper half of a double, perhaps a hundred times as much. */
function rkNumber(packed: number): number {
  const hundred = (packed & 1) === 1;
  let value: number;
  if (packed & 2) value = packed >> 2;
  else {
    const double = Buffer.alloc(8);
    double.writeUInt32LE((packed & 0xfffffffc) >>> 0, 4);
    value = double.readDoubleLE(0);
  }
  return hundred ? value / 100 : value;
}
