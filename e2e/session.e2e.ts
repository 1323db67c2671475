import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { expectAccessible, sharedBrowser, signIn, visitor } from './browser.ts';

const origin = inject('origin');
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

it('warns two minutes before the session ends and prolongs it on a press, without leaving the page', async () => {
  const context = await visitor(browser, origin, { scripts: true, width: 'phone' });
  const page = await context.newPage();
  await signIn(page, 'administrator');
  await page.clock.install();
  await page.goto('/desk/people');
  await page.locator('details:has(input[name=post]) > summary').last().click();
  await page.fill('input[name=post]', 'Набране наполовину');
  await page.clock.fastForward('13:30');
  const button = page.locator('.session-end.soon button');
  await button.waitFor();
  await expectAccessible(browser, page);
  await button.click();
  await page.locator('.session-end:not(.soon)').waitFor();
  expect(await page.inputValue('input[name=post]')).toBe('Набране наполовину');
  await context.close();
});
