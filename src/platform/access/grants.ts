import { sql } from 'drizzle-orm';
import { audit } from '../audit/append.ts';
import { Conflict, Forbidden, NotFound } from '../errors.ts';
import { emit } from '../events/outbox.ts';
import { accessChanged } from '../events/stream.ts';
import type { Work } from '../work.ts';
import { mustBeAble } from './index.ts';
import { managePeople } from './roles.ts';

export interface NewGrant {
  readonly personId: string;
  readonly role: string;
  readonly organisation?: string | null;
  readonly district?: string | null;
  readonly branch?: string | null;
  /** Not given: at once, for a proposal from its approval on. */
  readonly from?: Date | null;
  readonly until?: Date | null;
  /** Why; part of the record. */
  readonly reason: string;
}

/**
 * Gives a role within a scope by the city's own machinery: personas of the demo, the first administrator.
 *
 * @throws Forbidden for a person: people propose and approve.
 */
export async function grantRole(work: Work, input: NewGrant): Promise<string> {
  if (work.actor.kind !== 'system') throw new Forbidden('platform:grant alone');
  return insertGrant(work, input, null, null);
}

/**
 * Gives a role by whoever leads the scope in which it works: a system has its own rules of membership, and has asked them. What
 * goes beyond one organisation, district or branch takes two administrators.
 *
 * @throws Forbidden to oneself, or without a scope.
 */
export async function grantWithin(work: Work, input: NewGrant): Promise<string> {
  if (work.actor.id === input.personId) throw new Forbidden('platform:grant to oneself');
  if (!input.organisation && !input.district && !input.branch) throw new Forbidden('platform:grant alone');
  return insertGrant(work, input, work.actor.kind === 'staff' ? work.actor.id : null, null);
}

/** Proposes a role for someone else to approve. @returns the proposal's id. @throws Forbidden to oneself. */
export async function proposeGrant(work: Work, input: NewGrant): Promise<string> {
  mustBeAble(work.actor, managePeople);
  if (work.actor.id === input.personId) throw new Forbidden('platform:grant to oneself');
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into grant_proposal (person_id, role, organisation, district, branch, valid_from, valid_until, reason,
                                    proposed_by, proposed_at)
        values (${input.personId}, ${input.role}, ${input.organisation ?? null}, ${input.district ?? null},
                ${input.branch ?? null}, ${input.from?.toISOString() ?? null}, ${input.until?.toISOString() ?? null},
                ${input.reason}, ${work.actor.id}, ${work.clock.now().toISOString()})
        returning id`,
  );
  await audit(work, {
    action: 'platform:propose-grant',
    resource: `grant-proposal:${rows[0]!.id}`,
    subjects: [input.personId],
    detail: { role: input.role },
  });
  return rows[0]!.id;
}

/**
 * Approves what another administrator proposed: from now on the role is held.
 *
 * @returns the grant's id.
 * @throws Conflict for one's own proposal, Forbidden for a role to oneself, Conflict when its time is over.
 */
export async function approveGrant(work: Work, proposalId: string): Promise<string> {
  const proposal = await decide(work, proposalId, 'approved');
  const now = work.clock.now();
  const until = proposal.valid_until ? new Date(proposal.valid_until) : null;
  if (until && until <= now) throw new Conflict('over', 'the time of this role is over already');
  return insertGrant(
    work,
    {
      personId: proposal.person_id,
      role: proposal.role,
      organisation: proposal.organisation,
      district: proposal.district,
      branch: proposal.branch,
      from: proposal.valid_from ? new Date(proposal.valid_from) : null,
      until,
      reason: proposal.reason,
    },
    proposal.proposed_by,
    work.actor.id,
  );
}

/** Refuses a proposal, or takes back one's own. */
export async function refuseGrant(work: Work, proposalId: string): Promise<void> {
  const proposal = await decide(work, proposalId, 'refused');
  await audit(work, {
    action: 'platform:refuse-grant',
    resource: `grant-proposal:${proposalId}`,
    subjects: [proposal.person_id],
  });
}

/** Takes a grant back; it is gone on the person's next request, and their live pages end. */
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
  await emit(work, accessChanged, { person: rows[0].person_id });
}

interface Proposal extends Record<string, unknown> {
  person_id: string;
  role: string;
  organisation: string | null;
  district: string | null;
  branch: string | null;
  valid_from: string | null;
  valid_until: string | null;
  reason: string;
  proposed_by: string;
}

async function decide(work: Work, proposalId: string, outcome: 'approved' | 'refused'): Promise<Proposal> {
  mustBeAble(work.actor, managePeople);
  const { rows } = await work.tx.execute<Proposal>(
    sql`select * from grant_proposal where id = ${proposalId} and outcome is null for update`,
  );
  const proposal = rows[0];
  if (!proposal) throw new NotFound('proposal');
  if (proposal.person_id === work.actor.id) throw new Forbidden('platform:grant to oneself');
  if (outcome === 'approved' && proposal.proposed_by === work.actor.id)
    throw new Conflict('four-eyes', 'whoever proposed a role cannot approve it');
  await work.tx.execute(
    sql`update grant_proposal set outcome = ${outcome}, decided_by = ${work.actor.id},
          decided_at = ${work.clock.now().toISOString()} where id = ${proposalId}`,
  );
  return proposal;
}

async function insertGrant(
  work: Work,
  input: NewGrant,
  by: string | null,
  approvedBy: string | null,
): Promise<string> {
  const now = work.clock.now().toISOString();
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into access_grant (person_id, role, organisation, district, branch, valid_from, valid_until, granted_by,
                                  approved_by, reason, created_at)
        values (${input.personId}, ${input.role}, ${input.organisation ?? null}, ${input.district ?? null},
                ${input.branch ?? null}, ${input.from?.toISOString() ?? now}, ${input.until?.toISOString() ?? null},
                ${by}, ${approvedBy}, ${input.reason}, ${now})
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
