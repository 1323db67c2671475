import { type FileHandle, open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { LoadFault } from './faults.ts';

/** One file inside an archive; sizes in bytes, as the archive's own list says them. */
export interface ArchiveEntry {
  readonly name: string;
  readonly packed: number;
  readonly size: number;
  readonly method: number;
  readonly at: number;
  readonly encrypted: boolean;
}

const mostEntries = 10_000;
const highestRatio = 100;
const mostUnfolded = 2 * 1024 ** 3;

/** A ZIP archive (APPNOTE 6.3, ZIP64 too) on the disk: nothing is unfolded before it is asked for, and never more than is allowed. */
export class Archive {
  readonly entries: readonly ArchiveEntry[];
  private readonly handle: FileHandle;
  private unfolded = 0;

  private constructor(handle: FileHandle, entries: readonly ArchiveEntry[]) {
    this.handle = handle;
    this.entries = entries;
  }

  /** @throws LoadFault `archive-broken`, or `archive-bomb` for over 10,000 entries. */
  static async open(path: string): Promise<Archive> {
    const handle = await open(path);
    try {
      return new Archive(handle, await entriesOf(handle));
    } catch (error) {
      await handle.close();
      if (error instanceof RangeError) throw new LoadFault('archive-broken');
      throw error;
    }
  }

  find(name: string): ArchiveEntry | null {
    const plain = name.replace(/^\//, '').toLowerCase();
    return this.entries.find((entry) => entry.name.toLowerCase() === plain) ?? null;
  }

  /**
   * Unfolds one file. @throws LoadFault `password`; `archive-bomb` once it is over a hundred times its packed size or all that
   * was unfolded over 2 GB; `archive-broken`.
   */
  async *read(entry: ArchiveEntry): AsyncGenerator<Buffer, void, undefined> {
    if (entry.encrypted) throw new LoadFault('password');
    if (entry.method !== 0 && entry.method !== 8) throw new LoadFault('archive-broken');
    const head = await bytesAt(this.handle, entry.at, 30);
    if (head.readUInt32LE(0) !== 0x04034b50) throw new LoadFault('archive-broken');
    const start = entry.at + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
    const stored =
      entry.packed > 0
        ? this.handle.createReadStream({
            start,
            end: start + entry.packed - 1,
            autoClose: false,
            highWaterMark: 256 * 1024,
          })
        : [];
    if (entry.packed === 0) return;
    const plain =
      entry.method === 0
        ? stored
        : (stored as NodeJS.ReadableStream).pipe(createInflateRaw({ chunkSize: 256 * 1024 }));
    const limit = Math.max(entry.packed, 1024 * 10) * highestRatio;
    let size = 0;
    try {
      for await (const piece of plain as AsyncIterable<Buffer>) {
        size += piece.length;
        this.unfolded += piece.length;
        if (size > limit || this.unfolded > mostUnfolded) throw new LoadFault('archive-bomb');
        yield piece;
      }
    } catch (error) {
      throw error instanceof LoadFault ? error : new LoadFault('archive-broken');
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

async function bytesAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, at);
  return bytes.subarray(0, bytesRead);
}

async function entriesOf(handle: FileHandle): Promise<ArchiveEntry[]> {
  const { size } = await handle.stat();
  const tailLength = Math.min(size, 66_000);
  const tail = await bytesAt(handle, size - tailLength, tailLength);
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new LoadFault('archive-broken');
  let count = tail.readUInt16LE(end + 10);
  let length = tail.readUInt32LE(end + 12);
  let at = tail.readUInt32LE(end + 16);
  const locator = tail.lastIndexOf('PK\x06\x07', end, 'latin1');
  if (locator >= 0 && (count === 0xffff || at === 0xffffffff)) {
    const record = await bytesAt(handle, Number(tail.readBigUInt64LE(locator + 8)), 56);
    count = Number(record.readBigUInt64LE(32));
    length = Number(record.readBigUInt64LE(40));
    at = Number(record.readBigUInt64LE(48));
  }
  if (count > mostEntries || length > 64 * 1024 * 1024) throw new LoadFault('archive-bomb');
  const list = await bytesAt(handle, at, length);
  const entries: ArchiveEntry[] = [];
  for (let here = 0, n = 0; n < count; n += 1) {
    if (list.readUInt32LE(here) !== 0x02014b50) throw new LoadFault('archive-broken');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      list.readUInt16LE(here + field),
    ) as [number, number, number];
    const name = list.toString('utf8', here + 46, here + 46 + nameLength);
    const extra = list.subarray(here + 46 + nameLength, here + 46 + nameLength + extraLength);
    entries.push({
      name,
      encrypted: (list.readUInt16LE(here + 8) & 1) === 1,
      method: list.readUInt16LE(here + 10),
      ...wide(list, here, extra),
    });
    here += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/** Sizes and place, from the ZIP64 field where the plain ones are full. */
function wide(list: Buffer, here: number, extra: Buffer): Pick<ArchiveEntry, 'packed' | 'size' | 'at'> {
  const plain = [list.readUInt32LE(here + 24), list.readUInt32LE(here + 20), list.readUInt32LE(here + 42)];
  if (plain.includes(0xffffffff))
    for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
      if (extra.readUInt16LE(at) !== 1) continue;
      let value = at + 4;
      for (let n = 0; n < 3; n += 1)
        if (plain[n] === 0xffffffff) {
          plain[n] = Number(extra.readBigUInt64LE(value));
          value += 8;
        }
    }
  return { size: plain[0]!, packed: plain[1]!, at: plain[2]! };
}
