// Keeps: programs that read are limited by what they cost, and hear of it in the form of their own standard (platform.md §12).
import { expect, it } from 'vitest';
import { apiLimit } from '#platform/http/api-limits.ts';
import { createApp } from '#platform/http/app.ts';
import { createPlatform } from '#platform/platform.ts';
import { systems } from '#systems/index.ts';
import { deskWorld } from './contact-centre/pages/desk/test-world.ts';

const world = await deskWorld();
const platform = createPlatform({ ...world.platform, pool: world.pool, systems });
const app = createApp(platform, { cache: false, limits: true, log: () => {} });
const ask = (path: string, peer: string) =>
  app.request(path, {}, { incoming: { socket: { remoteAddress: peer } } });

it('a list costs one unit, a query more and a whole file most; then each interface says 429 and when to come again', async () => {
  const peer = '203.0.113.10';
  const bulk = '/open311/bulk/requests.csv';
  for (let n = 0; n < apiLimit.count / 30 - 1; n += 1) {
    const file = await ask(bulk, peer);
    expect(file.status).toBe(200);
    await file.body?.cancel();
  }
  for (let n = 0; n < 30; n += 1)
    expect((await ask('/open311/v2/services.json', peer)).status, `${n}`).toBe(200);

  const refused = async (path: string) => {
    const answer = await ask(path, peer);
    expect(answer.status, path).toBe(429);
    expect(Number(answer.headers.get('retry-after')), path).toBeGreaterThan(0);
    return answer;
  };
  expect(await (await refused('/open311/v2/requests.json')).json()).toEqual([
    { code: 429, description: expect.stringMatching(/^too-many: more than 600 units a minute; wait \d+ s$/) },
  ]);
  await refused(bulk);
  expect(await (await refused('/open-data/api/3/action/package_list')).json()).toMatchObject({
    success: false,
    error: { __type: 'Rate Limit Error' },
  });
  await refused('/open-data/api/util/status');
  await refused('/open-data/datastore/dump/none');
  await refused('/open-data/catalog.ttl');
  const own = await refused('/api/contact-centre/requests');
  expect(own.headers.get('content-type')).toMatch(/^application\/problem\+json/);

  expect((await ask('/open311/v2/services.json', '203.0.113.11')).status).toBe(200);
  world.clock.advance(60_000);
  expect((await ask('/open311/v2/requests.json', peer)).status).toBe(200);
});

it('programs of this machine are not counted', async () => {
  for (let n = 0; n < 25; n += 1) {
    const file = await ask('/open311/bulk/requests.csv', '127.0.0.1');
    expect(file.status).toBe(200);
    await file.body?.cancel();
  }
});

it('the description of all interfaces is there where programs are counted', async () => {
  const answer = await ask('/openapi.json', '203.0.113.12');
  expect(answer.status).toBe(200);
  const { paths } = (await answer.json()) as { paths: Record<string, unknown> };
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/api/contact-centre/requests', '/api/v1/open-data/resources/{id}/versions']),
  );
});
