// Keeps: the officer's board and the public coverage, with scripts off (open-data.md 7).
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { personaActor } from '#platform/identity/personas.ts';
import { createPlatform } from '#platform/platform.ts';
import { createDataset, touchDataset } from '../../../datasets.ts';
import { createTable } from '../../../datastore/write.ts';
import { openData } from '../../../index.ts';
import { createResource } from '../../../resources.ts';
import { demoOfficer } from '../../../tokens.ts';
import { createUnit } from '../../../units.ts';

const base = await testPlatform({ systems: [openData] });
const clock = base.clock as ManualClock;
const platform = createPlatform({
  config: { ...base.config, mode: 'demo' },
  clock,
  pool: base.pool,
  systems: [openData],
});
const app = createApp(platform, { cache: false, limits: false, log: () => {} });
const anyone = new TestBrowser(app);
let officer: TestBrowser;

async function signedIn(persona: string): Promise<TestBrowser> {
  const browser = new TestBrowser(app);
  await browser.get('/sign-in');
  await browser.post('/sign-in/demo', {
    persona,
    _csrf: /name="_csrf" value="([^"]*)"/.exec(browser.html)?.[1] ?? '',
  });
  return browser;
}
const pageOf = async (browser: TestBrowser, path: string) => {
  await browser.get(path);
  return browser.html;
};
const obligation = async (code: string) => {
  const { rows } = await platform.db.execute<{ id: string }>(
    sql`select id from od_obligation where code = ${code}`,
  );
  return `/open-data/board/obligations/${rows[0]!.id}`;
};
const idOf = async (name: string) => {
  const { rows } = await platform.db.execute<{ id: string }>(
    sql`select id from od_organisation where name = ${name}`,
  );
  return rows[0]!.id;
};

beforeAll(async () => {
  const actor = await personaActor(platform, demoOfficer);
  await platform.work(actor, async (work) => {
    for (const name of ['transport', 'osvita'])
      await createUnit(work, 'organization', { name, title: `Відділ ${name}` });
    await createDataset(work, {
      name: 'stops',
      title: 'Зупинки',
      owner_org: 'transport',
      update_frequency: 'once a month',
      obligation: '835/56',
    });
    const { id, resource } = await createResource(work, { package_id: 'stops', url_type: 'datastore' });
    await createTable(work, resource, { records: [{ n: 1 }] });
    await touchDataset(work, id);
    await createDataset(work, { name: 'empty', title: 'Без даних', owner_org: 'transport' });
  });
  await signedIn('publisher');
  officer = await signedIn(demoOfficer);
});

