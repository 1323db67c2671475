// Keeps: a publisher brings a messy file to the public in one form, sees what was repaired, and next month sends the next one (open-data.md 1, 4, 7).
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { personaActor } from '#platform/identity/personas.ts';
import { createPlatform } from '#platform/platform.ts';
import { systemActor } from '#platform/work.ts';
import { openDataCity } from '../../../../../city/dnipro/index.ts';
import { createDataset, patchDataset } from '../../datasets.ts';
import { highValueCategories } from '../../dcat/authorities.ts';
import { sendFollowLetters } from '../../follow-letters.ts';
import { openData } from '../../index.ts';
import { runOneLoad } from '../../loading/loads.ts';
import { encode } from '../../loading/testing.ts';
import { criteria } from '../../quality/criteria.ts';
import { applyFix, fixesOf } from '../../quality/fixes.ts';
import { demoOfficer } from '../../tokens.ts';
import { createUnit } from '../../units.ts';

const base = await testPlatform({ systems: [openData] });
const platform = createPlatform({
  config: { ...base.config, mode: 'demo' },
  clock: base.clock,
  pool: base.pool,
  systems: [openData],
});
const clock = base.clock as ManualClock;
const app = createApp(platform, { cache: false, limits: false, log: () => {} });

async function signedIn(persona: string): Promise<TestBrowser> {
  const browser = new TestBrowser(app);
  await browser.get('/sign-in');
  await browser.post('/sign-in/demo', {
    persona,
    _csrf: /name="_csrf" value="([^"]*)"/.exec(browser.html)?.[1] ?? '',
  });
  return browser;
}
/** Does what the background does. */
async function load(): Promise<void> {
  const { rows } = await platform.db.execute<{ id: string }>(
    sql`select id from od_load where ended_at is null order by received_at`,
  );
  for (const { id } of rows) await runOneLoad(platform, id);
}
const file = (name: string, content: Uint8Array) => [new File([content as Uint8Array<ArrayBuffer>], name)];

beforeAll(async () => {
  const officer = await personaActor(platform, demoOfficer);
  for (const publisher of openDataCity.publishers)
    await platform.work(officer, (work) => createUnit(work, 'organization', { ...publisher }));
});

const passport = {
  title: 'Заклади позашкільної освіти',
  notes: 'Гуртки і студії: адреса, місця.',
  organisation: openDataCity.demoPublisher,
  frequency: 'once a month',
  purpose: 'Закон про освіту',
  keywords: 'освіта, гуртки',
  maintainer: 'Ірина Демченко',
  email: 'data@misto.example',
};
const messy = encode(
  'Перелік закладів станом на 01.11.2026;;\r\nЗаклад;;Відкрито\r\nназва;місць;дата\r\nСтудія  «Мрія»; 1 250 ;01.09.2001\r\nГурток;н/д;15.10.2010\r\nВсього;1250;\r\n',
  'windows-1251',
);

