import { sql } from 'drizzle-orm';
import { localDate } from '#platform/calendar/index.ts';
import type { Work } from '#platform/work.ts';
import { frequencyOf } from '../passport.ts';
import { dueAfter } from './due.ts';

/** What a clock is wound by: the promise in the passport, and the last time that the data were made or confirmed. */
interface Wound extends Record<string, unknown> {
  readonly dataset: string;
  readonly frequency: string | null;
  /** Archived, withdrawn, unpublished and private datasets promise nothing to anybody. */
  readonly runs: boolean;
  readonly last: string | null;
  readonly due: string | null;
  readonly promise: string | null;
  readonly made: string | null;
}

/**
 * Winds the promise clocks of datasets after a change: a new version, a confirmation, another frequency, another state. What was
 * promised before is written down as kept, or, when its date has passed already, as never kept. Bears being called without need.
 */
export async function windClocks(work: Work, datasets: readonly string[]): Promise<void> {
  const { rows } = await work.tx.execute<Wound>(sql`
    select d.id as dataset, d.update_frequency as frequency, d.state = 'published' and not d.private as runs, d.due_at::text as due,
      greatest(${lastData(work.clock.now())}, (select max(c.at) from od_confirmation c where c.dataset = d.id))::text as last,
      p.id as promise, p.made_at::text as made
    from od_dataset d left join od_promise p on p.dataset = d.id and p.kept_at is null and p.dropped_at is null
    where d.id in (select jsonb_array_elements_text(${JSON.stringify(datasets)}::jsonb)::uuid)
    order by d.id for no key update of d`);
  for (const row of rows) await wind(work, row);
}

/**
 * When the data of the dataset `d` were last put there: rows in the DataStore, the same file sent again, a file that is no table, a
 * link, whose date is what its author says and never to come. A file that was not read leaves what was there before.
 */
const lastData = (now: Date) => sql`(select max(case
    when t.resource is not null then greatest(t.changed_at,
      (select max(l.ended_at) from od_load l where l.resource = r.id and l.unchanged))
    when r.kind = 'link' then least(coalesce(r.last_modified, r.created_at), ${now.toISOString()}::timestamptz)
    when r.load_state is null then r.last_modified end)
  from od_resource r left join od_table t on t.resource = r.id where r.dataset = d.id and r.state = 'active')`;

async function wind(work: Work, row: Wound): Promise<void> {
  const now = work.clock.now();
  const { period, wire } = frequencyOf(row.frequency);
  const last = row.last === null ? null : new Date(row.last);
  const due = row.runs && period && last ? dueAfter(last, period) : null;
  const before = row.due === null ? null : new Date(row.due);
  if (due?.getTime() === before?.getTime() && (due === null) === (row.promise === null)) return;
  const isBroken = before !== null && before < now;
  if (row.promise) {
    const made = new Date(row.made!);
    const isNewer = last !== null && due !== null && last > made;
    // Several files of one day are one act: the promise goes on from the last of them.
    const moves = due !== null && (!isNewer || localDate(last!) === localDate(made));
    if (moves && !isBroken) {
      await work.tx.execute(sql`update od_promise set made_at = ${last!.toISOString()}, frequency = ${wire},
        due_at = ${due.toISOString()} where id = ${row.promise}`);
    } else {
      if (isNewer)
        await work.tx.execute(
          sql`update od_promise set kept_at = ${last.toISOString()} where id = ${row.promise}`,
        );
      else if (isBroken)
        await work.tx.execute(
          sql`update od_promise set dropped_at = ${now.toISOString()} where id = ${row.promise}`,
        );
      else await work.tx.execute(sql`delete from od_promise where id = ${row.promise}`);
      if (due) await promise(work, row.dataset, wire, last!, due);
    }
  } else if (due) await promise(work, row.dataset, wire, last!, due);
  await work.tx.execute(
    sql`update od_dataset set due_at = ${due?.toISOString() ?? null} where id = ${row.dataset}`,
  );
}

async function promise(work: Work, dataset: string, frequency: string, made: Date, due: Date): Promise<void> {
  await work.tx.execute(sql`insert into od_promise (dataset, made_at, frequency, due_at)
    values (${dataset}, ${made.toISOString()}, ${frequency}, ${due.toISOString()})`);
}
