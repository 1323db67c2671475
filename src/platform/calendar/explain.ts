import { formatDateTime, type Language, messages, plural } from '../i18n/index.ts';
import type { Explanation, Step, Term } from './terms.ts';
import { type LocalDate, weekday } from './zone.ts';

const words = messages(
  {
    weekdays: [
      'понеділок',
      'вівторок',
      'середа',
      'четвер',
      'п’ятниця',
      'субота',
      'неділя',
    ] as readonly string[],
    trigger: (at: string) => `Відлік від події: ${at}.`,
    term: (term: string, reference: string) => `Строк: ${term}${reference && ` (${reference})`}.`,
    nextDay: (date: string) => `Строк рахується з наступного дня: ${date}.`,
    sameDay: (date: string) => `Строк рахується з того самого дня: ${date}.`,
    instant: 'Строк рахується з тієї самої хвилини.',
    skipped: (days: string, reason: string) => `Не рахується ${days}: ${reason}.`,
    suspended: (span: string, reason: string) => `Зупинено ${span}: ${reason}.`,
    moved: (from: string, to: string, reason: string) =>
      `Останній день ${from} – ${reason}, тому кінець переноситься на ${to}.`,
    stayed: (date: string, reason: string) => `Останній день ${date} – ${reason}; кінець не переноситься.`,
    dueDay: (date: string) => `Останній день: ${date}, до 24:00.`,
    dueInstant: (at: string) => `Кінець строку: ${at}.`,
    calendar: (version: string) => `Календар: ${version}, час київський.`,
    and: (from: string, to: string) => `з ${from} до ${to}`,
    reasons: {
      weekday: 'робочий день',
      weekend: 'вихідний',
      holiday: 'свято',
      movedDayOff: 'перенесений вихідний',
      dayOff: 'вихідний за рішенням',
      workingByAct: 'робочий день за рішенням',
      closed: 'установа зачинена',
    } as Readonly<Record<string, string>>,
    opening: ' у години роботи',
    units: (unit: Term['unit'], amount: number) => {
      if (unit === 'working')
        return plural('uk', amount, {
          one: 'робочий день',
          few: 'робочі дні',
          many: 'робочих днів',
          other: 'робочого дня',
        });
      if (unit === 'calendar')
        return plural('uk', amount, {
          one: 'календарний день',
          few: 'календарні дні',
          many: 'календарних днів',
          other: 'календарного дня',
        });
      if (unit === 'month')
        return plural('uk', amount, { one: 'місяць', few: 'місяці', many: 'місяців', other: 'місяця' });
      return plural('uk', amount, { one: 'година', few: 'години', many: 'годин', other: 'години' });
    },
    minutes: (amount: number) =>
      plural('uk', amount, { one: 'хвилина', few: 'хвилини', many: 'хвилин', other: 'хвилини' }),
  },
  {
    en: {
      weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
      trigger: (at) => `Counted from the event: ${at}.`,
      term: (term, reference) => `Term: ${term}${reference && ` (${reference})`}.`,
      nextDay: (date) => `Counting starts on the next day: ${date}.`,
      sameDay: (date) => `Counting starts on the same day: ${date}.`,
      instant: 'Counting starts at that very minute.',
      skipped: (days, reason) => `Not counted, ${days}: ${reason}.`,
      suspended: (span, reason) => `Suspended, ${span}: ${reason}.`,
      moved: (from, to, reason) => `The last day ${from} is a ${reason}, so the end moves to ${to}.`,
      stayed: (date, reason) => `The last day ${date} is a ${reason}; the end does not move.`,
      dueDay: (date) => `Last day: ${date}, until midnight.`,
      dueInstant: (at) => `End of the term: ${at}.`,
      calendar: (version) => `Calendar: ${version}, Kyiv time.`,
      and: (from, to) => `from ${from} to ${to}`,
      reasons: {
        weekday: 'working day',
        weekend: 'weekend',
        holiday: 'public holiday',
        movedDayOff: 'day off moved from a weekend',
        dayOff: 'day off by decision',
        workingByAct: 'working day by decision',
        closed: 'closed day',
      },
      opening: ' within opening hours',
      units: (unit, amount) => {
        const s = amount === 1 ? '' : 's';
        if (unit === 'working') return `working day${s}`;
        if (unit === 'calendar') return `calendar day${s}`;
        return unit === 'month' ? `month${s}` : `hour${s}`;
      },
      minutes: (amount) => (amount === 1 ? 'minute' : 'minutes'),
    },
  },
);

/** How a date was found, as sentences for people. */
export function explain(language: Language, explanation: Explanation): string[] {
  const text = words(language);
  const lines: string[] = [];
  for (const step of explanation.steps) {
    lines.push(sentence(language, explanation.term, step));
    if (step.kind === 'trigger')
      lines.push(text.term(describeTerm(language, explanation.term), explanation.term.reference ?? ''));
  }
  return [...lines, text.calendar(explanation.calendar)];
}

/** «5 робочих днів», «15 хвилин», '1 month'. */
export function describeTerm(language: Language, term: Term): string {
  const text = words(language);
  if (term.unit !== 'hours') return `${term.amount} ${text.units(term.unit, term.amount)}`;
  const minutes = Math.round(term.amount * 60);
  const opening = term.hours === 'opening' ? text.opening : '';
  return Number.isInteger(term.amount)
    ? `${term.amount} ${text.units('hours', term.amount)}${opening}`
    : `${minutes} ${text.minutes(minutes)}${opening}`;
}

function sentence(language: Language, term: Term, step: Step): string {
  const text = words(language);
  switch (step.kind) {
    case 'trigger':
      return text.trigger(formatDateTime(language, new Date(step.at)));
    case 'start':
      return step.rule === 'instant' ? text.instant : text[step.rule](named(language, step.date));
    case 'skipped':
      return text.skipped(span(language, step.from, step.to), why(language, step));
    case 'suspended':
      return text.suspended(span(language, step.from, step.to), step.reason[language]);
    case 'moved':
      return text.moved(named(language, step.from), named(language, step.to), why(language, step));
    case 'stayed':
      return text.stayed(named(language, step.date), text.reasons[step.reason] ?? step.reason);
    case 'due':
      return term.unit === 'hours'
        ? text.dueInstant(formatDateTime(language, new Date(step.at)))
        : text.dueDay(named(language, step.date));
  }
}

function why(language: Language, step: { reason: string; title: { uk: string; en: string } | null }): string {
  const reason = words(language).reasons[step.reason] ?? step.reason;
  return step.title ? `${reason} (${step.title[language]})` : reason;
}

function span(language: Language, from: string, to: string): string {
  if (from.length > 10)
    return words(language).and(
      formatDateTime(language, new Date(from)),
      formatDateTime(language, new Date(to)),
    );
  return from === to ? named(language, from) : `${named(language, from)} – ${named(language, to)}`;
}

/** «пт 21.08.2026»-like: people check dates by the weekday. */
function named(language: Language, date: LocalDate): string {
  const name = words(language).weekdays[weekday(date) - 1];
  const [year, month, day] = date.split('-');
  if (language === 'uk') return `${day}.${month}.${year} (${name})`;
  const short = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
  return `${name} ${Number(day)} ${short} ${year}`;
}