describe('a publisher', () => {
  it('publishes a windows-1251 file with a two-line header in one form, without scripts, and sees what was repaired', async () => {
    const browser = await signedIn('publisher');
    await browser.get('/open-data/desk/new');
    expect(browser.html).toContain('Новий набір');
    await browser.submit('/open-data/desk/new', { ...passport, file: file('zaklady.csv', messy) });
    // A small file is checked while its publisher waits: the report is the next page.
    expect([browser.status, browser.path]).toEqual([
      200,
      expect.stringMatching(/^\/open-data\/desk\/load\//),
    ]);
    for (const text of [
      'Дані оприлюднено',
      'windows-1251',
      'Що виправлено',
      'число без пробілів',
      'слово замість порожньої клітинки',
    ])
      expect(browser.html).toContain(text);
    const anyone = new TestBrowser(app);
    await anyone.get('/open-data/dataset/zaklady-pozashkilnoi-osvity');
    const [, table] = /href="(\/open-data\/dataset\/[^"]+\/resource\/[^"]+)"/.exec(anyone.html)!;
    await anyone.get(table!);
    expect(anyone.html).toContain('1–2 з 2');
    expect(anyone.html).toContain('Студія');
  });

  it('sends the next file from the same page; the same data make no version', async () => {
    const browser = await signedIn('publisher');
    await browser.get('/open-data/desk/dataset/zaklady-pozashkilnoi-osvity');
    const resource = /name="resource" value="([^"]+)"/.exec(browser.html)![1]!;
    const action = '/open-data/desk/dataset/zaklady-pozashkilnoi-osvity/files';
    await browser.submit(action, { resource, next: file('zaklady.csv', messy) });
    expect(browser.path).toContain('/open-data/desk/load/');
    await load();
    await browser.get(browser.path);
    expect(browser.html).toContain('нової версії немає');
  });

  it('is told of every field that is empty, with what was typed kept', async () => {
    const browser = await signedIn('publisher');
    await browser.get('/open-data/desk/new');
    await browser.submit('/open-data/desk/new', { ...passport, title: '', email: 'не адреса' });
    expect(browser.status).toBe(422);
    for (const text of [
      'Заповніть це поле',
      'Напишіть адресу на зразок',
      'Оберіть файл',
      'value="Ірина Демченко"',
    ])
      expect(browser.html).toContain(text);
  });

  it('is told why a file was not read, and the one before stays', async () => {
    const browser = await signedIn('publisher');
    await browser.get('/open-data/desk/dataset/zaklady-pozashkilnoi-osvity');
    const resource = /name="resource" value="([^"]+)"/.exec(browser.html)![1]!;
    await browser.submit('/open-data/desk/dataset/zaklady-pozashkilnoi-osvity/files', {
      resource,
      next: file('zaklady.csv', new TextEncoder().encode('   ')),
    });
    await load();
    await browser.get(browser.path);
    expect(browser.html).toContain('Файл порожній');
    const { rows } = await platform.db.execute<{ current_version: number }>(
      sql`select current_version from od_resource where id = ${resource}`,
    );
    expect(rows).toEqual([{ current_version: 1 }]);
  });

  it('sees each cell that gives a person away, and the data stay closed', async () => {
    const browser = await signedIn('publisher');
    await browser.get('/open-data/desk/new');
    const people = [
      'ПІБ,РНОКПП',
      ...Array.from({ length: 12 }, (_, n) => `Особа ${n},900000000${n % 10}`),
    ].join('\n');
    await browser.submit('/open-data/desk/new', {
      ...passport,
      title: 'Перелік осіб',
      file: file('people.csv', new TextEncoder().encode(people)),
    });
    expect(browser.html).toContain('Дані не оприлюднено');
    expect(browser.html).toContain('персональні дані');
    const anyone = new TestBrowser(app);
    await anyone.get('/open-data/dataset/perelik-osib');
    await anyone.get(/href="(\/open-data\/dataset\/[^"]+\/resource\/[^"]+)"/.exec(anyone.html)![1]!);
    expect(anyone.html).toContain('Файл не оприлюднено');
    expect(anyone.html).not.toContain('900000000');
  });

  it('mends what quality misses by one click each, with before and after in sight', async () => {
    const browser = await signedIn('publisher');
    const page = '/open-data/desk/dataset/zaklady-pozashkilnoi-osvity/quality';
    const points = () => Number(/(\d+) з 405/.exec(browser.html)![1]);
    const fixes = () => [...browser.html.matchAll(/name="criterion" value="([^"]+)"/g)].map(([, id]) => id!);
    await browser.get(page);
    const before = points();
    expect(browser.html).toContain('2001-09-01 – 2010-10-15');
    expect(fixes()).toEqual(expect.arrayContaining(['temporal', 'spatial']));
    const proposal = (id: string) =>
      new RegExp(`name="criterion" value="${id}"[^>]*><input[^>]*name="after" value="([^"]+)"`).exec(
        browser.html,
      )![1]!;
    // What was shown is made, nothing else.
    await browser.submit(page, { criterion: 'temporal', after: 'щось інше' });
    expect(browser.html).toContain('Набір тим часом змінився');
    expect(points()).toBe(before);
    for (const id of ['temporal', 'spatial']) {
      await browser.submit(page, { criterion: id, after: proposal(id) });
      expect(browser.html).toContain('Виправлено, +20.');
      expect(fixes()).not.toContain(id);
    }
    expect(points()).toBe(before + 40);
    const officer = await signedIn('data-officer');
    expect((await officer.get(page)).status).toBe(200);
    const stranger = new TestBrowser(app);
    await stranger.get(page);
    expect(stranger.html).not.toContain('name="criterion"');
  });

  it('is offered keywords from the title, the theme and the contact that the unit uses elsewhere, licence and formats', async () => {
    const officer = await personaActor(platform, demoOfficer);
    // The newest contact counts, and the test before has made a dataset at the same instant.
    (base.clock as ManualClock).advance(1_000);
    await platform.work(officer, async (work) => {
      const unit = { owner_org: openDataCity.demoPublisher, license_id: 'CC-BY-4.0' };
      await createDataset(work, {
        ...unit,
        name: 'neighbour',
        title: 'Сусідній набір',
        maintainer: 'Відповідальна особа',
        maintainer_email: 'open@misto.example',
        groups: [{ name: 'tran' }],
      });
      await createDataset(work, {
        name: 'bare',
        title: 'Парковки біля вокзалу',
        owner_org: openDataCity.demoPublisher,
        resources: [{ url: 'https://example.org/data.csv', format: '' }],
      });
    });
    const { rows } = await platform.db.execute<{ id: string }>(
      sql`select id from od_dataset where name = 'bare'`,
    );
    const id = rows[0]!.id;
    const asked = new Set(criteria.map((one) => one.id));
    const fixes = await fixesOf(platform.db, id, asked);
    const after = Object.fromEntries(fixes.map((fix) => [fix.criterion, fix.after]));
    expect(after).toMatchObject({
      keyword: 'парковки, вокзалу',
      theme: 'Транспорт',
      licence: 'Creative Commons Attribution 4.0 International',
      contact: 'Відповідальна особа, open@misto.example',
    });
    for (const fix of fixes)
      expect(await platform.work(officer, (work) => applyFix(work, id, fix.criterion, fix.after))).toBe(true);
    const { rows: now } = await platform.db.execute<{ package: string }>(
      sql`select package from od_search where dataset = ${id}`,
    );
    expect(JSON.parse(now[0]!.package)).toMatchObject({
      license_id: 'CC-BY-4.0',
      maintainer: 'Відповідальна особа',
      groups: [{ name: 'tran' }],
    });
  });

  it('corrects the passport by a form that holds what is there, and keeps the rest', async () => {
    const browser = await signedIn('publisher');
    const page = '/open-data/desk/dataset/zaklady-pozashkilnoi-osvity/passport';
    await browser.get(page);
    for (const text of [
      'value="Заклади позашкільної освіти"',
      'value="гуртки, освіта"',
      'value="2001-09-01"',
    ])
      expect(browser.html).toContain(text);
    const { organisation: _, ...words } = passport;
    await browser.submit(page, { ...words, keywords: 'гуртки', from: '2001-09-31', to: '' });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('Напишіть день як 2026-11-25');
    await browser.submit(page, {
      ...words,
      keywords: 'гуртки, студії',
      from: '2001-01-01',
      to: '2026-10-31',
    });
    expect(browser.path).toBe('/open-data/desk/dataset/zaklady-pozashkilnoi-osvity');
    const { rows } = await platform.db.execute<{ package: string }>(sql`
      select s.package from od_search s join od_dataset d on d.id = s.dataset where d.name = 'zaklady-pozashkilnoi-osvity'`);
    const served = JSON.parse(rows[0]!.package);
    expect(served.tags.map((tag: { name: string }) => tag.name)).toEqual(['гуртки', 'студії']);
    const extras = Object.fromEntries(
      served.extras.map(({ key, value }: { key: string; value: string }) => [key, value]),
    );
    // The territory that quality has put there stays.
    expect(extras).toMatchObject({
      temporal_start: '2001-01-01',
      temporal_end: '2026-10-31',
      katottg: expect.any(String),
    });
    expect(served.resources).toHaveLength(1);
    const stranger = new TestBrowser(app);
    await stranger.get(page);
    expect(stranger.html).not.toContain('Заклади позашкільної освіти');
  });

  it('is not let publish what other catalogues would not take, and reads why: a high-value dataset is more than a file', async () => {
    const officer = await signedIn('data-officer');
    await officer.get('/open-data/desk/new');
    await officer.submit('/open-data/desk/new', {
      ...passport,
      title: 'Маршрути високої цінності',
      hvd: highValueCategories[0]!.iri.split('/').at(-1)!,
      file: file('план.pdf', new TextEncoder().encode('%PDF-1.4')),
    });
    for (const text of [
      'Набір не оприлюднено: інші каталоги не приймуть його опис',
      'має бути доступний через API',
    ])
      expect(officer.html).toContain(text);
    // What was typed stays in the form, and nothing of it in the catalogue.
    expect(officer.html).toContain('value="Маршрути високої цінності"');
    const { rows } = await platform.db.execute(
      sql`select from od_dataset where title = 'Маршрути високої цінності'`,
    );
    expect(rows).toEqual([]);
  });

  it('meets only the datasets of the own unit', async () => {
    const officer = await signedIn('data-officer');
    await officer.get('/open-data/desk/new');
    await officer.submit('/open-data/desk/new', {
      ...passport,
      title: 'Чужий набір',
      organisation: 'osvita',
      file: file('a.csv', new TextEncoder().encode('a\n1\n')),
    });
    expect(officer.path).toContain('/open-data/desk/load/');
    const browser = await signedIn('publisher');
    await browser.get('/open-data/desk');
    expect(browser.html).toContain('Заклади позашкільної освіти');
    expect(browser.html).not.toContain('Чужий набір');
    expect((await browser.get('/open-data/desk/dataset/chuzhyi-nabir')).status).toBe(404);
    await load();
    const { rows } = await platform.db.execute<{ id: string }>(
      sql`select l.id from od_load l join od_resource r on r.id = l.resource join od_dataset d on d.id = r.dataset where d.name = 'chuzhyi-nabir'`,
    );
    expect((await browser.get(`/open-data/desk/load/${rows[0]!.id}`)).status).toBe(404);
    expect((await browser.get('/open-data/desk/load/1')).status).toBe(404);
    const stranger = new TestBrowser(app);
    await stranger.get('/open-data/desk');
    expect(stranger.html).not.toContain('Заклади позашкільної освіти');
  });
});

