import { type SQL, sql } from 'drizzle-orm';
import { scopesOf } from '#platform/access/index.ts';
import type { Actor, Grant } from '#platform/work.ts';

/**
 * Where the actor holds the permission, as one condition over `cc_request r`: what `can` answers for one request, this
 * answers for a list.
 */
export function scopeWhere(actor: Actor, permission: string): SQL {
  if (actor.kind === 'system') return sql`true`;
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
