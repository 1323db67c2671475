import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonical, type Json } from './canonical.ts';
import { type HeadsDocument, headIsGenuine } from './heads.ts';
import { inclusionPath, leafHash, rootByPath } from './merkle.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const proofSchema = z.strictObject({
  format: z.literal('misto-inclusion-1'),
  /** Number of the entry, from 1. */
  number: z.int().min(1),
  record: z.record(z.string(), z.json()),
  /** Size of the head that it is proved against. */
  size: z.int().min(1),
  path: z.array(hash).readonly(),
});

/** What an entry keeps of words that must not stand in the log: SHA-256 over their canonical JSON, hexadecimal. */
export function digestOf(words: Json): string {
  return createHash('sha256').update(canonical(words), 'utf8').digest('hex');
}

/** That one entry stands in the log of a signed head, without showing any other entry. */
export type InclusionProof = z.infer<typeof proofSchema>;

/**
 * Proves an entry.
 *
 * @param record as it was logged. @param leaves hashes of entries 1…size of the head.
 */
export function proveInclusion(number: number, record: string, leaves: readonly string[]): InclusionProof {
  return {
    format: 'misto-inclusion-1',
    number,
    record: JSON.parse(record) as InclusionProof['record'],
    size: leaves.length,
    path: inclusionPath(leaves, number - 1),
  };
}

/**
 * Compares a letter with what its entry keeps of it.
 *
 * @param letter JSON of the words that were sent, as the recipient's page gives them out.
 * @returns what is wrong; null: these are the words that the entry was written for.
 */
export function letterFault(proof: string, letter: string): string | null {
  const digest = (parsed(proof)?.record.detail as { digest?: unknown } | undefined)?.digest;
  if (typeof digest !== 'string') return 'the entry was not written for a letter';
  try {
    return digestOf(JSON.parse(letter)) === digest ? null : 'these are other words than those that were sent';
  } catch {
    return 'this is no letter as JSON';
  }
}

/**
 * Examines a proof against published heads. Needs no database and nothing secret.
 *
 * @returns what is wrong; null: the entry stood in the log when that head was signed.
 */
export function inclusionFault(text: string, document: HeadsDocument): string | null {
  const proof = parsed(text);
  if (!proof) return 'this is no proof of inclusion';
  const head = document.heads.find(({ size }) => size === proof.size);
  if (!head) return `no head of size ${proof.size} was published`;
  if (!headIsGenuine(head, document.keys)) return `the head of size ${head.size} is not signed by its key`;
  if (proof.record.number !== proof.number) return `the entry says that it is ${String(proof.record.number)}`;
  const root = rootByPath(leafHash(canonical(proof.record)), proof.number - 1, proof.size, proof.path);
  return root === head.root ? null : 'the entry does not lead to the root that was signed';
}

function parsed(text: string): InclusionProof | null {
  try {
    return proofSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
