import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Actor, Work } from '#platform/work.ts';
import { asText } from '../../../coercion.ts';
import { faulty } from '../../../faults.ts';
import { actorOf, listUsers } from '../../../people.ts';
import { type Act, canAnywhere, capacityOf, isOfficer } from '../../../permissions.ts';
import { searchOf, usualSort } from '../../../search/search.ts';
import { packageText } from '../../../served.ts';
import {
  createUnit,
  deleteUnit,
  findUnit,
  mayIn,
  membersOf,
  purgeUnit,
  type Unit,
  type UnitKind,
  unitsSql,
  updateUnit,
} from '../../../units.ts';
import { type Actions, type Call, Json, reading, writing } from '../action.ts';
import { flag, flagOn, integer, list, natural, needed, text } from '../parameters.ts';
import { userFor, userOf } from './users.ts';

/** What belongs to an organisation or theme, where it is asked for. */
interface Parts {
  readonly extras?: boolean;
  readonly users?: boolean;
  readonly groups?: boolean;
  readonly tags?: boolean;
  readonly followers?: boolean;
  readonly count?: boolean;
}

/** Organisations and themes: the same actions under both names. */
export const unitActions: Actions = { ...actionsOf('organization'), ...actionsOf('group'), ...lists() };

function actionsOf(kind: UnitKind): Actions {
  return {
    [`${kind}_list`]: reading({
      about: `The ${kind}s: their names, or all about them.`,
      parameters: {
        sort: text,
        order_by: text,
        limit: integer(-1),
        offset: natural(0),
        [`${kind}s`]: list(),
        q: text,
        all_fields: flag,
        include_dataset_count: flagOn,
        include_extras: flag,
        include_tags: flag,
        include_groups: flag,
        include_users: flag,
      },
      async run(call, given) {
        const most = given.all_fields ? 25 : 1000;
        const limit = given.limit < 0 ? most : Math.min(given.limit as number, most);
        const named = given[`${kind}s`] as string[] | undefined;
        const like = `%${((given.q as string | undefined) ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`;
        const { rows } = await call.db.execute<Unit>(sql`
          select * from ${unitsSql(kind)} as u where u.state = 'active' and (u.name ilike ${like} or u.title ilike ${like})
            and ${named ? sql`u.name in (select jsonb_array_elements_text(${JSON.stringify(named)}::jsonb))` : sql`true`}
          order by ${orderOf(given.sort as string | undefined, given.order_by as string | undefined)}
          limit ${limit} offset ${given.offset}`);
        if (!given.all_fields) return rows.map((unit) => unit.name);
        return dictsOf(call, rows, {
          extras: given.include_extras as boolean,
          users: given.include_users as boolean,
          groups: given.include_groups as boolean,
          tags: given.include_tags as boolean,
          count: given.include_dataset_count as boolean,
        });
      },
    }),
    [`${kind}_show`]: reading({
      about: `One ${kind}, by name or id.`,
      parameters: {
        id: needed,
        include_datasets: flag,
        include_dataset_count: flagOn,
        include_extras: flagOn,
        include_users: flagOn,
        include_groups: flagOn,
        include_tags: flagOn,
        include_followers: flagOn,
      },
      async run(call, given) {
        const unit = await findUnit(call.db, call.actor, kind, given.id);
        const [dict] = await dictsOf(call, [unit], {
          extras: given.include_extras,
          users: given.include_users,
          groups: given.include_groups,
          tags: given.include_tags,
          followers: given.include_followers,
          count: given.include_dataset_count,
        });
        if (!given.include_datasets) return dict;
        const packages = await packagesOf(call, unit, 1000);
        return new Json(`${JSON.stringify(dict).slice(0, -1)},"packages":${packages}}`);
      },
    }),
    [`${kind}_autocomplete`]: reading({
      about: `The ${kind}s whose name or title holds what was typed.`,
      parameters: { q: text, limit: natural(20, 100) },
      async run({ db }, { q, limit }) {
        const like = `%${(q ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`;
        const { rows } = await db.execute<Unit>(sql`
          select id, name, title from ${unitsSql(kind)} as u where u.state = 'active' and (u.name ilike ${like} or u.title ilike ${like})
          order by u.name limit ${limit}`);
        return rows.map(({ id, name, title }) => ({ id, name, title }));
      },
    }),
    [`${kind}_create`]: writing({
      about: `Makes a ${kind}.`,
      run: (call) => changed(call, kind, (work) => createUnit(work, kind, call.sent)),
    }),
    [`${kind}_update`]: writing({
      about: `Puts another text in place of a ${kind}’s.`,
      parameters: { id: needed },
      run: (call, { id }) =>
        changed(call, kind, (work) => updateUnit(work, kind, id, call.sent, { merge: false })),
    }),
    [`${kind}_patch`]: writing({
      about: `Puts the given keys in place of a ${kind}’s.`,
      parameters: { id: needed },
      run: (call, { id }) =>
        changed(call, kind, (work) => updateUnit(work, kind, id, call.sent, { merge: true })),
    }),
    [`${kind}_delete`]: writing({
      about: `Closes a ${kind}; its name is free then.`,
      parameters: { id: needed },
      async run(call, { id }) {
        await call.work((work) => deleteUnit(work, kind, id));
        return null;
      },
    }),
    [`${kind}_purge`]: writing({
      about: `Removes a ${kind} for ever.`,
      parameters: { id: needed },
      async run(call, { id }) {
        await call.work((work) => purgeUnit(work, kind, id));
        return null;
      },
    }),
  };
}

