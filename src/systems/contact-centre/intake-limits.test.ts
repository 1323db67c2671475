import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { createPlatform } from '#platform/platform.ts';
import type { Platform } from '#platform/system.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import type { CitySettings } from './city-data.ts';
import { joinRequest } from './joining.ts';
import { testDesk } from './pages/desk/testing.ts';
import { type NewReporter, type NewRequest, registerRequest } from './requests.ts';

const desk = await testDesk();
const { platform, clock } = desk;
const pool = platform.db.$client;
const base = '/contact-centre/report';
const house = contactCentreData.buildings[0]!;
let key = 0;

const ordinary = { category: 'road-sign', place: { building: house.id } };
const emergency = { category: 'road-collapse', place: { point: { lat: 48.464, lon: 35.046 } } };

function send(
  network: string | null,
  reporter: Partial<NewReporter> = {},
  more: Partial<NewRequest> = {},
  on: { platform?: Platform; actor?: Actor } = {},
) {
  key += 1;
  const intakeKey = `limit-${key}`;
  return (on.platform ?? platform).work(on.actor ?? anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey,
      text: 'Яма посеред проїзду',
      ...ordinary,
      reporter: { channel: 'web', language: 'uk', ...reporter },
      counted: { network },
      ...more,
    }),
  );
}

const times = async (n: number, act: () => Promise<unknown>) => {
  for (let i = 0; i < n; i += 1) await act();
};
const over = { status: 429, code: 'intake-limit' };
const count = async () => Number((await pool.query('select count(*)::int as n from cc_request')).rows[0].n);

/** The site as a visitor with this address reaches it. */
const siteFor = (remoteAddress: string) => {
  const app = createApp(platform, { cache: false, limits: false });
  return {
    request: (path: string | Request | URL, init?: RequestInit) =>
      app.request(path, init, { incoming: { socket: { remoteAddress } } }),
  };
};

async function withLimits(limits: CitySettings['intakeLimits']): Promise<void> {
  const city = { ...contactCentreData.city, ...(limits ? { intakeLimits: limits } : {}) };
  await platform.work(systemActor('city'), (work) => loadCityData(work, { ...contactCentreData, city }));
}

beforeEach(() => clock.advance(2 * 86_400_000));

