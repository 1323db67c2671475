import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../city/dnipro/index.ts';
import { loadCityData, readCity } from '../city.ts';
import { permission } from '../permissions.ts';
import { registerRequest } from '../requests.ts';
import { staff } from '../seeding.ts';
import { difference, readData, sameBody, saveData } from './edit.ts';
import { dataKinds, type KindName } from './index.ts';
import type { Body, Flat } from './kind.ts';

const platform = await testPlatform();
const clock = platform.clock as ManualClock;
const administrator: Actor = { ...staff([permission('data_write')]), id: 'admin-1', name: 'Адміністраторка' };
const { db } = platform;
const house = contactCentreData.buildings[0]!;

beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

const save = (kind: KindName, flat: Flat, known: number | null, by = administrator) =>
  platform.work(by, (work) => saveData(work, dataKinds[kind], { flat, known }, 'uk'));
const flatOf = async (kind: KindName, id: string) => {
  const { body, version } = await readData(db, dataKinds[kind], id);
  return { flat: dataKinds[kind].flat(body), version };
};
const faultsOf = async (kind: KindName, flat: Flat, known: number | null) => {
  const error = await save(kind, flat, known).then(
    () => null,
    (thrown: { faults?: readonly { field: string }[] }) => thrown,
  );
  return error?.faults?.map(({ field }) => field) ?? error;
};

let key = 0;
const report = (category: string) =>
  platform.work({ ...systemActor(''), kind: 'anonymous' }, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `edit-${++key}`,
      category,
      text: 'Тротуар розбито',
      place: { building: house.id },
      reporter: { channel: 'web', language: 'uk' },
    }),
  );
const versionOf = async (number: string) =>
  (
    await db.execute<{ v: number }>(
      sql`select category_version as v from cc_request where number = ${number}`,
    )
  ).rows[0]!.v;

describe('a form says all that is stored', () => {
  it.each(Object.keys(dataKinds) as KindName[])(
    'every %s of the demo city reads back from its fields as it was',
    async (kind) => {
      const { rows } = await db.execute<{ id: string; body: Body }>(
        sql`select s.id, s.body from (${dataKinds[kind].source}) s`,
      );
      expect(rows.length).toBeGreaterThan(0);
      for (const { id, body } of rows) {
        const flat = dataKinds[kind].flat(body);
        const back = dataKinds[kind].body(flat, 'uk');
        expect(back.faults, id).toEqual([]);
        // A space at the end of ready words is typed by nobody.
        const trimmed = Object.fromEntries(
          Object.entries(flat).map(([field, value]) => [field, value.trim()]),
        );
        expect(dataKinds[kind].flat(back.body), id).toEqual(trimmed);
        if (kind !== 'settings' && kind !== 'template') expect(sameBody(back.body, body), id).toBe(true);
      }
    },
  );
});

