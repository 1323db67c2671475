import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { roleName } from '../permissions.ts';

/** Who answers for the promises of a publisher. */
export interface Responsible {
  readonly person: string;
  /** The post, as the portal shows people. */
  readonly post: string;
  /** The named officer, the head in place of one who has left, or the city's officer where the unit has nobody. */
  readonly as: 'officer' | 'head' | 'city';
}

/** People of staff who have not left. */
const staff = sql`(select p.id, s.post from person p join staff_account s on s.person_id = p.id
  where p.blocked_at is null and p.erased_at is null and s.blocked_at is null)`;

/** Whether `p` may act on the portal within `unit`. */
const held = (unit: SQL, roles: readonly string[], at: SQL) => sql`exists (
  select from access_grant g where g.person_id = p.id and g.revoked_at is null and g.valid_from <= ${at}
    and (g.valid_until is null or g.valid_until > ${at}) and (g.organisation is null or g.organisation = ${unit})
    and g.district is null and g.branch is null
    and g.role in (select jsonb_array_elements_text(${JSON.stringify(roles)}::jsonb)))`;

/**
 * Who answers for each publisher now: the officer it has named, or its data officer by role. When the named one has left, their
 * clocks go to the head of the unit; where a unit has nobody, to the city's officers.
 *
 * @returns by id of the organisation; an empty list where the city has no officer either.
 */
export async function responsibleFor(
  reader: Reader,
  organisations: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, readonly Responsible[]>> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const [own, city] = await Promise.all([
    reader.execute<Responsible & { organisation: string } & Record<string, unknown>>(sql`
      select distinct on (o.id) o.id as organisation, who.person, who.post, who."as"
      from od_organisation o cross join lateral (
        select p.id as person, p.post, 'officer' as "as", 1 as rank from ${staff} p where p.id = o.officer
          and ${held(sql`o.unit`, [roleName('editor'), roleName('admin'), roleName('officer')], at)}
        union all
        select p.id, p.post, 'head', case when o.officer is null then 3 else 2 end from ${staff} p where p.id = o.head
        union all
        select p.id, p.post, 'officer', case when o.officer is null then 2 else 3 end
        from ${staff} p where ${held(sql`o.unit`, [roleName('admin')], at)}) who
      where o.id in (select jsonb_array_elements_text(${JSON.stringify(organisations)}::jsonb)::uuid)
      order by o.id, who.rank, who.person`),
    cityOfficers(reader, now),
  ]);
  const found = new Map<string, readonly Responsible[]>(organisations.map((id) => [id, city]));
  for (const { organisation, person, post, as } of own.rows) found.set(organisation, [{ person, post, as }]);
  return found;
}

/** The open-data officers of the city. */
export async function cityOfficers(reader: Reader, now: Date): Promise<readonly Responsible[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await reader.execute<Responsible & Record<string, unknown>>(sql`
    select p.id as person, p.post, 'city' as "as" from ${staff} p
    where ${held(sql`null::text`, [roleName('officer')], at)} order by p.id`);
  return rows;
}

/** The heads of units who have not left, by id of the organisation. */
export async function headsOf(
  reader: Reader,
  organisations: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await reader.execute<{ organisation: string; person: string }>(sql`
    select o.id as organisation, p.id as person from od_organisation o join ${staff} p on p.id = o.head
    where o.id in (select jsonb_array_elements_text(${JSON.stringify(organisations)}::jsonb)::uuid)`);
  return new Map(rows.map((row) => [row.organisation, row.person]));
}
