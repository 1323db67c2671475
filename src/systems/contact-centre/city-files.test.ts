import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { answersOf, routesOf } from '#platform/access/matrix.ts';
import { manualClock } from '#platform/clock.ts';
import { ConfigError, type Mode, readConfig } from '#platform/config/index.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { stillMissing, takeCityIn } from '#platform/first-start.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { newKeyRing } from '#platform/identity/secrets.ts';
import { createPlatform } from '#platform/platform.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { cityDataOf, readCityFolder, writeCityFolder } from './city-files.ts';
import { contactCentre } from './index.ts';

const folders: string[] = [];
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true });
});
function folder(parts: Readonly<Record<string, unknown>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'misto-city-'));
  folders.push(path);
  for (const [name, part] of Object.entries(parts))
    writeFileSync(join(path, name), typeof part === 'string' ? part : JSON.stringify(part));
  return path;
}

const name = (uk: string, en: string) => ({ uk, en });
const square = (west: number, south: number, size: number) => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
/** A town of one district, one house, one enterprise and one thing that can be reported. */
const town = {
  'city.json': {
    centre: [30.1, 49.8],
    bounds: [
      [30, 49.7],
      [30.2, 49.9],
    ],
    jurisdiction: 'verbove.example.ua',
    name: name('Вербове', 'Verbove'),
    phone: '1580',
  },
  'organisations.json': [
    { id: 'komunalnyk', name: name('КП «Комунальник»', 'Komunalnyk'), kind: 'executor' },
  ],
  'units.json': [
    { id: 'komunalnyk-main', organisation: 'komunalnyk', name: name('Черговий', 'Desk'), kind: 'duty_desk' },
  ],
  'districts.json': [
    {
      code: 'whole',
      name: name('Усе місто', 'Whole town'),
      rings: [{ ring: square(30, 49.7, 0.2), hole: false }],
    },
  ],
  'buildings.json': [
    { id: 'b-1', street: 'вулиця Вербова', house: '1', district: 'whole', lat: 49.8, lon: 30.1 },
  ],
  'categories.json': [
    { kind: 'branch', code: 'roads', parent: null, number: '01', name: name('Дороги', 'Roads') },
    {
      kind: 'leaf',
      code: 'pothole',
      parent: 'roads',
      number: '01.01',
      name: name('Яма на дорозі', 'Pothole'),
      keywords: ['яма'],
      class: 'ordinary',
    },
  ],
  'rules.json': [
    {
      id: 'R-1',
      name: name('Дороги', 'Roads'),
      when: { branches: ['roads'] },
      to: { organisation: 'komunalnyk' },
    },
  ],
  'ground.json': { waters: [square(30.05, 49.75, 0.01)], streets: [] },
};

const keysFile = join(folder({ 'keys.json': newKeyRing() }), 'keys.json');

/** A city as it is started in production, over a fresh database; its pages are asked in demo mode, for the personas. */
async function started(city: string | null) {
  const test = await testPlatform({ systems: [contactCentre], clock: manualClock('2026-11-24T10:00:00Z') });
  const made = (mode: Mode) => createPlatform({ ...test, config: { ...test.config, keysFile, city, mode } });
  const platform = made('production');
  await takeCityIn(platform);
  const app = createApp(made('demo'), { cache: false, limits: false, log: () => {} });
  return { platform, app };
}

