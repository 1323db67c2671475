import { sql } from 'drizzle-orm';
import { grantWithin, revokeGrant } from '#platform/access/grants.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Actor, Work } from '#platform/work.ts';
import { recordActivity } from './activity.ts';
import { asText, isRecord } from './coercion.ts';
import { Absent, Denied, Faults, type FieldFaults, faulty } from './faults.ts';
import { keepName } from './former-names.ts';
import { checkName, isUuid } from './names.ts';
import { findUser, makeKnown } from './people.ts';
import {
  type Act,
  branchOf,
  type Capacity,
  canIn,
  canInGroup,
  capacities,
  capacityOf,
  isOfficer,
  roleName,
} from './permissions.ts';
import { refresh, wireTime } from './served.ts';

/** Organisations (розпорядники) and themes (теми) have much in common for CKAN's clients; this tells them apart. */
export type UnitKind = 'organization' | 'group';

/** An organisation or a theme as it is kept. */
export interface Unit extends Record<string, unknown> {
  readonly id: string;
  readonly kind: UnitKind;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly image_url: string;
  readonly state: 'active' | 'deleted';
  readonly extras: Readonly<Record<string, string>>;
  readonly created: string;
  /** Served datasets that everybody may see. */
  readonly package_count: number;
  readonly num_followers: number;
  /** Of organisations. */
  readonly unit: string | null;
  readonly edrpou: string | null;
  readonly katottg: string | null;
  readonly publish_mode: 'direct' | 'review' | null;
  readonly pii_mode: 'block' | 'warn' | null;
  readonly parent: string | null;
  /** Of themes. */
  readonly theme: string | null;
}

const served = sql`not d.private and d.state in ('published', 'archived')`;

/** All of a kind, ready to be narrowed and sorted as `u`. */
export function unitsSql(kind: UnitKind) {
  return kind === 'organization'
    ? sql`(select u.id, 'organization' as kind, u.name, u.title, u.description, u.image_url, u.state, u.extras,
        ${wireTime(sql`u.created_at`)} as created, u.unit, u.edrpou, u.katottg, u.publish_mode, u.pii_mode, u.parent,
        null::text as theme, (select count(*)::int from od_dataset d where d.organisation = u.id and ${served}) as package_count,
        (select count(*)::int from od_follow f where f.kind = 'organization' and f.object = u.id) as num_followers
      from od_organisation u)`
    : sql`(select u.id, 'group' as kind, u.name, u.title, u.description, u.image_url, u.state, u.extras,
        ${wireTime(sql`u.created_at`)} as created, null::text as unit, null::text as edrpou, null::text as katottg,
        null::text as publish_mode, null::text as pii_mode, null::uuid as parent, u.theme,
        (select count(*)::int from od_dataset_group x join od_dataset d on d.id = x.dataset where x."group" = u.id and ${served})
          as package_count,
        (select count(*)::int from od_follow f where f.kind = 'group' and f.object = u.id) as num_followers
      from od_group u)`;
}

/** The organisation or theme called so, by name or id; a deleted one only for the officer. @throws Absent */
export async function findUnit(
  reader: Reader,
  actor: Actor,
  kind: UnitKind,
  idOrName: string,
): Promise<Unit> {
  const { rows } = await reader.execute<Unit>(sql`
    select * from ${unitsSql(kind)} as u
    where ${isUuid(idOrName) ? sql`u.id = ${idOrName}` : sql`u.name = ${idOrName}`}
      and ${isOfficer(actor) ? sql`true` : sql`u.state = 'active'`} order by u.state limit 1`);
  if (!rows[0]) throw new Absent();
  return rows[0];
}

/** Whether the actor may do the act in the organisation or theme. */
export function mayIn(actor: Actor, act: Act, unit: Unit): boolean {
  return unit.kind === 'organization' ? canIn(actor, act, unit.unit) : canInGroup(actor, act, unit.id);
}

