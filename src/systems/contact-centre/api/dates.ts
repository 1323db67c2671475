import { zone } from '#platform/i18n/index.ts';

const local = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** `2026-11-20T08:00:00+02:00`: the city's time with its offset, no fractions. */
export function formatInstant(instant: Date): string {
  const offset = offsetMinutes(instant);
  const shifted = new Date(Math.floor(instant.getTime() / 1000) * 1000 + offset * 60_000);
  const size = Math.abs(offset);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${shifted.toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The same, or null where there is no instant. */
export function formatMaybe(instant: Date | null | undefined): string | null {
  return instant ? formatInstant(instant) : null;
}

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+\- ]\d{2}:?\d{2})?)?$/;

/**
 * Reads a date of a parameter: `Z` or an offset, fractions, a `+` that the query turned into a space; a bare date means
 * its midnight in the city.
 *
 * @returns the instant, or what is wrong with the text.
 */
export function readInstant(text: string): Date | string {
  const found = pattern.exec(text.trim());
  if (!found) return `"${text.slice(0, 40)}" is not a date; write 2026-11-20T08:00:00+02:00 or 2026-11-20`;
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset] = found;
  if (hour !== undefined && !offset)
    return `"${text.slice(0, 40)}" has a time without a zone; add Z or an offset such as +02:00`;
  const wall = Date.UTC(+year!, +month! - 1, +day!, +(hour ?? 0), +(minute ?? 0), +second);
  const check = new Date(wall).toISOString();
  const meant = `${year}-${month}-${day}T${hour ?? '00'}:${minute ?? '00'}:${second}`;
  if (check.slice(0, 19) !== meant) return `"${text.slice(0, 40)}" is not a day or time of the calendar`;
  if (hour === undefined) return cityMidnight(wall);
  const milliseconds = wall + Math.floor(Number(`0.${fraction || '0'}`) * 1000);
  return new Date(milliseconds - minutesOf(offset!) * 60_000);
}

function minutesOf(offset: string): number {
  if (/^z$/i.test(offset)) return 0;
  const digits = offset.slice(1).replace(':', '');
  const size = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return offset.startsWith('-') ? -size : size;
}

// Clocks change at three or four in the morning, so each day has one midnight.
function cityMidnight(wall: number): Date {
  const guess = new Date(wall - offsetMinutes(new Date(wall)) * 60_000);
  return new Date(wall - offsetMinutes(guess) * 60_000);
}

function offsetMinutes(instant: Date): number {
  const parts = Object.fromEntries(
    local.formatToParts(instant).map((part) => [part.type, Number(part.value)]),
  );
  const wall = Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour!, parts.minute!, parts.second!);
  return Math.round((wall - instant.getTime()) / 60_000);
}
