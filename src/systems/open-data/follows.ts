import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import { Absent, Denied } from './faults.ts';
import { makeKnown } from './people.ts';

/** What can be followed, in the words of CKAN. */
export type Followed = 'user' | 'dataset' | 'group' | 'organization';
export const followedKinds: readonly Followed[] = ['user', 'dataset', 'group', 'organization'];

/** Begins to follow; once more changes nothing. @returns since when (ISO 8601) @throws Denied for anonymous visitors */
export async function follow(work: Work, kind: Followed, object: string): Promise<string> {
  const follower = followerOf(work);
  await makeKnown(work, follower);
  const { rows } = await work.tx.execute<{ at: string }>(sql`
    insert into od_follow (follower, kind, object, at) values (${follower}, ${kind}, ${object}, ${work.clock.now().toISOString()})
    on conflict (follower, kind, object) do update set at = od_follow.at
    returning to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as at`);
  return rows[0]!.at;
}

/** Stops to follow. @throws Denied for anonymous visitors, Absent when it was not followed */
export async function unfollow(work: Work, kind: Followed, object: string): Promise<void> {
  const { rows } = await work.tx.execute(sql`
    delete from od_follow where follower = ${followerOf(work)} and kind = ${kind} and object = ${object} returning kind`);
  if (rows.length === 0) throw new Absent(`You are not following this ${kind}.`);
}

/** Who follows an object. */
export async function followersOf(reader: Reader, kind: Followed, object: string): Promise<string[]> {
  const { rows } = await reader.execute<{ follower: string }>(
    sql`select follower from od_follow where kind = ${kind} and object = ${object} order by at, follower`,
  );
  return rows.map((row) => row.follower);
}

/** What a person follows. */
export async function followedBy(
  reader: Reader,
  follower: string,
): Promise<{ kind: Followed; object: string }[]> {
  const { rows } = await reader.execute<{ kind: Followed; object: string }>(
    sql`select kind, object from od_follow where follower = ${follower} order by at desc, object`,
  );
  return rows;
}

/** Something that a person follows and may see now. */
export interface FollowedNow {
  readonly kind: Followed;
  readonly name: string;
  readonly title: string;
  /** When it was changed last, as the public sees it. */
  readonly changed: Date | null;
}

/** What of it is still there for everybody, the last changed first. */
export async function followedNow(reader: Reader, follower: string): Promise<FollowedNow[]> {
  const { rows } = await reader.execute<
    Omit<FollowedNow, 'changed'> & { changed: string | null } & Record<string, unknown>
  >(sql`
    select f.kind, coalesce(d.name, o.name, g.name) as name, coalesce(nullif(d.title, ''), d.name, nullif(o.title, ''), o.name,
        nullif(g.title, ''), g.name) as title,
      (case f.kind when 'dataset' then d.modified_at
        when 'organization' then (select max(x.modified_at) from od_dataset x where x.organisation = o.id and ${isOpen(sql`x`)})
        else (select max(x.modified_at) from od_dataset x join od_dataset_group y on y.dataset = x.id and y."group" = g.id
          where ${isOpen(sql`x`)}) end)::text as changed
    from od_follow f left join od_dataset d on f.kind = 'dataset' and d.id = f.object and ${isOpen(sql`d`)}
      left join od_organisation o on f.kind = 'organization' and o.id = f.object and o.state = 'active'
      left join od_group g on f.kind = 'group' and g.id = f.object and g.state = 'active'
    where f.follower = ${follower} and coalesce(d.id, o.id, g.id) is not null order by changed desc nulls last, title, name`);
  return rows.map((row) => ({ ...row, changed: row.changed === null ? null : new Date(row.changed) }));
}

const isOpen = (table: SQL) => sql`not ${table}.private and ${table}.state in ('published', 'archived')`;

function followerOf(work: Work): string {
  if (work.actor.id === null || work.actor.kind === 'client')
    throw new Denied('You must be logged in to follow');
  return work.actor.id;
}
