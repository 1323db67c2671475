import type { Archive, ArchiveEntry } from './archive.ts';
import { LoadFault } from './faults.ts';
import type { LayoutFixes } from './layout.ts';
import { Merges } from './merges.ts';
import type { Notice, ReadTable } from './read-table.ts';
import { SheetTable } from './sheet-table.ts';
import { dateKindOf, numberText, serialText } from './sheet-values.ts';
import { attribute, readXml } from './xml.ts';

/** What a publisher says about a workbook. */
export interface SheetFixes extends LayoutFixes {
  /** Name of the sheet; not given: the first that is shown and holds something. */
  readonly sheet?: string;
}

interface Sheet {
  readonly name: string;
  readonly hidden: boolean;
  readonly entry: ArchiveEntry;
}

/** Cells of the first sheet that has any, or of the one that was chosen. @throws LoadFault */
export async function readXlsxTable(
  archive: Archive,
  folder: string,
  fixes: SheetFixes = {},
): Promise<ReadTable> {
  const { sheets, from1904 } = await readWorkbook(archive);
  const shown = sheets.filter(({ hidden }) => !hidden);
  const chosen = fixes.sheet ? sheets.filter(({ name }) => name === fixes.sheet) : shown;
  if (chosen.length === 0) throw new LoadFault('sheet-choose', { names: shown.map(({ name }) => name) });
  const kinds = await readStyles(archive);
  const strings = await readStrings(archive);
  for (const [n, sheet] of chosen.entries()) {
    const notices = noticesOf(sheets, sheet);
    try {
      return await readSheet(archive, sheet, { kinds, strings, from1904 }, folder, fixes, notices);
    } catch (error) {
      // An empty sheet before the table is no fault of the file.
      if (!(error instanceof LoadFault && error.kind === 'empty') || n === chosen.length - 1) throw error;
    }
  }
  throw new LoadFault('empty');
}

/** What readers of workbooks say of the other sheets. */
export function noticesOf(
  sheets: readonly { readonly name: string; readonly hidden: boolean }[],
  chosen: { readonly name: string },
): Notice[] {
  const hidden = sheets.filter((sheet) => sheet.hidden && sheet.name !== chosen.name).map(({ name }) => name);
  const others = sheets
    .filter((sheet) => !sheet.hidden && sheet.name !== chosen.name)
    .map(({ name }) => name);
  return [
    ...(hidden.length ? [{ code: 'hidden-sheets', count: hidden.length, names: hidden } as const] : []),
    ...(others.length ? [{ code: 'other-sheets', count: others.length, names: others } as const] : []),
  ];
}

async function readWorkbook(archive: Archive): Promise<{ sheets: Sheet[]; from1904: boolean }> {
  const workbook = archive.find('xl/workbook.xml');
  if (!workbook) throw new LoadFault('workbook-broken');
  const targets = new Map<string, string>();
  const relations = archive.find('xl/_rels/workbook.xml.rels');
  if (relations)
    await readXml(archive.read(relations), {
      open: (name, attributes) => {
        if (name === 'Relationship')
          targets.set(attribute(attributes, 'Id') ?? '', attribute(attributes, 'Target') ?? '');
      },
    });
  const sheets: Sheet[] = [];
  let from1904 = false;
  await readXml(archive.read(workbook), {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '');
      if (name !== 'sheet') return;
      const target =
        targets.get(attribute(attributes, 'id') ?? '') ?? `worksheets/sheet${sheets.length + 1}.xml`;
      const entry = archive.find(target.startsWith('/') ? target : `xl/${target}`);
      const state = attribute(attributes, 'state');
      if (entry && /worksheets\//.test(entry.name))
        sheets.push({
          name: attribute(attributes, 'name') ?? '',
          hidden: state !== null && state !== 'visible',
          entry,
        });
    },
  });
  if (sheets.length === 0) throw new LoadFault('workbook-broken');
  return { sheets, from1904 };
}

/** For each style of cells whether it shows dates or times. */
async function readStyles(archive: Archive): Promise<('date' | 'time' | null)[]> {
  const entry = archive.find('xl/styles.xml');
  const kinds: ('date' | 'time' | null)[] = [];
  if (!entry) return kinds;
  const codes = new Map<number, string>();
  let cells = false;
  await readXml(archive.read(entry), {
    open: (name, attributes) => {
      if (name === 'numFmt')
        codes.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
      else if (name === 'cellXfs') cells = true;
      else if (name === 'xf' && cells) {
        const id = Number(attribute(attributes, 'numFmtId') ?? 0);
        kinds.push(dateKindOf(id, codes.get(id)));
      }
    },
    close: (name) => {
      if (name === 'cellXfs') cells = false;
    },
  });
  return kinds;
}

