import { CsvReader, cellsOf, mostColumns } from './csv.ts';
import { type Dialect, findDialect } from './dialect.ts';
import { asUtf8, type Encoding, findEncoding } from './encoding.ts';
import { LoadFault } from './faults.ts';
import { findLayout, type HeadRow, type LayoutFixes } from './layout.ts';
import type { Notice, ReadTable } from './read-table.ts';
import { isBlank, Staging } from './staging.ts';

/** What a publisher or a remembered fix says about a delimited text. */
export interface TextFixes extends LayoutFixes {
  readonly delimiter?: string;
}

/** How much of the text the dialect is judged by, in bytes; rows are as long as they are. */
const headBytes = 256 * 1024;
const headRows = 60;

/**
 * Reads a delimited text of any encoding and dialect into the staged table.
 *
 * @param open opens the bytes anew each time: they are read twice.
 * @param folder where the staged rows go.
 */
export async function readTextTable(
  open: () => AsyncIterable<Uint8Array>,
  folder: string,
  fixes: TextFixes = {},
): Promise<ReadTable> {
  const encoding = await findEncoding(open());
  const pieces = asUtf8(open(), encoding);
  const { head, ended } = await readHead(pieces);
  const whole = wholeLines(head, ended);
  if (whole.toString('utf8').trim() === '') throw new LoadFault('empty');
  const found = findDialect(whole.toString('utf8'));
  const dialect: Dialect = fixes.delimiter ? { ...found, delimiter: fixes.delimiter } : found;
  // The line `sep=;` is a row of its own, and none of the table.
  const declared = dialect.declared ? 1 : 0;
  const first = firstRows(whole, dialect).slice(declared);
  const layout = findLayout(first, fixes);
  if (layout.headers.length === 0) throw new LoadFault('no-table');
  if (first.slice(0, layout.dataFrom).some(({ width }) => width > mostColumns))
    throw new LoadFault('too-wide', { limit: mostColumns });

  const staging = new Staging(folder, layout.headers.length);
  let before = layout.dataFrom + declared;
  const reader = new CsvReader(dialect, (row) => {
    if (before === 0) staging.row(row);
    else if (!isBlank(row)) before -= 1;
  });
  reader.push(head);
  if (!ended) for await (const piece of pieces) reader.push(piece);
  reader.end();
  const staged = staging.end();
  return {
    headers: layout.headers,
    preamble: layout.preamble,
    staged,
    source: {
      format: 'csv',
      encoding: encoding.encoding,
      dialect,
      headerRows: layout.headerRows,
      skippedRows: layout.preamble.length,
    },
    notices: noticesOf(encoding, reader, staged),
  };
}

async function readHead(pieces: AsyncGenerator<Buffer>): Promise<{ head: Buffer; ended: boolean }> {
  const held: Buffer[] = [];
  let size = 0;
  while (size < headBytes) {
    const { value, done } = await pieces.next();
    if (done) return { head: Buffer.concat(held), ended: true };
    held.push(value);
    size += value.length;
  }
  return { head: Buffer.concat(held), ended: false };
}

/** Up to the last line end of the head; all of it when there is none. */
function wholeLines(head: Buffer, ended: boolean): Buffer {
  const some = head.subarray(0, headBytes);
  if (ended && some.length === head.length) return some;
  const end = Math.max(some.lastIndexOf(10), some.lastIndexOf(13));
  return end > 0 ? some.subarray(0, end + 1) : some;
}

/** The first rows with as many cells as may be, and how many they have. */
function firstRows(head: Buffer, dialect: Dialect): (HeadRow & { readonly width: number })[] {
  const rows: (HeadRow & { readonly width: number })[] = [];
  const reader = new CsvReader(dialect, (row) => {
    if (isBlank(row)) return;
    rows.push({ line: row.line, cells: cellsOf(row), width: row.count });
    if (rows.length === headRows) reader.stop();
  });
  reader.push(head);
  reader.end();
  return rows;
}

function noticesOf(
  { nuls }: { encoding: Encoding; nuls: number },
  { faults }: CsvReader,
  staged: { short: number; longEmpty: number; refused: number },
): Notice[] {
  const notices: Notice[] = [];
  if (nuls) notices.push({ code: 'nul-characters', count: nuls });
  if (faults.unclosedCount)
    notices.push({ code: 'unclosed-quote', count: faults.unclosedCount, lines: faults.unclosed });
  if (faults.innerQuotes) notices.push({ code: 'inner-quotes', count: faults.innerQuotes });
  if (staged.short) notices.push({ code: 'short-rows', count: staged.short });
  if (staged.longEmpty) notices.push({ code: 'extra-empty-cells', count: staged.longEmpty });
  if (staged.refused) notices.push({ code: 'long-rows-refused', count: staged.refused });
  return notices;
}