function lists(): Actions {
  return {
    group_package_show: reading({
      about: 'The datasets of a group, the last changed first.',
      parameters: { id: needed, limit: natural(1000, 1000) },
      async run(call, { id, limit }) {
        return new Json(await packagesOf(call, await findUnit(call.db, call.actor, 'group', id), limit));
      },
    }),
    organization_list_for_user: reading({
      about: 'The organizations in which the caller, or the user called `id`, may do something.',
      parameters: { id: text, permission: text, include_dataset_count: flag },
      async run(call, { id, permission, include_dataset_count }) {
        const actor = await actorMeant(call, id);
        const { rows } = await call.db.execute<Unit>(
          sql`select * from ${unitsSql('organization')} as u where u.state = 'active' order by u.title, u.name`,
        );
        const act = actOf(permission);
        const mine = actor.id === null ? [] : rows.filter((unit) => mayIn(actor, act, unit));
        const dicts = await dictsOf(call, mine, { count: include_dataset_count });
        return dicts.map((dict, at) => ({ ...dict, capacity: capacityIn(actor, mine[at]!) }));
      },
    }),
    group_list_authz: reading({
      about: 'The groups that somebody may put datasets into.',
      parameters: { available_only: flag, am_member: flag },
      async run(call, { am_member }) {
        if (call.actor.id === null) return [];
        const { rows } = await call.db.execute<Unit>(
          sql`select * from ${unitsSql('group')} as u where u.state = 'active' order by u.title, u.name`,
        );
        // Themes are open to whoever publishes anywhere.
        const mine = am_member
          ? rows.filter((unit) => capacityIn(call.actor, unit) !== null)
          : rows.filter((unit) => canAnywhere(call.actor, 'write') || mayIn(call.actor, 'write', unit));
        return dictsOf(call, mine, { count: true });
      },
    }),
  };
}

/** The caller; or the user called so, with what they may on the portal. @throws Absent for whom one may not know of */
async function actorMeant(call: Call, id: string | undefined): Promise<Actor> {
  if (id === undefined) return call.actor;
  const user = await userFor(call, id);
  return user.id === call.actor.id ? call.actor : actorOf(call.platform, user);
}

async function changed(
  call: Call,
  kind: UnitKind,
  act: (work: Work) => Promise<string>,
): Promise<Record<string, unknown> | undefined> {
  const id = await call.work(act);
  const [dict] = await dictsOf(call, [await findUnit(call.db, call.actor, kind, id)], {
    extras: true,
    users: true,
    groups: true,
    tags: true,
    count: true,
  });
  return dict;
}

/** CKAN's words for what one may do in an organisation. */
function actOf(permission: string | undefined): Act {
  if (permission === 'read' || permission === 'manage_group') return 'read_private';
  return permission === 'admin' || permission === 'member_create' || permission === 'update'
    ? 'members'
    : 'write';
}

