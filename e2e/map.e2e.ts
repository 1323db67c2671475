import { expect, inject, it } from 'vitest';
import { drawing, expectAccessible, openBrowser, visitor } from './browser.ts';

const origin = inject('origin');

it('the map can be dragged where scripts run, each pin is a link, and the address keeps the view', async () => {
  const browser = await openBrowser(drawing);
  try {
    const context = await visitor(browser, origin, { scripts: true, width: 'desk' });
    const page = await context.newPage();
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(origin) && !/^(blob|data):/.test(request.url()))
        foreign.push(request.url());
    });
    await page.goto('/contact-centre/map?state=any');
    await page.locator('a.map-pin').first().waitFor();
    expect(await page.locator('.map-tiles').isVisible()).toBe(false);
    await expectAccessible(browser, page);
    const before = page.url();
    await page.locator('a.map-pin.chosen').first().press('Enter');
    await page.waitForURL((url) => url.href !== before && url.searchParams.get('z') === '14');
    expect(new URL(page.url()).searchParams.get('state')).toBe('any');
    expect(foreign).toEqual([]);
    await page.getByRole('link', { name: 'Показати список цієї ділянки' }).click();
    expect(new URL(page.url()).searchParams.get('z')).toBe('14');
  } finally {
    await browser.close();
  }
});

it('the nine tiles stay where the browser cannot draw', async () => {
  const browser = await openBrowser(['--disable-gpu', '--disable-3d-apis']);
  try {
    const context = await visitor(browser, origin, { scripts: true, width: 'phone' });
    const page = await context.newPage();
    await page.goto('/contact-centre/map');
    await page.waitForLoadState('networkidle');
    expect(await page.locator('.map-tiles img').first().isVisible()).toBe(true);
    expect(await page.locator('.map-live').count()).toBe(0);
  } finally {
    await browser.close();
  }
});
