import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

export const widths = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } } as const;

const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Draws WebGL by the processor: for the live map. */
export const drawing = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** The system's Chromium, quiet on a closed network. */
export function openBrowser(flags: readonly string[] = ['--disable-gpu']): Promise<Browser> {
  const places = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error('no Chromium found; set CHROMIUM to its path');
  return chromium.launch({ executablePath, args: [...quiet, ...flags], headless: true });
}

export interface VisitorOptions {
  scripts: boolean;
  width: keyof typeof widths;
  dark?: boolean;
}

/** A visitor with a browser of their own: no cookies shared with anybody. */
export function visitor(browser: Browser, origin: string, options: VisitorOptions): Promise<BrowserContext> {
  return browser.newContext({
    baseURL: origin,
    javaScriptEnabled: options.scripts,
    viewport: widths[options.width],
    colorScheme: options.dark ? 'dark' : 'light',
    locale: 'uk-UA',
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One page per browser in which scripts may run: axe needs timers, and most pages are visited without scripts. */
const twins = new WeakMap<Browser, Promise<Page>>();
async function openTwin(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  return context.newPage();
}

/** Fails with each WCAG 2.1 A/AA fault of the page as it stands now, in words. */
export async function expectAccessible(browser: Browser, page: Page): Promise<void> {
  if (!twins.has(browser)) twins.set(browser, openTwin(browser));
  const twin = await twins.get(browser)!;
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  await twin.setViewportSize(page.viewportSize()!);
  await twin.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
  const html = (await page.content()).replace(/<script[\s\S]*?<\/script>/g, '');
  await twin.setContent(html.replace('<head>', `<head><base href="${page.url()}">`), { waitUntil: 'load' });
  // A half-dressed page fails by contrasts that nobody ever sees.
  await twin.waitForFunction(() =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].every(({ sheet }) => sheet),
  );
  await twin.evaluate(axe);
  const faults = await twin.evaluate(async () => {
    const { axe: engine } = globalThis as unknown as {
      axe: {
        run(
          node: Document,
          options: object,
        ): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await engine.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    });
    return violations.map((found) => `${found.id}: ${found.help}: ${found.nodes[0]?.html.slice(0, 200)}`);
  });
  expect(faults, `axe on ${page.url()}`).toEqual([]);
}

/** Signs in as one of the demo city's people. */
export async function signIn(page: Page, persona: string): Promise<void> {
  await page.goto('/sign-in');
  await page.locator(`button[name=persona][value=${persona}]`).click();
}

/** Fails when the page must be scrolled sideways: at 320 px that is 400 % on a desk screen. */
export async function expectNoSideways(page: Page): Promise<void> {
  const viewport = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 740 });
  const wide = await page.locator('html').evaluate((html) => html.scrollWidth);
  await page.setViewportSize(viewport);
  expect(wide, `${page.url()} is wider than 320 px`).toBeLessThanOrEqual(320);
}