/** Makes an organisation or a theme. The officer's. @returns its id @throws Denied, Faulty */
export async function createUnit(
  work: Work,
  kind: UnitKind,
  input: Readonly<Record<string, unknown>>,
): Promise<string> {
  if (!isOfficer(work.actor)) throw new Denied(`not authorized to create ${kind}s`);
  const { value, faults } = readUnitInput(kind, input);
  await checkFree(work, kind, value.name, null, faults);
  const id = asText(input.id);
  if (id !== null && !isUuid(id)) faults.add('id', 'Invalid id provided');
  faults.refuse();
  const now = work.clock.now().toISOString();
  const own = id === null ? sql`uuidv7()` : sql`${id}::uuid`;
  const { rows } =
    kind === 'organization'
      ? await work.tx.execute<{ id: string }>(sql`
          insert into od_organisation (id, unit, name, title, description, image_url, edrpou, katottg, publish_mode, pii_mode,
            extras, created_at)
          select ${own}, case when exists (select from od_organisation where unit = ${value.name})
              then ${value.name}::text || '-' || right(uuidv4()::text, 6) else ${value.name} end,
            ${value.name}, ${value.title}, ${value.description}, ${value.image_url}, ${value.edrpou}, ${value.katottg},
            ${value.publish_mode ?? 'direct'}, ${value.pii_mode ?? 'block'}, ${JSON.stringify(value.extras)}::jsonb, ${now}
          on conflict (id) do nothing returning id`)
      : await work.tx.execute<{ id: string }>(sql`
          insert into od_group (id, name, title, description, image_url, theme, extras, created_at)
          select ${own}, ${value.name}, ${value.title}, ${value.description}, ${value.image_url}, ${value.theme},
            ${JSON.stringify(value.extras)}::jsonb, ${now} on conflict (id) do nothing returning id`);
  const made = rows[0]?.id;
  if (!made) throw faulty('id', 'Id already exists');
  await putParent(work, kind, made, input);
  await putUsers(work, kind, made, input.users);
  await tellUnit(work, 'new', kind, made);
  return made;
}

/**
 * Puts another text in place of an organisation's or theme's; `merge` keeps what is not given.
 *
 * @throws Absent, Denied, Faulty
 */
export async function updateUnit(
  work: Work,
  kind: UnitKind,
  idOrName: string,
  input: Readonly<Record<string, unknown>>,
  options: { readonly merge: boolean },
): Promise<string> {
  const before = await findUnit(work.tx, work.actor, kind, idOrName);
  if (!mayIn(work.actor, 'members', before)) throw new Denied(`not authorized to edit ${kind} ${before.id}`);
  const old = {
    name: before.name,
    title: before.title,
    description: before.description,
    image_url: before.image_url,
    extras: Object.entries(before.extras).map(([key, value]) => ({ key, value })),
  };
  // What only the portal knows of stays, since CKAN's clients cannot send it.
  const own = {
    edrpou: before.edrpou,
    katottg: before.katottg,
    publish_mode: before.publish_mode,
    pii_mode: before.pii_mode,
    theme: before.theme,
  };
  const given = options.merge ? { ...old, ...own, ...input } : { ...own, name: before.name, ...input };
  const { value, faults } = readUnitInput(kind, given);
  if (value.name !== before.name) await checkFree(work, kind, value.name, before.id, faults);
  faults.refuse();
  const state =
    isOfficer(work.actor) && (input.state === 'active' || input.state === 'deleted')
      ? input.state
      : before.state;
  if (kind === 'organization')
    await work.tx.execute(sql`
      update od_organisation set name = ${value.name}, title = ${value.title}, description = ${value.description},
        image_url = ${value.image_url}, edrpou = ${value.edrpou}, katottg = ${value.katottg},
        publish_mode = ${value.publish_mode ?? 'direct'}, pii_mode = ${value.pii_mode ?? 'block'},
        extras = ${JSON.stringify(value.extras)}::jsonb, state = ${state} where id = ${before.id}`);
  else
    await work.tx.execute(sql`
      update od_group set name = ${value.name}, title = ${value.title}, description = ${value.description},
        image_url = ${value.image_url}, theme = ${value.theme}, extras = ${JSON.stringify(value.extras)}::jsonb,
        state = ${state} where id = ${before.id}`);
  if (value.name !== before.name) await keepName(work, kind, before.id, before.name);
  await putParent(work, kind, before.id, input);
  if (input.users !== undefined) await putUsers(work, kind, before.id, input.users);
  await refreshDatasetsOf(work, kind, before.id);
  await tellUnit(work, 'changed', kind, before.id);
  return before.id;
}

