import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';

/** What a version says of the one before it, `p`: a text that only that one has. */
const linkTo = sql`encode(sha256(convert_to(concat_ws(E'\\n', p.n, p.raw_sha256, p.data_sha256, p.rows,
  extract(epoch from p.made_at), coalesce(p.prev_hash, '')), 'UTF8')), 'hex')`;

/** SQL of the `prev_hash` of a resource's next version: the last one's link, null for the first version. */
export const nextLink = (resource: string): SQL =>
  sql`(select ${linkTo} from od_version p where p.resource = ${resource} order by p.n desc limit 1)`;

/**
 * Whether the history of a resource is as it was written: every version links to the one before it.
 *
 * @returns numbers of the versions whose link does not fit; none: it is whole.
 */
export async function brokenLinks(reader: Reader, resource: string): Promise<number[]> {
  const { rows } = await reader.execute<{ n: number }>(sql`
    select v.n from od_version v left join od_version p on p.resource = v.resource and p.n = v.n - 1
    where v.resource = ${resource} and v.prev_hash is distinct from case when p.n is not null then ${linkTo} end
      or v.resource = ${resource} and v.n > 1 and p.n is null
    order by v.n`);
  return rows.map(({ n }) => n);
}
