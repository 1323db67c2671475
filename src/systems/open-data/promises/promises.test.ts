// Keeps: the promise clock, «обіцяно / зроблено», and the event of a passed date (open-data.md 3 invariant 7, 7, 8).
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import type { Actor } from '#platform/work.ts';
import { officer, testPortal } from '../api/ckan/testing.ts';
import { moveDataset } from '../datasets.ts';
import { tokenReader } from '../tokens.ts';
import { confirmUnchanged } from './confirm.ts';
import { ledgerOf, shareOf } from './ledger.ts';
import { tellOverdue } from './overdue.ts';

const portal = await testPortal();
const { platform } = portal;
const clock = platform.clock as ManualClock;
const start = '2026-11-24T10:00:00Z';
let editor = '';
let made = 0;

const actorOf = async (token: string): Promise<Actor> => (await tokenReader(platform)(token))!.actor;
const dueOf = async (name: string) => {
  const { rows } = await platform.db.execute<{ due: string | null }>(
    sql`select due_at::text as due from od_dataset where name = ${name}`,
  );
  return rows[0]!.due && new Date(rows[0]!.due).toISOString();
};
/** A dataset with one row of data. */
async function dataset(input: Record<string, unknown> = {}): Promise<string> {
  made += 1;
  const name = `nabir-${made}`;
  await portal.call(
    'package_create',
    { name, title: name, owner_org: 'osvita', update_frequency: 'once a month', ...input },
    officer,
  );
  await portal.call('datastore_create', { resource: { package_id: name }, records: [{ n: 1 }] }, officer);
  return name;
}
async function write(name: string): Promise<void> {
  const { result } = await portal.get('package_show', `id=${name}`, officer);
  await portal.call(
    'datastore_upsert',
    { resource_id: result.resources[0].id, records: [{ n: 2 }], method: 'insert' },
    officer,
  );
}
const confirm = async (name: string, token = editor) =>
  platform.work(await actorOf(token), (work) => confirmUnchanged(work, name));
const linesOf = async (name: string) =>
  (await ledgerOf(platform.db, { now: clock.now(), limit: 100, offset: 0 })).rows
    .filter((row) => row.name === name)
    .map((row) => [row.due.toISOString().slice(0, 10), row.kept?.toISOString().slice(0, 10), row.outcome]);

beforeAll(async () => {
  await portal.call('organization_create', { name: 'osvita', title: 'Освіта' }, officer);
  editor = await portal.member('osvita', 'editor', 'editor');
});
beforeEach(() => clock.set(start));

describe('the clock of a dataset', () => {
  it('begins with its first data: a passport alone promises nothing', async () => {
    await portal.call(
      'package_create',
      { name: 'passport', owner_org: 'osvita', update_frequency: 'once a month' },
      officer,
    );
    expect(await dueOf('passport')).toBeNull();
    const name = await dataset();
    expect(await dueOf(name)).toBe('2026-12-24T21:59:00.000Z');
  });

  it('counts from the newest data, by links and files that are no tables too', async () => {
    const name = await dataset();
    clock.set('2026-12-01T10:00:00Z');
    await write(name);
    expect(await dueOf(name)).toBe('2027-01-01T21:59:00.000Z');
    await portal.call(
      'package_create',
      {
        name: 'linked',
        owner_org: 'osvita',
        update_frequency: 'once a week',
        resources: [{ url: 'https://example.org/plan.pdf' }],
      },
      officer,
    );
    expect(await dueOf('linked')).toBe('2026-12-08T21:59:00.000Z');
  });

  it('believes no link that its data come from the future', async () => {
    await portal.call(
      'package_create',
      {
        name: 'future',
        owner_org: 'osvita',
        update_frequency: 'once a week',
        resources: [{ url: 'https://example.org/plan.pdf', last_modified: '2030-01-01T00:00:00' }],
      },
      officer,
    );
    expect(await dueOf('future')).toBe('2026-12-01T21:59:00.000Z');
  });

  it('never goes back: an older file beside a newer one changes nothing', async () => {
    const name = await dataset();
    clock.set('2026-10-01T10:00:00Z');
    await portal.call('package_patch', { id: name, notes: 'Записано заднім числом' }, officer);
    expect(await dueOf(name)).toBe('2026-12-24T21:59:00.000Z');
  });

  it('is not moved by words about the data', async () => {
    const name = await dataset();
    clock.advance(5 * 86_400_000);
    await portal.call('package_patch', { id: name, notes: 'Інші слова' }, officer);
    expect(await dueOf(name)).toBe('2026-12-24T21:59:00.000Z');
  });

  it('follows another frequency, and ends with it', async () => {
    const name = await dataset();
    await portal.call('package_patch', { id: name, update_frequency: 'once a week' }, officer);
    expect(await dueOf(name)).toBe('2026-12-01T21:59:00.000Z');
    await portal.call('package_patch', { id: name, update_frequency: 'unscheduled' }, officer);
    expect(await dueOf(name)).toBeNull();
  });

  it('stops where nothing is promised to the public: archived, private, withdrawn', async () => {
    const name = await dataset();
    const actor = await actorOf(officer);
    await platform.work(actor, (work) => moveDataset(work, name, 'archive'));
    expect(await dueOf(name)).toBeNull();
    await platform.work(actor, (work) => moveDataset(work, name, 'restore'));
    expect(await dueOf(name)).toBe('2026-12-24T21:59:00.000Z');
    await portal.call('package_patch', { id: name, private: true }, officer);
    expect(await dueOf(name)).toBeNull();
  });

  it('shows in search: what is late is found by the facet', async () => {
    const name = await dataset({ update_frequency: 'once a day' });
    clock.advance(2 * 86_400_000);
    const late = await portal.get('package_search', `fq=freshness:late name:${name}`);
    expect(late.result.count).toBe(1);
  });
});

