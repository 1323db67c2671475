// Keeps: systems publish by themselves, on schedule, by the same pipeline as people's files; what goes wrong leaves the version before
// in its place and is told (open-data.md 8).
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { filesOf } from '#platform/files/index.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { personaActor } from '#platform/identity/personas.ts';
import type { ColumnSpec, LiveDataset, LivePage, LiveReading, LiveRow } from '#platform/live-data.ts';
import { createPlatform } from '#platform/platform.ts';
import type { System } from '#platform/system.ts';
import { moveDataset, patchDataset } from '../datasets.ts';
import { openData } from '../index.ts';
import { fetchLink } from '../loading/links.ts';
import { Upload } from '../resource-input.ts';
import { patchResource } from '../resources.ts';
import { demoOfficer } from '../tokens.ts';
import { brokenLinks } from '../version-chain.ts';
import { servedVersion, versionsOf } from '../versions.ts';
import { liveRuns } from './reads.ts';
import { askForDue, readLive } from './runs.ts';

/** What the system will hand out next. */
let rows: LiveRow[] = [];
let read: (since: string | null, reading: LiveReading) => AsyncIterable<LivePage>;
let asked: (string | null)[] = [];
const handOut = async function* (since: string | null): AsyncGenerator<LivePage> {
  asked.push(since);
  yield { rows: rows.slice(0, 2), cursor: '1' };
  yield { rows: rows.slice(2), cursor: '2' };
};

const columns: readonly ColumnSpec[] = (
  [
    ['id', 'text'],
    ['kind', 'text'],
    ['day', 'date'],
    ['sum', 'integer'],
  ] as const
).map(([id, type]) => ({ id, title: { uk: id, en: id }, type }));
const own = (name: string, more: Partial<LiveDataset> = {}): LiveDataset => ({
  key: `trial.${name}`,
  unit: 'trial',
  passport: {
    name: `trial-${name}`,
    title: { uk: `Випробування: ${name}`, en: `Trial: ${name}` },
    notes: { uk: 'Рядки випробування.', en: 'Rows of a trial.' },
    updateFrequency: 'once a day',
    purpose: 'Перевірка',
    keywords: ['випробування'],
    themes: ['gove'],
  },
  table: { columns, key: ['id'] },
  mode: 'snapshot',
  privacy: { hash: ['id'] },
  read: (since, reading) => read(since, reading),
  ...more,
});
const table = { columns: [...columns], key: ['id'] };
const datasets = [
  own('rows', { links: [{ title: { uk: 'Файл', en: 'File' }, path: '/trial/all.csv', format: 'CSV' }] }),
  own('groups', {
    privacy: { drop: ['id'], kAnonymity: { quasi: ['kind'], k: 3, small: 'suppress' } },
    table: { ...table, key: [] },
  }),
  own('changes', { mode: 'changes' }),
  own('broken'),
  own('table', { table }),
  own('personal'),
  own('lease'),
  own('pages'),
];
const trial: System = {
  name: 'trial',
  title: { uk: 'Випробування', en: 'Trial' },
  summary: { uk: '', en: '' },
  datasets,
};

const base = await testPlatform();
const clock = base.clock as ManualClock;
const platform = createPlatform({
  config: { ...base.config, mode: 'demo' },
  clock,
  pool: base.pool,
  systems: [openData, trial],
});
const app = createApp(platform, { cache: false, limits: false, log: () => {} });
const officer = await personaActor(platform, demoOfficer);
const hour = 3_600_000;

beforeEach(() => {
  rows = ['1', '2', '3'].map((id) => ({ id, kind: 'вода', day: '2026-11-20', sum: Number(id) }));
  read = handOut;
  asked = [];
});

