import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import { recordRead } from '#platform/audit/reads.ts';
import { addToldContact, createPerson, setBlocked } from '#platform/identity/persons.ts';
import { createStaffAccount } from '#platform/identity/staff.ts';
import { defineTemplate, notify } from '#platform/notify/index.ts';
import type { Work } from '#platform/work.ts';
import { recordActivity } from './activity.ts';
import { asText } from './coercion.ts';
import { Absent, Denied, Faults } from './faults.ts';
import { checkEmail, checkName } from './names.ts';
import { findUser, type PortalUser } from './people.ts';
import { isOfficer } from './permissions.ts';
import { mustBeOfficer } from './rights.ts';
import { findUnit, putMember } from './units.ts';

/**
 * Opens an account of staff for a publisher; it has no rights until it becomes a member of an organisation. The officer's.
 *
 * @throws Denied, Faulty, Invalid for a weak password
 */
export async function createUser(work: Work, input: Readonly<Record<string, unknown>>): Promise<string> {
  mustBeOfficer(work.actor);
  const faults = new Faults();
  const name = checkName(input.name, faults);
  const email = asText(input.email);
  const password = asText(input.password);
  if (email === null) faults.add('email', 'Missing value');
  checkEmail('email', email, faults);
  if (password === null) faults.add('password', 'Missing value');
  if (name !== null && (await isTaken(work, name, null)))
    faults.add('name', 'That login name is not available.');
  faults.refuse();
  const fullname = asText(input.fullname) ?? name!;
  const id = await createPerson(work, work.secrets, { name: fullname });
  await createStaffAccount(work, { personId: id, login: name!, post: fullname, password });
  await addToldContact(work, work.secrets, id, 'email', email!);
  await work.tx.execute(sql`
    insert into od_user (person, name, about, image_url)
    values (${id}, ${name}, ${asText(input.about) ?? ''}, ${asText(input.image_url) ?? ''})`);
  await tellUser(work, 'new user', id);
  return id;
}

const invitation = defineTemplate<{ login: string; organisation: string }>('open-data.invited', 1, {
  uk: ({ login, organisation }) => ({
    subject: 'Вас запрошено публікувати відкриті дані',
    lines: [
      `Для вас відкрито обліковий запис «${login}» на порталі відкритих даних: ${organisation}.`,
      'Пароль для першого входу дасть адміністратор міста.',
    ],
    href: '/open-data/desk',
  }),
  en: ({ login, organisation }) => ({
    subject: 'You are invited to publish open data',
    lines: [
      `The account “${login}” on the open-data portal was opened for you: ${organisation}.`,
      'The administrator of the city gives you a password for the first time.',
    ],
    href: '/open-data/desk',
  }),
});

/**
 * Opens an account without a password for somebody known by an address, and makes them a member of an organisation or theme; a
 * letter tells them. The officer's.
 *
 * @returns the id of the person. @throws Denied, Absent for the organisation or theme, Faulty
 */
export async function inviteUser(
  work: Work,
  input: { readonly email: string; readonly group_id: string; readonly role: string },
): Promise<string> {
  mustBeOfficer(work.actor);
  const faults = new Faults();
  checkEmail('email', input.email, faults);
  faults.refuse();
  const unit = await findUnit(work.tx, work.actor, 'organization', input.group_id).catch((error: unknown) => {
    if (error instanceof Absent) return findUnit(work.tx, work.actor, 'group', input.group_id);
    throw error;
  });
  const login = await freeLogin(work, input.email);
  const id = await createPerson(work, work.secrets, { name: login });
  await createStaffAccount(work, {
    personId: id,
    login,
    post: login,
    organisation: unit.unit,
    password: null,
  });
  await addToldContact(work, work.secrets, id, 'email', input.email);
  await work.tx.execute(sql`insert into od_user (person, name) values (${id}, ${login})`);
  await tellUser(work, 'new user', id);
  await putMember(work, unit.kind, unit.id, login, input.role);
  await notify(work, {
    to: { email: input.email, language: 'uk', secrets: work.secrets },
    event: `open-data.invited:${id}`,
    template: invitation,
    variables: { login, organisation: unit.title || unit.name },
    weight: 'service',
  });
  return id;
}

