import type { AddressInfo } from 'node:net';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { Hono } from 'hono';
import { describe, expect, it, vi } from 'vitest';
import { describeCity, sharedAddresses } from '../city.ts';
import { manualClock } from '../clock.ts';
import { readConfig } from '../config/index.ts';
import { testPlatform } from '../database/testing.ts';
import { Invalid } from '../errors.ts';
import { createPlatform } from '../platform.ts';
import type { MistoEnv, System } from '../system.ts';
import { systemActor } from '../work.ts';
import { createApp } from './app.ts';
import { TestBrowser } from './browser.ts';
import { anonymousCache } from './cache.ts';
import { createLimiter } from './limits.ts';
import { createMetrics, serveMetrics } from './metrics.ts';

let drawn = 0;
let written = 0;
const system: System = {
  name: 'probe',
  title: { uk: 'Проба', en: 'Probe' },
  summary: { uk: '', en: '' },
  pages() {
    const pages = new Hono<MistoEnv>();
    pages.get('/', (c) => {
      drawn += 1;
      return c.html(`<p>${c.var.visit.theme} ${drawn}</p>`);
    });
    pages.get('/nonce', (c) => c.html(`<p>${c.var.visit.nonce}</p>`));
    pages.get('/item/:id', (c) => c.html('one'));
    pages.get('/form', (c) =>
      c.html(
        `<form action="/probe/write"><input type="hidden" name="_csrf" value="${c.var.visit.csrfToken()}"></form>`,
      ),
    );
    pages.post('/write', async (c) => {
      const form = await c.req.formData();
      if (!form.get('text')) throw new Invalid([{ field: 'text', message: 'Напишіть' }]);
      written += 1;
      const mine = written;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return c.html(`written ${mine}`);
    });
    return pages;
  },
  api() {
    const api = new OpenAPIHono<MistoEnv>();
    api.openapi(
      createRoute({
        method: 'get',
        path: '/api/v1/things',
        summary: 'Речі міста',
        request: { query: z.object({ limit: z.string().optional() }) },
        responses: {
          200: { description: 'речі', content: { 'application/json': { schema: z.array(z.string()) } } },
        },
      }),
      (c) => c.json(['a']),
    );
    api.post('/api/v1/things', async (c) => {
      written += 1;
      return c.json({ n: written, body: await c.req.json() }, 201);
    });
    api.doc31('/api/probe/openapi.json', { openapi: '3.1.0', info: { title: 'probe', version: '1' } });
    const outer = new Hono<MistoEnv>();
    outer.route('/', api);
    return outer;
  },
};
const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ systems: [system], clock });
const app = createApp(platform, { cache: true });