describe('the board', () => {
  it('shows every obligation by pages, narrowed by state, unit and part', async () => {
    const first = await pageOf(officer, '/open-data/board');
    for (const text of ['Дошка обовʼязків', '1–50 з 74', 'не призначено', '1 з 74', 'Призначити'])
      expect(first).toContain(text);
    expect(await pageOf(officer, '/open-data/board?page=2')).toContain('51–74 з 74');
    const published = await pageOf(officer, '/open-data/board?state=published');
    expect(published).toContain('1–1 з 1');
    expect(published).toContain('Зупинки');
    expect(await pageOf(officer, '/open-data/board?unit=transport')).toContain('1–1 з 1');
    expect(await pageOf(officer, '/open-data/board?unit=osvita')).toContain('Нічого не знайдено');
    expect(await pageOf(officer, `/open-data/board?group=${encodeURIComponent('Освіта')}`)).toContain(
      '1–4 з 4',
    );
    expect(await pageOf(officer, '/en/open-data/board')).toContain('Board of obligations');
  });

  it('assigns units to an obligation, signs that it does not concern one, and takes that back', async () => {
    const path = await obligation('mun-054');
    expect(await pageOf(officer, path)).toContain('За цей обовʼязок ще ніхто не відповідає');
    const [transport, osvita] = [await idOf('transport'), await idOf('osvita')];
    await officer.submit(`${path}/units`, { units: [transport, osvita] });
    expect(officer.html).toContain('Збережено');
    await officer.submit(`${path}/not-applicable`, { organisation: transport, act: 'sign', reason: 'ні' });
    expect([officer.status, officer.html.includes('щонайменше 10 знаків')]).toEqual([422, true]);
    await officer.submit(`${path}/not-applicable`, {
      organisation: transport,
      act: 'sign',
      reason: 'Садків у відділу немає',
    });
    expect(officer.html).toContain('Підписано: Відповідальна особа за відкриті дані');
    expect(await pageOf(anyone, '/open-data/coverage?unit=transport')).toContain('Садків у відділу немає');
    await officer.get(path);
    await officer.submit(`${path}/not-applicable`, { organisation: transport, act: 'revoke' });
    expect(await pageOf(officer, '/open-data/board?unit=transport&state=missing')).toContain('mun-054');
  });

  it('reminds who answers for it, and says when that was done today already', async () => {
    await officer.get('/open-data/board?unit=osvita');
    const cell = { code: 'mun-054', organisation: await idOf('osvita'), unit: 'osvita' };
    await officer.submit('/open-data/board/remind', cell);
    expect(officer.html).toContain('Нагадування надіслано');
    await officer.submit('/open-data/board/remind', cell);
    expect(officer.html).toContain('Сьогодні про це вже нагадували');
  });

  it('writes obligations down with dates, and shows the form again with what is wrong', async () => {
    expect(await pageOf(officer, '/open-data/board/obligations')).toContain('1–50 з 74');
    await officer.get('/open-data/board/obligations/new');
    const values = {
      code: 'mun-991',
      title: 'Перелік укриттів',
      groupUk: 'Безпека',
      groupEn: 'Safety',
      appendix: '',
      validFrom: '2027-01-01',
      validTo: '',
    };
    await officer.submit('/open-data/board/obligations/new', { ...values, title: '', validFrom: '' });
    expect(officer.status).toBe(422);
    expect(officer.html).toContain('Напишіть назву набору даних');
    expect(officer.html).toContain('value="mun-991"');
    await officer.submit('/open-data/board/obligations/new', values);
    expect(officer.html).toContain('Перелік укриттів');
    const path = await obligation('mun-991');
    await officer.submit(path, { ...values, title: 'Укриття', validTo: '2027-12-31' });
    expect(officer.html).toContain('до 31.12.2027');
    expect(officer.html).toContain('Укриття');
  });

  it('names who answers for a unit', async () => {
    expect(await pageOf(officer, '/open-data/board?view=units')).toContain('відповідальна особа міста');
    await officer.get('/open-data/board/units/transport');
    const [, publisher] = /value="([^"]+)">Публікаторка даних/.exec(officer.html)!;
    await officer.submit('/open-data/board/units/transport', { officer: publisher!, head: publisher! });
    expect(officer.html).toContain('Збережено');
    expect(await pageOf(anyone, '/open-data/organization/transport')).toContain('Публікаторка даних');
    await officer.get('/open-data/board/units/osvita');
    await officer.submit('/open-data/board/units/osvita', { officer: publisher!, head: '' });
    expect([officer.status, officer.html.includes('спершу дайте їй роль')]).toEqual([422, true]);
  });

  it('exports itself for a spreadsheet', async () => {
    await officer.get('/open-data/board/export.csv');
    expect(officer.html.split('\r\n')).toHaveLength(77);
    expect(officer.html).toMatch(/mun-\d+,[^\r]*,56,Відділ transport,оприлюднено,http\S+stops/);
  });

  it('is for the officer alone', async () => {
    const publisher = await signedIn('publisher');
    await publisher.get('/open-data/board');
    expect(publisher.status).toBe(403);
    expect(await pageOf(publisher, '/desk')).not.toContain('Дошка обовʼязків');
  });
});

describe('the public coverage', () => {
  it('says in words what is published, what is not, and who answers for it', async () => {
    const html = await pageOf(anyone, '/open-data/coverage');
    for (const text of [
      'Місто оприлюднює 1 з 74 наборів',
      'Не оприлюднено',
      'Оприлюднено',
      'Зупинки',
      'оновлять до 24.12.2026',
      'id="835/56"',
      'Жодної обіцянки ще не настав строк',
    ])
      expect(html).toContain(text);
    expect(await pageOf(anyone, '/open-data/coverage?state=broken')).toContain('Нічого не знайдено');
  });

  it('keeps the ledger «обіцяно / зроблено» with the share', async () => {
    clock.set('2026-12-26T10:00:00Z');
    const html = await pageOf(anyone, '/open-data/coverage/ledger');
    expect(html).toContain('0% обіцянок виконано вчасно: 0 з 1');
    expect(html).toContain('не зроблено');
    const board = await pageOf(anyone, '/open-data/coverage');
    expect(board).toContain('мали оновити до 24.12.2026');
    expect(board).toContain('Застаріло');
  });

  it('is exported as JSON and CSV', async () => {
    const json = JSON.parse(await pageOf(anyone, '/open-data/coverage.json'));
    expect(json).toMatchObject({ published: 0, of: 74, promises: { kept_on_time: 0, of: 1 } });
    expect(json.obligations.find((one: { appendix: number }) => one.appendix === 56)).toMatchObject({
      state: 'stale',
      publishers: [{ name: 'transport', datasets: [{ name: 'stops', freshness: 'late' }] }],
    });
    expect(await pageOf(anyone, '/open-data/coverage.csv')).toContain('Відділ transport,stale');
    expect(await pageOf(anyone, '/open-data/coverage/ledger.csv')).toContain(
      'Відділ transport,2026-12-24T21:59:00.000Z,,not kept',
    );
  });
});

