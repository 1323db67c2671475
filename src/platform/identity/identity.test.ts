import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { Secret, TOTP } from 'otpauth';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { grantRole, revokeGrant } from '../access/grants.ts';
import { can } from '../access/index.ts';
import { manualClock } from '../clock.ts';
import { readConfig } from '../config/index.ts';
import { testPlatform } from '../database/testing.ts';
import { accessChanged } from '../events/stream.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import { type Mail, MailRefused } from '../notify/mailer.ts';
import { createPlatform } from '../platform.ts';
import type { MistoEnv, System } from '../system.ts';
import { systemActor, type Work } from '../work.ts';
import { passwordFault } from './passwords.ts';
import { createPerson, setBlocked } from './persons.ts';
import { secretsOf } from './secrets.ts';
import { endSessionsOf } from './sessions.ts';
import { createStaffAccount, setPassword } from './staff.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const system: System = {
  name: 'probe',
  title: { uk: 'Проба', en: 'Probe' },
  summary: { uk: '', en: '' },
  permissions: ['probe:act'],
  roles: [{ name: 'prober', title: { uk: '', en: '' }, permissions: ['probe:act'] }],
  personas: [
    {
      name: 'resident',
      title: { uk: 'Мешканка', en: 'Resident' },
      personName: 'Олена Вигадана',
      roles: [],
      home: '/probe',
    },
    {
      name: 'worker',
      title: { uk: 'Працівник', en: 'Worker' },
      personName: 'Іван Вигаданий',
      roles: [{ role: 'prober', organisation: 'water' }],
      organisation: 'water',
      home: '/probe',
    },
  ],
  pages() {
    const pages = new Hono<MistoEnv>();
    pages.get('/', (c) => {
      const { actor, session } = c.var.visit;
      return c.json({
        ...actor,
        personName: session?.personName,
        may: can(actor, 'probe:act', { organisation: 'water' }),
        mayElsewhere: can(actor, 'probe:act', { organisation: 'gas' }),
      });
    });
    pages.get('/form', (c) =>
      c.html(
        `<form action="/probe/write"><input type="hidden" name="_csrf" value="${c.var.visit.csrfToken()}"></form>`,
      ),
    );
    pages.post('/write', async (c) => c.text(`written ${(await c.req.formData()).get('text')}`));
    return pages;
  },
};
const platform = await testPlatform({ systems: [system], clock });
const secrets = secretsOf(platform.config);
const mails: Mail[] = [];
const mailer = {
  async send(mail: Mail) {
    mails.push(mail);
  },
};
const app = createApp(platform, { mailer });
const seed = systemActor('test');
const keysFile = join(mkdtempSync(join(tmpdir(), 'misto-keys-')), 'keys.json');
let browser = new TestBrowser(app);
beforeEach(() => {
  browser = new TestBrowser(app);
  mails.length = 0;
});
const who = async (b = browser) => JSON.parse((await b.get('/probe')).html);