/** Closes an organisation or theme; its name is free then. @throws Absent, Denied, Faulty while datasets are left */
export async function deleteUnit(work: Work, kind: UnitKind, idOrName: string): Promise<void> {
  const unit = await lockUnit(work, kind, idOrName);
  if (!mayIn(work.actor, 'members', unit)) throw new Denied(`not authorized to delete ${kind} ${unit.id}`);
  if (kind === 'organization') {
    const { rows } = await work.tx.execute(
      sql`select from od_dataset where organisation = ${unit.id} and state <> 'withdrawn' limit 1`,
    );
    if (rows.length > 0)
      throw faulty('message', 'Organization cannot be deleted while it still has datasets');
  }
  await tellUnit(work, 'deleted', kind, unit.id);
  const table = kind === 'organization' ? sql`od_organisation` : sql`od_group`;
  await work.tx.execute(sql`update ${table} set state = 'deleted' where id = ${unit.id}`);
  await refreshDatasetsOf(work, kind, unit.id);
}

/** Removes an organisation or theme for ever. The officer's. @throws Absent, Denied, Faulty while datasets are left */
export async function purgeUnit(work: Work, kind: UnitKind, idOrName: string): Promise<void> {
  if (!isOfficer(work.actor)) throw new Denied();
  const unit = await lockUnit(work, kind, idOrName);
  if (kind === 'organization') {
    const { rows } = await work.tx.execute(
      sql`select from od_dataset where organisation = ${unit.id} and state <> 'withdrawn' limit 1`,
    );
    if (rows.length > 0)
      throw faulty('message', 'Organization cannot be deleted while it still has datasets');
    await work.tx.execute(sql`update od_dataset set organisation = null where organisation = ${unit.id}`);
    await work.tx.execute(sql`update od_organisation set parent = null where parent = ${unit.id}`);
  }
  const datasets = await datasetsOf(work, kind, unit.id);
  for (const member of await membersOf(work.tx, unit)) await revokeGrant(work, member.grant);
  await work.tx.execute(sql`delete from od_follow where kind = ${kind} and object = ${unit.id}`);
  await work.tx.execute(sql`delete from od_former_name where object = ${unit.id}`);
  await work.tx.execute(
    kind === 'organization'
      ? sql`delete from od_organisation where id = ${unit.id}`
      : sql`delete from od_group where id = ${unit.id}`,
  );
  await refresh(work, datasets);
  await audit(work, { action: `open-data:purge_${kind}`, resource: `open-data-${kind}:${unit.id}` });
}

/** Who belongs to an organisation or theme, by a role that the platform keeps. */
export interface Member extends Record<string, unknown> {
  readonly person: string;
  readonly grant: string;
  readonly capacity: Capacity;
}

/** The members, the highest capacity of each. */
export async function membersOf(reader: Reader, unit: Unit): Promise<Member[]> {
  const { rows } = await reader.execute<{ person: string; grant: string; role: string }>(sql`
    select g.person_id as person, g.id as grant, g.role from access_grant g join person p on p.id = g.person_id
    where g.revoked_at is null and (g.valid_until is null or g.valid_until > now()) and g.role like 'open-data.%'
      and p.erased_at is null
      and ${unit.kind === 'organization' ? sql`g.organisation = ${unit.unit} and g.branch is null` : sql`g.branch = ${branchOf(unit.id)}`}
    order by g.created_at, g.id`);
  return rows.flatMap((row) => {
    const capacity = capacityOf(row.role);
    return capacity ? [{ person: row.person, grant: row.grant, capacity }] : [];
  });
}

/**
 * Gives a user a capacity in an organisation or theme, in place of the one they had.
 *
 * @throws Denied unless the actor leads it, Absent, Faulty
 */