describe('without signing in', () => {
  it('ten reports an hour come from one IPv4 address; another address and the next hour are free', async () => {
    await times(10, () => send('203.0.113.7'));
    await expect(send('203.0.113.7')).rejects.toMatchObject(over);
    const refused = await send('203.0.113.7').catch((error) => error);
    expect(refused.detail.by).toBe('network');
    expect(refused.detail.retryAfter).toBeGreaterThan(0);
    expect(refused.detail.retryAfter).toBeLessThanOrEqual(3_600);
    await send('203.0.113.8');
    clock.advance(3_600_000);
    await send('203.0.113.7');
  });

  it('what was refused is not stored and not counted, and the same report sent twice counts once', async () => {
    const stored = await count();
    const again = { intakeKey: 'limit-again' };
    await times(12, () => send('203.0.113.20', {}, again));
    await times(9, () => send('203.0.113.20'));
    await expect(send('203.0.113.20')).rejects.toMatchObject(over);
    expect((await send('203.0.113.20', {}, again)).repeated).toBe(true);
    expect(await count()).toBe(stored + 10);
  });

  it('two at once, and two processes, count together', async () => {
    const other = createPlatform({ ...platform, pool });
    const sent = await Promise.allSettled(
      Array.from({ length: 24 }, (_, n) =>
        send('203.0.113.30', {}, {}, { platform: n % 2 ? platform : other }),
      ),
    );
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('an emergency past the limit is stored in triage, and the page of its executor says why', async () => {
    await times(10, () => send('203.0.113.40'));
    const kept = await send('203.0.113.40', {}, emergency);
    expect(kept).toMatchObject({ state: 'triage', organisation: null });
    expect(kept.decision.overLimit).toBe(true);
    const { rows } = await platform.db.execute(sql`select from cc_assignment where request = ${kept.number}`);
    expect(rows).toHaveLength(0);
    expect((await send('203.0.113.41', {}, emergency)).state).toBe('assigned');
  });

  it('shared addresses that the city names are not counted, and the figures are the city’s to change', async () => {
    await withLimits({ anonymousPerHour: 2, sharedAddresses: ['198.51.100.0/24', '2001:db8:7::1'] });
    await times(3, () => send('198.51.100.9'));
    await times(3, () => send('2001:db8:7:0::/64'));
    await times(2, () => send('203.0.113.50'));
    await expect(send('203.0.113.50')).rejects.toMatchObject(over);
    await withLimits(undefined);
  });
});

describe('with one contact', () => {
  const phone = '+380670000042';

  it('twenty reports a day come in by the site and Open311 together, however the number is written', async () => {
    await times(10, () => send(null, { phone }));
    const post = (format: string, n: number) =>
      siteFor('203.0.113.60').request(`http://misto.test/open311/v2/requests.${format}`, {
        method: 'POST',
        body: new URLSearchParams({
          api_key: 'demo',
          service_code: 'road-sign',
          address_id: house.id,
          description: `Яма номер ${n}`,
          phone: '067 000 00 42',
        }),
      });
    for (let n = 0; n < 10; n += 1) expect((await post('json', n)).status).toBe(200);
    const refused = await post('json', 10);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject([{ code: 429, description: expect.stringContaining('1545') }]);
    const xml = await post('xml', 11);
    expect([xml.status, xml.headers.get('content-type')]).toEqual([429, 'text/xml; charset=utf-8']);
    expect(await xml.text()).toContain('<code>429</code>');
    // The client that got its answer before gets it again.
    expect((await post('json', 3)).status).toBe(200);
    await expect(send(null, { phone })).rejects.toMatchObject({ ...over, detail: { by: 'contact' } });
    const { rows } = await pool.query('select key from rate_count');
    expect(JSON.stringify(rows)).not.toMatch(/67 ?000|203\.0\.113/);
    clock.advance(86_400_000);
    await send(null, { phone });
  });

  it('a stranger who types the address stops neither its owner with a code nor the owner’s account', async () => {
    const email = 'owner@example.org';
    await times(20, () => send(null, { email }));
    await expect(send(null, { email })).rejects.toMatchObject(over);
    await send('203.0.113.70', { email, confirmed: true });
    await send('203.0.113.70', { email, person: '0192a000-0000-7000-8000-000000000001' });
  });

  it('joining a neighbour’s request counts as a report', async () => {
    const { number } = await send(null);
    const reporter = { phone, channel: 'web', language: 'uk' } as const;
    await times(20, () => send(null, { phone }));
    await expect(
      platform.work(anonymous, (work) => joinRequest(work, number, reporter, { network: null })),
    ).rejects.toMatchObject(over);
  });
});

describe('on the pages', () => {
  const network = '203.0.113.90';

  async function atCheck(browser: TestBrowser): Promise<void> {
    await browser.get(base);
    await browser.submit(base, { address: `${house.street} ${house.house}` });
    const pass = async () => {
      if (browser.path === `${base}/nearby`) await browser.submit(`${base}/nearby`, { join: 'another' });
    };
    await pass();
    await browser.submit(`${base}/category`, { category: 'road-sign' });
    await pass();
    if (browser.path === `${base}/questions`) await browser.submit(`${base}/questions`, {});
    await browser.submit(`${base}/details`, { text: 'Знак схований за гілкою' });
    await browser.submit(`${base}/contact`, { how: 'none', visibility: 'public' });
    expect(browser.path).toBe(`${base}/check`);
  }

  it('signing in by a code and the telephone are offered, nothing typed is lost, and signed in it goes through', async () => {
    await times(10, () => send(network));
    const stored = await count();
    const browser = new TestBrowser(siteFor(network) as never);
    await atCheck(browser);
    await browser.submit(`${base}/check`);
    expect(browser.status).toBe(429);
    expect(Number(browser.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(browser.html).toContain('Увійти за кодом');
    expect(browser.html).toContain('надіслано без входу 10 заявок.');
    expect(browser.html).toContain(`/sign-in?back=${encodeURIComponent(`${base}/check`)}`);
    expect(browser.html).toContain('href="tel:1545"');
    expect(browser.html).toContain('Знак схований за гілкою');
    expect(await count()).toBe(stored);
    await browser.get('/sign-in');
    await browser.submit('/sign-in/demo', { persona: 'resident' });
    await browser.get(`${base}/check`);
    expect(browser.html).toContain('Знак схований за гілкою');
    await browser.submit(`${base}/check`);
    expect(browser.path).toBe(`${base}/done`);
    expect(await count()).toBe(stored + 1);
  });

  it('an appeal past the limit keeps what was typed and offers the same', async () => {
    await times(10, () => send(network));
    const browser = await new TestBrowser(siteFor(network) as never).get('/contact-centre/appeal');
    const typed = {
      kind: 'complaint',
      essence: 'Фонтан не працює третій місяць',
      name: 'Оксана Вигадана',
      residence: 'м. Дніпро, вул. Робоча, 23',
      email: 'oksana@example.org',
    };
    await browser.submit('/contact-centre/appeal', { ...typed, do: 'check' });
    await browser.submit('/contact-centre/appeal', { do: 'send' });
    // Whoever shows the code from the address is counted alone; without it the network counts.
    await browser.submit('/contact-centre/appeal', { do: 'unproved' });
    expect(browser.status).toBe(429);
    for (const words of [typed.essence, typed.name, 'href="/sign-in"', 'tel:1545'])
      expect(browser.html).toContain(words);
  });

  it('staff at the operator’s screen are not counted', async () => {
    const staff: Actor = {
      ...anonymous,
      kind: 'staff',
      id: 'p1',
      grants: [
        {
          role: 'operator',
          permissions: new Set(['contact-centre:register_for_other']),
          organisation: null,
          district: null,
          branch: null,
        },
      ],
    };
    await times(25, () => send(network, { phone: '+380670000077' }, {}, { actor: staff }));
  });
});
