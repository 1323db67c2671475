import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type FileKind, kindOf, proveDocument } from './kinds.ts';

const office = ['docx', 'xlsx', 'odt', 'pdf', 'p7s'] as const satisfies readonly FileKind[];
const odtType = 'application/vnd.oasis.opendocument.text';

/** A ZIP archive by hand: `stored` entries are not packed. */
function zip(entries: readonly { name: string; content: Buffer | string; stored?: boolean }[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, content, stored } of entries) {
    const plain = Buffer.from(content);
    const packed = stored ? plain : deflateRawSync(plain);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(stored ? 0 : 8, 8);
    head.writeUInt32LE(crc32(plain), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(plain.length, 22);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    head.copy(entry, 10, 8, 28);
    entry.writeUInt32LE(at, 42);
    list.push(entry, Buffer.from(name));
    parts.push(head, Buffer.from(name), packed);
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...list, end]);
}
const docx = (more: Parameters<typeof zip>[0] = []) =>
  zip([
    { name: '[Content_Types].xml', content: '<Types/>' },
    { name: 'word/document.xml', content: '<w/>' },
    ...more,
  ]);

describe('a document', () => {
  it('is known by what is in it', async () => {
    expect(await proveDocument(docx(), office)).toBe('docx');
    const xlsx = zip([
      { name: '[Content_Types].xml', content: '<Types/>' },
      { name: 'xl/workbook.xml', content: '<x/>' },
    ]);
    expect(await proveDocument(xlsx, office)).toBe('xlsx');
    const odt = zip([
      { name: 'mimetype', content: odtType, stored: true },
      { name: 'content.xml', content: '<o/>' },
    ]);
    expect(await proveDocument(odt, office)).toBe('odt');
    expect(kindOf(Buffer.from('3080'.concat('06092a864886f70d010702', '00000000'), 'hex'), office)).toBe(
      'p7s',
    );
    expect(kindOf(Buffer.from('назва;кількість\r\nяма;1\r\n'), ['csv'])).toBe('csv');
  });

  it('that is any other archive, program or has macros is refused', () => {
    const macros = docx([{ name: 'word/vbaProject.bin', content: 'x' }]);
    for (const other of [zip([{ name: 'a.txt', content: 'a' }]), macros, Buffer.from('MZ..................')])
      expect(() => kindOf(other, office)).toThrow(expect.objectContaining({ kind: 'type' }));
    expect(() => kindOf(Buffer.from('a,b\0c,d,e,f,g,h'), ['csv'])).toThrow();
    expect(() => kindOf(Buffer.from('<html><body>a;b;c</body>'), ['csv'])).toThrow(
      expect.objectContaining({ kind: 'polyglot' }),
    );
  });

  it('that unfolds to over a hundred times its size, holds another archive or over a thousand entries is refused', async () => {
    const broken = expect.objectContaining({ kind: 'broken' });
    const bomb = docx([{ name: 'word/big.xml', content: Buffer.alloc(20_000_000) }]);
    expect(bomb.length).toBeLessThan(30_000);
    const before = process.memoryUsage.rss();
    await expect(proveDocument(bomb, office)).rejects.toEqual(broken);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60 * 1024 * 1024);
    await expect(proveDocument(docx([{ name: 'a.zip', content: 'PK' }]), office)).rejects.toEqual(broken);
    const many = Array.from({ length: 1_001 }, (_, n) => ({ name: `word/${n}`, content: '' }));
    await expect(proveDocument(docx(many), office)).rejects.toEqual(broken);
  });

  it('whose list lies about sizes, or that is cut, is refused', async () => {
    const broken = expect.objectContaining({ kind: 'broken' });
    const lying = docx([{ name: 'word/x.xml', content: 'x'.repeat(500) }]);
    const size = lying.lastIndexOf('word/x.xml') - 46 + 24;
    lying.writeUInt32LE(5, size);
    await expect(proveDocument(lying, office)).rejects.toEqual(broken);
    const whole = docx();
    await expect(proveDocument(whole.subarray(0, whole.length - 30), office)).rejects.toEqual(broken);
  });
});