describe('«Змін немає»', () => {
  it('said by a publisher counts as a version: the period begins anew, and no version is made', async () => {
    const name = await dataset();
    clock.set('2026-12-20T10:00:00Z');
    await confirm(name);
    expect(await dueOf(name)).toBe('2027-01-20T21:59:00.000Z');
    expect(await linesOf(name)).toEqual([['2026-12-24', '2026-12-20', 'on time']]);
  });
  it('is not for strangers and readers, nor where nothing is promised', async () => {
    const name = await dataset();
    await portal.call('organization_create', { name: 'inshi' }, officer);
    const stranger = await portal.member('inshi', 'editor', 'stranger');
    const reader = await portal.member('osvita', 'member', 'reader');
    await expect(confirm(name, stranger)).rejects.toMatchObject({ status: 403 });
    await expect(confirm(name, reader)).rejects.toMatchObject({ status: 403 });
    await expect(confirm('passport')).rejects.toMatchObject({ status: 409, code: 'nothing-promised' });
    expect(await dueOf(name)).toBe('2026-12-24T21:59:00.000Z');
  });
});

describe('«обіцяно / зроблено»', () => {
  it('tells what was kept on time, late, and not at all', async () => {
    const name = await dataset({ update_frequency: 'once a week' });
    clock.set('2026-12-01T10:00:00Z');
    await write(name);
    clock.set('2026-12-10T10:00:00Z');
    await write(name);
    clock.set('2026-12-20T10:00:00Z');
    expect(await linesOf(name)).toEqual([
      ['2026-12-17', undefined, 'not kept'],
      ['2026-12-08', '2026-12-10', 'late'],
      ['2026-12-01', '2026-12-01', 'on time'],
    ]);
  });
  it('takes several files of one day as one', async () => {
    const name = await dataset({ update_frequency: 'once a week' });
    clock.advance(3_600_000);
    await write(name);
    expect(await linesOf(name)).toEqual([]);
  });
  it('keeps a promise that was not kept when its clock is stopped or slowed afterwards', async () => {
    const stopped = await dataset({ update_frequency: 'once a week' });
    const slowed = await dataset({ update_frequency: 'once a week' });
    clock.set('2026-12-05T10:00:00Z');
    await portal.call('package_patch', { id: stopped, update_frequency: 'unscheduled' }, officer);
    await portal.call('package_patch', { id: slowed, update_frequency: 'once a year' }, officer);
    expect(await dueOf(slowed)).toBe('2027-11-24T21:59:00.000Z');
    for (const name of [stopped, slowed])
      expect(await linesOf(name)).toEqual([['2026-12-01', undefined, 'not kept']]);
  });
  it('says the share of the past year', async () => {
    clock.set('2026-12-20T10:00:00Z');
    const share = await shareOf(platform.db, { now: clock.now() });
    expect(share.all).toBeGreaterThan(share.onTime);
    clock.set('2028-12-20T10:00:00Z');
    expect(
      (await shareOf(platform.db, { now: clock.now(), organisation: '00000000-0000-0000-0000-000000000000' }))
        .all,
    ).toBe(0);
  });
});

it('open-data.dataset.overdue goes out once for each promise, whatever number of processes look', async () => {
  const name = await dataset({ update_frequency: 'once a day' });
  const { result } = await portal.get('package_show', `id=${name}`);
  const told = async () => {
    const { rows } = await platform.db.execute<{ payload: Record<string, unknown> }>(
      sql`select payload from outbox where name = 'open-data.dataset.overdue' and payload ->> 'dataset' = ${result.id}`,
    );
    return rows.map((row) => row.payload);
  };
  await tellOverdue(platform);
  expect(await told()).toEqual([]);
  clock.set('2026-11-25T22:00:00Z');
  await Promise.all([tellOverdue(platform), tellOverdue(platform), tellOverdue(platform)]);
  await tellOverdue(platform);
  expect(await told()).toEqual([
    { dataset: result.id, due: '2026-11-25T21:59:00.000Z', organisation: 'osvita' },
  ]);
});
