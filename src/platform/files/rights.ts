import { sql } from 'drizzle-orm';
import type { Reader } from '../database/pool.ts';
import type { System } from '../system.ts';
import type { Work } from '../work.ts';
import { referredBy, removeFiles } from './orphans.ts';

/** What a person has handed over: the list for the export of their data. */
export async function filesOfPerson(reader: Reader, person: string): Promise<Record<string, unknown>[]> {
  const { rows } = await reader.execute<Record<string, unknown>>(
    sql`select id, name, type, bytes::int as bytes, created_at as "createdAt" from file
      where owner = ${person} and variant_of is null order by created_at, id`,
  );
  return rows;
}

/**
 * Removes the files of a person to which no system refers any more; what a system must keep, such as evidence that an
 * employee took, stays without its owner. Call it after the systems have erased their part.
 *
 * @returns how many were removed.
 */
export async function eraseFilesOf(work: Work, person: string, systems: readonly System[]): Promise<number> {
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`select id from file where owner = ${person} and variant_of is null and not ${referredBy(systems)}`,
  );
  await removeFiles(
    work,
    rows.map(({ id }) => id),
  );
  await work.tx.execute(sql`update file set owner = null where owner = ${person}`);
  return rows.length;
}
