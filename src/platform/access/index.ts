import { Forbidden } from '../errors.ts';
import type { Actor, Grant } from '../work.ts';

/** What an act is about, as far as scopes care. A missing fact is matched only by grants that do not limit it. */
export interface Resource {
  readonly organisation?: string | null;
  readonly district?: string | null;
  /** Codes of the branch and all branches above it. */
  readonly branches?: readonly string[];
  /** What a recusal may name: `request:…` of the case, `person:…` of whoever it concerns. */
  readonly ids?: readonly string[];
}

/** Whether the actor may do the act to the resource: the one question behind every page, list and API. */
export function can(actor: Actor, permission: string, resource: Resource = {}): boolean {
  if (actor.kind === 'system') return true;
  return !isRecused(actor, resource) && actor.grants.some((grant) => covers(grant, permission, resource));
}

/** Whether the actor is off the case, its organisation, or somebody whom it concerns. */
function isRecused({ recused = [] }: Actor, { ids = [], organisation }: Resource): boolean {
  return recused.some((one) => ids.includes(one) || one === `organisation:${organisation}`);
}

/** @throws Forbidden naming the permission that is missing. */
export function mustBeAble(actor: Actor, permission: string, resource: Resource = {}): void {
  if (!can(actor, permission, resource)) throw new Forbidden(permission);
}

/** The scopes in which the actor holds the permission; lists turn them into one SQL predicate. Empty: nowhere. */
export function scopesOf(actor: Actor, permission: string): readonly Grant[] {
  return actor.grants.filter((grant) => grant.permissions.has(permission));
}

function covers(grant: Grant, permission: string, resource: Resource): boolean {
  return (
    grant.permissions.has(permission) &&
    (grant.organisation === null || grant.organisation === resource.organisation) &&
    (grant.district === null || grant.district === resource.district) &&
    (grant.branch === null || (resource.branches ?? []).includes(grant.branch))
  );
}
