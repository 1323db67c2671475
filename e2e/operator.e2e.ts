import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectNoSideways, sharedBrowser, signIn, visitor } from './browser.ts';

const origin = inject('origin');
const desk = '/contact-centre/desk/operator';
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

/** Ends whatever conversation the one operator of the demo city has left open. */
async function atRest(page: Page): Promise<void> {
  await page.goto(desk);
  const end = page.locator('button[value=consultation], button[value=finish]');
  if (await end.count()) await end.first().click();
  await page.goto(desk);
}

describe('an operator at the keyboard', () => {
  it('takes a call to its end in at most twelve presses beyond what is typed', async () => {
    const context = await visitor(browser, origin, { scripts: true, width: 'desk' });
    const page = await context.newPage();
    await signIn(page, 'operator');
    await atRest(page);
    await page.waitForFunction(() => document.querySelector('[aria-keyshortcuts]'));
    let presses = 0;
    const press = async (key: string, leads = false) => {
      presses += 1;
      const loaded = leads ? page.waitForEvent('load') : null;
      await page.keyboard.press(key);
      await loaded;
      if (leads) await page.waitForFunction(() => document.querySelector('[aria-keyshortcuts]'));
    };
    await press('Alt+KeyP');
    await page.keyboard.type('067 000 00 88');
    await press('Enter', true);
    await page.keyboard.type('Робоча 23');
    await press('Enter', true);
    await page.keyboard.type('Немає опалення, батареї холодні');
    await press('Alt+KeyL', true);
    await press('Enter', true);
    await press('Space');
    await press('Alt+KeyR', true);
    expect(await page.locator('#receipt').textContent()).toMatch(/\d\d-\d{4}-\d{4}-\d/);
    await expectAccessible(browser, page);
    await expectNoSideways(page);
    await press('Alt+KeyW', true);
    expect(await page.locator('main').textContent()).toContain('заявку зареєстровано');
    expect(presses).toBeLessThanOrEqual(12);
    await page.keyboard.press('?');
    expect(await page.locator('details[open] kbd').count()).toBeGreaterThan(3);
    await context.close();
  });

  it('sees every fault of the form in place, accessible also in the dark', async () => {
    const context = await visitor(browser, origin, { scripts: false, width: 'phone', dark: true });
    const page = await context.newPage();
    await signIn(page, 'operator');
    await atRest(page);
    await expectAccessible(browser, page);
    await page.locator('button[value=start]').click();
    await page.locator('#register').click();
    expect(await page.title()).toMatch(/^Помилка/);
    await expectAccessible(browser, page);
    await expectNoSideways(page);
    await context.close();
  });
});
