import { type SQL, sql } from 'drizzle-orm';
import { type Resource, scopesOf } from '#platform/access/index.ts';
import { recusedFrom } from '#platform/access/recusal.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Actor, Grant } from '#platform/work.ts';

/**
 * Where the actor holds the permission, as one condition over `cc_request r`: what `can` answers for one request, this
 * answers for a list.
 */
export function scopeWhere(actor: Actor, permission: string): SQL {
  if (actor.kind === 'system') return sql`true`;
  const within = grantedWhere(actor, permission);
  return actor.recused?.length ? sql`(${within} and ${notRecused(actor)})` : within;
}

/** Nothing that the actor is off: the case, its enterprise, or whatever certain people reported. */
function notRecused(actor: Actor): SQL {
  const list = (kind: 'request' | 'organisation' | 'person') =>
    sql`(select jsonb_array_elements_text(${JSON.stringify(recusedFrom(actor, kind))}::jsonb))`;
  return sql`r.number not in ${list('request')} and coalesce(r.organisation, '') not in ${list('organisation')}
    and not exists (select from cc_reporter off where off.request = r.number and off.person::text in ${list('person')})`;
}

function grantedWhere(actor: Actor, permission: string): SQL {
  const scopes = scopesOf(actor, permission);
  if (scopes.some((grant) => !grant.organisation && !grant.district && !grant.branch)) return sql`true`;
  if (scopes.length === 0) return sql`false`;
  return sql`(${sql.join(scopes.map(within), sql` or `)})`;
}

function within(grant: Grant): SQL {
  const parts: SQL[] = [];
  if (grant.organisation !== null) parts.push(sql`r.organisation = ${grant.organisation}`);
  if (grant.district !== null) parts.push(sql`r.district = ${grant.district}`);
  if (grant.branch !== null) parts.push(inBranch(grant.branch));
  return sql`(${sql.join(parts, sql` and `)})`;
}

/** In the branch itself or any branch below it, as the tree of categories stands now. */
export function inBranch(branch: string): SQL {
  return sql`r.branch in (with recursive below(code) as (
    select ${branch}::text union
    select c.code from cc_category c join below on c.body->>'parent' = below.code
      where c.valid_to is null and c.body->>'kind' = 'branch'
  ) select code from below)`;
}

/**
 * Where a request stands, as `can` wants it: the same tree of branches that `scopeWhere` lists by. It is read only for those
 * whose grants name a branch, for nobody else's answer depends on it.
 */
export async function resourceAt(
  reader: Reader,
  actor: Actor,
  request: {
    readonly number: string;
    readonly organisation: string | null;
    readonly district: string | null;
    readonly branch: string;
  },
): Promise<Resource> {
  const { organisation, district, branch } = request;
  const branches = actor.grants.some((grant) => grant.branch !== null)
    ? await branchesAbove(reader, branch)
    : [branch];
  return { organisation, district, branches, ids: await idsOf(reader, actor, request.number) };
}

/** What a recusal may name of a request. Whose it is, is asked only for those who are off somebody's cases. */
export async function idsOf(reader: Reader, actor: Actor, number: string): Promise<string[]> {
  const own = `request:${number}`;
  if (recusedFrom(actor, 'person').length === 0) return [own];
  const { rows } = await reader.execute<{ person: string }>(
    sql`select person from cc_reporter where request = ${number} and person is not null`,
  );
  return [own, ...rows.map(({ person }) => `person:${person}`)];
}

/** The branch itself and all that stand above it now, nearest first. */
export async function branchesAbove(reader: Reader, branch: string): Promise<string[]> {
  const { rows } = await reader.execute<{ code: string }>(sql`with recursive up(code, depth) as (
      select ${branch}::text, 0 union
      select c.body->>'parent', up.depth + 1 from cc_category c join up on c.code = up.code
        where c.valid_to is null and c.body->>'kind' = 'branch' and c.body->>'parent' is not null
    ) select code from up order by depth`);
  return rows.map(({ code }) => code);
}
