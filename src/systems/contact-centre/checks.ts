import { createHash } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';

/** Of 2³² equally likely hashes, how many draw a check call: so a link passed on or pressed by mistake shows. */
const boundOf = (percent: number): number => Math.floor((percent / 100) * 2 ** 32);

/**
 * Whether a claim is drawn for a check call. The hash of number and attempt decides: nobody chooses, and whoever asks
 * again gets the same answer.
 *
 * @param percent of all claims that are drawn.
 */
export function isDrawn(number: string, attempt: number, percent: number): boolean {
  const hash = createHash('sha256').update(`${number}:${attempt}`).digest();
  return hash.readUInt32BE(0) < boundOf(percent);
}

/** The same as a condition of SQL. */
export function drawnWhere(number: SQL, attempt: SQL, percent: number): SQL {
  return sql`('x' || left(encode(sha256(convert_to(${number} || ':' || ${attempt}, 'UTF8')), 'hex'), 8))::bit(32)::bigint
    & 4294967295 < ${boundOf(percent)}`;
}
