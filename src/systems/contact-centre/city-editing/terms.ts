import type { ClockKind, TermData, Terms } from '../city-data.ts';
import type { reader } from './fields.ts';
import type { Flat } from './kind.ts';

export const termUnits: readonly TermData['unit'][] = ['minutes', 'hours', 'days', 'working_days', 'months'];

/** Terms as fields: `term-fix`, `unit-fix`, `end-fix`, `reference-fix`, all behind the prefix. */
export function flatTerms(prefix: string, terms: Terms | undefined, kinds: readonly ClockKind[]): Flat {
  const flat: Record<string, string> = {};
  for (const kind of kinds) {
    const term = terms?.[kind];
    if (!term) continue;
    flat[`${prefix}term-${kind}`] = String(term.amount);
    flat[`${prefix}unit-${kind}`] = term.unit;
    if (term.end) flat[`${prefix}end-${kind}`] = term.end;
    if (term.reference) flat[`${prefix}reference-${kind}`] = term.reference;
  }
  return flat;
}

/** The terms that are given; none: undefined. */
export function readTerms(
  read: ReturnType<typeof reader>,
  prefix: string,
  kinds: readonly ClockKind[],
): Terms | undefined {
  const terms: { -readonly [K in ClockKind]?: TermData } = {};
  for (const kind of kinds) {
    const amount = read.whole(`${prefix}term-${kind}`, 1, 1_000);
    if (amount === undefined) continue;
    const end = read.text(`${prefix}end-${kind}`);
    const reference = read.text(`${prefix}reference-${kind}`);
    terms[kind] = {
      amount,
      unit: read.one(`${prefix}unit-${kind}`, termUnits),
      ...(end === 'next' || end === 'stay' ? { end } : {}),
      ...(reference ? { reference } : {}),
    };
  }
  return Object.keys(terms).length ? terms : undefined;
}
