import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { expectAccessible, expectNoSideways, sharedBrowser, signIn, visitor } from './browser.ts';

const origin = inject('origin');
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

it.each([
  ['resident', ['/cabinet/data', '/cabinet/data/erasure', '/cabinet/sessions', '/prove']],
  ['privacy-officer', ['/desk/privacy', '/desk/privacy/questions', '/desk/privacy/emergencies']],
  ['administrator', ['/desk/people', '/desk/password']],
  ['dispatcher', ['/desk/emergency', '/desk/recusals']],
  ['lawyer', ['/desk/law']],
])('the pages of rights read well for everybody without scripts: %s', async (persona, paths) => {
  const context = await visitor(browser, origin, { scripts: false, width: 'phone' });
  const page = await context.newPage();
  await signIn(page, persona);
  for (const path of paths) {
    await page.goto(path);
    expect(await page.locator('h1').count(), path).toBe(1);
    await expectAccessible(browser, page);
    await expectNoSideways(page);
  }
  await context.close();
});
