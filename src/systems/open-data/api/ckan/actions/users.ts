import { asInstant } from '../../../coercion.ts';
import { Absent, Denied, Faults, faulty } from '../../../faults.ts';
import { emailHash, findUser, listUsers, maySeeUser, type PortalUser } from '../../../people.ts';
import { isOfficer, type TokenScope, tokenScopes } from '../../../permissions.ts';
import { searchOf, usualSort } from '../../../search/search.ts';
import { packageText } from '../../../served.ts';
import { createToken, revokeToken, tokensOf } from '../../../tokens.ts';
import { createUser, deleteUser, emailOf, inviteUser, updateUser } from '../../../users.ts';
import { type Actions, type Call, Json, reading, writing } from '../action.ts';
import { flag, flagOn, list, natural, needed, text } from '../parameters.ts';

/** People of the portal and their tokens. */
export const userActions: Actions = {
  user_show: reading({
    about: 'One user, by name or id; without one, the caller.',
    parameters: { id: text, include_datasets: flag, include_num_followers: flag },
    async run(call, { id, include_datasets }) {
      const user = await userFor(call, id);
      const dict = await wholeUser(call, user);
      if (!include_datasets) return dict;
      const found = await searchOf(call.platform).find(call.actor, {
        q: '*:*',
        fq: [`creator_user_id:"${user.id}"`],
        sort: usualSort,
        rows: 1000,
        start: 0,
        facets: [],
        facetLimit: 0,
        facetMinCount: 1,
        includeDrafts: user.id === call.actor.id,
        includePrivate: user.id === call.actor.id || isOfficer(call.actor),
        includeDeleted: false,
      });
      const datasets = found.packages.map((kept) => packageText(kept, call.site)).join();
      return new Json(`${JSON.stringify(dict).slice(0, -1)},"datasets":[${datasets}]}`);
    },
  }),
  user_list: reading({
    about: 'The users: their names, or all about them.',
    parameters: { q: text, email: text, order_by: text, all_fields: flagOn },
    async run(call, { q, all_fields }) {
      const users = await listUsers(call.db, call.actor, { ...(q === undefined ? {} : { q }), limit: 1000 });
      return all_fields ? users.map(userOf) : users.map((user) => user.name);
    },
  }),
  user_autocomplete: reading({
    about: 'Users whose name or post holds what was typed.',
    parameters: { q: text, limit: natural(20, 100) },
    async run(call, { q, limit }) {
      if (q === undefined) throw faulty('q', 'Missing value');
      const users = await listUsers(call.db, call.actor, { q, limit });
      return users.map(({ id, name, fullname }) => ({ id, name, fullname }));
    },
  }),
  user_create: writing({
    about: 'Opens an account for a publisher.',
    access: 'officer',
    async run(call) {
      const id = await call.work((work) => createUser(work, call.sent));
      return wholeUser(call, (await findUser(call.db, id))!);
    },
  }),
  user_invite: writing({
    about: 'Opens an account for somebody and makes them a member of an organization; a letter tells them.',
    access: 'officer',
    parameters: { email: needed, group_id: needed, role: needed },
    async run(call, invited) {
      const id = await call.work((work) => inviteUser(work, invited));
      return wholeUser(call, (await findUser(call.db, id))!);
    },
  }),
  user_update: writing({
    about: 'Changes what a user says of themselves; what is missing is cleared.',
    parameters: { id: needed },
    run: (call, { id }) => changed(call, id, false),
  }),
  user_patch: writing({
    about: 'Changes the given keys of a user.',
    parameters: { id: needed },
    run: (call, { id }) => changed(call, id, true),
  }),
  user_delete: writing({
    about: 'Shuts an account.',
    access: 'officer',
    parameters: { id: needed },
    async run(call, { id }) {
      await call.work((work) => deleteUser(work, id));
      return null;
    },
  }),
  api_token_create: writing({
    about: 'Makes a token; it is shown this once.',
    parameters: { user: text, user_id: text, name: needed, scopes: list({ comma: true }), expires_at: text },
    async run(call, given) {
      const which = given.user ?? given.user_id;
      const user = which === undefined ? null : await findUser(call.db, which);
      if (which !== undefined && !user) throw new Absent('User not found');
      const faults = new Faults();
      // No token makes another that goes further than itself.
      const scopes = tokenScopes.filter((scope) => (given.scopes ?? call.scopes).includes(scope));
      if (given.scopes?.some((scope) => !call.scopes.includes(scope as TokenScope)))
        faults.add('scopes', `Value must be one of [${call.scopes.map((one) => `'${one}'`).join(', ')}]`);
      const expires = given.expires_at === undefined ? null : asInstant(given.expires_at);
      if (given.expires_at !== undefined && !expires) faults.add('expires_at', 'Date format incorrect');
      faults.refuse();
      return call.work((work) =>
        createToken(work, {
          person: user?.id ?? call.actor.id!,
          name: given.name,
          scopes,
          expires,
        }),
      );
    },
  }),
  api_token_list: reading({
    about: 'The tokens of a user, without themselves.',
    access: 'signed in',
    parameters: { user_id: text, user: text },
    async run(call, { user_id, user }) {
      const found = await userFor(call, user_id ?? user);
      return tokensOf(call.db, call.actor, found.id);
    },
  }),
  api_token_revoke: writing({
    about: 'Withdraws a token, given itself or its id.',
    parameters: { token: text, jti: text },
    async run(call, { token, jti }) {
      if (token === undefined && jti === undefined) throw faulty('token', 'Missing value');
      await call.work((work) => revokeToken(work, token === undefined ? { id: jti! } : { token }));
      return null;
    },
  }),
};

/** A user as others see them. */
export function userOf(user: PortalUser) {
  return {
    id: user.id,
    name: user.name,
    fullname: user.fullname,
    display_name: user.fullname || user.name,
    about: user.about,
    created: user.created,
    state: user.state,
    sysadmin: user.sysadmin,
    number_created_packages: user.number_created_packages,
    email_hash: emailHash(user.id),
    image_url: user.image_url,
    image_display_url: user.image_url,
  };
}

async function wholeUser(call: Call, user: PortalUser): Promise<Record<string, unknown>> {
  const dict = userOf(user);
  if (user.id !== call.actor.id && !isOfficer(call.actor)) return dict;
  return { ...dict, email: await call.work((work) => emailOf(work, user)) };
}

/** The user meant; without a name, the caller. @throws Absent for whom one may not know of */
export async function userFor(call: Call, idOrName: string | undefined): Promise<PortalUser> {
  if (idOrName === undefined && call.actor.id === null) throw new Denied('not authorized to see user');
  const user = await findUser(call.db, idOrName ?? call.actor.id!);
  if (!user || !maySeeUser(call.actor, user)) throw new Absent();
  return user;
}

async function changed(call: Call, id: string, merge: boolean) {
  const changedId = await call.work((work) => updateUser(work, id, call.sent, { merge }));
  return wholeUser(call, (await findUser(call.db, changedId))!);
}
