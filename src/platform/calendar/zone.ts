import { zone } from '../i18n/index.ts';

/** A day of the city, `YYYY-MM-DD`, without time or zone: the same text as PostgreSQL's `date`. */
export type LocalDate = string;

/** A wall-clock time of a day, `HH:MM`; `24:00` is the end of the day. */
export type LocalTime = string;

export const dayLength = 86_400_000;

/** The day of the city on which an instant falls. */
export function localDate(instant: Date): LocalDate {
  return dateOf(dayNumberAt(instant));
}

/** The first instant of a day of the city. */
export function startOfDay(date: LocalDate): Date {
  return new Date(wallToInstant(dayNumber(date) * dayLength));
}

/** The last millisecond of a day of the city: what is sent at it or before is sent before 24:00. */
export function endOfDay(date: LocalDate): Date {
  return new Date(wallToInstant((dayNumber(date) + 1) * dayLength) - 1);
}

/** The instant at which the city's clocks show a time of a day. In the skipped hour of spring: an hour later; in the repeated one of autumn: the first time. */
export function instantAt(date: LocalDate, time: LocalTime): Date {
  return new Date(wallToInstant(dayNumber(date) * dayLength + minutesOf(time) * 60_000));
}

/** The city's wall-clock time at an instant, `HH:MM`. */
export function localTime(instant: Date): LocalTime {
  const wall = instant.getTime() + offsetAt(instant.getTime());
  return timeOf(Math.floor((wall - Math.floor(wall / dayLength) * dayLength) / 60_000));
}

/** 1 Monday … 7 Sunday. */
export function weekday(date: LocalDate): number {
  return weekdayOf(dayNumber(date));
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOf(dayNumber(date) + days);
}

/** Whole days from one date to another; negative when `to` comes first. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** The same day number so many months later, or that month's last day. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const [year, month, day] = partsOf(date);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return first.toISOString().slice(0, 10);
}

/** Whether the text is a real day written `YYYY-MM-DD`, from year 1900 to 2999. */
export function isLocalDate(text: string): boolean {
  if (!/^(19|2\d)\d\d-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Days since 1970-01-01. */
export function dayNumber(date: LocalDate): number {
  const [year, month, day] = partsOf(date);
  return Date.UTC(year, month - 1, day) / dayLength;
}

export function dateOf(day: number): LocalDate {
  return new Date(day * dayLength).toISOString().slice(0, 10);
}

export function dayNumberAt(instant: Date): number {
  const time = instant.getTime();
  return Math.floor((time + offsetAt(time)) / dayLength);
}

/** 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export function minutesOf(time: LocalTime): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

export function timeOf(minutes: number): LocalTime {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function partsOf(date: LocalDate): [number, number, number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

/** Instant of a wall-clock time given as if it were UTC. */
export function wallToInstant(wall: number): number {
  const before = wall - offsetAt(wall - dayLength / 4);
  const after = wall - offsetAt(wall + dayLength / 4);
  if (before === after) return before;
  return before + offsetAt(before) === wall ? before : after + offsetAt(after) === wall ? after : before;
}

// Asking Intl costs microseconds, and a term may ask thousands of times; so the few changes of a year are found once.
interface Change {
  readonly from: number;
  readonly offset: number;
}
const years = new Map<number, readonly Change[]>();
const clock = new Intl.DateTimeFormat('en-US', {
  timeZone: zone,
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

/** Milliseconds by which the city's clocks are ahead of UTC. */
export function offsetAt(time: number): number {
  const year = new Date(time).getUTCFullYear();
  let changes = years.get(year);
  if (!changes) {
    changes = changesOf(year);
    years.set(year, changes);
  }
  let offset = changes[0]!.offset;
  for (const change of changes) if (change.from <= time) offset = change.offset;
  return offset;
}

function changesOf(year: number): Change[] {
  const start = Date.UTC(year, 0, 1);
  const changes: Change[] = [{ from: start, offset: askOffset(start) }];
  for (let month = 1; month <= 12; month += 1) {
    let low = Date.UTC(year, month - 1, 1);
    let high = Date.UTC(year, month, 1);
    const offset = askOffset(high);
    if (askOffset(low) === offset) continue;
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (askOffset(middle) === offset) high = middle;
      else low = middle;
    }
    changes.push({ from: high, offset });
  }
  return changes;
}

function askOffset(time: number): number {
  const part = Object.fromEntries(clock.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  return wall - Math.floor(time / 1000) * 1000;
}
