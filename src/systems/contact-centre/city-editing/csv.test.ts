import { expect, it } from 'vitest';
import { csvRows, delimiterOf, encodingOf, type ReadRow } from './csv.ts';

async function* inPieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
async function read(text: string, delimiter = ',', size = 3): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of csvRows(inPieces(text, size), delimiter)) rows.push(row);
  return rows;
}
const bytes = (data: Uint8Array<ArrayBuffer>) => () => new Blob([data]).stream();

it.each([1, 2, 3, 1000])('rows are the same in pieces of %i characters', async (size) => {
  const rows = await read('a,b\r\n"x, ""y""\r\nz",2\r\n\r\nlast,', ',', size);
  expect(rows.map(({ line, cells }) => [line, cells])).toEqual([
    [1, ['a', 'b']],
    [2, ['x, "y"\r\nz', '2']],
    [5, ['last', '']],
  ]);
});

it('lines are counted whatever ends them', async () => {
  for (const end of ['\n', '\r\n', '\r'])
    expect((await read(['a', 'b', 'c'].join(end))).map(({ line }) => line)).toEqual([1, 2, 3]);
});

it('a quotation mark that is never closed spoils its own row and no other', async () => {
  const rows = await read(`a\n"never closed ${'x'.repeat(200_000)}\nnext\n`, ',', 50_000);
  expect(rows.map(({ line, fault }) => [line, fault])).toEqual([
    [1, null],
    [2, 'long'],
    [3, null],
  ]);
  expect(rows.every(({ cells }) => cells.join('').length < 101_000)).toBe(true);
  expect((await read('a\n"open')).at(-1)?.fault).toBe('quote');
});

it('the delimiter is what parts the head most often, outside quotes', () => {
  expect(delimiterOf('id;name;"a,b,c,d"')).toBe(';');
  expect(delimiterOf('id\tname')).toBe('\t');
  expect(delimiterOf('id')).toBe(';');
});

it('a file is UTF-8 only if all of it is', async () => {
  expect(await encodingOf(bytes(new TextEncoder().encode('Їжак')))).toBe('utf-8');
  const late = new Uint8Array(300_000).fill(97);
  late[299_999] = 0xbf;
  expect(await encodingOf(bytes(late))).toBe('windows-1251');
});
