import type { Text } from '../i18n/index.ts';
import { type Calendar, type Day, dayByNumber, openHours } from './days.ts';
import {
  addMonths,
  dateOf,
  dayNumber,
  dayNumberAt,
  endOfDay,
  instantAt,
  type LocalDate,
  startOfDay,
} from './zone.ts';

/** How long something may take by law or by the city's rule. */
export interface Term {
  /** Whole for days and months; hours may be parts, 0.25 is 15 minutes. */
  readonly amount: number;
  readonly unit: 'working' | 'calendar' | 'month' | 'hours';
  /** When counting begins: the day after the trigger, its own day, or the very instant (hours always). */
  readonly start?: 'nextDay' | 'sameDay' | 'instant';
  /** Whether an end on a day off stays there or moves to the next working day. Default: stays. */
  readonly end?: 'stay' | 'next';
  /** Hours only: count around the clock (default), or opening hours alone. */
  readonly hours?: 'aroundTheClock' | 'opening';
  /** The article that sets it, such as «2073-IX, ст. 42». */
  readonly reference?: string;
}

/**
 * Time that does not count. Local days are inclusive; between instants a day is suspended when the suspension holds at
 * its end, and a term of hours is longer by exactly the time suspended.
 */
export interface Suspension {
  readonly from: LocalDate | Date;
  readonly to: LocalDate | Date;
  readonly reason: Text;
}

/** One line of how a date was found. Plain JSON: it is stored beside the date. */
export type Step =
  | { readonly kind: 'trigger'; readonly at: string; readonly date: LocalDate }
  | { readonly kind: 'start'; readonly rule: 'nextDay' | 'sameDay' | 'instant'; readonly date: LocalDate }
  | {
      readonly kind: 'skipped';
      readonly from: LocalDate;
      readonly to: LocalDate;
      readonly reason: Day['reason'];
      readonly title: Text | null;
    }
  | { readonly kind: 'suspended'; readonly from: string; readonly to: string; readonly reason: Text }
  | {
      readonly kind: 'moved';
      readonly from: LocalDate;
      readonly to: LocalDate;
      readonly reason: Day['reason'];
      readonly title: Text | null;
    }
  | { readonly kind: 'stayed'; readonly date: LocalDate; readonly reason: Day['reason'] }
  | { readonly kind: 'due'; readonly at: string; readonly date: LocalDate };

/** How a date was found, fit to be stored and shown. */
export interface Explanation {
  readonly term: Term;
  /** Version of the calendar. */
  readonly calendar: string;
  readonly steps: readonly Step[];
}

/** Where a term ends. */
export interface Due {
  /** The last instant that is in time: for days the last millisecond before 24:00 in the city, for hours the exact instant. */
  readonly due: Date;
  /** The day of the city on which it ends. */
  readonly date: LocalDate;
  readonly explanation: Explanation;
}

/**
 * Adds a term to a trigger (platform.md §6.2). The law valid at the trigger is the caller's choice of calendar and term.
 *
 * @param trigger the instant of the complete submission by the server's clock.
 * @throws RangeError for an amount that cannot be counted.
 */
export function addTerm(
  calendar: Calendar,
  term: Term,
  trigger: Date,
  suspensions: readonly Suspension[] = [],
): Due {
  const whole = term.unit !== 'hours';
  if (
    !(term.amount >= (whole ? 1 : 0) && term.amount <= 100_000) ||
    (whole && !Number.isInteger(term.amount))
  )
    throw new RangeError(`a term of ${term.amount} ${term.unit} cannot be counted`);
  return whole
    ? addDaysTerm(calendar, term, trigger, suspensions)
    : addHours(calendar, term, trigger, suspensions);
}

function addDaysTerm(calendar: Calendar, term: Term, trigger: Date, suspensions: readonly Suspension[]): Due {
  const rule = term.start === 'sameDay' ? 'sameDay' : 'nextDay';
  const triggerDay = dayNumberAt(trigger);
  const first = rule === 'sameDay' ? triggerDay : triggerDay + 1;
  const note = new Notes(calendar, term, trigger, triggerDay);
  note.add({ kind: 'start', rule, date: dateOf(first) });
  const pauses = suspensions.map((suspension) => ({
    from: typeof suspension.from === 'string' ? dayNumber(suspension.from) : dayNumberAt(suspension.from),
    to: typeof suspension.to === 'string' ? dayNumber(suspension.to) : dayNumberAt(suspension.to) - 1,
    reason: suspension.reason,
  }));
  const pauseOn = (day: number) => pauses.find((pause) => pause.from <= day && day <= pause.to);

  let day = first - 1;
  let left = term.amount;
  if (term.unit === 'month') {
    // The month runs to its day number; each suspended day on the way makes it a day longer.
    const end = Math.max(first, dayNumber(addMonths(dateOf(triggerDay), term.amount)));
    left = end - first + 1;
  }
  while (left > 0) {
    day += 1;
    const pause = pauseOn(day);
    if (pause) {
      note.suspendedDay(day, pause.reason);
      continue;
    }
    if (term.unit === 'working') {
      const is = dayByNumber(calendar, day);
      if (!is.working) {
        note.skippedDay(day, is);
        continue;
      }
    }
    left -= 1;
  }

  const last = dayByNumber(calendar, day);
  if (!last.working && term.end === 'next') {
    const from = day;
    while (!dayByNumber(calendar, day).working || pauseOn(day)) day += 1;
    note.add({
      kind: 'moved',
      from: dateOf(from),
      to: dateOf(day),
      reason: last.reason,
      title: last.title,
    });
  } else if (!last.working) note.add({ kind: 'stayed', date: dateOf(day), reason: last.reason });
  return note.due(endOfDay(dateOf(day)), day);
}

