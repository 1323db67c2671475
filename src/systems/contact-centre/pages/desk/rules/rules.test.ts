import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../../../city/dnipro/index.ts';
import { readCity } from '../../../city.ts';
import { registerRequest } from '../../../requests.ts';
import { testDesk } from '../testing.ts';

const desk = await testDesk();
const { platform, clock } = desk;
const base = '/contact-centre/desk/rules';
const house = contactCentreData.buildings[0]!;

let key = 0;
const report = (category: string) =>
  platform.work({ ...systemActor(''), kind: 'anonymous' }, (work) =>
    registerRequest(work, {
      source: 'phone',
      intakeKey: `rules-${++key}`,
      category,
      text: 'Яма на дорозі біля будинку',
      place: { building: house.id },
      reporter: { channel: 'phone', language: 'uk' },
    }),
  );
const organisationOf = async (number: string) =>
  (
    await platform.db.execute<{ organisation: string }>(
      sql`select organisation from cc_request where number = ${number}`,
    )
  ).rows[0]!.organisation;
const current = async () => (await readCity(platform.db)).rules.version;

let pothole: string;
beforeAll(async () => {
  pothole = (await report('pavement-broken')).number;
  clock.advance(60_000);
});

/** Opens a draft in a browser and sends every pothole to the water works; leaves the browser on the draft's page. */
async function draftOf(persona: string) {
  const browser = await desk.enter(persona);
  await browser.get(base);
  await browser.submit(`${base}/drafts`, { note: 'Ями на мережах' });
  const version = Number(/\/rules\/(\d+)\?/.exec(browser.path)?.[1]);
  await browser.get(`${base}/${version}/rule`);
  await browser.submit(`${base}/${version}/rule`, {
    id: 'R-90',
    'name-uk': 'Ями – водоканалу',
    'name-en': 'Potholes to the water works',
    categories: 'pavement-broken',
    to: 'organisation',
    organisation: 'voda',
  });
  expect(browser.html).toContain('Правило збережено');
  return { browser, version };
}

async function tryOut(browser: Awaited<ReturnType<typeof desk.enter>>, version: number) {
  await browser.get(`${base}/${version}`);
  await browser.submit(`${base}/${version}/dry-run`);
  expect(browser.html).toContain('http-equiv="refresh"');
  const id = /dry-runs\/([0-9a-f-]{36})/.exec(browser.path)![1]!;
  await desk.runJob('contact-centre.dry-run', { id });
  await browser.get(`${base}/dry-runs/${id}`);
  return id;
}

describe('rules from draft to publication', () => {
  it('are tried out, read, published by somebody other than their author, and rolled back in one act', async () => {
    const before = await current();
    const { browser: author, version } = await draftOf('city-data');
    const supervisor = await desk.enter('supervisor');
    await supervisor.get(`${base}/${version}`);
    expect(supervisor.html).not.toContain(`action="${base}/${version}/publish"`);

    const id = await tryOut(author, version);
    expect(author.html).not.toContain('http-equiv="refresh"');
    expect(author.html).toContain('Пішли б до іншого');
    expect(author.html).toContain('КП «Дніпровські водомережі»');
    await author.submit(`${base}/dry-runs/${id}/read`);
    expect(author.html).toContain('звіт прочитано');
    expect(author.html).toContain('оприлюднити її має інша людина');

    clock.advance(60_000);
    await supervisor.get(`${base}/${version}`);
    await supervisor.submit(`${base}/${version}/publish`);
    expect(supervisor.html).toContain('Правила оприлюднено');
    expect(await current()).toBe(version);
    expect(await organisationOf(pothole)).not.toBe('voda');
    expect((await report('pavement-broken')).organisation).toBe('voda');

    await supervisor.get(`${base}/reroute`);
    expect(supervisor.html).toContain('Перенести 1');
    await supervisor.submit(`${base}/reroute`);
    expect(supervisor.html).toContain('Перенесено заявок: 1');
    expect(await organisationOf(pothole)).toBe('voda');
    await supervisor.get(`${base}/reroute`);
    expect(supervisor.html).toContain('Немає що переносити');

    await supervisor.get(base);
    const stale = await desk.enter('supervisor');
    await stale.get(base);
    await supervisor.submit(`${base}/roll-back`);
    expect(supervisor.html).toContain(`Знову діють правила версії ${before}`);
    expect(await current()).toBe(before);
    await stale.submit(`${base}/roll-back`);
    expect(stale.status).toBe(409);
    expect(await current()).toBe(before);
  });

  it('must be tried out again once a rule has changed after the run', async () => {
    const { browser: author, version } = await draftOf('city-data');
    const id = await tryOut(author, version);
    await author.submit(`${base}/dry-runs/${id}/read`);
    await author.get(`${base}/${version}`);
    await author.submit(`${base}/${version}/move`, {});
    const supervisor = await desk.enter('supervisor');
    await supervisor.get(`${base}/${version}`);
    expect(supervisor.html).toContain('Правила змінено після цього прогону');
    expect(supervisor.html).not.toContain(`action="${base}/${version}/publish"`);
  });

  it('a supervisor who wrote on the draft is one of its authors', async () => {
    const { version } = await draftOf('city-data');
    const supervisor = await desk.enter('supervisor');
    await supervisor.get(`${base}/${version}`);
    await supervisor.submit(`${base}/${version}/move`, {});
    await supervisor.get(`${base}/${version}`);
    const id = await tryOut(supervisor, version);
    await supervisor.submit(`${base}/dry-runs/${id}/read`);
    expect(supervisor.html).toContain('оприлюднити її має інша людина');
  });
});

