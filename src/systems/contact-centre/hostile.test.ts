// Keeps: bad input is answered in words and in bounded time, what one may not know of looks like what is not there, and
// nothing personal gets into logs, metrics, audit, events or histories (platform.md §4.3, §12, §15; contact-centre.md §9).
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import type { LogLine } from '#platform/http/log.ts';
import { createMetrics } from '#platform/http/metrics.ts';
import { csvLine } from './api/bulk.ts';
import { cookiesOf, deskWorld, hiddenField } from './pages/desk/test-world.ts';

const world = await deskWorld();
const lines: LogLine[] = [];
const metrics = createMetrics();
const app = createApp(world.platform, {
  cache: false,
  limits: false,
  log: (line) => lines.push(line),
  metrics,
  mailer: { send: async () => {} },
});
const open311 = '/open311/v2/requests.json';
const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  app.request(path, { method: 'POST', body, headers });

let secret = '';
beforeAll(async () => {
  secret = await world.report({ private: true });
});

/** All that a visitor can tell two answers apart by. */
async function looks(path: string, asked: string, cookie = '') {
  const answer = await app.request(path, { headers: { accept: 'text/html', cookie } });
  const id = answer.headers.get('x-request-id')!;
  const same = (text: string) => text.replaceAll(id, 'ID').replaceAll(asked, 'ASKED');
  const headers = [...answer.headers].map(([name, value]) => [name, same(value)]);
  const body = same(await answer.text())
    .replaceAll(/name="_(csrf|key)" value="[^"]*"/g, '')
    .replaceAll(/nonce="[^"]*"/g, '');
  return { status: answer.status, headers, body };
}

describe('what one may not know of', () => {
  const missing = '26000000000';

  it('looks like what is not there, to the public', async () => {
    for (const path of [
      '/contact-centre/requests/',
      '/api/contact-centre/requests/',
      '/open311/v2/requests/',
    ])
      expect(await looks(path + secret, secret)).toEqual(await looks(path + missing, missing));
    expect((await looks(`/contact-centre/requests/${secret}`, secret)).status).toBe(404);
  });

  it('looks like what is not there, to staff of another enterprise', async () => {
    const foreign = await world.report();
    await world.pool.query(`update cc_request set organisation = 'voda' where number = $1`, [foreign]);
    const cookie = cookiesOf(await world.enter('dispatcher'));
    for (const page of ['', '/notes', '/words', '/duplicates']) {
      const path = (number: string) => `/contact-centre/desk/requests/${number}${page}`;
      expect(await looks(path(foreign), foreign, cookie)).toEqual(
        await looks(path(missing), missing, cookie),
      );
      expect((await looks(path(foreign), foreign, cookie)).status).toBe(404);
    }
  });
});

it('a dispatcher who is demoted between page and act does nothing any more', async () => {
  const number = await world.report();
  const dispatcher = await world.enter('dispatcher');
  const path = `/contact-centre/desk/requests/${number}`;
  await dispatcher.get(path);
  expect(dispatcher.status).toBe(200);
  await world.pool.query(
    `update access_grant set revoked_at = $1 from person p
    where p.id = person_id and p.handle = 'demo:dispatcher'`,
    [world.clock.now()],
  );
  await dispatcher.post(path, { _csrf: hiddenField(dispatcher.html, '_csrf'), move: 'accept', version: '2' });
  expect([403, 404]).toContain(dispatcher.status);
  expect(await world.stateOf(number)).toBe('assigned');
  await world.pool.query(`update access_grant set revoked_at = null`);
});

