import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { signingKeyOf } from '../audit/heads.ts';
import { manualClock } from '../clock.ts';
import { readConfig } from '../config/index.ts';
import { openPool } from '../database/pool.ts';
import { testPlatform } from '../database/testing.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '../errors.ts';
import { secretsOf } from '../identity/secrets.ts';
import { createPlatform } from '../platform.ts';
import type { MistoEnv, Platform, System } from '../system.ts';
import { createApp } from './app.ts';
import { createLifecycle, drain } from './lifecycle.ts';

const failing: Record<string, () => Error> = {
  missing: () => new NotFound(),
  forbidden: () => new Forbidden('probe:act'),
  invalid: () => new Invalid([{ field: 'street', message: 'Вкажіть вулицю' }]),
  conflict: () => new Conflict('changed', 'already closed'),
  broken: () => new Error('secret inside'),
};
const probe: System = {
  name: 'probe',
  title: { uk: 'Проба', en: 'Probe' },
  summary: { uk: '', en: '' },
  pages() {
    const pages = new Hono<MistoEnv>();
    pages.get('/', (c) => c.html(`<p>${c.var.visit.language} ${c.var.visit.path} ${c.var.visit.theme}</p>`));
    pages.get('/nonce', (c) => c.html(c.var.visit.nonce));
    pages.get('/network', (c) => c.text(c.var.visit.network));
    pages.get('/fail/:how', (c) => {
      throw failing[c.req.param('how')]!();
    });
    return pages;
  },
};
const platform = await testPlatform({ systems: [probe] });
const lines: unknown[] = [];
const app = createApp(platform, { log: (line) => lines.push(line), assetsDirectory: clientBuild() });
const browser = { headers: { accept: 'text/html,application/xhtml+xml' } };

function clientBuild(): string {
  const directory = mkdtempSync(join(tmpdir(), 'misto-client-'));
  mkdirSync(join(directory, 'assets'));
  mkdirSync(join(directory, '.vite'));
  writeFileSync(join(directory, 'assets', 'site-abc.css'), 'body { color: black }\n'.repeat(100));
  writeFileSync(join(directory, '.vite', 'manifest.json'), '{}');
  return directory;
}

