import { addTerm, type Calendar, type Explanation, type Term } from '#platform/calendar/index.ts';
import type { City } from './city.ts';
import type { ClockKind, LeafData, Regime, RequestClass, TermData, Terms } from './city-data.ts';

/** The terms of a class where neither the category nor the rule says otherwise (contact-centre specification, section 2). */
export const classTerms: Readonly<Record<RequestClass, Terms>> = {
  urgent: {
    accept: { amount: 15, unit: 'minutes' },
    arrive: { amount: 2, unit: 'hours' },
    fix: { amount: 24, unit: 'hours' },
  },
  emergency: {
    accept: { amount: 30, unit: 'minutes' },
    arrive: { amount: 24, unit: 'hours' },
    fix: { amount: 24, unit: 'hours' },
  },
  ordinary: { accept: { amount: 1, unit: 'working_days' }, fix: { amount: 7, unit: 'days' } },
  question: { answer: { amount: 1, unit: 'working_days' } },
};

/** A clock as it starts with the request. */
export interface StartedClock {
  readonly kind: ClockKind;
  readonly startedAt: Date;
  readonly due: Date;
  /** At 75 % of the term the dispatcher is warned. */
  readonly warnAt: Date;
  readonly explanation: Explanation;
}

/** The clocks that start when a request is registered: those of the rule over those of the category over those of the class. */
export function startClocks(
  of: {
    class: RequestClass;
    regime: Regime;
    leaf: LeafData;
    ruleTerms: Terms | null;
    calendar: Calendar;
    /** Terms of law. */
    law: City['law'];
    /** What the city has decided for each class. */
    cityTerms?: Readonly<Record<RequestClass, Terms>> | undefined;
  },
  startedAt: Date,
): StartedClock[] {
  const terms: Terms = {
    ...(of.cityTerms ?? classTerms)[of.class],
    ...of.leaf.terms,
    ...of.ruleTerms,
    ...(of.regime === 'statutory'
      ? { statutory: of.leaf.terms?.statutory ?? of.law.get('appeal-answer')! }
      : {}),
  };
  return (Object.entries(terms) as [ClockKind, TermData][]).map(([kind, term]) => {
    const { due, explanation } = addTerm(of.calendar, toTerm(term), startedAt);
    const warnAt = new Date(startedAt.getTime() + (due.getTime() - startedAt.getTime()) * 0.75);
    return { kind, startedAt, due, warnAt, explanation };
  });
}

/** As the calendar counts it. */
export function toTerm(term: TermData): Term {
  const common = {
    ...(term.end ? { end: term.end } : {}),
    ...(term.reference ? { reference: term.reference } : {}),
  };
  switch (term.unit) {
    case 'minutes':
      return { amount: term.amount / 60, unit: 'hours', ...common };
    case 'hours':
      return { amount: term.amount, unit: 'hours', ...common };
    case 'days':
      return { amount: term.amount, unit: 'calendar', start: 'nextDay', ...common };
    case 'working_days':
      return { amount: term.amount, unit: 'working', start: 'nextDay', ...common };
    case 'months':
      return { amount: term.amount, unit: 'month', ...common };
  }
}
