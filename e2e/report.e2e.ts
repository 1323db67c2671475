import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectNoSideways, sharedBrowser, visitor } from './browser.ts';
import { reportProblem } from './steps.ts';

const origin = inject('origin');
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

describe.each([
  ['without scripts, on a phone', false, 'phone'],
  ['with scripts, on a desk', true, 'desk'],
] as const)('a resident %s', (_, scripts, width) => {
  it('reports by a typed address and gets a receipt with a link of one’s own', async () => {
    const context = await visitor(browser, origin, { scripts, width });
    const page = await context.newPage();
    const { number, follow } = await reportProblem(page, {
      address: 'Робоча 23',
      category: 'road-pothole',
      text: 'Глибока яма посеред проїзду',
    });
    await expectAccessible(browser, page);
    await page.goto(follow);
    expect(await page.locator('main').textContent()).toContain('Глибока яма посеред проїзду');
    await expectAccessible(browser, page);
    await expectNoSideways(page);
    await page.goto(`/contact-centre/requests/${number}`);
    expect(await page.locator('main').textContent()).not.toContain('067');
    await context.close();
  });

  it('reports by a click on the map, which is stored to the pixel', async () => {
    const context = await visitor(browser, origin, { scripts, width });
    const page = await context.newPage();
    await page.goto('/contact-centre/report');
    const [z, x, y] = (await page.locator('input[type=image]').nth(4).getAttribute('name'))!
      .match(/tile_(\d+)_(\d+)_(\d+)/)!
      .slice(1)
      .map(Number) as [number, number, number];
    const shown = (await page.locator('input[type=image]').nth(4).boundingBox())!;
    const pixel = { x: Math.round(shown.width * 0.4), y: Math.round(shown.height * 0.7) };
    const { number } = await reportProblem(page, {
      pixel,
      category: 'street-light',
      text: 'Не горить ліхтар',
    });
    const [stored] = (await (await fetch(`${origin}/open311/v2/requests/${number}.json`)).json()) as {
      lat: number;
      long: number;
    }[];
    const scale = 2 ** z;
    const column = ((stored!.long + 180) / 360) * scale - x;
    const latitude = (stored!.lat * Math.PI) / 180;
    const row = ((1 - Math.asinh(Math.tan(latitude)) / Math.PI) / 2) * scale - y;
    expect(Math.abs(column * shown.width - pixel.x)).toBeLessThanOrEqual(1.5);
    expect(Math.abs(row * shown.height - pixel.y)).toBeLessThanOrEqual(1.5);
    await context.close();
  });

  it('is told of every fault in place, and nothing typed is lost', async () => {
    const context = await visitor(browser, origin, { scripts, width });
    const page = await context.newPage();
    await page.goto('/contact-centre/report');
    await page.getByRole('button', { name: 'Далі', exact: true }).click();
    expect(await page.title()).toMatch(/^Помилка/);
    await expectAccessible(browser, page);
    await page.locator('[name=address]').fill('Вигадана 999');
    await page.getByRole('button', { name: 'Далі', exact: true }).click();
    expect(await page.locator('[name=address]').inputValue()).toBe('Вигадана 999');
    await expectAccessible(browser, page);
    await context.close();
  });

  it('joins what a neighbour has reported instead of reporting again', async () => {
    const first = await visitor(browser, origin, { scripts, width });
    const { number } = await reportProblem(await first.newPage(), {
      address: width === 'phone' ? 'Робоча 23' : 'проспект Науки 30',
      category: 'road-pothole',
      text: `Яма біля ${width}`,
    });
    await first.close();
    const second = await visitor(browser, origin, { scripts, width });
    const page = await second.newPage();
    await page.goto('/contact-centre/report');
    await page.locator('[name=address]').fill(width === 'phone' ? 'Робоча 23' : 'проспект Науки 30');
    await page.getByRole('button', { name: 'Далі', exact: true }).click();
    await page.locator(`button[name=join][value="${number}"]`).click();
    await page.locator('input[name=how][value=phone]').check();
    await page.locator('[name=phone]').fill('067 000 00 02');
    await page.getByRole('button', { name: 'Далі', exact: true }).click();
    await page.locator('main form button[type=submit]').last().click();
    await page.goto(`/contact-centre/requests/${number}`);
    const people = page.locator('dt', { hasText: 'Заявників' }).locator('xpath=following-sibling::dd[1]');
    expect(await people.textContent()).toContain('2');
    await second.close();
  });
});
