// Keeps: accepted fixes become rules of a resource, one for each thing; who asks for an exception never approves it (open-data.md 4.3, 4.4).
import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import type { Actor } from '#platform/work.ts';
import { officer, testPortal } from '../api/ckan/testing.ts';
import { Absent, Denied, Faulty } from '../faults.ts';
import { permission } from '../permissions.ts';
import {
  approveRule,
  askedRules,
  forgetRule,
  refuseRule,
  rememberFix,
  rememberFixes,
  rulesOf,
  switchRule,
} from './remember.ts';
import type { Fix } from './rules.ts';

const portal = await testPortal();
const { platform } = portal;
const actor = (n: number, ...acts: Parameters<typeof permission>[0][]): Actor => ({
  kind: 'staff',
  id: `00000000-0000-4000-8000-00000000000${n}`,
  name: `посада ${n}`,
  organisation: null,
  grants: [
    {
      role: 'x',
      permissions: new Set(acts.map(permission)),
      organisation: null,
      district: null,
      branch: null,
    },
  ],
  assurance: 2,
});
const publisher = actor(1, 'write', 'publish');
const boss = actor(2, 'write', 'administer');
const stranger = actor(3);
let resource = '';
beforeAll(async () => {
  await portal.call('organization_create', { name: 'osvita', title: 'Освіта' }, officer);
  await portal.call('package_create', { name: 'schools', title: 'Школи', owner_org: 'osvita' }, officer);
  const made = await portal.call('resource_create', { package_id: 'schools', name: 'a', url: '' }, officer);
  resource = made.result.id;
});
const by = <T>(who: Actor, act: (work: Parameters<typeof rememberFix>[0]) => Promise<T>) =>
  platform.work(who, act);
const kept = async () => (await rulesOf(platform.db, resource)).map(({ fix }) => fix);

it('a later fix of the same thing takes the place of the earlier one; values of a dictionary and words for nothing add up', async () => {
  const fixes: Fix[] = [
    { do: 'type', column: 'Сума', type: 'integer' },
    { do: 'type', column: ' сума', type: 'numeric' },
    { do: 'dictionary', column: 'район', words: { 'Соб.': 'Соборний' } },
    { do: 'dictionary', column: 'район', words: { 'Центр.': 'Центральний' } },
    { do: 'nulls', column: 'сума', words: ['немає'] },
    { do: 'nulls', column: 'сума', words: ['невідомо', 'немає'] },
    { do: 'mask', column: 'піб' },
    { do: 'hash', column: 'ПІБ' },
    { do: 'skip-rows', rows: 1 },
    { do: 'skip-rows', rows: 2 },
  ];
  for (const fix of fixes) await by(publisher, (work) => rememberFix(work, resource, fix));
  expect(await kept()).toEqual([
    { do: 'type', column: ' сума', type: 'numeric' },
    { do: 'dictionary', column: 'район', words: { 'Соб.': 'Соборний', 'Центр.': 'Центральний' } },
    { do: 'nulls', column: 'сума', words: ['немає', 'невідомо'] },
    { do: 'hash', column: 'ПІБ' },
    { do: 'skip-rows', rows: 2 },
  ]);
});

it('what makes no sense, and more than five hundred, is refused; nothing of it is kept', async () => {
  const before = await kept();
  const nonsense: Fix[] = [
    { do: 'skip-rows', rows: -1 },
    { do: 'header-rows', rows: 11 },
    { do: 'footer', rows: 1.5 },
    { do: 'rename', column: 'а', to: ' ' },
    { do: 'split', column: 'а', by: '', into: ['б', 'в'] },
    { do: 'nulls', column: 'а', words: [''] },
    { do: 'dictionary', column: 'а', words: {} },
    { do: 'not-personal', column: 'а', because: 'так', approvedBy: null },
    { do: 'drop', column: 'а'.repeat(2_001) },
  ];
  for (const fix of nonsense)
    await expect(by(publisher, (work) => rememberFix(work, resource, fix))).rejects.toThrow(Faulty);
  const many = Array.from({ length: 501 }, (_, n): Fix => ({ do: 'drop', column: `c${n}` }));
  await expect(by(publisher, (work) => rememberFixes(work, resource, many))).rejects.toThrow(Faulty);
  expect(await kept()).toEqual(before);
});

it('a rule is switched and forgotten by those who may change the dataset, nobody else', async () => {
  const id = await by(publisher, (work) => rememberFix(work, resource, { do: 'drop', column: 'зайве' }));
  await expect(by(stranger, (work) => switchRule(work, resource, id, false))).rejects.toThrow(Denied);
  await by(publisher, (work) => switchRule(work, resource, id, false));
  expect((await rulesOf(platform.db, resource)).find((rule) => rule.id === id)).toMatchObject({
    on: false,
    author: 'посада 1',
    by: publisher.id,
  });
  await by(publisher, (work) => forgetRule(work, resource, id));
  await expect(by(publisher, (work) => forgetRule(work, resource, id))).rejects.toThrow(Absent);
});

it('an exception has no effect before another person, the officer, approves it, and none once it is refused', async () => {
  const ask = (who: Actor, column: string) =>
    by(who, (work) =>
      // Who asks cannot bring the approval along.
      rememberFix(work, resource, {
        do: 'not-personal',
        column,
        because: 'номери договорів',
        approvedBy: who.id,
      }),
    );
  const own = await ask(boss, 'рахунок');
  await expect(by(boss, (work) => approveRule(work, resource, own))).rejects.toThrow(Denied);
  const asked = await ask(publisher, 'договір');
  expect((await askedRules(platform.db)).map(({ rule }) => rule.id)).toEqual([own, asked]);
  await expect(by(publisher, (work) => approveRule(work, resource, asked))).rejects.toThrow(Denied);
  await by(boss, (work) => approveRule(work, resource, asked));
  const rule = async (id: string) => (await rulesOf(platform.db, resource)).find((one) => one.id === id);
  expect(await rule(asked)).toMatchObject({ fix: { approvedBy: boss.id } });
  const another = await ask(publisher, 'номер');
  await expect(by(boss, (work) => refuseRule(work, resource, another, ' '))).rejects.toThrow(Faulty);
  await by(boss, (work) => refuseRule(work, resource, another, 'це телефони'));
  expect(await rule(another)).toMatchObject({ on: false, refused: 'це телефони' });
  expect((await askedRules(platform.db)).map((one) => one.rule.id)).toEqual([own]);
  // Every step is in the log.
  const { rows } = await platform.db.execute<{ action: string }>(
    sql`select distinct entry ->> 'action' as action from audit_pending where entry ->> 'action' like 'open-data:%rule' order by 1`,
  );
  expect(rows.map(({ action }) => action)).toEqual([
    'open-data:approve_rule',
    'open-data:forget_rule',
    'open-data:refuse_rule',
    'open-data:switch_rule',
  ]);
});