describe('a public page', () => {
  it('is kept for everybody without a session: shared caches may hold it ten seconds, ETag answers 304', async () => {
    const first = await app.request('/probe?utm_source=x');
    expect(first.headers.get('cache-control')).toBe('public, max-age=0, s-maxage=10');
    expect(first.headers.get('vary')).toContain('Cookie');
    expect(first.headers.get('content-security-policy')).toContain("default-src 'self'");
    const second = await app.request('/probe');
    expect(await second.text()).toBe(await first.text());
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    const etag = second.headers.get('etag')!;
    const third = await app.request('/probe', { headers: { 'if-none-match': etag } });
    expect([third.status, await third.text()]).toEqual([304, '']);
  });

  it('is another one for another look, another language, or after two seconds', async () => {
    let at = 0;
    const own = new Hono<MistoEnv>();
    own.use(async (c, next) => {
      const visit = { theme: 'system', origin: '', language: 'uk', path: c.req.path, requestId: '1' };
      c.set('visit', visit as never);
      await next();
    });
    own.use(anonymousCache(() => at));
    let n = 0;
    own.get('/x', (c) => {
      n += 1;
      return c.html(String(n));
    });
    const read = async () => (await own.request('/x')).text();
    expect(await read()).toBe('1');
    at = 1999;
    expect(await read()).toBe('1');
    at = 2001;
    expect(await read()).toBe('2');
    const dark = await app.request('/probe', { headers: { cookie: 'theme=dark' } });
    expect(await dark.text()).toContain('dark');
  });

  it('is not for a program that asks for another form of the same address', async () => {
    const own = new Hono<MistoEnv>();
    own.use(async (c, next) => {
      const visit = { theme: 'system', origin: '', language: 'uk', path: c.req.path, requestId: '1' };
      c.set('visit', visit as never);
      await next();
    });
    own.use(anonymousCache(() => 0));
    own.get('/x', (c) => (c.req.header('accept')?.includes('turtle') ? c.text('data') : c.html('page')));
    const read = async (accept?: string) =>
      (await own.request('/x', accept ? { headers: { accept } } : {})).text();
    expect(await read()).toBe('page');
    expect(await read('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe('page');
    expect(await read('text/turtle, text/html;q=0.5')).toBe('data');
    expect(await read('text/html;q=0.5, text/turtle')).toBe('data');
    expect(await read('text/html, text/turtle;q=0.5')).toBe('data');
    expect(await read('*/*')).toBe('page');
  });

  it.each(['/probe/form', '/probe/nonce'])('%s belongs to one visitor and is kept nowhere', async (path) => {
    const [one, two] = [await app.request(path), await app.request(path)];
    expect(one.headers.get('cache-control')).toBe('private, no-store');
    expect(await one.text()).not.toBe(await two.text());
  });

  it('is drawn anew for a visitor who has met a form', async () => {
    const before = drawn;
    const answer = await app.request('/probe', { headers: { cookie: 'misto-form=abc' } });
    expect(drawn).toBe(before + 1);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });
});

describe('a request with files', () => {
  const csrf = async () => {
    const browser = await new TestBrowser(app).get('/probe/form');
    return { browser, token: /value="([^"]+)"/.exec(browser.html)![1]! };
  };
  const send = async (megabytes: number) => {
    const { browser, token } = await csrf();
    await browser.post('/probe/write', {
      _csrf: token,
      text: 'фото',
      file: [new File([new Uint8Array(megabytes * 1024 * 1024)], 'a.jpg')],
    });
    return browser.status;
  };

  it('may have 60 MB and no more', async () => {
    expect(await send(2)).toBe(200);
    expect(await send(61)).toBe(413);
  });
});

describe('limits', () => {
  const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
  const limited = createApp(platform, { limits: true });

  it('allow 120 pages a minute to one address, then say when to come again; this machine is not limited', async () => {
    const visit = (peer: string) =>
      limited.request('/probe', { headers: { accept: 'text/html' } }, from(peer));
    for (let i = 0; i < 120; i += 1) expect((await visit('203.0.113.1')).status).toBe(200);
    const over = await visit('203.0.113.1');
    expect(over.status).toBe(429);
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await over.text()).toContain('Забагато запитів');
    expect((await visit('203.0.113.2')).status).toBe(200);
    for (let i = 0; i < 130; i += 1) expect((await visit('127.0.0.1')).status).toBe(200);
    clock.advance(60_000);
    expect((await visit('203.0.113.1')).status).toBe(200);
  });

  it.each([
    ['30 searches a minute', 30, '/search?q=яма', 'GET', 60_000],
    ['20 sign-ins an hour, also to this machine', 20, '/sign-in/staff', 'POST', 3_600_000],
  ] as const)('allow %s to one address', async (_, count, path, method, window) => {
    const ask = (peer: string) => limited.request(path, { method }, from(peer));
    for (const peer of method === 'POST' ? ['203.0.113.3', '127.0.0.1'] : ['203.0.113.3']) {
      for (let i = 0; i < count; i += 1) expect((await ask(peer)).status).not.toBe(429);
      expect((await ask(peer)).status).toBe(429);
    }
    expect((await ask('203.0.113.4')).status).not.toBe(429);
    clock.advance(window);
    expect((await ask('203.0.113.3')).status).not.toBe(429);
  });

  it('do not count addresses that the city knows to be shared by many', async () => {
    const school = () => limited.request('/probe', {}, from('198.51.100.7'));
    await platform.work(systemActor('test'), (work) =>
      describeCity(work, {
        name: null,
        phones: [],
        sharedAddresses: ['198.51.100.0/24'],
        quietHours: { from: 21, until: 8 },
      }),
    );
    clock.advance(60_000);
    await school();
    // What the city says is asked for behind the answer.
    await vi.waitFor(async () => expect(sharedAddresses(platform)).toHaveLength(1));
    for (let i = 0; i < 130; i += 1) expect((await school()).status).toBe(200);
  });

  it('are one count for two processes', async () => {
    const [a, b] = [createLimiter(platform), createLimiter(platform)];
    const limit = { name: 'both', count: 10, seconds: 60, strict: true };
    for (let i = 0; i < 5; i += 1) {
      expect(await a.take(limit, 'x')).toBeNull();
      expect(await b.take(limit, 'x')).toBeNull();
    }
    expect(await a.take(limit, 'x')).toBeGreaterThan(0);
    expect(await b.take(limit, 'x')).toBeGreaterThan(0);
    const { rows } = await platform.pool.query('select key from rate_count');
    expect(JSON.stringify(rows)).not.toContain('203.0.113');
  });
});

