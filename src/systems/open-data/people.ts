import { createHash } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import { permissionsByRole } from '#platform/access/roles.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Platform } from '#platform/system.ts';
import type { Actor, Grant, Work } from '#platform/work.ts';
import { isUuid } from './names.ts';
import { isOfficer, roleName } from './permissions.ts';

/** A person as the portal shows them: the post instead of the name, since that is what answers for data. */
export interface PortalUser {
  readonly id: string;
  readonly name: string;
  readonly fullname: string;
  readonly about: string;
  readonly image_url: string;
  readonly created: string;
  readonly state: 'active' | 'deleted';
  readonly sysadmin: boolean;
  readonly publisher: boolean;
  readonly number_created_packages: number;
}

const held = (
  roles: SQL,
) => sql`exists (select from access_grant g where g.person_id = p.id and g.revoked_at is null
  and (g.valid_until is null or g.valid_until > now()) and ${roles})`;

/** Everybody who is known on the portal: has an account of staff there, or has done something. */
const users = sql`
  select p.id, coalesce(u.name, left(regexp_replace(a.login, '[^a-z0-9_-]', '-', 'g'), 100)) as name, coalesce(a.post, '') as fullname,
    coalesce(u.about, '') as about, coalesce(u.image_url, '') as image_url,
    to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as created,
    case when p.blocked_at is not null or p.erased_at is not null or u.state = 'deleted' then 'deleted' else 'active' end as state,
    ${held(sql`g.role = ${roleName('officer')} and g.organisation is null`)} as sysadmin,
    ${held(sql`g.role like 'open-data.%'`)} as publisher,
    (select count(*)::int from od_dataset d where d.creator = p.id and not d.private and d.state in ('published', 'archived'))
      as number_created_packages
  from person p left join od_user u on u.person = p.id left join staff_account a on a.person_id = p.id
  where (u.person is not null or a.id is not null)`;

/** The user called so, by name or id; null: nobody. */
export async function findUser(reader: Reader, idOrName: string): Promise<PortalUser | null> {
  const { rows } = await reader.execute<PortalUser & Record<string, unknown>>(
    sql`select * from (${users}) as u where ${isUuid(idOrName) ? sql`u.id = ${idOrName}` : sql`u.name = ${idOrName}`}`,
  );
  return rows[0] ?? null;
}

/** Users by name, or whose name or post holds `q`; strangers are shown publishers only. */
export async function listUsers(
  reader: Reader,
  actor: Actor,
  wanted: { readonly q?: string; readonly ids?: readonly string[]; readonly limit: number },
): Promise<PortalUser[]> {
  const like = `%${(wanted.q ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`;
  const ids = wanted.ids
    ? sql`u.id in (select jsonb_array_elements_text(${JSON.stringify(wanted.ids)}::jsonb)::uuid)`
    : sql`true`;
  const { rows } = await reader.execute<PortalUser & Record<string, unknown>>(
    sql`select * from (${users}) as u
        where (u.name ilike ${like} or u.fullname ilike ${like}) and ${ids}
          and ${isOfficer(actor) ? sql`true` : sql`(u.state = 'active' and (u.publisher or u.id = ${actor.id}))`}
        order by u.name limit ${wanted.limit}`,
  );
  return rows;
}

/** Whether somebody may know of this user. */
export function maySeeUser(actor: Actor, user: PortalUser): boolean {
  return isOfficer(actor) || user.id === actor.id || (user.state === 'active' && user.publisher);
}

/** What a user may do on the portal, for asking about it: nobody acts as it. */
export async function actorOf(platform: Platform, user: PortalUser): Promise<Actor> {
  const byRole = permissionsByRole(platform);
  const now = platform.clock.now().toISOString();
  const { rows } = await platform.db.execute<
    Pick<Grant, 'role' | 'organisation' | 'district' | 'branch'> & Record<string, unknown>
  >(sql`
    select role, organisation, district, branch from access_grant where person_id = ${user.id} and role like 'open-data.%'
      and revoked_at is null and valid_from <= ${now} and (valid_until is null or valid_until > ${now})`);
  return {
    kind: 'staff',
    id: user.id,
    name: user.fullname,
    organisation: null,
    grants: rows.map((grant) => ({ ...grant, permissions: byRole.get(grant.role) ?? new Set<string>() })),
    assurance: 0,
  };
}

/** Gives a person who acts on the portal a name there, once. */
export async function makeKnown(work: Work, person: string): Promise<void> {
  await work.tx.execute(sql`
    insert into od_user (person, name)
    select p.id, case when exists (select from od_user o where o.name = n.name) then n.name || '-' || right(p.id::text, 6) else n.name end
    from person p left join staff_account a on a.person_id = p.id
      cross join lateral (select coalesce(left(regexp_replace(a.login, '[^a-z0-9_-]', '-', 'g'), 90),
        'user-' || right(p.id::text, 12)) as name) n
    where p.id = ${person} on conflict do nothing`);
}

/** What old clients ask pictures by; made of the id, since an address must not be guessed from it. */
export function emailHash(id: string): string {
  return createHash('md5').update(id).digest('hex');
}
