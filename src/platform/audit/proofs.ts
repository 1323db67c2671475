import { sql } from 'drizzle-orm';
import type { Db, Reader } from '../database/pool.ts';
import type { Json } from './canonical.ts';
import { proveInclusion } from './inclusion.ts';

/** An entry as it stands in the log. */
export interface LoggedEntry {
  readonly number: number;
  readonly at: Date;
  /** What was hashed, as JSON. */
  readonly record: { readonly [key: string]: Json };
  /** When the first head that covers it was signed; null: the next is signed at 00:05. */
  readonly signedAt: Date | null;
}

/**
 * Finds an entry by the id that `audit` gave it.
 *
 * @param resource of the entry. @returns null while the sequencer has not chained it, about a second.
 */
export async function findEntry(db: Reader, resource: string, id: string): Promise<LoggedEntry | null> {
  const { rows } = await db.execute<{ number: string; at: string; record: string; signed_at: string | null }>(
    sql`select number, at, record, (select h.at from audit_head h where h.size >= l.number order by h.size limit 1) as signed_at
        from audit_log l where resource = ${resource} and record::jsonb ->> 'id' = ${id}`,
  );
  const [row] = rows;
  return row
    ? {
        number: Number(row.number),
        at: new Date(row.at),
        record: JSON.parse(row.record) as LoggedEntry['record'],
        signedAt: row.signed_at === null ? null : new Date(row.signed_at),
      }
    : null;
}

/**
 * The proof of an entry under the first signed head that covers it, as JSON; made once and kept.
 *
 * @returns null when there is no such entry, or no head covers it yet.
 */
export async function proofOf(db: Db, number: number): Promise<string | null> {
  const kept = await db.execute<{ proof: string }>(
    sql`select proof from audit_proof where number = ${number}`,
  );
  if (kept.rows[0]) return kept.rows[0].proof;
  const proof = await makeProof(db, number);
  if (proof)
    await db.execute(
      sql`insert into audit_proof (number, proof) values (${number}, ${proof}) on conflict do nothing`,
    );
  return proof;
}

/** As `proofOf`, without keeping it. */
export async function makeProof(db: Reader, number: number): Promise<string | null> {
  const { rows: heads } = await db.execute<{ size: string }>(
    sql`select size from audit_head where size >= ${number} order by size limit 1`,
  );
  if (!heads[0]) return null;
  const { rows } = await db.execute<{ record: string | null; hash: string }>(
    sql`select case when number = ${number} then record end as record, hash from audit_log
        where number <= ${heads[0].size} order by number`,
  );
  const record = rows[number - 1]?.record;
  return record
    ? JSON.stringify(
        proveInclusion(
          number,
          record,
          rows.map(({ hash }) => hash),
        ),
      )
    : null;
}
