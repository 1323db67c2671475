import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { can } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, type FieldFault, Forbidden, Invalid, NotFound } from '#platform/errors.ts';
import type { Actor, Work } from '#platform/work.ts';
import { permission, roleName } from './permissions.ts';
import { sha256 } from './requests.ts';
import { resourceAt } from './scope.ts';
import { hold } from './tell.ts';

/** How long a contractor's link works. */
const days = 14;
/** Who works there, as the history shows it. */
const longestCrew = 80;

export interface CrewLink {
  /** Names the link to staff; the token itself is nowhere kept. */
  readonly id: string;
  readonly request: string;
  readonly organisation: string;
  readonly crew: string;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly until: Date;
}

/**
 * Makes a link with which a contractor without an account does the work of one request: arrive, photos, claim. It ends after
 * 14 days, when it is revoked, or when the request goes to another enterprise.
 *
 * @param crew who will use it; stands in the history of the request.
 * @returns the token, shown once.
 * @throws NotFound, Forbidden, Invalid, Conflict when nobody works on it.
 */
export async function makeCrewLink(work: Work, number: string, crew: string): Promise<string> {
  const { organisation } = await mayLink(work, number);
  if (!organisation) throw new Conflict('no-executor', 'nobody is answerable for the request yet');
  const faults: FieldFault[] = [];
  if (!crew.trim()) faults.push({ field: 'crew', message: 'is needed' });
  if ([...crew].length > longestCrew) faults.push({ field: 'crew', message: 'is too long' });
  if (faults.length) throw new Invalid(faults);
  const token = randomBytes(16).toString('base64url');
  const now = work.clock.now();
  const until = new Date(now.getTime() + days * 86_400_000);
  await work.tx.execute(sql`insert into cc_link (token_hash, request, kind, crew, organisation, made_by, made_at, expires_at)
    values (${sha256(token)}, ${number}, 'crew', ${crew.trim()}, ${organisation}, ${work.actor.name}, ${now.toISOString()}::timestamptz,
      ${until.toISOString()}::timestamptz)`);
  await audit(work, {
    action: permission('crew_link'),
    resource: `request:${number}`,
    detail: { until: until.toISOString() },
  });
  return token;
}

/** Ends a link at once. @throws NotFound, Forbidden */
export async function revokeCrewLink(work: Work, number: string, id: string): Promise<void> {
  await mayLink(work, number);
  const { rows } =
    await work.tx.execute(sql`update cc_link set revoked_at = ${work.clock.now().toISOString()}::timestamptz
    where request = ${number} and kind = 'crew' and token_hash = ${id} and revoked_at is null returning 1 as one`);
  if (!rows.length) throw new NotFound('link');
  await audit(work, {
    action: permission('crew_link'),
    resource: `request:${number}`,
    detail: { revoked: true },
  });
}

/** The links of a request that still work. */
export async function crewLinks(reader: Reader, number: string, now: Date): Promise<CrewLink[]> {
  return find(reader, sql`l.request = ${number}`, now);
}

/** What a token opens; null for one that is guessed, ended, revoked, or of an enterprise that no longer has the request. */
export async function crewLinkOf(reader: Reader, token: string, now: Date): Promise<CrewLink | null> {
  if (!/^[\w-]{22}$/.test(token)) return null;
  const [found] = await find(reader, sql`l.token_hash = ${sha256(token)}`, now);
  return found ?? null;
}

/** The holder of a link as an actor: a crew of the enterprise that gave it. Whoever calls keeps it to the link's request. */
export function crewLinkActor(link: CrewLink): Actor {
  return {
    kind: 'client',
    id: `crew-link:${link.id.slice(0, 16)}`,
    name: link.crew,
    organisation: link.organisation,
    assurance: 0,
    grants: [
      {
        role: roleName('crew'),
        permissions: new Set(['read_desk', 'read_private', 'dispatch', 'claim'].map(permission)),
        organisation: link.organisation,
        district: null,
        branch: null,
      },
    ],
  };
}

async function mayLink(work: Work, number: string): Promise<{ organisation: string | null }> {
  const held = await hold(work, number);
  const { rows } = await work.tx.execute<{
    organisation: string | null;
    district: string | null;
    branch: string;
  }>(sql`select organisation, district, branch from cc_request where number = ${number}`);
  const row = rows[0];
  const resource = row && (await resourceAt(work.tx, work.actor, { ...row, number }));
  if (!held || !resource || !can(work.actor, permission('read_desk'), resource))
    throw new NotFound('request');
  if (!can(work.actor, permission('crew_link'), resource)) throw new Forbidden(permission('crew_link'));
  return { organisation: row.organisation };
}

async function find(reader: Reader, which: ReturnType<typeof sql>, now: Date): Promise<CrewLink[]> {
  const { rows } = await reader.execute<Record<string, string>>(sql`
    select l.token_hash, l.request, l.organisation, l.crew, l.made_by, l.made_at, l.expires_at
    from cc_link l join cc_request r on r.number = l.request
    where l.kind = 'crew' and l.revoked_at is null and l.expires_at > ${now.toISOString()}::timestamptz
      and r.organisation = l.organisation and ${which} order by l.made_at desc limit 20`);
  return rows.map((row) => ({
    id: row.token_hash!,
    request: row.request!,
    organisation: row.organisation!,
    crew: row.crew!,
    madeBy: row.made_by!,
    madeAt: new Date(row.made_at!),
    until: new Date(row.expires_at!),
  }));
}
