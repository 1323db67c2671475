import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { seedRequest, testCity } from './testing.ts';

const { app, platform } = await testCity();
const { pool } = platform;
const read = async (path: string) => {
  const answer = await app.request(`/api/contact-centre${path}`, { headers: { accept: 'application/json' } });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
};

await seedRequest(pool, {
  number: '26000000001',
  at: '2026-11-20T06:00:00Z',
  state: 'closed',
  closing: 'confirmed',
  result: 'fixed',
  updated: '2026-11-20T16:30:00Z',
  organisation: 'teplo',
});
await seedRequest(pool, {
  number: '26000000002',
  at: '2026-11-21T06:00:00Z',
  state: 'closed',
  closing: 'unverified',
  result: 'fixed',
  updated: '2026-11-22T06:00:00Z',
  organisation: 'teplo',
});
await seedRequest(pool, { number: '26000000003', at: '2026-11-22T06:00:00Z', due: '2026-11-23T06:00:00Z' });
await seedRequest(pool, { number: '26000000004', publication: 'hidden' });
await seedRequest(pool, { number: '26000000005', publication: 'hidden', regime: 'statutory' });
await seedRequest(pool, {
  number: '26000000006',
  state: 'merged',
  master: '26000000001',
  at: '2026-11-19T06:00:00Z',
});

const numbers = async (query: string) =>
  ((await read(`/requests?${query}`)).body.requests as { number: string }[]).map((one) =>
    Number(one.number.slice(-2)),
  );

describe('the read API', () => {
  it('lists published requests, newest first, to every origin', async () => {
    expect(await numbers('')).toEqual([3, 2, 1, 6]);
    expect((await read('/requests')).headers.get('access-control-allow-origin')).toBe('*');
  });
  it('narrows by state, time, organisation and lateness', async () => {
    expect(await numbers('state=open')).toEqual([3]);
    expect(await numbers('overdue=true')).toEqual([3]);
    expect(await numbers('organisation=teplo')).toEqual([2, 1]);
    expect(await numbers('createdFrom=2026-11-20T06:00:00Z&createdTo=2026-11-21T06:00:00Z')).toEqual([1]);
    expect(await numbers('category=pothole')).toEqual([]);
  });
  it('comes in pages by cursor', async () => {
    const first = (await read('/requests?limit=3')).body;
    expect(first.next).toEqual(expect.any(String));
    expect(await numbers(`limit=3&cursor=${first.next}`)).toEqual([6]);
    expect((await read('/requests')).body.next).toBeNull();
  });
  it('refuses what it cannot read, naming the field', async () => {
    const refused = await read('/requests?limit=0&createdFrom=yesterday');
    expect(refused.status).toBe(422);
    expect((refused.body.errors as { field: string }[]).map((fault) => fault.field).sort()).toEqual([
      'createdFrom',
      'limit',
    ]);
    expect((await read('/requests?cursor=x')).status).toBe(422);
  });
  it('gives one request, and nothing of private or statutory ones or of reporters', async () => {
    expect((await read('/requests/26-0000-0000-1')).body).toMatchObject({
      number: '26000000001',
      closing: 'confirmed',
      closedAt: '2026-11-20T18:30:00+02:00',
    });
    for (const number of ['26000000004', '26000000005', 'x'])
      expect((await read(`/requests/${number}`)).status).toBe(404);
    expect(JSON.stringify((await read('/requests')).body)).not.toMatch(/067|кв\. 12|Таємна/);
  });
  it('counts confirmed and unverified apart, and merged ones not twice', async () => {
    const { body } = await read('/statistics');
    expect(body.rows).toEqual([
      {
        key: 'all',
        name: 'all',
        registered: 3,
        open: 1,
        overdue: 1,
        confirmed: 1,
        unverified: 1,
        vetoed: 0,
        medianHours: 10.5,
      },
    ]);
    const byOrganisation = (await read('/statistics?by=organisation')).body.rows as {
      key: string;
      registered: number;
    }[];
    expect(byOrganisation.map((row) => [row.key, row.registered])).toEqual([
      ['teplo', 2],
      ['', 1],
    ]);
    expect(
      ((await read('/statistics?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z')).body.rows as unknown[])
        .length,
    ).toBe(0);
  });
  it('is described by OpenAPI 3.1, and its answers fit the description', async () => {
    const { body } = await read('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths as object)).toEqual([
      '/api/contact-centre/requests',
      '/api/contact-centre/requests/{number}',
      '/api/contact-centre/statistics',
    ]);
    const ajv = new Ajv.default({ strict: false });
    ajv.addSchema({ $id: 'api', components: body.components });
    const valid = ajv.compile({ type: 'array', items: { $ref: 'api#/components/schemas/Request' } });
    expect(valid((await read('/requests')).body.requests) ? [] : valid.errors).toEqual([]);
  });
});
