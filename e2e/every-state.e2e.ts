import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestBrowser } from '../src/platform/http/browser.ts';
import { expectReadable, sharedBrowser, widths } from './browser.ts';

const origin = inject('origin');
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

/** Somebody who asks the running city for its pages and sends its forms; only what came is drawn. */
const visitor = () =>
  new TestBrowser({
    request: (path: string, init?: RequestInit) =>
      fetch(new URL(path, origin), { ...init, redirect: 'manual' }),
  } as ConstructorParameters<typeof TestBrowser>[0]);

async function enter(persona: string): Promise<TestBrowser> {
  const person = await visitor().get('/sign-in');
  return person.submit('/sign-in/demo', { persona });
}

let drawn = 0;
/** Looks at the last page, as it came; light and dark, on a phone and at a desk by turns. */
async function look(person: TestBrowser, status = 200): Promise<void> {
  expect(person.status, person.path).toBe(status);
  drawn += 1;
  const size = widths[drawn % 4 < 2 ? 'phone' : 'desk'];
  const url = new URL(person.path, origin).href;
  await expectReadable(browser, { html: person.html, url, size, dark: drawn % 2 === 0 });
}

describe('every step of a report', () => {
  it('reads well, and so does each of its faults', async () => {
    const report = '/contact-centre/report';
    const person = await visitor().get(report);
    await look(await person.submit(report, {}), 422);
    await look(await person.submit(report, { address: 'Вигадана 999' }), 422);
    await look(await person.get(report));
    await person.submit(report, { address: 'Батумська 12' });
    if (person.path === `${report}/nearby`) {
      await look(person);
      await person.submit(person.path, { join: 'another' });
    }
    await look(person);
    await look(await person.submit(`${report}/category`, {}), 422);
    await look(await person.get(`${report}/category/search?q=опалення`));
    await look(await person.submit(`${report}/category`, { category: 'crime' }));
    await person.get(`${report}/category`);
    await person.submit(`${report}/category`, { category: 'heat-weak' });
    if (person.path === `${report}/nearby`) await person.submit(person.path, { join: 'another' });
    await look(person);
    await look(await person.submit(`${report}/questions`, {}), 422);
    await person.submit(`${report}/questions`, { flat: '7', 'answers.scope': 'flat' });
    await look(person);
    await person.submit(`${report}/details`, { text: 'Батареї ледь теплі' });
    await look(person);
    await look(await person.submit(`${report}/contact`, { how: 'phone', phone: '1' }), 422);
    await person.submit(`${report}/contact`, { how: 'phone', phone: '067 000 00 01', visibility: 'public' });
    await look(person);
    await person.submit(`${report}/check`);
    await look(person);
    const follow = /\/contact-centre\/follow\/[\w-]{22}/.exec(person.html)![0];
    await look(await person.get(follow));
    await look(await person.get(`${follow}/terms`));
  });

  it('of an appeal too, and a link that leads nowhere', async () => {
    const person = await visitor().get('/contact-centre/appeal');
    await look(await person.submit('/contact-centre/appeal', {}), 422);
    await look(await visitor().get(`/contact-centre/follow/${'A'.repeat(22)}`), 404);
    await look(await visitor().get(`/contact-centre/crew/${'A'.repeat(22)}`), 404);
    const subscriber = await visitor().get('/contact-centre/subscribe');
    await look(await subscriber.submit('/contact-centre/subscribe', { email: 'не пошта' }), 422);
  });
});

/** Pages that are the same but for what they are about. */
const patternOf = (path: string) =>
  path
    .split('?')[0]!
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
    .replaceAll(/\d+/g, ':n');

/** Within this desk, and no act that ends something. */
const isDesk = (path: string) =>
  /^\/((contact-centre|open-data)\/)?(desk|my|board)/.test(path) && !/\.(csv|json)|original=1/.test(path);

const linksOf = (html: string) =>
  [...html.matchAll(/<a\b[^>]*href="(\/[^"#]*)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'));

/** What another desk has shown already. */
const visited = new Set<string>();

describe.each([
  'resident',
  'operator',
  'appeals',
  'dispatcher',
  'crew',
  'controller',
  'supervisor',
  'moderator',
  'city-data',
  'publisher',
  'data-officer',
])('each page that can be reached from the desk of %s', (persona) => {
  it('reads well', async () => {
    const person = await enter(persona);
    const seen = new Set<string>();
    const home = person.path;
    const waiting = [home];
    for (let path = waiting.shift(); path; path = waiting.shift()) {
      const pattern = patternOf(path);
      // One home may show each post something else.
      if (seen.has(pattern) || (path !== home && visited.has(pattern))) continue;
      seen.add(pattern);
      await person.get(path);
      // A file to download is no page.
      if (!person.headers.get('content-type')?.startsWith('text/html')) continue;
      await look(person);
      waiting.push(...linksOf(person.html).filter(isDesk));
    }
    for (const pattern of seen) visited.add(pattern);
    expect(visited).toContain(patternOf(home));
  });
});

describe('faults at the desks', () => {
  it('stand beside what was typed, readable by everybody', async () => {
    const keeper = await enter('city-data');
    const settings = '/contact-centre/desk/administrator/settings/edit';
    await keeper.get(settings);
    await look(await keeper.submit(settings, {}), 422);
    const imports = '/contact-centre/desk/administrator/imports';
    await keeper.get(imports);
    await look(await keeper.submit(imports, {}), 422);
    const supervisor = await enter('supervisor');
    await supervisor.get('/contact-centre/requests?state=open');
    const number = /requests\/(\d{11})"/.exec(supervisor.html)![1]!;
    const page = `/contact-centre/desk/requests/${number}`;
    for (const [action, fields] of [
      [page, { move: 'assign' }],
      [`${page}/legal-hold`, {}],
      [`${page}/export`, {}],
      [`${page}/notes`, {}],
    ] as const) {
      await supervisor.get(page);
      await look(await supervisor.submit(action, fields), 422);
    }
    await look(await supervisor.get('/contact-centre/desk/dispatcher/bulk?move=accept'));
    await look(await supervisor.get('/contact-centre/desk/nowhere'), 404);
    await look(await (await enter('moderator')).get('/contact-centre/desk/administrator'), 403);
  });
});
