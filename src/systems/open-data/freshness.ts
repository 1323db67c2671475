import { frequencyOf, type Period } from './passport.ts';

/** How a promise to update stands: `none` where nothing is promised. */
export type Freshness = 'on time' | 'soon' | 'late' | 'very late' | 'none';

const hour = 3_600_000;

/** About how long a period lasts, in milliseconds; what is due when comes from the calendar, this only tells how far it is. */
function lengthOf(period: Exclude<Period, null>): number {
  if ('hours' in period) return period.hours * hour;
  return 'days' in period ? period.days * 24 * hour : period.months * 30.4 * 24 * hour;
}

/**
 * How fresh a dataset is: soon due when a fifth of its period is left, very late when more than two periods have passed since the
 * last version.
 *
 * @param due ISO 8601, or null while nothing has been published.
 */
export function freshnessOf(due: string | null, frequency: string | undefined, now: Date): Freshness {
  const { period } = frequencyOf(frequency);
  if (due === null || period === null) return 'none';
  const left = Date.parse(due) - now.getTime();
  const length = lengthOf(period);
  if (left >= 0) return left < length / 5 ? 'soon' : 'on time';
  return -left > length ? 'very late' : 'late';
}
