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

/**
 * The siblings that lead from one leaf to the root (RFC 6962 §2.1.1), nearest first.
 *
 * @param leaves hashes of all leaves of the tree, in order.
 * @param index of the leaf, from 0.
 */
export function inclusionPath(leaves: readonly string[], index: number): string[] {
  const rootOf = (from: number, to: number): string => {
    const tree = new GrowingTree();
    for (let at = from; at < to; at += 1) tree.add(leaves[at]!);
    return tree.root();
  };
  const path = (from: number, to: number): string[] => {
    if (to - from <= 1) return [];
    let half = 1;
    while (half * 2 < to - from) half *= 2;
    const middle = from + half;
    return index < middle
      ? [...path(from, middle), rootOf(middle, to)]
      : [...path(middle, to), rootOf(from, middle)];
  };
  return path(0, leaves.length);
}

/** The root to which a leaf leads by its siblings (RFC 9162 §2.1.3.2); null: the path does not fit the size. */
export function rootByPath(
  leaf: string,
  index: number,
  size: number,
  path: readonly string[],
): string | null {
  if (index < 0 || index >= size) return null;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else hash = nodeHash(hash, sibling);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
}
