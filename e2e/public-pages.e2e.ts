import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectReadable, sharedBrowser, widths } from './browser.ts';

const origin = inject('origin');
let browser: Browser;
let number: string;
let table: string;
let file: string;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
  const answer = await fetch(`${origin}/open311/v2/requests.json?page_size=1`);
  number = ((await answer.json()) as { service_request_id: string }[])[0]!.service_request_id;
  table = await tableWithPlaces();
  const shown = await fetch(`${origin}/open-data/api/3/action/package_show?id=air-quality`);
  file = ((await shown.json()) as { result: { resources: { id: string }[] } }).result.resources[0]!.id;
});
afterAll(() => browser.close());

/** A table of the demo city that can be drawn on a map: the path of its page. Its file is loaded in the background. */
async function tableWithPlaces(): Promise<string> {
  const search = `${origin}/open-data/api/3/action/package_search?fq=has:map&rows=10`;
  for (;;) {
    const { result } = (await (await fetch(search)).json()) as {
      result: { results: { name: string; resources: { id: string }[] }[] };
    };
    for (const { name, resources } of result.results)
      for (const { id } of resources) {
        const path = `${name}/resource/${id}`;
        if ((await (await fetch(`${origin}/open-data/dataset/${path}`)).text()).includes('?view=map'))
          return path;
      }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const pages = [
  '/',
  '/search?q=ліфт',
  '/contact-centre',
  '/contact-centre/report',
  '/contact-centre/requests',
  '/contact-centre/requests?q=нічогонемає',
  '/contact-centre/requests/{number}',
  '/contact-centre/track?number=123',
  '/contact-centre/map',
  '/contact-centre/performance',
  '/contact-centre/performance/due?organisation=teplo',
  '/contact-centre/subscribe',
  '/contact-centre/help',
  '/contact-centre/appeal',
  '/contact-centre/help?q=опалення',
  '/contact-centre/help/subsidy',
  '/open-data',
  '/open-data?q=нічогонемає',
  '/open-data/dataset/{dataset}',
  '/open-data/dataset/{table}',
  '/open-data/dataset/{table}?view=chart',
  '/open-data/dataset/{table}?view=map',
  '/open-data/dataset/air-quality/resource/{file}/versions',
  '/open-data/dataset/air-quality/resource/{file}@v1',
  '/open-data/dataset/air-quality/resource/{file}/diff',
  '/open-data/dataset/air-quality/resource/{file}?view=quality',
  '/open-data/embed/{file}',
  '/open-data/query',
  '/open-data/query?sql=SELECT%20*%20FROM%20%22{file}%22%20LIMIT%205',
  '/open-data/query?sql=DROP%20TABLE%20x',
  '/open-data/coverage',
  '/open-data/coverage?state=broken',
  '/open-data/coverage/ledger',
  '/open-data/organization',
  '/open-data/organization/dovkillia',
  '/open-data/group',
  '/open-data/group/envi',
  '/sign-in',
  '/accessibility',
  '/privacy',
  '/privacy/certificate',
  '/privacy/purposes',
  '/about',
  '/api',
  '/design',
  '/nowhere',
] as const;
const addressOf = (path: string) =>
  path
    .replace('{number}', number)
    .replace('{table}', table)
    .replace('{file}', file)
    .replace('{dataset}', table.split('/')[0]!);

/** Maps and charts have scripts that add to them, an open request tells that it has changed; every other public page has no script. */
const withIslands: readonly string[] = [
  '/contact-centre/map',
  '/design',
  '/contact-centre/requests/{number}',
  '/open-data/dataset/{table}?view=chart',
  '/open-data/dataset/{table}?view=map',
];
const withOwnWeight: readonly string[] = ['/contact-centre/map', '/design'];

describe.each(pages)('%s', (path) => {
  it('reads well for everybody: axe, 320 px, large text, light and dark, phone and desk, Ukrainian and English', async () => {
    for (const [width, dark, language] of [
      ['phone', false, ''],
      ['desk', true, '/en'],
    ] as const) {
      const url = new URL(language + addressOf(path), origin).href;
      const html = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
      expect(html).toContain(`<html lang="${language ? 'en' : 'uk'}"`);
      await expectReadable(browser, {
        html,
        url,
        size: widths[width],
        dark,
        ...(path === '/design' ? { headings: 'many' } : {}),
      });
    }
  });
});

it('public pages weigh at most 30 KB with their styles and load no script', async () => {
  for (const path of pages.filter((one) => !withOwnWeight.includes(one))) {
    const html = await (await fetch(origin + addressOf(path))).text();
    let bytes = gzipSync(html).length;
    for (const [, href] of html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g))
      bytes += gzipSync(Buffer.from(await (await fetch(new URL(href!, origin))).arrayBuffer())).length;
    expect(bytes, path).toBeLessThanOrEqual(30 * 1024);
    // What describes the page to search engines is data.
    const scripts = html.replaceAll('<script type="application/ld+json">', '');
    if (!withIslands.includes(path)) expect(scripts, path).not.toContain('<script');
  }
});

it('every link of the front page and the contact centre leads somewhere', async () => {
  for (const path of ['/', '/contact-centre']) {
    const html = await (await fetch(origin + path)).text();
    const links = new Set(
      [...html.matchAll(/href="(\/[^"#]*)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&')),
    );
    expect(links.size).toBeGreaterThan(8);
    for (const href of links) expect((await fetch(origin + href)).status, href).toBe(200);
  }
});
