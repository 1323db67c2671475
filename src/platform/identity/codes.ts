import { createHash, randomInt, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { audit } from '../audit/append.ts';
import { Refusal } from '../errors.ts';
import type { Language } from '../i18n/index.ts';
import type { Work } from '../work.ts';
import { addVerifiedContact, createPerson, normaliseContact, personByContact } from './persons.ts';
import type { Secrets } from './secrets.ts';

const lifetime = 10 * 60_000;
const maxTries = 5;
const maxCodesAnHour = 5;

/**
 * Makes a sign-in code for an e-mail address, known or not: both look the same from outside.
 *
 * @returns the id to keep in the visitor's cookie, and the code to send.
 * @throws Refusal 429 after five codes in an hour to one address.
 */
export async function makeCode(
  work: Work,
  secrets: Secrets,
  email: string,
): Promise<{ id: string; code: string; to: string }> {
  const to = normaliseContact('email', email);
  const blind = secrets.blind('email', to);
  const now = work.clock.now();
  // One at a time per address, so that parallel requests cannot pass the limit together.
  await work.tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${blind}, 10))`);
  const { rows } = await work.tx.execute<{ n: number }>(
    sql`select count(*)::int as n from contact_code
        where blind = ${blind} and created_at > ${new Date(now.getTime() - 3_600_000).toISOString()}`,
  );
  if (rows[0]!.n >= maxCodesAnHour)
    throw new Refusal(429, 'too-many', 'too many codes for this address', { retryAfter: 3600 });
  const id = randomUUID();
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  await work.tx.execute(
    sql`insert into contact_code (id, value, blind, code, created_at, expires_at)
        values (${id}, ${secrets.encrypt(to, { table: 'contact_code', column: 'value', row: id })}, ${blind},
                ${hashOf(id, code)}, ${now.toISOString()}, ${new Date(now.getTime() + lifetime).toISOString()})`,
  );
  return { id, code, to };
}

/**
 * Checks a code; the right one works once.
 *
 * @returns the address that it proves; null when the code is wrong, used, too old or was tried five times. The caller's
 * transaction must commit in both cases: the try counts.
 */
export async function checkCode(
  work: Work,
  secrets: Secrets,
  input: { id: string; code: string },
): Promise<string | null> {
  const { rows } = await work.tx.execute<{ value: string; right: boolean }>(
    sql`update contact_code
        set tries = tries + 1,
            used_at = case when code = ${hashOf(input.id, input.code)} then ${work.clock.now().toISOString()}::timestamptz end
        where id = ${input.id} and used_at is null and tries < ${maxTries}
          and expires_at > ${work.clock.now().toISOString()}
        returning value, used_at is not null as right`,
  );
  const row = rows[0];
  return row?.right
    ? secrets.decrypt(row.value, { table: 'contact_code', column: 'value', row: input.id })
    : null;
}

/**
 * Redeems a sign-in code: finds the person of the address, or takes a new one in.
 *
 * @returns the person; null as `checkCode`, whose rule about the transaction holds here too.
 */
export async function redeemCode(
  work: Work,
  secrets: Secrets,
  input: { id: string; code: string; language: Language },
): Promise<{ personId: string } | null> {
  const email = await checkCode(work, secrets, input);
  if (!email) return null;
  const known = await personByContact(work, secrets, 'email', email);
  if (known?.blocked) {
    await audit(work, { action: 'identity:sign-in', resource: `person:${known.id}`, result: 'refused' });
    return null;
  }
  if (known) return { personId: known.id };
  const personId = await createPerson(work, secrets, { language: input.language, assurance: 1 });
  await addVerifiedContact(work, secrets, personId, 'email', email);
  return { personId };
}

/** A stolen table of hashes must not give codes away quickly; the id salts each. */
function hashOf(id: string, code: string): Buffer {
  return createHash('sha256').update(`${id}\0${code}`).digest();
}
