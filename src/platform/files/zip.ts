import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

const deflate = promisify<Uint8Array, Buffer>(deflateRaw);

/** A file to be put into an archive. */
export interface ZipEntry {
  /** Path in the archive, with `/`. */
  readonly name: string;
  readonly content: Uint8Array;
  readonly at: Date;
}

/** What one archive may hold without the extension for larger ones, in bytes. */
export const largestZip = 4 * 1024 ** 3 - 64 * 1024 ** 2;

/**
 * Writes a ZIP archive (APPNOTE 6.3) as it goes, one file in memory at a time.
 *
 * @param entries at most 65 535 of them, together at most `largestZip` bytes.
 */
export async function* zip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const name = Buffer.from(entry.name);
    const packed = await deflate(entry.content);
    // What does not become smaller, such as pictures, is stored as it is.
    const isPacked = packed.length < entry.content.length;
    const body = isPacked ? packed : entry.content;
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    // Names are UTF-8.
    about.writeUInt16LE(0x0800, 2);
    about.writeUInt16LE(isPacked ? 8 : 0, 4);
    about.writeUInt32LE(dosTime(entry.at), 6);
    about.writeUInt32LE(crc32(entry.content), 10);
    about.writeUInt32LE(body.length, 14);
    about.writeUInt32LE(entry.content.length, 18);
    about.writeUInt16LE(name.length, 22);
    yield Buffer.concat([signature(0x04034b50), about, name]);
    yield body;
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([signature(0x02014b50), Buffer.from([20, 3]), about, rest, name]));
    offset += 30 + name.length + body.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  yield Buffer.concat([list, signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Date and time as ZIP keeps them, in UTC, to two seconds. */
function dosTime(at: Date): number {
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return ((date << 16) | time) >>> 0;
}
