import { sql } from 'drizzle-orm';
import type { Db } from './database/pool.ts';

/** How far behind the machinery is, in seconds of the oldest thing that waits; 0 when nothing does. */
export interface Lag {
  /** Events that the relay has not numbered. */
  readonly events: number;
  /** Audit entries that are not chained. */
  readonly audit: number;
}

/** Reads it from the database: the same for every process. */
export async function readLag(db: Db): Promise<Lag> {
  const { rows } = await db.execute<{ events: number; audit: number }>(
    sql`select coalesce(extract(epoch from now() - uuid_extract_timestamp(
                 (select id from outbox order by id limit 1))), 0)::float8 as events,
               coalesce(extract(epoch from now() - uuid_extract_timestamp(
                 (select id from audit_pending order by id limit 1))), 0)::float8 as audit`,
  );
  const { events, audit } = rows[0]!;
  return { events: Math.max(0, events), audit: Math.max(0, audit) };
}