/** What the actor is in an organisation or theme, by a role held in it. */
function capacityIn(actor: Actor, unit: Unit): string | null {
  if (isOfficer(actor)) return 'admin';
  const held = actor.grants
    .filter((grant) =>
      unit.kind === 'organization' ? grant.organisation === unit.unit : grant.branch?.endsWith(unit.id),
    )
    .flatMap((grant) => capacityOf(grant.role) ?? []);
  return ['admin', 'editor', 'member'].find((capacity) => held.includes(capacity as never)) ?? null;
}

const orders: Readonly<Record<string, ReturnType<typeof sql>>> = {
  name: sql`u.name collate "C"`,
  title: sql`coalesce(nullif(u.title, ''), u.name) collate "uk-UA-x-icu"`,
  package_count: sql`u.package_count`,
  packages: sql`u.package_count`,
};

function orderOf(sort: string | undefined, orderBy: string | undefined) {
  const [field = 'title', direction] = (sort ?? orderBy ?? 'title asc').trim().split(/\s+/);
  const column = orders[field];
  if (!column) throw faulty('sort', `Cannot sort by field \`${field}\``);
  const counts = field === 'package_count' || field === 'packages';
  const down = direction === undefined ? counts : direction.toLowerCase() === 'desc';
  return sql`${column} ${down ? sql`desc` : sql`asc`}, u.name`;
}

async function packagesOf(call: Call, unit: Unit, rows: number): Promise<string> {
  const found = await searchOf(call.platform).find(call.actor, {
    q: '*:*',
    fq: [unit.kind === 'organization' ? `owner_org:"${unit.id}"` : `groups:"${unit.name}"`],
    sort: usualSort,
    rows,
    start: 0,
    facets: [],
    facetLimit: 0,
    facetMinCount: 1,
    includeDrafts: false,
    includePrivate: mayIn(call.actor, 'read_private', unit),
    includeDeleted: false,
  });
  return `[${found.packages.map((kept) => packageText(kept, call.site)).join()}]`;
}

async function dictsOf(
  call: Pick<Call, 'db' | 'actor'>,
  units: readonly Unit[],
  parts: Parts,
): Promise<Record<string, unknown>[]> {
  return Promise.all(units.map((unit) => dictOf(call.db, call.actor, unit, parts)));
}

async function dictOf(
  reader: Reader,
  actor: Actor,
  unit: Unit,
  parts: Parts,
): Promise<Record<string, unknown>> {
  return {
    id: unit.id,
    name: unit.name,
    title: unit.title,
    display_name: unit.title || unit.name,
    description: unit.description,
    image_url: unit.image_url,
    image_display_url: unit.image_url,
    created: unit.created,
    is_organization: unit.kind === 'organization',
    approval_status: 'approved',
    state: unit.state,
    type: unit.kind,
    ...(parts.count ? { package_count: unit.package_count } : {}),
    num_followers: unit.num_followers,
    ...(parts.extras ? { extras: extrasOf(unit) } : {}),
    ...(parts.groups ? { groups: await parentOf(reader, actor, unit) } : {}),
    ...(parts.tags ? { tags: [] } : {}),
    ...(parts.users ? { users: await usersOf(reader, actor, unit) } : {}),
  };
}

function extrasOf(unit: Unit): { key: string; value: string }[] {
  const all: Record<string, string | null> = {
    ...unit.extras,
    edrpou: unit.edrpou,
    katottg: unit.katottg,
    theme: unit.theme,
  };
  return Object.keys(all)
    .filter((key) => asText(all[key]) !== null)
    .sort()
    .map((key) => ({ key, value: all[key]! }));
}

async function parentOf(reader: Reader, actor: Actor, unit: Unit): Promise<unknown[]> {
  if (unit.parent === null) return [];
  const parent = await findUnit(reader, actor, 'organization', unit.parent).catch(() => null);
  return parent ? [{ id: parent.id, name: parent.name, title: parent.title, capacity: 'public' }] : [];
}

/** Who works there, as far as the asker may know. */
async function usersOf(reader: Reader, actor: Actor, unit: Unit): Promise<unknown[]> {
  const members = await membersOf(reader, unit);
  if (members.length === 0) return [];
  const users = await listUsers(reader, actor, { ids: members.map((member) => member.person), limit: 1000 });
  return users.map((user) => ({
    ...userOf(user),
    capacity: members.find((member) => member.person === user.id)!.capacity,
  }));
}