describe('the form of a rule', () => {
  it('tells every fault at once and keeps what was typed', async () => {
    const { browser, version } = await draftOf('city-data');
    await browser.get(`${base}/${version}/rule`);
    await browser.submit(`${base}/${version}/rule`, {
      id: 'R-90',
      'name-uk': 'Ще одне',
      buildings: 'a-none',
      'hours-from': '22:00',
      to: 'organisation',
    });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('value="Ще одне"');
    expect(browser.html).toContain('Обидва або жодного');
    await browser.submit(`${base}/${version}/rule`, {
      id: 'R-90',
      'name-uk': 'Ще одне',
      buildings: 'a-none',
      to: 'organisation',
    });
    for (const words of [
      'з кодом R-90 уже є',
      'Назвіть правило обома мовами',
      'Немає такого будинку: a-none',
      'Оберіть організацію',
    ])
      expect(browser.html).toContain(words);
  });

  it('shows both when two people edit the same draft, and the second may save again', async () => {
    const { browser: first, version } = await draftOf('city-data');
    const second = await desk.enter('supervisor');
    const path = `${base}/${version}/rule`;
    const change = { id: 'R-90', 'name-en': 'Potholes', categories: 'pavement-broken', to: 'organisation' };
    await first.get(`${path}?id=R-90`);
    await second.get(`${path}?id=R-90`);
    await first.submit(path, { ...change, 'name-uk': 'Перша', organisation: 'voda' });
    await second.submit(path, { ...change, 'name-uk': 'Друга', organisation: 'teplo' });
    expect(second.status).toBe(409);
    expect(second.html).toContain('value="Друга"');
    expect(second.html).toContain('Перша');
    await second.submit(path, { ...change, 'name-uk': 'Друга', organisation: 'teplo' });
    expect(second.html).toContain('Правило збережено');
    expect(second.html).toContain('Друга');
  });
});

describe('«Чому цей виконавець»', () => {
  it('tells the decision on a fictive report in words, with each tested condition, by a draft too', async () => {
    const { browser, version } = await draftOf('city-data');
    const query = `category=pavement-broken&address=${house.id}&date=2026-11-24&hour=09:30&source=phone`;
    await browser.get(`${base}/try?${query}`);
    expect(browser.status).toBe(200);
    expect(browser.html).toContain('тому що');
    expect(browser.html).not.toContain('Дніпровські водомережі», тому що');
    await browser.get(`${base}/try?${query}&version=${version}`);
    expect(browser.html).toContain('правило R-90');
    expect(browser.html).toContain('виконано');
    await browser.get(`${base}/try?category=none&address=zzz&date=x&hour=99`);
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('Оберіть категорію');
    expect(browser.html).toContain('Такого будинку не знайдено');
  });
});

it('staff without the right to write rules do not open them', async () => {
  const dispatcher = await desk.enter('dispatcher');
  for (const path of ['', '/try', '/reroute', '/1']) {
    await dispatcher.get(base + path);
    expect(dispatcher.status).toBe(403);
  }
});
