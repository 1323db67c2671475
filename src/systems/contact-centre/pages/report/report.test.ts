import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { photo, snapshot } from '#platform/files/testing.ts';
import { inTile, pointOfPixel, tileAt } from '#platform/geo/web-mercator.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { keptMail } from '#platform/notify/kept.ts';
import type { System } from '#platform/system.ts';
import { systemActor } from '#platform/work.ts';
import { buildings, contactCentreData } from '../../../../../city/dnipro/index.ts';
import { loadCityData } from '../../city.ts';
import { act } from '../../moves.ts';
import { inPost } from '../../posts.ts';
import { pages } from '../index.ts';
import { suggest } from './suggest.ts';
import { reportText } from './text.ts';

const room: System = {
  name: 'contact-centre',
  title: { uk: 'Контакт-центр', en: 'Contact centre' },
  summary: { uk: '', en: '' },
  pages,
};
const platform = await testPlatform({ systems: [room] });
const app = createApp(platform);
const base = '/contact-centre/report';
const house = contactCentreData.buildings[0]!;
const far = contactCentreData.buildings.at(-1)!;

beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

const count = async () =>
  Number((await platform.pool.query('select count(*)::int as n from cc_request')).rows[0].n);

async function newest() {
  const { rows } = await platform.pool.query(
    'select * from cc_request order by created_at desc, number desc limit 1',
  );
  return rows[0];
}

/** The first allowed answer to each required question. */
function answersFor(category: string): Record<string, string> {
  const leaf = contactCentreData.categories.find((one) => one.code === category);
  const asked = leaf?.kind === 'leaf' ? (leaf.questions ?? []) : [];
  return Object.fromEntries(
    asked.flatMap(({ code, required, values }) =>
      required ? [[`answers.${code}`, values?.[0]?.key ?? '1']] : [],
    ),
  );
}

/** From a placed report to the check: what comes after the place is the same for all. */
async function tell(visitor: TestBrowser, text: string, category = 'road-pothole') {
  if (visitor.path === `${base}/nearby`) await visitor.submit(`${base}/nearby`, { join: 'another' });
  (platform.clock as ManualClock).advance(60_000);
  expect(visitor.path).toBe(`${base}/category`);
  await visitor.submit(`${base}/category`, { category });
  if (visitor.path === `${base}/nearby`) await visitor.submit(`${base}/nearby`, { join: 'another' });
  if (visitor.path === `${base}/questions`) await visitor.submit(`${base}/questions`, answersFor(category));
  expect(visitor.path).toBe(`${base}/details`);
  await visitor.submit(`${base}/details`, { text });
  expect(visitor.path).toBe(`${base}/contact`);
  await visitor.submit(`${base}/contact`, { how: 'phone', phone: '067 000 00 01', visibility: 'public' });
  expect(visitor.path).toBe(`${base}/check`);
}

