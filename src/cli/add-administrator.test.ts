import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { newKeyRing } from '#platform/identity/secrets.ts';
import { createPlatform } from '#platform/platform.ts';
import { command } from './add-administrator.ts';

const directory = mkdtempSync(join(tmpdir(), 'misto-administrator-'));
afterAll(() => rmSync(directory, { recursive: true }));
const keysFile = join(directory, 'keys.json');
writeFileSync(keysFile, JSON.stringify(newKeyRing()));
const test = await testPlatform({ clock: systemClock });
const platform = createPlatform({ ...test, config: { ...test.config, keysFile } });

beforeAll(() => {
  vi.stubEnv('MISTO_MODE', 'test');
  vi.stubEnv('DATABASE_URL', test.url.replace('@/', '@localhost/'));
  vi.stubEnv('MISTO_KEYS', keysFile);
  vi.stubEnv('PUBLIC_URL', 'https://misto.example');
  return () => vi.unstubAllEnvs();
});

async function say(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  await command.run(args).finally(() => log.mockRestore());
  return lines.join('\n');
}

describe('misto add-administrator', () => {
  it('opens an account that comes in once by the printed password, with a second factor and a password of its own', async () => {
    const said = await say('Olena', 'Олена Перша', 'olena@example.test');
    expect(said).toContain('login: olena\n');
    expect(said).toContain('https://misto.example/sign-in/staff');
    const password = /temporary password: (\S+)/.exec(said)![1]!;

    const browser = await new TestBrowser(createApp(platform)).get('/sign-in/staff');
    await browser.submit('/sign-in/staff', { login: 'olena', password });
    const key = /<code>([A-Z2-7 ]+)<\/code>/.exec(browser.html)![1]!.replaceAll(' ', '');
    const code = new TOTP({ secret: Secret.fromBase32(key) }).generate({
      timestamp: test.clock.now().getTime(),
    });
    await browser.submit('/sign-in/staff/code', { code });
    expect(browser.html).toContain('резервні коди');
    await browser.get('/desk/people');
    expect(browser.path).toMatch(/^\/sign-in/);
    await browser.get('/sign-in/staff/password');
    await browser.submit('/sign-in/staff/password', { password: 'власне речення про кита' });
    expect(browser.path).toBe('/desk');
    await browser.get('/desk/people');
    expect(browser.html).toContain('Працівники й права');
  });

  it('leaves entries in the audit log, and neither the password nor the name readable in the database', async () => {
    const said = await say('ihor', 'Ігор Другий', 'ihor@example.test');
    const password = /temporary password: (\S+)/.exec(said)![1]!;
    const { rows } = await test.pool.query<{ action: string }>(
      `select entry->>'action' as action from audit_pending where entry->'actor'->>'name' = 'command line'`,
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['identity:create-person', 'identity:create-account', 'platform:grant']),
    );
    const all = await test.pool.query(
      'select row_to_json(a)::text from staff_account a union all select row_to_json(p)::text from person p union all select entry::text from audit_pending',
    );
    for (const secret of [password, 'Другий', 'ihor@example.test'])
      expect(JSON.stringify(all.rows)).not.toContain(secret);
  });

  it('says in one line what is wrong, and then opens nothing', async () => {
    const { rows: before } = await test.pool.query('select count(*) from person');
    await expect(say('olena', 'Інша', 'other@example.test')).rejects.toThrow('the login olena is taken');
    await expect(say('other', 'Інша', 'olena@example.test')).rejects.toThrow(/give another address/);
    await expect(say('o', 'Інша', 'other@example.test')).rejects.toThrow(/^LOGIN has/);
    await expect(say('other', 'Інша', 'other')).rejects.toThrow(/is no e-mail address/);
    expect((await test.pool.query('select count(*) from person')).rows).toEqual(before);
  });
});