function addHours(calendar: Calendar, term: Term, trigger: Date, suspensions: readonly Suspension[]): Due {
  const triggerDay = dayNumberAt(trigger);
  const note = new Notes(calendar, term, trigger, triggerDay);
  note.add({ kind: 'start', rule: 'instant', date: dateOf(triggerDay) });
  const pauses = suspensions
    .map(({ from, to, reason }) => ({
      from: (typeof from === 'string' ? startOfDay(from) : from).getTime(),
      to: typeof to === 'string' ? endOfDay(to).getTime() + 1 : to.getTime(),
      reason,
    }))
    .filter((pause) => pause.to > trigger.getTime() && pause.to > pause.from)
    .sort((a, b) => a.from - b.from);
  let at = trigger.getTime();
  let left = Math.round(term.amount * 3_600_000);
  // Takes from an unbroken open stretch what the pauses leave of it; true when the term is used up.
  const use = (from: number, to: number): boolean => {
    at = Math.max(at, from);
    for (const pause of pauses) {
      if (pause.to <= at || pause.from >= to) continue;
      const before = Math.max(0, pause.from - at);
      if (left <= before) break;
      left -= before;
      at = Math.min(to, Math.max(at, pause.to));
      note.suspended(Math.max(pause.from, trigger.getTime()), pause.to, pause.reason);
    }
    if (at + left <= to) {
      at += left;
      return true;
    }
    left -= Math.max(0, to - at);
    at = Math.max(at, to);
    return false;
  };
  if (term.hours !== 'opening') use(at, Number.POSITIVE_INFINITY);
  else {
    let done = left === 0;
    for (let day = triggerDay; !done; day += 1) {
      if (day - triggerDay > 40_000)
        throw new RangeError(`calendar ${calendar.version} has no opening hours`);
      const is = dayByNumber(calendar, day);
      if (!is.working) note.skippedDay(day, is);
      const date = dateOf(day);
      for (const open of openHours(calendar, date)) {
        const from = instantAt(date, open.from).getTime();
        const to = instantAt(date, open.to).getTime();
        if (to <= at) continue;
        done = use(from, to);
        if (done) break;
      }
    }
  }
  return note.due(new Date(at), dayNumberAt(new Date(at)));
}

/** Gathers the steps, joining neighbouring days that are left out for the same reason. */
class Notes {
  readonly steps: Step[];
  readonly calendar: Calendar;
  readonly term: Term;

  constructor(calendar: Calendar, term: Term, trigger: Date, day: number) {
    this.calendar = calendar;
    this.term = term;
    this.steps = [{ kind: 'trigger', at: trigger.toISOString(), date: dateOf(day) }];
  }

  add(step: Step): void {
    this.steps.push(step);
  }

  skippedDay(day: number, is: Day): void {
    const before = this.steps.at(-1)!;
    const date = dateOf(day);
    if (
      before.kind === 'skipped' &&
      before.reason === is.reason &&
      before.title?.uk === is.title?.uk &&
      before.to === dateOf(day - 1)
    )
      this.steps[this.steps.length - 1] = { ...before, to: date };
    else this.add({ kind: 'skipped', from: date, to: date, reason: is.reason, title: is.title });
  }

  suspendedDay(day: number, reason: Text): void {
    const before = this.steps.at(-1)!;
    const date = dateOf(day);
    if (before.kind === 'suspended' && before.reason.uk === reason.uk && before.to === dateOf(day - 1))
      this.steps[this.steps.length - 1] = { ...before, to: date };
    else this.add({ kind: 'suspended', from: date, to: date, reason });
  }

  suspended(from: number, to: number, reason: Text): void {
    const step: Step = {
      kind: 'suspended',
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      reason,
    };
    // A pause over a closed night is met once on each side of it.
    const known = this.steps.some(
      (other) => other.kind === 'suspended' && other.from === step.from && other.to === step.to,
    );
    if (!known) this.add(step);
  }

  due(at: Date, day: number): Due {
    const date = dateOf(day);
    this.add({ kind: 'due', at: at.toISOString(), date });
    return {
      due: at,
      date,
      explanation: { term: this.term, calendar: this.calendar.version, steps: this.steps },
    };
  }
}
