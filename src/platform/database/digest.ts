import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The fingerprint of some content: SHA-256 proves it whole, a CRC-32 for each block finds the place where it is not. */
export interface Digest {
  readonly size: number;
  readonly sha256: string;
  /** CRC-32 of each block of 64 KiB. */
  readonly blocks: readonly number[];
}

const blockSize = 65_536;

/** Takes content piece by piece. */
export function digester(): { add(bytes: Uint8Array): void; end(): Digest } {
  const hash = createHash('sha256');
  const blocks: number[] = [];
  let size = 0;
  let crc = 0;
  return {
    add(bytes) {
      hash.update(bytes);
      for (let from = 0; from < bytes.length; ) {
        const part = bytes.subarray(from, from + blockSize - (size % blockSize));
        crc = crc32(part, crc);
        size += part.length;
        from += part.length;
        if (size % blockSize === 0) {
          blocks.push(crc);
          crc = 0;
        }
      }
    },
    end() {
      if (size % blockSize !== 0) blocks.push(crc);
      return { size, sha256: hash.digest('hex'), blocks };
    },
  };
}

/**
 * Where content first differs from what it was: one byte when only one in its block is wrong, else the block.
 *
 * A CRC is linear: the difference of the two sums depends only on which byte differs and by what. So the difference is
 * wound back, byte by byte, until it is one that a single byte makes.
 */
export function firstDifference(was: Digest, is: Digest): { from: number; to: number } | undefined {
  const index = was.blocks.findIndex((crc, at) => is.blocks[at] !== crc);
  if (index < 0) return was.sha256 === is.sha256 ? undefined : { from: 0, to: was.size - 1 };
  const from = index * blockSize;
  const to = Math.min(was.size, from + blockSize) - 1;
  let difference = (was.blocks[index]! ^ is.blocks[index]!) >>> 0;
  for (let at = to; at >= from; at--) {
    if (single.has(difference)) return { from: at, to: at };
    difference = windBack(difference);
  }
  return { from, to };
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
const single = new Set(table.subarray(1));
const byTopByte = new Map([...table].map((value, byte) => [value >>> 24, byte]));

/** Undoes the effect of one zero byte on a CRC. */
function windBack(crc: number): number {
  const byte = byTopByte.get(crc >>> 24)!;
  return (((crc ^ table[byte]!) << 8) | byte) >>> 0;
}
