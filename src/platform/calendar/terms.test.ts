import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  addTerm,
  type Calendar,
  dayIn,
  easter,
  explain,
  instantAt,
  isWorkingDay,
  legalCalendar,
  localDate,
  openHours,
  startOfDay,
  type Term,
  weekday,
} from './index.ts';

const peace: Calendar = { ...legalCalendar, version: 'peace', martialLaw: [] };
const friday = instantAt('2026-08-21', '15:30');
const working = (amount: number): Term => ({ amount, unit: 'working' });
const calendarDays = (amount: number): Term => ({ amount, unit: 'calendar' });
const reason = { uk: 'витребувано документи', en: 'documents requested' };

describe('vectors of the specification, trigger Friday 21.08.2026, holiday Monday 24.08', () => {
  test.each([
    ['5 working days', legalCalendar, working(5), '2026-08-28'],
    ['5 working days in peace', peace, working(5), '2026-08-31'],
    ['9 working days', legalCalendar, working(9), '2026-09-03'],
    ['9 working days in peace', peace, working(9), '2026-09-04'],
    ['10 calendar days', legalCalendar, calendarDays(10), '2026-08-31'],
    ['10 calendar days in peace', peace, calendarDays(10), '2026-08-31'],
  ])('%s', (_, calendar, term, date) => {
    expect(addTerm(calendar, term, friday).date).toBe(date);
  });

  test('10 calendar days suspended on 25–27.08 end on Thursday 03.09 in martial law and in peace', () => {
    const pause = [{ from: '2026-08-25', to: '2026-08-27', reason }];
    expect(addTerm(legalCalendar, calendarDays(10), friday, pause).date).toBe('2026-09-03');
    expect(addTerm(peace, calendarDays(10), friday, pause).date).toBe('2026-09-03');
  });

  test('an act sent on 24.08 without a receipt is deemed delivered on 29.08, the fifth calendar day', () => {
    expect(addTerm(legalCalendar, calendarDays(5), instantAt('2026-08-24', '11:00')).date).toBe('2026-08-29');
  });
});

describe('vectors of the contact centre', () => {
  test('24 hours from 28.03.2026 20:00 end on 29.03 at 21:00: hours are elapsed time', () => {
    const { due } = addTerm(legalCalendar, { amount: 24, unit: 'hours' }, instantAt('2026-03-28', '20:00'));
    expect(due).toEqual(instantAt('2026-03-29', '21:00'));
  });

  test('5 working days from a Friday end on the next Friday, in its last second', () => {
    const { due } = addTerm(legalCalendar, working(5), instantAt('2026-11-20', '09:00'));
    expect(due.toISOString()).toBe('2026-11-27T21:59:59.999Z');
    expect(due.getTime() + 1).toBe(startOfDay('2026-11-28').getTime());
  });

  test('a statutory end on a day off moves to the next working day', () => {
    const term: Term = { amount: 15, unit: 'calendar', end: 'next' };
    expect(addTerm(legalCalendar, term, instantAt('2026-11-20', '09:00')).date).toBe('2026-12-07');
  });

  test('a month from 31 January ends on the last day of February', () => {
    expect(addTerm(legalCalendar, { amount: 1, unit: 'month' }, instantAt('2026-01-31', '12:00')).date).toBe(
      '2026-02-28',
    );
    expect(addTerm(legalCalendar, { amount: 1, unit: 'month' }, instantAt('2028-01-31', '12:00')).date).toBe(
      '2028-02-29',
    );
  });

  test('15 minutes to accept are a quarter of an hour', () => {
    const { due, explanation } = addTerm(legalCalendar, { amount: 0.25, unit: 'hours' }, friday);
    expect(due.getTime() - friday.getTime()).toBe(900_000);
    expect(explain('uk', explanation)[1]).toBe('Строк: 15 хвилин.');
  });
});

