import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { permissionsByRole } from '../access/roles.ts';
import { audit } from '../audit/append.ts';
import { isDiskFull } from '../disk.ts';
import { emit } from '../events/outbox.ts';
import { accessChanged } from '../events/stream.ts';
import type { VisitSession } from '../http/visit.ts';
import type { Platform } from '../system.ts';
import type { Actor, Grant, Work } from '../work.ts';
import { secretsOf } from './secrets.ts';

export type SessionKind = 'person' | 'staff';

const minute = 60_000;
/** How long a session may stand idle, and how long it may last at all. */
export const limits: Readonly<Record<SessionKind, { idle: number; absolute: number }>> = {
  person: { idle: 30 * minute, absolute: 12 * 60 * minute },
  staff: { idle: 15 * minute, absolute: 10 * 60 * minute },
};

export interface NewSession {
  readonly personId: string;
  readonly kind: SessionKind;
  readonly assurance: Actor['assurance'];
  /** The browser in few words. */
  readonly device: string;
  /** By what the person proved who they are. */
  readonly method: string;
}

/** Starts a session. @returns the token for the cookie: 256 random bits, of which only the hash is stored. */
export async function startSession(work: Work, input: NewSession): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const now = work.clock.now();
  const expires = new Date(now.getTime() + limits[input.kind].absolute);
  await work.tx.execute(
    sql`insert into session (token_hash, person_id, kind, assurance, device, created_at, seen_at, expires_at, proved_at,
                             proof_method)
        values (${hashOf(token)}, ${input.personId}, ${input.kind}, ${input.assurance}, ${input.device.slice(0, 80)},
                ${now.toISOString()}, ${now.toISOString()}, ${expires.toISOString()}, ${now.toISOString()}, ${input.method})`,
  );
  return token;
}

/** Notes a fresh proof of who is behind the session, under a new token: the one from before is worth nothing. */
export async function renewProof(work: Work, token: string, method: string): Promise<string> {
  const fresh = randomBytes(32).toString('base64url');
  await work.tx.execute(
    sql`update session set token_hash = ${hashOf(fresh)}, proved_at = ${work.clock.now().toISOString()},
          proof_method = ${method} where token_hash = ${hashOf(token)}`,
  );
  await audit(work, {
    action: 'identity:prove',
    resource: `person:${work.actor.id}`,
    subjects: [work.actor.id!],
    detail: { method },
  });
  return fresh;
}

/** Whose session a token was, though it be over; null: nobody knows any more. */
export async function ownerOf(platform: Pick<Platform, 'db'>, token: string): Promise<string | null> {
  const { rows } = await platform.db.execute<{ person_id: string }>(
    sql`select person_id from session where token_hash = ${hashOf(token)}`,
  );
  return rows[0]?.person_id ?? null;
}

/** Ends the session of a token. */
export async function endSession(work: Work, token: string): Promise<void> {
  await work.tx.execute(sql`delete from session where token_hash = ${hashOf(token)}`);
}

/** Takes away all sessions of a person but one; live pages of theirs end too. For acts that have an audit entry of their own. */
export async function dropSessions(work: Work, personId: string, but: string | null = null): Promise<void> {
  await work.tx.execute(
    sql`delete from session where person_id = ${personId} and id is distinct from ${but}::uuid`,
  );
  await emit(work, accessChanged, { person: personId });
}

/** Ends sessions of a person: one by its id, or all; a changed credential or a block ends all. */
export async function endSessionsOf(work: Work, personId: string, id?: string): Promise<void> {
  if (id) {
    await work.tx.execute(sql`delete from session where person_id = ${personId} and id = ${id}`);
    await emit(work, accessChanged, { person: personId });
  } else await dropSessions(work, personId);
  await audit(work, {
    action: 'identity:end-sessions',
    resource: id ? `session:${id}` : `person:${personId}`,
    subjects: [personId],
  });
}

export interface OwnSession {
  readonly id: string;
  readonly device: string;
  readonly startedAt: Date;
  readonly seenAt: Date;
}

/** The running sessions of a person, newest first. */
export async function sessionsOf(work: Work, personId: string): Promise<OwnSession[]> {
  const { rows } = await work.tx.execute<{ id: string; device: string; created_at: string; seen_at: string }>(
    sql`select id, device, created_at, seen_at from session
        where person_id = ${personId} and expires_at > ${work.clock.now().toISOString()} order by created_at desc limit 50`,
  );
  return rows.map((row) => ({
    id: row.id,
    device: row.device,
    startedAt: new Date(row.created_at),
    seenAt: new Date(row.seen_at),
  }));
}

