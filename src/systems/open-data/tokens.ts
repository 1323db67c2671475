import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { permissionsByRole } from '#platform/access/roles.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { personaActor } from '#platform/identity/personas.ts';
import type { Platform } from '#platform/system.ts';
import type { Actor, Grant, Work } from '#platform/work.ts';
import { Absent, Denied } from './faults.ts';
import { makeKnown } from './people.ts';
import { allowedBy, isOfficer, permission, type TokenScope, tokenScopes } from './permissions.ts';

/** Everybody's token of the demo city: its officer's. It exists in no other mode. */
export const demoToken = 'demo';
export const demoOfficer = 'data-officer';

/**
 * Makes a token with which programs act as the person, never further than its scopes. It is returned this once; only its hash
 * is kept.
 *
 * @throws Denied for another's token, unless the officer makes it.
 */
export async function createToken(
  work: Work,
  input: {
    readonly person: string;
    readonly name: string;
    readonly scopes?: readonly TokenScope[];
    readonly expires?: Date | null;
  },
): Promise<{ id: string; token: string }> {
  if (work.actor.id !== input.person && !isOfficer(work.actor)) throw new Denied();
  await makeKnown(work, input.person);
  const token = randomBytes(32).toString('base64url');
  const { rows } = await work.tx.execute<{ id: string }>(sql`
    insert into od_token (person, name, hash, scopes, created_at, expires_at)
    values (${input.person}, ${input.name}, ${hashOf(token)},
      array(select jsonb_array_elements_text(${JSON.stringify(input.scopes ?? tokenScopes)}::jsonb)),
      ${work.clock.now().toISOString()}, ${input.expires?.toISOString() ?? null}) returning id`);
  const { id } = rows[0]!;
  await audit(work, {
    action: 'open-data:make_token',
    resource: `open-data-token:${id}`,
    subjects: [input.person],
    detail: { scopes: input.scopes ?? tokenScopes },
  });
  return { id, token };
}

/** Withdraws a token, given itself or its id, at once and for ever. @throws Absent, Denied for another's */
export async function revokeToken(
  work: Work,
  which: { readonly token: string } | { readonly id: string },
): Promise<void> {
  const { rows } = await work.tx.execute<{ id: string; person: string }>(sql`
    select id, person from od_token where revoked_at is null
      and ${'token' in which ? sql`hash = ${hashOf(which.token)}` : sql`id::text = ${which.id}`} for update`);
  const found = rows[0];
  if (!found) throw new Absent();
  if (found.person !== work.actor.id && !isOfficer(work.actor)) throw new Denied();
  await work.tx.execute(
    sql`update od_token set revoked_at = ${work.clock.now().toISOString()} where id = ${found.id}`,
  );
  await audit(work, {
    action: 'open-data:revoke_token',
    resource: `open-data-token:${found.id}`,
    subjects: [found.person],
  });
}

export interface KnownToken {
  readonly id: string;
  readonly name: string;
  readonly user_id: string;
  readonly scopes: readonly TokenScope[];
  readonly created_at: string;
  readonly last_access: string | null;
  readonly expires_at: string | null;
}

/** The tokens of a person that still work. @throws Denied for another's */
export async function tokensOf(reader: Reader, actor: Actor, person: string): Promise<KnownToken[]> {
  if (actor.id !== person && !isOfficer(actor)) throw new Denied();
  const { rows } = await reader.execute<KnownToken & Record<string, unknown>>(sql`
    select id, name, person as user_id, to_jsonb(scopes) as scopes,
      to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as created_at,
      to_char(last_used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as last_access,
      to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as expires_at
    from od_token where person = ${person} and revoked_at is null order by created_at, id`);
  return rows;
}

/** Who acts by a token, and how far it lets them go. */
export interface Caller {
  readonly actor: Actor;
  readonly scopes: readonly TokenScope[];
}

interface TokenRow {
  id: string;
  person: string;
  scopes: TokenScope[];
  used: Date | null;
  post: string | null;
  organisation: string | null;
  grants: Pick<Grant, 'role' | 'organisation' | 'district' | 'branch'>[];
}

const lookup = `
select t.id, t.person, t.scopes, t.last_used_at as used, a.post, a.organisation,
  coalesce((select json_agg(json_build_object('role', g.role, 'organisation', g.organisation, 'district', g.district, 'branch', g.branch))
    from access_grant g where g.person_id = t.person and g.revoked_at is null and g.valid_from <= $2
      and (g.valid_until is null or g.valid_until > $2)), '[]'::json) as grants
from od_token t join person p on p.id = t.person left join staff_account a on a.person_id = t.person
where t.hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2)
  and p.blocked_at is null and p.erased_at is null and a.blocked_at is null`;

const minute = 60_000;

/**
 * Finds who acts by a token; null: nobody does. Grants are read each time, so a demotion or a block works on the next call.
 */
export function tokenReader(platform: Platform): (token: string) => Promise<Caller | null> {
  const pool = platform.db.$client;
  const byRole = permissionsByRole(platform);
  let demo: Promise<Caller> | undefined;
  return async (token) => {
    if (token === demoToken) {
      if (platform.config.mode !== 'demo') return null;
      demo ??= personaActor(platform, demoOfficer).then((actor) => ({ actor, scopes: tokenScopes }));
      return demo;
    }
    const now = platform.clock.now();
    const { rows } = await pool.query<TokenRow>({
      name: 'open-data-token',
      text: lookup,
      values: [hashOf(token), now],
    });
    const row = rows[0];
    if (!row) return null;
    if (!row.used || now.getTime() - row.used.getTime() > minute)
      await pool.query({
        name: 'open-data-token-used',
        text: 'update od_token set last_used_at = $2 where id = $1',
        values: [row.id, now],
      });
    const allowed = new Set(row.scopes.flatMap((scope) => allowedBy[scope]).map(permission));
    const actor: Actor = {
      kind: row.post === null ? 'person' : 'staff',
      id: row.person,
      name: row.post ?? 'мешканець',
      organisation: row.organisation,
      grants: row.grants.map((grant) => ({
        ...grant,
        permissions: new Set([...(byRole.get(grant.role) ?? [])].filter((held) => allowed.has(held))),
      })),
      assurance: 1,
    };
    return { actor, scopes: row.scopes };
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
