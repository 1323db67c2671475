import { describe, expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import { addVerifiedContact, createPerson } from '../identity/persons.ts';
import { secretsOf } from '../identity/secrets.ts';
import { defineTemplate, notify } from '../notify/index.ts';
import type { System } from '../system.ts';
import { type Actor, systemActor } from '../work.ts';
import { approveErasure, erasePeople, exportPerson, prepareErasure } from './rights.ts';
import { openFor, sealFor } from './seal.ts';

const system: System = {
  name: 'cases',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  export: async (_work, personId) => ({ cases: [`case of ${personId}`] }),
  erase: async () => ({ kept: ['A signed decision: kept 75 years'] }),
};
const platform = await testPlatform({ systems: [system] });
const secrets = secretsOf(platform.config);
const said = defineTemplate<object>('test.said', 1, {
  uk: () => ({ subject: 'Вітаємо', lines: [] }),
  en: () => ({ subject: 'Hello', lines: [] }),
});
const officer = (id: string): Actor => ({
  ...systemActor('Privacy officer'),
  kind: 'staff',
  id,
  grants: [
    {
      role: 'privacy',
      permissions: new Set([erasePeople]),
      organisation: null,
      district: null,
      branch: null,
    },
  ],
});
const [one, two] = [
  officer('0197c000-0000-7000-8000-00000000000a'),
  officer('0197c000-0000-7000-8000-00000000000b'),
];
const person = await platform.work(systemActor('test'), async (work) => {
  const id = await createPerson(work, secrets, { name: 'Олена Приклад' });
  await addVerifiedContact(work, secrets, id, 'email', 'olena@example.test');
  for (const weight of ['service', 'legal'] as const)
    await notify(work, { to: { person: id }, event: weight, template: said, variables: {}, weight });
  return id;
});
const place = { table: 'history', column: 'note', row: '1' };
const sealed = await platform.work(systemActor('test'), (work) =>
  sealFor(work, secrets, person, 'просила не дзвонити', place),
);

describe('the rights of a person over their data', () => {
  it('all of it comes out as JSON, for the person and for nobody without the right', async () => {
    const own: Actor = { ...systemActor(''), kind: 'person', id: person };
    const whole = await exportPerson(platform, own, person);
    expect(whole).toMatchObject({
      person: { name: 'Олена Приклад', contacts: [{ kind: 'email', value: 'olena@example.test' }] },
      messages: [{ subject: 'Вітаємо' }, { subject: 'Вітаємо' }],
      cases: { cases: [`case of ${person}`] },
    });
    const other: Actor = { ...own, id: '0197c000-0000-7000-8000-00000000000c' };
    await expect(exportPerson(platform, other, person)).rejects.toThrow('not allowed');
  });

  it('a sealed text opens only in its place, and with the key', async () => {
    expect(await openFor(platform.db, secrets, person, sealed, place)).toBe('просила не дзвонити');
    await expect(openFor(platform.db, secrets, person, sealed, { ...place, row: '2' })).rejects.toThrow();
    expect(sealed).not.toContain('просила');
  });

  it('erasing needs two people; then the key is gone, and what stays is named', async () => {
    const erasure = await prepareErasure(platform, one, person, 'the person asked');
    await expect(prepareErasure(platform, two, person, 'again')).rejects.toThrow('waits for approval');
    await expect(approveErasure(platform, one, erasure)).rejects.toThrow('cannot approve');
    const kept = await approveErasure(platform, two, erasure);
    expect(kept).toHaveLength(3);
    expect(kept[0]).toBe('A signed decision: kept 75 years');
    expect(await openFor(platform.db, secrets, person, sealed, place)).toBeNull();
    await expect(
      platform.work(systemActor('test'), (work) => sealFor(work, secrets, person, 'x', place)),
    ).rejects.toThrow('erased');
    const { rows } = await platform.pool.query(
      `select (select count(*)::int from person_contact where person_id = $1) as contacts,
              (select count(*)::int from message where person_id = $1) as messages,
              (select name from person where id = $1) as name`,
      [person],
    );
    expect(rows[0]).toEqual({ contacts: 0, messages: 1, name: null });
    await expect(approveErasure(platform, two, erasure)).rejects.toThrow('not found');
  });
});