export async function putMember(
  work: Work,
  kind: UnitKind,
  idOrName: string,
  userName: string,
  given: string,
): Promise<{ unit: Unit; person: string; capacity: Capacity }> {
  const unit = await findUnit(work.tx, work.actor, kind, idOrName);
  if (!mayIn(work.actor, 'members', unit)) throw new Denied(`not authorized to edit ${kind} ${unit.id}`);
  const user = await findUser(work.tx, userName);
  if (!user) throw faulty('username', `User ${userName} was not found`);
  const capacity = capacities.find((one) => one === given);
  if (!capacity) throw faulty('role', 'role does not exist.');
  const held = (await membersOf(work.tx, unit)).filter((member) => member.person === user.id);
  if (!held.some((member) => member.capacity === capacity)) {
    for (const member of held) await revokeGrant(work, member.grant);
    await makeKnown(work, user.id);
    await grantWithin(work, {
      personId: user.id,
      role: roleName(capacity),
      ...(kind === 'organization' ? { organisation: unit.unit } : { branch: branchOf(unit.id) }),
      reason: 'open-data member',
    });
  }
  return { unit, person: user.id, capacity };
}

/** Takes a user out of an organisation or theme. @throws Denied, Absent */
export async function removeMember(
  work: Work,
  kind: UnitKind,
  idOrName: string,
  userName: string,
): Promise<void> {
  const unit = await findUnit(work.tx, work.actor, kind, idOrName);
  const user = await findUser(work.tx, userName);
  if (!mayIn(work.actor, 'members', unit) && user?.id !== work.actor.id)
    throw new Denied(`not authorized to edit ${kind} ${unit.id}`);
  if (!user) throw new Absent('User was not found.');
  for (const member of await membersOf(work.tx, unit))
    if (member.person === user.id) await revokeGrant(work, member.grant);
}

interface UnitInput {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly image_url: string;
  readonly extras: Readonly<Record<string, string>>;
  readonly edrpou: string | null;
  readonly katottg: string | null;
  readonly publish_mode: string | null;
  readonly pii_mode: string | null;
  readonly theme: string | null;
}

const themes = 'AGRI ECON EDUC ENER ENVI GOVE HEAL INTR JUST REGI SOCI TECH TRAN'.split(' ');

function readUnitInput(
  kind: UnitKind,
  input: Readonly<Record<string, unknown>>,
): { value: UnitInput; faults: Faults } {
  const faults = new Faults();
  const name = checkName(input.name, faults);
  const extras = new Map<string, string>();
  const rows: FieldFaults[] = [];
  for (const one of Array.isArray(input.extras) ? input.extras : []) {
    const row = new Faults();
    const key = isRecord(one) ? asText(one.key) : null;
    if (key === null) row.add('key', 'Missing value');
    else {
      if (extras.has(key)) faults.add('extras_validation', `Duplicate key "${key}"`);
      extras.set(key, asText((one as Record<string, unknown>).value) ?? '');
    }
    rows.push(row.fields);
  }
  if (rows.some((row) => Object.keys(row).length > 0)) for (const row of rows) faults.add('extras', row);
  // What is told among the extras may come back there.
  const own = (field: string) => extras.get(field) || asText(input[field]);
  const oneOf = (field: string, list: readonly string[]) => {
    const value = own(field);
    if (value === null || list.includes(value)) return value;
    faults.add(field, `Value must be one of [${list.map((one) => `'${one}'`).join(', ')}]`);
    return null;
  };
  return {
    faults,
    value: {
      name: name ?? '',
      title: asText(input.title) ?? '',
      description: asText(input.description) ?? '',
      image_url: asText(input.image_url) ?? '',
      extras: Object.fromEntries(
        [...extras].filter(([key, value]) => value !== '' && !['edrpou', 'katottg', 'theme'].includes(key)),
      ),
      edrpou: own('edrpou'),
      katottg: own('katottg'),
      publish_mode: kind === 'organization' ? oneOf('publish_mode', ['direct', 'review']) : null,
      pii_mode: kind === 'organization' ? oneOf('pii_mode', ['block', 'warn']) : null,
      theme: kind === 'group' ? oneOf('theme', themes) : null,
    },
  };
}

