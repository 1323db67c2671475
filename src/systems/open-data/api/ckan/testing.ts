import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { createPlatform } from '#platform/platform.ts';
import type { Platform } from '#platform/system.ts';
import { openData } from '../../index.ts';

/** What came back from a call of an action. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a client knows nothing of the shape beforehand
  readonly body: any;
  /** `result` of the envelope. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly result: any;
  /** `error` of the envelope. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly error: any;
}

export interface TestPortal {
  readonly platform: Platform;
  readonly origin: string;
  /** `<origin>/open-data` */
  readonly site: string;
  /** Calls an action by POST with JSON. */
  call(action: string, parameters?: unknown, token?: string): Promise<Answered>;
  /** Calls an action by GET. */
  get(action: string, query?: string, token?: string): Promise<Answered>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Makes an organisation with an account in it. @returns the token of the account */
  member(organisation: string, role: 'admin' | 'editor' | 'member', name: string): Promise<string>;
}

export const officer = 'demo';

/** The app in demo mode on a real port, with nothing but the portal in it, as clients meet it. */
export async function testPortal(): Promise<TestPortal> {
  const base = await testPlatform();
  const platform = createPlatform({
    config: { ...base.config, mode: 'demo', publicUrl: null },
    clock: base.clock,
    pool: base.pool,
    systems: [openData],
  });
  const app = createApp(platform, { log: () => {}, limits: false, cache: false });
  const server: Server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site = `${origin}/open-data`;

  async function read(answer: Response): Promise<Answered> {
    const text = await answer.text();
    const body = text === '' ? null : JSON.parse(text);
    return { status: answer.status, headers: answer.headers, body, result: body?.result, error: body?.error };
  }
  const authorization = (token?: string): Record<string, string> => (token ? { authorization: token } : {});
  const portal: TestPortal = {
    platform,
    origin,
    site,
    call: async (action, parameters = {}, token) =>
      read(
        await fetch(`${site}/api/3/action/${action}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...authorization(token) },
          body: JSON.stringify(parameters),
        }),
      ),
    get: async (action, query = '', token) =>
      read(
        await fetch(`${site}/api/3/action/${action}${query && `?${query}`}`, {
          headers: authorization(token),
        }),
      ),
    fetch: (path, init) => fetch(origin + path, init),
    async member(organisation, role, name) {
      await portal.call(
        'user_create',
        {
          name,
          email: `${name}@example.org`,
          password: 'довгий пароль без імен',
          fullname: `Посада ${name}`,
        },
        officer,
      );
      await portal.call('organization_member_create', { id: organisation, username: name, role }, officer);
      return (await portal.call('api_token_create', { user: name, name: 'test' }, officer)).result.token;
    },
  };
  return portal;
}
