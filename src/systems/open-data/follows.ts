import { sql } from 'drizzle-orm';
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

function followerOf(work: Work): string {
  if (work.actor.id === null || work.actor.kind === 'client')
    throw new Denied('You must be logged in to follow');
  return work.actor.id;
}
