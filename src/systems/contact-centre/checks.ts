import { createHash } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';

/** One of so many claims confirmed by link is called, so that a link passed on or pressed by mistake shows. */
const drawnShare = 0.05;
const bound = Math.floor(drawnShare * 2 ** 32);

/** Days after closing within which a drawn claim is called. */
export const checkDays = 14;

/**
 * Whether a claim is drawn for a check call. The hash of number and attempt decides: nobody chooses, and whoever asks
 * again gets the same answer.
 */
export function isDrawn(number: string, attempt: number): boolean {
  const hash = createHash('sha256').update(`${number}:${attempt}`).digest();
  return hash.readUInt32BE(0) < bound;
}

/** The same as a condition of SQL. */
export function drawnWhere(number: SQL, attempt: SQL): SQL {
  return sql`('x' || left(encode(sha256(convert_to(${number} || ':' || ${attempt}, 'UTF8')), 'hex'), 8))::bit(32)::bigint
    & 4294967295 < ${bound}`;
}
