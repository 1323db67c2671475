import { addDays, addMonths, instantAt, localDate } from '#platform/calendar/index.ts';
import type { Period } from '../passport.ts';

/**
 * When the next version is due: a period after the last one, at 23:59 of that day in the city. A month after the 31st is the last
 * day of a shorter month. Hours are counted as such: half a day must not become a day and a half.
 */
export function dueAfter(last: Date, period: Exclude<Period, null>): Date {
  if ('hours' in period) return new Date(last.getTime() + period.hours * 3_600_000);
  const day = localDate(last);
  return instantAt('days' in period ? addDays(day, period.days) : addMonths(day, period.months), '23:59');
}

/** Whether a reminder goes out before the date: periods of a week and less leave no time for it. */
export function isRemindedBefore(period: Period): boolean {
  if (period === null || 'hours' in period) return false;
  return 'months' in period || period.days > 7;
}
