import type { Text } from '../i18n/index.ts';
import { dateOf, dayNumber, type LocalDate, type LocalTime, minutesOf, timeOf, weekdayOf } from './zone.ts';

export interface OpenHours {
  readonly from: LocalTime;
  readonly to: LocalTime;
}

/** A holiday of every year: on a fixed day, or so many days after Orthodox Easter. */
export interface Holiday {
  readonly on: { readonly month: number; readonly day: number } | { readonly easter: number };
  readonly title: Text;
  /** First and last year in which it is a holiday. */
  readonly from?: number;
  readonly until?: number;
  /** true: not a day off during martial law. */
  readonly worksUnderMartialLaw: boolean;
}

/** One day that differs from its week: a holiday, a day made working, a day made free, or an office that is closed. */
export interface CalendarException {
  readonly date: LocalDate;
  readonly kind: 'holiday' | 'working' | 'dayOff' | 'closed';
  readonly title: Text;
  /** The act that says so. */
  readonly source?: string;
  readonly open?: readonly OpenHours[];
}

/** Which days are worked, as dated data. Never changed in place: a change is a new value with a new version. */
export interface Calendar {
  /** Stands in every explanation. */
  readonly version: string;
  readonly title: Text;
  /** Working weekdays, 1 Monday … 7 Sunday. */
  readonly workdays: readonly number[];
  /** Opening hours by weekday, for terms that count only these. */
  readonly hours?: Readonly<Record<number, readonly OpenHours[]>>;
  readonly holidays: readonly Holiday[];
  readonly exceptions: readonly CalendarException[];
  /** Days on which holidays, moved days and short eves do not apply; weekends stay. `to` is the last such day, null: still in force. */
  readonly martialLaw: readonly { readonly from: LocalDate; readonly to: LocalDate | null }[];
}

/** What a day is, and for a day that is not worked why. */
export interface Day {
  readonly working: boolean;
  readonly reason: 'weekday' | 'weekend' | 'holiday' | 'movedDayOff' | 'dayOff' | 'workingByAct' | 'closed';
  /** Name of the holiday or exception. */
  readonly title: Text | null;
  /** An hour shorter than others of its weekday. */
  readonly eve: boolean;
  readonly open?: readonly OpenHours[];
}

/** What a day is in a calendar. */
export function dayIn(calendar: Calendar, date: LocalDate): Day {
  return dayByNumber(calendar, dayNumber(date));
}

export function isWorkingDay(calendar: Calendar, date: LocalDate): boolean {
  return dayIn(calendar, date).working;
}

/** The date itself when it is worked, else the next one that is. */
export function nextWorkingDay(calendar: Calendar, date: LocalDate): LocalDate {
  let day = dayNumber(date);
  while (!dayByNumber(calendar, day).working) day += 1;
  return dateOf(day);
}

/** Opening hours of a day: none when it is not worked or the calendar has no hours; the last hour goes on an eve. */
export function openHours(calendar: Calendar, date: LocalDate): readonly OpenHours[] {
  const day = dayIn(calendar, date);
  if (!day.working) return [];
  const hours = day.open ?? calendar.hours?.[weekdayOf(dayNumber(date))] ?? calendar.hours?.[1] ?? [];
  const last = hours.at(-1);
  if (!day.eve || !last) return hours;
  const to = timeOf(Math.max(minutesOf(last.from), minutesOf(last.to) - 60));
  return [...hours.slice(0, -1), { from: last.from, to }].filter((open) => open.from < open.to);
}

/** Whether a date lies in martial law. */
export function isMartialLaw(calendar: Calendar, date: LocalDate): boolean {
  return calendar.martialLaw.some(
    (interval) => interval.from <= date && (interval.to === null || date <= interval.to),
  );
}

/** Orthodox Easter by the Julian reckoning, as a date of the civil calendar (right from 1900 to 2099). */
export function easter(year: number): LocalDate {
  const moon = (19 * (year % 19) + 15) % 30;
  const sunday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7;
  const month = Math.floor((moon + sunday + 114) / 31);
  const day = ((moon + sunday + 114) % 31) + 1;
  return dateOf(dayNumber(`${year}-${pad(month)}-${pad(day)}`) + 13);
}

const books = new WeakMap<Calendar, Map<number, readonly Day[]>>();

