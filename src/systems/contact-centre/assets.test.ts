import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { assetByNumber, assetsNear } from './assets.ts';
import { loadCityData, readCity } from './city.ts';
import { saveData } from './city-editing/edit.ts';
import { dataKinds } from './city-editing/index.ts';
import { keepCall, registerForCaller, startContact } from './contacts.ts';
import { permission } from './permissions.ts';
import { type NewRequest, registerRequest } from './requests.ts';
import { staff } from './seeding.ts';
import { tryReport } from './try-report.ts';
import { whyOf } from './why.ts';

const platform = await testPlatform();
const clock = platform.clock as ManualClock;
const { db } = platform;
const keeper: Actor = { ...staff([permission('data_write')]), id: 'keeper', name: 'Адміністраторка' };
const operator: Actor = {
  ...staff([permission('register_for_other'), permission('log_contact')]),
  id: 'operator',
  name: 'Операторка',
};
const posts = contactCentreData.assets!.filter(({ branch }) => branch === 'lighting');
const [post] = posts.filter((one) => one.keeper === 'svitlo');
const [inPark] = posts.filter((one) => one.keeper === 'zelenbud');
const branches = ['lighting'];

beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

let key = 0;
const report = (place: NewRequest['place'], more: Partial<NewRequest> = {}) =>
  platform.work({ ...systemActor(''), kind: 'anonymous' }, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `asset-${++key}`,
      category: 'street-light',
      text: 'Не горить ліхтар',
      place,
      reporter: { channel: 'web', language: 'uk' },
      ...more,
    }),
  );
const stored = async (number: string) =>
  (await db.execute(sql`select asset, lat, lon, district from cc_request where number = ${number}`)).rows[0];
const why = (number: string) => whyOf(db, number, 'uk');

describe('a thing of the city', () => {
  it('takes its request to whoever keeps it, and people read why', async () => {
    const { number, organisation } = await report({ asset: inPark!.id });
    expect(organisation).toBe('zelenbud');
    expect(await why(number)).toContain('балансоутримувач об’єкта: ');
    expect(await why(number)).toContain('правило R-06');
    expect(await stored(number)).toMatchObject({ asset: inPark!.id, lat: inPark!.lat, lon: inPark!.lon });
  });

  it('is named in words where a rule asks for it', async () => {
    const rules = [
      {
        id: 'R-1',
        name: { uk: 'Опора', en: 'Post' },
        when: { assets: [post!.id] },
        to: { organisation: 'dorohy' },
      },
    ];
    const before = (await readCity(db)).rules.version;
    await db.execute(sql`insert into cc_rule_set (version, status, rules, author, made_at)
      values (${before + 1}, 'draft', ${JSON.stringify(rules)}::jsonb, 'a', now())`);
    const about = { category: 'street-light', asset: post!.id, at: clock.now(), source: 'web' };
    expect(await tryReport(db, about, before + 1)).toMatchObject({
      decision: { organisation: 'dorohy' },
      thing: { uk: `Опора освітлення ${post!.number}` },
    });
    await expect(tryReport(db, { ...about, asset: 'nothing' })).rejects.toMatchObject({ status: 404 });
  });

  it('may have a contract of its own, which goes before that of the house', async () => {
    const house = contactCentreData.buildings[0]!;
    const contract = (id: string, organisation: string, of: Record<string, string>) =>
      platform.work(keeper, (work) =>
        saveData(
          work,
          dataKinds.contract,
          {
            flat: { id, number: id, organisation, branch: 'lighting', from: '2025-01-01', ...of },
            known: null,
          },
          'uk',
        ),
      );
    await contract('of-house', 'voda', { building: house.id });
    await contract('of-post', 'teplo', { asset: post!.id });
    const tried = (place: object) =>
      tryReport(db, { category: 'street-light', at: clock.now(), source: 'web', ...place });
    expect((await tried({ building: house.id })).facts.contractor?.organisation).toBe('voda');
    expect((await tried({ building: house.id, asset: post!.id })).facts.contractor?.organisation).toBe(
      'teplo',
    );
    await expect(contract('of-both', 'voda', { building: house.id, asset: post!.id })).rejects.toMatchObject({
      faults: [{ field: 'building' }],
    });
    await expect(contract('of-none', 'voda', { asset: 'nothing' })).rejects.toMatchObject({
      faults: [{ field: 'asset' }],
    });
  });

  it('that the register does not have is refused by its field', async () => {
    await expect(report({ asset: 'nothing', point: { lat: 48.46, lon: 35.04 } })).rejects.toMatchObject({
      faults: [{ field: 'asset' }],
    });
  });

  it('is offered by its distance, and found by the number that is written on it', async () => {
    const { settings } = await readCity(db);
    const at = { lat: post!.lat, lon: post!.lon };
    const [nearest, ...others] = await assetsNear(db, branches, at, settings.centre);
    expect(nearest).toMatchObject({ id: post!.id, name: { uk: `Опора освітлення ${post!.number}` } });
    expect(nearest!.metres).toBeLessThan(1);
    expect(others.every(({ metres }) => metres! > 1)).toBe(true);
    const byNumber = (number: string, point: typeof at | null = null) =>
      assetByNumber(db, branches, number, point, settings.centre);
    expect(await byNumber(` ${post!.number} `)).toMatchObject({ id: post!.id });
    expect(await byNumber('0-0')).toBeNull();
    const twin = { ...post!, id: 'twin', lat: post!.lat + 0.01 };
    await platform.work(keeper, (work) =>
      saveData(work, dataKinds.asset, { flat: dataKinds.asset.flat({ ...twin }), known: null }, 'uk'),
    );
    expect(await byNumber(post!.number)).toBeNull();
    expect(await byNumber(post!.number, { lat: twin.lat, lon: twin.lon })).toMatchObject({ id: 'twin' });
  });

  it('is told by a caller by its number; one that is nowhere near is said in place', async () => {
    const call = (asset: string) =>
      platform.work(operator, async (work) => {
        const draft = { text: 'Не горить ліхтар', category: 'street-light', asset, address: 'біля парку' };
        const begun = await keepCall(work, await startContact(work), draft);
        return registerForCaller(work, begun, begun.intakeKey);
      });
    await expect(call('0-0')).rejects.toMatchObject({ faults: [{ field: 'asset' }] });
    expect(await stored((await call(inPark!.number)).number)).toMatchObject({ asset: inPark!.id });
  });
});

describe('an area of the city’s own', () => {
  it('decides about a point that lies in it', async () => {
    const point = { lat: 48.463, lon: 35.07 };
    const { number, organisation } = await report({ point });
    expect(organisation).toBe('zelenbud');
    expect(await why(number)).toContain('зона: Парк Шевченка; правило R-07');
    expect((await report({ point: { lat: 48.47, lon: 35.0 } })).organisation).toBe('svitlo');
  });

  it('that is drawn anew holds for what comes after', async () => {
    const { body, version } = (await dataKinds.zone.current(db, ['shevchenko-park'])).get('shevchenko-park')!;
    const flat = dataKinds.zone.flat(body);
    const moved = flat.rings!.replaceAll('35.0', '35.1');
    await platform.work(keeper, (work) =>
      saveData(work, dataKinds.zone, { flat: { ...flat, rings: moved }, known: version }, 'uk'),
    );
    expect((await report({ point: { lat: 48.463, lon: 35.07 } })).organisation).toBe('svitlo');
  });
});
