import { sql } from 'drizzle-orm';
import { emit } from '#platform/events/outbox.ts';
import type { Platform } from '#platform/system.ts';
import { systemActor } from '#platform/work.ts';

const atOnce = 100;

/** Tells other systems, once for each promise, that its date has passed. Two processes share the promises between them. */
export async function tellOverdue(platform: Platform): Promise<void> {
  const told = await platform.work(systemActor('open data'), async (work) => {
    const now = work.clock.now().toISOString();
    const { rows } = await work.tx.execute<{ dataset: string; due: string; organisation: string | null }>(sql`
      update od_promise p set overdue_at = ${now} from od_dataset d left join od_organisation o on o.id = d.organisation
      where d.id = p.dataset and p.id in (
        select id from od_promise where kept_at is null and dropped_at is null and due_at < ${now} and overdue_at is null
        order by due_at, id limit ${atOnce} for update skip locked)
      returning p.dataset, p.due_at::text as due, o.unit as organisation`);
    for (const { dataset, due, organisation } of rows)
      await emit(
        work,
        'open-data.dataset.overdue',
        { dataset, due: new Date(due).toISOString(), organisation },
        `open-data:${dataset}`,
      );
    return rows.length;
  });
  if (told === atOnce) await tellOverdue(platform);
}
