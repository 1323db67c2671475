import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, type BrowserServer, chromium, type Page } from 'playwright-core';
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

/** Where the system's Chromium is. @throws Error when there is none. */
function chromiumPath(): string {
  const places = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new Error('no Chromium found; set CHROMIUM to its path');
  return found;
}

/** A Chromium of its own, quiet on a closed network; for journeys that need other flags than the shared one has. */
export function openBrowser(flags: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: [...quiet, ...flags], headless: true });
}

/** One Chromium for all files of a run: it starts once. */
export function serveBrowser(): Promise<BrowserServer> {
  return chromium.launchServer({
    executablePath: chromiumPath(),
    args: [...quiet, '--disable-gpu'],
    headless: true,
  });
}

/** The shared browser; closing it ends what this file has opened in it and nothing else. */
export function sharedBrowser(endpoint: string): Promise<Browser> {
  return chromium.connect(endpoint);
}

export interface VisitorOptions {
  scripts: boolean;
  width: keyof typeof widths;
  dark?: boolean;
}

/**
 * A visitor with a browser of their own: no cookies shared with anybody. A page that asks anybody but the city for something
 * fails the run: in a blackout there is nobody else.
 */
export async function visitor(
  browser: Browser,
  origin: string,
  options: VisitorOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: origin,
    javaScriptEnabled: options.scripts,
    viewport: widths[options.width],
    colorScheme: options.dark ? 'dark' : 'light',
    locale: 'uk-UA',
  });
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(blob|data):/.test(url))
      throw new Error(`${request.frame().url()} asks ${url}`);
  });
  return context;
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
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const twin = await drawTwin(browser, {
    html: await page.content(),
    url: page.url(),
    size: page.viewportSize()!,
    dark,
  });
  await expectNoFaults(twin, page.url());
}

/** A page as a server sent it: what is drawn without scripts. */
export interface Sent {
  readonly html: string;
  readonly url: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly dark: boolean;
  /** The catalogue of components has many. */
  readonly headings?: 'many';
}

/**
 * The same without a visit, for pages that need no script: WCAG 2.1 A/AA, one heading, no scrolling sideways at 320 px, and no
 * scrolling sideways with text of 200 % on a desk screen.
 */
export async function expectReadable(browser: Browser, sent: Sent): Promise<void> {
  const twin = await drawTwin(browser, sent);
  await expectNoFaults(twin, sent.url);
  if (sent.headings !== 'many') expect(await twin.locator('h1').count(), `headings of ${sent.url}`).toBe(1);
  await twin.setViewportSize({ width: 320, height: 740 });
  const wide = () => twin.locator('html').evaluate((html) => html.scrollWidth);
  expect(await wide(), `${sent.url} is wider than 320 px`).toBeLessThanOrEqual(320);
  await twin.setViewportSize(widths.desk);
  await twin.locator('html').evaluate((html) => html.style.setProperty('font-size', '200%'));
  expect(await wide(), `${sent.url} with text of 200 %`).toBeLessThanOrEqual(widths.desk.width);
}

async function drawTwin(browser: Browser, { html, url, size, dark }: Sent): Promise<Page> {
  if (!twins.has(browser)) twins.set(browser, openTwin(browser));
  const twin = await twins.get(browser)!;
  await twin.setViewportSize({ ...size });
  await twin.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
  const still = html.replace(/<script[\s\S]*?<\/script>/g, '');
  await twin.setContent(still.replace('<head>', `<head><base href="${url}">`), { waitUntil: 'load' });
  // A half-dressed page fails by contrasts that nobody ever sees.
  await twin.waitForFunction(() =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].every(({ sheet }) => sheet),
  );
  return twin;
}

/**
 * Most of axe's time goes into contrast, and most of a list looks the same row by row: of parts whose styles are the same all the
 * way up, the first alone is asked for its contrast. Everything else is asked of everything.
 */
async function expectNoFaults(twin: Page, url: string): Promise<void> {
  // What runs in a page outlives its content.
  if (!(await twin.evaluate(() => 'axe' in globalThis))) await twin.evaluate(axe);
  const faults = await twin.evaluate(async () => {
    type Found = { violations: { id: string; help: string; nodes: { html: string }[] }[] };
    const { axe: engine } = globalThis as unknown as {
      axe: { run(context: object, options: object): Promise<Found> };
    };
    const looks = new Map<string, number>();
    const markRepeats = (element: Element, above: number): boolean => {
      const style = getComputedStyle(element);
      const look = [
        above,
        style.color,
        style.backgroundColor,
        style.backgroundImage,
        style.opacity,
        style.fontSize,
        style.fontWeight,
        style.textShadow,
        style.display,
        style.visibility,
        style.position,
      ].join();
      const known = looks.get(look);
      const id = known ?? looks.size;
      looks.set(look, id);
      const below = [...element.children].map((child) => markRepeats(child, id));
      const isNew = known === undefined || below.includes(true);
      element.toggleAttribute('data-repeats', !isNew);
      return isNew;
    };
    markRepeats(document.body, -1);
    const options = {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      rules: { 'color-contrast': { enabled: false } },
    };
    const found = [
      await engine.run(document, options),
      await engine.run(
        { include: [['html']], exclude: [['[data-repeats]']] },
        { resultTypes: ['violations'], runOnly: ['color-contrast'] },
      ),
    ];
    return found
      .flatMap(({ violations }) => violations)
      .map((one) => `${one.id}: ${one.help}: ${one.nodes[0]?.html.slice(0, 200)}`);
  });
  expect(faults.join('\n'), `axe on ${url}`).toBe('');
}

/**
 * Signs the visitor in as one of the demo city's people, by the form of the page but without drawing it.
 *
 * @returns where a press of the button would have led.
 */
export async function signIn(page: Page, persona: string): Promise<string> {
  const form = await (await page.request.get('/sign-in')).text();
  const token = /name="_csrf" value="([^"]+)"/.exec(form)![1]!;
  const home = await page.request.post('/sign-in/demo', { form: { _csrf: token, persona } });
  expect(home.status(), persona).toBe(200);
  return new URL(home.url()).pathname;
}

/** Fails when the page must be scrolled sideways: at 320 px that is 400 % on a desk screen. */
export async function expectNoSideways(page: Page): Promise<void> {
  const viewport = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 740 });
  const wide = await page.locator('html').evaluate((html) => html.scrollWidth);
  await page.setViewportSize(viewport);
  expect(wide, `${page.url()} is wider than 320 px`).toBeLessThanOrEqual(320);
}