async function checkFree(
  work: Work,
  kind: UnitKind,
  name: string,
  own: string | null,
  faults: Faults,
): Promise<void> {
  if (name === '') return;
  await work.tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`open-data ${kind} ${name}`}, 0))`,
  );
  const table = kind === 'organization' ? sql`od_organisation` : sql`od_group`;
  const { rows } = await work.tx.execute(
    sql`select from ${table} where name = ${name} and state = 'active' and id is distinct from ${own}`,
  );
  if (rows.length > 0) faults.add('name', 'Group name already exists in database');
}

async function lockUnit(work: Work, kind: UnitKind, idOrName: string): Promise<Unit> {
  const unit = await findUnit(work.tx, work.actor, kind, idOrName);
  // Whoever adds a dataset meanwhile holds a share of the row, and is waited for.
  const table = kind === 'organization' ? sql`od_organisation` : sql`od_group`;
  await work.tx.execute(sql`select from ${table} where id = ${unit.id} for update`);
  return unit;
}

/** CKAN's clients send the parent as the one group of an organisation. */
async function putParent(
  work: Work,
  kind: UnitKind,
  id: string,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (kind !== 'organization' || !Array.isArray(input.groups)) return;
  const first: unknown = input.groups[0];
  const name = isRecord(first) ? (asText(first.id) ?? asText(first.name)) : asText(first);
  const parent = name === null ? null : await findUnit(work.tx, work.actor, 'organization', name);
  if (parent?.id === id) throw faulty('groups', 'An organization cannot be its own parent');
  await work.tx.execute(sql`update od_organisation set parent = ${parent?.id ?? null} where id = ${id}`);
}

/** Members as a list of `{name, capacity}`; those who are not in it lose their capacity. Nobody's own changes. */
async function putUsers(work: Work, kind: UnitKind, id: string, users: unknown): Promise<void> {
  if (!Array.isArray(users)) return;
  const wanted = users.filter(isRecord).map((one) => ({
    name: asText(one.name) ?? asText(one.id) ?? '',
    capacity: asText(one.capacity) ?? 'member',
  }));
  const unit = await findUnit(work.tx, work.actor, kind, id);
  const stay = new Set<string>();
  for (const { name, capacity } of wanted) {
    const user = await findUser(work.tx, name);
    if (user) stay.add(user.id);
    if (user && user.id !== work.actor.id) await putMember(work, kind, id, name, capacity);
  }
  for (const member of await membersOf(work.tx, unit))
    if (!stay.has(member.person) && member.person !== work.actor.id) await revokeGrant(work, member.grant);
}

async function datasetsOf(work: Work, kind: UnitKind, id: string): Promise<string[]> {
  const { rows } = await work.tx.execute<{ id: string }>(
    kind === 'organization'
      ? sql`select id from od_dataset where organisation = ${id} order by id`
      : sql`select dataset as id from od_dataset_group where "group" = ${id} order by dataset`,
  );
  return rows.map((row) => row.id);
}

/** Its name and title stand in every dataset's answer. */
async function refreshDatasetsOf(work: Work, kind: UnitKind, id: string): Promise<void> {
  const all = await datasetsOf(work, kind, id);
  const atOnce = 500;
  for (let from = 0; from < all.length; from += atOnce) await refresh(work, all.slice(from, from + atOnce));
}

async function tellUnit(
  work: Work,
  what: 'new' | 'changed' | 'deleted',
  kind: UnitKind,
  id: string,
): Promise<void> {
  const unit = await findUnit(work.tx, work.actor, kind, id);
  const act = { new: 'create', changed: 'update', deleted: 'delete' }[what];
  await audit(work, { action: `open-data:${act}_${kind}`, resource: `open-data-${kind}:${id}` });
  const { name, title, description, image_url } = unit;
  await recordActivity(work, {
    type: `${what} ${kind}`,
    object: id,
    organisation: kind === 'organization' ? id : null,
    groups: kind === 'group' ? [id] : [],
    data: { group: { id, name, title, description, image_url, type: kind }, actor: work.actor.name },
  });
}
