// Keeps: «question this», looks withheld with an end, and what an entry of the log says (platform.md §5.1, 5.5).
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { openSecret } from '../audit/append.ts';
import { recordRead } from '../audit/reads.ts';
import { chainPending } from '../audit/sequencer.ts';
import { manualClock } from '../clock.ts';
import { testPlatform } from '../database/testing.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import { secretsOf } from '../identity/secrets.ts';
import type { Mail } from '../notify/mailer.ts';
import { createPlatform } from '../platform.ts';
import type { MistoEnv, System } from '../system.ts';
import { type Actor, systemActor } from '../work.ts';
import { destroyKey } from './seal.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const test = await testPlatform({ clock });
const keysFile = join(mkdtempSync(join(tmpdir(), 'misto-')), 'k.json');
const config = { ...test.config, mode: 'demo' as const, keysFile };
let subject = '';
/** A page that shows somebody's data, and writes down that it did. */
const reading: System = {
  name: 'reading',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  pages: (platform) => {
    const pages = new Hono<MistoEnv>();
    pages.get('/', async (c) => {
      const data = await platform.work(c.var.visit.actor, async (work) => {
        await recordRead(work, [subject], { resource: 'request:1', purpose: 'Перевірка' });
        return 'дані Олени';
      });
      return c.html(data);
    });
    return pages;
  },
};
const platform = createPlatform({ config, clock, pool: test.pool, systems: [reading] });
const secrets = secretsOf(config);
const mails: Mail[] = [];
const app = createApp(platform, {
  cache: false,
  limits: false,
  log: () => {},
  mailer: { send: async (mail) => void mails.push(mail) },
});
const client = new pg.Client({ connectionString: test.url });
await client.connect();
afterAll(() => client.end());
const chain = async () => {
  while ((await chainPending(client, (id) => secrets.blind('audit-subject', id))) > 0);
};
const olena = await new TestBrowser(app).get('/sign-in');
await olena.submit('/sign-in', { email: 'olena@example.test' });
await olena.submit('/sign-in/code', { code: /\d{6}/.exec(mails[0]!.text)![0] });
subject = (await test.pool.query('select id from person')).rows[0].id;
const operator: Actor = {
  kind: 'staff',
  id: '0197c000-0000-7000-8000-00000000000a',
  name: 'Операторка',
  organisation: 'contact-centre',
  grants: ['operator', 'controller', 'operator'].map((role) => ({
    role,
    permissions: new Set(),
    organisation: null,
    district: null,
    branch: null,
  })),
  assurance: 2,
};
const look = (resource: string) =>
  platform.work(operator, (work) =>
    recordRead(work, [subject], { resource, purpose: 'Перевірка', case: 'request:26-7' }),
  );
async function persona(name: string): Promise<TestBrowser> {
  const browser = await new TestBrowser(app).get('/sign-in');
  return browser.submit('/sign-in/demo', { persona: name });
}

describe('an entry of the log', () => {
  it('says who in which post, unit and roles, how surely known, and within which case', async () => {
    await look('contact:7');
    await chain();
    const { rows } = await test.pool.query(
      `select record::jsonb as record from audit_log where resource = 'contact:7'`,
    );
    expect(rows[0].record).toMatchObject({
      actor: {
        name: 'Операторка',
        organisation: 'contact-centre',
        assurance: 2,
        roles: ['controller', 'operator'],
      },
      case: 'request:26-7',
      purpose: 'Перевірка',
    });
  });

  it('that cannot be written lets no data out: 503', async () => {
    await olena.get('/reading');
    expect(olena.html).toBe('дані Олени');
    await test.pool.query('alter table audit_pending add constraint full_disk check (false) not valid');
    await olena.get('/reading');
    expect(olena.status).toBe(503);
    expect(olena.html).not.toContain('дані Олени');
    const answer = await app.request('/reading', { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ title: 'trace-unwritten' });
    await test.pool.query('alter table audit_pending drop constraint full_disk');
  });
});

