import { randomUUID } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import { audit } from '../audit/append.ts';
import { Conflict, NotFound } from '../errors.ts';
import { defineTemplate, notify } from '../notify/index.ts';
import { erasePeople } from '../personal-data/erasure.ts';
import { emergencyRole, systemActor, type Work } from '../work.ts';
import { grantRole, revokeGrant } from './grants.ts';
import { holdersOf } from './holders.ts';
import { mustBeAble } from './index.ts';
import { breakGlass, privacyOfficerRole, unitHeadRole } from './roles.ts';

const hour = 60 * 60_000;

export interface Emergency {
  readonly id: string;
  readonly personId: string;
  readonly post: string;
  readonly organisation: string | null;
  /** null: its key is away. */
  readonly reason: string | null;
  readonly openedAt: Date;
  readonly until: Date;
  readonly verdict: 'justified' | 'unjustified' | null;
  readonly note: string | null;
}

/** One look under emergency rights, as the log keeps it. */
export interface EmergencyLook {
  readonly number: number;
  readonly at: Date;
  readonly resource: string;
  readonly purpose: string;
}

/**
 * Gives the actor the reading rights of an emergency for an hour. Whoever leads the unit and the privacy officers are told at
 * once, every look is marked in the log of whom it concerns, and the whole is reviewed.
 *
 * @throws Forbidden without the right to do so; Conflict when it is open already.
 */
export async function openEmergency(work: Work, reason: string): Promise<void> {
  const { actor } = work;
  mustBeAble(actor, breakGlass);
  const now = work.clock.now();
  const until = new Date(now.getTime() + hour);
  await work.tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${actor.id}, 17))`);
  if (await openNow(work)) throw new Conflict('emergency-open', 'emergency access is open already');
  const grantId = await grantRole(
    { ...work, actor: systemActor('emergency access') },
    { personId: actor.id!, role: emergencyRole, until, reason: 'emergency access' },
  );
  const id = randomUUID();
  await work.tx.execute(
    sql`insert into emergency_access (id, person_id, grant_id, post, organisation, reason, opened_at, until)
        values (${id}, ${actor.id}, ${grantId}, ${actor.name}, ${actor.organisation},
                ${work.secrets.encrypt(reason, place(id))}, ${now.toISOString()}, ${until.toISOString()})`,
  );
  await audit(work, {
    action: 'platform:break-glass',
    resource: `emergency:${id}`,
    subjects: [actor.id!],
    detail: { until: until.toISOString() },
    secret: { person: actor.id!, facts: { reason } },
  });
  for (const person of await watchers(work))
    await notify(work, {
      to: { person },
      event: `emergency:${id}`,
      template: emergencyOpened,
      variables: { post: actor.name, organisation: actor.organisation ?? '' },
      weight: 'service',
      urgent: true,
    });
}

/** Ends the actor's own emergency access before its hour is over. */
export async function endEmergency(work: Work): Promise<void> {
  const open = await openNow(work);
  if (!open) throw new NotFound('emergency');
  await revokeGrant(work, open.grant_id);
  await work.tx.execute(
    sql`update emergency_access set until = ${work.clock.now().toISOString()} where id = ${open.id}`,
  );
}

/** The actor's open emergency access: until when. */
export async function ownEmergency(work: Work): Promise<Date | null> {
  const open = await openNow(work);
  return open ? new Date(open.until) : null;
}

/** What waits for a review, then the last reviewed. */
export async function emergencies(work: Work): Promise<readonly Emergency[]> {
  return read(work, sql`order by verdict is not null, opened_at desc limit 100`);
}

/** One with every look that was taken under it. */
export async function emergency(
  work: Work,
  id: string,
): Promise<Emergency & { readonly looks: readonly EmergencyLook[] }> {
  const [one] = await read(work, sql`where id = ${id}`);
  if (!one) throw new NotFound('emergency');
  const { rows } = await work.tx.execute<Record<string, string>>(
    sql`select number, at, resource, purpose from audit_log
        where purpose is not null and at >= ${one.openedAt.toISOString()} and at <= ${one.until.toISOString()}
          and record::jsonb #>> '{actor,id}' = ${one.personId} and record::jsonb #>> '{detail,breakGlass}' = 'true'
        order by number limit 1000`,
  );
  const looks = rows.map((row) => ({
    number: Number(row.number),
    at: new Date(row.at!),
    resource: row.resource!,
    purpose: row.purpose!,
  }));
  return { ...one, looks };
}

/** The privacy officer's word on it. @throws Conflict for one's own. */
export async function reviewEmergency(
  work: Work,
  id: string,
  verdict: 'justified' | 'unjustified',
  note: string,
): Promise<void> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<{ person_id: string }>(
    sql`select person_id from emergency_access where id = ${id} and verdict is null for update`,
  );
  if (!rows[0]) throw new NotFound('emergency');
  if (rows[0].person_id === work.actor.id) throw new Conflict('own-case', 'nobody reviews their own');
  await work.tx.execute(
    sql`update emergency_access set verdict = ${verdict}, note = ${note}, reviewed_by = ${work.actor.id},
          reviewed_at = ${work.clock.now().toISOString()} where id = ${id}`,
  );
  await audit(work, {
    action: 'platform:review-emergency',
    resource: `emergency:${id}`,
    subjects: [rows[0].person_id],
    detail: { verdict },
  });
}

const emergencyOpened = defineTemplate<{ post: string; organisation: string }>(
  'platform.emergency-opened',
  1,
  {
    uk: ({ post, organisation }) => ({
      subject: 'Відкрито екстрений доступ до персональних даних',
      lines: [
        `${[post, organisation].filter(Boolean).join(', ')}: на годину відкрито читання поза звичайними правами.`,
        'Кожен перегляд позначено в журналі. Після завершення доступ перевіряє відповідальна особа.',
      ],
      href: '/desk',
    }),
    en: ({ post, organisation }) => ({
      subject: 'Emergency access to personal data was opened',
      lines: [
        `${[post, organisation].filter(Boolean).join(', ')}: reading over the usual rights is open for an hour.`,
        'Every look is marked in the log. Afterwards the privacy officer reviews it.',
      ],
      href: '/desk',
    }),
  },
);

/** Who is told: privacy officers, and whoever leads the actor's unit. Never the actor. */
async function watchers(work: Work): Promise<Set<string>> {
  const now = work.clock.now();
  const told = new Set([
    ...(await holdersOf(work.tx, privacyOfficerRole, {}, now)),
    ...(await holdersOf(work.tx, unitHeadRole, { organisation: work.actor.organisation }, now)),
  ]);
  told.delete(work.actor.id!);
  return told;
}

async function openNow(work: Work): Promise<{ id: string; grant_id: string; until: string } | undefined> {
  const { rows } = await work.tx.execute<{ id: string; grant_id: string; until: string }>(
    sql`select id, grant_id, until from emergency_access
        where person_id = ${work.actor.id} and until > ${work.clock.now().toISOString()}`,
  );
  return rows[0];
}

async function read(work: Work, which: SQL): Promise<Emergency[]> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<Record<string, string | null>>(
    sql`select * from emergency_access ${which}`,
  );
  return rows.map((row) => ({
    id: row.id!,
    personId: row.person_id!,
    post: row.post!,
    organisation: row.organisation ?? null,
    reason: work.secrets.decrypt(row.reason!, place(row.id!)),
    openedAt: new Date(row.opened_at!),
    until: new Date(row.until!),
    verdict: row.verdict as Emergency['verdict'],
    note: row.note ?? null,
  }));
}

function place(row: string) {
  return { table: 'emergency_access', column: 'reason', row };
}
