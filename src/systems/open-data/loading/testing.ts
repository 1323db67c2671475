import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { packZip } from '../checks/zip-writer.ts';
import type { Encoding } from './encoding.ts';
import type { ReadTable } from './read-table.ts';
import { openStageDb, stageRows } from './stage-db.ts';

/** A folder for one load, gone when the test file ends. */
export function loadFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'misto-load-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Numbers from 0 to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 4_294_967_296;
  };
}

/** Bytes of a text in an encoding, with or without its mark. */
export function encode(text: string, encoding: Encoding, mark = false): Buffer {
  if (encoding === 'utf-8') return Buffer.from((mark ? '\ufeff' : '') + text);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
    return encoding === 'utf-16le' ? bytes : bytes.swap16();
  }
  const table = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1)
    table.set(new TextDecoder(encoding).decode(Uint8Array.of(byte)), byte);
  return Buffer.from([...text].map((sign) => table.get(sign) ?? 63));
}

/** Hands bytes out in pieces of a size. */
export function inPiecesOf(bytes: Buffer, size = 64 * 1024): () => AsyncIterable<Uint8Array> {
  return async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
}

/** How a made table is written. */
export interface Writing {
  readonly delimiter: string;
  readonly quote: '"' | "'" | null;
  readonly escape?: 'double' | 'backslash';
  readonly lineEnd: '\n' | '\r\n' | '\r' | 'mixed';
  readonly above?: readonly string[];
  readonly below?: readonly string[];
  readonly trailing?: boolean;
  readonly sep?: boolean;
  readonly spaceAfter?: boolean;
}

const streets = ['Соборна', 'Європейська', 'Їжакевича', 'Шевченка', 'Гоголя', 'Січових Стрільців', 'Юності'];
const kinds = ['яма', 'освітлення', 'сміття', 'вода', 'ґрунт', 'дерево'];

/** A table with known truth: texts with everything that makes trouble, numbers, dates. */
export function madeTable(
  seed: number,
  rows: number,
  hard: boolean,
): { headers: string[]; rows: string[][] } {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  return {
    headers: ['Номер', 'Вулиця', 'Вид звернення', 'Дата', 'Сума', 'Примітка'],
    rows: Array.from({ length: rows }, (_, n) => [
      String(n + 1),
      `вул. ${pick(streets)}, ${1 + Math.floor(random() * 90)}`,
      pick(kinds),
      `${String(1 + Math.floor(random() * 28)).padStart(2, '0')}.0${1 + Math.floor(random() * 9)}.2025`,
      `${Math.floor(random() * 900)},${10 + Math.floor(random() * 90)}`,
      hard
        ? pick([
            '',
            'перший рядок\nдругий',
            'кафе "Затишок"',
            "п'ять; шість, сім",
            'a|b',
            'зворотна \\ риска',
          ])
        : pick(['', 'без приміток', 'повторно']),
    ]),
  };
}

/** Writes a table down in a dialect. */
export function written(table: { headers: string[]; rows: string[][] }, how: Writing): string {
  const { delimiter, quote, escape: escaping = 'double' } = how;
  let line = 0;
  const end = () => {
    line += 1;
    return how.lineEnd === 'mixed' ? (['\n', '\r\n', '\r'] as const)[line % 3]! : how.lineEnd;
  };
  const cell = (text: string) => {
    const special =
      text.includes(delimiter) ||
      /[\r\n]/.test(text) ||
      (quote !== null && text.includes(quote)) ||
      text.includes('"');
    if (!quote || !special) return text;
    const inside =
      escaping === 'double'
        ? text.replaceAll(quote, quote + quote)
        : text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
    return quote + inside + quote;
  };
  const row = (cells: readonly string[]) =>
    cells.map(cell).join(how.spaceAfter ? `${delimiter} ` : delimiter) +
    (how.trailing ? delimiter : '') +
    end();
  return [
    how.sep ? `sep=${delimiter}${end()}` : '',
    ...(how.above ?? []).map((text) => text + end()),
    row(table.headers),
    ...table.rows.map(row),
    ...(how.below ?? []).map((text) => text + end()),
  ].join('');
}

/** The staged cells of a table that was read, nulls as empty texts, and the rows of the file they come from. */
export async function stagedCells(
  table: ReadTable,
  folder: string,
): Promise<{ cells: string[][]; lines: number[] }> {
  const db = await openStageDb(folder);
  try {
    await stageRows(db, table.staged, table.headers.length);
    const rows = await db.rows('select * from raw order by row');
    return {
      cells: rows.map((row) => table.headers.map((_, n) => String(row[`c${n}`] ?? ''))),
      lines: rows.map((row) => Number(row.file_row)),
    };
  } finally {
    db.close();
  }
}

/** A ZIP archive of texts. `sealed` entries say that they have a password. */
export function zipOf(entries: Readonly<Record<string, string | Buffer>>, sealed = false): Buffer {
  const archive = packZip(entries);
  const list = archive.readUInt32LE(archive.length - 6);
  for (
    let at = list;
    sealed && archive.readUInt32LE(at) === 0x02014b50;
    at += 46 + archive.readUInt16LE(at + 28)
  )
    archive.writeUInt16LE(0x0801, at + 8);
  return archive;
}

/** A sheet of a made workbook: rows of the sheet as XML of its cells, and what stands behind them. */
export interface MadeSheet {
  readonly name: string;
  readonly state?: 'hidden' | 'veryHidden';
  readonly rows: string;
  readonly after?: string;
}

/** An XLSX workbook with these sheets. Style 1 is a date, 2 a moment, 3 a time, 4 a number of two places. */
export function xlsxOf(
  sheets: readonly MadeSheet[],
  { strings = [], date1904 = false }: { strings?: readonly string[]; date1904?: boolean } = {},
): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  return zipOf({
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="r"><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets>${sheets
      .map(
        ({ name, state }, n) =>
          `<sheet name="${name}" sheetId="${n + 1}"${state ? ` state="${state}"` : ''} r:id="rId${n + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets
      .map((_, n) => `<Relationship Id="rId${n + 1}" Target="worksheets/sheet${n + 1}.xml"/>`)
      .join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="2"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst>${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    ...Object.fromEntries(
      sheets.map(({ rows, after = '' }, n) => [
        `xl/worksheets/sheet${n + 1}.xml`,
        `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData>${after}</worksheet>`,
      ]),
    ),
  });
}
