/** A row of a file: where it begins, its cells, and what could not be read of it. */
export interface ReadRow {
  /** Number of its first line, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly fault: RowFault | null;
}

export type RowFault = 'quote' | 'cells' | 'long' | 'geometry' | 'json';

/** Where bytes come from; asked twice, since the encoding is only sure at the end. */
export type Bytes = () => ReadableStream<Uint8Array>;

export type Encoding = 'utf-8' | 'windows-1251';

/** UTF-8 if all of the file is; otherwise the encoding of old Ukrainian office programs. Reads the whole file, keeps none of it. */
export async function encodingOf(bytes: Bytes): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of bytes()) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return 'utf-8';
  } catch {
    return 'windows-1251';
  }
}

/** The text of a file in pieces, without its byte order mark. */
export async function* textOf(bytes: Bytes, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes()) {
    const text = decoder.decode(chunk, { stream: true });
    if (text) yield text;
  }
  const rest = decoder.decode();
  if (rest) yield rest;
}

const delimiters = [';', ',', '\t', '|'] as const;

/** The character that parts the cells of a first line most often, outside quotes. */
export function delimiterOf(firstLine: string): string {
  const bare = firstLine.replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

/** Characters that a row may have at most: a quote that is never closed must not swallow the file. */
const longestRow = 100_000;

/**
 * The rows of a delimited file (RFC 4180; line ends of any system), one at a time: memory holds one piece of the file and
 * one row. Empty lines are left out.
 */
export async function* csvRows(pieces: AsyncIterable<string>, delimiter: string): AsyncGenerator<ReadRow> {
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let closed = false;
  let before = '';
  let line = 1;
  let start = 1;
  let length = 0;
  let fault: RowFault | null = null;
  const end = (): ReadRow | null => {
    const row = { line: start, cells: [...cells, cell], fault };
    const isEmpty = cells.length === 0 && cell.trim() === '' && fault === null;
    cells = [];
    cell = '';
    closed = false;
    length = 0;
    fault = null;
    return isEmpty ? null : row;
  };
  for await (const piece of pieces) {
    for (const character of piece) {
      const isBreak = character === '\n' || character === '\r';
      const isSecondOfBreak = character === '\n' && before === '\r';
      if (isBreak && !isSecondOfBreak) line += 1;
      before = character;
      length += 1;
      if (quoted && length <= longestRow) {
        if (character === '"') {
          quoted = false;
          closed = true;
        } else cell += character;
        continue;
      }
      if (quoted) {
        // Too long to be meant: the quote is taken as never closed, and reading goes on with the next line.
        fault = 'long';
        quoted = false;
        cell = cell.slice(0, 200);
      }
      if (isBreak) {
        if (!isSecondOfBreak) {
          const row = end();
          if (row) yield row;
        }
        start = line;
      } else if (character === '"' && closed) {
        cell += '"';
        quoted = true;
        closed = false;
      } else if (character === '"' && cell === '') quoted = true;
      else if (character === delimiter) {
        cells.push(cell);
        cell = '';
        closed = false;
      } else if (length > longestRow) fault = 'long';
      else cell += character;
    }
  }
  if (quoted) fault = 'quote';
  const row = end();
  if (row) yield row;
}
