import { describe, expect, it } from 'vitest';
import { nextReading } from './when.ts';

const next = (frequency: string, now: string) => nextReading(frequency, new Date(now))?.toISOString() ?? null;

describe('the next reading', () => {
  it.each([
    ['once a day', '2026-11-24T10:00:00Z', '2026-11-25T00:15:00.000Z'],
    ['once a day', '2026-11-24T22:30:00Z', '2026-11-25T00:15:00.000Z'],
    ['once a week', '2026-11-24T10:00:00Z', '2026-11-30T00:15:00.000Z'],
    ['once a month', '2026-11-24T10:00:00Z', '2026-12-01T00:15:00.000Z'],
    ['once a quarter', '2026-11-24T10:00:00Z', '2027-01-01T00:15:00.000Z'],
    ['once a half year', '2026-11-24T10:00:00Z', '2027-01-01T00:15:00.000Z'],
    ['once a half year', '2026-02-24T10:00:00Z', '2026-06-30T23:15:00.000Z'],
    ['once a year', '2026-11-24T10:00:00Z', '2027-01-01T00:15:00.000Z'],
    ['more than once a day', '2026-11-24T10:00:00Z', '2026-11-24T16:00:00.000Z'],
    ['immediately after making changes', '2026-11-24T10:00:00Z', '2026-11-24T11:00:00.000Z'],
  ])('of what is promised %s, asked at %s, is at %s', (frequency, now, expected) => {
    expect(next(frequency, now)).toBe(expected);
  });

  it('of what nobody promised is when somebody asks', () => {
    expect(next('unscheduled', '2026-11-24T10:00:00Z')).toBeNull();
    expect(next('', '2026-11-24T10:00:00Z')).toBeNull();
  });
});
