import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import { localDate } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Invalid, NotFound } from '#platform/errors.ts';
import type { Platform } from '#platform/system.ts';
import type { Actor, Work } from '#platform/work.ts';
import { permission, roleDefinitions, roleName } from '../permissions.ts';
import { ApiError, type Faults } from './errors.ts';

/** Whose program writes: an app for its users, or an enterprise's own system in the post of its dispatcher. */
export interface Key {
  readonly id: string;
  readonly label: string;
  readonly kind: 'app' | 'agency';
  readonly organisation: string | null;
}

/** Everybody's key of the demo city; it exists in no other mode. */
export const demoKey: Key = { id: 'demo', label: 'demo', kind: 'app', organisation: null };

export const postsPerMinute = 60;

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Finds the key a call names. Null: none was given, or a fault was added. */
export async function readKey(
  platform: Platform,
  given: string | null,
  faults: Faults,
  need: 'required' | 'optional',
): Promise<Key | null> {
  if (given === null) {
    if (need === 'required') faults.add(403, 'api_key', 'missing; ask the contact centre for a key');
    return null;
  }
  const key = await findKey(platform, given);
  if (!key) faults.add(403, 'api_key', 'unknown or withdrawn');
  return key;
}

async function findKey(platform: Platform, given: string): Promise<Key | null> {
  if (given === 'demo') return platform.config.mode === 'demo' ? demoKey : null;
  const today = localDate(platform.clock.now());
  const { rows } = await platform.db.execute<{
    id: string;
    label: string;
    kind: 'app' | 'agency';
    organisation: string | null;
  }>(sql`with found as (
           select id, label, kind, organisation from open311_key
           where key_hash = ${sha256(given)} and revoked_at is null
         ), used as (
           update open311_key k set used_on = ${today} from found
           where k.id = found.id and k.used_on is distinct from ${today}
         )
         select * from found`);
  return rows[0] ?? null;
}

/** A key as administrators see it. */
export interface ListedKey extends Key {
  readonly madeAt: Date;
  /** The last day on which a call named it. */
  readonly usedOn: Date | null;
  readonly revokedAt: Date | null;
}

/** All keys that were ever given out, those that work first, the newest first. */
export async function keysOf(reader: Reader): Promise<ListedKey[]> {
  const { rows } = await reader.execute<
    Record<'made_at' | 'used_on' | 'revoked_at', string | null> & { key: Key }
  >(
    sql`select json_build_object('id', id, 'label', label, 'kind', kind, 'organisation', organisation) as key,
               made_at, used_on, revoked_at
        from open311_key order by revoked_at is not null, made_at desc, id`,
  );
  const moment = (value: string | null) => (value ? new Date(value) : null);
  return rows.map((row) => ({
    ...row.key,
    madeAt: new Date(row.made_at!),
    usedOn: moment(row.used_on),
    revokedAt: moment(row.revoked_at),
  }));
}

/**
 * Counts a post of the key, over all processes.
 *
 * @throws ApiError 429 with the seconds to wait once the minute's posts are used up.
 */
export async function countPost(platform: Platform, key: Key): Promise<void> {
  const now = platform.clock.now();
  const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const { rows } = await platform.db.execute<{ posts: number }>(sql`
    insert into open311_rate (key, minute, posts) values (${key.id}, ${minute.toISOString()}, 1)
    on conflict (key, minute) do update set posts = open311_rate.posts + 1 returning posts`);
  if (rows[0]!.posts <= postsPerMinute) return;
  const wait = Math.max(1, Math.ceil((minute.getTime() + 60_000 - now.getTime()) / 1000));
  throw new ApiError(
    [{ code: 429, description: `api_key: more than ${postsPerMinute} posts a minute; wait ${wait} s` }],
    wait,
  );
}

/**
 * Gives out a key. It is returned this once; only its hash is kept.
 *
 * @param input.organisation for an agency's key: in whose post its program acts.
 */
export async function makeKey(
  work: Work,
  input: { label: string; kind: 'app' | 'agency'; organisation?: string },
): Promise<{ id: string; key: string }> {
  mustBeAble(work.actor, permission('data_write'));
  if ((input.kind === 'agency') !== (input.organisation !== undefined))
    throw new Invalid([{ field: 'organisation', message: 'an agency key needs one, an app key has none' }]);
  const key = randomBytes(24).toString('base64url');
  const { rows } = await work.tx.execute<{ id: string }>(sql`
    insert into open311_key (key_hash, label, kind, organisation, made_at)
    values (${sha256(key)}, ${input.label}, ${input.kind}, ${input.organisation ?? null}, ${work.clock.now().toISOString()})
    returning id`);
  const id = rows[0]!.id;
  await audit(work, {
    action: permission('make_key'),
    resource: `open311-key:${id}`,
    detail: { kind: input.kind, organisation: input.organisation ?? null },
  });
  return { id, key };
}

/** Withdraws a key at once and for ever; what it wrote stays. */
export async function revokeKey(work: Work, id: string): Promise<void> {
  mustBeAble(work.actor, permission('data_write'));
  const { rows } = await work.tx.execute(sql`
    update open311_key set revoked_at = ${work.clock.now().toISOString()}
    where id::text = ${id} and revoked_at is null returning id`);
  if (rows.length === 0) throw new NotFound('key');
  await audit(work, { action: permission('revoke_key'), resource: `open311-key:${id}` });
}

/** How a key acts in the domain: an agency as dispatcher of its organisation, an app as the one who reports. */
export function actorOf(key: Key): Actor {
  const dispatcher = roleDefinitions.find((role) => role.name === roleName('dispatcher'));
  return {
    kind: 'client',
    id: key.id,
    name: key.label,
    organisation: key.organisation,
    grants:
      key.kind === 'agency' && dispatcher
        ? [
            {
              role: dispatcher.name,
              permissions: new Set(dispatcher.permissions),
              organisation: key.organisation,
              district: null,
              branch: null,
            },
          ]
        : [],
    assurance: 0,
  };
}