describe('keys for programs', () => {
  const page = '/open-data/desk/tokens';
  /** What a program is answered that makes a dataset with a key. */
  async function make(token: string, name: string): Promise<number> {
    const answer = await app.request('/api/3/action/package_create', {
      method: 'POST',
      headers: { authorization: token, 'content-type': 'application/json' },
      body: JSON.stringify({ name, owner_org: openDataCity.demoPublisher }),
    });
    return answer.status;
  }
  const tokenIn = (html: string) => /<pre><code>([\w-]{43})<\/code>/.exec(html)?.[1];
  const revokeIn = (html: string) => /action="(\/open-data\/desk\/tokens\/[^"]+)"/.exec(html)![1]!;

  it('are shown once, let a program publish, say when they were used, and end with one press', async () => {
    const publisher = await signedIn('publisher');
    await publisher.get(page);
    expect(publisher.html).toContain('Ключів ще немає');
    await publisher.submit(page, { name: 'Нічне вивантаження', scope: 'write', days: '365' });
    const token = tokenIn(publisher.html)!;
    expect(publisher.html).toContain('вдруге його не побачить ніхто');
    expect(publisher.headers.get('cache-control')).toContain('no-store');
    const { rows } = await platform.db.execute(sql`select from od_token where hash = ${token}`);
    expect(rows).toHaveLength(0);
    expect(await make(token, 'vyvantazhennia')).toBe(200);
    await publisher.get(page);
    expect(publisher.html).not.toContain(token);
    expect(publisher.html).toContain('Нічне вивантаження');
    expect(publisher.html).not.toContain('ще не використано');
    await publisher.submit(revokeIn(publisher.html));
    expect(publisher.html).toContain('Ключ відкликано');
    expect(await make(token, 'shche-odne')).toBe(403);
  });

  it('go no further than they say, for as long as they say, and nobody revokes those of another', async () => {
    const publisher = await signedIn('publisher');
    await publisher.get(page);
    await publisher.submit(page, { name: 'Читач', scope: 'read', days: '30' });
    expect(await make(tokenIn(publisher.html)!, 'ne-mozhna')).toBe(403);
    const { rows } = await platform.db.execute<{ days: number }>(
      sql`select extract(epoch from expires_at - created_at)::float8 / 86400 as days from od_token where name = 'Читач'`,
    );
    expect(Math.floor(rows[0]!.days)).toBe(30);
    const officer = await signedIn('data-officer');
    await officer.get(page);
    await officer.post(revokeIn(publisher.html), {
      _csrf: /name="_csrf" value="([^"]*)"/.exec(officer.html)![1]!,
    });
    expect(officer.status).toBe(404);
  });

  it('are asked for by a form that says what is missing', async () => {
    const publisher = await signedIn('publisher');
    await publisher.get(page);
    await publisher.submit(page, { name: '', scope: 'read' });
    expect([publisher.status, publisher.html]).toEqual([
      422,
      expect.stringContaining('Напишіть, для чого ключ'),
    ]);
  });
});

