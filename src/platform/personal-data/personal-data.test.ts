import { describe, expect, it } from 'vitest';
import { signingKeyOf } from '../audit/heads.ts';
import { testPlatform } from '../database/testing.ts';
import { addVerifiedContact, createPerson } from '../identity/persons.ts';
import { secretsOf } from '../identity/secrets.ts';
import { defineTemplate, notify } from '../notify/index.ts';
import type { System } from '../system.ts';
import { type Actor, systemActor } from '../work.ts';
import { readCertificate } from './certificate.ts';
import { eraseAgain } from './erase-again.ts';
import { approveErasure, askErasure, dryRun, erasePeople, prepareErasure } from './erasure.ts';
import { exportPerson } from './rights.ts';
import { openFor, sealFor } from './seal.ts';

const system: System = {
  name: 'cases',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  export: async (_work, personId) => ({ cases: [`case of ${personId}`] }),
  erase: async () => ({
    gone: [],
    kept: [{ uk: 'Рішення: 75 років', en: 'A signed decision: kept 75 years' }],
  }),
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

  const stands = async () =>
    (
      await platform.pool.query(
        `select (select count(*)::int from person_contact where person_id = $1) as contacts,
                (select count(*)::int from message where person_id = $1) as messages,
                (select name from person where id = $1) as name`,
        [person],
      )
    ).rows[0];

  it('erasing needs two people; a dry run before says exactly what will go and stay; then the key is gone', async () => {
    const before = await stands();
    const erasure = await platform.work(one, (work) => askErasure(work, person, 'видаліть мене'));
    await expect(platform.work(two, (work) => askErasure(work, person, ''))).rejects.toThrow('open already');
    await expect(platform.work(two, (work) => approveErasure(work, platform, erasure))).rejects.toThrow(
      'nobody has prepared',
    );
    const planned = await dryRun(platform, one, erasure);
    expect(await stands()).toEqual(before);
    await platform.work(one, (work) => prepareErasure(work, erasure, 'the person asked'));
    await expect(platform.work(one, (work) => approveErasure(work, platform, erasure))).rejects.toThrow(
      'cannot approve',
    );
    const certificate = await platform.work(two, (work) => approveErasure(work, platform, erasure));
    expect({ gone: certificate.gone, kept: certificate.kept }).toEqual(planned);
    expect(certificate.kept.map(({ en }) => en)[0]).toBe('A signed decision: kept 75 years');
    expect(certificate.gone.map(({ en }) => en)).toContain('Contacts: 1');
    expect(await openFor(platform.db, secrets, person, sealed, place)).toBeNull();
    await expect(
      platform.work(systemActor('test'), (work) => sealFor(work, secrets, person, 'x', place)),
    ).rejects.toThrow('erased');
    expect(await stands()).toEqual({ contacts: 0, messages: 1, name: null });
    await expect(platform.work(two, (work) => approveErasure(work, platform, erasure))).rejects.toThrow(
      'not found',
    );
  });

  it('nobody decides about their own data, and nobody without the right about anyone’s', async () => {
    const about = await platform.work(systemActor('test'), (work) => createPerson(work, secrets, {}));
    const erasure = await platform.work(one, (work) => askErasure(work, about, ''));
    await expect(
      platform.work(officer(about), (work) => prepareErasure(work, erasure, 'x')),
    ).rejects.toMatchObject({ status: 409, code: 'own-case' });
    await expect(
      platform.work({ ...one, grants: [] }, (work) => prepareErasure(work, erasure, 'x')),
    ).rejects.toMatchObject({ status: 403 });
  });

  it('destroyed keys are destroyed again from the certificates when an old backup was restored', async () => {
    const { rows } = await platform.pool.query<{ certificate: object }>(
      'select certificate from erasure where person_id = $1',
      [person],
    );
    const keys = [signingKeyOf(secrets)];
    const certificate = readCertificate(JSON.stringify(rows[0]!.certificate), keys)!;
    expect(certificate.person).toBe(person);
    const changed = JSON.stringify({ ...certificate, kept: [] });
    expect(readCertificate(changed, keys)).toBeNull();
    expect(readCertificate('{', keys)).toBeNull();
    // The state of an old backup: the person, the key and the contact are there, the erasure is not.
    const another = await platform.work(systemActor('test'), async (work) => {
      const id = await createPerson(work, secrets, { name: 'Олена Приклад' });
      await addVerifiedContact(work, secrets, id, 'email', 'olena2@example.test');
      return id;
    });
    const words = await platform.work(systemActor('test'), (work) =>
      sealFor(work, secrets, another, 'слова', place),
    );
    const older = [{ ...certificate, person: another, erasure: '0197c000-0000-7000-8000-0000000000e1' }];
    expect(await eraseAgain(platform, older)).toBe(1);
    expect(await openFor(platform.db, secrets, another, words, place)).toBeNull();
    expect(await eraseAgain(platform, older)).toBe(0);
    expect(await eraseAgain(platform, [certificate])).toBe(0);
  });
});
