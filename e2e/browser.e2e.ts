import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { expectReadable, sharedBrowser, widths } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

const rows = (special: string) =>
  Array.from({ length: 40 }, (_, n) => `<li><b ${n === 30 ? special : ''}>Заявка ${n}</b></li>`).join('');
const look = (body: string) =>
  expectReadable(browser, {
    html: `<!doctype html><html lang="uk"><head><title>Перелік</title></head><body><main><h1>Перелік</h1><ul>${body}</ul></main></body></html>`,
    url: inject('origin'),
    size: widths.phone,
    dark: false,
  });

it('one faint word among rows that look alike is found, and so is a picture without words', async () => {
  await look(rows(''));
  await expect(look(rows('style="color:#aaa"'))).rejects.toThrow('color-contrast');
  await expect(look(rows('style="opacity:.4"'))).rejects.toThrow('color-contrast');
  await expect(look(`${rows('')}<li><img src="data:,"></li>`)).rejects.toThrow('image-alt');
});
