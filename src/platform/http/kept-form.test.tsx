// Keeps: the end of a session takes nothing that was typed, and is announced (platform.md §3.5, §15); step-up goes on with the
// input (§3.1).
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Form } from '#ui/form.tsx';
import { manualClock } from '../clock.ts';
import { testPlatform } from '../database/testing.ts';
import { forgetExpiredJob } from '../identity/expired.ts';
import { mustProve, type Proof } from '../identity/proof.ts';
import type { Mail } from '../notify/mailer.ts';
import { createPlatform } from '../platform.ts';
import type { MistoEnv, System } from '../system.ts';
import { createApp } from './app.ts';
import { TestBrowser } from './browser.ts';
import { readForm } from './forms.ts';
import { needsStaff, signedIn } from './guard.ts';
import { page } from './page.tsx';

const clock = manualClock('2026-11-24T10:00:00Z');
const test = await testPlatform({ clock });
const keysFile = join(mkdtempSync(join(tmpdir(), 'misto-')), 'k.json');
const config = { ...test.config, mode: 'demo' as const, keysFile };
const minutes = (n: number) => clock.advance(n * 60_000);
const done: string[] = [];
const weighty: Proof = { level: 1, maxAge: 10 * 60_000 };

const desk: System = {
  name: 'notes',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  pages: (platform) => {
    const pages = new Hono<MistoEnv>();
    const form = (to: string) => (
      <Form action={`/notes/${to}`} csrf="">
        .
      </Form>
    );
    pages.get('/desk/:what', needsStaff(), (c) => page(c, { title: 'Нотатка' }, form(c.req.path)));
    pages.post('/desk/note', needsStaff(), async (c) => {
      const { values } = await readForm(c, z.object({ note: z.string() }));
      done.push(values.note!);
      return c.redirect('/desk', 303);
    });
    pages.post('/weighty', async (c) => {
      signedIn(c);
      mustProve(c, platform, weighty);
      const { values } = await readForm(c, z.object({ note: z.string() }));
      done.push(values.note!);
      return c.redirect('/cabinet', 303);
    });
    return pages;
  },
  personas: ['one', 'two'].map((name) => ({
    name,
    title: { uk: name, en: name },
    personName: name,
    roles: [{ role: 'administrator' }],
    home: '/desk',
  })),
};
const mails: Mail[] = [];
const app = createApp(createPlatform({ config, clock, pool: test.pool, systems: [desk] }), {
  cache: false,
  limits: false,
  mailer: { send: async (mail) => void mails.push(mail) },
});
const csrf = (browser: TestBrowser) => /name="_csrf" value="([^"]+)"/.exec(browser.html)![1]!;
async function enter(persona: string, browser = new TestBrowser(app)): Promise<TestBrowser> {
  await browser.get('/sign-in');
  return browser.submit('/sign-in/demo', { persona });
}
async function resident(email: string): Promise<TestBrowser> {
  const browser = await new TestBrowser(app).get('/sign-in');
  await browser.submit('/sign-in', { email });
  return browser.submit('/sign-in/code', { code: /\d{6}/.exec(mails.at(-1)!.text)![0] });
}
beforeEach(() => {
  done.length = 0;
});