describe('who looked at my data', () => {
  it('lets a person question a look: a case for the privacy officer, answered in the cabinet', async () => {
    await olena.get('/cabinet/data');
    const ask = /\/cabinet\/data\/viewers\/\d+/.exec(olena.html)![0];
    await olena.get(ask);
    expect(olena.html).toContain('Операторка, contact-centre');
    await olena.submit(ask, { words: '' });
    expect(olena.status).toBe(422);
    await olena.submit(ask, { words: 'я не зверталася' });
    expect(olena.html).toContain('Відповіді ще немає');
    expect(olena.html).toContain('24.12.2026');
    const mine = olena.path;
    await olena.get(ask);
    await olena.submit(ask, { words: 'ще раз' });
    expect(olena.html).toContain('ви вже питали');

    const officer = await persona('privacy-officer');
    await officer.get('/desk/privacy/questions');
    const path = /\/desk\/privacy\/questions\/[0-9a-f-]{36}/.exec(officer.html)![0];
    await officer.get(path);
    expect(officer.html).toContain('я не зверталася');
    await officer.submit(path, { answer: 'Сусідка назвала ваш номер помилково' });
    await olena.get('/cabinet/messages');
    expect(olena.html).toContain('Відповідь про перегляд ваших даних');
    expect(olena.html).not.toContain('Сусідка');
    await olena.get(mine);
    expect(olena.html).toContain('Сусідка назвала ваш номер помилково');

    const other = await persona('administrator');
    await other.get(mine);
    expect(other.status).toBe(404);
  });

  it('keeps what the question said in the log only as long as the person is not erased', async () => {
    await chain();
    const record = JSON.parse(
      (await test.pool.query(`select record from audit_log where action = 'personal-data:question'`)).rows[0]
        .record,
    );
    expect(JSON.stringify(record)).not.toContain('зверталася');
    const opened = () => platform.work(systemActor('test'), (work) => openSecret(work, subject, record));
    expect(await opened()).toEqual({ words: 'я не зверталася' });
    await platform
      .work(systemActor('test'), async (work) => {
        await destroyKey(work, subject);
        expect(await openSecret(work, subject, record)).toBeNull();
        throw new Error('not for good');
      })
      .catch(() => {});
  });

  it('leaves out what is withheld on a ground of law, until its end', async () => {
    await look('request:26-9');
    await chain();
    await olena.get('/cabinet/data');
    expect(olena.html).toContain('request:26-9');
    const officer = await persona('privacy-officer');
    await officer.get('/desk/privacy/questions');
    const whole = {
      person: subject,
      resource: 'request:26-9',
      ground: 'КПК, ст. 222; лист 12',
      until: '2026-12-01',
    };
    for (const wrong of [
      { ground: '' },
      { until: '' },
      { until: '2026-11-01' },
      { until: '2028-11-01' },
      { person: 'x' },
    ]) {
      await officer.get('/desk/privacy/questions');
      await officer.submit('/desk/privacy/withheld', { ...whole, ...wrong } as Record<string, string>);
      expect(officer.status).toBe(422);
    }
    await officer.get('/desk/privacy/questions');
    await officer.submit('/desk/privacy/withheld', whole);
    expect(officer.html).toContain('КПК, ст. 222; лист 12');
    await olena.get('/cabinet/data');
    expect(olena.html).not.toContain('request:26-9');
    expect(olena.html).toContain('contact:7');
    clock.advance(8 * 86_400_000);
    const later = await new TestBrowser(app).get('/sign-in');
    await later.submit('/sign-in', { email: 'olena@example.test' });
    await later.submit('/sign-in/code', { code: /\d{6}/.exec(mails.at(-1)!.text)![0] });
    await later.get('/cabinet/data');
    expect(later.html).toContain('request:26-9');
  });
});
