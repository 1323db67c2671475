import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { can, type Resource } from '#platform/access/index.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { resourceAt, scopeWhere } from './scope.ts';
import { randomFrom, seedCity, seedRequests, staff } from './seeding.ts';

const { db } = await testPlatform();
await seedCity(db);
const random = randomFrom(3);
const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const above: Record<string, string[]> = {
  heating: ['heating'],
  pipes: ['pipes', 'heating'],
  roads: ['roads'],
};
const facts = Array.from({ length: 150 }, () => ({
  organisation: one([null, 'teplo', 'voda', 'shliah']),
  district: one([null, 'soborna', 'samara']),
  branch: one(['heating', 'pipes', 'roads']),
}));
const numbers = await seedRequests(db, facts);

const seen = async (condition: ReturnType<typeof scopeWhere>) =>
  (
    await db.execute<{ number: string }>(
      sql`select number from cc_request r where ${condition} order by number`,
    )
  ).rows.map((row) => row.number);

test('the condition lists exactly the requests for which the question "can" is answered yes', async () => {
  for (let i = 0; i < 100; i += 1) {
    const actor = staff(
      ['contact-centre:read_desk'],
      Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
        organisation: one([null, 'teplo', 'voda']),
        district: one([null, 'soborna', 'samara']),
        branch: one([null, 'heating', 'pipes', 'roads']),
      })),
    );
    const expected = numbers.filter((_, index) => {
      const { organisation, district, branch } = facts[index]!;
      return can(actor, 'contact-centre:read_desk', { organisation, district, branches: above[branch]! });
    });
    expect(await seen(scopeWhere(actor, 'contact-centre:read_desk'))).toEqual(expected);
    const standing = new Map<string, Resource>();
    for (const branch of Object.keys(above))
      standing.set(
        branch,
        await resourceAt(db, actor, { number: '', organisation: null, district: null, branch }),
      );
    const acted = numbers.filter((_, index) =>
      can(actor, 'contact-centre:read_desk', { ...standing.get(facts[index]!.branch), ...facts[index]! }),
    );
    expect(acted).toEqual(expected);
  }
});

test('the system sees all, and one without the permission nothing', async () => {
  expect(await seen(scopeWhere(systemActor('clock'), 'contact-centre:read_desk'))).toHaveLength(150);
  expect(await seen(scopeWhere(anonymous, 'contact-centre:read_desk'))).toEqual([]);
  expect(await seen(scopeWhere(staff(['contact-centre:other']), 'contact-centre:read_desk'))).toEqual([]);
});