describe('hostile input', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it('is refused in words by the interfaces, in bounded time', async () => {
    const json = { 'content-type': 'application/json' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
    const bodies: [string, string, Record<string, string>][] = [
      ['JSON ten thousand deep', `{"api_key":"demo","description":${deep(10_000)}}`, json],
      ['a hundred thousand deep', deep(100_000), json],
      ['half of a JSON', '{"api_key":"demo', json],
      ['__proto__', '{"__proto__":{"api_key":"demo"},"constructor":{"prototype":{"x":1}}}', json],
      ['multipart without an end', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb', multipart],
      ['multipart of nothing', 'nonsense', multipart],
      ['wrong percent signs', 'api_key=demo&description=%ZZ%E0%A4%A', form],
      ['a lone surrogate', 'api_key=demo&service_code=road-collapse&description=%ED%A0%80', form],
      ['a huge field', `api_key=demo&description=${'я'.repeat(100_000)}`, form],
      ['a NUL in a key', 'api_key=%00&service_code=%00&address_id=%00&jurisdiction_id=%00', form],
      [
        'NUL everywhere else',
        'api_key=demo&service_code=road-collapse&lat=48.464&long=35.046&first_name=%00a&phone=%00&email=%00&device_id=%00&account_id=%00&client_request_id=%00',
        form,
      ],
    ];
    for (const [what, body, headers] of bodies) {
      const started = performance.now();
      const answer = await post(open311, body, headers);
      expect(answer.status, `${what}: ${await answer.text()}`).toBeLessThan(500);
      expect(performance.now() - started, what).toBeLessThan(2_000);
    }
    const taken = await post(
      open311,
      'api_key=demo&service_code=road-collapse&lat=48.464&long=35.046&description=%00a%E2%80%AEb',
      form,
    );
    expect(taken.status, await taken.text()).toBe(200);
  });

  it('in paths, queries and headers finds nothing and breaks nothing', async () => {
    const paths = [
      '/contact-centre/requests/%00',
      '/contact-centre/requests/..%2f..%2fetc%2fpasswd',
      '/contact-centre/%ff',
      '/%2e%2e/%2e%2e/package.json',
      `/contact-centre/requests/${'9'.repeat(5_000)}`,
      '/contact-centre/requests?page=1e9',
      '/contact-centre/requests?page=-1',
      '/contact-centre/requests?page=NaN',
      '/contact-centre/requests?q=%00',
      '/contact-centre/requests?q=%27%3B%20drop%20table%20cc_request%3B--',
      '/contact-centre/requests?state=%00&branch=%00&district=%00&organisation=%00',
      '/contact-centre/requests?state=%27',
      '/contact-centre/map?z=99&x=a&lat=%00&lon=1e999',
      '/contact-centre/map?state=%00',
      '/contact-centre/follow/%00',
      '/contact-centre/subscribe/%00',
      '/contact-centre/tiles/1/2/%00',
      '/contact-centre/feed.atom?district=%00&branch=%00',
      '/contact-centre/track?number=%00',
      '/contact-centre/performance?from=31.02.2026&period=%00',
      '/contact-centre/help/%00',
      '/contact-centre/help?q=%00',
      '/contact-centre/photos/%00',
      '/search?q=%00',
      `/search?q=${'%D1%8F'.repeat(2_000)}`,
      '/sign-in?back=%00//evil.example',
      '/api/contact-centre/requests?cursor=%00&limit=9',
      '/api/contact-centre/requests?category=%00',
      '/api/contact-centre/requests?createdFrom=2026-02-31T00:00:00Z',
      '/open311/v2/requests.json?service_code=%00',
      '/open311/v2/requests.json?service_request_id=%00',
      '/open311/v2/requests.json?q=%00',
      '/open311/v2/requests.json?start_date=2026-02-31T00:00:00Z',
      '/open311/v2/requests/%00.json',
      '/open311/v2/services/%00.json',
      '/open311/v2/tokens/%00.json',
      '/open311/v2/requests.json?page_size=1e3&page=0x10',
    ];
    for (const path of paths) {
      const answer = await app.request(path, {
        headers: { accept: 'text/html', cookie: 'session=%00; misto=\u0001'.replace('\u0001', 'x') },
      });
      expect(answer.status, `${path}: ${answer.status}`).toBeLessThan(500);
    }
    const odd = await app.request('/contact-centre', {
      headers: {
        'x-forwarded-for': '::ffff:999.1.1.1, <script>',
        'accept-language': '*;q=9'.repeat(500),
        'if-none-match': 'W/"'.repeat(100),
      },
    });
    expect(odd.status).toBe(200);
  });

  it('in a form is told beside its field with what was typed', async () => {
    const visitor = await new TestBrowser(app).get('/contact-centre/report');
    for (const address of ['а\u0000б', 'а\u202Eб', 'я'.repeat(20_000)]) {
      await visitor.submit('/contact-centre/report', { address });
      expect([422, 200]).toContain(visitor.status);
    }
    await visitor.submit('/contact-centre/report', { address: 'а\u0000б' });
    expect(visitor.status).toBe(422);
    const twice = await post('/contact-centre/report', 'x', {
      'content-type': 'multipart/form-data; boundary=',
    });
    expect(twice.status).toBeLessThan(500);
  });

  it('that a spreadsheet would run as a formula is words in the public file', () => {
    const cells = ['=cmd|x', '+1', '-2+3', '@SUM(A1)', '\t=1', -35.5, 'звичайні слова', null];
    expect(csvLine(cells)).toBe(`'=cmd|x,'+1,'-2+3,'@SUM(A1),'\t=1,-35.5,звичайні слова,\r\n`);
  });
});

it('no name, phone, address of mail, word or token of a person gets into logs, metrics, audit, events or histories', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const marks = {
    first_name: 'Мітка-Імʼя',
    last_name: 'Мітка-Прізвище',
    phone: '+380997771122',
    email: 'mitka.poshta@example.org',
    device_id: 'mitka-device',
    account_id: 'mitka-account',
  };
  const report = {
    service_code: 'road-collapse',
    lat: '48.464',
    long: '35.046',
    description: 'Провал, мій тел. 099 777 11 22',
    ...marks,
  };
  const answer = await post(
    open311,
    new URLSearchParams({ api_key: 'demo', client_request_id: 'privacy-1', ...report }),
  );
  expect(answer.status).toBe(200);
  const [{ service_request_id: number } = { service_request_id: '' }] = (await answer.json()) as {
    service_request_id: string;
  }[];
  // The same again in ways that fail, for what is said of failures.
  await post(open311, new URLSearchParams({ api_key: 'mitka-key', ...report, lat: 'x' }));
  await post(open311, JSON.stringify({ api_key: 'demo', ...report, lat: 91 }), {
    'content-type': 'application/json',
  });
  await app.request(`/contact-centre/follow/mitka-token?phone=${encodeURIComponent(marks.phone)}`);
  await app.request(`/search?q=${encodeURIComponent(marks.last_name)}`);
  await app.request(`/contact-centre/requests?q=${encodeURIComponent(marks.email)}`);
  const visitor = await new TestBrowser(app).get('/sign-in');
  await visitor.submit('/sign-in', { email: marks.email });
  const operator = await world.enter('operator');
  await operator.get(`/contact-centre/desk/requests/${number}`);
  await operator.get(`/contact-centre/desk/requests/${number}/words`);
  // A failure of the database in the middle of it: the message of such an error quotes the values.
  await world.pool.query('alter table cc_reporter rename to cc_reporter_away');
  await post(open311, new URLSearchParams({ api_key: 'demo', client_request_id: 'privacy-2', ...report }));
  await operator.get(`/contact-centre/desk/requests/${number}`);
  await world.pool.query('alter table cc_reporter_away rename to cc_reporter');

  const { rows } = await world.platform.db.execute<{ said: string }>(sql`
    select entry::text as said from audit_pending union all select record from audit_log
    union all select payload::text from outbox union all select payload::text from event_log
    union all select data::text || coalesce(public_note, '') from cc_history union all select coalesce(error, '') from event_cursor
    union all select coalesce(public_text, '') from cc_request`);
  const stderr = written.mock.calls.map(([text]) => String(text));
  written.mockRestore();
  expect(stderr.join('')).toContain('"event":"open311"');
  const places = [
    ...stderr,
    JSON.stringify(lines),
    await metrics.text(world.platform),
    ...rows.map(({ said }) => said),
  ].join('\n');
  expect(rows.length).toBeGreaterThan(10);
  for (const mark of [...Object.values(marks), '099 777 11 22', '997771122', 'mitka-token', 'mitka-key'])
    expect(places.includes(mark), mark).toBe(false);
});
