import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCity } from './testing.ts';

/** The npm package as published in 2013, unmodified. */
interface Client {
  [method: string]: (...given: unknown[]) => void;
}
const Open311 = createRequire(import.meta.url)('open311') as new (options: Record<string, unknown>) => Client;

const { app, keys } = await testCity();
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
let origin = '';
beforeAll(async () => {
  if (!server.listening) await new Promise<void>((ready) => server.once('listening', ready));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise<void>((done) => server.close(() => done())));

function call(client: Client, method: string, ...given: unknown[]): Promise<Record<string, unknown>[]> {
  return new Promise((done, fail) => {
    client[method]!(...given, (error: unknown, data: unknown) =>
      error ? fail(new Error(String(data))) : done(data as Record<string, unknown>[]),
    );
  });
}
const client = () =>
  new Open311({
    endpoint: `${origin}/open311/v2/`,
    discovery: `${origin}/open311/discovery.json`,
    jurisdiction: 'dniprorada.gov.ua',
    apiKey: keys.app,
    format: 'json',
  });

describe('npm open311@0.0.12, unmodified, over a real port', () => {
  it('discovers', async () => {
    const found = (await call(client(), 'serviceDiscovery')) as unknown as { endpoints: unknown[] };
    expect(found.endpoints).toHaveLength(2);
  });
  it('discovers and takes the production endpoint with cache: true', async () => {
    const own = client() as Client & { endpoint: unknown; format: unknown };
    await call(own, 'serviceDiscovery', { cache: true });
    expect(String(own.endpoint)).toMatch(/\/open311\/v2\/$/);
    expect(own.format).toBe('json');
  });
  it('lists and defines services', async () => {
    const services = await call(client(), 'serviceList');
    expect(services.map((one) => one.service_code)).toContain('heat-none');
    const definition = (await call(client(), 'serviceDefinition', 'heat-none')) as unknown as {
      attributes: unknown[];
    };
    expect(definition.attributes).toHaveLength(7);
  });
  it('submits with attributes, an array among them, and reads the request back by id and by array', async () => {
    const [made] = await call(client(), 'submitRequest', {
      service_code: 'heat-none',
      lat: 48.45,
      long: 35.06,
      description: 'Холодно й темно',
      attributes: { scope: 'flat', rooms: ['kitchen', 'bedroom'] },
    });
    const number = String(made!.service_request_id);
    expect(number).toMatch(/^\d{11}$/);
    const [one] = await call(client(), 'serviceRequests', number, {});
    expect(one).toMatchObject({ service_request_id: number, description: 'Холодно й темно' });
    expect(one!.requested_datetime).toBeInstanceOf(Date);
    expect(Number.isNaN((one!.requested_datetime as Date).getTime())).toBe(false);
    expect(await call(client(), 'serviceRequests', [number, '26999999999'], {})).toHaveLength(1);
    const [extended] = await call(client(), 'serviceRequests', number, { extensions: true });
    expect((extended!.attributes as { value: string }[]).map((given) => given.value)).toEqual([
      'flat',
      'kitchen',
      'bedroom',
    ]);
    expect((await call(client(), 'serviceRequests', { status: 'open' })).length).toBeGreaterThan(0);
  });
  it('gets a token and turns it into a number', async () => {
    const [made] = await call(client(), 'submitRequest', {
      service_code: 'pothole',
      address_string: 'вул. Робоча, 12',
    });
    const [told] = await call(client(), 'token', made!.token);
    expect(told!.service_request_id).toMatch(/^\d{11}$/);
  });
  it('hears what is wrong', async () => {
    await expect(call(client(), 'submitRequest', { service_code: 'heat-none' })).rejects.toThrow(
      'attribute[scope]: missing',
    );
  });
});
