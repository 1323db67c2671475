import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import type { MistoEnv, System } from '#platform/system.ts';
import { systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../city/dnipro/index.ts';
import { loadCityData } from '../city.ts';
import { addPhoto, beginDraft, findDraft, finishDraft, forgetDrafts, keepDraft, photosOf } from './draft.ts';

const room: System = {
  name: 'probe',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  pages(platform) {
    const app = new Hono<MistoEnv>();
    const now = () => platform.clock.now();
    app.get('/begin', async (c) => c.json(await beginDraft(c, platform.db, now())));
    app.get('/find', async (c) => c.json(await findDraft(c, platform.db, now())));
    return app;
  },
};
const platform = await testPlatform({ systems: [room] });
const clock = platform.clock as ManualClock;
const app = createApp(platform);
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

async function begin() {
  const answer = await app.request('/probe/begin');
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
  const find = async () => (await app.request('/probe/find', { headers: { cookie } })).json();
  return { draft: await answer.json(), cookie, find };
}

describe('the draft of a report', () => {
  it('keeps the answers of each page and one intake key, which only its own browser can open', async () => {
    const { draft, find, cookie } = await begin();
    await keepDraft(platform.db, draft, { text: 'Яма' }, clock.now());
    await keepDraft(platform.db, draft, { category: 'road-pothole' }, clock.now());
    const again = await find();
    expect(again.data).toEqual({ text: 'Яма', category: 'road-pothole' });
    expect(again.intakeKey).toBe(draft.intakeKey);
    expect(cookie).not.toContain(draft.hash);
    expect(
      await (await app.request('/probe/find', { headers: { cookie: 'cc_draft=guess' } })).json(),
    ).toBeNull();
  });

  it('keeps photos with what the camera knew, and after sending only the receipt', async () => {
    const { draft, find } = await begin();
    const photo = { file: randomUUID(), width: 4, height: 3, takenAt: clock.now(), lat: 48.5, lon: null };
    await addPhoto(platform.db, draft, { ...photo, name: 'a.jpg' }, clock.now());
    expect(await photosOf(platform.db, draft)).toMatchObject([{ ...photo, name: 'a.jpg' }]);
    await keepDraft(platform.db, draft, { text: 'Яма' }, clock.now());
    await finishDraft(platform.db, draft, { number: '26483729153' }, clock.now());
    await keepDraft(platform.db, draft, { text: 'знову' }, clock.now());
    expect(await find()).toMatchObject({ data: {}, receipt: { number: '26483729153' } });
    expect(await photosOf(platform.db, draft)).toEqual([]);
  });

  it('is forgotten after seven days, or as many as the city says', async () => {
    const { find } = await begin();
    clock.advance(7 * 86_400_000 + 1);
    expect(await find()).toBeNull();
    await forgetDrafts(platform.db, clock.now());
    const { rows } = await platform.pool.query('select count(*)::int as n from cc_draft');
    expect(rows[0].n).toBe(0);
    await platform.pool.query(`update cc_settings set body = body || '{"defaults": {"draftDays": 2}}'`);
    await platform.pool.query('update cc_data set version = version + 1');
    const short = await begin();
    clock.advance(2 * 86_400_000 - 1);
    expect(await short.find()).not.toBeNull();
    clock.advance(2);
    expect(await short.find()).toBeNull();
  });
});
