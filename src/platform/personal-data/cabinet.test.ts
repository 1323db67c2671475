import { inflateRawSync } from 'node:zlib';
import { Hono } from 'hono';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { recordRead } from '../audit/reads.ts';
import { chainPending } from '../audit/sequencer.ts';
import { testPlatform } from '../database/testing.ts';
import { namesInArchive, proveArchive } from '../files/archive.ts';
import { filesOf, keepFile } from '../files/index.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import type { Visit } from '../http/visit.ts';
import { secretsOf } from '../identity/secrets.ts';
import { defineTemplate, inboxOf, notify, unsubscribeToken, wants } from '../notify/index.ts';
import type { Mail } from '../notify/mailer.ts';
import { messagePages, unsubscribePages } from '../notify/pages.tsx';
import type { MistoEnv, System } from '../system.ts';
import { systemActor } from '../work.ts';
import { dataPages } from './pages.tsx';
import { unworded } from './readable.tsx';

const cabinet: System = {
  name: 'cabinet-pages',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  api: (platform) => messagePages(platform).route('/', dataPages(platform)),
};
const platform = await testPlatform({ systems: [cabinet] });
const secrets = secretsOf(platform.config);
const mails: Mail[] = [];
const app = createApp(platform, { mailer: { send: async (mail) => void mails.push(mail) } });
const browser = new TestBrowser(app);
await browser.get('/sign-in');
await browser.submit('/sign-in', { email: 'olena@example.test' });
await browser.submit('/sign-in/code', { code: /\d{6}/.exec(mails[0]!.text)![0] });
const { rows } = await platform.pool.query<{ id: string }>('select id from person');
const person = rows[0]!.id;
const client = new pg.Client({ connectionString: platform.url });
await client.connect();
afterAll(() => client.end());

const said = defineTemplate<{ n: number }>('test.said', 1, {
  uk: (v) => ({ subject: `Новина ${v.n} <i>`, lines: ['Перший рядок'], href: '/contact-centre' }),
  en: (v) => ({ subject: `News ${v.n}`, lines: ['First line'] }),
});