const key = (name: string) => `trial.${name}`;
async function standing(name: string) {
  const { rows: found } = await platform.db.execute<{
    resource: string;
    dataset: string;
    state: string;
    next_at: string;
    fault: { kind: string; detail?: string[] } | null;
  }>(
    sql`select l.*, r.dataset from od_live l left join od_resource r on r.id = l.resource where l.key = ${key(name)}`,
  );
  return found[0]!;
}
async function readOnce(name: string, how?: { confirmed: boolean }) {
  clock.advance(hour);
  await readLive(platform, key(name), how);
  return standing(name);
}
async function shown(name: string) {
  const { resource } = await standing(name);
  const version = (await servedVersion(platform.db, resource))!;
  const { rows: found } = await platform.db.execute<Record<string, string>>(
    sql`select * from ${version.from!} order by _id`,
  );
  return found.map(({ _id, _full_text, ...row }) => row);
}
async function alerts(): Promise<string[]> {
  const { rows: found } = await platform.db.execute<{ subject: string; lines: string[] }>(
    sql`select subject, lines from message where person_id = ${officer.id} order by created_at, id`,
  );
  return found.map(({ subject, lines }) => [subject, ...lines].join(' '));
}

describe('a live dataset', () => {
  it('is made with passport, publisher and a resource of kind live, and its rows pass as every file does', async () => {
    expect((await standing('rows')) ?? null).toBeNull();
    const { resource, dataset, state } = await readOnce('rows');
    expect(state).toBe('published');
    const { rows: found } = await platform.db.execute(sql`
      select d.name, d.state, d.update_frequency, d.extras ->> 'title_en' as en, o.unit, o.title as publisher, r.kind, r.id
      from od_dataset d join od_organisation o on o.id = d.organisation join od_resource r on r.dataset = d.id
      where d.id = ${dataset} order by r.position`);
    expect(found).toMatchObject([
      {
        name: 'trial-rows',
        state: 'published',
        update_frequency: 'once a day',
        en: 'Trial: rows',
        unit: 'trial',
        publisher: 'Випробування',
        kind: 'live',
      },
      { kind: 'link' },
    ]);
    // Its links are interfaces of this city: nobody fetches them as files.
    await fetchLink(platform, String(found[1]!.id));
    const { rows: fetched } = await platform.db.execute(
      sql`select fault from od_link where resource = ${found[1]!.id}`,
    );
    expect(fetched).toEqual([{ fault: null }]);
    expect(await shown('rows')).toEqual(
      expect.arrayContaining([
        { id: expect.stringMatching(/^[a-p]{32}$/), kind: 'вода', day: '2026-11-20', sum: '1' },
      ]),
    );
    expect(await servedVersion(platform.db, resource)).toMatchObject({ n: 1, rows: 3, source: 'live' });
  });

  it('of which nothing has changed gets no version; a change is the next one, linked to the one before', async () => {
    expect((await readOnce('rows')).state).toBe('unchanged');
    rows[0] = { ...rows[0]!, sum: 5 };
    const { state, resource } = await readOnce('rows');
    expect(state).toBe('published');
    expect((await versionsOf(platform.db, resource)).map(({ n }) => n)).toEqual([2, 1]);
    expect(await brokenLinks(platform.db, resource)).toEqual([]);
    await platform.db.execute(sql`update od_version set rows = 4 where resource = ${resource} and n = 1`);
    expect(await brokenLinks(platform.db, resource)).toEqual([2]);
    await platform.db.execute(sql`update od_version set rows = 3 where resource = ${resource} and n = 1`);
  });

  it('tells other systems of each version: where it is and what it hashes to', async () => {
    const { resource, dataset } = await standing('rows');
    const { rows: events } = await platform.db.execute<{ payload: Record<string, unknown> }>(
      sql`select payload from outbox where name = 'open-data.version.published' and payload ->> 'resource' = ${resource} order by id`,
    );
    const version = (await servedVersion(platform.db, resource))!;
    expect(events.at(-1)!.payload).toEqual({
      dataset,
      resource,
      version: 2,
      url: `http://misto.test/open-data/dataset/${dataset}/resource/${resource}@v2`,
      sha256: version.dataSha256,
    });
  });

  it('is read again in the quiet hour of its next period', async () => {
    const { next_at } = await readOnce('rows');
    expect(new Date(next_at).toISOString()).toMatch(/T00:15:00/);
    expect(new Date(next_at).getTime() - clock.now().getTime()).toBeLessThanOrEqual(24 * hour);
  });

  it('is not written by people: no file, no rows of programs; its words may be changed and stay', async () => {
    const { resource, dataset } = await standing('rows');
    const { rows: before } = await platform.db.execute(
      sql`select kind, file, load_state from od_resource where id = ${resource}`,
    );
    await platform.work(officer, (work) => patchResource(work, resource, { name: 'Краща назва' }));
    await platform.work(officer, (work) => patchDataset(work, dataset, { notes: 'Кращий опис' }));
    const { rows: after } = await platform.db.execute(
      sql`select kind, file, load_state from od_resource where id = ${resource}`,
    );
    expect(after).toEqual(before);
    const store = filesOf(platform.config);
    const upload = new Upload(await store.put(Buffer.from('id\n7\n')), 'own.csv', store);
    await expect(
      platform.work(officer, (work) => patchResource(work, resource, { upload })),
    ).rejects.toMatchObject({ fields: { upload: [expect.stringContaining('takes no files')] } });
    const answer = await app.request('/open-data/api/3/action/datastore_upsert', {
      method: 'POST',
      headers: { authorization: 'demo', 'content-type': 'application/json' },
      body: JSON.stringify({
        resource_id: resource,
        method: 'insert',
        force: true,
        records: [{ kind: 'чуже' }],
      }),
    });
    expect([answer.status, await answer.text()]).toEqual([
      409,
      expect.stringContaining('rows are read only'),
    ]);
    await readOnce('rows');
    const { rows: words } = await platform.db.execute(
      sql`select d.notes, r.name, r.kind from od_dataset d join od_resource r on r.dataset = d.id where r.id = ${resource}`,
    );
    expect(words).toEqual([{ notes: 'Кращий опис', name: 'Краща назва', kind: 'live' }]);
  });

  it('that was withdrawn is left alone, which others hear of, and goes on once the officer restores it', async () => {
    const { dataset } = await standing('rows');
    await platform.work(officer, (work) => moveDataset(work, dataset, 'withdraw'));
    expect((await readOnce('rows')).state).toBe('withdrawn');
    expect(asked).toEqual([]);
    const { rows: events } = await platform.db.execute(
      sql`select from outbox where name = 'open-data.dataset.withdrawn' and payload ->> 'dataset' = ${dataset}`,
    );
    expect(events).toHaveLength(1);
    await platform.work(officer, (work) => moveDataset(work, dataset, 'restore'));
    expect((await readOnce('rows')).state).toBe('unchanged');
  });

  it('begins with its first rows: of a system that has none there is no dataset', async () => {
    rows = [];
    expect(await readOnce('pages')).toMatchObject({ state: 'empty', resource: null });
  });
});

