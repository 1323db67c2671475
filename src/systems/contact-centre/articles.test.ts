import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { systemActor } from '#platform/work.ts';
import { articles } from '../../../city/dnipro/index.ts';
import { articleOf, findArticles, publishArticles } from './articles.ts';
import { staff } from './seeding.ts';

const platform = await testPlatform();
const publish = (given = articles) =>
  platform.work(systemActor('city'), (work) => publishArticles(work, given));
beforeAll(() => publish());

const firstFor = async (typed: string) => (await findArticles(platform.db, typed))[0]?.code;

describe('the knowledge base', () => {
  it.each([
    ['субсидії', 'subsidy'],
    ['оформлення субсидією', 'subsidy'],
    ['іржавої води', 'water-brown'],
    ['коли дадуть опалення', 'heating-season'],
    ['запахло газом', 'gas-smell'],
    ['графіком вивезення', 'waste-schedule'],
    ['застряг у ліфті', 'lift-stuck'],
    ['stray dogs', 'stray-dogs'],
  ])('finds by any form of the words: %s', async (typed, code) => {
    expect(await firstFor(typed)).toBe(code);
  });

  it('finds nothing for empty and foreign words, and bears any input', async () => {
    expect(await findArticles(platform.db, '')).toEqual([]);
    expect(await findArticles(platform.db, 'квазіпульсар')).toEqual([]);
    expect(await findArticles(platform.db, "'); drop table cc_article; -- \\")).toEqual([]);
  });

  it('keeps every version and shows the newest; publishing the same again makes none', async () => {
    const [first] = articles;
    (platform.clock as ManualClock).advance(1000);
    await publish([{ ...first!, body: { uk: 'Нове', en: 'New' } }]);
    await publish([{ ...first!, body: { uk: 'Нове', en: 'New' } }]);
    const now = await articleOf(platform.db, first!.code);
    expect(now).toMatchObject({ version: 2, body: { uk: 'Нове' } });
    const { rows } = await platform.pool.query('select version from cc_article where code = $1 order by 1', [
      first!.code,
    ]);
    expect(rows).toEqual([{ version: 1 }, { version: 2 }]);
  });

  it('is changed only by those who may write city data', async () => {
    const operator = staff(['contact-centre:log_contact']);
    await expect(platform.work(operator, (work) => publishArticles(work, articles))).rejects.toThrow(
      'data_write',
    );
  });
});