/** Shared strings: runs of a rich text together, phonetic ones not. */
async function readStrings(archive: Archive): Promise<string[]> {
  const entry = archive.find('xl/sharedStrings.xml');
  const strings: string[] = [];
  if (!entry) return strings;
  let text: string | null = null;
  let inText = false;
  let phonetic = false;
  await readXml(archive.read(entry), {
    open: (name, _, empty) => {
      if (name === 'si') text = '';
      else if (name === 't') inText = !empty;
      else if (name === 'rPh') phonetic = !empty;
    },
    text: (piece) => {
      if (inText && !phonetic && text !== null) text += piece;
    },
    close: (name) => {
      if (name === 't') inText = false;
      else if (name === 'rPh') phonetic = false;
      else if (name === 'si') strings.push(unescapedControls(text ?? ''));
    },
  });
  return strings;
}

/** `_x000D_` is how a workbook writes a carriage return. */
const unescapedControls = (text: string) =>
  text.includes('_x')
    ? text
        .replace(/_x([0-9A-F]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
        .replaceAll('\0', '')
    : text;

interface Values {
  readonly kinds: readonly ('date' | 'time' | null)[];
  readonly strings: readonly string[];
  readonly from1904: boolean;
}

async function readSheet(
  archive: Archive,
  { name, entry }: Sheet,
  values: Values,
  folder: string,
  fixes: LayoutFixes,
  notices: readonly Notice[],
): Promise<ReadTable> {
  const merges = await readMerges(archive, entry);
  const table = new SheetTable(folder, fixes);
  let cells: string[] = [];
  let line = 0;
  let column = 0;
  let type = '';
  let style = 0;
  let value = '';
  let reading = false;
  let phonetic = false;
  await readXml(archive.read(entry), {
    open: (tag, attributes, empty) => {
      switch (tag) {
        case 'row':
          line = Number(attribute(attributes, 'r') ?? line + 1);
          cells = [];
          column = -1;
          break;
        case 'c': {
          const reference = attribute(attributes, 'r');
          column = reference ? columnOf(reference) : column + 1;
          type = attribute(attributes, 't') ?? 'n';
          style = Number(attribute(attributes, 's') ?? 0);
          value = '';
          break;
        }
        case 'v':
        case 't':
          reading = !empty;
          break;
        case 'rPh':
          phonetic = !empty;
          break;
      }
    },
    text: (piece) => {
      if (reading && !phonetic) value += piece;
    },
    close: (tag) => {
      switch (tag) {
        case 'v':
        case 't':
          reading = false;
          break;
        case 'rPh':
          phonetic = false;
          break;
        case 'c':
          if (value !== '' && column <= mostRead) {
            while (cells.length < column) cells.push('');
            cells[column] = cellText(value, type, values.kinds[style] ?? null, values);
          }
          break;
        case 'row':
          table.row(line, merges.fill(line, cells));
          break;
      }
    },
  });
  const filled = merges.count ? [{ code: 'merged-cells', count: merges.count } as const] : [];
  return table.end({ format: 'xlsx', sheet: name }, [...notices, ...filled]);
}

/** Columns beyond this are not looked at; the table is refused for its width before. */
const mostRead = 1_600;

function cellText(
  value: string,
  type: string,
  kind: 'date' | 'time' | null,
  { strings, from1904 }: Values,
): string {
  switch (type) {
    case 's':
      return strings[Number(value)] ?? '';
    case 'b':
      return value === '1' ? 'true' : 'false';
    case 'n':
      return kind ? serialText(Number(value), kind, from1904) : numberText(value);
    case 'd':
      return value.replace(/T00:00:00(\.0+)?Z?$/, '');
    case 'inlineStr':
    case 'str':
      return unescapedControls(value);
    default:
      return value;
  }
}

/** Column of a reference such as `AB12`, from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}

/** Merged cells stand behind the cells in the file, so the sheet is gone through once for them. */
async function readMerges(archive: Archive, entry: ArchiveEntry): Promise<Merges> {
  const merges = new Merges();
  const decoder = new TextDecoder('latin1');
  let found = false;
  let rest = '';
  for await (const piece of archive.read(entry)) {
    rest += decoder.decode(piece);
    if (!found) {
      const at = rest.indexOf('mergeCells');
      found = at >= 0;
      rest = found ? rest.slice(at) : rest.slice(-16);
    }
    if (!found) continue;
    const end = rest.lastIndexOf('>');
    for (const [, from, to] of rest.slice(0, end + 1).matchAll(/ref="([A-Z]+\d+):([A-Z]+\d+)"/g))
      merges.add(rowOf(from!), columnOf(from!), rowOf(to!), columnOf(to!));
    rest = rest.slice(end + 1);
  }
  return merges;
}

const rowOf = (reference: string) => Number(/\d+/.exec(reference)![0]);
