// Keeps: «Хто переглядав мої дані» equals the recorded click path (platform.md §5.1, §17.4): every page of the desks that shows the
// person's data has its entry with the post, the purpose and the request, and a page that shows none leaves none.
import { afterAll, expect, it } from 'vitest';
import { routesOf } from '#platform/access/matrix.ts';
import { viewersOf } from '#platform/audit/reads.ts';
import { chainPending } from '#platform/audit/sequencer.ts';
import { createPerson } from '#platform/identity/persons.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { systemActor } from '#platform/work.ts';
import { contactCentre } from './index.ts';
import { cookiesOf, deskWorld, hiddenField, readable } from './pages/desk/test-world.ts';

const world = await deskWorld();
const { platform, app, enter, pool } = world;
const secrets = secretsOf(platform.config);
const client = await pool.connect();
afterAll(() => client.release());

const personas = ['dispatcher', 'crew', 'controller', 'supervisor', 'moderator'];
/** What only the reporter's own data holds, however it is spaced. */
const isShown = (html: string) =>
  /Позначко|670000002|671234567/.test(readable(html).replaceAll(/[\s()-]/g, ''));

it('holds an entry for each page that showed the data, by post and purpose, and none for the others', async () => {
  const person = await platform.work(systemActor('test'), (work) =>
    createPerson(work, secrets, { name: 'Олена' }),
  );
  const number = await world.report({
    reporter: { channel: 'web', language: 'uk', name: 'Олена Позначко', phone: '+380670000002', person },
  });
  const pages = routesOf(contactCentre.pages!(platform))
    .filter((route) => /^GET \/desk\/.*:number/.test(route) && !/news|cover/.test(route))
    .map((route) => `/contact-centre${route.slice('GET '.length).replace(':number', number)}`)
    .filter((path) => !path.includes(':'));
  expect(pages.length).toBeGreaterThan(12);
  const whole = `/contact-centre/desk/requests/${number}`;
  /** Every page of the walk by its request: whose it was, and whether it showed the data. */
  const path = new Map<string, { readonly visit: string; readonly shown: boolean }>();
  const note = async (visit: string, answer: Response) => {
    const html = await answer.text();
    path.set(answer.headers.get('x-request-id')!, { visit, shown: answer.status === 200 && isShown(html) });
  };
  for (const persona of personas) {
    const browser = await enter(persona);
    const cookie = cookiesOf(browser);
    for (const page of [...pages, `${whole}?contacts=1`]) {
      const answer = await app.request(page, { headers: { accept: 'text/html', cookie } });
      await note(`${persona} GET ${page}`, answer);
    }
    // What is opened by a press of a button.
    await browser.get('/cabinet');
    const csrf = hiddenField(browser.html, '_csrf');
    for (const [act, fields] of Object.entries<Record<string, string>>({
      [`/contact-centre/desk/moderator/${number}/original`]: {},
      [`/contact-centre/desk/requests/${number}/words`]: {},
      [`/contact-centre/desk/requests/${number}/export`]: { 'export-ground': 'ухвала 12/26' },
    })) {
      const answer = await app.request(act, {
        method: 'POST',
        headers: { accept: 'text/html', cookie },
        body: new URLSearchParams({ _csrf: csrf, ...fields }),
      });
      await note(`${persona} POST ${act}`, answer);
    }
  }
  while ((await chainPending(client, (id) => secrets.blind('audit-subject', id))) > 0);
  const viewers = await viewersOf(platform, person, { limit: 500 });
  const { rows } = await client.query<{ request: string }>(
    `select record::jsonb ->> 'requestId' as request from audit_log where number = any($1)`,
    [viewers.map((one) => one.number)],
  );
  const logged = new Set(rows.map(({ request }) => path.get(request)?.visit ?? 'no page of the walk'));
  const shown = [...path.values()].filter((one) => one.shown).map((one) => one.visit);
  expect([...logged].sort()).toEqual([...shown].sort());
  for (const entry of viewers) {
    expect(entry).toMatchObject({ resource: `request:${number}`, breakGlass: false });
    for (const fact of [entry.who, entry.purpose, entry.categories.join()]) expect(fact).not.toBe('');
  }
  // The walk has met data: by the controller's contacts, the moderator's original, the supervisor's export.
  for (const one of [
    `controller GET ${whole}?contacts=1`,
    `moderator POST /contact-centre/desk/moderator/${number}/original`,
    `supervisor POST /contact-centre/desk/requests/${number}/export`,
  ])
    expect(shown).toContain(one);
});
