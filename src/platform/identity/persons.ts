import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { audit } from '../audit/append.ts';
import { Conflict } from '../errors.ts';
import type { Language } from '../i18n/index.ts';
import type { Actor, Work } from '../work.ts';
import type { Secrets } from './secrets.ts';
import { dropSessions } from './sessions.ts';

export type ContactKind = 'email' | 'phone';

/** Writes a contact the one way in which it is compared: e-mail in lower case, phone as digits with 380. */
export function normaliseContact(kind: ContactKind, value: string): string {
  const plain = value.normalize('NFC').trim();
  if (kind === 'email') return plain.toLowerCase();
  const digits = plain.replace(/\D/g, '');
  return digits.length === 10 && digits.startsWith('0') ? `38${digits}` : digits;
}

export interface NewPerson {
  readonly name?: string;
  readonly language?: Language;
  readonly assurance?: Actor['assurance'];
  /** For demo and seeded people only: the same handle is the same person. */
  readonly handle?: string;
}

/** Takes a person in. @returns the id. */
export async function createPerson(work: Work, secrets: Secrets, input: NewPerson): Promise<string> {
  const id = randomUUID();
  const name = input.name ? secrets.encrypt(input.name, { table: 'person', column: 'name', row: id }) : null;
  await work.tx.execute(
    sql`insert into person (id, language, name, assurance, handle, created_at)
        values (${id}, ${input.language ?? 'uk'}, ${name}, ${input.assurance ?? 0}, ${input.handle ?? null},
                ${work.clock.now().toISOString()})`,
  );
  await audit(work, { action: 'identity:create-person', resource: `person:${id}`, subjects: [id] });
  return id;
}

/** Adds a contact that the person has proved to own. @throws Conflict when it is another person's. */
export async function addVerifiedContact(
  work: Work,
  secrets: Secrets,
  personId: string,
  kind: ContactKind,
  value: string,
): Promise<void> {
  const plain = normaliseContact(kind, value);
  const id = randomUUID();
  const now = work.clock.now().toISOString();
  const { rowCount } = await work.tx.execute(
    sql`insert into person_contact (id, person_id, kind, value, blind, verified_at, created_at)
        values (${id}, ${personId}, ${kind}, ${secrets.encrypt(plain, { table: 'person_contact', column: 'value', row: id })},
                ${secrets.blind(kind, plain)}, ${now}, ${now})
        on conflict (kind, blind) where verified_at is not null do nothing`,
  );
  if (!rowCount) throw new Conflict('contact-taken', 'this contact belongs to another account');
}

/** Notes a contact that somebody else has told of a person; it proves nothing and nobody signs in by it. */
export async function addToldContact(
  work: Work,
  secrets: Secrets,
  personId: string,
  kind: ContactKind,
  value: string,
): Promise<void> {
  const plain = normaliseContact(kind, value);
  const id = randomUUID();
  await work.tx.execute(
    sql`insert into person_contact (id, person_id, kind, value, blind, created_at)
        values (${id}, ${personId}, ${kind}, ${secrets.encrypt(plain, { table: 'person_contact', column: 'value', row: id })},
                ${secrets.blind(kind, plain)}, ${work.clock.now().toISOString()})`,
  );
}

/** The person who has confirmed this contact. */
export async function personByContact(
  work: Work,
  secrets: Secrets,
  kind: ContactKind,
  value: string,
): Promise<{ id: string; blocked: boolean } | null> {
  const { rows } = await work.tx.execute<{ id: string; blocked: boolean }>(
    sql`select p.id, (p.blocked_at is not null or p.erased_at is not null) as blocked
        from person_contact k join person p on p.id = k.person_id
        where k.kind = ${kind} and k.blind = ${secrets.blind(kind, normaliseContact(kind, value))}
          and k.verified_at is not null`,
  );
  return rows[0] ?? null;
}

/** The confirmed contacts of a person in the clear; reading another's is for the caller to audit. */
export async function contactsOf(
  work: Work,
  secrets: Secrets,
  personId: string,
): Promise<{ kind: ContactKind; value: string | null }[]> {
  const { rows } = await work.tx.execute<{ id: string; kind: ContactKind; value: string }>(
    sql`select id, kind, value from person_contact
        where person_id = ${personId} and verified_at is not null order by created_at`,
  );
  return rows.map((row) => ({
    kind: row.kind,
    value: secrets.decrypt(row.value, { table: 'person_contact', column: 'value', row: row.id }),
  }));
}

/** Blocks or unblocks a person: no session of theirs answers from the next request on. */
export async function setBlocked(work: Work, personId: string, blocked: boolean): Promise<void> {
  await work.tx.execute(
    sql`update person set blocked_at = ${blocked ? work.clock.now().toISOString() : null} where id = ${personId}`,
  );
  if (blocked) await dropSessions(work, personId);
  await audit(work, {
    action: blocked ? 'identity:block' : 'identity:unblock',
    resource: `person:${personId}`,
    subjects: [personId],
  });
}
