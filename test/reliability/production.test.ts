// Keeps: a city runs in production on a PostgreSQL of its own, whose owner is no superuser (platform.md §1.2, §1.3): it takes its
// data in, says what is missing, refuses a demonstration's database, lets its first administrator in and takes a request.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '#platform/database/embedded.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { startCity } from '../../e2e/server.ts';
import { connect, makeKeys, post, type Running, report } from './city.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'misto-production-'));
const letters: string[] = [];
const mail = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, _session, done) {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    stream.on('end', () => {
      letters.push(text);
      done();
    });
  },
});
let server: EmbeddedServer;
let city: Running;
let env: Record<string, string>;
let number: string | null = null;

/** A process of misto with the settings of the city: how it ended, and everything that it said. */
async function misto(program: 'main' | 'cli', ...args: string[]): Promise<{ status: number; said: string }> {
  const child = spawn('node_modules/.bin/node', [`dist/server/${program}.js`, ...args], {
    cwd: root,
    env: { ...process.env, ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  const [status] = await once(child, 'close');
  return { status, said };
}

/** A browser without scripts over the network. */
const browser = () =>
  new TestBrowser({
    request: async (path, init) => fetch(city.origin + path, { ...init, redirect: 'manual' }),
  });

beforeAll(async () => {
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
  server = await startEmbedded({ dataDirectory: join(folder, 'server'), durable: true });
  const admin = await connect(server.urlOf('postgres'));
  await admin.query(`create role city_owner login password 'x' nosuperuser createrole`);
  await admin.query(`create database city owner city_owner encoding 'UTF8' template template0`);
  await admin.end();
  const url = new URL(server.urlOf('city').replace('@/', '@localhost/'));
  url.username = 'city_owner';
  url.password = 'x';
  env = {
    MISTO_MODE: 'production',
    MISTO_CITY: 'dnipro',
    MISTO_KEYS: join(folder, 'keys.json'),
    MISTO_DATA_DIR: join(folder, 'data'),
    PUBLIC_URL: 'https://misto.example',
    DATABASE_URL: url.href,
    SMTP_URL: `smtp://127.0.0.1:${(mail.server.address() as { port: number }).port}`,
    MAIL_FROM: 'city@misto.example',
  };
  expect(await misto('cli', 'keys', env.MISTO_KEYS!)).toMatchObject({ status: 0 });
  city = await startCity(env.MISTO_DATA_DIR!, env);
});
afterAll(async () => {
  await city?.stop();
  await server?.stop();
  mail.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a city in production', () => {
  it('opens with its data and without anything made up, and says what is missing', async () => {
    expect(city.said()).toContain(
      'misto: Nobody can sign in as staff yet: npm run misto -- add-administrator',
    );
    expect(city.said()).not.toContain('SMTP_URL');
    const page = await browser().get('/');
    expect(page.status).toBe(200);
    expect(page.html).toContain('Дніпро');
    expect(page.html).not.toContain('Демонстрація');
    expect((await page.get('/sign-in')).html).not.toContain('persona');
    expect((await page.get('/contact-centre/report')).status).toBe(200);
    expect((await (await fetch(`${city.origin}/readyz`)).json()).status).toBe('ready');
    const client = await connect(server.urlOf('city'));
    const { rows } = await client.query(
      `select (select rolsuper from pg_roles where rolname = 'city_owner') as super,
         (select count(*)::int from cc_request) as requests, (select count(*)::int from person) as people,
         (select count(*)::int from pg_stat_activity where usename = 'city_owner' and datname = 'city') > 0 as connected`,
    );
    await client.end();
    expect(rows).toEqual([{ super: false, requests: 0, people: 0, connected: true }]);
  });

  it('lets its first administrator in, by the command’s password, a second factor and a password of their own', async () => {
    const { status, said } = await misto(
      'cli',
      'add-administrator',
      'olena',
      'Олена Перша',
      'olena@misto.example',
    );
    expect(status).toBe(0);
    const password = /temporary password: (\S+)/.exec(said)![1]!;
    const staff = await browser().get('/sign-in/staff');
    await staff.submit('/sign-in/staff', { login: 'olena', password });
    const key = /<code>([A-Z2-7 ]+)<\/code>/.exec(staff.html)![1]!.replaceAll(' ', '');
    await staff.submit('/sign-in/staff/code', {
      code: new TOTP({ secret: Secret.fromBase32(key) }).generate(),
    });
    await staff.get('/sign-in/staff/password');
    await staff.submit('/sign-in/staff/password', { password: 'власне речення про кита' });
    expect((await staff.get('/desk/people')).html).toContain('Олена Перша');
    expect([...staff.cookies.keys()]).toContain('__Host-misto');
    expect(
      await misto('cli', 'add-administrator', 'olena', 'Олена Друга', 'second@misto.example'),
    ).toMatchObject({
      status: 1,
      said: expect.stringContaining('misto: the login olena is taken'),
    });
  });

  it('signs a resident in by a letter, and takes a request', async () => {
    const resident = await browser().get('/sign-in');
    await resident.submit('/sign-in', { email: 'resident@example.ua' });
    const body = Buffer.from(letters[0]!.split('\r\n\r\n').slice(1).join(''), 'base64').toString('utf8');
    await resident.submit('/sign-in/code', { code: /\d{6}/.exec(body + letters[0])![0] });
    expect((await resident.get('/cabinet')).status).toBe(200);

    const client = await connect(server.urlOf('city'));
    const [key] = await makeKeys(client, 1);
    await client.end();
    number = await post(city.origin, report(key!, 'first'));
    expect(number).toMatch(/^\d{11}$/);
    const page = await browser().get(`/contact-centre/track?number=${number}`);
    expect(page.status).toBe(200);
    const demo = await fetch(`${city.origin}/open311/v2/requests.json`, {
      method: 'POST',
      body: report('demo', 'no'),
    });
    expect(demo.status).toBe(403);
  });

  it('stops with 0 when told, and starts again with what it had and nothing to say', async () => {
    const ended = new Promise((resolve) => city.process.once('exit', resolve));
    city.process.kill('SIGTERM');
    expect(await ended).toBe(0);
    city = await startCity(env.MISTO_DATA_DIR!, env);
    expect(city.said()).not.toContain('add-administrator');
    expect((await browser().get('/contact-centre/requests')).html).toContain(
      `/contact-centre/requests/${number}`,
    );
  });

  it('is refused over a database that a demonstration has filled, in one line', async () => {
    await city.stop();
    const client = await connect(server.urlOf('city'));
    await client.query(
      `insert into person (handle, language, created_at) values ('demo:resident', 'uk', now())`,
    );
    await client.end();
    const { status, said } = await misto('main');
    expect(status).toBe(1);
    expect(said.trim()).toMatch(/^misto: MISTO_MODE: this database holds a demonstration[^\n]*$/);
  });
});
