import { sql } from 'drizzle-orm';
import { audit } from '../audit/append.ts';
import { Forbidden, NotFound } from '../errors.ts';
import type { Work } from '../work.ts';

export interface NewGrant {
  readonly personId: string;
  readonly role: string;
  readonly organisation?: string | null;
  readonly district?: string | null;
  readonly branch?: string | null;
  readonly until?: Date | null;
  /** Why; part of the record. */
  readonly reason: string;
}

/** Gives a role within a scope. @throws Forbidden when somebody would give it to oneself. */
export async function grantRole(work: Work, input: NewGrant): Promise<string> {
  if (work.actor.id === input.personId) throw new Forbidden('platform:grant to oneself');
  const by = work.actor.kind === 'staff' ? work.actor.id : null;
  const now = work.clock.now().toISOString();
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into access_grant (person_id, role, organisation, district, branch, valid_from, valid_until, granted_by,
                                  reason, created_at)
        values (${input.personId}, ${input.role}, ${input.organisation ?? null}, ${input.district ?? null},
                ${input.branch ?? null}, ${now}, ${input.until?.toISOString() ?? null}, ${by}, ${input.reason}, ${now})
        returning id`,
  );
  const id = rows[0]!.id;
  await audit(work, {
    action: 'platform:grant',
    resource: `grant:${id}`,
    subjects: [input.personId],
    detail: { role: input.role },
  });
  return id;
}

/** Takes a grant back; it is gone on the person's next request. */
export async function revokeGrant(work: Work, grantId: string): Promise<void> {
  const { rows } = await work.tx.execute<{ person_id: string }>(
    sql`update access_grant set revoked_at = ${work.clock.now().toISOString()}
        where id = ${grantId} and revoked_at is null returning person_id`,
  );
  if (!rows[0]) throw new NotFound('grant');
  await audit(work, {
    action: 'platform:revoke',
    resource: `grant:${grantId}`,
    subjects: [rows[0].person_id],
  });
}
