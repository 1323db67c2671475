import { sql } from 'drizzle-orm';
import type { Reader } from '../database/pool.ts';
import type { Resource } from './index.ts';

/**
 * The people who hold a role now where the resource lies, and whose account is not blocked: whom to tell of it.
 *
 * @param role full name, such as `contact-centre.dispatcher`.
 * @returns ids of persons.
 */
export async function holdersOf(
  reader: Reader,
  role: string,
  resource: Resource,
  now: Date,
): Promise<string[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await reader.execute<{ person: string }>(sql`
    select distinct g.person_id as person from access_grant g join staff_account s on s.person_id = g.person_id
    where g.role = ${role} and g.revoked_at is null and s.blocked_at is null
      and g.valid_from <= ${at} and (g.valid_until is null or g.valid_until > ${at})
      and (g.organisation is null or g.organisation = ${resource.organisation ?? null})
      and (g.district is null or g.district = ${resource.district ?? null})
      and (g.branch is null or g.branch in (
        select jsonb_array_elements_text(${JSON.stringify(resource.branches ?? [])}::jsonb)))
    order by 1`);
  return rows.map(({ person }) => person);
}
