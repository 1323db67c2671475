import { sql } from 'drizzle-orm';
import { localDate } from '#platform/calendar/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Db } from '#platform/database/pool.ts';
import type { Platform } from '#platform/system.ts';

/** A file that was fetched whole, or a question to the rows by a program or by SQL. */
export type Use = 'download' | 'request';

/** Counts that wait to be written, by resource and kind. */
interface Waiting {
  readonly clock: Clock;
  readonly counts: Map<string, number>;
  timer: NodeJS.Timeout | null;
}

/** Written together, so that a use costs no statement, in milliseconds; so much is lost when a process is killed. */
const patience = 60_000;
const collected = new WeakMap<Db, Waiting>();

/** From now on uses are counted in this process. */
export function collectUses({ db, clock }: Platform): void {
  if (!collected.has(db)) collected.set(db, { clock, counts: new Map(), timer: null });
}

/** Counts a use of a resource's data: which day and how often, never who. */
export function countUse(db: Db, resource: string, use: Use): void {
  const waiting = collected.get(db);
  if (!waiting) return;
  const key = `${resource} ${use}`;
  waiting.counts.set(key, (waiting.counts.get(key) ?? 0) + 1);
  waiting.timer ??= setTimeout(() => {
    writeUses(db).catch(() => {});
  }, patience).unref();
}

/** Writes what was counted; what could not be written waits for the next time. */
export async function writeUses(db: Db): Promise<void> {
  const waiting = collected.get(db);
  if (!waiting) return;
  if (waiting.timer) clearTimeout(waiting.timer);
  waiting.timer = null;
  if (waiting.counts.size === 0) return;
  const taken = [...waiting.counts];
  waiting.counts.clear();
  const uses = taken.map(([key, count]) => {
    const [resource, kind] = key.split(' ');
    return { resource, kind, count };
  });
  try {
    // In one order, so that two processes never wait for each other's rows.
    await db.execute(sql`insert into od_usage (day, resource, kind, count)
      select ${localDate(waiting.clock.now())}::date, u.resource, u.kind, u.count
      from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) as u (resource uuid, kind text, count bigint)
        join od_resource r on r.id = u.resource
      order by u.resource, u.kind
      on conflict (day, resource, kind) do update set count = od_usage.count + excluded.count`);
  } catch (error) {
    for (const [key, count] of taken) waiting.counts.set(key, (waiting.counts.get(key) ?? 0) + count);
    throw error;
  }
}
