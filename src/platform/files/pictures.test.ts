import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sayFault } from './faults.ts';
import { kindOf, pictureKinds } from './kinds.ts';
import { cleanPicture } from './pictures.ts';
import { photo, snapshot } from './testing.ts';

describe('a picture', () => {
  it('is turned upright before its metadata goes, and nothing of the camera stays', async () => {
    const bytes = await photo(40, 30);
    expect(bytes.includes('Camera-of-Olena')).toBe(true);
    const { picture, small, taken } = await cleanPicture(bytes);
    expect([picture.width, picture.height]).toEqual([30, 40]);
    expect(taken).toEqual(snapshot);
    for (const { content } of [picture, small]) {
      const about = await sharp(content).metadata();
      expect([about.exif, about.icc, about.xmp, about.orientation]).toEqual(Array(4).fill(undefined));
      expect(content.includes('Camera-of-Olena')).toBe(false);
      expect(content.includes('Exif')).toBe(false);
    }
  });

  it('is made smaller, never larger, and small enough for lists', async () => {
    const { picture, small } = await cleanPicture(await photo(3000, 1500));
    // Turned by its flag.
    expect([picture.width, picture.height]).toEqual([1024, 2048]);
    expect([small.width, small.height]).toEqual([240, 480]);
    expect((await cleanPicture(await photo(8, 6))).small.width).toBe(6);
  });

  it('with transparency lies on white', async () => {
    const clear = await sharp({
      create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .webp()
      .toBuffer();
    const { picture } = await cleanPicture(clear);
    expect([...(await sharp(picture.content).raw().toBuffer()).subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('of 200 megapixels, however few its bytes, is refused in bounded memory', async () => {
    const bomb = blankPng(20_000, 10_000);
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage.rss();
    await expect(cleanPicture(bomb)).rejects.toMatchObject({ kind: 'pixels' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 1024 * 1024);
  });

  it('that ends too early, or only begins like one, is refused', async () => {
    const whole = await photo(400, 300);
    await expect(cleanPicture(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({ kind: 'broken' });
    const pretended = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(100, 'x')]);
    await expect(cleanPicture(pretended)).rejects.toMatchObject({ kind: 'broken' });
  });

  it('that is also a page, a document or an archive is refused', async () => {
    const whole = await photo();
    const zipEnd = Buffer.from('504b0506'.padEnd(44, '0'), 'hex');
    await expect(cleanPicture(Buffer.concat([whole, zipEnd]))).rejects.toMatchObject({ kind: 'polyglot' });
    for (const hidden of ['%PDF-1.7', '<script>alert(1)</script>', '<?php system($_GET[0]) ?>']) {
      // A comment segment right after the start of the image.
      const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, hidden.length + 2]), Buffer.from(hidden)]);
      const two = Buffer.concat([whole.subarray(0, 2), comment, whole.subarray(2)]);
      await expect(cleanPicture(two)).rejects.toMatchObject({ kind: 'polyglot' });
    }
  });

  it('as HEIC is refused with advice what to do', () => {
    const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
    expect(() => kindOf(heic, pictureKinds)).toThrow(expect.objectContaining({ kind: 'heic' }));
    expect(sayFault('uk', 'IMG_1.HEIC', 'heic')).toContain('Найбільш сумісний');
  });

  it('is known by its content: names and other kinds do not count', () => {
    for (const other of [
      'GIF89a, the whole of it',
      'BM and so on......',
      '<svg xmlns="x"></svg>',
      'MZ......................',
      '',
    ])
      expect(() => kindOf(Buffer.from(other), pictureKinds)).toThrow(
        expect.objectContaining({ kind: 'type' }),
      );
    expect(() => kindOf(Buffer.from('%PDF-1.7 and the rest'), pictureKinds)).toThrow();
    expect(kindOf(Buffer.from('%PDF-1.7 and the rest'), ['pdf'])).toBe('pdf');
  });
});

/** A valid PNG of one colour, built by hand: no library would draw one this large for us. */
function blankPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height), { level: 9 });
  const chunk = (type: string, data: Buffer) => {
    const out = Buffer.alloc(data.length + 12);
    out.writeUInt32BE(data.length, 0);
    out.write(type, 4, 'latin1');
    data.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
    return out;
  };
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
