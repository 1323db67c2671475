import { describe, expect, it } from 'vitest';
import { formatInstant, readInstant } from './dates.ts';

const iso = (text: string) => {
  const read = readInstant(text);
  return read instanceof Date ? read.toISOString() : read;
};

describe('dates out', () => {
  it('carry the offset of the city, winter and summer, and no fractions', () => {
    expect(formatInstant(new Date('2026-11-20T06:00:00.789Z'))).toBe('2026-11-20T08:00:00+02:00');
    expect(formatInstant(new Date('2026-07-01T06:00:00Z'))).toBe('2026-07-01T09:00:00+03:00');
    expect(formatInstant(new Date('2026-12-31T22:30:00Z'))).toBe('2027-01-01T00:30:00+02:00');
  });
  it('tell the two equal hours of an autumn night apart', () => {
    expect(formatInstant(new Date('2026-10-25T00:30:00Z'))).toBe('2026-10-25T03:30:00+03:00');
    expect(formatInstant(new Date('2026-10-25T01:30:00Z'))).toBe('2026-10-25T03:30:00+02:00');
  });
});

describe('dates in', () => {
  it('may end with Z or an offset', () => {
    expect(iso('2026-11-20T08:00:00Z')).toBe('2026-11-20T08:00:00.000Z');
    expect(iso('2026-11-20T08:00:00+02:00')).toBe('2026-11-20T06:00:00.000Z');
    expect(iso('2026-11-20T08:00:00-0530')).toBe('2026-11-20T13:30:00.000Z');
    expect(iso('2026-11-20t08:00z')).toBe('2026-11-20T08:00:00.000Z');
  });
  it('may have fractions', () => {
    expect(iso('2026-11-20T08:00:00.5Z')).toBe('2026-11-20T08:00:00.500Z');
    expect(iso('2026-11-20T08:00:00.123456789+02:00')).toBe('2026-11-20T06:00:00.123Z');
  });
  it('may have a plus that became a space', () => {
    expect(iso('2026-11-20T08:00:00 02:00')).toBe('2026-11-20T06:00:00.000Z');
  });
  it('mean local midnight when they are bare, also on days when the clocks change', () => {
    expect(iso('2026-11-20')).toBe('2026-11-19T22:00:00.000Z');
    expect(iso('2026-03-29')).toBe('2026-03-28T22:00:00.000Z');
    expect(iso('2026-03-30')).toBe('2026-03-29T21:00:00.000Z');
    expect(iso('2026-10-25')).toBe('2026-10-24T21:00:00.000Z');
    expect(iso('2026-10-26')).toBe('2026-10-25T22:00:00.000Z');
  });
  it('are refused with a time but no zone', () => {
    expect(iso('2026-11-20T08:00:00')).toMatch(/without a zone/);
  });
  it('are refused when the calendar does not know them', () => {
    for (const text of ['2026-02-30', '2026-13-01', '2026-11-20T25:00:00Z', '2026-11-20T08:61:00Z'])
      expect(iso(text)).toMatch(/not a day or time/);
    for (const text of ['yesterday', '20.11.2026', '2026-11', '1763625600', '2026-11-20T08Z'])
      expect(iso(text)).toMatch(/is not a date/);
  });
});
