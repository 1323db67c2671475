import { createInflateRaw } from 'node:zlib';
import { FileFault } from './faults.ts';

/** One file inside an archive, as the archive's own list says. Sizes in bytes. */
interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

const mostEntries = 1_000;
const highestRatio = 100;
/** What all entries may unfold to, in bytes. */
const mostUnfolded = 200 * 1024 * 1024;
const archives = /\.(zip|docx|xlsx|pptx|odt|ods|jar|rar|7z|gz)$/i;

/** The names in a ZIP archive (APPNOTE 6.3). @throws FileFault `broken` for what cannot be read or lists over 1,000. */
export function namesInArchive(bytes: Buffer): readonly string[] {
  return entriesOf(bytes).map(({ name }) => name);
}

/**
 * Unfolds an archive without keeping anything, to know that it is what it says.
 *
 * @throws FileFault `broken`: damaged, encrypted, over 1,000 entries, over a hundred times its packed size, or with an
 *   archive inside.
 */
export async function proveArchive(bytes: Buffer): Promise<void> {
  let unfolded = 0;
  for (const entry of entriesOf(bytes)) {
    if (archives.test(entry.name)) throw new FileFault('broken', { entry: 'an archive in an archive' });
    const packed = contentOf(bytes, entry);
    const limit = Math.min(mostUnfolded - unfolded, Math.max(entry.packed, 1024) * highestRatio);
    const size = entry.method === 0 ? packed.length : await inflatedSize(packed, limit);
    if (size > limit || size !== entry.size) throw new FileFault('broken');
    unfolded += size;
  }
}

function entriesOf(bytes: Buffer): Entry[] {
  try {
    const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    if (end < 0) throw new FileFault('broken');
    const count = bytes.readUInt16LE(end + 10);
    if (count > mostEntries) throw new FileFault('broken');
    const entries: Entry[] = [];
    for (let at = bytes.readUInt32LE(end + 16), n = 0; n < count; n += 1) {
      if (bytes.readUInt32LE(at) !== 0x02014b50 || bytes.readUInt16LE(at + 8) & 1)
        throw new FileFault('broken');
      const [nameLength, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
      entries.push({
        name: bytes.toString('utf8', at + 46, at + 46 + nameLength!),
        method: bytes.readUInt16LE(at + 10),
        packed: bytes.readUInt32LE(at + 20),
        size: bytes.readUInt32LE(at + 24),
        at: bytes.readUInt32LE(at + 42),
      });
      at += 46 + nameLength! + extra! + comment!;
    }
    return entries;
  } catch (error) {
    if (error instanceof RangeError) throw new FileFault('broken');
    throw error;
  }
}

function contentOf(bytes: Buffer, { at, packed, method }: Entry): Buffer {
  if ((method !== 0 && method !== 8) || at + 30 > bytes.length) throw new FileFault('broken');
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const content = bytes.subarray(start, start + packed);
  if (content.length !== packed) throw new FileFault('broken');
  return content;
}

function inflatedSize(packed: Buffer, limit: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const inflate = createInflateRaw();
    inflate.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= limit) return;
      inflate.destroy();
      reject(new FileFault('broken'));
    });
    inflate.on('error', () => reject(new FileFault('broken')));
    inflate.on('end', () => resolve(size));
    inflate.end(packed);
  });
}
