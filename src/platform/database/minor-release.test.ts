import { expect, it } from 'vitest';
import { oldMinor, promisedMinor } from './minor-release.ts';

it('minor releases come on the second Thursday of November, February, May and August', () => {
  expect(promisedMinor(18, new Date('2025-11-13T12:00:00Z'))).toBe(0);
  expect(promisedMinor(18, new Date('2025-11-13T19:00:00Z'))).toBe(1);
  expect(promisedMinor(18, new Date('2026-02-12T19:00:00Z'))).toBe(2);
  expect(promisedMinor(18, new Date('2026-05-14T12:00:00Z'))).toBe(2);
  expect(promisedMinor(18, new Date('2026-11-24T10:00:00Z'))).toBe(5);
  expect(promisedMinor(19, new Date('2026-11-24T10:00:00Z'))).toBe(1);
});

it('a server behind the schedule is old, one that keeps it or is ahead is not', () => {
  const now = new Date('2026-11-24T10:00:00Z');
  expect(oldMinor(180_004, now)).toBe('PostgreSQL 18.4 is old: 18.5 or newer is out, with mended faults');
  expect(oldMinor(180_005, now)).toBeNull();
  expect(oldMinor(180_009, now)).toBeNull();
  expect(oldMinor(200_000, now)).toBeNull();
});
