import { sql } from 'drizzle-orm';
import { mustBeAble } from '../access/index.ts';
import { managePeople } from '../access/roles.ts';
import { audit } from '../audit/append.ts';
import { Conflict, Forbidden, NotFound } from '../errors.ts';
import type { Work } from '../work.ts';
import { temporaryPassword } from './passwords.ts';
import { dropSessions } from './sessions.ts';
import { setPassword } from './staff.ts';

export type Resettable = 'password' | 'second-factor';

/** Asks that a lost credential of someone else be reset. @throws Conflict when that is asked for already. */
export async function askReset(
  work: Work,
  input: { readonly accountId: string; readonly what: Resettable; readonly reason: string },
): Promise<void> {
  mustBeAble(work.actor, managePeople);
  await mustBeAnothers(work, input.accountId);
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into credential_reset (account_id, what, reason, asked_by, asked_at)
        values (${input.accountId}, ${input.what}, ${input.reason}, ${work.actor.id}, ${work.clock.now().toISOString()})
        on conflict (account_id, what) where outcome is null do nothing returning id`,
  );
  if (!rows[0]) throw new Conflict('reset-open', 'this reset waits for approval already');
  await audit(work, {
    action: 'identity:ask-reset',
    resource: `staff-account:${input.accountId}`,
    detail: { what: input.what },
  });
}

/**
 * Lets a reset happen that another administrator asked for. All sessions of the account end.
 *
 * @returns the temporary password to hand over; null for a second factor, which the next sign-in sets up anew.
 * @throws Conflict for one's own, Forbidden for one's own account.
 */
export async function approveReset(work: Work, resetId: string): Promise<string | null> {
  const reset = await decide(work, resetId, 'approved');
  const password = reset.what === 'password' ? temporaryPassword() : null;
  if (password) await setPassword(work, reset.account_id, password);
  else await forgetSecondFactor(work, reset.account_id, reset.person_id);
  return password;
}

/** Refuses a reset, or takes back one's own. */
export async function refuseReset(work: Work, resetId: string): Promise<void> {
  const reset = await decide(work, resetId, 'refused');
  await audit(work, {
    action: 'identity:refuse-reset',
    resource: `staff-account:${reset.account_id}`,
    detail: { what: reset.what },
  });
}

async function forgetSecondFactor(work: Work, accountId: string, personId: string): Promise<void> {
  await work.tx.execute(
    sql`update staff_account set totp_secret = null, failures = 0, locked_until = null where id = ${accountId}`,
  );
  await work.tx.execute(sql`delete from recovery_code where account_id = ${accountId}`);
  await dropSessions(work, personId);
  await audit(work, { action: 'identity:reset-second-factor', resource: `staff-account:${accountId}` });
}

interface Reset extends Record<string, unknown> {
  account_id: string;
  person_id: string;
  what: Resettable;
  asked_by: string;
}

async function decide(work: Work, resetId: string, outcome: 'approved' | 'refused'): Promise<Reset> {
  mustBeAble(work.actor, managePeople);
  const { rows } = await work.tx.execute<Reset>(
    sql`select r.*, a.person_id from credential_reset r join staff_account a on a.id = r.account_id
        where r.id = ${resetId} and r.outcome is null for update of r`,
  );
  const reset = rows[0];
  if (!reset) throw new NotFound('reset');
  await mustBeAnothers(work, reset.account_id);
  if (outcome === 'approved' && reset.asked_by === work.actor.id)
    throw new Conflict('four-eyes', 'whoever asked for a reset cannot approve it');
  await work.tx.execute(
    sql`update credential_reset set outcome = ${outcome}, decided_by = ${work.actor.id},
          decided_at = ${work.clock.now().toISOString()} where id = ${resetId}`,
  );
  return reset;
}

async function mustBeAnothers(work: Work, accountId: string): Promise<void> {
  const { rows } = await work.tx.execute<{ person_id: string }>(
    sql`select person_id from staff_account where id = ${accountId}`,
  );
  if (!rows[0]) throw new NotFound('account');
  if (rows[0].person_id === work.actor.id) throw new Forbidden('platform:reset one’s own');
}
