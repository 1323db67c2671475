import { sql } from 'drizzle-orm';
import { plural } from '#platform/i18n/index.ts';
import { defineTemplate, notify } from '#platform/notify/index.ts';
import type { JobDefinition } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';

interface Happened {
  /** Titles of the datasets, the newest change first. */
  readonly titles: readonly string[];
  readonly count: number;
}

/** How many datasets a letter names. */
const mostNamed = 10;
/** Nobody is told today of what is older, in days. */
const oldest = 7;

const letter = defineTemplate<Happened>('open-data.followed', 1, {
  uk: ({ titles, count }) => ({
    subject: `Відкриті дані: оновлено ${count} ${plural('uk', count, { one: 'набір', few: 'набори', many: 'наборів', other: 'набору' })}, за якими ви стежите`,
    lines: titles,
    href: '/open-data/following',
  }),
  en: ({ titles, count }) => ({
    subject: `Open data: ${count} ${plural('en', count, { one: 'dataset', other: 'datasets' })} that you follow changed`,
    lines: titles,
    href: '/open-data/following',
  }),
});

export const followJobs: readonly JobDefinition[] = [
  {
    name: 'open-data.follow-letters',
    schedule: '45 8 * * *',
    run: (platform) => platform.work(systemActor('open data'), sendFollowLetters).then(() => {}),
  },
];

/**
 * Writes to each follower, in one letter, which public datasets have changed since the last letter: those they follow, and those of
 * organisations, themes and people they follow.
 *
 * @returns how many letters were written.
 */
export async function sendFollowLetters(work: Work): Promise<number> {
  const now = work.clock.now();
  const since = new Date(now.getTime() - oldest * 86_400_000).toISOString();
  const { rows } = await work.tx.execute<{ person: string; titles: string[]; last: string }>(sql`
    with news as (
      select f.follower as person, a.object, max(a.at) as at
      from od_follow f join od_user u on u.person = f.follower
        join od_activity a on a.object = f.object or a.organisation = f.object or a.actor = f.object or f.object = any (a.groups)
      where a.type like '% package' and not a.hidden and a.actor is distinct from f.follower
        and a.at > greatest(${since}::timestamptz, u.letters_until, u.activities_seen_at)
      group by f.follower, a.object)
    select n.person, array_agg(coalesce(nullif(d.title, ''), d.name) order by n.at desc, d.id) as titles, max(n.at)::text as last
    from news n join od_dataset d on d.id = n.object
    where not d.private and d.state in ('published', 'archived') group by n.person order by n.person`);
  for (const { person, titles, last } of rows) {
    await notify(work, {
      to: { person },
      event: `open-data.followed:${last}`,
      template: letter,
      variables: { titles: titles.slice(0, mostNamed), count: titles.length },
      weight: 'news',
    });
    await work.tx.execute(
      sql`update od_user set letters_until = ${last}::timestamptz where person = ${person}`,
    );
  }
  return rows.length;
}
