// Keeps: obligations are dated rows, assigned to units; the board of obligations × units (open-data.md 2.1, 7).
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { inboxOf } from '#platform/notify/index.ts';
import type { Actor } from '#platform/work.ts';
import { officer, testPortal } from '../api/ckan/testing.ts';
import seeds from '../checks/obligations.json' with { type: 'json' };
import { officialTables } from '../checks/official-tables.ts';
import { figures } from '../figures.ts';
import { tokenReader } from '../tokens.ts';
import { waiting } from '../waiting.ts';
import { assign, signNotApplicable } from './assignments.ts';
import { byObligation, cityCoverage, obligationState, readBoard } from './board.ts';
import { findObligation, type ObligationInput, obligationsOn, putObligation } from './obligations.ts';
import { remindOf } from './remind.ts';

const portal = await testPortal();
const { platform } = portal;
const clock = platform.clock as ManualClock;
const city = (await tokenReader(platform)(officer))!.actor as Actor & { id: string };
const units: Record<string, string> = {};
let editor: Actor;

const act = <T>(run: Parameters<typeof platform.work<T>>[1], actor: Actor = city) =>
  platform.work(actor, run);
const cell = async (code: string, unit: string | null) => {
  const { cells } = await readBoard(platform.db, clock.now());
  return cells.find((one) => one.obligation.code === code && (one.unit?.name ?? null) === unit);
};
const stateOf = async (code: string, unit: string | null) => (await cell(code, unit))?.state;
async function dataset(name: string, unit: string, obligation: string, more: Record<string, unknown> = {}) {
  await portal.call(
    'package_create',
    { name, title: name, owner_org: unit, update_frequency: 'once a week', obligation, ...more },
    officer,
  );
  await portal.call('datastore_create', { resource: { package_id: name }, records: [{ n: 1 }] }, officer);
}
const figure = (name: string) => figures.find((one) => one.name === name)!.read(platform.db, clock.now());

beforeAll(async () => {
  for (const name of ['osvita', 'transport'])
    units[name] = (
      await portal.call('organization_create', { name, title: `Відділ ${name}` }, officer)
    ).result.id;
  const token = await portal.member('osvita', 'admin', 'marta');
  editor = (await tokenReader(platform)(token))!.actor;
});

describe('obligations', () => {
  it('are the 74 codes of the resolution, joined with the appendices of the recommendations', async () => {
    const seeded = await obligationsOn(platform.db, '2026-11-24');
    expect(seeded.map(({ code, title, group, appendix }) => ({ code, title, group, appendix }))).toEqual(
      [...seeds]
        .sort((a, b) => (a.code < b.code ? -1 : 1))
        .map((one) => ({
          ...one,
          appendix: officialTables.find((table) => table.code === one.code)?.appendix ?? null,
        })),
    );
  });

  const input: ObligationInput = {
    code: 'mun-990',
    title: 'Новий набір',
    groupUk: 'Нове',
    groupEn: 'New',
    appendix: '',
    validFrom: '2027-01-01',
    validTo: '',
  };
  it('hold from a day to a day: a change of the law ends one row and adds another', async () => {
    const id = await act((work) => putObligation(work, null, input));
    const has = async (day: string) =>
      (await obligationsOn(platform.db, day)).find((one) => one.code === 'mun-990')?.title;
    expect([await has('2026-12-31'), await has('2027-01-01')]).toEqual([undefined, 'Новий набір']);
    const next = { ...input, title: 'Ще новіший', validFrom: '2028-01-01' };
    await expect(act((work) => putObligation(work, null, next))).rejects.toMatchObject({
      fields: { validFrom: expect.anything() },
    });
    await act((work) => putObligation(work, id, { ...input, validTo: '2027-12-31' }));
    await act((work) => putObligation(work, null, next));
    expect([await has('2027-12-31'), await has('2028-01-01')]).toEqual(['Новий набір', 'Ще новіший']);
  });
  it('are written by the officer alone, with everything that is wrong told at once', async () => {
    await expect(act((work) => putObligation(work, null, input), editor)).rejects.toMatchObject({
      status: 403,
    });
    await expect(
      act((work) =>
        putObligation(work, null, {
          ...input,
          code: '1',
          title: '',
          appendix: 'x',
          validFrom: '',
          validTo: '1',
        }),
      ),
    ).rejects.toMatchObject({
      fields: {
        code: expect.anything(),
        title: expect.anything(),
        appendix: expect.anything(),
        validFrom: expect.anything(),
        validTo: expect.anything(),
      },
    });
    await expect(findObligation(platform.db, 'mun-001')).rejects.toMatchObject({ status: 404 });
  });
});