describe('counting rules', () => {
  test('there is no working-hours cut-off: a submission at 23:59 counts as that day', () => {
    expect(addTerm(legalCalendar, working(1), instantAt('2026-11-23', '23:59')).date).toBe('2026-11-24');
    expect(addTerm(legalCalendar, working(1), instantAt('2026-11-24', '00:00')).date).toBe('2026-11-25');
  });

  test('counting from the same day makes it the first day', () => {
    expect(addTerm(legalCalendar, { ...working(1), start: 'sameDay' }, friday).date).toBe('2026-08-21');
  });

  test('a month stays where it ends unless its rule moves it, and suspended days extend it', () => {
    const month: Term = { amount: 1, unit: 'month' };
    expect(addTerm(legalCalendar, month, instantAt('2026-10-21', '10:00')).date).toBe('2026-11-21');
    expect(addTerm(legalCalendar, { ...month, end: 'next' }, instantAt('2026-10-21', '10:00')).date).toBe(
      '2026-11-23',
    );
    const pause = [{ from: '2026-11-02', to: '2026-11-04', reason }];
    expect(addTerm(legalCalendar, month, instantAt('2026-10-21', '10:00'), pause).date).toBe('2026-11-24');
  });

  test('a pause of hours makes a term of hours longer by exactly its length, overlapping pauses once', () => {
    const pauses = [
      { from: instantAt('2026-08-21', '16:00'), to: instantAt('2026-08-21', '18:00'), reason },
      { from: instantAt('2026-08-21', '17:00'), to: instantAt('2026-08-21', '19:00'), reason },
    ];
    const { due } = addTerm(legalCalendar, { amount: 2, unit: 'hours' }, friday, pauses);
    expect(due).toEqual(instantAt('2026-08-21', '20:30'));
  });

  test('between instants a day is suspended when the pause holds at its end', () => {
    const short = [{ from: instantAt('2026-08-24', '10:00'), to: instantAt('2026-08-24', '12:00'), reason }];
    const night = [{ from: instantAt('2026-08-24', '10:00'), to: instantAt('2026-08-25', '09:00'), reason }];
    expect(addTerm(legalCalendar, working(1), friday, short).date).toBe('2026-08-24');
    expect(addTerm(legalCalendar, working(1), friday, night).date).toBe('2026-08-25');
  });

  test('hours of opening time run only while the office is open, and an eve is an hour shorter in peace', () => {
    const term: Term = { amount: 4, unit: 'hours', hours: 'opening' };
    expect(addTerm(legalCalendar, term, instantAt('2026-08-21', '16:00')).due).toEqual(
      instantAt('2026-08-24', '11:00'),
    );
    expect(addTerm(peace, term, instantAt('2026-08-21', '16:00')).due).toEqual(
      instantAt('2026-08-25', '11:00'),
    );
    expect(openHours(peace, '2026-12-24')).toEqual([{ from: '09:00', to: '17:00' }]);
    expect(openHours(legalCalendar, '2026-12-24')).toEqual([{ from: '09:00', to: '18:00' }]);
  });

  test('an amount that cannot be counted is refused', () => {
    for (const amount of [0, -1, 1.5, Number.NaN, 1e9])
      expect(() => addTerm(legalCalendar, working(amount), friday)).toThrow(RangeError);
  });
});

describe('the calendar', () => {
  test('Easter and Trinity follow the Orthodox reckoning', () => {
    expect([2023, 2024, 2025, 2026, 2027, 2028].map(easter)).toEqual([
      '2023-04-16',
      '2024-05-05',
      '2025-04-20',
      '2026-04-12',
      '2027-05-02',
      '2028-04-16',
    ]);
    expect(dayIn(peace, '2026-05-31')).toMatchObject({
      working: false,
      reason: 'holiday',
      title: { en: 'Trinity' },
    });
  });

  test('in peace a holiday on a weekend moves the day off to the next working day, two holidays to two', () => {
    expect(dayIn(peace, '2026-04-13')).toMatchObject({ working: false, reason: 'movedDayOff' });
    // In 2027 Labour Day is a Saturday and Easter the Sunday after it.
    expect(isWorkingDay(peace, '2027-05-03')).toBe(false);
    expect(isWorkingDay(peace, '2027-05-04')).toBe(false);
    expect(isWorkingDay(peace, '2027-05-05')).toBe(true);
  });

  test('during martial law holidays are worked, weekends are not, and it is judged for each day', () => {
    expect(isWorkingDay(legalCalendar, '2026-08-24')).toBe(true);
    expect(isWorkingDay(legalCalendar, '2026-08-23')).toBe(false);
    const ended: Calendar = {
      ...legalCalendar,
      version: 'ended',
      martialLaw: [{ from: '2022-02-24', to: '2026-08-23' }],
    };
    expect(isWorkingDay(ended, '2026-08-24')).toBe(false);
    expect(isWorkingDay(ended, '2026-06-29')).toBe(true);
  });

  test('exception days make a weekend worked, a weekday free, and close an office even in martial law', () => {
    const title = { uk: 'розпорядження', en: 'order' };
    const city: Calendar = {
      ...peace,
      exceptions: [
        { date: '2026-08-29', kind: 'working', title },
        { date: '2026-08-28', kind: 'dayOff', title },
        { date: '2026-09-02', kind: 'closed', title },
      ],
    };
    expect(dayIn(city, '2026-08-29')).toMatchObject({ working: true, reason: 'workingByAct' });
    expect(isWorkingDay(city, '2026-08-28')).toBe(false);
    const war: Calendar = { ...city, martialLaw: legalCalendar.martialLaw };
    expect(isWorkingDay(war, '2026-08-28')).toBe(true);
    expect(dayIn(war, '2026-09-02').reason).toBe('closed');
  });
});