describe('a change of city data', () => {
  it('makes a new version with its author; older requests keep the one they were born with', async () => {
    const old = await report('pavement-broken');
    clock.advance(60_000);
    const { flat, version } = await flatOf('category', 'pavement-broken');
    const before = (await readCity(db)).version;
    expect(await save('category', { ...flat, 'name-uk': 'Тротуар зруйновано' }, version)).toEqual({
      id: 'pavement-broken',
      version: version + 1,
    });
    expect((await readCity(db)).version).toBe(before + 1);
    expect(await versionOf(old.number)).toBe(version);
    expect(await versionOf((await report('pavement-broken')).number)).toBe(version + 1);
    const [now, first] = await dataKinds.category.versions(db, 'pavement-broken');
    expect(now).toMatchObject({ version: version + 1, author: 'Адміністраторка', at: clock.now() });
    expect(first).toMatchObject({ author: 'city data', at: null });
    expect(difference(dataKinds.category, first!.body, now!.body)).toEqual([
      { field: 'name-uk', before: flat['name-uk'], after: 'Тротуар зруйновано' },
    ]);
    const { rows } = await db.execute(
      sql`select entry->>'action' as action from audit_pending where entry->>'resource' = 'category:pavement-broken'`,
    );
    expect(rows).toEqual([{ action: 'contact-centre:data_write' }]);
  });

  it('that changes nothing makes no version', async () => {
    const { flat, version } = await flatOf('organisation', 'teplo');
    expect((await save('organisation', flat, version)).version).toBe(version);
  });

  it('keeps the first version of what came with the files', async () => {
    const { flat, version } = await flatOf('building', house.id);
    expect(version).toBe(1);
    await save('building', { ...flat, flats: '77' }, 1);
    const versions = await dataKinds.building.versions(db, house.id);
    expect(versions.map((one) => [one.version, one.author, one.body.flats])).toEqual([
      [2, 'Адміністраторка', 77],
      [1, 'city data', house.flats],
    ]);
    await expect(db.execute(sql`delete from cc_data_version`)).rejects.toThrow();
  });

  it('is refused to whoever looked at an older version, and to others than data writers', async () => {
    const { flat, version } = await flatOf('unit', contactCentreData.units[0]!.id);
    await save('unit', { ...flat, 'name-uk': 'Перша' }, version);
    await expect(save('unit', { ...flat, 'name-uk': 'Друга' }, version)).rejects.toMatchObject({
      status: 409,
      code: 'stale',
    });
    await expect(save('unit', { ...flat, 'name-uk': 'Друга' }, version + 1, staff([]))).rejects.toMatchObject(
      {
        status: 403,
      },
    );
  });

  it('of two that come at the same moment one is stored and the other told', async () => {
    const { flat, version } = await flatOf('organisation', 'voda');
    const both = await Promise.allSettled([
      save('organisation', { ...flat, 'name-uk': 'А' }, version),
      save('organisation', { ...flat, 'name-uk': 'Б' }, version),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('of the terms of an urgency holds for requests that come after it', async () => {
    const before = await report('road-sign');
    const { flat, version } = await flatOf('settings', 'city');
    expect(flat['ordinary-term-fix']).toBe('7');
    await save(
      'settings',
      { ...flat, 'ordinary-term-fix': '3', 'ordinary-unit-fix': 'days', phone: '15 45' },
      version,
    );
    const after = await report('road-sign');
    expect((before.due!.getTime() - after.due!.getTime()) / 86_400_000).toBe(4);
    expect((await readCity(db)).settings.phone).toBe('15 45');
  });
});

describe('every fault is told at once, by field', () => {
  it('of a category: taken code, unknown branch, number of another, question that shows after none', async () => {
    const { flat } = await flatOf('category', 'road-pothole');
    expect(await faultsOf('category', flat, null)).toEqual(['code']);
    const broken: Flat = {
      ...flat,
      code: 'new-one',
      parent: 'nowhere',
      number: '08.02',
      'name-en': '',
      'notice-uk': 'Лише українською',
      duplicateRadius: 'далеко',
      successor: 'new-one',
      'q2-showIf': 'none',
      'q1-code': 'danger',
    };
    expect((await faultsOf('category', broken, null)) as string[]).toEqual(
      expect.arrayContaining([
        'parent',
        'number',
        'name-en',
        'notice-en',
        'duplicateRadius',
        'successor',
        'q2-showIf',
        'q2-code',
      ]),
    );
  });

  it('of an answer that raises nothing, and of one that no question has', async () => {
    const { flat } = await flatOf('category', 'road-sign');
    const questions: Flat = {
      'q1-code': 'size',
      'q1-datatype': 'singlevaluelist',
      'q1-description-uk': 'Розмір',
      'q1-description-en': 'Size',
      'q1-values': 'big | Велика | Big | emergency\nsmall | Мала | Small | question',
      'q2-code': 'depth',
      'q2-datatype': 'number',
      'q2-description-uk': 'Глибина',
      'q2-description-en': 'Depth',
      'q2-showIf': 'size',
      'q2-showIn': 'huge',
    };
    const faults = await faultsOf(
      'category',
      { ...flat, ...questions, code: 'road-size', number: '08.90' },
      null,
    );
    expect(faults).toEqual(['q1-values', 'q2-showIn']);
    const right = {
      ...questions,
      'q1-values': 'big | Велика | Big | emergency\nsmall | Мала | Small',
      'q2-showIn': 'big',
    };
    await save('category', { ...flat, ...right, code: 'road-size', number: '08.90' }, null);
    const { leaf } = (await readCity(db)).leaves.get('road-size')!;
    expect(leaf.questions?.[1]?.showIf).toEqual({ question: 'size', in: ['big'] });
    expect(leaf.questions?.[0]?.values?.[0]?.raisesTo).toBe('emergency');
  });

  it('of a branch that would stand inside itself', async () => {
    const branch: Flat = { kind: 'branch', 'name-uk': 'Узбіччя', 'name-en': 'Verges' };
    await save('category', { ...branch, code: 'verges', number: '08.95', parent: 'roads' }, null);
    const roads = await flatOf('category', 'roads');
    expect(await faultsOf('category', { ...roads.flat, parent: 'verges' }, roads.version)).toContain(
      'parent',
    );
  });

  it('of a contract at no building, of nobody, that ends before it begins', async () => {
    const flat = { id: 'c-1', number: '1', organisation: 'nobody', branch: 'none', building: 'a-none' };
    expect(await faultsOf('contract', { ...flat, from: '2026-02-01', to: '31.01.2026' }, null)).toEqual([
      'organisation',
      'branch',
      'building',
      'to',
    ]);
    expect(await faultsOf('contract', { ...flat, from: '2026-02-31' }, null)).toContain('from');
  });

  it('of a building outside the city', async () => {
    const { flat } = await flatOf('building', contactCentreData.buildings[1]!.id);
    expect(await faultsOf('building', { ...flat, id: 'x-1', lat: '35.1', lon: '48.4' }, null)).toEqual([
      'lat',
    ]);
  });
});

it('a retired category names its successor to whoever still reports it', async () => {
  const { flat, version } = await flatOf('category', 'traffic-light');
  await save('category', { ...flat, successor: 'road-sign' }, version);
  await expect(report('traffic-light')).rejects.toMatchObject({ status: 422 });
  const other = await flatOf('category', 'storm-drain');
  expect(await faultsOf('category', { ...other.flat, successor: 'traffic-light' }, other.version)).toEqual([
    'successor',
  ]);
});
