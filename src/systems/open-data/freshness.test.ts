import { describe, expect, it } from 'vitest';
import { freshnessOf } from './freshness.ts';
import { frequencies, frequencyOf } from './passport.ts';

describe('the promise of a dataset', () => {
  const due = '2026-11-24T22:00:00Z';
  it.each([
    ['2026-11-01T00:00:00Z', 'on time'],
    ['2026-11-20T00:00:00Z', 'soon'],
    ['2026-11-25T00:00:00Z', 'late'],
    ['2026-12-30T00:00:00Z', 'very late'],
  ])('of once a month, due on 24 November, stands on %s: %s', (now, expected) => {
    expect(freshnessOf(due, 'once a month', new Date(now))).toBe(expected);
  });
  it('is none where nothing is promised, or nothing was published yet', () => {
    const now = new Date('2026-11-25T00:00:00Z');
    expect(freshnessOf(due, 'unscheduled', now)).toBe('none');
    expect(freshnessOf(due, undefined, now)).toBe('none');
    expect(freshnessOf(null, 'once a day', now)).toBe('none');
  });
  it('is one of nine, each with its code of the EU', () => {
    expect(frequencies.map((one) => `${one.wire}: ${one.eu}`)).toEqual([
      'more than once a day: CONT',
      'once a day: DAILY',
      'once a week: WEEKLY',
      'once a month: MONTHLY',
      'once a quarter: QUARTERLY',
      'once a half year: ANNUAL_2',
      'once a year: ANNUAL',
      'immediately after making changes: AS_NEEDED',
      'unscheduled: IRREG',
    ]);
    expect(frequencyOf('').eu).toBe('UNKNOWN');
  });
});