export interface KnownSession {
  readonly actor: Actor;
  readonly session: VisitSession;
  readonly language: 'uk' | 'en';
}

interface SessionRow {
  id: string;
  person_id: string;
  kind: SessionKind;
  assurance: Actor['assurance'];
  created_at: Date;
  seen_at: Date;
  expires_at: Date;
  proved_at: Date | null;
  proof_method: string | null;
  name: string | null;
  language: 'uk' | 'en';
  post: string | null;
  organisation: string | null;
  grants: Pick<Grant, 'role' | 'organisation' | 'district' | 'branch'>[];
  recused: string[] | null;
}

const lookup = `
select s.id, s.person_id, s.kind, s.assurance, s.created_at, s.seen_at, s.expires_at, s.proved_at,
  s.proof_method, p.name, p.language, a.post, a.organisation,
  coalesce((select json_agg(json_build_object('role', g.role, 'organisation', g.organisation, 'district', g.district, 'branch', g.branch))
    from access_grant g where g.person_id = s.person_id and g.revoked_at is null and g.valid_from <= $2
      and (g.valid_until is null or g.valid_until > $2)), '[]'::json) as grants,
  case s.kind when 'staff' then array(select r.resource from recusal r where r.person_id = s.person_id and r.lifted_at is null) end as recused
from session s join person p on p.id = s.person_id
  left join staff_account a on a.person_id = s.person_id and s.kind = 'staff'
where s.token_hash = $1 and s.expires_at > $2
  and s.seen_at > case s.kind when 'staff' then $4::timestamptz else $3::timestamptz end
  and p.blocked_at is null and p.erased_at is null
  and (s.kind = 'person' or (a.id is not null and a.blocked_at is null))`;

/**
 * Finds who is behind a token. Grants are read each time, so a demotion or a block works on the next request; one
 * prepared statement does it all.
 */
export function sessionReader(platform: Platform): (token: string) => Promise<KnownSession | null> {
  const pool = platform.db.$client;
  const secrets = secretsOf(platform.config);
  const permissions = permissionsByRole(platform);
  const none: ReadonlySet<string> = new Set();

  return async (token) => {
    const now = platform.clock.now();
    const tokenHash = hashOf(token);
    const { rows } = await pool.query<SessionRow>({
      name: 'session-lookup',
      text: lookup,
      values: [
        tokenHash,
        now,
        new Date(now.getTime() - limits.person.idle),
        new Date(now.getTime() - limits.staff.idle),
      ],
    });
    const row = rows[0];
    if (!row) return null;
    const isTouched = now.getTime() - row.seen_at.getTime() > minute;
    if (isTouched)
      await pool
        .query({
          name: 'session-touch',
          text: 'update session set seen_at = $2 where token_hash = $1 and seen_at < $2',
          values: [tokenHash, now],
        })
        .catch(unlessDiskFull);
    const personName = row.name
      ? secrets.decrypt(row.name, { table: 'person', column: 'name', row: row.person_id })
      : null;
    return {
      language: row.language,
      actor: {
        kind: row.kind,
        id: row.person_id,
        name: row.kind === 'staff' ? (row.post ?? '') : 'мешканець',
        organisation: row.organisation,
        // A resident's session of a member of staff carries no rights of the post.
        grants:
          row.kind === 'staff'
            ? row.grants.map((grant) => ({ ...grant, permissions: permissions.get(grant.role) ?? none }))
            : [],
        assurance: row.assurance,
        ...(row.recused?.length && { recused: row.recused }),
      },
      session: {
        id: row.id,
        personId: row.person_id,
        personName: personName ?? '',
        kind: row.kind,
        startedAt: row.created_at,
        idleUntil: new Date(
          Math.min(
            (isTouched ? now : row.seen_at).getTime() + limits[row.kind].idle,
            row.expires_at.getTime(),
          ),
        ),
        provedAt: row.proved_at ?? row.created_at,
        proofMethod: row.proof_method ?? '',
      },
    };
  };
}

/** With a full disk nobody's time is prolonged, but reading goes on until it is over. */
function unlessDiskFull(error: unknown): void {
  if (!isDiskFull(String((error as { code?: unknown }).code))) throw error;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
