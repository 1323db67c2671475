import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { openPool } from '#platform/database/pool.ts';
import { createApp } from '#platform/http/app.ts';
import { createPlatform } from '#platform/platform.ts';
import { contactCentre } from './index.ts';
import { filled } from './pages/desk/test-world.ts';
import { testDesk } from './pages/desk/testing.ts';

const { platform, clock, enter } = await testDesk();

/** A process that has answered once, and then sees its database go away; the page is the one that it shows next. */
async function pageWithoutDatabase(path = '/contact-centre'): Promise<{ status: number; html: string }> {
  const pool = openPool(platform.db.$client.options.connectionString!);
  const own = createPlatform({ ...platform, pool, systems: [contactCentre] });
  const app = createApp(own, { cache: false, log: () => {} });
  const ask = () => app.request(path, { headers: { accept: 'text/html' } });
  expect((await ask()).status).toBe(200);
  await pool.end();
  clock.advance(60_000);
  const answer = await ask();
  return { status: answer.status, html: await answer.text() };
}

describe('while the database is away', () => {
  it('a page says 503 and whom to call: the emergency services and the contact centre', async () => {
    const { status, html } = await pageWithoutDatabase();
    expect(status).toBe(503);
    for (const phone of ['112', '104', '101', '103', '1545']) expect(html).toContain(`href="tel:${phone}"`);
    expect(html).toContain('запах газу');
    expect((await pageWithoutDatabase('/en/contact-centre')).html).toContain('smell of gas');
  });

  it('tells the numbers that the administrator has changed on the page of settings', async () => {
    const browser = await enter('city-data');
    const form = '/contact-centre/desk/administrator/settings/edit';
    await browser.get(form);
    const phones = '112 | загроза життю | danger to life\n104 | газ';
    await browser.submit(form, { ...filled(browser.html, form), emergencyPhones: phones });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('номер | українською | англійською');
    await browser.submit(form, {
      ...filled(browser.html, form),
      phone: '0 800 500 154',
      emergencyPhones: '112 | загроза життю | danger to life',
    });
    expect(browser.status).toBe(200);
    const { html } = await pageWithoutDatabase();
    expect(html).toContain('href="tel:0800500154">0 800 500 154</a> – контакт-центр міста');
    expect(html).toContain('загроза життю');
    expect(html).not.toContain('tel:104');
  });
});

describe('a program of Open311', () => {
  const errors = async (app: ReturnType<typeof createApp>, path: string) => {
    const answer = await app.request(path);
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  };

  it('is told 503 in its own format while the database is away', async () => {
    const pool = openPool(platform.db.$client.options.connectionString!);
    const app = createApp(createPlatform({ ...platform, pool, systems: [contactCentre] }), {
      cache: false,
      log: () => {},
    });
    expect((await app.request('/open311/v2/requests.json')).status).toBe(200);
    await pool.end();
    const json = await errors(app, '/open311/v2/requests.json');
    expect(json).toMatchObject({ status: 503, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(json.body)).toEqual([{ code: 503, description: expect.any(String) }]);
    const xml = await errors(app, '/open311/v2/requests.xml');
    expect(xml).toMatchObject({ status: 503, type: 'text/xml; charset=utf-8' });
    expect(xml.body).toMatch(
      /<errors><error><code>503<\/code><description>[^<]+<\/description><\/error><\/errors>/,
    );
  });

  it('is told 500 in its own format, and nothing of what broke', async () => {
    const app = createApp(platform, { cache: false, log: () => {} });
    await platform.db.execute(sql`alter table cc_request rename to cc_gone`);
    try {
      const json = await errors(app, '/open311/v2/requests.json');
      expect(json.status).toBe(500);
      expect(JSON.parse(json.body)).toEqual([{ code: 500, description: expect.any(String) }]);
      const xml = await errors(app, '/open311/v2/requests.xml');
      expect(xml.status).toBe(500);
      expect(xml.body).toMatch(/<errors><error><code>500<\/code>/);
      expect(json.body + xml.body).not.toContain('cc_request');
    } finally {
      await platform.db.execute(sql`alter table cc_gone rename to cc_request`);
    }
  });
});
