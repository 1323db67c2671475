import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { canonical, type Json } from '#platform/audit/canonical.ts';
import {
  type Calendar,
  type CalendarException,
  type Holiday,
  legalCalendar,
} from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Text } from '#platform/i18n/index.ts';

/** A holiday of every year, one day that differs from its week, or the time of martial law. */
export type CalendarDayKind = CalendarException['kind'] | 'martialLaw';

/** One line of the city's calendar. */
export interface CalendarDayData {
  readonly code: string;
  readonly kind: CalendarDayKind;
  /** `MM-DD` or `easter±days` for a holiday of every year; `YYYY-MM-DD` for one day, and for the first of martial law. */
  readonly on: string;
  /** Last day of martial law; it is still in force without one. */
  readonly to?: string;
  readonly name: Text;
  /** A holiday of every year that is worked during martial law. */
  readonly works: boolean;
  /** First and last year of a holiday of every year. */
  readonly fromYear?: number;
  readonly untilYear?: number;
  /** The act that says so. */
  readonly source?: string;
  readonly active: boolean;
}

/** `MM-DD`. */
export const everyYear = /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
/** So many days after Orthodox Easter, or before it. */
export const byEaster = /^easter(?:([+-])(\d{1,2}))?$/;

/** The calendar that terms are counted by, as the city keeps it. */
export async function readCalendar(reader: Reader): Promise<Calendar> {
  const { rows } = await reader.execute<{ body: CalendarDayData }>(
    sql`select body from cc_calendar_day where (body->>'active')::boolean order by code`,
  );
  return calendarOf(rows.map(({ body }) => body));
}

/** Its version says what stands in it: the same days, the same version, whenever they were written. */
export function calendarOf(days: readonly CalendarDayData[]): Calendar {
  const yearly = days.filter(({ kind, on }) => kind === 'holiday' && !isDate(on));
  const single = days.filter(({ kind, on }) => kind !== 'martialLaw' && isDate(on));
  return {
    ...legalCalendar,
    version: `ua-city-${createHash('sha256')
      .update(canonical(days as unknown as Json))
      .digest('hex')
      .slice(0, 8)}`,
    holidays: yearly.map(toHoliday),
    exceptions: single.map(toException),
    martialLaw: days
      .filter(({ kind }) => kind === 'martialLaw')
      .map(({ on, to }) => ({ from: on, to: to ?? null })),
  };
}

const isDate = (on: string): boolean => /^\d{4}-\d\d-\d\d$/.test(on);

function toHoliday(day: CalendarDayData): Holiday {
  const [, sign, amount] = byEaster.exec(day.on) ?? [];
  const [month, date] = day.on.split('-').map(Number);
  return {
    on: day.on.startsWith('easter')
      ? { easter: Number(amount ?? 0) * (sign === '-' ? -1 : 1) }
      : { month: month!, day: date! },
    title: day.name,
    ...(day.fromYear === undefined ? {} : { from: day.fromYear }),
    ...(day.untilYear === undefined ? {} : { until: day.untilYear }),
    worksUnderMartialLaw: day.works,
  };
}

const toException = (day: CalendarDayData): CalendarException => ({
  date: day.on,
  kind: day.kind as CalendarException['kind'],
  title: day.name,
  ...(day.source ? { source: day.source } : {}),
});
