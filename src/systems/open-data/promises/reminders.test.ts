// Keeps: who is reminded of which promise, and when (open-data.md 3 invariant 7, 7 «Promise clock»).
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { setBlocked } from '#platform/identity/persons.ts';
import { inboxOf } from '#platform/notify/index.ts';
import { type Actor, systemActor } from '#platform/work.ts';
import { officer, testPortal } from '../api/ckan/testing.ts';
import { tokenReader } from '../tokens.ts';
import { nameResponsible } from './naming.ts';
import { sendReminders } from './reminders.ts';
import { responsibleFor } from './responsible.ts';

const portal = await testPortal();
const { platform } = portal;
const clock = platform.clock as ManualClock;
const city = (await tokenReader(platform)(officer))!.actor as Actor & { id: string };
const people: Record<string, string> = {};
let osvita = '';

async function member(organisation: string, role: 'admin' | 'editor' | 'member', name: string) {
  await portal.member(organisation, role, name);
  people[name] = (await portal.get('user_show', `id=${name}`, officer)).result.id;
}
const subjects = async (name: string) =>
  (await inboxOf(platform.db, name === 'city' ? city.id : people[name]!)).map((one) => one.subject);
const lines = async (name: string) => (await inboxOf(platform.db, people[name]!))[0]!.lines;
const name = (officerName: string | null, head: string | null) =>
  platform.work(city, (work) =>
    nameResponsible(work, 'osvita', {
      officer: officerName && people[officerName]!,
      head: head && people[head]!,
    }),
  );
const answers = async () =>
  (await responsibleFor(platform.db, [osvita], clock.now())).get(osvita)!.map((one) => [one.post, one.as]);
async function dataset(id: string, frequency: string): Promise<void> {
  await portal.call(
    'package_create',
    { name: id, title: `Набір ${id}`, owner_org: 'osvita', update_frequency: frequency },
    officer,
  );
  await portal.call('datastore_create', { resource: { package_id: id }, records: [{ n: 1 }] }, officer);
}

beforeAll(async () => {
  osvita = (await portal.call('organization_create', { name: 'osvita', title: 'Освіта' }, officer)).result.id;
  await portal.call('organization_create', { name: 'inshi' }, officer);
  await member('osvita', 'editor', 'marta');
  await member('osvita', 'member', 'director');
  await member('inshi', 'editor', 'stranger');
  await platform.db.execute(sql`update staff_account set organisation = 'osvita' where login = 'director'`);
});

describe('who answers for the data of a unit', () => {
  it('is the city’s officer while it has nobody', async () => {
    expect((await answers()).map(([, as]) => as)).toEqual(['city']);
  });
  it('is named by the city’s officer alone, out of those who may publish there', async () => {
    await expect(name('stranger', null)).rejects.toMatchObject({ fields: { officer: expect.anything() } });
    await expect(name('director', null)).rejects.toMatchObject({ fields: { officer: expect.anything() } });
    await expect(name('marta', 'stranger')).rejects.toMatchObject({ fields: { head: expect.anything() } });
    const marta = { ...city, id: people.marta!, grants: [] };
    await expect(
      platform.work(marta, (work) => nameResponsible(work, 'osvita', { officer: people.marta!, head: null })),
    ).rejects.toMatchObject({ status: 403 });
    await name('marta', 'director');
    expect(await answers()).toEqual([['Посада marta', 'officer']]);
  });
});

describe('a reminder', () => {
  it('goes to the named officer when a fifth of the period is left, once, in one letter for all datasets', async () => {
    await dataset('monthly', 'once a month');
    await dataset('second', 'once a month');
    await dataset('weekly', 'once a week');
    clock.set('2026-11-30T08:00:00Z');
    await sendReminders(platform);
    expect(await subjects('marta')).toEqual([]);
    clock.set('2026-12-20T08:00:00Z');
    await Promise.all([sendReminders(platform), sendReminders(platform)]);
    await sendReminders(platform);
    // The weekly one was due on the first of December, and nobody reminded of it before: its period is too short for that.
    expect(await subjects('marta')).toEqual(['Прострочено оновлення даних: 1 набір']);
    expect(await lines('marta')).toEqual([
      '«Набір weekly»: строк минув 01.12.2026, пропущено цілий період',
      '«Набір monthly»: оновіть до 24.12.2026',
      '«Набір second»: оновіть до 24.12.2026',
      expect.stringContaining('Змін немає'),
    ]);
    clock.set('2026-12-21T08:00:00Z');
    await sendReminders(platform);
    expect(await subjects('marta')).toHaveLength(1);
  });

  it('goes again when the date has passed, and a period later also to the head and the city’s officer', async () => {
    // The weekly one had missed a whole period.
    expect(await subjects('director')).toEqual(['Прострочено оновлення даних: 1 набір']);
    expect(await subjects('city')).toHaveLength(1);
    clock.set('2026-12-25T08:00:00Z');
    await sendReminders(platform);
    expect(await subjects('marta')).toHaveLength(2);
    expect(await lines('marta')).toContain('«Набір monthly»: строк минув 24.12.2026');
    expect(await subjects('director')).toHaveLength(1);
    clock.set('2027-01-25T08:00:00Z');
    await sendReminders(platform);
    expect(await subjects('marta')).toHaveLength(3);
    expect(await subjects('director')).toEqual([
      'Прострочено оновлення даних: 2 набори',
      'Прострочено оновлення даних: 1 набір',
    ]);
    expect(await subjects('city')).toHaveLength(2);
  });

  it('waits for tomorrow when today’s letter has gone already', async () => {
    await dataset('late-comer', 'once a day');
    clock.set('2027-01-27T08:00:00Z');
    await sendReminders(platform);
    expect(await subjects('marta')).toHaveLength(4);
    await dataset('later-comer', 'more than once a day');
    clock.set('2027-01-27T20:30:00Z');
    await sendReminders(platform);
    expect(await subjects('marta')).toHaveLength(4);
    clock.set('2027-01-28T08:00:00Z');
    await sendReminders(platform);
    expect(await lines('marta')).toContainEqual(expect.stringContaining('Набір later-comer'));
  });

  it('goes to the head of the unit when the officer has left, and to the city’s officer after both', async () => {
    const leave = (who: string) =>
      platform.work(systemActor('test'), (work) => setBlocked(work, people[who]!, true));
    await leave('marta');
    expect(await answers()).toEqual([['Посада director', 'head']]);
    await dataset('orphan', 'once a day');
    clock.set('2027-01-30T08:00:00Z');
    const before = (await subjects('director')).length;
    await sendReminders(platform);
    expect(await subjects('director')).toHaveLength(before + 1);
    await leave('director');
    expect((await answers()).map(([, as]) => as)).toEqual(['city']);
  });
});
