import type { Archive, ArchiveEntry } from './archive.ts';
import { LoadFault } from './faults.ts';
import { Merges } from './merges.ts';
import type { ReadTable } from './read-table.ts';
import { SheetTable } from './sheet-table.ts';
import { numberText } from './sheet-values.ts';
import { noticesOf, type SheetFixes } from './xlsx.ts';
import { attribute, readXml } from './xml.ts';

/** Cells of the first table of an OpenDocument sheet that has any, or of the one that was chosen. @throws LoadFault */
export async function readOdsTable(
  archive: Archive,
  folder: string,
  fixes: SheetFixes = {},
): Promise<ReadTable> {
  const content = archive.find('content.xml');
  if (!content) throw new LoadFault('workbook-broken');
  await mustBeOpen(archive);
  const sheets = await sheetsOf(archive, content);
  const chosen = fixes.sheet
    ? sheets.find(({ name }) => name === fixes.sheet)
    : (sheets.find(({ hidden, filled }) => !hidden && filled) ?? sheets.find(({ hidden }) => !hidden));
  if (!chosen)
    throw new LoadFault('sheet-choose', {
      names: sheets.filter(({ hidden }) => !hidden).map(({ name }) => name),
    });
  return readSheet(archive, content, sheets.indexOf(chosen), sheets, folder, fixes);
}

/** A password shows in the list of the parts. */
async function mustBeOpen(archive: Archive): Promise<void> {
  const manifest = archive.find('META-INF/manifest.xml');
  if (!manifest) return;
  let sealed = false;
  await readXml(archive.read(manifest), {
    open: (name) => {
      if (name === 'encryption-data' || name === 'encrypted-key') sealed = true;
    },
  });
  if (sealed) throw new LoadFault('password');
}

interface Sheet {
  readonly name: string;
  readonly hidden: boolean;
  filled: boolean;
}

async function sheetsOf(archive: Archive, content: ArchiveEntry): Promise<Sheet[]> {
  const sheets: Sheet[] = [];
  const hiddenStyles = new Set<string>();
  let style = '';
  let cell = false;
  await readXml(archive.read(content), {
    open: (name, attributes, empty) => {
      if (name === 'style') style = attribute(attributes, 'name') ?? '';
      else if (name === 'table-properties' && attribute(attributes, 'display') === 'false')
        hiddenStyles.add(style);
      else if (name === 'table')
        sheets.push({
          name: attribute(attributes, 'name') ?? '',
          hidden: hiddenStyles.has(attribute(attributes, 'style-name') ?? ''),
          filled: false,
        });
      else if (name === 'table-cell') cell = !empty;
    },
    text: (text) => {
      if (cell && sheets.length && text.trim() !== '') sheets.at(-1)!.filled = true;
    },
    close: (name) => {
      if (name === 'table-cell') cell = false;
    },
  });
  return sheets;
}

/** Columns beyond this are not looked at. */
const mostRead = 1_600;
/** A filled row that repeats more often than this is a style, not data. */
const mostRepeats = 100_000;

async function readSheet(
  archive: Archive,
  content: ArchiveEntry,
  wanted: number,
  sheets: readonly Sheet[],
  folder: string,
  fixes: SheetFixes,
): Promise<ReadTable> {
  const table = new SheetTable(folder, fixes);
  const merges = new Merges();
  let sheet = -1;
  let line = 0;
  let rowRepeats = 1;
  let cells: string[] = [];
  let repeats = 1;
  let value: string | null = null;
  let text = '';
  let paragraphs = 0;
  let depth = 0;
  let inNote = false;
  await readXml(archive.read(content), {
    open: (name, attributes, empty) => {
      if (name === 'table') sheet += 1;
      if (sheet !== wanted) return;
      switch (name) {
        case 'table-row':
          rowRepeats = Number(attribute(attributes, 'number-rows-repeated') ?? 1);
          cells = [];
          break;
        case 'table-cell':
        case 'covered-table-cell': {
          repeats = Number(attribute(attributes, 'number-columns-repeated') ?? 1);
          value = typedValue(attributes);
          text = '';
          paragraphs = 0;
          const [columns, rows] = ['number-columns-spanned', 'number-rows-spanned'].map((span) =>
            Number(attribute(attributes, span) ?? 1),
          ) as [number, number];
          if (columns > 1 || rows > 1)
            merges.add(line + 1, cells.length, line + rows, cells.length + columns - 1);
          break;
        }
        case 'p':
          if (!inNote && paragraphs > 0) text += '\n';
          paragraphs += 1;
          depth += empty ? 0 : 1;
          break;
        case 's':
          if (!inNote) text += ' '.repeat(Math.min(Number(attribute(attributes, 'c') ?? 1), 1_000));
          break;
        case 'annotation':
          inNote = !empty;
          break;
      }
    },
    text: (piece) => {
      if (sheet === wanted && depth > 0 && !inNote) text += piece;
    },
    close: (name) => {
      if (sheet !== wanted) return;
      switch (name) {
        case 'p':
          depth = Math.max(0, depth - 1);
          break;
        case 'annotation':
          inNote = false;
          text = '';
          paragraphs = 0;
          break;
        case 'table-cell':
        case 'covered-table-cell': {
          const cell = value ?? text;
          const count = Math.min(repeats, mostRead - cells.length);
          for (let n = 0; n < count; n += 1) cells.push(cell);
          break;
        }
        case 'table-row': {
          const isFilled = cells.some((cell) => cell !== '');
          const times = isFilled ? Math.min(rowRepeats, mostRepeats) : 1;
          for (let n = 1; n <= times; n += 1) table.row(line + n, merges.fill(line + n, [...cells]));
          line += rowRepeats;
          break;
        }
      }
    },
  });
  const filled = merges.count ? [{ code: 'merged-cells', count: merges.count } as const] : [];
  return table.end({ format: 'ods', sheet: sheets[wanted]!.name }, [
    ...noticesOf(sheets, sheets[wanted]!),
    ...filled,
  ]);
}

/** The value behind what a cell shows: numbers, dates, times, truth; null: its text is its value. */
function typedValue(attributes: string): string | null {
  switch (attribute(attributes, 'value-type')) {
    case 'float':
    case 'percentage':
    case 'currency':
      return numberText(attribute(attributes, 'value') ?? '');
    case 'date':
      return (attribute(attributes, 'date-value') ?? '').replace(/T00:00:00(\.0+)?$/, '');
    case 'boolean':
      return attribute(attributes, 'boolean-value') ?? '';
    case 'time': {
      const parts = /^PT(\d+)H(\d+)M(\d+)/.exec(attribute(attributes, 'time-value') ?? '');
      return parts
        ? parts
            .slice(1)
            .map((part) => part.padStart(2, '0'))
            .join(':')
        : null;
    }
    default:
      return null;
  }
}
