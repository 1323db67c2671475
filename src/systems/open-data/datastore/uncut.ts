import { sql } from 'drizzle-orm';
import { enqueue } from '#platform/jobs/index.ts';
import type { Work } from '#platform/work.ts';

/** Rows that are written before a version is cut at once. */
export const mostUncut = 10_000;

export const cutJob = 'open-data.cut-version';

/**
 * Remembers that rows of a table were written, in the transaction of the writing, and asks for a version (../cut.ts) when they are
 * many.
 *
 * @param count rows that were written or taken out.
 */
export async function noteWritten(work: Work, resource: string, count: number): Promise<void> {
  const { rows } = await work.tx.execute<{ uncut: number }>(sql`
    update od_table set rows = null, is_dense = false, uncut = uncut + ${count}, changed_at = ${work.clock.now().toISOString()}
    where resource = ${resource} returning uncut::float8 as uncut`);
  const uncut = rows[0]?.uncut ?? 0;
  if (uncut >= mostUncut && uncut - count < mostUncut)
    await enqueue(work, cutJob, { resource }, { singletonKey: resource });
}
