// Keeps: with a full disk reads go on, writes refuse clearly, and whoever runs the city hears of it (platform.md §15).
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createApp } from '#platform/http/app.ts';
import { createMetrics } from '#platform/http/metrics.ts';
import { problemOf } from '#platform/http/problems.ts';
import { cookiesOf, deskWorld } from '#systems/contact-centre/pages/desk/test-world.ts';

const world = await deskWorld();
const lines: { code?: string }[] = [];
const app = createApp(world.platform, { cache: false, limits: false, log: (line) => lines.push(line) });
const number = await world.report();
const resident = await world.enter('resident');
const dispatcher = await world.enter('dispatcher');

// Files share a worker: what is refused here lies long ago for those that come after.
const since = performance.now.bind(performance);
vi.spyOn(performance, 'now').mockImplementation(() => since() - 20 * 60_000);

beforeAll(async () => {
  // PostgreSQL says this when a table cannot grow.
  await world.pool.query(`
    create function no_room() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100'; end $$;
    do $$ declare name regclass; begin
      for name in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
        execute format('create trigger no_room before insert or update on %s for each statement execute function no_room()', name);
      end loop;
    end $$`);
  // The next request of whoever is signed in would be noted as their last.
  world.clock.advance(90_000);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await world.pool.query('drop function no_room() cascade');
});

const get = (path: string, cookie = '') => app.request(path, { headers: { accept: 'text/html', cookie } });

it('visitors and people who are signed in go on reading', async () => {
  for (const path of [
    '/',
    '/contact-centre',
    '/contact-centre/requests',
    `/contact-centre/requests/${number}`,
    '/contact-centre/map',
    '/contact-centre/performance',
    '/contact-centre/report',
    '/search?q=батареї',
    '/open311/v2/requests.json',
    '/api/contact-centre/requests',
  ])
    expect((await get(path)).status, path).toBe(200);
  for (const path of ['/cabinet', '/contact-centre/my', '/cabinet/messages'])
    expect((await get(path, cookiesOf(resident))).status, path).toBe(200);
  expect((await get('/desk', cookiesOf(dispatcher))).status).toBe(200);
});

it('what would be written is refused in words, to people and to programs', async () => {
  const post = await app.request('/open311/v2/requests.json', {
    method: 'POST',
    body: new URLSearchParams({
      api_key: 'demo',
      service_code: 'road-collapse',
      lat: '48.464',
      long: '35.046',
      description: 'Яма',
    }),
  });
  expect(post.status).toBe(503);
  expect(Number(post.headers.get('retry-after'))).toBeGreaterThan(0);

  const page = await world.visitor().get('/contact-centre/report');
  await page.submit('/contact-centre/report', { address: 'просп. Дмитра Яворницького, 1' });
  expect(page.status).toBe(503);
  expect(page.html).toContain('Зараз нічого не можна зберегти');
  expect(page.headers.get('retry-after')).toBe('60');
});

it('a disk of the files that is full is told in the same words', () => {
  for (const code of ['ENOSPC', 'EDQUOT'])
    expect(problemOf(Object.assign(new Error('write'), { code }))).toMatchObject({
      status: 503,
      code: 'disk-full',
      retryAfter: 60,
    });
});

it('readiness warns and stays green, and the figures raise the alarm', async () => {
  const ready = await app.request('/readyz');
  expect(ready.status).toBe(200);
  expect((await ready.json()).warnings).toContain(
    'the disk is full: writes were refused in the last ten minutes',
  );
  const figures = await createMetrics().text(world.platform);
  expect(figures).toMatch(/^misto_disk_full 1$/m);
  expect(figures).toMatch(/^misto_disk_refusals_total [1-9]/m);
});