describe('MISTO_CITY', () => {
  it('names a folder whose data a first start takes in: its name, its categories and its map stand on the pages', async () => {
    const { app, platform } = await started(folder(town));
    const browser = await new TestBrowser(app).get('/contact-centre/report');
    expect(browser.status).toBe(200);
    expect(browser.html).toMatch(/<title>[^<]*· Вербове<\/title>/);
    expect(browser.html).toContain('<b>місто</b><span>Вербове</span>');
    expect(browser.html).not.toContain('Дніпро');
    expect((await browser.get('/en/about')).html).toContain('· Verbove</title>');
    await browser.get('/contact-centre/tiles/15/19124/11131');
    expect(browser.html).toContain('<svg');
    const services = await app.request('/open311/v2/services.json?jurisdiction_id=verbove.example.ua');
    expect(await services.json()).toMatchObject([{ service_code: 'pothole', group: 'Дороги' }]);
    expect(await stillMissing(platform)).toEqual([
      expect.stringContaining('add-administrator'),
      expect.stringContaining('SMTP_URL'),
    ]);
  });

  it('changes nothing in a city that has its data already', async () => {
    const { platform } = await started(folder(town));
    await platform.db.execute(`update cc_settings set body = jsonb_set(body, '{phone}', '"1590"')` as never);
    await takeCityIn(platform);
    const { rows } = await platform.db.execute(`select body->>'phone' as phone from cc_settings` as never);
    expect(rows).toEqual([{ phone: '1590' }]);
  });

  it.each([
    ['nowhere', /^MISTO_CITY: there is no city "nowhere" here; name dnipro, or/],
    ['./nowhere', /^MISTO_CITY: there is no folder \/.*nowhere\.$/],
  ])('%s, which is unknown, stops the start with one line', async (city, line) => {
    const config = readConfig({ MISTO_CITY: city, MISTO_MODE: 'test' });
    await expect(cityDataOf(config)).rejects.toThrow(line);
    await expect(cityDataOf(config)).rejects.toThrow(ConfigError);
  });

  it.each([
    [{ 'city.json': undefined }, /there is no \S+city\.json/],
    [{ 'city.json': '{' }, /city\.json is no JSON/],
    [{ 'organizations.json': [] }, /nothing reads \S+organizations\.json; the files are city\.json,/],
    [
      { 'organisations.json': [{ id: 'a', name: { uk: 'А' }, kind: 'executor' }] },
      /organisations\.json: 0\.name\.en: /,
    ],
    [{ 'districts.json': [] }, /buildings\.json: b-1 names the district whole, which is not there/],
    [{ 'organisations.json': [] }, /units\.json: komunalnyk-main names the organisation komunalnyk/],
    [{ 'categories.json': [] }, /rules\.json: R-1 names the branch roads/],
  ])('with wrong files says which and where: %j', (change, line) => {
    const parts = Object.fromEntries(
      Object.entries({ ...town, ...change }).filter(([, part]) => part !== undefined),
    );
    expect(() => readCityFolder(folder(parts))).toThrow(line);
  });

  it('has its pattern in the data of Dnipro, which goes into files and comes back whole', () => {
    const path = join(folder(), 'dnipro');
    writeCityFolder(contactCentreData, path);
    expect(readCityFolder(path)).toEqual(JSON.parse(JSON.stringify(contactCentreData)));
    expect(() => writeCityFolder(contactCentreData, path)).toThrow(/is not empty/);
    expect(readFileSync(join(path, 'ground.json'), 'utf8')).toContain('вулиця');
  });
});

describe('a city without data', () => {
  it('opens, and says on every page that needs them that they are missing', async () => {
    const { app, platform } = await started(null);
    const browser = new TestBrowser(app);
    for (const path of ['/', '/search?q=яма', '/sign-in', '/about'])
      expect([path, (await browser.get(path)).status]).toEqual([path, 200]);
    for (const path of ['', '/report', '/requests', '/map', '/appeal', '/tiles/12/2444/1416']) {
      await browser.get(`/contact-centre${path}`);
      expect([path, browser.status]).toEqual([path, 503]);
      expect(browser.html).toContain('Місто ще готується');
    }
    const api = await app.request('/open311/v2/services.json');
    expect(api.status).toBe(503);
    expect(await api.json()).toEqual([{ code: 503, description: expect.stringContaining('city-empty') }]);

    await browser.get('/sign-in');
    await browser.submit('/sign-in/demo', { persona: 'administrator' });
    for (const path of ['/desk', '/desk/people'])
      expect([path, (await browser.get(path)).status]).toEqual([path, 200]);
    expect((await stillMissing(platform))[0]).toContain('MISTO_CITY');
  });

  it('answers no page with an error of its own, whoever asks', async () => {
    const { app } = await started(null);
    const answers = await answersOf(
      app,
      routesOf(app).filter((route) => route.startsWith('GET') && !route.includes('/live')),
      { nobody: null, operator: 'operator', keeper: 'city-data' },
      (path) => path.replaceAll(/:\w+(\{[^}]*\})?/g, 'unknown'),
    );
    const wrong = [...answers].filter(([, row]) => Object.values(row).some((status) => status === 500));
    expect(wrong).toEqual([]);
  });
});