it('a publisher sees on the desk what is due, and confirms with one press that nothing has changed', async () => {
  const publisher = await signedIn('publisher');
  const html = await pageOf(publisher, '/open-data/desk');
  for (const text of [
    'Час оновити',
    'Оновлення обіцяли до 24.12.2026, 23:59',
    'Завантажити за наступний період',
  ])
    expect(html).toContain(text);
  await publisher.submit('/open-data/desk/dataset/stops/unchanged');
  expect(publisher.path).toBe('/open-data/desk/dataset/stops?confirmed=1');
  expect(publisher.html).toContain('Підтверджено. Наступний строк: 26.01.2027, 23:59');
  expect(await pageOf(publisher, '/open-data/desk')).not.toContain('Час оновити');
  expect(await pageOf(publisher, '/open-data/desk/dataset/empty')).toContain('Строку оновлення немає');
});

it('a publisher says which obligation a dataset fulfils, when it is made or later', async () => {
  const publisher = await signedIn('publisher');
  const field = async (name: string) => {
    const { rows } = await platform.db.execute<{ obligation: string | null }>(
      sql`select obligation from od_dataset where name = ${name}`,
    );
    return rows[0]?.obligation;
  };
  await publisher.get('/open-data/desk/dataset/empty');
  await publisher.submit('/open-data/desk/dataset/empty/obligation', { obligation: 'mun-008' });
  expect(await field('empty')).toBe('mun-008');
  expect(publisher.html).toContain('value="mun-008" selected');
  await publisher.submit('/open-data/desk/dataset/empty/obligation', { obligation: '' });
  expect(await field('empty')).toBeNull();
  await publisher.get('/open-data/desk/new');
  await publisher.submit('/open-data/desk/new', {
    title: 'Перевізники',
    notes: 'Хто возить',
    organisation: 'transport',
    frequency: 'once a year',
    purpose: 'Закон',
    keywords: 'перевізники',
    obligation: '835/27',
    maintainer: 'Ірина Демченко',
    email: 'data@misto.example',
    file: [new File(['a,b\r\n1,2\r\n'], 'carriers.csv')],
  });
  expect(await field('pereviznyky')).toBe('835/27');
});

it('a publisher sees what the law demands of the unit, and finds its passport filled in by the appendix', async () => {
  const { rows } = await platform.db.execute<{ code: string; title: string; appendix: number }>(
    sql`select code, title, appendix from od_obligation where appendix = 36`,
  );
  const { code, title, appendix } = rows[0]!;
  const assigning = await signedIn(demoOfficer);
  await assigning.get(await obligation(code));
  await assigning.submit(`${await obligation(code)}/units`, { units: [await idOf('transport')] });
  const publisher = await signedIn('publisher');
  const html = await pageOf(publisher, '/open-data/desk');
  expect(html).toContain('Закон вимагає, а даних ще немає');
  expect(html).toContain(title);
  const [, href] = new RegExp(`href="(/open-data/desk/new\\?obligation=835%2F${appendix}&amp;[^"]*)"`).exec(
    html,
  )!;
  await publisher.get(href!.replaceAll('&amp;', '&'));
  expect(publisher.html).toContain(`value="${title.replaceAll('"', '&quot;')}"`);
  expect(publisher.html).toContain(`value="835/${appendix}" selected`);
  expect(publisher.html).toContain(`№ 835, додаток ${appendix}</textarea>`);
  // Who answered for the last dataset of the unit most likely answers for this one.
  expect(publisher.html).toContain('value="data@misto.example"');
  await publisher.submit('/open-data/desk/new', {
    title,
    notes: 'За постановою',
    organisation: 'transport',
    frequency: 'once a year',
    purpose: 'Закон',
    keywords: 'паркування',
    obligation: `835/${appendix}`,
    maintainer: 'Ірина Демченко',
    email: 'data@misto.example',
    file: [new File(['a,b\r\n1,2\r\n'], 'table.csv')],
  });
  expect(await pageOf(publisher, '/open-data/desk')).not.toContain(`new?obligation=835%2F${appendix}`);
});
