import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';

/** What a resource is called in its exports and descriptions. */
export interface ResourceWords {
  readonly name: string;
  /** What it says its table must be, as it is kept. */
  readonly schema: unknown;
}

/** @throws NotFound */
export async function resourceWords(reader: Reader, resource: string): Promise<ResourceWords> {
  const { rows } = await reader.execute<{ name: string; schema: unknown }>(sql`
    select coalesce(nullif(r.name, ''), nullif(d.title, ''), d.name) as name, r.table_schema as schema
    from od_resource r join od_dataset d on d.id = r.dataset where r.id = ${resource}`);
  if (!rows[0]) throw new NotFound('resource');
  return rows[0];
}