describe('a page', () => {
  it('is Ukrainian without a prefix and English under /en, by the same route', async () => {
    expect(await (await app.request('/probe?a=1')).text()).toBe('<p>uk /probe?a=1 system</p>');
    expect(await (await app.request('/en/probe?a=1')).text()).toBe('<p>en /probe?a=1 system</p>');
  });

  it('leads an address under /uk to the one without a prefix, never to another site, and moves no form', async () => {
    const leads = async (path: string, init?: RequestInit) => {
      const answer = await app.request(path, init);
      return [answer.status, answer.headers.get('location')];
    };
    expect(await leads('/uk/probe?a=1')).toEqual([301, '/probe?a=1']);
    expect(await leads('/uk')).toEqual([301, '/']);
    for (const path of ['/uk//evil.example/a', '/uk/\\evil.example/a'])
      expect(await leads(path)).toEqual([301, '/evil.example/a']);
    expect((await leads('/uk/probe', { method: 'POST' }))[0]).not.toBe(301);
    expect((await leads('/ukraine'))[0]).toBe(404);
  });

  it('carries the security headers, its charset and a request number', async () => {
    const { headers } = await app.request('/probe');
    const csp = headers.get('content-security-policy')!;
    for (const part of [
      "default-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ])
      expect(csp).toContain(part);
    expect(csp).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('referrer-policy')).toBeTruthy();
    expect(headers.get('permissions-policy')).toBeTruthy();
    expect(headers.get('content-type')).toMatch(/charset=utf-8/i);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has its nonce in the policy, a new one each time', async () => {
    const [first, second] = [await app.request('/probe/nonce'), await app.request('/probe/nonce')];
    const nonce = await first.text();
    expect(first.headers.get('content-security-policy')).toContain(`script-src 'self' 'nonce-${nonce}'`);
    expect(nonce).not.toBe(await second.text());
  });

  it('tells browsers to come by https only where the city is on https', async () => {
    expect((await app.request('/probe')).headers.has('strict-transport-security')).toBe(false);
    const secure = createApp(withConfig({ PUBLIC_URL: 'https://misto.test' }));
    expect((await secure.request('/probe')).headers.get('strict-transport-security')).toMatch(/max-age/);
  });

  it('takes the chosen theme from a cookie, set by a form that returns to the same page', async () => {
    const form = new URLSearchParams({ theme: 'dark', return: '/en/probe' });
    const answer = await app.request('/preferences', { method: 'POST', body: form });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/en/probe');
    const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
    const next = await app.request('/probe', { headers: { cookie } });
    expect(await next.text()).toContain('dark');
    for (const back of ['//evil.example', 'https://evil.example', '/\\evil.example', '/\t/evil.example'])
      expect(
        (
          await app.request('/preferences', { method: 'POST', body: new URLSearchParams({ return: back }) })
        ).headers.get('location'),
      ).toBe('/');
  });
});

describe('an error', () => {
  it.each([
    ['missing', 404],
    ['forbidden', 403],
    ['invalid', 422],
    ['conflict', 409],
    ['broken', 500],
  ])('%s is a page with %i for browsers and problem+json for programs', async (how, status) => {
    const html = await app.request(`/probe/fail/${how}`, browser);
    expect(html.status).toBe(status);
    const body = await html.text();
    expect(body).toContain(html.headers.get('x-request-id')!);
    expect(body).not.toContain('secret inside');
    const json = await app.request(`/probe/fail/${how}`, { headers: { accept: 'application/json' } });
    expect(json.status).toBe(status);
    expect(json.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await json.json()).toMatchObject({ status, requestId: json.headers.get('x-request-id') });
  });

  it('names every fault of the input', async () => {
    const json = await app.request('/probe/fail/invalid', { headers: { accept: 'application/json' } });
    expect(await json.json()).toMatchObject({ errors: [{ field: 'street', message: 'Вкажіть вулицю' }] });
  });

  it('is a page in the language of the visitor when nothing is there', async () => {
    const uk = await app.request('/nowhere', browser);
    expect([uk.status, await uk.text()]).toEqual([404, expect.stringContaining('Сторінку не знайдено')]);
    expect(await (await app.request('/en/nowhere', browser)).text()).toContain('Page not found');
  });

  it('is problem+json on API paths whatever the program accepts', async () => {
    const answer = await app.request('/api/nothing', browser);
    expect(answer.headers.get('content-type')).toContain('problem+json');
  });

  it('of ours is logged by its place, without the message that may quote data', async () => {
    lines.length = 0;
    await app.request('/probe/fail/broken', browser);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('secret inside');
  });
});

describe('the client address', () => {
  const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
  const ask = async (target: { request: typeof app.request }, peer: string, forwarded?: string) =>
    (
      await target.request(
        '/probe/network',
        { headers: forwarded ? { 'x-forwarded-for': forwarded } : {} },
        from(peer),
      )
    ).text();

  it('is the peer; what it says of itself counts only from a trusted proxy, rightmost untrusted hop first', async () => {
    expect(await ask(app, '203.0.113.7', '198.51.100.1')).toBe('203.0.113.7');
    const behind = createApp(withConfig({ TRUSTED_PROXIES: '10.0.0.0/8 ::1' }));
    expect(await ask(behind, '10.1.2.3', '6.6.6.6, 198.51.100.1, 10.9.9.9')).toBe('198.51.100.1');
    expect(await ask(behind, '::ffff:10.1.2.3', '198.51.100.1')).toBe('198.51.100.1');
    expect(await ask(behind, '10.1.2.3', 'nonsense')).toBe('10.1.2.3');
  });

  it('is the /64 network for IPv6', async () => {
    expect(await ask(app, '2001:db8:1:2:aaaa::1')).toBe('2001:db8:1:2::/64');
    expect(await ask(app, '2001:0db8::1')).toBe('2001:db8:0:0::/64');
  });
});

describe('operations', () => {
  it('says alive and ready; not ready once the process stops', async () => {
    const lifecycle = createLifecycle();
    const own = createApp(platform, { lifecycle });
    expect((await own.request('/healthz')).status).toBe(200);
    expect((await own.request('/readyz')).status).toBe(200);
    lifecycle.beginStop();
    expect((await own.request('/readyz')).status).toBe(503);
    expect((await own.request('/healthz')).status).toBe(200);
  });

  it('warns of a PostgreSQL that is behind the schedule of minor releases', async () => {
    const clock = manualClock('2040-01-01T00:00:00Z');
    const later = createApp(
      createPlatform({ config: platform.config, clock, pool: platform.pool, systems: [] }),
    );
    expect(await (await later.request('/readyz')).json()).toEqual({
      status: 'ready',
      warnings: [expect.stringMatching(/^PostgreSQL 18\.\d+ is old: 18\.57 or newer is out/)],
    });
  });

  it('is ready with a warning while work waits behind the scenes: taking the pages away would not help', async () => {
    const ready = async () => (await early.request('/readyz')).json();
    const early = createApp(
      createPlatform({
        config: platform.config,
        clock: manualClock('2026-01-01T00:00:00Z'),
        pool: platform.pool,
        systems: [],
      }),
    );
    expect(await ready()).toEqual({ status: 'ready' });
    await platform.pool.query(
      `insert into outbox (id, name, payload, occurred_at) values (uuidv7(interval '-2 minutes'), 'a', '{}', now())`,
    );
    expect(await ready()).toEqual({
      status: 'ready',
      warnings: [expect.stringMatching(/^events have waited for 1[12]\d s$/)],
    });
    await platform.pool.query('delete from outbox');
  });

  it('is not ready with another key ring than that under which the database was written', async () => {
    const key = signingKeyOf(secretsOf(platform.config)).publicKey;
    const sign = (size: number, by: string) =>
      platform.pool.query(
        `insert into audit_head (size, at, head, public_key) values ($1, now(), '{}', $2)`,
        [size, by],
      );
    await sign(1, key);
    expect((await app.request('/readyz')).status).toBe(200);
    await sign(2, 'another');
    const answer = await app.request('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ problem: 'the key ring is not that of this database' });
    await sign(3, key);
  });

  it('stays alive but is not ready while the database is away', async () => {
    const pool = openPool('postgres://nobody@127.0.0.1:1/none');
    const own = createApp(
      createPlatform({ config: platform.config, clock: platform.clock, pool, systems: [] }),
    );
    expect((await own.request('/healthz')).status).toBe(200);
    expect((await own.request('/readyz')).status).toBe(503);
    await pool.end();
  });

  it('answers 503 with Retry-After while the database is away, as a page that needs no database', async () => {
    const pool = openPool('postgres://nobody@127.0.0.1:1/none');
    const own = createApp(
      createPlatform({ config: platform.config, clock: platform.clock, pool, systems: [] }),
      { log: () => {} },
    );
    const answer = await own.request('/', { headers: { accept: 'text/html', cookie: 'misto=token' } });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.text()).toContain('Тимчасово не працюємо');
    await pool.end();
  });

  it('lets running requests end before it stops', async () => {
    const own = new Hono();
    own.get('/slow', async (c) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return c.text('whole answer');
    });
    const lifecycle = createLifecycle();
    const server = serve({ fetch: own.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slow`;
    const running = fetch(url).then((answer) => answer.text());
    await new Promise((resolve) => setTimeout(resolve, 50));
    await drain(server, lifecycle);
    expect(await running).toBe('whole answer');
    expect(lifecycle.stopping).toBe(true);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('serves the client build, for ever under hashed names, compressed, and hides what begins with a dot', async () => {
    const css = await app.request('/assets/site-abc.css');
    expect(css.headers.get('cache-control')).toContain('immutable');
    expect(css.headers.get('content-type')).toBe('text/css; charset=utf-8');
    const again = await app.request('/assets/site-abc.css', {
      headers: { 'if-none-match': css.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
    const packed = await app.request('/assets/site-abc.css', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect((await app.request('/.vite/manifest.json')).status).toBe(404);
    expect((await app.request('/assets/../package.json')).status).toBe(404);
  });
});

function withConfig(env: Record<string, string>): Platform {
  const config = readConfig({ MISTO_MODE: 'test', PUBLIC_URL: 'http://misto.test', ...env });
  return createPlatform({ config, clock: platform.clock, pool: platform.pool, systems: [probe] });
}