describe('a request sent twice', () => {
  async function form() {
    const browser = await new TestBrowser(app).get('/probe/form');
    return { browser, csrf: /value="([^"]+)"/.exec(browser.html)![1]! };
  }

  it('as a double click on a form has one effect, and the second click sees its result, in two processes too', async () => {
    const { browser, csrf } = await form();
    const other = createApp(createPlatform({ ...platform, pool: platform.pool }));
    const send = (to: typeof app) =>
      to.request('/probe/write', {
        method: 'POST',
        body: new URLSearchParams({ _csrf: csrf, _key: 'k1', text: 'так' }),
        headers: { cookie: `misto-form=${browser.cookies.get('misto-form')}` },
      });
    const before = written;
    const texts = await Promise.all([send(app), send(other), send(app)].map(async (a) => (await a).text()));
    expect(new Set(texts)).toEqual(new Set([`written ${before + 1}`]));
    expect(written).toBe(before + 1);
    const { rows } = await platform.pool.query(
      "select encode(body, 'escape') as body, headers from idempotency",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { body, headers } of rows) expect(`${body} ${headers}`).not.toMatch(/written|text\/html/);
  });

  it('may be corrected and sent again with the same key after a refusal', async () => {
    const { browser, csrf } = await form();
    await browser.post('/probe/write', { _csrf: csrf, _key: 'k2', text: '' });
    expect(browser.status).toBe(422);
    await browser.post('/probe/write', { _csrf: csrf, _key: 'k2', text: 'ось' });
    expect(browser.status).toBe(200);
    await browser.post('/probe/write', { _csrf: csrf, _key: 'k2', text: 'інше' });
    expect(browser.status).toBe(422);
  });

  it('by a program gets the stored answer; another body under the key is 422', async () => {
    const send = (body: unknown, key = 'api-1') =>
      app.request('/api/v1/things', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
      });
    const first = await send({ a: 1 });
    const second = await send({ a: 1 });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await second.json()).toEqual(await first.json());
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const other = await send({ a: 2 });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ title: 'key-reused' });
    clock.advance(48 * 3_600_000 + 1);
    expect((await send({ a: 2 })).status).toBe(201);
  });

  it('by a program while the first runs is 409', async () => {
    const send = () =>
      app.request('/api/v1/things', {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'busy' },
      });
    await send();
    await platform.pool.query(`update idempotency set status = null where key = 'busy'`);
    expect((await send()).status).toBe(409);
    clock.advance(61_000);
    expect((await send()).status).toBe(201);
  });

  it('that is too large is refused', async () => {
    const answer = await app.request('/api/v1/things', {
      method: 'POST',
      body: 'x'.repeat(1_100_000),
      headers: { 'content-type': 'application/json', 'content-length': '1100000' },
    });
    expect(answer.status).toBe(413);
  });
});

describe('for programs and operators', () => {
  it('the interfaces are described as OpenAPI 3.1 and on a page without scripts', async () => {
    const document = (await (await app.request('/openapi.json')).json()) as Record<string, unknown>;
    expect(document).toMatchObject({
      openapi: '3.1.0',
      paths: { '/api/v1/things': { get: { summary: 'Речі міста' } } },
    });
    const html = await (await app.request('/api')).text();
    expect(html).toContain('GET /api/v1/things');
    expect(html).not.toContain('<script');
  });

  it('the figures name routes by template and hold no values of paths', async () => {
    const metrics = createMetrics();
    const own = createApp(platform, { metrics });
    await own.request('/probe/item/380671234567');
    await own.request('/nowhere/380671234567');
    const text = await metrics.text(platform);
    expect(text).toContain('route="/probe/item/:id",status="200"');
    expect(text).toContain('misto_database_up 1');
    expect(text).not.toContain('380671234567');
  });

  it('the figures tell what waits, since when, and what failed for good', async () => {
    await platform.pool.query(
      `insert into audit_head (size, at, head, public_key) values (1, now() - interval '2 hours', '{}', 'k')`,
    );
    await platform.pool.query(
      `insert into outbox (id, name, payload, occurred_at) values (uuidv7(interval '-90 seconds'), 'a', '{}', now())`,
    );
    await platform.pool.query(
      `insert into event_dead_letter (consumer, number, error, attempts, at) values ('c', 1, 'e', 5, now())`,
    );
    const text = await createMetrics().text(platform);
    const figure = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
    expect(figure('misto_events_lag_seconds')).toBeGreaterThan(89);
    expect(figure('misto_audit_head_age_seconds')).toBeGreaterThan(7_199);
    expect(figure('misto_dead_events')).toBe(1);
    for (const name of [
      'misto_jobs_lag_seconds',
      'misto_jobs_waiting',
      'misto_dead_jobs',
      'misto_audit_lag_seconds',
      'misto_disk_free_bytes',
      'misto_disk_refusals_total',
    ])
      expect(figure(name), name).toBeGreaterThanOrEqual(0);
    await platform.pool.query('delete from outbox');
  });

  it('the figures are told to this machine alone, unless a listener elsewhere is asked for', async () => {
    const listening = async (env: Record<string, string>) => {
      const config = readConfig({ MISTO_MODE: 'test', HOST: '0.0.0.0', METRICS_PORT: '0', ...env });
      const server = (await serveMetrics(
        createPlatform({ ...platform, pool: platform.pool, config }),
        createMetrics(),
      ))!;
      const { address, port } = server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
      expect(await answer.text()).toContain('misto_database_up 1');
      server.close();
      return address;
    };
    expect(await listening({})).toBe('127.0.0.1');
    expect(await listening({ METRICS_HOST: '0.0.0.0' })).toBe('0.0.0.0');
  });
});