describe('following', () => {
  const path = '/open-data/dataset/zaklady-pozashkilnoi-osvity';
  const letters = async () => {
    await platform.work(systemActor('open data'), sendFollowLetters);
    const { rows } = await platform.db.execute<{ lines: string[] }>(
      sql`select lines from message where template like 'open-data.followed%' order by created_at, id`,
    );
    return rows.map(({ lines }) => lines);
  };

  it('begins on the page of a dataset, after signing in; feeds need no account', async () => {
    const stranger = await new TestBrowser(app).get(path);
    expect(stranger.html).toContain(`/sign-in?back=${encodeURIComponent(path)}`);
    const [, feed] = /href="[^"]*(\/open-data\/feeds\/dataset\/[^"]+\.atom)">Atom/.exec(stranger.html)!;
    expect(await (await app.request(feed!)).text()).toContain('<feed');
    const publisher = await signedIn('publisher');
    await publisher.get(path);
    await publisher.submit(`${path}/follow`);
    expect(publisher.html).toContain('Ви стежите');
  });

  it('of a dataset brings a letter after a change by somebody else, with the way to all that is followed', async () => {
    clock.advance(60_000);
    const officer = await personaActor(platform, demoOfficer);
    await platform.work(officer, (work) =>
      patchDataset(work, 'zaklady-pozashkilnoi-osvity', { notes: 'Змінено' }),
    );
    expect(await letters()).toEqual([['Заклади позашкільної освіти']]);
    const { rows } = await platform.db.execute<{ href: string }>(
      sql`select href from message where template like 'open-data.followed%'`,
    );
    expect(rows[0]!.href).toContain('/open-data/following');
  });

  it('of publishers and themes stands in one list with datasets, where each ends with one press', async () => {
    const publisher = await signedIn('publisher');
    await publisher.get(`/open-data/organization/${openDataCity.demoPublisher}`);
    await publisher.submit(`/open-data/organization/${openDataCity.demoPublisher}/follow`);
    await publisher.get('/open-data/group/educ');
    await publisher.submit('/open-data/group/educ/follow');
    await publisher.get('/open-data/following');
    for (const words of ['Заклади позашкільної освіти', 'розпорядник', 'тема'])
      expect(publisher.html).toContain(words);
    await publisher.submit(`${path}/follow`);
    expect(publisher.path).toBe('/open-data/following');
    expect(publisher.html).not.toContain('Заклади позашкільної освіти');
    expect((await publisher.get('/open-data/following')).status).toBe(200);
    expect((await new TestBrowser(app).get('/open-data/following')).path).toContain('/sign-in');
  });
});

it('a publisher says what is new in the next file, and everybody reads it beside the version', async () => {
  const browser = await signedIn('publisher');
  await browser.get('/open-data/desk/dataset/zaklady-pozashkilnoi-osvity');
  const resource = /name="resource" value="([^"]+)"/.exec(browser.html)![1]!;
  await browser.submit('/open-data/desk/dataset/zaklady-pozashkilnoi-osvity/files', {
    resource,
    next: file('zaklady.csv', encode('назва;місць\r\nСтудія;12\r\nГурток;9\r\n', 'windows-1251')),
    note: 'Без дат відкриття',
  });
  // A column is gone: that is asked about, and what was said stays with the file.
  const say = /action="([^"]*\/say)"/.exec(browser.html)![1]!;
  await browser.submit(say, { act: 'confirm' });
  await load();
  const anyone = await new TestBrowser(app).get(
    `/open-data/dataset/zaklady-pozashkilnoi-osvity/resource/${resource}/versions`,
  );
  expect(anyone.html).toContain('Без дат відкриття');
});
