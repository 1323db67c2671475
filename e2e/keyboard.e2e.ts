import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sharedBrowser, signIn, visitor } from './browser.ts';
import { makeMove } from './steps.ts';

const origin = inject('origin');
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

/** Goes on by Tab alone to what matches; what cannot be reached so is a fault. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`Tab never comes to ${selector} on ${page.url()}`);
}

/** A press that leads to another page. */
async function leave(page: Page, key: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
}

async function type(page: Page, selector: string, text: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.type(text);
}

async function choose(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Space');
}

async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await leave(page, 'Enter');
}

const button = 'main form button[type=submit]';
const at = (page: Page) => new URL(page.url()).pathname;

describe('without a pointer and without scripts', () => {
  it('a resident reports, follows, and says that it is not done', async () => {
    const context = await visitor(browser, origin, { scripts: false, width: 'desk' });
    const page = await context.newPage();
    await page.goto('/contact-centre');
    await press(page, 'main a[href$="/contact-centre/report"]');
    await type(page, '[name=address]', 'Батумська 12');
    await leave(page, 'Enter');
    if (at(page).endsWith('/nearby')) await press(page, 'button[name=join][value=another]');
    expect(at(page)).toBe('/contact-centre/report/category');
    await type(page, '[name=q]', 'батареї ледь теплі');
    await leave(page, 'Enter');
    await choose(page, 'input[name=category]');
    await press(page, button);
    if (at(page).endsWith('/nearby')) await press(page, 'button[name=join][value=another]');
    if (at(page).endsWith('/questions')) {
      if (await page.locator('[name=flat]').count()) await type(page, '[name=flat]', '7');
      for (const name of new Set(
        await page
          .locator('main fieldset input[type=radio]')
          .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).name)),
      ))
        await choose(page, `input[name="${name}"]`);
      await press(page, button);
    }
    await type(page, '[name=text]', 'Батареї ледь теплі, вдома 14 градусів');
    await press(page, `${button}:not([name])`);
    await tabTo(page, 'input[name=how]');
    for (
      let presses = 0;
      presses < 4 && !(await page.locator('[name=how][value=phone]').isChecked());
      presses++
    )
      await page.keyboard.press('ArrowDown');
    await type(page, '[name=phone]', '067 000 00 01');
    await press(page, button);
    expect(at(page)).toBe('/contact-centre/report/check');
    await press(page, `${button}:not([name])`);
    const number = (await page.locator('main').textContent())!.match(/\d{2}-\d{4}-\d{4}-\d/)![0];
    const follow = await page.locator('a[href*="/contact-centre/follow/"]').first().getAttribute('href');

    await page.goto('/contact-centre/track');
    await type(page, '[name=number]', number);
    await leave(page, 'Enter');
    expect(at(page)).toBe(`/contact-centre/requests/${number.replaceAll('-', '')}`);

    const staff = await visitor(browser, origin, { scripts: false, width: 'desk' });
    const worker = await staff.newPage();
    await signIn(worker, 'supervisor');
    const digits = number.replaceAll('-', '');
    await makeMove(worker, digits, 'assign', { organisation: 'teplo', reason: 'За договором' });
    await signIn(worker, 'dispatcher');
    await makeMove(worker, digits, 'accept');
    await makeMove(worker, digits, 'claim', { result: 'fixed', answer: 'Видалено повітря' });
    await staff.close();

    await page.goto(follow!);
    await type(page, '[name=veto-comment]', 'Так само холодно');
    await press(page, `form:has([name=veto-comment]) ${'button[type=submit]'}`);
    await page.goto(`/contact-centre/requests/${digits}`);
    expect((await page.locator('.badge').first().textContent())!.trim()).toBe('На доопрацюванні');
    await context.close();
  });

  it('a dispatcher takes a request out of the queue, accepts it and reads what became of it', async () => {
    const context = await visitor(browser, origin, { scripts: false, width: 'desk' });
    const page = await context.newPage();
    await signIn(page, 'dispatcher');
    await fetch(`${origin}/open311/v2/requests.json`, {
      method: 'POST',
      body: new URLSearchParams({
        api_key: 'demo',
        service_code: 'heat-main-steam',
        lat: '48.464',
        long: '35.046',
        description: 'Біля дороги парує теплотраса',
        client_request_id: crypto.randomUUID(),
      }),
    });
    await page.goto('/contact-centre/desk/dispatcher?state=assigned');
    await choose(page, 'input[name=row]');
    // What has the focus is never hidden behind the bar of acts.
    expect(
      await page.evaluate(() => {
        const box = document.activeElement!.getBoundingClientRect();
        return (
          document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === document.activeElement
        );
      }),
    ).toBe(true);
    await press(page, 'button[name=move][value=accept]');
    await press(page, button);
    expect(await page.locator('h1').textContent()).toBe('Виконано 1 з 1');
    await context.close();
  });
});
