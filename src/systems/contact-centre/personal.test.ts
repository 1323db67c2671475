import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { permission } from './permissions.ts';
import { flatOf, originalTextOf, purposes, reportersOf } from './personal.ts';
import { registerRequest } from './requests.ts';
import { staff } from './seeding.ts';

const platform = await testPlatform();
const person = '0197c000-0000-7000-8000-00000000000e';
let number = '';
beforeAll(async () => {
  await platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData));
  ({ number } = await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: 'one',
      category: 'heat-weak',
      text: 'Холодно, дзвоніть 067 123 45 67',
      answers: [{ code: 'scope', values: ['flat'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '17' },
      reporter: { person, name: 'Олена Приклад', phone: '+380671234567', channel: 'web', language: 'uk' },
    }),
  ));
});
const can = (...acts: string[]): Actor => staff(acts.map(permission));
const reads = async () =>
  (await platform.pool.query(`select entry from audit_pending where entry->>'action' = 'personal-data:read'`))
    .rows;

describe('personal data of a request', () => {
  it('is given to whoever may read contacts there, and the look is on record with the person and the purpose', async () => {
    const before = (await reads()).length;
    const seen = await platform.work(can('read_desk', 'read_contacts'), (work) =>
      reportersOf(work, number, purposes.work),
    );
    expect(seen).toMatchObject([
      { name: 'Олена Приклад', phone: '+380671234567', lead: true, locked: false },
    ]);
    const all = await reads();
    expect(all).toHaveLength(before + 1);
    expect(all.at(-1)!.entry).toMatchObject({
      resource: `request:${number}`,
      purpose: 'Виконання вашого звернення',
      subjects: [person],
    });
  });

  it('is refused without the permission of that kind, and the request is unknown outside of the scope', async () => {
    const openings = [reportersOf, originalTextOf, flatOf];
    for (const open of openings)
      await expect(
        platform.work(can('read_desk'), (work) => open(work, number, purposes.work) as Promise<unknown>),
      ).rejects.toMatchObject({ status: 403 });
    const acts = ['read_desk', 'read_contacts', 'view_original', 'read_private'].map(permission);
    const elsewhere = staff(acts, [{ organisation: 'voda' }]);
    for (const open of openings)
      await expect(
        platform.work(elsewhere, (work) => open(work, number, purposes.work) as Promise<unknown>),
      ).rejects.toMatchObject({ status: 404 });
  });

  it('words before masking and the flat are opened one by one, each with its own trace', async () => {
    const before = (await reads()).length;
    const moderator = can('read_desk', 'view_original');
    expect(
      await platform.work(moderator, (work) => originalTextOf(work, number, purposes.moderation)),
    ).toContain('067 123 45 67');
    expect(
      await platform.work(can('read_desk', 'read_private'), (work) => flatOf(work, number, purposes.work)),
    ).toBe('17');
    expect((await reads()).slice(before).map(({ entry }) => entry.detail.categories)).toEqual([
      ['original text'],
      ['flat'],
    ]);
  });
});
