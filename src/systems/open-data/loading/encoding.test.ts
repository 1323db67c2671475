import { describe, expect, it } from 'vitest';
import { asUtf8, type Encoding, findEncoding } from './encoding.ts';
import { encode, inPiecesOf, madeTable, written } from './testing.ts';

const text = written(madeTable(7, 60, false), { delimiter: ';', quote: '"', lineEnd: '\n' });
const encodings: Encoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1251', 'koi8-u'];

async function read(bytes: Buffer, size?: number) {
  const open = inPiecesOf(bytes, size);
  const found = await findEncoding(open());
  const pieces: Buffer[] = [];
  for await (const piece of asUtf8(open(), found)) pieces.push(piece);
  return { ...found, text: Buffer.concat(pieces).toString('utf8') };
}

describe('the encoding of a text', () => {
  for (const encoding of encodings)
    it(`is found from its bytes: ${encoding}, in pieces of any size`, async () => {
      for (const size of [1, 3, 100_000])
        expect(await read(encode(text, encoding), size)).toMatchObject({ encoding, text });
    });

  it('is said by a mark of UTF-8 or UTF-16, which is no part of the text', async () => {
    for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const)
      expect(await read(encode(text, encoding, true))).toMatchObject({ encoding, text });
  });

  it('is told by a few words, in capitals as well', async () => {
    for (const words of [
      'Назва;Адреса\nЛікарня;вул. Івана Франка',
      'НАЗВА;АДРЕСА\nЛІКАРНЯ;ВУЛ. ІВАНА ФРАНКА',
    ])
      for (const encoding of ['windows-1251', 'koi8-u'] as const)
        expect(await read(encode(words, encoding))).toMatchObject({ encoding, text: words });
  });

  it('is judged by the whole stream: a late byte of another encoding is found at its offset', async () => {
    const start = Buffer.from(`назва;кількість\n${'сміття;1\n'.repeat(200_000)}`);
    const broken = Buffer.concat([start, encode('вода;5\n', 'windows-1251')]);
    await expect(read(broken)).rejects.toMatchObject({
      kind: 'encoding-mixed',
      detail: { offset: start.length },
    });
    const other = encode('назва;кількість\n'.repeat(100), 'windows-1251');
    const late = Buffer.concat([other, Buffer.from('вода чиста;5\n')]);
    await expect(read(late)).rejects.toMatchObject({
      kind: 'encoding-mixed',
      detail: { offset: other.length },
    });
  });

  it('may have NULs in between, which are taken out and counted', async () => {
    expect(await read(Buffer.from('назва;n\nвода\0\0;1\n'))).toMatchObject({
      text: 'назва;n\nвода;1\n',
      nuls: 2,
    });
  });

  it('is none for a file of zero bytes or of no text, and that is said', async () => {
    await expect(read(Buffer.alloc(0))).rejects.toMatchObject({ kind: 'empty' });
    await expect(read(Buffer.from('\ufeff'))).rejects.toMatchObject({ kind: 'empty' });
    const noise = Buffer.from(Array.from({ length: 999 }, (_, n) => (n * 7) % 32));
    await expect(read(noise)).rejects.toMatchObject({ kind: 'encoding-unknown' });
  });
});
