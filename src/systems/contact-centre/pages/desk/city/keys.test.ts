import { describe, expect, it } from 'vitest';
import { createApp } from '#platform/http/app.ts';
import { testDesk } from '../testing.ts';

const desk = await testDesk();
const app = createApp(desk.platform, { cache: false, limits: false, log: () => {} });
const path = '/contact-centre/desk/administrator/open311-keys';

const report = (key: string) =>
  app.request('/open311/v2/requests.json', {
    method: 'POST',
    body: new URLSearchParams({
      api_key: key,
      service_code: 'road-sign',
      lat: '48.464',
      long: '35.046',
      description: 'Знак лежить на узбіччі',
    }),
  });

describe('keys of Open311', () => {
  it('are made by an administrator, shown once, tell when they were used, and are withdrawn', async () => {
    const browser = await desk.enter('city-data');
    await browser.get('/contact-centre/desk/administrator');
    expect(browser.html).toContain(path);
    await browser.get(path);
    expect(browser.html).toContain('Ключів ще немає');
    await browser.submit(path, { label: 'Застосунок «Двір»', kind: 'app' });
    const key = /<p class="mono">([\w-]{32})<\/p>/.exec(browser.html)![1]!;
    expect(browser.html).toContain('ще ні');

    expect((await report(key)).status).toBe(200);
    await browser.get(path);
    expect(browser.html).not.toContain(key);
    expect(browser.html).toContain('Застосунок «Двір»');
    expect(browser.html).not.toContain('ще ні');
    expect(browser.html.match(/24\.11\.2026/g)).toHaveLength(2);

    const revoke = /action="([^"]+\/revoke)"/.exec(browser.html)![1]!;
    await browser.submit(revoke);
    expect(browser.html).toContain('відкликано 24.11.2026');
    expect((await report(key)).status).toBe(403);
  });

  it('of an enterprise act in its post, and need one that the city knows', async () => {
    const browser = await desk.enter('city-data');
    await browser.get(path);
    for (const organisation of ['', 'nobody']) {
      await browser.submit(path, { label: 'Облік', kind: 'agency', organisation });
      expect(browser.status).toBe(422);
      expect(browser.html).toContain('Оберіть підприємство');
      expect(browser.html).toContain('value="Облік"');
    }
    await browser.submit(path, { label: 'Облік', kind: 'agency', organisation: 'teplo' });
    const { rows } = await desk.platform.db.$client.query(
      `select kind, organisation from open311_key where kind = 'agency'`,
    );
    expect(rows).toEqual([{ kind: 'agency', organisation: 'teplo' }]);
  });

  it('are given out by nobody else', async () => {
    const browser = await desk.enter('supervisor');
    expect((await browser.get(path)).status).toBe(403);
  });
});