describe('groups smaller than k', () => {
  it('stay out of the table, the file and the counts that are shown tell how many rows they were', async () => {
    rows = [...rows, { id: '4', kind: 'рідкісне', day: '2026-11-20', sum: 4 }];
    await readOnce('groups');
    expect(await shown('groups')).toHaveLength(3);
    const { rows: runs } = await liveRuns(platform.db, key('groups'), { limit: 1, offset: 0 });
    expect(runs).toMatchObject([
      { state: 'published', read: 4, published: 3, suppressed: 1, merged: 0, version: 1 },
    ]);
    const { resource } = await standing('groups');
    const { rows: raw } = await platform.db.execute<{ path: string }>(
      sql`select f.sha256 as path from od_version v join file f on f.id = v.raw_file where v.resource = ${resource}`,
    );
    expect(raw).toHaveLength(1);
  });
});

describe('a system that hands out changes', () => {
  const page = (one: Partial<LivePage>) =>
    async function* (since: string | null): AsyncGenerator<LivePage> {
      asked.push(since);
      yield { rows: [], cursor: '', ...one };
    };

  it('is asked from where the last reading ended; rows come, change and go by their key', async () => {
    read = page({ rows, cursor: 'a' });
    await readOnce('changes');
    read = page({
      rows: [
        { ...rows[0]!, sum: 11 },
        { id: '4', kind: 'газ', sum: 4 },
      ],
      deletedKeys: ['2'],
      cursor: 'b',
    });
    await readOnce('changes');
    read = page({ cursor: 'b' });
    expect((await readOnce('changes')).state).toBe('unchanged');
    expect(asked).toEqual([null, 'a', 'b']);
    expect((await shown('changes')).map(({ kind, sum }) => `${kind} ${sum}`).sort()).toEqual([
      'вода 11',
      'вода 3',
      'газ 4',
    ]);
    const { rows: kept } = await platform.db.execute<{ key: string }>(sql`select key from od_live_row`);
    for (const one of kept) expect(['1', '3', '4']).not.toContain(one.key);
  });

  it('begins anew in another year: its hashes have another key', async () => {
    const before = (await shown('changes')).map(({ id }) => id);
    clock.set(new Date('2027-01-02T10:00:00Z'));
    read = page({ rows, cursor: 'c' });
    expect((await readOnce('changes')).state).toBe('published');
    expect(asked).toEqual([null]);
    const after = (await shown('changes')).map(({ id }) => id);
    expect(after).toHaveLength(3);
    for (const id of after) expect(before).not.toContain(id);
  });
});

