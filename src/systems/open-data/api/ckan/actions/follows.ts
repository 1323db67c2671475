import type { Reader } from '#platform/database/pool.ts';
import { readDataset } from '../../../datasets.ts';
import { type Followed, follow, followedBy, followedKinds, followersOf, unfollow } from '../../../follows.ts';
import { findUser, type PortalUser } from '../../../people.ts';
import { packageText } from '../../../served.ts';
import { findUnit } from '../../../units.ts';
import { type Actions, type Call, reading, writing } from '../action.ts';
import { needed, text } from '../parameters.ts';
import { keptPackage } from './resources.ts';
import { userFor, userOf } from './users.ts';

/** What somebody means by a name; following a group may mean an organisation. */
async function meant(call: Call, kind: Followed, id: string): Promise<{ kind: Followed; id: string }> {
  if (kind === 'user') return { kind, id: (await userFor(call, id)).id };
  if (kind === 'dataset') return { kind, id: (await readDataset(call.db, call.actor, id)).id };
  const unit = await findUnit(call.db, call.actor, kind, id).catch((error: unknown) => {
    if (kind === 'organization') throw error;
    return findUnit(call.db, call.actor, 'organization', id);
  });
  return { kind: unit.kind, id: unit.id };
}

/** Following people, datasets, organisations and groups. */
export const followActions: Actions = {
  ...Object.assign({}, ...followedKinds.map(actionsOf)),
  followee_count: reading({
    about: 'How much a user follows.',
    parameters: { id: needed },
    run: async (call, { id }) => (await followedBy(call.db, (await userFor(call, id)).id)).length,
  }),
  followee_list: reading({
    about: 'What a user follows.',
    access: 'signed in',
    parameters: { id: text, q: text },
    run: (call, { id, q }) => followed(call, id, null, q),
  }),
};

function actionsOf(kind: Followed): Actions {
  const made = {
    [`follow_${kind}`]: writing({
      about: `Begins to follow a ${kind}.`,
      parameters: { id: needed },
      async run(call, { id }) {
        const object = await meant(call, kind, id);
        const datetime = await call.work((work) => follow(work, object.kind, object.id));
        return { follower_id: call.actor.id, object_id: object.id, datetime };
      },
    }),
    [`unfollow_${kind}`]: writing({
      about: `Stops to follow a ${kind}.`,
      parameters: { id: needed },
      async run(call, { id }) {
        const object = await meant(call, kind, id);
        await call.work((work) => unfollow(work, object.kind, object.id));
        return null;
      },
    }),
    [`am_following_${kind}`]: reading({
      about: `Whether the caller follows a ${kind}.`,
      access: 'signed in',
      parameters: { id: needed },
      async run(call, { id }) {
        const object = await meant(call, kind, id);
        return (await followersOf(call.db, object.kind, object.id)).includes(call.actor.id!);
      },
    }),
    [`${kind}_follower_count`]: reading({
      about: `How many follow a ${kind}.`,
      parameters: { id: needed },
      async run(call, { id }) {
        const object = await meant(call, kind, id);
        return (await followersOf(call.db, object.kind, object.id)).length;
      },
    }),
    [`${kind}_follower_list`]: reading({
      about: `Who follows a ${kind}.`,
      access: 'officer',
      parameters: { id: needed },
      async run(call, { id }) {
        const object = await meant(call, kind, id);
        const ids = await followersOf(call.db, object.kind, object.id);
        const users = await Promise.all(ids.map((one) => findUser(call.db, one)));
        return users.filter((user): user is PortalUser => user !== null).map(userOf);
      },
    }),
    [`${kind}_followee_count`]: reading({
      about: `How many ${kind}s a user follows.`,
      parameters: { id: needed },
      async run(call, { id }) {
        const user = await userFor(call, id);
        return (await followedBy(call.db, user.id)).filter((one) => one.kind === kind).length;
      },
    }),
    [`${kind}_followee_list`]: reading({
      about: `The ${kind}s that a user follows.`,
      access: 'signed in',
      parameters: { id: text },
      run: async (call, { id }) => (await followed(call, id, kind)).map((one) => one.dict),
    }),
  };
  return made;
}

async function followed(call: Call, id: string | undefined, only: Followed | null, q = '') {
  const user = await userFor(call, id);
  const all = (await followedBy(call.db, user.id)).filter((one) => only === null || one.kind === only);
  const dicts = await Promise.all(all.map((one) => dictOf(call, call.db, one.kind, one.object)));
  return dicts.flat().filter((one) => one.display_name.toLowerCase().startsWith(q.toLowerCase()));
}

/** What is followed, as far as the caller may still see it. */
async function dictOf(call: Call, reader: Reader, kind: Followed, id: string) {
  try {
    if (kind === 'user') {
      const user = await userFor(call, id);
      return [
        {
          type: kind,
          display_name: user.fullname || user.name,
          dict: userOf(user) as Record<string, unknown>,
        },
      ];
    }
    if (kind === 'dataset') {
      await readDataset(reader, call.actor, id);
      const dict = JSON.parse(packageText(await keptPackage(reader, id), call.site)) as Record<
        string,
        unknown
      >;
      return [{ type: kind, display_name: String(dict.title), dict }];
    }
    const { id: own, name, title, description } = await findUnit(reader, call.actor, kind, id);
    const display_name = title || name;
    return [
      {
        type: kind,
        display_name,
        dict: { id: own, name, title, display_name, description } as Record<string, unknown>,
      },
    ];
  } catch {
    return [];
  }
}