describe('a resident', () => {
  async function askForCode(email: string): Promise<string> {
    await browser.get('/sign-in');
    await browser.submit('/sign-in', { email });
    return /\d{6}/.exec(mails.at(-1)?.text ?? '')?.[0] ?? '';
  }

  it('signs in with a code sent by e-mail, is taken in on the first time and known on the second', async () => {
    const code = await askForCode(' Olena@Example.ua ');
    expect(mails[0]!.to).toBe('olena@example.ua');
    await browser.submit('/sign-in/code', { code });
    const first = await who();
    expect(first).toMatchObject({ kind: 'person', assurance: 1, name: 'мешканець', grants: [] });
    browser = new TestBrowser(app);
    await askForCode('olena@example.ua');
    await browser.submit('/sign-in/code', { code: mails[1]!.subject.match(/\d{6}/)![0] });
    expect((await who()).id).toBe(first.id);
  });

  it('is told when the mail server does not answer, keeps the address in the form, and may try again at once', async () => {
    let fault: Error | null = Object.assign(new Error('connect 203.0.113.1'), { code: 'ETIMEDOUT' });
    const away = createApp(platform, {
      mailer: {
        async send(mail) {
          if (fault) throw fault;
          mails.push(mail);
        },
      },
    });
    browser = new TestBrowser(away);
    await browser.get('/sign-in');
    const lines = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    for (let i = 0; i < 6; i += 1) {
      await browser.submit('/sign-in', { email: 'away@example.ua' });
      expect(browser.status).toBe(503);
      expect(browser.html).toContain('поштовий сервер зараз не відповідає');
      expect(browser.html).toContain('value="away@example.ua"');
    }
    fault = new MailRefused('550 no such user away@example.ua');
    await browser.submit('/sign-in', { email: 'away@example.ua' });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('не приймає листів');
    expect(JSON.stringify(lines.mock.calls)).not.toContain('away@example');
    lines.mockRestore();
    fault = null;
    await browser.submit('/sign-in', { email: 'away@example.ua' });
    await browser.submit('/sign-in/code', { code: mails[0]!.text.match(/\d{6}/)![0] });
    expect((await who()).kind).toBe('person');
  });

  it('leads back to the page that asked to sign in', async () => {
    await browser.get('/cabinet/sessions');
    expect(browser.html).toContain('Вхід');
    await browser.submit('/sign-in', { email: 'back@example.ua' });
    await browser.submit('/sign-in/code', { code: mails[0]!.text.match(/\d{6}/)![0] });
    expect(browser.path).toBe('/cabinet/sessions');
  });

  it('gets no further with a code that is wrong, used, older than ten minutes, or after five tries', async () => {
    const code = await askForCode('tries@example.ua');
    const wrong = code === '000000' ? '000001' : '000000';
    await browser.submit('/sign-in/code', { code: wrong });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('<title>Помилка: Введіть код');
    for (let i = 0; i < 4; i += 1) await browser.submit('/sign-in/code', { code: wrong });
    await browser.submit('/sign-in/code', { code });
    expect(browser.status).toBe(422);

    const late = await askForCode('late@example.ua');
    clock.advance(10 * 60_000 + 1);
    await browser.submit('/sign-in/code', { code: late });
    expect(browser.status).toBe(422);
    expect((await who()).kind).toBe('anonymous');
  });

  it('is sent at most five codes an hour to one address', async () => {
    for (let i = 0; i < 5; i += 1) await askForCode('much@example.ua');
    expect(mails).toHaveLength(5);
    await askForCode('much@example.ua');
    expect(browser.status).toBe(429);
    expect(browser.headers.get('retry-after')).toBe('3600');
    expect(mails).toHaveLength(5);
  });

  it('leaves neither address, name, code nor token readable in the database', async () => {
    const code = await askForCode('plain@example.ua');
    await browser.submit('/sign-in/code', { code });
    const token = browser.cookies.get('misto')!;
    const { rows } = await platform.pool.query<{ t: string }>(
      `select table_name as t from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    for (const { t } of rows) {
      const dump = JSON.stringify((await platform.pool.query(`select * from "${t}"`)).rows);
      for (const marked of ['plain@example.ua', token, `"${code}"`, 'Вигадана'])
        expect(dump, t).not.toContain(marked);
    }
  });
});

describe('a member of staff', () => {
  let number = 0;
  async function account(password = 'довге речення для входу') {
    number += 1;
    const login = `op${number}`;
    const made = await platform.work(seed, async (work) => {
      const personId = await createPerson(work, secrets, { name: 'Тест Тестовий', assurance: 2 });
      const id = await createStaffAccount(work, {
        personId,
        login,
        post: 'Оператор 1',
        organisation: 'water',
        password,
      });
      // They were here before, and have chosen this password themselves.
      await work.tx.execute(sql`update staff_account set password_temporary = false where id = ${id}`);
      const grantId = await grantRole(work, {
        personId,
        role: 'prober',
        organisation: 'water',
        reason: 'test',
      });
      return { id, personId, grantId };
    });
    return { ...made, login, password };
  }
  const passwordStep = async (login: string, password: string, b = browser) => {
    await b.get('/sign-in/staff');
    return b.submit('/sign-in/staff', { login, password });
  };
  const codeFor = (key: string) =>
    new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: clock.now().getTime() });
  async function setUp(login: string, password: string) {
    await passwordStep(login, password);
    const key = /<code>([A-Z2-7 ]+)<\/code>/.exec(browser.html)![1]!.replaceAll(' ', '');
    await browser.submit('/sign-in/staff/code', { code: codeFor(key) });
    const recovery = [...browser.html.matchAll(/<li>([0-9a-f-]{23})<\/li>/g)].map((found) => found[1]!);
    return { key, recovery };
  }

  it('signs in with password and authenticator code; the same code works once', async () => {
    const { login, password } = await account();
    const { key } = await setUp(login, password);
    expect(await who()).toMatchObject({
      kind: 'staff',
      name: 'Оператор 1',
      organisation: 'water',
      may: true,
    });
    expect((await who()).mayElsewhere).toBe(false);

    const second = new TestBrowser(app);
    await passwordStep(login, password, second);
    await second.submit('/sign-in/staff/code', { code: codeFor(key) });
    expect(second.status).toBe(422);
    clock.advance(30_000);
    await second.submit('/sign-in/staff/code', { code: codeFor(key) });
    expect((await who(second)).kind).toBe('staff');
  });

  it('may use each recovery code once instead', async () => {
    const { login, password } = await account();
    const { recovery } = await setUp(login, password);
    expect(recovery).toHaveLength(10);
    for (const [code, kind] of [
      [recovery[0]!, 'staff'],
      [recovery[0]!, 'anonymous'],
      [recovery[1]!, 'staff'],
    ]) {
      const other = new TestBrowser(app);
      await passwordStep(login, password, other);
      await other.submit('/sign-in/staff/code', { code: code! });
      expect((await who(other)).kind).toBe(kind);
    }
  });

  it('is locked out for a quarter of an hour after five wrong passwords, and looks like nobody', async () => {
    const { login, password } = await account();
    for (let i = 0; i < 5; i += 1) await passwordStep(login, 'зовсім не той пароль');
    const wrong = browser.html;
    await passwordStep(login, password);
    expect(browser.status).toBe(422);
    await passwordStep('nobody-at-all', password);
    const plain = (html: string) => html.replace(/value="[^"]*"/g, '');
    expect(plain(browser.html)).toBe(plain(wrong));
    clock.advance(15 * 60_000 + 1);
    await passwordStep(login, password);
    expect(browser.path).toContain('/sign-in/staff/code');
  });

  it('loses rights, or everything, on the next request after demotion, block or a new password', async () => {
    const { login, password, grantId, personId, id } = await account();
    const { key } = await setUp(login, password);
    await platform.work(seed, (work) => revokeGrant(work, grantId));
    expect(await who()).toMatchObject({ kind: 'staff', may: false });
    await platform.work(seed, (work) => setPassword(work, id, 'інше довге речення 7'));
    expect((await who()).kind).toBe('anonymous');
    clock.advance(60_000);
    await passwordStep(login, 'інше довге речення 7');
    await browser.submit('/sign-in/staff/code', { code: codeFor(key) });
    await browser.submit('/sign-in/staff/password', { password: 'власне речення про кита' });
    expect((await who()).kind).toBe('staff');
    await platform.work(seed, (work) => setBlocked(work, personId, true));
    expect((await who()).kind).toBe('anonymous');
  });

  it('has every open page told when they are blocked, their password is set or their sessions end', async () => {
    const { personId, id } = await account();
    const told = async (act: (work: Work) => Promise<unknown>) => {
      await platform.work(seed, act);
      const { rows } = await platform.pool.query(
        `delete from outbox where name = $1 returning payload->>'person' as person`,
        [accessChanged],
      );
      return rows.map(({ person }) => person);
    };
    await told(async () => {});
    for (const act of [
      (work: Work) => setBlocked(work, personId, true),
      (work: Work) => setPassword(work, id, 'тимчасове речення 9'),
      (work: Work) => endSessionsOf(work, personId),
      (work: Work) => endSessionsOf(work, personId, id),
    ])
      expect(await told(act)).toEqual([personId]);
  });

  it('comes no further by a password that somebody else has set than to the choice of another', async () => {
    const { login, password, id } = await account();
    const { key } = await setUp(login, password);
    const temporary = 'тимчасове речення 7';
    await platform.work(seed, (work) => setPassword(work, id, temporary));
    clock.advance(60_000);
    const back = '/cabinet/sessions';
    await browser.get(`/sign-in/staff?back=${back}`);
    await browser.submit('/sign-in/staff', { login, password: temporary });
    await browser.get('/sign-in/staff/password');
    expect(browser.path).toBe('/sign-in/staff');
    await browser.get(`/sign-in/staff/code?back=${back}`);
    await browser.submit('/sign-in/staff/code', { code: codeFor(key) });
    const step = browser.path;
    expect(step).toContain('/sign-in/staff/password');
    expect((await who()).kind).toBe('anonymous');
    await browser.get(step);
    for (const [wrong, said] of [
      [temporary, 'Це тимчасовий пароль'],
      ['qwerty123456', 'легко вгадати'],
    ]) {
      await browser.submit('/sign-in/staff/password', { password: wrong! });
      expect(browser.status).toBe(422);
      expect(browser.html).toContain(said);
    }
    await browser.get(step);
    await browser.submit('/sign-in/staff/password', { password: 'власне речення про кита' });
    expect(browser.path).toBe(back);
    expect((await who()).kind).toBe('staff');
    const next = new TestBrowser(app);
    clock.advance(60_000);
    await passwordStep(login, 'власне речення про кита', next);
    await next.submit('/sign-in/staff/code', { code: codeFor(key) });
    expect((await who(next)).kind).toBe('staff');
  });

  it('must choose a password of twelve characters that is not a common one', () => {
    for (const weak of [
      'short',
      'password1234',
      'qwerty123456',
      'aaaaaaaaaaaa',
      '123456789012',
      'Дніпро2026!!',
    ])
      expect(passwordFault(weak, []), weak).not.toBeNull();
    expect(passwordFault('operator7-скриня', ['operator7'])).toBe('personal');
    for (const fine of ['жовтий кит співає', 'correct horse battery', 'xK9#mw2!qLp0z'])
      expect(passwordFault(fine, []), fine).toBeNull();
  });

  it('cannot give a role alone: one proposes, another approves', async () => {
    const { personId } = await account();
    const self = { ...seed, kind: 'staff' as const, id: personId };
    await expect(
      platform.work(self, (work) => grantRole(work, { personId, role: 'prober', reason: 'me' })),
    ).rejects.toThrow(/alone/);
  });
});

describe('a session', () => {
  const demoApp = createDemo();

  function createDemo() {
    const config = { ...platform.config, mode: 'demo' as const, keysFile };
    return createApp(createPlatform({ config, clock, pool: platform.pool, systems: [system] }));
  }
  async function enter(persona: string, b = new TestBrowser(demoApp)) {
    await b.get('/sign-in');
    await b.submit('/sign-in/demo', { persona });
    return b;
  }

  it('of a demo persona starts with one click, with the grants of its roles, and leads to its home', async () => {
    const worker = await enter('worker');
    expect(worker.path).toBe('/probe');
    expect(JSON.parse(worker.html)).toMatchObject({
      kind: 'staff',
      name: 'Працівник',
      personName: 'Іван Вигаданий',
      may: true,
      mayElsewhere: false,
    });
    const again = await enter('worker');
    expect(JSON.parse(again.html).id).toBe(JSON.parse(worker.html).id);
    expect(JSON.parse((await enter('resident')).html)).toMatchObject({ kind: 'person', may: false });
  });

  it('of a persona is there in demo mode only', async () => {
    await browser.get('/sign-in');
    expect(browser.html).not.toContain('persona');
    const hidden = /name="_csrf" value="([^"]+)"/.exec(browser.html)![1]!;
    await browser.post('/sign-in/demo', { persona: 'worker', _csrf: hidden });
    expect(browser.status).toBe(404);
  });

  it('ends after its idle and its absolute limit: half an hour and twelve hours for residents', async () => {
    const resident = await enter('resident');
    clock.advance(29 * 60_000);
    expect((await who(resident)).kind).toBe('person');
    clock.advance(29 * 60_000);
    expect((await who(resident)).kind).toBe('person');
    clock.advance(31 * 60_000);
    expect((await who(resident)).kind).toBe('anonymous');
    const long = await enter('resident');
    for (let i = 0; i < 26; i += 1) {
      clock.advance(28 * 60_000);
      await long.get('/probe');
    }
    expect((await who(long)).kind).toBe('anonymous');
  });

  it('has a new token after each sign-in, and the old one is worth nothing', async () => {
    const one = await enter('resident');
    const before = one.cookies.get('misto')!;
    await enter('worker', one);
    expect(one.cookies.get('misto')).not.toBe(before);
    const thief = new TestBrowser(demoApp);
    thief.cookies.set('misto', before);
    expect((await who(thief)).kind).toBe('anonymous');
  });

  it('is listed to its owner, who may end one or all', async () => {
    const [phone, desk] = [await enter('resident'), await enter('resident')];
    await desk.get('/cabinet/sessions');
    expect(desk.html.match(/Невідомий пристрій/g)!.length).toBeGreaterThanOrEqual(2);
    const token = /name="_csrf" value="([^"]+)"/.exec(desk.html)![1]!;
    await desk.post('/cabinet/sessions/end', { _csrf: token });
    expect((await who(phone)).kind).toBe('anonymous');
    expect((await who(desk)).kind).toBe('anonymous');
  });
});

describe('a writing form', () => {
  it('is taken from our own pages only', async () => {
    await browser.get('/probe/form');
    await browser.submit('/probe/write', { text: 'так' });
    expect(browser.html).toBe('written так');
    await browser.get('/probe/form');
    const token = /value="([^"]+)"/.exec(browser.html)![1]!;
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      await browser.post('/probe/write', { _csrf: token }, headers);
      expect(browser.status).toBe(403);
    }
    await browser.post(
      '/probe/write',
      { _csrf: token, text: 'ні' },
      { origin: 'http://misto.test', 'sec-fetch-site': 'same-origin' },
    );
    expect(browser.html).toBe('written ні');
  });

  it('with a stale token comes again with what was typed, and is sent with one click', async () => {
    await browser.post('/probe/write', { _csrf: 'old', text: 'довгий <опис>', password: 'secret' });
    expect(browser.status).toBe(403);
    expect(browser.html).toContain('довгий &lt;опис>');
    expect(browser.html).not.toContain('secret');
    await browser.submit('/probe/write');
    expect(browser.html).toContain('written довгий');
  });

  it("does not accept another visitor's token", async () => {
    const other = new TestBrowser(app);
    await other.get('/probe/form');
    const token = /value="([^"]+)"/.exec(other.html)![1]!;
    await browser.get('/probe/form');
    await browser.post('/probe/write', { _csrf: token });
    expect(browser.status).toBe(403);
  });

  it('makes the page private and its cookie unreadable to scripts; the cookie is __Host- on https', async () => {
    const answer = await app.request('/probe/form');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('set-cookie')).toMatch(/^misto-form=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
    const config = readConfig({ MISTO_MODE: 'test', PUBLIC_URL: 'https://misto.test' });
    const secure = createApp(createPlatform({ config, clock, pool: platform.pool, systems: [system] }));
    expect((await secure.request('/probe/form')).headers.get('set-cookie')).toMatch(
      /^__Host-misto-form=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });
});
