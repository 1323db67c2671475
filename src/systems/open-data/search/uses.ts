import { type SQL, sql } from 'drizzle-orm';
import { localDate } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';

/** Days after which a use no longer counts for the order of the catalogue. */
const recentDays = 90;

/** Uses of the past ninety days, today not among them, by dataset (SQL): `dataset`, `uses`. */
export const usesUntil = (now: Date): SQL => sql`
  select r.dataset, sum(u.count)::float8 as uses from od_usage u join od_resource r on r.id = u.resource
  where u.day < ${localDate(now)}::date and u.day >= ${localDate(now)}::date - ${recentDays}::int group by r.dataset`;

/** How often the data of datasets were used of late; those that were not are left out. */
export async function recentUses(
  reader: Reader,
  datasets: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await reader.execute<{ dataset: string; uses: number }>(sql`
    ${usesUntil(now)} having r.dataset in (select jsonb_array_elements_text(${JSON.stringify(datasets)}::jsonb)::uuid)`);
  return new Map(rows.map(({ dataset, uses }) => [dataset, uses]));
}
