import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { audit } from '../audit/append.ts';
import { Conflict, Invalid } from '../errors.ts';
import type { Work } from '../work.ts';
import { checkPassword, hashPassword, noPassword, type PasswordFault, passwordFault } from './passwords.ts';
import type { Secrets } from './secrets.ts';
import { dropSessions } from './sessions.ts';

const maxFailures = 5;
const lockTime = 15 * 60_000;

export interface NewStaffAccount {
  readonly personId: string;
  readonly login: string;
  /** Shown in the history of cases: «Диспетчер 3». */
  readonly post: string;
  readonly organisation?: string | null;
  /** Temporary: whoever comes in by it must choose another. null: the account does not sign in by password. */
  readonly password: string | null;
}

/** Opens a staff account. @throws Invalid for a weak password, Conflict when the login is taken. */
export async function createStaffAccount(work: Work, input: NewStaffAccount): Promise<string> {
  const login = input.login.trim().toLowerCase();
  if (input.password !== null) refuseWeak(input.password, login);
  const id = randomUUID();
  const password = input.password === null ? noPassword : await hashPassword(input.password);
  const { rowCount } = await work.tx.execute(
    sql`insert into staff_account (id, person_id, login, post, organisation, password, password_temporary, created_at)
        values (${id}, ${input.personId}, ${login}, ${input.post}, ${input.organisation ?? null}, ${password},
                ${input.password !== null}, ${work.clock.now().toISOString()})
        on conflict do nothing`,
  );
  if (!rowCount) throw new Conflict('login-taken', 'this login is taken, or the person has an account');
  await audit(work, {
    action: 'identity:create-account',
    resource: `staff-account:${id}`,
    subjects: [input.personId],
  });
  return id;
}

/** Sets a temporary password for somebody else; every session of the account ends. */
export async function setPassword(work: Work, accountId: string, password: string): Promise<void> {
  const { rows } = await work.tx.execute<{ login: string; person_id: string }>(
    sql`select login, person_id from staff_account where id = ${accountId}`,
  );
  const account = rows[0];
  if (!account) throw new Conflict('no-account', 'there is no such account');
  refuseWeak(password, account.login);
  await work.tx.execute(
    sql`update staff_account set password = ${await hashPassword(password)}, password_temporary = true, failures = 0,
          locked_until = null
        where id = ${accountId}`,
  );
  await dropSessions(work, account.person_id);
  await audit(work, { action: 'identity:set-password', resource: `staff-account:${accountId}` });
}

/**
 * Puts a password of one's own in the place of the temporary one.
 *
 * @throws Invalid for a weak password or the temporary one again, Conflict when the password is temporary no more.
 */
export async function replaceTemporaryPassword(
  work: Work,
  accountId: string,
  password: string,
): Promise<void> {
  const { rows } = await work.tx.execute<{ login: string; password: string }>(
    sql`select login, password from staff_account where id = ${accountId} and password_temporary for update`,
  );
  const account = rows[0];
  if (!account) throw new Conflict('password-chosen', 'the password was chosen already');
  refuseWeak(password, account.login);
  if (await checkPassword(password, account.password))
    throw new Invalid([{ field: 'password', message: 'same' satisfies PasswordFault }]);
  await work.tx.execute(
    sql`update staff_account set password = ${await hashPassword(password)}, password_temporary = false
        where id = ${accountId}`,
  );
  await audit(work, { action: 'identity:choose-password', resource: `staff-account:${accountId}` });
}

/**
 * Puts another password of one's own in the place of the present one; every other session of the person ends.
 *
 * @returns false when the present password is wrong: that counts as a failed try, and the transaction must commit.
 * @throws Invalid for a weak password or the present one again.
 */
export async function changeOwnPassword(
  work: Work,
  input: { readonly present: string; readonly password: string; readonly sessionId: string },
): Promise<boolean> {
  const { rows } = await work.tx.execute<{ id: string; login: string; password: string; shut: boolean }>(
    sql`select id, login, password, coalesce(locked_until > ${now(work)}, false) as shut from staff_account
        where person_id = ${work.actor.id} and blocked_at is null for update`,
  );
  const account = rows[0];
  const right = await checkPassword(input.present, account?.password ?? null);
  if (!account || account.shut) return false;
  if (!right) {
    await countFailure(work, account.id);
    return false;
  }
  refuseWeak(input.password, account.login);
  if (input.present === input.password)
    throw new Invalid([{ field: 'password', message: 'same' satisfies PasswordFault }]);
  await work.tx.execute(
    sql`update staff_account set password = ${await hashPassword(input.password)}, password_temporary = false, failures = 0
        where id = ${account.id}`,
  );
  await dropSessions(work, work.actor.id!, input.sessionId);
  await audit(work, { action: 'identity:change-password', resource: `staff-account:${account.id}` });
  return true;
}

export interface StaffStep {
  readonly accountId: string;
  readonly login: string;
  /** false: the second factor has still to be set up. */
  readonly hasTotp: boolean;
  /** The password was set by somebody else: another is to be chosen before anything is done. */
  readonly temporary: boolean;
}

/**
 * The first factor. null: wrong login or password, locked or blocked account; all look the same.
 * The transaction must commit either way: failures count, and five lock the account for a quarter of an hour.
 */