describe('a session that ends', () => {
  it('says on every page when, and a link beside the form prolongs it', async () => {
    const browser = await enter('one');
    expect(browser.html).toContain(
      'Без дій сеанс завершиться о <time datetime="2026-11-24T10:15:00.000Z">12:15</time>',
    );
    minutes(14);
    await browser.get('/sign-in/keep');
    expect(browser.html).toContain('Без дій він завершиться о 12:29');
    minutes(14);
    await browser.get('/desk');
    expect(browser.path).toBe('/desk');
  });

  it('never says a later moment than the one at which it ends', async () => {
    const browser = await enter('one');
    clock.advance(50_000);
    await browser.get('/desk');
    const said = new Date(/datetime="([^"]+)"/.exec(browser.html)![1]!);
    clock.advance(said.getTime() - clock.now().getTime());
    await browser.get('/desk');
    expect(browser.html).toContain('Вхід');
  });

  it('during a form leads through signing in back to what was typed', async () => {
    const browser = await enter('one');
    const token = csrf(browser);
    minutes(16);
    await browser.post('/notes/desk/note', { _csrf: token, note: 'довгий текст', password: 'таємниця' });
    expect(browser.path).toBe('/sign-in?back=%2Fkept-form');
    expect(browser.html).toContain('Введене збережено');
    await browser.submit('/sign-in/demo', { persona: 'one' });
    expect(browser.path).toBe('/kept-form');
    expect(browser.html).toContain('довгий текст');
    expect(browser.html).not.toContain('таємниця');
    expect(done).toEqual([]);
    await browser.submit('/notes/desk/note');
    expect(done).toEqual(['довгий текст']);
  });

  it('shows what was typed to nobody else, on no other browser, and not after an hour', async () => {
    const browser = await enter('one');
    const token = csrf(browser);
    minutes(16);
    await browser.post('/notes/desk/note', { _csrf: token, note: 'моє' });
    const keptIn = new Map(browser.cookies);
    await enter('two', browser);
    await browser.get('/kept-form');
    expect(browser.html).not.toContain('моє');
    const elsewhere = await enter('one');
    await elsewhere.get('/kept-form');
    expect(elsewhere.html).not.toContain('моє');
    const kept = [...keptIn].find(([name]) => name.includes('kept'))!;
    elsewhere.cookies.set(...kept);
    await elsewhere.get('/kept-form');
    expect(elsewhere.html).toContain('моє');
    minutes(61);
    await enter('one', elsewhere);
    await elsewhere.get('/kept-form');
    expect(elsewhere.html).not.toContain('моє');
  });
});

describe('an act of weight', () => {
  it('goes on at once while the proof is fresh, and asks for a new one when it is old, keeping the input', async () => {
    const browser = await resident('olena@example.test');
    await browser.post('/notes/weighty', { _csrf: csrf(browser), note: 'перша' });
    expect(done).toEqual(['перша']);
    minutes(11);
    await browser.get('/cabinet');
    const before = new Map(browser.cookies);
    await browser.post('/notes/weighty', { _csrf: csrf(browser), note: 'друга' });
    expect(browser.path).toMatch(/^\/prove\?back=%2Fkept-form/);
    expect(browser.html).toContain('Підтвердьте, що це ви');
    expect(done).toEqual(['перша']);
    await browser.submit('/prove/send');
    await browser.submit('/prove', { code: '000000' });
    expect(browser.status).toBe(422);
    await browser.get('/prove?back=/kept-form');
    await browser.submit('/prove', { code: /\d{6}/.exec(mails.at(-1)!.text)![0] });
    expect(browser.path).toBe('/kept-form');
    await browser.submit('/notes/weighty');
    expect(done).toEqual(['перша', 'друга']);

    const old = new TestBrowser(app);
    for (const [name, value] of before) old.cookies.set(name, value);
    await old.get('/cabinet');
    expect(old.html).toContain('Вхід');
  });

  it('does not take a code that was sent to somebody else', async () => {
    const browser = await resident('olena@example.test');
    const other = await new TestBrowser(app).get('/sign-in');
    await other.submit('/sign-in', { email: 'taras@example.test' });
    const code = /\d{6}/.exec(mails.at(-1)!.text)![0];
    const sent = [...other.cookies].find(([name]) => name.includes('pending'))![1];
    minutes(11);
    await browser.get('/prove');
    browser.cookies.set('misto-proof', sent);
    await browser.post('/prove', { _csrf: csrf(browser), code });
    expect(browser.status).toBe(422);
  });

  it('tells a program what it would need', async () => {
    const browser = await resident('olena@example.test');
    minutes(11);
    await browser.get('/cabinet');
    await browser.post('/notes/weighty', { _csrf: csrf(browser), note: 'x' }, { accept: 'application/json' });
    expect(browser.status).toBe(401);
    expect(JSON.parse(browser.html)).toMatchObject({ title: 'proof-needed', level: 1, maxAge: 600 });
  });
});

it('what is over is removed each hour: sessions, codes, kept forms, answers to repeated requests', async () => {
  const browser = await enter('one');
  const token = csrf(browser);
  minutes(16);
  await browser.post('/notes/desk/note', { _csrf: token, note: 'x' });
  clock.advance(50 * 3_600_000);
  await enter('two');
  await forgetExpiredJob.run(createPlatform({ config, clock, pool: test.pool, systems: [] }), {});
  const { rows } = await test.pool.query(
    `select (select count(*)::int from session) as sessions, (select count(*)::int from contact_code) as codes,
            (select count(*)::int from kept_form) as forms, (select count(*)::int from idempotency) as answers`,
  );
  expect(rows).toEqual([{ sessions: 1, codes: 0, forms: 0, answers: 0 }]);
});