describe('the explanation', () => {
  test('names the trigger, the term with its article, each skipped day with its reason, and the end', () => {
    const term: Term = { ...working(5), reference: '2073-IX, ст. 42' };
    const { explanation } = addTerm(peace, term, friday);
    expect(explain('uk', explanation)).toEqual([
      'Відлік від події: 21.08.2026, 15:30.',
      'Строк: 5 робочих днів (2073-IX, ст. 42).',
      'Строк рахується з наступного дня: 22.08.2026 (субота).',
      'Не рахується 22.08.2026 (субота) – 23.08.2026 (неділя): вихідний.',
      'Не рахується 24.08.2026 (понеділок): свято (День незалежності України).',
      'Не рахується 29.08.2026 (субота) – 30.08.2026 (неділя): вихідний.',
      'Останній день: 31.08.2026 (понеділок), до 24:00.',
      'Календар: peace, час київський.',
    ]);
    expect(explain('en', explanation)).toContain(
      'Not counted, Monday 24 Aug 2026: public holiday (Independence Day).',
    );
  });

  test('survives being stored as JSON', () => {
    const { explanation } = addTerm(legalCalendar, working(9), friday, [
      { from: '2026-08-25', to: '2026-08-26', reason },
    ]);
    expect(explain('uk', JSON.parse(JSON.stringify(explanation)))).toContain(
      'Зупинено 25.08.2026 (вівторок) – 26.08.2026 (середа): витребувано документи.',
    );
  });

  test('says that an end on a day off moved, or that it stays', () => {
    const stay = addTerm(legalCalendar, calendarDays(1), friday);
    expect(explain('en', stay.explanation).join(' ')).toContain('is a weekend; the end does not move');
    const move = addTerm(legalCalendar, { ...calendarDays(1), end: 'next' }, friday);
    expect(explain('en', move.explanation).join(' ')).toContain('the end moves to Monday 24 Aug 2026');
  });
});

const kyivDate = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Kyiv', dateStyle: 'short' });
const kyivDates = new Map<number, string>();
/** Asked of Intl once for each hour: the terms of the test lie within the same two years, and asking is slow. */
function kyiv(instant: number): string {
  const hour = Math.floor(instant / 3_600_000);
  let date = kyivDates.get(hour);
  if (!date) {
    date = kyivDate.format(hour * 3_600_000);
    kyivDates.set(hour, date);
  }
  return date;
}

/** Counts by asking Intl for the date of each hour: slow, and shares no arithmetic with the module. */
function slowEnd(
  term: Term,
  trigger: Date,
  pauses: readonly { from: string; to: string }[],
  works: (date: string) => boolean,
): string {
  const paused = (date: string) => pauses.some((pause) => pause.from <= date && date <= pause.to);
  const days: string[] = [];
  for (let hour = trigger.getTime(); days.length < 420; hour += 3_600_000)
    if (days.at(-1) !== kyiv(hour)) days.push(kyiv(hour));
  let counted = term.start === 'sameDay' ? days : days.slice(1);
  if (term.unit === 'month') {
    const [year, month, day] = days[0]!.split('-').map(Number) as [number, number, number];
    const total = month - 1 + term.amount;
    const length = [
      31,
      (year + Math.floor(total / 12)) % 4 === 0 ? 29 : 28,
      31,
      30,
      31,
      30,
      31,
      31,
      30,
      31,
      30,
      31,
    ][total % 12]!;
    const end = `${year + Math.floor(total / 12)}-${String((total % 12) + 1).padStart(2, '0')}-${String(Math.min(day, length)).padStart(2, '0')}`;
    const amount = counted.indexOf(end) + 1;
    counted = counted.filter((date) => !paused(date));
    return settle(counted[amount - 1]!);
  }
  counted = counted.filter((date) => !paused(date) && (term.unit === 'calendar' || works(date)));
  return settle(counted[term.amount - 1]!);

  function settle(date: string): string {
    if (term.end !== 'next') return date;
    return days.find((other) => other >= date && works(other) && (other === date || !paused(other)))!;
  }
}

