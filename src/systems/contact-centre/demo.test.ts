import { expect, it } from 'vitest';
import { yearOf } from './demo.ts';
import { contactCentre } from './index.ts';
import { roleName } from './permissions.ts';
import { roles } from './states.ts';

const end = new Date('2026-11-24T10:00:00Z');
const month = (at: Date) => at.toISOString().slice(0, 7);

it('the demo year has at least 5,000 requests over twelve months, none of them in the future', () => {
  const year = yearOf(end);
  expect(year.length).toBeGreaterThanOrEqual(5_000);
  const perMonth = Map.groupBy(year, ({ at }) => month(at));
  expect(perMonth.size).toBeGreaterThanOrEqual(12);
  for (const [name, requests] of perMonth)
    if (name !== month(end) && name !== '2025-11') expect(requests.length, name).toBeGreaterThan(100);
  expect(year.every(({ at }) => at <= end && at >= new Date('2025-11-24T10:00:00Z'))).toBe(true);
  expect(new Set(year.map(({ key }) => key)).size).toBe(year.length);
});

it('the same seed makes the same year', () => {
  const told = () => yearOf(end).map(({ key, at, random }) => [key, at.getTime(), random()]);
  expect(told()).toEqual(told());
});

it('each role of the field has somebody who can be signed in with one click', () => {
  const held = new Set(contactCentre.personas!.flatMap((persona) => persona.roles.map(({ role }) => role)));
  for (const role of roles.filter((one) => one !== 'system' && one !== 'reporter'))
    expect(held, role).toContain(roleName(role));
  expect([...held]).toEqual(
    expect.arrayContaining(['moderator', 'administrator'].map((role) => expect.stringContaining(role))),
  );
  expect(contactCentre.personas!.map(({ name }) => name)).toContain('resident');
});
