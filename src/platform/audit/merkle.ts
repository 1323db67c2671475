import { createHash } from 'node:crypto';

/** SHA-256(0x00 ‖ entry): a leaf of the tree (RFC 6962 §2.1) and at once the link of the chain. Hexadecimal. */
export function leafHash(entry: string): string {
  return createHash('sha256').update(Uint8Array.of(0)).update(entry, 'utf8').digest('hex');
}

function nodeHash(left: string, right: string): string {
  return createHash('sha256')
    .update(Uint8Array.of(1))
    .update(Buffer.from(left, 'hex'))
    .update(Buffer.from(right, 'hex'))
    .digest('hex');
}

/**
 * A tree that grows by its right edge. It keeps only the roots of the full trees of which it consists, one for each
 * binary digit of its size, so a head costs no second reading of the log.
 */
export class GrowingTree {
  size: number;
  /** Roots of the full trees, largest first. */
  readonly peaks: string[];

  constructor(size = 0, peaks: readonly string[] = []) {
    this.size = size;
    this.peaks = [...peaks];
  }

  add(leaf: string): void {
    let hash = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = Math.floor(rest / 2))
      hash = nodeHash(this.peaks.pop()!, hash);
    this.peaks.push(hash);
    this.size += 1;
  }

  /** Merkle tree hash of all leaves; of none: the hash of nothing. */
  root(): string {
    if (this.peaks.length === 0) return createHash('sha256').digest('hex');
    return this.peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}