/** Working days of 2026 and 2027 in peace, written out by hand. */
const freeInPeace = new Set(
  `2026-01-01 2026-03-09 2026-04-13 2026-05-01 2026-05-08 2026-06-01 2026-06-29 2026-07-15 2026-08-24 2026-10-01 2026-12-25
   2027-01-01 2027-03-08 2027-05-03 2027-05-04 2027-05-10 2027-06-21 2027-06-28 2027-07-15 2027-08-24 2027-10-01 2027-12-27`.split(
    /\s+/,
  ),
);
const isWeekend = (date: string) => [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay());

function randomizer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('400 random terms agree with an independent slow count', () => {
  const random = randomizer(20_260_821);
  for (let index = 0; index < 400; index += 1) {
    const unit = (['working', 'calendar', 'month'] as const)[random(3)]!;
    const term: Term = {
      unit,
      amount: 1 + random(unit === 'month' ? 4 : 45),
      start: random(3) === 0 ? 'sameDay' : 'nextDay',
      end: random(2) === 0 ? 'next' : 'stay',
    };
    const trigger = new Date(Date.UTC(2026, 0, 1) + random(450 * 24 * 60) * 60_000);
    const pauses = Array.from({ length: random(4) }, () => {
      const from = addDays(localDate(trigger), random(40));
      return { from, to: addDays(from, random(9)), reason };
    });
    const inPeace = random(2) === 0;
    const works = (date: string) => !isWeekend(date) && !(inPeace && freeInPeace.has(date));
    const found = addTerm(inPeace ? peace : legalCalendar, term, trigger, pauses).date;
    expect({ index, found }).toEqual({ index, found: slowEnd(term, trigger, pauses, works) });
  }
});

test('a longer term of the same unit or one more suspension never brings the end nearer', () => {
  const random = randomizer(7);
  for (let index = 0; index < 500; index += 1) {
    const unit = (['working', 'calendar', 'month', 'hours'] as const)[random(4)]!;
    const term: Term = {
      unit,
      amount: 1 + random(30),
      end: random(2) ? 'next' : 'stay',
      hours: random(2) ? 'opening' : 'aroundTheClock',
    };
    const calendar = random(2) ? peace : legalCalendar;
    const trigger = new Date(Date.UTC(2025, 6, 1) + random(800 * 24) * 3_600_000);
    const from = new Date(trigger.getTime() + random(20 * 24) * 3_600_000);
    const pause = { from, to: new Date(from.getTime() + random(200) * 3_600_000), reason };
    const base = addTerm(calendar, term, trigger).due;
    expect(addTerm(calendar, { ...term, amount: term.amount + 1 }, trigger).due >= base).toBe(true);
    expect(addTerm(calendar, term, trigger, [pause]).due >= base).toBe(true);
    expect(
      addTerm(calendar, { ...term, amount: term.amount + 1 }, trigger, [pause]).due >=
        addTerm(calendar, term, trigger, [pause]).due,
    ).toBe(true);
  }
});

test('days and months of the city are right over both changes of the clock', () => {
  expect(startOfDay('2026-03-29').toISOString()).toBe('2026-03-28T22:00:00.000Z');
  expect(startOfDay('2026-03-30').toISOString()).toBe('2026-03-29T21:00:00.000Z');
  expect(startOfDay('2026-10-26').toISOString()).toBe('2026-10-25T22:00:00.000Z');
  expect(localDate(new Date('2026-10-25T21:59:59Z'))).toBe('2026-10-25');
  expect(instantAt('2026-03-29', '03:30').toISOString()).toBe('2026-03-29T01:30:00.000Z');
  expect(instantAt('2026-10-25', '03:30').toISOString()).toBe('2026-10-25T00:30:00.000Z');
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2026-11-30', 3)).toBe('2027-02-28');
  expect(weekday('2026-11-24')).toBe(2);
});

test('10,000 terms take well under a second', () => {
  const started = performance.now();
  for (let index = 0; index < 10_000; index += 1)
    addTerm(legalCalendar, working(1 + (index % 20)), new Date(friday.getTime() + index * 3_600_000));
  expect(performance.now() - started).toBeLessThan(1000);
});
