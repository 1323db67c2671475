// Keeps: files that are made to break the reader end with a reason, in little time and memory (open-data.md 11).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LoadFault } from './faults.ts';
import { readFileTable } from './read-file.ts';
import { loadFolder, xlsxOf, zipOf } from './testing.ts';

const folder = loadFolder();

/** @returns why the file was not read; `read` when it was. */
async function fault(bytes: Buffer | string): Promise<string> {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  try {
    await readFileTable(path, folder);
    return 'read';
  } catch (error) {
    if (error instanceof LoadFault) return error.kind;
    throw error;
  }
}
const sheet = (rows: string) => xlsxOf([{ name: 'a', rows }]);
const cell = (text: string) => `<row r="1"><c r="A1" t="inlineStr"><is><t>${text}</t></is></c></row>`;
const million = 1_000_000;
/** Text that does not pack well, so that no archive is a bomb by it. */
const noise = (length: number) =>
  Array.from({ length }, (_, n) => ((n * 2_654_435_761) % 4_294_967_296).toString(36)).join('');

const cells = (count: number) =>
  Array.from({ length: count }, (_, n) => `<c><v>${(n * 2_654_435_761) % 4_294_967_296}</v></c>`).join('');
const deep = (count: number) =>
  Array.from({ length: count }, (_, n) => `<c s="${(n * 2_654_435_761) % 4_294_967_296}">`).join('');

describe('a file made to break the reader', () => {
  it.each<[string, () => Buffer | string, string]>([
    ['a CSV of a million columns', () => `${'a,'.repeat(million)}a\n1\n`, 'too-wide'],
    ['a sheet of 200,000 columns', () => sheet(`<row r="1">${cells(200_000)}</row>`), 'too-wide'],
    [
      'a sheet with a cell beyond its last column',
      () => sheet('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>'),
      'empty',
    ],
    [
      'a JSON of 200,000 keys',
      () => JSON.stringify([Object.fromEntries(Array.from({ length: 200_000 }, (_, n) => [`k${n}`, 1]))]),
      'too-wide',
    ],
    ['XML 200,000 elements deep', () => sheet(`<row r="1">${deep(200_000)}`), 'empty'],
    [
      'entities that grow',
      () => zipOf({ 'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a "aa">]><workbook/>' }),
      'doctype',
    ],
    [
      'an entity that reads a file',
      () =>
        zipOf({
          'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>',
        }),
      'doctype',
    ],
    ['a tag without an end', () => sheet(`<row r="1" ${noise(400_000)}`), 'workbook-broken'],
    ['a text without an end', () => sheet(cell(noise(400_000))), 'workbook-broken'],
    ['a pack of zeros', () => gzipSync(Buffer.alloc(50_000_000)), 'archive-bomb'],
    ['a workbook of zeros', () => sheet(cell('0'.repeat(50_000_000))), 'archive-bomb'],
  ])('%s ends with a reason', async (_, make, kind) => {
    expect(await fault(make())).toBe(kind);
  });

  it('JSON nested a million deep ends with a reason', async () => {
    expect(await fault(`[${'['.repeat(million)}`)).toMatch(/^json-/);
    expect(await fault(`[{"a":${'{"a":'.repeat(million)}`)).toMatch(/^json-|^too-/);
  });
});