describe('what goes wrong', () => {
  it('a system that throws, or hands out a column it did not declare: the version before stays, the officer hears of it once', async () => {
    await readOnce('broken');
    const good = await shown('broken');
    // biome-ignore lint/correctness/useYield: it breaks off before its first page
    read = async function* () {
      throw new Error('Олена Калиногай, 0501112233');
    };
    const told = (await alerts()).length;
    expect(await readOnce('broken')).toMatchObject({ state: 'failed', fault: { kind: 'provider' } });
    await readOnce('broken');
    expect(await alerts()).toHaveLength(told + 1);
    expect(JSON.stringify([await alerts(), (await standing('broken')).fault])).not.toMatch(
      /Калиногай|0501112233/,
    );
    read = handOut;
    rows = rows.map((row) => ({ ...row, phone: 'х' }));
    expect(await readOnce('broken')).toMatchObject({
      state: 'failed',
      fault: { kind: 'row', detail: ['phone'] },
    });
    expect(await alerts()).toHaveLength(told + 2);
    expect(await shown('broken')).toEqual(good);
    const { next_at } = await standing('broken');
    expect(new Date(next_at).getTime() - clock.now().getTime()).toBe(15 * 60_000);
  });

  it('a system cannot write: what it is given only reads', async () => {
    read = async function* (_since, { db }) {
      await db.execute(sql`update od_setting set value = 'x'`);
      yield { rows, cursor: '' };
    };
    expect(await readOnce('broken')).toMatchObject({ state: 'failed', fault: { kind: 'provider' } });
  });

  it('other columns than were accepted wait for the officer', async () => {
    await readOnce('table');
    table.columns.push({ id: 'more', title: { uk: 'more', en: 'more' }, type: 'text' });
    rows = rows.map((row) => ({ ...row, more: 'ще' }));
    expect(await readOnce('table')).toMatchObject({ state: 'held', fault: { kind: 'table-changed' } });
    expect(await shown('table')).not.toContainEqual(expect.objectContaining({ more: 'ще' }));
    expect((await readOnce('table', { confirmed: true })).state).toBe('published');
    expect(await shown('table')).toContainEqual(expect.objectContaining({ more: 'ще' }));
    expect((await readOnce('table')).state).toBe('unchanged');
  });

  it('data that differ much from those before wait for the officer, who is told', async () => {
    rows = rows.map((row) => ({ ...row, more: 'ще' })).slice(0, 1);
    const told = (await alerts()).length;
    expect(await readOnce('table')).toMatchObject({
      state: 'held',
      fault: { kind: 'unusual', detail: ['fewer-rows'] },
    });
    expect((await alerts()).slice(told).join()).toContain('дуже відрізняються');
    expect(await shown('table')).toHaveLength(3);
    await readOnce('table', { confirmed: true });
    expect(await shown('table')).toHaveLength(1);
  });

  it('somebody’s telephone in a column stops the version, whatever the publisher’s own mode is', async () => {
    await readOnce('personal');
    await platform.db.execute(sql`update od_organisation set pii_mode = 'warn' where unit = 'trial'`);
    rows = rows.map((row) => ({ ...row, kind: 'дзвоніть 050 111-22-33' }));
    const { state, fault, resource } = await readOnce('personal');
    expect({ state, fault }).toMatchObject({
      state: 'blocked',
      fault: { kind: 'personal', detail: ['kind (personal-phone)'] },
    });
    expect(await versionsOf(platform.db, resource)).toHaveLength(1);
    expect(JSON.stringify(await shown('personal'))).not.toContain('050');
  });
});