/** A free login from the part of an address before the at-sign. */
async function freeLogin(work: Work, email: string): Promise<string> {
  const words = email
    .split('@')[0]!
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-');
  const plain = words.slice(0, 80).padEnd(2, '0');
  if (!(await isTaken(work, plain, null))) return plain;
  return `${plain}-${randomBytes(4).toString('hex')}`;
}

/** Changes what a user is called and says of themselves; `merge` keeps what is not given. @throws Denied, Absent, Faulty */
export async function updateUser(
  work: Work,
  idOrName: string,
  input: Readonly<Record<string, unknown>>,
  options: { readonly merge: boolean },
): Promise<string> {
  const user = await mineToChange(work, idOrName);
  // A token that was lost must not become a way to sign in.
  if (asText(input.password) !== null) throw new Denied('passwords are changed where people sign in');
  const faults = new Faults();
  const given = options.merge
    ? { fullname: user.fullname, about: user.about, image_url: user.image_url, ...input }
    : input;
  const name = input.name === undefined ? user.name : checkName(input.name, faults);
  if (name !== null && name !== user.name && (await isTaken(work, name, user.id)))
    faults.add('name', 'That login name is not available.');
  faults.refuse();
  await work.tx.execute(sql`
    insert into od_user (person, name, about, image_url)
    values (${user.id}, ${name}, ${asText(given.about) ?? ''}, ${asText(given.image_url) ?? ''})
    on conflict (person) do update set name = excluded.name, about = excluded.about, image_url = excluded.image_url`);
  const fullname = asText(given.fullname);
  if (fullname !== null)
    await work.tx.execute(sql`update staff_account set post = ${fullname} where person_id = ${user.id}`);
  await tellUser(work, 'changed user', user.id);
  return user.id;
}

/** Shuts an account. The officer's, and only of people who have no other post in the city. @throws Denied, Absent */
export async function deleteUser(work: Work, idOrName: string): Promise<void> {
  mustBeOfficer(work.actor);
  const user = await mineToChange(work, idOrName);
  if (user.id === work.actor.id) throw new Denied('nobody deletes their own account');
  await work.tx.execute(sql`
    insert into od_user (person, name, state) values (${user.id}, ${user.name}, 'deleted')
    on conflict (person) do update set state = 'deleted'`);
  await work.tx.execute(
    sql`update od_token set revoked_at = ${work.clock.now().toISOString()} where person = ${user.id} and revoked_at is null`,
  );
  await setBlocked(work, user.id, true);
  await tellUser(work, 'deleted user', user.id);
}

/** The address of a user, for themselves and the officer; reading another's is written down. */
export async function emailOf(work: Work, user: PortalUser): Promise<string | null> {
  const { rows } = await work.tx.execute<{ id: string; value: string }>(sql`
    select id, value from person_contact where person_id = ${user.id} and kind = 'email' order by verified_at nulls last, created_at limit 1`);
  const row = rows[0];
  if (!row) return null;
  if (work.actor.id !== user.id)
    await recordRead(work, [user.id], {
      resource: `person:${user.id}`,
      purpose: 'Administration of the open-data portal',
    });
  return work.secrets.decrypt(row.value, { table: 'person_contact', column: 'value', row: row.id });
}

/** People change their own entry; the officer those of people who work for the portal alone. */
async function mineToChange(work: Work, idOrName: string): Promise<PortalUser> {
  if (work.actor.id === null) throw new Denied();
  const user = await findUser(work.tx, idOrName);
  if (!user) throw new Absent();
  if (user.id === work.actor.id) return user;
  if (!isOfficer(work.actor)) throw new Denied('not authorized to edit this user');
  const { rows } = await work.tx.execute(sql`
    select from access_grant where person_id = ${user.id} and revoked_at is null and role not like 'open-data.%' limit 1`);
  if (rows.length > 0) throw new Denied('this account has other posts in the city');
  return user;
}

async function isTaken(work: Work, name: string, own: string | null): Promise<boolean> {
  const { rows } = await work.tx.execute(sql`
    select from od_user where name = ${name} and person is distinct from ${own}
    union all select from staff_account where login = ${name} and person_id is distinct from ${own}`);
  return rows.length > 0;
}

async function tellUser(
  work: Work,
  type: 'new user' | 'changed user' | 'deleted user',
  id: string,
): Promise<void> {
  await audit(work, {
    action: `open-data:${type.replace(' ', '_')}`,
    resource: `person:${id}`,
    subjects: [id],
  });
  await recordActivity(work, { type, object: id, data: { actor: work.actor.name } });
}
