import { describe, expect, it } from 'vitest';
import { namesInArchive, proveArchive } from './archive.ts';
import { type ZipEntry, zip } from './zip.ts';

async function* files(): AsyncGenerator<ZipEntry> {
  const at = new Date('2026-11-24T10:00:00Z');
  yield { name: 'index.html', content: Buffer.from('<p>Привіт</p>'.repeat(100)), at };
  yield { name: 'files/1-фото.jpg', content: Buffer.from([1, 2, 3]), at };
  yield { name: 'empty.txt', content: new Uint8Array(), at };
}

describe('a ZIP archive that we write', () => {
  it('opens: names in Ukrainian, what shrinks is packed, what does not is stored', async () => {
    const pieces: Uint8Array[] = [];
    for await (const piece of zip(files())) pieces.push(piece);
    const archive = Buffer.concat(pieces);
    expect(namesInArchive(archive)).toEqual(['index.html', 'files/1-фото.jpg', 'empty.txt']);
    await proveArchive(archive);
    expect(archive.length).toBeLessThan(700);
  });
});
