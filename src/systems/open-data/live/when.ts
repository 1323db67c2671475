import { addDays, addMonths, instantAt, localDate, weekday } from '#platform/calendar/index.ts';

const hour = 3_600_000;
/** When the city's systems have little to do, in Kyiv. */
const quiet = '02:15';
const monthsOf: Readonly<Record<string, number>> = {
  'once a month': 1,
  'once a quarter': 3,
  'once a half year': 6,
  'once a year': 12,
};

/**
 * When a live dataset is read next: in the first quiet hour of the next period, so that what is promised for a day, a month or a year is
 * there when it begins.
 *
 * @param frequency as it travels (passport.ts).
 * @returns null: only when somebody asks.
 */
export function nextReading(frequency: string, now: Date): Date | null {
  const today = localDate(now);
  const night = (day: string) => instantAt(day, quiet);
  if (frequency === 'more than once a day') return new Date(now.getTime() + 6 * hour);
  if (frequency === 'immediately after making changes') return new Date(now.getTime() + hour);
  if (frequency === 'once a day') return night(today) > now ? night(today) : night(addDays(today, 1));
  if (frequency === 'once a week') return night(addDays(today, 8 - weekday(today)));
  const months = monthsOf[frequency];
  if (!months) return null;
  const since = (Number(today.slice(5, 7)) - 1) % months;
  return night(addMonths(`${today.slice(0, 7)}-01`, months - since));
}
