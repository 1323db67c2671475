import { beforeAll, describe, expect, it } from 'vitest';
import type { TestBrowser } from '#platform/http/browser.ts';
import { addVerifiedContact, createPerson } from '#platform/identity/persons.ts';
import { startSession } from '#platform/identity/sessions.ts';
import { anonymous } from '#platform/work.ts';
import { contactCentreData } from '../../../../../city/dnipro/index.ts';
import { deskWorld } from '../desk/test-world.ts';

const world = await deskWorld();
const { platform, pool } = world;
const base = '/contact-centre/report';
const house = contactCentreData.buildings[0]!;

interface Account {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
}
const olena = { name: 'Олена Калиногай', email: 'olena@example.org', phone: '067 123 45 67' };
const taras = { name: 'Тарас Дзвіночко', email: 'taras@example.org' };
const tokens = new Map<Account, string>();

beforeAll(async () => {
  for (const account of [olena, taras]) tokens.set(account, await open(account));
});

/** Takes a person in. @returns the token of a session of theirs. */
function open(account: Account): Promise<string> {
  return platform.work(anonymous, async (work) => {
    const personId = await createPerson(work, work.secrets, {
      ...(account.name ? { name: account.name } : {}),
      assurance: 1,
    });
    for (const kind of ['email', 'phone'] as const)
      if (account[kind]) await addVerifiedContact(work, work.secrets, personId, kind, account[kind]);
    return startSession(work, { personId, kind: 'person', assurance: 1, method: 'email', device: '' });
  });
}

function signIn(browser: TestBrowser, token: string | undefined): void {
  if (token) browser.cookies.set('misto', token);
  else browser.cookies.delete('misto');
}

/** From the first page to the question about the contact. */
async function toContact(browser: TestBrowser): Promise<TestBrowser> {
  await browser.get(base);
  await browser.submit(base, { address: `${house.street} ${house.house}` });
  const pass = async () => {
    if (browser.path === `${base}/nearby`) await browser.submit(`${base}/nearby`, { join: 'another' });
  };
  await pass();
  await browser.submit(`${base}/category`, { category: 'road-sign' });
  await pass();
  if (browser.path === `${base}/questions`) await browser.submit(`${base}/questions`, {});
  await browser.submit(`${base}/details`, { text: 'Знак схований за гілкою' });
  expect(browser.path).toBe(`${base}/contact`);
  return browser;
}

const filled = (html: string, name: string): string =>
  new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0].match(/value="([^"]*)"/)?.[1] ?? '';
const chosen = (html: string): string[] =>
  [...html.matchAll(/<input[^>]*name="how"[^>]*>/g)].flatMap(([tag]) =>
    /\bchecked/.test(tag) ? [/value="([^"]*)"/.exec(tag)![1]!] : [],
  );
const holds = (html: string, account: Account): boolean =>
  [account.name, account.email, account.phone, '+380671234567'].some((one) => one && html.includes(one));

describe('the contact of a report', () => {
  it('of a resident who is signed in is filled in from the account, and needs no code', async () => {
    const browser = world.visitor();
    signIn(browser, tokens.get(olena));
    await toContact(browser);
    expect(filled(browser.html, 'name')).toBe(olena.name);
    expect(filled(browser.html, 'email')).toBe(olena.email);
    expect(filled(browser.html, 'phone')).toBe('+380671234567');
    expect(chosen(browser.html)).toEqual(['email']);
    expect(browser.html).toContain('Заповнено з вашого облікового запису');
    expect(browser.headers.get('cache-control')).toBe('private, no-store');
    await browser.submit(`${base}/contact`, {
      how: 'email',
      email: olena.email,
      name: olena.name,
      visibility: 'public',
    });
    expect(browser.path).toBe(`${base}/check`);
    await browser.submit(`${base}/check`);
    expect(browser.path).toBe(`${base}/done`);
    const { rows } = await pool.query(
      'select confirmed, person from cc_reporter order by joined_at desc, id desc limit 1',
    );
    expect(rows[0]).toMatchObject({ confirmed: true, person: expect.any(String) });
  });

  it('is filled in as far as the account knows, and may be changed', async () => {
    const browser = world.visitor();
    signIn(browser, tokens.get(taras));
    await toContact(browser);
    expect([filled(browser.html, 'email'), filled(browser.html, 'phone')]).toEqual([taras.email, '']);
    await browser.submit(`${base}/contact`, { how: 'phone', phone: '050 000 00 07', visibility: 'private' });
    await browser.get(`${base}/contact?change=1`);
    expect(filled(browser.html, 'phone')).toBe('+380500000007');
    expect(filled(browser.html, 'email')).toBe('');
    const nothing = world.visitor();
    signIn(nothing, await open({}));
    await toContact(nothing);
    expect(chosen(nothing.html)).toEqual([]);
    expect(nothing.html).not.toContain('Заповнено з вашого облікового запису');
    for (const name of ['name', 'phone', 'email']) expect(filled(nothing.html, name)).toBe('');
  });

  it('shows nobody’s data to a visitor without an account, to another resident and to staff', async () => {
    for (const browser of [world.visitor(), await world.enter('operator')]) {
      await toContact(browser);
      for (const name of ['name', 'phone', 'email']) expect(filled(browser.html, name)).toBe('');
      expect(holds(browser.html, olena) || holds(browser.html, taras)).toBe(false);
    }
    const other = world.visitor();
    signIn(other, tokens.get(taras));
    await toContact(other);
    expect(holds(other.html, olena)).toBe(false);
  });

  it('that one resident gave is not shown to the next who uses the browser, and goes with no report of theirs', async () => {
    const browser = world.visitor();
    signIn(browser, tokens.get(olena));
    await toContact(browser);
    await browser.submit(`${base}/contact`, {
      how: 'email',
      email: olena.email,
      name: olena.name,
      visibility: 'public',
    });
    expect(holds(browser.html, olena)).toBe(true);
    for (const token of [undefined, tokens.get(taras)]) {
      signIn(browser, token);
      for (const step of ['check', 'contact', 'contact/code']) {
        await browser.get(`${base}/${step}`);
        expect(holds(browser.html.replace(/<header.*?<\/header>/s, ''), olena), step).toBe(false);
      }
      // What was told of the problem itself is still there.
      await browser.get(`${base}/details`);
      expect(browser.html).toContain('Знак схований за гілкою');
    }
    const before = await pool.query('select count(*)::int as n from cc_request');
    await browser.get(`${base}/contact`);
    const csrf = /name="_csrf" value="([^"]+)"/.exec(browser.html)![1]!;
    await browser.post(`${base}/check`, { _csrf: csrf });
    expect((await pool.query('select count(*)::int as n from cc_request')).rows).toEqual(before.rows);
    signIn(browser, tokens.get(olena));
    await browser.get(`${base}/check`);
    expect(browser.html).toContain(olena.email);
  });
});
