import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';

/** A version of a resource that everybody may have. */
export interface PublicVersion {
  readonly resource: string;
  /** Of the resource. */
  readonly name: string | null;
  readonly n: number;
  readonly rows: number;
  readonly note: string;
  /** When it was made: UTC without saying so. */
  readonly at: string;
}

/** The versions of a dataset's resources that were served, the newest first, without those that were taken down; and how many. */
export async function readPublicVersions(
  reader: Reader,
  dataset: string,
  { rows: limit, start }: { readonly rows: number; readonly start: number },
): Promise<{ total: number; versions: PublicVersion[] }> {
  const from = sql`from od_version v join od_resource r on r.id = v.resource
    where r.dataset = ${dataset} and r.state = 'active' and v.opened_at is not null and v.taken_down_at is null`;
  const [counted, found] = await Promise.all([
    reader.execute<{ n: number }>(sql`select count(*)::int as n ${from}`),
    reader.execute<PublicVersion & Record<string, unknown>>(sql`
      select v.resource, r.name, v.n, v.rows::float8 as rows, v.note,
        to_char(v.made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as at
      ${from} order by v.made_at desc, v.resource, v.n desc limit ${limit} offset ${start}`),
  ]);
  return { total: counted.rows[0]!.n, versions: found.rows };
}
