import { sql } from 'drizzle-orm';
import { collaborators, putCollaborator, removeCollaborator } from '../../../collaborators.ts';
import { findDataset, patchDataset, readDataset } from '../../../datasets.ts';
import { Denied, faulty } from '../../../faults.ts';
import { listUsers, maySeeUser } from '../../../people.ts';
import { capacities } from '../../../permissions.ts';
import { isPublic, mustDo } from '../../../rights.ts';
import { readWhole } from '../../../served.ts';
import { findUnit, membersOf, putMember, removeMember, type Unit, type UnitKind } from '../../../units.ts';
import { type Actions, type Call, reading, writing } from '../action.ts';
import { needed, text } from '../parameters.ts';
import { userFor } from './users.ts';

const titles = { member: 'Member', editor: 'Editor', admin: 'Admin' } as const;

/** Who belongs where, and what one may there. */
export const memberActions: Actions = {
  member_list: reading({
    about: 'The users and datasets of an organization or group: [id, type, capacity].',
    parameters: { id: needed, object_type: text, capacity: text },
    async run(call, { id, object_type, capacity }) {
      const unit = await unitCalled(call, id);
      const wanted = (kind: string) => object_type === undefined || object_type === kind;
      const found: [string, string, string][] = [];
      if (wanted('user')) {
        const members = await membersOf(call.db, unit);
        const seen = await listUsers(call.db, call.actor, {
          ids: members.map((member) => member.person),
          limit: 1000,
        });
        for (const member of members)
          if (seen.some((user) => user.id === member.person && maySeeUser(call.actor, user)))
            if (capacity === undefined || capacity === member.capacity)
              found.push([member.person, 'user', titles[member.capacity]]);
      }
      if (wanted('package') && (capacity === undefined || capacity === 'public')) {
        const { rows } = await call.db.execute<{ id: string }>(sql`
          select d.id from od_dataset d where not d.private and d.state in ('published', 'archived')
            and ${unit.kind === 'organization' ? sql`d.organisation = ${unit.id}` : sql`exists (select from od_dataset_group x where x.dataset = d.id and x."group" = ${unit.id})`}
          order by d.name limit 1000`);
        for (const row of rows) found.push([row.id, 'package', 'Public']);
      }
      return found;
    },
  }),
  member_roles_list: reading({
    about: 'The capacities that a member may have.',
    parameters: { group_type: text },
    run: async () => [...capacities].reverse().map((value) => ({ text: titles[value], value })),
  }),
  member_create: writing({
    about: 'Puts a user or a dataset into an organization or group.',
    parameters: { id: needed, object: needed, object_type: needed, capacity: needed },
    async run(call, { id, object, object_type, capacity }) {
      const unit = await unitCalled(call, id);
      if (object_type === 'user') return created(call, unit.kind, id, object, capacity);
      if (object_type !== 'package') throw faulty('object_type', "Value must be one of ['user', 'package']");
      const dataset = await call.work(async (work) => {
        if (unit.kind === 'organization') return patchDataset(work, object, { owner_org: unit.id });
        const found = await findDataset(work.tx, object);
        const [whole] = await readWhole(work.tx, [found.id]);
        return patchDataset(work, found.id, { groups: [...whole!.groups.map((group) => group.id), unit.id] });
      });
      return memberDict(unit, dataset.id, 'package', capacity);
    },
  }),
  member_delete: writing({
    about: 'Takes a user or a dataset out of an organization or group.',
    parameters: { id: needed, object: needed, object_type: needed },
    async run(call, { id, object, object_type }) {
      const unit = await unitCalled(call, id);
      if (object_type === 'user') await call.work((work) => removeMember(work, unit.kind, id, object));
      else if (object_type === 'package' && unit.kind === 'group')
        await call.work(async (work) => {
          const found = await findDataset(work.tx, object);
          const [whole] = await readWhole(work.tx, [found.id]);
          const groups = whole!.groups.map((group) => group.id).filter((one) => one !== unit.id);
          await patchDataset(work, found.id, { groups });
        });
      else throw faulty('object_type', "Value must be one of ['user', 'package']");
      return null;
    },
  }),
  ...memberActionsOf('organization'),
  ...memberActionsOf('group'),
  package_collaborator_create: writing({
    about: 'Invites a user to one dataset.',
    parameters: { id: needed, user_id: needed, capacity: needed },
    run: (call, { id, user_id, capacity }) =>
      call.work((work) => putCollaborator(work, id, user_id, capacity)),
  }),
  package_collaborator_delete: writing({
    about: 'Takes an invitation back.',
    parameters: { id: needed, user_id: needed },
    async run(call, { id, user_id }) {
      await call.work((work) => removeCollaborator(work, id, user_id));
      return null;
    },
  }),
  package_collaborator_list: reading({
    about: 'Who is invited to a dataset.',
    parameters: { id: needed, capacity: text },
    async run(call, { id, capacity }) {
      const dataset = await readDataset(call.db, call.actor, id);
      await mustDo(call.db, call.actor, 'members', dataset);
      return collaborators(call.db, { dataset: dataset.id }, capacity);
    },
  }),
  package_collaborator_list_for_user: reading({
    about: 'The datasets that a user is invited to.',
    parameters: { id: needed, capacity: text },
    async run(call, { id, capacity }) {
      const user = await userFor(call, id);
      if (user.id !== call.actor.id && !user.publisher) throw new Denied();
      const all = await collaborators(call.db, { person: user.id }, capacity);
      if (user.id === call.actor.id) return all;
      const shown = await Promise.all(
        all.map(async (one) => (isPublic(await findDataset(call.db, one.package_id)) ? [one] : [])),
      );
      return shown.flat();
    },
  }),
};

function memberActionsOf(kind: UnitKind): Actions {
  return {
    [`${kind}_member_create`]: writing({
      about: `Makes a user a member of a ${kind}.`,
      parameters: { id: needed, username: needed, role: needed },
      run: (call, { id, username, role }) => created(call, kind, id, username, role),
    }),
    [`${kind}_member_delete`]: writing({
      about: `Takes a user out of a ${kind}.`,
      parameters: { id: needed, username: text, user_id: text },
      async run(call, { id, username, user_id }) {
        const who = username ?? user_id;
        if (who === undefined) throw faulty('username', 'Missing value');
        await call.work((work) => removeMember(work, kind, id, who));
        return null;
      },
    }),
  };
}

async function created(call: Call, kind: UnitKind, id: string, user: string, role: string) {
  const { unit, person, capacity } = await call.work((work) => putMember(work, kind, id, user, role));
  const grant = (await membersOf(call.db, unit)).find((member) => member.person === person);
  return { ...memberDict(unit, person, 'user', capacity), id: grant?.grant ?? person };
}

function memberDict(unit: Unit, object: string, table: 'user' | 'package', capacity: string) {
  return {
    id: object,
    group_id: unit.id,
    table_id: object,
    table_name: table,
    capacity,
    state: 'active',
  };
}

/** An organisation or a group: these actions take either. @throws Absent */
async function unitCalled(call: Call, id: string): Promise<Unit> {
  return findUnit(call.db, call.actor, 'organization', id).catch(() =>
    findUnit(call.db, call.actor, 'group', id),
  );
}
