import type { Term } from '#platform/calendar/index.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { City } from './city.ts';
import type { TermData } from './city-data.ts';
import { toTerm } from './clocks.ts';

/** Terms of law that the contact centre counts by. */
export const lawTermCodes = [
  'appeal-answer',
  'appeal-study',
  'appeal-limit',
  'appeal-forward',
  'appeal-return',
  'appeal-kept',
] as const;
export type LawTermCode = (typeof lawTermCodes)[number];

/** A term of law as the city keeps it on a page. */
export interface LawTermData extends TermData {
  readonly code: LawTermCode;
  readonly name: Text;
  readonly reference: string;
  /** Whether a lawyer of the city has confirmed it; until then it is our reading. */
  readonly confirmed: boolean;
  /** Who has: a name and a post. */
  readonly confirmedBy?: string;
}

/** What the city counts by for this term of law. */
export function lawTerm(city: Pick<City, 'law'>, code: LawTermCode): Term {
  const { amount, unit, end, reference } = city.law.get(code)!;
  return toTerm({ amount, unit, reference, ...(end ? { end } : {}) });
}
