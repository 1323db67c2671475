import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Archive } from './archive.ts';
import { LoadFault } from './faults.ts';
import { readHtmlTable } from './html-table.ts';
import { readJsonTable } from './json-table.ts';
import { readOdsTable } from './ods.ts';
import { readParquetTable } from './parquet-table.ts';
import type { ReadTable } from './read-table.ts';
import { type LoadRule, RuleBook } from './rules.ts';
import { readTextTable } from './text-table.ts';
import type { Box } from './typed-table.ts';
import { readXlsTable } from './xls.ts';
import { readXlsxTable, type SheetFixes } from './xlsx.ts';

/** What was said about the file when it was handed over. */
export interface FileOptions {
  readonly rules?: readonly LoadRule[];
  /** Name of the sheet of a workbook. */
  readonly sheet?: string;
  /** Where swapped coordinates are told by. */
  readonly city?: Box | null;
  /** Name of the file inside an archive. */
  readonly entry?: string;
}

/**
 * Reads the table out of a file of any kind; what it is, its content says, not its name.
 *
 * @param folder where the staged rows and unpacked files go.
 * @throws LoadFault
 */
export async function readFileTable(
  path: string,
  folder: string,
  options: FileOptions = {},
): Promise<ReadTable> {
  const book = new RuleBook(options.rules ?? []);
  const skip = book.table('skip-rows');
  const headers = book.table('header-rows');
  const sheet = options.sheet ?? book.table('sheet')?.name;
  const entry = options.entry ?? book.table('entry')?.name;
  const fixes: Fixes = {
    city: options.city ?? null,
    ...(skip && { skipRows: skip.rows }),
    ...(headers && { headerRows: headers.rows }),
    ...(sheet && { sheet }),
  };
  return readAny(path, folder, fixes, entry, 0);
}

interface Fixes extends SheetFixes {
  readonly city: Box | null;
}

async function readAny(
  path: string,
  folder: string,
  fixes: Fixes,
  entry: string | undefined,
  depth: number,
): Promise<ReadTable> {
  const head = await firstBytes(path);
  const start = head.toString('latin1', 0, 8);
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06'))
    return readZip(path, folder, fixes, entry, depth);
  if (start === '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1') return readXlsTable(await wholeFile(path), folder, fixes);
  if (start.startsWith('PAR1')) return readParquetTable(path, folder);
  if (start.startsWith('\x1f\x8b')) {
    if (depth > 0) throw new LoadFault('archive-no-table');
    const inside = join(folder, 'unpacked');
    await gunzip(path, inside);
    return readAny(inside, folder, fixes, undefined, depth + 1);
  }
  const text = head
    .toString('latin1')
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .trimStart();
  const read = () => createReadStream(path, { highWaterMark: 256 * 1024 });
  if (/^(<!doctype html|<html|<table|<meta|<head)/i.test(text)) return readHtmlTable(read, folder, fixes);
  if (/^[[{]\s*([[{"}\]\d]|$)/.test(text.replaceAll('\0', '')))
    return readJsonTable(read, folder, fixes, fixes.city);
  return readTextTable(read, folder, fixes);
}

/** Old workbooks are read whole: their format ends at 65,536 rows. */
async function wholeFile(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > largestOldWorkbook) throw new LoadFault('too-large', { limit: largestOldWorkbook });
  return readFile(path);
}
const largestOldWorkbook = 200 * 1024 * 1024;

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const bytes = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const mostUnpacked = 2 * 1024 ** 3;
const highestRatio = 100;

async function gunzip(path: string, to: string): Promise<void> {
  let packed = 0;
  let size = 0;
  const source = createReadStream(path);
  source.on('data', (piece) => {
    packed += piece.length;
  });
  try {
    await pipeline(
      source,
      createGunzip(),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          size += piece.length;
          if (size > mostUnpacked || size > Math.max(packed, 10_240) * highestRatio)
            throw new LoadFault('archive-bomb');
          yield piece;
        }
      },
      createWriteStream(to),
    );
  } catch (error) {
    throw error instanceof LoadFault ? error : new LoadFault('archive-broken');
  }
}

/** Files that may be tables, by their names: inside an archive there is nothing else to choose by. */
const tables = /\.(csv|tsv|txt|tab|xlsx|xlsm|xls|ods|json|ndjson|jsonl|geojson|html?|parquet)$/i;
const clutter = /(^|\/)(__MACOSX\/|\.|Thumbs\.db|desktop\.ini)/i;

async function readZip(
  path: string,
  folder: string,
  fixes: Fixes,
  wanted: string | undefined,
  depth: number,
): Promise<ReadTable> {
  const archive = await Archive.open(path);
  try {
    if (archive.find('xl/workbook.xml')) return await readXlsxTable(archive, folder, fixes);
    const type = archive.find('mimetype');
    if (type && archive.find('content.xml')) return await readOdsTable(archive, folder, fixes);
    if (depth > 0) throw new LoadFault('archive-no-table');
    const files = archive.entries.filter(
      ({ name, size }) => size > 0 && tables.test(name) && !clutter.test(name),
    );
    const chosen = wanted ? files.filter(({ name }) => name === wanted) : files;
    if (files.length === 0) throw new LoadFault('archive-no-table');
    // None of that name: the archive has changed, and the publisher chooses anew.
    if (chosen.length !== 1) throw new LoadFault('archive-choose', { names: files.map(({ name }) => name) });
    const inside = join(folder, 'unpacked');
    await pipeline(archive.read(chosen[0]!), createWriteStream(inside));
    const table = await readAny(inside, folder, fixes, undefined, depth + 1);
    return { ...table, source: { ...table.source, entry: chosen[0]!.name } };
  } finally {
    await archive.close();
  }
}
