import { openBrowser, visitor } from '../e2e/browser.ts';
const origin = 'http://127.0.0.1:3905';
const browser = await openBrowser();
const [which, width, dark, ...rest] = process.argv.slice(2) as [string, 'phone' | 'desk', string, ...string[]];
// which: persona:path;persona:path
for (const [i, one] of which.split(';').entries()) {
  const [persona, path] = one.split('|') as [string, string];
  const context = await visitor(browser, origin, { scripts: true, width, dark: dark === 'dark' });
  const page = await context.newPage();
  page.on('pageerror', (e) => console.log('ERR', path, e.message));
  if (persona) { await page.goto('/sign-in'); await page.locator(`button[name=persona][value=${persona}]`).click(); }
  const r = await page.goto(path);
  await page.waitForTimeout(600);
  await page.screenshot({ path: `/tmp/shots/${i}-${width}-${dark}.png`, fullPage: rest.includes('full') });
  console.log(i, r?.status(), path, await page.title());
  await context.close();
}
await browser.close();
