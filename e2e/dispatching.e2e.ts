import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectNoSideways, sharedBrowser, signIn, visitor } from './browser.ts';
import { makeMove } from './steps.ts';

const origin = inject('origin');
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

const queue = '/contact-centre/desk/dispatcher';
const photo = () =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: '#567' } })
    .jpeg()
    .toBuffer();

/** So many new requests of the dispatcher's enterprise, taken in by an app and accepted. */
async function accepted(page: Page, count: number): Promise<string[]> {
  const numbers: string[] = [];
  for (let n = 0; n < count; n++) {
    const answer = await fetch(`${origin}/open311/v2/requests.json`, {
      method: 'POST',
      body: new URLSearchParams({
        api_key: 'demo',
        service_code: 'heat-main-steam',
        lat: String(48.464 + n / 1000),
        long: '35.046',
        description: 'Біля дороги парує теплотраса',
        client_request_id: crypto.randomUUID(),
      }),
    });
    const [taken] = (await answer.json()) as { service_request_id: string }[];
    await makeMove(page, taken!.service_request_id, 'accept');
    numbers.push(taken!.service_request_id);
  }
  return numbers;
}

async function check(page: Page): Promise<void> {
  await expectAccessible(browser, page);
  await expectNoSideways(page);
}

describe.each([
  ['scripts off, on a phone', false, 'phone'],
  ['scripts on, on a desk', true, 'desk'],
] as const)('a dispatcher, %s', (_, scripts, width) => {
  it('sends a crew to many at once and reads what became of each', async () => {
    const context = await visitor(browser, origin, { scripts, width });
    const page = await context.newPage();
    await signIn(page, 'dispatcher');
    const numbers = await accepted(page, 2);
    await page.goto(`${queue}?state=accepted`);
    await check(page);
    for (const number of numbers) await page.locator(`input[name=row][value^="${number}"]`).check();
    await page.getByRole('button', { name: 'Відправити бригаду' }).click();
    await check(page);
    await page.locator('[name=dispatch-crew]').selectOption({ index: 1 });
    await page.locator('main form button[type=submit]').first().click();
    expect(await page.locator('h1').textContent()).toBe('Виконано 2 з 2');
    await check(page);
    await context.close();
  });

  it('gives a contractor a link that does one request’s work and nothing else', async () => {
    const context = await visitor(browser, origin, { scripts, width });
    const page = await context.newPage();
    await signIn(page, 'dispatcher');
    const [number] = await accepted(page, 1);
    await page.goto(`/contact-centre/desk/requests/${number}`);
    await page.locator('[name=link-crew]').fill('Підрядник Тепломонтаж');
    await page.getByRole('button', { name: 'Створити посилання' }).click();
    const link = await page.locator('a[href*="/contact-centre/crew/"]').first().getAttribute('href');
    const outside = await visitor(browser, origin, { scripts, width });
    const contractor = await outside.newPage();
    await contractor.goto(new URL(link!).pathname);
    await check(contractor);
    await contractor.getByRole('button', { name: 'Виїжджаємо' }).click();
    await contractor.getByRole('button', { name: 'Прибули' }).click();
    await contractor
      .locator('[name=claim-after]')
      .setInputFiles({ name: 'after.jpg', mimeType: 'image/jpeg', buffer: await photo() });
    await contractor.getByRole('button', { name: 'Додати фото «після»' }).click();
    expect(await contractor.locator('main').textContent()).toContain('Додано фото: 1');
    await contractor.locator('[name=claim-answer]').fill('Замінено вентиль на вводі');
    await check(contractor);
    await contractor.getByRole('button', { name: 'Виконано' }).click();
    expect(await contractor.locator('main').textContent()).toContain('Заявника попросять підтвердити');
    expect(await contractor.locator('main form').count()).toBe(0);
    await outside.close();
    await context.close();
  });
});

describe('an open page, scripts on', () => {
  it('says within seconds that the queue, the request or what the public sees of it has changed', async () => {
    const context = await visitor(browser, origin, { scripts: true, width: 'desk' });
    const worker = await context.newPage();
    await signIn(worker, 'dispatcher');
    const [number] = await accepted(worker, 1);
    const open = async (path: string) => {
      const page = await context.newPage();
      const streaming = page.waitForResponse(
        (answer) => answer.headers()['content-type']?.includes('event-stream') ?? false,
      );
      await page.goto(path);
      await streaming;
      return page;
    };
    const pages = [
      await open(queue),
      await open(`/contact-centre/desk/requests/${number}`),
      await open(`/contact-centre/requests/${number}`),
    ];
    await worker.goto(`/contact-centre/desk/requests/${number}`);
    await worker.locator('[name=note-text]').fill('Їдемо, будемо за годину');
    await worker.locator('[name=note-who][value=public]').check();
    await worker.getByRole('button', { name: 'Додати примітку' }).click();
    for (const page of pages) {
      await page.bringToFront();
      const news = page.locator('[data-island=page-news] a');
      await news.waitFor({ timeout: 8_000 });
      await check(page);
      await news.click();
      expect(await page.locator('[data-island=page-news] a').count()).toBe(0);
    }
    await context.close();
  });
});
