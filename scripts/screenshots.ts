// Makes the pictures of the README and docs from the running demo city: npm run screenshots
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drawing, openBrowser, visitor } from '../e2e/browser.ts';
import { startCity } from '../e2e/server.ts';

const shots: readonly {
  name: string;
  path: string;
  persona?: string;
  width?: 'phone' | 'desk';
  dark?: boolean;
}[] = [
  { name: 'home', path: '/' },
  { name: 'home-phone', path: '/', width: 'phone' },
  { name: 'home-dark', path: '/', dark: true },
  { name: 'contact-centre', path: '/contact-centre' },
  { name: 'report-phone', path: '/contact-centre/report', width: 'phone' },
  { name: 'requests', path: '/contact-centre/requests' },
  { name: 'map', path: '/contact-centre/map' },
  { name: 'performance', path: '/contact-centre/performance' },
  { name: 'open-data', path: '/open-data' },
  { name: 'open-data-dataset', path: '/open-data/dataset/air-quality' },
  { name: 'open-data-coverage', path: '/open-data/coverage' },
  { name: 'open-data-board', path: '/open-data/board', persona: 'data-officer' },
  { name: 'operator', path: '/contact-centre/desk/operator', persona: 'operator' },
  { name: 'dispatcher', path: '/contact-centre/desk/dispatcher', persona: 'dispatcher' },
  { name: 'crew-phone', path: '/contact-centre/desk/crew', persona: 'crew', width: 'phone' },
  { name: 'controller', path: '/contact-centre/desk/controller', persona: 'controller' },
  { name: 'supervisor', path: '/contact-centre/desk/supervisor', persona: 'supervisor', dark: true },
  { name: 'moderator', path: '/contact-centre/desk/moderator', persona: 'moderator' },
  { name: 'rules', path: '/contact-centre/desk/rules', persona: 'city-data' },
  { name: 'city-data', path: '/contact-centre/desk/administrator', persona: 'city-data' },
  { name: 'design', path: '/design' },
];

const only = process.argv.slice(2);
const folder = join(import.meta.dirname, '../docs/screenshots');
mkdirSync(folder, { recursive: true });
const given = process.env.ORIGIN;
const data = given ? null : mkdtempSync(join(tmpdir(), 'misto-shots-'));
const city = given ? null : await startCity(data!);
const origin = given ?? city!.origin;
const browser = await openBrowser(drawing);
try {
  // Pictures are of the whole city, older months and all tables included.
  while (city && !city.said().includes('misto demo year complete')) await sleep(250);
  for (const shot of shots.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const context = await visitor(browser, origin, {
      scripts: true,
      width: shot.width ?? 'desk',
      dark: shot.dark ?? false,
    });
    const page = await context.newPage();
    if (shot.persona) {
      await page.goto('/sign-in');
      await page.locator(`button[name=persona][value=${shot.persona}]`).click();
    }
    await page.goto(shot.path);
    await page.waitForLoadState('networkidle');
    if (shot.name === 'map') await page.locator('a.map-pin').first().waitFor();
    await page.screenshot({ path: join(folder, `${shot.name}.png`) });
    console.log(`${shot.name}.png`);
    await context.close();
  }
} finally {
  await browser.close();
  await city?.stop();
  if (data) rmSync(data, { recursive: true, force: true });
}