describe('a report without scripts', () => {
  it('goes from a typed address to a receipt with number, executor, term, reason and a link of one’s own', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    expect(visitor.status).toBe(200);
    expect(visitor.html).not.toContain('<script src');
    expect(Buffer.byteLength(visitor.html)).toBeLessThan(30_000);
    await visitor.submit(base, { address: `${house.street} ${house.house}` });
    await tell(visitor, 'Глибока яма посеред проїзду');
    expect(visitor.html).toContain('Глибока яма посеред проїзду');
    expect(visitor.html).toContain('+380670000001');
    await visitor.submit(`${base}/check`);
    expect(visitor.path).toBe(`${base}/done`);
    const stored = await newest();
    expect(stored.building).toBe(house.id);
    const n = String(stored.number);
    expect(visitor.html).toContain(`${n.slice(0, 2)}-${n.slice(2, 6)}-${n.slice(6, 10)}-${n.slice(10)}`);
    expect(visitor.html).toMatch(/\/contact-centre\/follow\/[\w-]{22}/);
    expect(visitor.html).toContain('Чому цей виконавець');
    const draft = await platform.pool.query('select data, receipt from cc_draft');
    const token = /\/follow\/([\w-]{22})/.exec(visitor.html)![1]!;
    expect(JSON.stringify(draft.rows)).not.toContain(token);
  });

  it('gives the first receipt to a second press of the button', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    await visitor.submit(base, { address: `${far.street} ${far.house}` });
    await tell(visitor, 'Не горить ліхтар', 'street-light');
    const before = await count();
    const csrf = /name="_csrf" value="([^"]+)"/.exec(visitor.html)![1]!;
    const again = new TestBrowser(app);
    for (const [name, value] of visitor.cookies) again.cookies.set(name, value);
    await Promise.all([
      visitor.post(`${base}/check`, { _csrf: csrf }),
      again.post(`${base}/check`, { _csrf: csrf }),
    ]);
    expect(await count()).toBe(before + 1);
    const link = (html: string) => /\/follow\/([\w-]+)/.exec(html)?.[1];
    expect(link(visitor.html)).toBeTruthy();
    expect(link(again.html)).toBe(link(visitor.html));
    await again.get(`${base}/contact`);
    expect(again.path).toBe(`${base}/done`);
  });

  it('takes the pixel that was pressed on a tile of the map, to a pixel', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    const { z, x, y } = tileAt(18, { lat: buildings[30]!.point[1], lon: buildings[30]!.point[0] });
    expect(visitor.html).toMatch(/<input[^>]*type="image"[^>]*name="tile_\d+_\d+_\d+"/);
    await visitor.submit(base, { [`tile_${z}_${x}_${y}.x`]: '40', [`tile_${z}_${x}_${y}.y`]: '200' });
    await tell(visitor, 'Яма на дорозі біля зупинки');
    await visitor.submit(`${base}/check`);
    const stored = await newest();
    const [px, py] = inTile(z, x, y, [stored.lon, stored.lat]);
    expect(Math.abs(px - 40)).toBeLessThan(1);
    expect(Math.abs(py - 200)).toBeLessThan(1);
    expect(stored.lat).toBeCloseTo(pointOfPixel(z, x, y, 40, 200).lat, 6);
  });

  it('asks which lamp post it is: one of those around, or by the number on it; whoever does not know goes on', async () => {
    const posts = contactCentreData.assets!;
    const lit = contactCentreData.buildings
      .map((one) => ({
        one,
        near: posts.filter((post) => Math.hypot(post.lat - one.lat, post.lon - one.lon) < 0.0008),
      }))
      .find(({ near }) => near.length > 0)!;
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    await visitor.submit(base, { address: `${lit.one.street} ${lit.one.house}` });
    if (visitor.path === `${base}/nearby`) await visitor.submit(`${base}/nearby`, { join: 'another' });
    await visitor.submit(`${base}/category`, { category: 'street-light' });
    if (visitor.path === `${base}/nearby`) await visitor.submit(`${base}/nearby`, { join: 'another' });
    const { questions } = reportText('uk');
    expect(visitor.path).toBe(`${base}/questions`);
    expect(visitor.html).toContain(`Опора освітлення ${lit.near[0]!.number}, за `);
    await visitor.submit(`${base}/questions`, {
      ...answersFor('street-light'),
      asset: 'none',
      assetNumber: '0-0',
    });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain(questions.wrongNumber);
    expect(visitor.html).toContain('value="0-0"');
    await visitor.submit(`${base}/questions`, {
      ...answersFor('street-light'),
      asset: 'none',
      assetNumber: lit.near[0]!.number,
    });
    expect(visitor.path).toBe(`${base}/details`);
    await visitor.submit(`${base}/details`, { text: 'Ліхтар не горить третю ніч' });
    await visitor.submit(`${base}/contact`, { how: 'phone', phone: '067 000 00 01', visibility: 'public' });
    expect(visitor.html).toContain(`Опора освітлення ${lit.near[0]!.number}`);
    (platform.clock as ManualClock).advance(60_000);
    await visitor.submit(`${base}/check`);
    expect(await newest()).toMatchObject({
      asset: lit.near[0]!.id,
      building: lit.one.id,
      organisation: 'svitlo',
    });
  });

  it('takes a place that is only described', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    await visitor.submit(base, { address: 'Незнайомська 999' });
    expect(visitor.status).toBe(422);
    await visitor.submit(base, { words: 'Біля великого дуба за ринком' });
    await tell(visitor, 'Яма після дощу не висихає');
    await visitor.submit(`${base}/check`);
    expect((await newest()).address).toBe('Незнайомська 999. Біля великого дуба за ринком');
    expect((await newest()).lat).toBeNull();
  });

  it('pans the map by buttons and refuses a point outside the city', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    // What a browser sends with a button of the map: the fields of the form that the button is in.
    const form = /<form\b(?:(?!<\/form>).)*name="tile_centre"(?:(?!<\/form>).)*<\/form>/s.exec(
      visitor.html,
    )![0];
    expect(form).toContain('name="address"');
    expect(form.match(/<button/)!.index).toBeLessThan(form.indexOf('name="tile_centre"'));
    await visitor.submit(base, { tile_centre: '13/4893/2833', address: 'Робоча' });
    expect(visitor.path).toBe(base);
    expect(visitor.html).toContain('tile_13_4893_2833');
    expect(visitor.html).toContain('value="Робоча"');
    await visitor.submit(base, { 'tile_3_1_1.x': '5', 'tile_3_1_1.y': '5' });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('за межами міста');
  });

  it('keeps what was typed when something is wrong, and says what', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    await visitor.submit(base, { address: '' });
    expect(visitor.status).toBe(422);
    await visitor.submit(base, { words: '', address: `${far.street} ${far.house}` });
    if (visitor.path === `${base}/nearby`) {
      await visitor.submit(`${base}/nearby`, {});
      expect(visitor.status).toBe(422);
      await visitor.submit(`${base}/nearby`, { join: 'another' });
    }
    await visitor.submit(`${base}/category`, { category: 'no-such-thing' });
    expect(visitor.status).toBe(422);
    await visitor.submit(`${base}/category`, { category: 'road-pothole' });
    if (visitor.path === `${base}/questions`)
      await visitor.submit(`${base}/questions`, answersFor('road-pothole'));
    await visitor.submit(`${base}/details`, { text: 'ям' });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('>ям</textarea>');
    expect(visitor.html).toContain('<title>Помилка');
    await visitor.submit(`${base}/details`, { text: 'Яма на розі' });
    await visitor.submit(`${base}/contact`, { how: 'phone', phone: '12', name: 'Оксана' });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('value="12"');
    expect(visitor.html).toContain('value="Оксана"');
    expect(visitor.html).toContain('href="#field-phone"');
  });

  it('out of the city’s competence keeps the contact once, routes nothing and tells whom to ask', async () => {
    const before = await count();
    for (const language of ['', '/en']) {
      const visitor = await new TestBrowser(app).get(`${language}${base}`);
      await visitor.submit(`${language}${base}`, { address: `${far.street} ${far.house}` });
      if (visitor.path.endsWith('/nearby')) await visitor.submit(visitor.path, { join: 'another' });
      for (const _ of ['sent', 'sent again'])
        await visitor
          .get(`${language}${base}/category`)
          .then(() => visitor.submit(`${language}${base}/category`, { category: 'crime' }));
      expect(visitor.html).toContain('102');
      expect(visitor.html).toContain(language ? 'No request was made' : 'Заявку не створено');
    }
    expect(await count()).toBe(before);
    const { rows } = await platform.pool.query(
      `select channel, outcome, building, requests, person, phone_blind from cc_contact where category = 'crime'`,
    );
    const kept = {
      channel: 'web',
      outcome: 'out_of_competence',
      building: far.id,
      requests: [],
      person: null,
      phone_blind: null,
    };
    expect(rows).toEqual([kept, kept]);
  });

  it('whose category was retired meanwhile is told the successor, and nothing typed is lost', async () => {
    const visitor = await new TestBrowser(app).get(base);
    await visitor.submit(base, { address: `${far.street} ${far.house}` });
    await tell(visitor, 'Знак зник', 'road-sign');
    const before = await count();
    const retire = (successor: string | null) =>
      platform.db.execute(sql`with now as (update cc_category set body = case when ${successor}::text is null
          then body - 'successor' else body || jsonb_build_object('successor', ${successor}::text) end
          where code = 'road-sign' and valid_to is null)
        update cc_data set version = version + 1`);
    await retire('road-pothole');
    await visitor.submit(`${base}/check`);
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('Знак зник');
    expect(visitor.html).toMatch(/road-pothole|Яма/);
    expect(visitor.html).toContain(`href="${base}/category?change=1`);
    expect(await count()).toBe(before);
    await retire(null);
    await visitor.get(`${base}/check`);
    await visitor.submit(`${base}/check`);
    expect(visitor.path).toBe(`${base}/done`);
  });

  it('that was to be joined and is closed meanwhile says so, keeps what was typed and offers a report of one’s own', async () => {
    const first = await new TestBrowser(app).get(base);
    await first.submit(base, { address: `${house.street} ${house.house}` });
    await tell(first, 'Яма для приєднання');
    await first.submit(`${base}/check`);
    const { number } = await newest();
    const second = await new TestBrowser(app).get(base);
    await second.submit(base, { address: `${house.street} ${house.house}` });
    expect(second.path).toBe(`${base}/nearby`);
    await second.submit(`${base}/nearby`, { join: number });
    await second.submit(`${base}/contact`, { how: 'phone', phone: '067 000 00 02', visibility: 'public' });
    expect(second.path).toBe(`${base}/check`);
    await platform.pool.query(
      `update cc_request set state = 'closed', closing = 'unverified', closed_at = now() where number = $1`,
      [number],
    );
    await second.submit(`${base}/check`);
    expect(second.status).toBe(422);
    expect(second.html).toContain(reportText('uk').nearby.closed);
    expect(second.html).toContain('+380670000002');
  });

  it('stops who smells gas and tells whom to call, without a form', async () => {
    const stopper = contactCentreData.categories.find((one) => one.kind === 'leaf' && one.stopper)!;
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    await visitor.submit(base, { words: 'Двір за магазином', describe: '1' });
    await visitor.submit(`${base}/category`, { category: stopper.code });
    expect(visitor.html).toContain('104');
    expect(visitor.html).not.toContain(`action="${base}`);
  });

  it('opens again what was closed lately and is not fixed, with a word about what is wrong', async () => {
    const first = new TestBrowser(app);
    const spot = contactCentreData.buildings.at(-2)!;
    await first.get(base);
    await first.submit(base, { address: `${spot.street} ${spot.house}` });
    await tell(first, 'Провалля біля під’їзду');
    await first.submit(`${base}/check`);
    const { number, organisation } = await newest();
    const dispatcher = inPost('dispatcher', organisation);
    await platform.work(dispatcher, (work) => act(work, number, 'accept'));
    await platform.work(dispatcher, (work) =>
      act(work, number, 'claim', { result: 'explained', answer: 'Огороджено' }),
    );
    await platform.work(systemActor('test'), (work) => act(work, number, 'lapse'));
    const before = await count();
    const neighbour = new TestBrowser(app);
    await neighbour.get(base);
    await neighbour.submit(base, { address: `${spot.street} ${spot.house}` });
    expect(neighbour.html).toContain('Закрили, але не виправлено');
    await neighbour.submit(`${base}/nearby`, { join: number });
    await neighbour.submit(`${base}/contact`, { how: 'phone', phone: '067 000 00 03' });
    await neighbour.submit(`${base}/check`, { comment: '' });
    expect(neighbour.status).toBe(422);
    expect(neighbour.html).toContain('href="#field-comment"');
    await neighbour.submit(`${base}/check`, { comment: 'Провалля на місці' });
    expect(neighbour.path).toBe(`${base}/done`);
    expect(await count()).toBe(before);
    const { rows } = await platform.pool.query(
      'select state, closing, reporters, rework_count from cc_request where number = $1',
      [number],
    );
    expect(rows).toEqual([{ state: 'rework', closing: null, reporters: 2, rework_count: 1 }]);
  });

  it('joins a request that is already there and gives no new number', async () => {
    const first = new TestBrowser(app);
    const spot = contactCentreData.buildings[60]!;
    await first.get(base);
    await first.submit(base, { address: `${spot.street} ${spot.house}` });
    if (first.path === base)
      await first.submit(base, { building: spot.id, address: `${spot.street} ${spot.house}` });
    await tell(first, 'Велика яма біля під’їзду');
    await first.submit(`${base}/check`);
    const { number } = await newest();
    const before = await count();

    const second = new TestBrowser(app);
    await second.get(base);
    const { z, x, y } = tileAt(19, spot);
    const [px, py] = inTile(z, x, y, [spot.lon, spot.lat]);
    await second.submit(base, {
      [`tile_${z}_${x}_${y}.x`]: `${px | 0}`,
      [`tile_${z}_${x}_${y}.y`]: `${py | 0}`,
    });
    expect(second.path).toBe(`${base}/nearby`);
    expect(second.html).toContain('Велика яма біля під’їзду');
    await second.submit(`${base}/nearby`, { join: number });
    expect(second.path).toBe(`${base}/contact`);
    await second.submit(`${base}/contact`, { how: 'none' });
    await second.submit(`${base}/check`);
    expect(second.path).toBe(`${base}/done`);
    expect(second.html).toContain('Ви приєдналися');
    expect(await count()).toBe(before);
    const { rows } = await platform.db.execute(
      sql`select reporters from cc_request where number = ${number}`,
    );
    expect(rows[0]!.reporters).toBe(2);
  });

  it('asks the questions of the category, further ones as answers call for them, and shows them in the check', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    await visitor.submit(base, { address: `${house.street} ${house.house}` });
    if (visitor.path === `${base}/nearby`) await visitor.submit(`${base}/nearby`, { join: 'another' });
    await visitor.submit(`${base}/category`, { category: 'heat-none' });
    if (visitor.path === `${base}/nearby`) await visitor.submit(`${base}/nearby`, { join: 'another' });
    expect(visitor.path).toBe(`${base}/questions`);
    await visitor.submit(`${base}/questions`, {});
    expect(visitor.status).toBe(422);
    await visitor.submit(`${base}/questions`, { 'answers.scope': 'house', flat: '12' });
    if (visitor.path === `${base}/questions`)
      await visitor.submit(`${base}/questions`, { 'answers.scope': 'house', flat: '12' });
    await visitor.submit(`${base}/details`, { text: 'Батареї холодні з ранку' });
    await visitor.submit(`${base}/contact`, { how: 'email', email: 'olena@example.org' });
    expect(visitor.path).toBe(`${base}/contact/code`);
    await visitor.submit(`${base}/contact/code`, { code: 'nonsense' });
    expect(visitor.status).toBe(422);
    const [letter] = await keptMail(platform);
    expect(letter!.to).toBe('olena@example.org');
    await visitor.submit(`${base}/contact/code`, { code: /\d{6}/.exec(letter!.text)![0] });
    expect(visitor.path).toBe(`${base}/check`);
    expect(visitor.html).toContain('У всьому будинку');
    await visitor.get(`/en${base}/check`);
    expect(visitor.html).toContain('Check your answers');
    // The newest is told by the clock, which stands still in tests.
    (platform.clock as ManualClock).advance(60_000);
    await visitor.submit(`/en${base}/check`);
    const { number } = await newest();
    const { rows } = await platform.pool.query('select confirmed from cc_reporter where request = $1', [
      number,
    ]);
    expect(rows).toEqual([{ confirmed: true }]);
  });

  it('goes on without letters where the code does not come, and the address stays unconfirmed', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    await visitor.submit(base, { words: 'За школою', describe: '1' });
    await visitor.submit(`${base}/category`, { category: 'road-pothole' });
    await visitor.submit(`${base}/questions`, answersFor('road-pothole'));
    await visitor.submit(`${base}/details`, { text: 'Глибока яма' });
    for (let n = 0; n < 5; n += 1) {
      await visitor.get(`${base}/contact`);
      await visitor.submit(`${base}/contact`, { how: 'email', email: 'stranger@example.org' });
    }
    expect(visitor.path).toBe(`${base}/contact/code`);
    await visitor.get(`${base}/contact`);
    await visitor.submit(`${base}/contact`, { how: 'email', email: 'stranger@example.org' });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('забагато кодів');
    await visitor.get(`${base}/contact/code`);
    await visitor.post(`${base}/contact/code`, {
      _csrf: /name="_csrf" value="([^"]+)"/.exec(visitor.html)![1]!,
      skip: '1',
    });
    expect(visitor.path).toBe(`${base}/check`);
    (platform.clock as ManualClock).advance(60_000);
    await visitor.submit(`${base}/check`);
    const { number } = await newest();
    const { rows } = await platform.pool.query('select confirmed from cc_reporter where request = $1', [
      number,
    ]);
    expect(rows).toEqual([{ confirmed: false }]);
  });

  it('keeps photos across errors, takes pictures only, and hands them over with the report', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    await visitor.submit(base, { words: 'За гаражами біля посадки', describe: '1' });
    await visitor.submit(`${base}/category`, { category: 'road-pothole' });
    await visitor.submit(`${base}/questions`, answersFor('road-pothole'));
    await visitor.submit(`${base}/details`, {
      text: 'ям',
      photos: [new File([await photo(40, 30)], 'яма.jpg'), new File(['MZ'], 'virus.jpg')],
    });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('virus.jpg: такий вид файлу тут не підходить');
    await visitor.get(`${base}/details`);
    expect(visitor.html).toContain('яма.jpg');
    await visitor.submit(`${base}/details`, { text: 'Яма під водою' });
    await visitor.submit(`${base}/contact`, { how: 'none' });
    expect(visitor.html).toContain('Фото: 1');
    (platform.clock as ManualClock).advance(60_000);
    await visitor.submit(`${base}/check`);
    const { rows } = await platform.pool.query(
      `select f.name, p.width, p.taken_at, p.lat, p.lon, p.public from cc_photo p join file f on f.id = p.file::uuid
       where request = $1`,
      [(await newest()).number],
    );
    const { at, lat, lon } = snapshot;
    expect(rows).toEqual([{ name: 'яма.jpg', width: 30, taken_at: at, lat, lon, public: false }]);
  });

  it('leads to the first unanswered page and forgets a draft after seven days', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(`${base}/check`);
    expect(visitor.path).toBe(base);
    await visitor.submit(base, { words: 'Сквер біля фонтана', describe: '1' });
    await visitor.get(`${base}/check`);
    expect(visitor.path).toBe(`${base}/category`);
    (platform.clock as ManualClock).advance(7 * 86_400_000 + 1);
    await visitor.get(`${base}/category`);
    expect(visitor.path).toBe(base);
  });
});

describe('suggestions of a category', () => {
  const leaves = contactCentreData.categories.flatMap((leaf) =>
    leaf.kind === 'leaf' ? [{ leaf, version: 1, branches: [] }] : [],
  );

  it('understand words in any form and name those that decided', () => {
    const [first] = suggest(leaves, 'на дорозі велика яма', 'uk');
    expect(first?.code).toBe('road-pothole');
    expect(first?.because).toContain('яма');
    expect(suggest(leaves, 'ъъъ', 'uk')).toEqual([]);
    expect(suggest(leaves, 'вода', 'uk').length).toBeLessThanOrEqual(3);
  });
});
