import { expect, it } from 'vitest';
import { legalCalendar } from '#platform/calendar/index.ts';
import type { LeafData } from './city-data.ts';
import { startClocks } from './clocks.ts';

const leaf: LeafData = {
  kind: 'leaf',
  code: 'x',
  parent: null,
  number: '01.01',
  name: { uk: 'Х', en: 'X' },
  keywords: [],
  class: 'ordinary',
};
const law = new Map([
  [
    'appeal-answer' as const,
    {
      code: 'appeal-answer' as const,
      name: leaf.name,
      amount: 15,
      unit: 'days' as const,
      end: 'next' as const,
      reference: '393/96-ВР, ст. 20',
      confirmed: false,
    },
  ],
]);
const dues = (of: Omit<Parameters<typeof startClocks>[0], 'calendar' | 'law'>, at: string) =>
  Object.fromEntries(
    startClocks({ ...of, calendar: legalCalendar, law }, new Date(at)).map((clock) => [
      clock.kind,
      clock.due.toISOString(),
    ]),
  );

it('an urgent emergency is accepted in 15 minutes, reached in 2 hours and fixed in 24, round the clock', () => {
  expect(dues({ class: 'urgent', regime: 'service', leaf, ruleTerms: null }, '2026-11-21T20:00:00Z')).toEqual(
    {
      accept: '2026-11-21T20:15:00.000Z',
      arrive: '2026-11-21T22:00:00.000Z',
      fix: '2026-11-22T20:00:00.000Z',
    },
  );
});

it('24 hours from 20:00 on the eve of summer time end at 21:00', () => {
  expect(
    dues({ class: 'emergency', regime: 'service', leaf, ruleTerms: null }, '2026-03-28T18:00:00Z').fix,
  ).toBe('2026-03-29T18:00:00.000Z');
});

it('an ordinary request is accepted on the next working day and fixed in seven days, which end at 24:00', () => {
  expect(
    dues({ class: 'ordinary', regime: 'service', leaf, ruleTerms: null }, '2026-11-20T10:00:00Z'),
  ).toEqual({
    accept: '2026-11-23T21:59:59.999Z',
    fix: '2026-11-27T21:59:59.999Z',
  });
});

it('the rule goes before the category, the category before the class', () => {
  const own = { ...leaf, terms: { fix: { amount: 3, unit: 'days' as const } } };
  const at = '2026-11-20T10:00:00Z';
  expect(dues({ class: 'ordinary', regime: 'service', leaf: own, ruleTerms: null }, at).fix).toBe(
    '2026-11-23T21:59:59.999Z',
  );
  const rule = { fix: { amount: 2, unit: 'hours' as const } };
  expect(dues({ class: 'ordinary', regime: 'service', leaf: own, ruleTerms: rule }, at).fix).toBe(
    '2026-11-20T12:00:00.000Z',
  );
});

it('a statutory appeal has its own clock of 15 days that moves to the next working day', () => {
  expect(
    dues({ class: 'ordinary', regime: 'statutory', leaf, ruleTerms: null }, '2026-11-20T10:00:00Z').statutory,
  ).toBe('2026-12-07T21:59:59.999Z');
});
