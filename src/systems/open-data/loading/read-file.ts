import { createReadStream } from 'node:fs';
import type { ReadTable } from './read-table.ts';
import { type LoadRule, RuleBook } from './rules.ts';
import { readTextTable } from './text-table.ts';

/** What was said about the file when it was handed over. */
export interface FileOptions {
  readonly rules?: readonly LoadRule[];
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
  const fixes = { ...(skip && { skipRows: skip.rows }), ...(headers && { headerRows: headers.rows }) };
  return readTextTable(() => createReadStream(path, { highWaterMark: 256 * 1024 }), folder, fixes);
}