describe('the board', () => {
  it('shows an obligation that nobody answers for as missing', async () => {
    expect(await stateOf('mun-054', null)).toBe('missing');
  });
  it('shows each assigned unit, until it publishes: by appendix, by a table of it, or by code', async () => {
    await act((work) => assign(work, 'mun-054', [units.osvita!, units.transport!]));
    expect([await stateOf('mun-054', null), await stateOf('mun-054', 'osvita')]).toEqual([
      undefined,
      'missing',
    ]);
    await dataset('cherha', 'osvita', '835/42');
    expect([await stateOf('mun-054', 'osvita'), await stateOf('mun-054', 'transport')]).toEqual([
      'published',
      'missing',
    ]);
    await dataset('terytorii', 'osvita', '835/43/catchmentAreas');
    await dataset('zaklady', 'osvita', 'mun-053');
    expect([await stateOf('mun-055', 'osvita'), await stateOf('mun-053', 'osvita')]).toEqual([
      'published',
      'published',
    ]);
  });
  it('does not count what is not public', async () => {
    await dataset('taiemne', 'transport', '835/42', { private: true });
    expect(await stateOf('mun-054', 'transport')).toBe('missing');
  });
  it('shows «не застосовується» with who signed it and why, until there are data', async () => {
    const sign = (reason: string | null, actor?: Actor) =>
      act(
        (work) => signNotApplicable(work, { code: 'mun-054', organisation: units.transport! }, reason),
        actor,
      );
    await expect(sign('ні')).rejects.toMatchObject({ fields: { reason: expect.anything() } });
    await expect(sign('Садків у відділу немає', editor)).rejects.toMatchObject({ status: 403 });
    await sign('Садків у відділу немає');
    expect(await cell('mun-054', 'transport')).toMatchObject({
      state: 'not applicable',
      notApplicable: { reason: 'Садків у відділу немає', by: city.name },
    });
    const { cells } = await readBoard(platform.db, clock.now());
    const own = byObligation(cells).find(([first]) => first!.obligation.code === 'mun-054')!;
    expect(obligationState(own)).toBe('published');
    // What was signed stays when the units are chosen again.
    await act((work) => assign(work, 'mun-054', [units.osvita!, units.transport!]));
    expect(await stateOf('mun-054', 'transport')).toBe('not applicable');
    await sign(null);
    expect(await stateOf('mun-054', 'transport')).toBe('missing');
    await sign('Садків у відділу немає');
  });
  it('shows what is late as stale, and what does not open as broken', async () => {
    clock.set('2026-12-02T10:00:00Z');
    expect(await stateOf('mun-054', 'osvita')).toBe('stale');
    const { result } = await portal.call(
      'resource_create',
      { package_id: 'zaklady', url: 'https://example.org/gone.pdf' },
      officer,
    );
    await platform.db.execute(sql`insert into od_link_check (resource, url, checked_at, failures, answer, broken_at)
      values (${result.id}, 'https://example.org/gone.pdf', now(), 3, '404', now())`);
    expect(await stateOf('mun-053', 'osvita')).toBe('broken');
    expect(await figure('dead_links')).toBe(1);
  });
  it('counts N of M obligations of the city, those that do not apply left out', async () => {
    const { cells } = await readBoard(platform.db, clock.now());
    expect(cityCoverage(cells)).toEqual({ published: 0, all: 74 });
    clock.set('2026-11-24T10:00:00Z');
    expect(cityCoverage((await readBoard(platform.db, clock.now())).cells)).toEqual({
      published: 2,
      all: 74,
    });
    await act((work) => assign(work, 'mun-008', [units.transport!]));
    await act((work) =>
      signNotApplicable(work, { code: 'mun-008', organisation: units.transport! }, 'У місті цього немає'),
    );
    expect(cityCoverage((await readBoard(platform.db, clock.now())).cells)).toEqual({
      published: 2,
      all: 73,
    });
    expect(await figure('res835_covered')).toBe(2);
    expect([await figure('datasets'), await figure('updated_on_time_percent')]).toEqual([3, 100]);
    clock.set('2026-12-02T10:00:00Z');
    expect(await figure('updated_on_time_percent')).toBe(33);
  });
});

describe('«Нагадати»', () => {
  const remind = (code: string, actor?: Actor) =>
    act((work) => remindOf(work, { code, organisation: units.osvita! }), actor);
  it('asks who answers for it, once a day', async () => {
    await expect(remind('mun-054', editor)).rejects.toMatchObject({ status: 403 });
    expect(await remind('mun-054')).toEqual(['Посада marta']);
    expect(await remind('mun-054')).toEqual([]);
    const [letter] = await inboxOf(platform.db, editor.id!);
    expect(letter).toMatchObject({
      subject: 'Обовʼязковий набір даних чекає на вас',
      href: '/open-data/desk/dataset/cherha',
    });
    clock.advance(86_400_000);
    expect(await remind('mun-054')).toEqual(['Посада marta']);
  });
  it('has nothing to ask where nothing is wanted', async () => {
    await expect(
      act((work) => remindOf(work, { code: 'mun-054', organisation: units.transport! })),
    ).rejects.toMatchObject({ status: 404 });
  });
});

it('the start page of the desk shows what is due to whoever may write, and what is missing to the officer', async () => {
  const own = await waiting(platform.db, editor, 'uk', clock.now());
  expect(own.queues.map(({ title, size }) => [title, size])).toEqual([['Дані прострочено', 2]]);
  expect(own.deadlines.map(({ title }) => title)).toContain('cherha');
  const all = await waiting(platform.db, city, 'uk', clock.now());
  expect(all.queues.map(({ title }) => title)).toEqual([
    'Дані прострочено',
    'Обовʼязкові набори відсутні',
    'Дані не відкриваються',
  ]);
  const nobody = { ...editor, grants: [] };
  expect(await waiting(platform.db, nobody, 'uk', clock.now())).toEqual({ queues: [], deadlines: [] });
});
