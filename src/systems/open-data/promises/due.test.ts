// Keeps: due = last version or confirmed "no changes" + period, 23:59 in Kyiv (open-data.md 7).
import { describe, expect, it } from 'vitest';
import { formatDateTime } from '#platform/i18n/index.ts';
import { frequencies, frequencyOf } from '../passport.ts';
import { dueAfter, isRemindedBefore } from './due.ts';

const due = (last: string, frequency: string) =>
  dueAfter(new Date(last), frequencyOf(frequency).period!).toISOString();

describe('the next version', () => {
  it.each([
    ['once a day', '2026-11-24T10:00:00Z', '2026-11-25T21:59:00.000Z'],
    ['once a week', '2026-11-24T10:00:00Z', '2026-12-01T21:59:00.000Z'],
    ['once a month', '2026-11-24T10:00:00Z', '2026-12-24T21:59:00.000Z'],
    ['once a quarter', '2026-11-24T10:00:00Z', '2027-02-24T21:59:00.000Z'],
    ['once a half year', '2026-11-24T10:00:00Z', '2027-05-24T20:59:00.000Z'],
    ['once a year', '2026-11-24T10:00:00Z', '2027-11-24T21:59:00.000Z'],
  ])('of %s is due at 23:59 in Kyiv a period later', (frequency, last, expected) => {
    expect(due(last, frequency)).toBe(expected);
  });
  it('is due on the last day where the month has no such day', () => {
    expect(due('2026-01-31T10:00:00Z', 'once a month')).toBe('2026-02-28T21:59:00.000Z');
    expect(due('2024-01-31T10:00:00Z', 'once a month')).toBe('2024-02-29T21:59:00.000Z');
    expect(due('2024-02-29T10:00:00Z', 'once a year')).toBe('2025-02-28T21:59:00.000Z');
    expect(due('2026-11-30T10:00:00Z', 'once a quarter')).toBe('2027-02-28T21:59:00.000Z');
  });
  it('is due at 23:59 of the clocks on the wall, whichever way they were moved', () => {
    // Clocks go forward on 29 March and back on 25 October 2026.
    expect(due('2026-03-28T10:00:00Z', 'once a day')).toBe('2026-03-29T20:59:00.000Z');
    expect(due('2026-10-24T10:00:00Z', 'once a day')).toBe('2026-10-25T21:59:00.000Z');
    expect(formatDateTime('uk', new Date(due('2026-10-24T10:00:00Z', 'once a day')))).toContain('23:59');
  });
  it('counts from the day in Kyiv, not from that of UTC', () => {
    expect(due('2026-11-24T22:30:00Z', 'once a day')).toBe('2026-11-26T21:59:00.000Z');
  });
  it('of more than once a day is due twelve hours later', () => {
    expect(due('2026-11-24T10:00:00Z', 'more than once a day')).toBe('2026-11-24T22:00:00.000Z');
  });
});

it('is reminded of before its date where the period is over a week', () => {
  expect(frequencies.filter((one) => isRemindedBefore(one.period)).map((one) => one.wire)).toEqual([
    'once a month',
    'once a quarter',
    'once a half year',
    'once a year',
  ]);
});
