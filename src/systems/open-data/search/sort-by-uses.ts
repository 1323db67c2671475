import { sql } from 'drizzle-orm';
import type { JobDefinition, Platform } from '#platform/system.ts';
import { systemActor } from '#platform/work.ts';
import { refresh } from '../served.ts';
import { usesUntil } from './uses.ts';

/** Datasets whose documents are made anew in one transaction. */
const atOnce = 200;

export const useJobs: readonly JobDefinition[] = [
  { name: 'open-data.sort-by-uses', schedule: '50 2 * * *', run: sortByUses },
];

/** Lets the catalogue know how often the data of each dataset were used of late; only what differs is written. */
export async function sortByUses(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  const { rows } = await platform.db.execute<{ id: string }>(sql`
    select s.dataset as id from od_search s left join (${usesUntil(now)}) u on u.dataset = s.dataset
    where s.document is not null and coalesce(u.uses, 0) <> coalesce((s.document ->> 'uses')::float8, 0) order by s.dataset`);
  for (let from = 0; from < rows.length; from += atOnce) {
    const ids = rows.slice(from, from + atOnce).map(({ id }) => id);
    await platform.work(systemActor('open data'), (work) => refresh(work, ids));
  }
}