describe('several processes', () => {
  it('read a dataset one at a time; what a killed one left is taken over after two minutes', async () => {
    let both = 0;
    let most = 0;
    read = async function* (since) {
      both += 1;
      most = Math.max(most, both);
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield* handOut(since);
      both -= 1;
    };
    await Promise.all([readLive(platform, key('lease')), readLive(platform, key('lease'))]);
    expect(most).toBe(1);
    expect((await liveRuns(platform.db, key('lease'), { limit: 9, offset: 0 })).total).toBe(1);

    const dead = randomUUID();
    mkdirSync(join(platform.config.dataDirectory, 'live', dead), { recursive: true });
    await platform.db.execute(
      sql`update od_live set run = ${dead}, alive_at = ${clock.now().toISOString()}, next_at = ${clock.now().toISOString()} where key = ${key('lease')}`,
    );
    const due = async () => {
      await platform.db.execute(sql`delete from outbox where payload ->> 'job' = 'open-data.read-live'`);
      await askForDue(platform);
      const { rows: found } = await platform.db.execute<{ key: string }>(
        sql`select payload -> 'data' ->> 'key' as key from outbox where payload ->> 'job' = 'open-data.read-live'`,
      );
      return found.map((one) => one.key);
    };
    expect(await due()).not.toContain(key('lease'));
    await readLive(platform, key('lease'));
    expect((await standing('lease')) as unknown).toMatchObject({ run: dead });
    clock.advance(3 * 60_000);
    expect(await due()).toContain(key('lease'));
    expect(await readdir(join(platform.config.dataDirectory, 'live'))).not.toContain(dead);
    rows[0] = { ...rows[0]!, sum: 9 };
    expect((await readOnce('lease')).state).toBe('published');
    expect(await due()).not.toContain(key('lease'));
  });
});

describe('the officer', () => {
  const entered = async (persona: string) => {
    const browser = await new TestBrowser(app).get('/sign-in');
    await browser.submit('/sign-in/demo', { persona });
    return browser;
  };

  it('sees each live dataset with its last reading, what was left out, what is wrong, and lets held ones pass', async () => {
    await readOnce('table');
    table.columns.push({ id: 'third', title: { uk: 'third', en: 'third' }, type: 'text' });
    rows = rows.slice(0, 1).map((row) => ({ ...row, more: 'ще' }));
    await readOnce('table');
    const browser = await entered(demoOfficer);
    await browser.get('/open-data/desk/live');
    for (const text of ['Випробування: groups', 'чекає на вас', 'Вилучено', 'Реєстр наборів даних'])
      expect(browser.html).toContain(text);
    await browser.get(`/open-data/desk/live/${key('table')}`);
    for (const text of ['Змінилися стовпці', 'Прочитати зараз', 'Так і має бути: оприлюднити', 'цілий'])
      expect(browser.html).toContain(text);
    await browser.submit(`/open-data/desk/live/${key('table')}/read`, { confirmed: 'yes' });
    expect(browser.html).toContain('Читання замовлено');
    const { rows: jobs } = await platform.db.execute<{ data: unknown }>(
      sql`select payload -> 'data' as data from outbox where payload ->> 'job' = 'open-data.read-live' order by id desc limit 1`,
    );
    expect(jobs).toEqual([{ data: { key: key('table'), confirmed: true } }]);
  });

  it('is the only one: a publisher finds no such page', async () => {
    const browser = await entered('publisher');
    await browser.get('/open-data/desk/live');
    expect(browser.status).toBe(404);
  });
});
