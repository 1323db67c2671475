import { sql } from 'drizzle-orm';
import { can, type Resource } from '#platform/access/index.ts';
import type { Actor, Work } from '#platform/work.ts';
import { permission } from '../permissions.ts';
import { sha256 } from '../requests.ts';
import { resourceAt } from '../scope.ts';
import { statement } from '../statement.ts';
import { type Role, roles } from '../states.ts';
import type { MoveInput, Reporter, Row } from './turn.ts';

const reporterByLink = statement<Reporter>(
  'reporter_by_link',
  `select p.* from cc_link l join cc_reporter p on p.id = l.reporter
    where l.token_hash = $1 and l.kind = 'follow' and l.revoked_at is null and p.withdrawn_at is null
      and (l.request = $2 or $2 = (select master from cc_request where number = l.request))`,
);

/** Whose request it is to the actor: by the secret of a link, an account, or the key that posted it; null for others. */
export async function reporterOf(work: Work, request: Row, input: MoveInput): Promise<Reporter | null> {
  if (input.reporterToken) {
    const [holder] = await reporterByLink(work.tx, [sha256(input.reporterToken), request.number]);
    return holder ?? null;
  }
  if (work.actor.kind === 'person' || mayAsClient(work, request)) {
    const { rows } = await work.tx.execute<Reporter>(
      sql`select * from cc_reporter where withdrawn_at is null and ${
        work.actor.kind === 'person'
          ? sql`person = ${work.actor.id} and request = any(array(
              select ${request.number}::text union all select number from cc_request where master = ${request.number}))`
          : sql`request = ${request.number} and lead`
      } order by request <> ${request.number}, joined_at limit 1`,
    );
    return rows[0] ?? null;
  }
  return null;
}

/** An API key acts as the reporter of what it posted itself. */
export function mayAsClient(work: Work, request: Row): boolean {
  return work.actor.kind === 'client' && work.actor.id !== null && work.actor.id === request.client;
}

/** The request as permissions ask for it. */
export function resourceOf(work: Work, request: Row): Promise<Resource> {
  return resourceAt(work.tx, work.actor, request);
}

/** Everything as which the actor may move the request. */
export async function rolesOf(work: Work, request: Row, reporter: Reporter | null): Promise<Role[]> {
  if (work.actor.kind === 'system') return ['system'];
  const held = staffRoles(work.actor, await resourceOf(work, request));
  return reporter ? ['reporter', ...held] : held;
}

/** The posts in which the actor meets a request: each grant counts only within its scope. */
export function staffRoles(actor: Actor, resource: Resource): Role[] {
  return roles.filter((role) =>
    actor.grants.some(
      (grant) =>
        grant.role === `contact-centre.${role}` &&
        can({ ...actor, grants: [grant] }, permission('read_desk'), resource),
    ),
  );
}