export function dayByNumber(calendar: Calendar, day: number): Day {
  const year = new Date(day * 86_400_000).getUTCFullYear();
  let book = books.get(calendar);
  if (!book) {
    book = new Map();
    books.set(calendar, book);
  }
  let days = book.get(year);
  if (!days) {
    days = describeYear(calendar, year);
    book.set(year, days);
  }
  return days[day - Date.UTC(year, 0, 1) / 86_400_000]!;
}

function describeYear(calendar: Calendar, year: number): Day[] {
  const first = Date.UTC(year, 0, 1) / 86_400_000;
  const length = Date.UTC(year + 1, 0, 1) / 86_400_000 - first;
  // A day off can move over New Year, and the eve of 1 January is 31 December: so the neighbouring years count too.
  const holidays = new Map<LocalDate, Text>();
  for (const near of [year - 1, year, year + 1])
    for (const [date, title] of holidaysOf(calendar, near)) holidays.set(date, title);
  const exceptions = new Map(calendar.exceptions.map((exception) => [exception.date, exception]));
  const moved = movedDaysOff(calendar, holidays, exceptions);
  const basic = (date: LocalDate): Omit<Day, 'eve'> => {
    const martial = isMartialLaw(calendar, date);
    const exception = exceptions.get(date);
    const weekend = !calendar.workdays.includes(weekdayOf(dayNumber(date)));
    if (exception?.kind === 'closed') return { working: false, reason: 'closed', title: exception.title };
    if (exception && !martial && exception.kind === 'working')
      return {
        working: true,
        reason: 'workingByAct',
        title: exception.title,
        ...(exception.open && { open: exception.open }),
      };
    if (holidays.has(date)) return { working: false, reason: 'holiday', title: holidays.get(date)! };
    if (exception && !martial && exception.kind === 'dayOff')
      return { working: false, reason: 'dayOff', title: exception.title };
    if (weekend) return { working: false, reason: 'weekend', title: null };
    if (moved.has(date)) return { working: false, reason: 'movedDayOff', title: moved.get(date)! };
    return { working: true, reason: 'weekday', title: null };
  };
  return Array.from({ length }, (_, index) => {
    const date = dateOf(first + index);
    const day = basic(date);
    const eve = day.working && !isMartialLaw(calendar, date) && holidays.has(dateOf(first + index + 1));
    return { ...day, eve };
  });
}

/** The holidays of a year that hold on their day, by date. */
function holidaysOf(calendar: Calendar, year: number): Map<LocalDate, Text> {
  const found = new Map<LocalDate, Text>();
  for (const holiday of calendar.holidays) {
    if (year < (holiday.from ?? year) || year > (holiday.until ?? year)) continue;
    const date =
      'easter' in holiday.on
        ? dateOf(dayNumber(easter(year)) + holiday.on.easter)
        : `${year}-${pad(holiday.on.month)}-${pad(holiday.on.day)}`;
    if (!(holiday.worksUnderMartialLaw && isMartialLaw(calendar, date))) found.set(date, holiday.title);
  }
  for (const { date, kind, title } of calendar.exceptions)
    if (kind === 'holiday' && Number(date.slice(0, 4)) === year && !isMartialLaw(calendar, date))
      found.set(date, title);
  return found;
}

/** КЗпП art. 67: when a holiday falls on a day off, the day off moves to the next day that would be worked. */
function movedDaysOff(
  calendar: Calendar,
  holidays: ReadonlyMap<LocalDate, Text>,
  exceptions: ReadonlyMap<LocalDate, CalendarException>,
): Map<LocalDate, Text> {
  const moved = new Map<LocalDate, Text>();
  for (const date of [...holidays.keys()].sort()) {
    const day = dayNumber(date);
    if (calendar.workdays.includes(weekdayOf(day)) || isMartialLaw(calendar, date)) continue;
    let target = day + 1;
    while (
      !calendar.workdays.includes(weekdayOf(target)) ||
      holidays.has(dateOf(target)) ||
      moved.has(dateOf(target)) ||
      ['dayOff', 'closed'].includes(exceptions.get(dateOf(target))?.kind ?? '')
    )
      target += 1;
    if (!isMartialLaw(calendar, dateOf(target))) moved.set(dateOf(target), holidays.get(date)!);
  }
  return moved;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
