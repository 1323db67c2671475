import { expect, it } from 'vitest';
import { starting } from './starting.ts';

const ask = (path: string) => starting(new Request(`http://misto.test${path}`));

it('a city that opens is alive and not ready, and its page looks again by itself without scripts', async () => {
  expect((await ask('/healthz')).status).toBe(200);
  const ready = ask('/readyz');
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'unready', problem: 'starting' }]);
  const page = ask('/contact-centre/report');
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '2']);
  const html = await page.text();
  expect(html).toContain('Місто відкривається');
  expect(html).toContain('http-equiv="refresh"');
  expect(html).not.toContain('<script');
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
});

it('programs are told in problem+json', async () => {
  const answer = ask('/open311/v2/requests.json');
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(await answer.json()).toMatchObject({ status: 503, title: 'starting' });
});