describe('the cabinet', () => {
  it('shows messages as text, marks them read, and pages through many', async () => {
    await browser.get('/cabinet/messages');
    expect(browser.html).toContain('Повідомлень ще немає');
    for (let n = 0; n < 25; n += 1)
      await platform.work(systemActor('test'), (work) =>
        notify(work, { to: { person }, event: `e${n}`, template: said, variables: { n }, weight: 'service' }),
      );
    await browser.get('/cabinet/messages');
    expect(browser.html).toContain('25 непрочитаних');
    expect(browser.html).toContain('Новина 24 &lt;i>');
    expect(browser.html).toContain('href="/contact-centre"');
    const older = /\/cabinet\/messages\?before=[\w-]+/.exec(browser.html)![0];
    const [newest] = await inboxOf(platform.db, person);
    await browser.submit(`/cabinet/messages/${newest!.id}/read`, {});
    expect(browser.html).toContain('24 непрочитані');
    await browser.get(older);
    expect(browser.html).toContain('Новина 4 ');
    expect(browser.html).not.toContain('Новина 5 ');
  });

  it('keeps the wishes about letters', async () => {
    await browser.get('/cabinet/messages');
    await browser.submit('/cabinet/messages/wishes', { news: 'yes' });
    expect(browser.html).toContain('Збережено');
    expect(await wants(platform.db, person, 'news', 'email')).toBe(true);
  });

  it('lets a mail program end the news in one click, without form or session, but not by looking', async () => {
    const outside = new Hono<MistoEnv>();
    outside.use(async (c, next) => {
      c.set('visit', {
        language: 'uk',
        path: c.req.path,
        theme: 'system',
        origin: 'http://misto.test',
      } as Visit);
      await next();
    });
    outside.onError(() => new Response(null, { status: 404 }));
    outside.route('/', unsubscribePages(platform));
    const address = `/unsubscribe/${unsubscribeToken(secrets, person)}`;
    expect((await outside.request(address)).status).toBe(200);
    expect(await wants(platform.db, person, 'news', 'email')).toBe(true);
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    expect((await outside.request(`${address}x`, { method: 'POST', body })).status).not.toBe(200);
    expect(await wants(platform.db, person, 'news', 'email')).toBe(true);
    expect((await outside.request(address, { method: 'POST', body })).status).toBe(200);
    expect(await wants(platform.db, person, 'news', 'email')).toBe(false);
  });

  it('says who looked at one’s data, and gives all of it out', async () => {
    const operator = {
      ...systemActor('Оператор контакт-центру'),
      kind: 'staff' as const,
      id: '0197c000-0000-7000-8000-00000000000a',
    };
    await platform.work(operator, (work) =>
      recordRead(work, [person], {
        resource: 'request:26-1',
        purpose: 'Передзвонити',
        categories: ['телефон'],
      }),
    );
    while ((await chainPending(client, (id) => secrets.blind('audit-subject', id))) > 0);
    await browser.get('/cabinet/data');
    expect(browser.html).toContain('Оператор контакт-центру');
    expect(browser.html).toContain('Передзвонити');
  });

  it('gives all of it out as one archive to read, for programs and with the files, by a link of seven days', async () => {
    const content = Buffer.from('%PDF-1.7 моя довідка');
    const owner = { ...systemActor(''), kind: 'person' as const, id: person };
    await platform.work(owner, (work) =>
      keepFile(work, filesOf(platform.config), { content, type: 'application/pdf', name: 'довідка.pdf' }),
    );
    for (let n = 25; n < 130; n += 1)
      await platform.work(systemActor('test'), (work) =>
        notify(work, { to: { person }, event: `e${n}`, template: said, variables: { n }, weight: 'service' }),
      );
    await browser.get('/cabinet/data');
    await browser.submit('/cabinet/data/export', {});
    const link = /\/cabinet\/data\/export\/[\w-]+/.exec(browser.html)![0];
    expect(browser.html).toContain('діє до 01.12.2026');
    const answer = await app.request(link, { headers: { cookie: cookies(browser) } });
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const archive = Buffer.from(await answer.arrayBuffer());
    await proveArchive(archive);
    const names = namesInArchive(archive);
    expect(names.slice(0, 2)).toEqual(['index.html', 'data.json']);
    expect(names[2]).toMatch(/^files\/[\w-]+довідка\.pdf$/);
    const data = JSON.parse(unpacked(archive, 'data.json'));
    expect(data).toMatchObject({
      person: { id: person, contacts: [{ value: 'olena@example.test' }] },
      whoReadMyData: [{ who: 'Оператор контакт-центру' }],
      filesNotIncluded: [],
    });
    expect(data.messages).toHaveLength(130);
    expect(unworded(platform.systems, { ...data, 'cabinet-pages': null })).toEqual([]);
    const page = unpacked(archive, 'index.html');
    expect(page).toContain('Хто переглядав мої дані');
    expect(page).toContain('Новина 24 &lt;i>');

    const other = new TestBrowser(app);
    await other.get('/sign-in');
    await other.submit('/sign-in', { email: 'taras@example.test' });
    await other.submit('/sign-in/code', { code: /\d{6}/.exec(mails.at(-1)!.text)![0] });
    await other.get(link);
    expect(other.status).toBe(404);
    await platform.pool.query(`update data_export set expires_at = $1`, [platform.clock.now()]);
    expect((await app.request(link, { headers: { cookie: cookies(browser) } })).status).toBe(404);
  });

  it('is closed to who is not signed in', async () => {
    const stranger = new TestBrowser(app);
    for (const path of ['/cabinet/messages', '/cabinet/data']) {
      await stranger.get(path);
      expect(stranger.html).toContain('Вхід');
    }
  });
});

const cookies = (of: TestBrowser) => [...of.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

/** The text of a file in an archive. */
function unpacked(archive: Buffer, name: string): string {
  const at = archive.indexOf(Buffer.concat([Buffer.from(name), Buffer.alloc(0)])) - 30;
  const packed = archive.subarray(
    at + 30 + archive.readUInt16LE(at + 26),
    at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt32LE(at + 18),
  );
  return (archive.readUInt16LE(at + 8) === 8 ? inflateRawSync(packed) : packed).toString('utf8');
}
