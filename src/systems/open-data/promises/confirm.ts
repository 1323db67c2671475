import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import { Conflict } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { personOf } from '../activity.ts';
import { lockDataset } from '../datasets.ts';
import { refresh } from '../served.ts';

/**
 * «Змін немає»: whoever may write says that the served data are still right. The promise counts from now, as from a new version;
 * no version is made.
 *
 * @throws Absent, Denied; Conflict where nothing is promised, or nothing was published yet.
 */
export async function confirmUnchanged(work: Work, idOrName: string): Promise<void> {
  const dataset = await lockDataset(work, idOrName);
  if (dataset.due_at === null) throw new Conflict('nothing-promised', 'this dataset has no date to confirm');
  const now = work.clock.now().toISOString();
  await work.tx.execute(sql`insert into od_confirmation (dataset, at, author, author_name)
    values (${dataset.id}, ${now}, ${personOf(work)}, ${work.actor.name})`);
  await audit(work, {
    action: 'open-data:confirm_unchanged',
    resource: `open-data-dataset:${dataset.id}`,
  });
  await refresh(work, [dataset.id]);
}