export async function checkFirstFactor(
  work: Work,
  login: string,
  password: string,
): Promise<StaffStep | null> {
  const { rows } = await work.tx.execute<{
    id: string;
    login: string;
    password: string;
    has_totp: boolean;
    temporary: boolean;
    shut: boolean;
  }>(
    sql`select a.id, a.login, a.password, a.totp_secret is not null as has_totp,
          a.password_temporary as temporary,
          (a.blocked_at is not null or p.blocked_at is not null or coalesce(a.locked_until > ${now(work)}, false)) as shut
        from staff_account a join person p on p.id = a.person_id
        where a.login = ${login.trim().toLowerCase()}`,
  );
  const account = rows[0];
  const right = await checkPassword(password, account?.password ?? null);
  if (!account || account.shut) return null;
  if (!right) {
    await countFailure(work, account.id);
    return null;
  }
  const { id, has_totp: hasTotp, temporary } = account;
  return { accountId: id, login: account.login, hasTotp, temporary };
}

/** A new secret for the second factor, and the address that authenticator apps read. */
export function newTotp(login: string): { secret: string; uri: string } {
  const secret = new Secret({ size: 20 });
  return { secret: secret.base32, uri: totpOf(secret.base32, login).toString() };
}

/**
 * The second factor: a code of the app, at most one step of 30 s away and never twice, or a recovery code.
 *
 * @returns the person; null when wrong. The transaction must commit either way.
 */
export async function checkSecondFactor(
  work: Work,
  secrets: Secrets,
  accountId: string,
  code: string,
): Promise<{ personId: string } | null> {
  const { rows } = await work.tx.execute<{ person_id: string; login: string; totp_secret: string | null }>(
    sql`select person_id, login, totp_secret from staff_account
        where id = ${accountId} and blocked_at is null and coalesce(locked_until < ${now(work)}, true)`,
  );
  const account = rows[0];
  if (!account?.totp_secret) return null;
  const secret = secrets.decrypt(account.totp_secret, totpPlace(accountId));
  if (!secret) return null;
  const step = stepOf(secret, account.login, code, work.clock.now());
  const accepted =
    step === null
      ? await useRecoveryCode(work, accountId, code)
      : ((
          await work.tx.execute(
            sql`update staff_account set totp_step = ${step} where id = ${accountId} and totp_step < ${step}`,
          )
        ).rowCount ?? 0) > 0;
  if (!accepted) {
    await countFailure(work, accountId);
    return null;
  }
  await work.tx.execute(
    sql`update staff_account set failures = 0, locked_until = null where id = ${accountId}`,
  );
  return { personId: account.person_id };
}

/**
 * Sets up the second factor with the first code of the app.
 *
 * @returns ten recovery codes, shown once; null when the code is wrong or a factor was set up meanwhile.
 */
export async function setUpTotp(
  work: Work,
  secrets: Secrets,
  input: { accountId: string; login: string; secret: string; code: string },
): Promise<{ personId: string; recoveryCodes: string[] } | null> {
  const step = stepOf(input.secret, input.login, input.code, work.clock.now());
  if (step === null) return null;
  const { rows } = await work.tx.execute<{ person_id: string }>(
    sql`update staff_account
        set totp_secret = ${secrets.encrypt(input.secret, totpPlace(input.accountId))}, totp_step = ${step}, failures = 0
        where id = ${input.accountId} and totp_secret is null and blocked_at is null returning person_id`,
  );
  if (!rows[0]) return null;
  const codes = Array.from({ length: 10 }, () => {
    const raw = randomBytes(10).toString('hex');
    return raw.match(/.{5}/g)!.join('-');
  });
  for (const code of codes)
    await work.tx.execute(
      sql`insert into recovery_code (account_id, code) values (${input.accountId}, ${hashRecovery(code)})`,
    );
  await audit(work, { action: 'identity:set-up-totp', resource: `staff-account:${input.accountId}` });
  return { personId: rows[0].person_id, recoveryCodes: codes };
}

function refuseWeak(password: string, login: string): void {
  const fault = passwordFault(password, [login]);
  if (fault) throw new Invalid([{ field: 'password', message: fault }]);
}

async function countFailure(work: Work, accountId: string): Promise<void> {
  const until = new Date(work.clock.now().getTime() + lockTime).toISOString();
  await work.tx.execute(
    sql`update staff_account
        set failures = case when failures + 1 >= ${maxFailures} then 0 else failures + 1 end,
            locked_until = case when failures + 1 >= ${maxFailures} then ${until}::timestamptz else locked_until end
        where id = ${accountId}`,
  );
  await audit(work, {
    action: 'identity:sign-in',
    resource: `staff-account:${accountId}`,
    result: 'refused',
  });
}

async function useRecoveryCode(work: Work, accountId: string, code: string): Promise<boolean> {
  const { rowCount } = await work.tx.execute(
    sql`update recovery_code set used_at = ${now(work)}
        where account_id = ${accountId} and code = ${hashRecovery(code)} and used_at is null`,
  );
  return (rowCount ?? 0) > 0;
}

function stepOf(secret: string, login: string, code: string, at: Date): number | null {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const totp = totpOf(secret, login);
  const delta = totp.validate({ token, timestamp: at.getTime(), window: 1 });
  return delta === null ? null : totp.counter({ timestamp: at.getTime() }) + delta;
}

function totpOf(secret: string, login: string): TOTP {
  return new TOTP({
    issuer: 'misto',
    label: login,
    secret: Secret.fromBase32(secret),
    period: 30,
    digits: 6,
  });
}

function totpPlace(accountId: string) {
  return { table: 'staff_account', column: 'totp_secret', row: accountId };
}

/** The codes are 80 random bits: a plain hash is enough. */
function hashRecovery(code: string): string {
  return createHash('sha256').update(code.trim().toLowerCase()).digest('base64url');
}

function now(work: Work): string {
  return work.clock.now().toISOString();
}
