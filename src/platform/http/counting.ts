import { sql } from 'drizzle-orm';
import type { Work } from '../work.ts';

export interface Limit {
  readonly name: string;
  readonly count: number;
  readonly seconds: number;
  /** Asks the shared counter before each answer; others ask once a second and may let a few more through. */
  readonly strict?: boolean;
}

/**
 * Counts one, or as many as `by` says, within the caller's transaction: exact over all processes, and undone with the rest when the work fails. Where
 * several limits are counted, always count them in the same order, so that no two works wait for each other.
 *
 * @returns null when allowed, else after how many seconds to try again; the one that was too many is counted all the same
 *   unless the work fails.
 */
export async function countInWork(
  work: Work,
  limit: Omit<Limit, 'strict'>,
  who: string,
  by = 1,
): Promise<number | null> {
  const now = work.clock.now().getTime();
  const { window, end } = windowOf(limit, now);
  const key = work.secrets.blind('limit', `${limit.name} ${who}`);
  const { rows } = await work.tx.execute<{ count: number }>(
    sql`insert into rate_count (key, window_start, count) values (${key}, ${new Date(window).toISOString()}, ${by})
      on conflict (key, window_start) do update set count = rate_count.count + excluded.count returning count`,
  );
  return rows[0]!.count > limit.count ? Math.ceil((end - now) / 1000) : null;
}

/** The window that an instant lies in, from and to in milliseconds. */
export function windowOf(limit: Pick<Limit, 'seconds'>, now: number): { window: number; end: number } {
  const length = limit.seconds * 1000;
  const window = Math.floor(now / length) * length;
  return { window, end: window + length };
}
