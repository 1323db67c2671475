// Keeps: open-data.md 5.1, every row, by plain fetch.
import { describe, expect, it } from 'vitest';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
const { site } = portal;
await portal.call('organization_create', { name: 'transport', title: 'Транспорт' }, officer);
await portal.call(
  'package_create',
  { name: 'tram-stops', title: 'Зупинки', owner_org: 'transport' },
  officer,
);
await portal.call('package_create', { name: 'inner', owner_org: 'transport', private: true }, officer);

const raw = async (path: string, init: RequestInit = {}) => {
  const answer = await portal.fetch(path, { redirect: 'manual', ...init });
  const text = await answer.text();
  return { status: answer.status, type: answer.headers.get('content-type'), headers: answer.headers, text };
};
const post = (action: string, body: RequestInit['body'], headers: Record<string, string> = {}) =>
  raw(`/open-data/api/3/action/${action}`, { method: 'POST', headers, body: body ?? null });

describe('routes', () => {
  it('answer under the portal and at the root of the host, with and without the version, by GET and POST', async () => {
    for (const prefix of ['/open-data/api/action', '/open-data/api/3/action', '/api/action', '/api/3/action'])
      for (const method of ['GET', 'POST'])
        expect((await raw(`${prefix}/package_list`, { method })).text).toContain('["tram-stops"]');
  });
  it('tell the version', async () => {
    for (const [path, version] of [
      ['/api', 1],
      ['/api/', 1],
      ['/api/1', 1],
      ['/api/2', 2],
      ['/api/3', 3],
    ] as const)
      expect((await raw(`/open-data${path}`)).text).toBe(`{"version":${version}}`);
    expect((await raw('/api/3')).text).toBe('{"version":3}');
    expect((await raw('/api', { headers: { accept: '*/*' } })).text).toBe('{"version":1}');
  });
  it('leave the city’s own page about its interfaces to people', async () => {
    expect((await raw('/api', { headers: { accept: 'text/html' } })).type).toContain('text/html');
  });
  it('know no actions in version 2', async () => {
    expect((await raw('/open-data/api/2/action/package_list')).status).toBe(404);
  });
  it('are left at the root of the host when the setting is off', async () => {
    await portal.call('config_option_update', { 'misto.api_at_host_root': 'false' }, officer);
    expect((await raw('/api/3/action/package_list')).status).toBe(404);
    expect((await raw('/open-data/api/3/action/package_list')).status).toBe(200);
    await portal.call('config_option_update', { 'misto.api_at_host_root': 'true' }, officer);
  });
});

describe('GET', () => {
  it('reads query strings, a repeated key as a list', async () => {
    const { result } = await portal.get('package_search', 'fq=name:tram-stops&fq=state:active&rows=1');
    expect(result.count).toBe(1);
    expect((await portal.get('package_search', 'fq=name:tram-stops&fq=name:other')).result.count).toBe(0);
  });
  it('of a writing action is a bad request in one string', async () => {
    const answer = await raw('/open-data/api/3/action/package_create?name=x');
    expect(answer.status).toBe(400);
    expect(answer.text).toBe(
      '"Bad request: JSON Error: Invalid request. Please use POST method for your request"',
    );
  });
});

describe('POST', () => {
  const shown = (answer: { text: string }) => JSON.parse(answer.text).result?.name;
  it('takes JSON, with or without its type', async () => {
    const body = JSON.stringify({ id: 'tram-stops' });
    expect(shown(await post('package_show', body, { 'content-type': 'application/json' }))).toBe(
      'tram-stops',
    );
    expect(shown(await post('package_show', new TextEncoder().encode(body)))).toBe('tram-stops');
    expect(shown(await post('package_show', body, { 'content-type': 'text/plain' }))).toBe('tram-stops');
  });
  it('takes a form', async () => {
    expect(shown(await post('package_show', new URLSearchParams({ id: 'tram-stops' })))).toBe('tram-stops');
  });
  it('takes a form of one key that is JSON, as curl -d sends it', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(shown(await post('package_show', '{"id": "tram-stops"}', type))).toBe('tram-stops');
    expect(shown(await post('package_show', `${encodeURIComponent('{"id": "tram-stops"}')}=`, type))).toBe(
      'tram-stops',
    );
    expect(shown(await post('package_show', `${encodeURIComponent('{"id": "tram-stops"}')}=1`, type))).toBe(
      'tram-stops',
    );
  });
  it('takes multipart', async () => {
    const form = new FormData();
    form.set('id', 'tram-stops');
    expect(shown(await post('package_show', form))).toBe('tram-stops');
  });
  it('without a body takes the query of a reading action, and is empty otherwise', async () => {
    const answer = await raw('/open-data/api/3/action/package_show?id=tram-stops', { method: 'POST' });
    expect(shown(answer)).toBe('tram-stops');
    expect(JSON.parse((await post('package_show', null)).text).error).toEqual({
      __type: 'Validation Error',
      id: ['Missing value'],
    });
  });
  it('refuses what is no dictionary in one string', async () => {
    for (const body of ['[1]', '"x"', '{"id":', '12']) {
      const answer = await post('package_show', body, { 'content-type': 'application/json' });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toMatch(/^Bad request: JSON Error: /);
    }
  });
});

it('an unknown action is a bad request in one string, whatever a proxy of a script calls', async () => {
  for (const name of ['xyz', 'then', 'toJSON', 'revision_list', 'related_list', 'package_revision_list']) {
    const answer = await raw(`/open-data/api/3/action/${name}`);
    expect(answer.status).toBe(400);
    expect(answer.text).toBe(`"Bad request: Action name not known: ${name}"`);
  }
});

it('the type is always JSON in UTF-8, of errors too', async () => {
  for (const [action, status] of [
    ['package_list', 200],
    ['package_show?id=none', 404],
    ['package_show?id=inner', 403],
    ['package_show', 409],
    ['package_search?q=name:(', 409],
    ['package_search?sort=bad', 400],
    ['nothing', 400],
  ] as const) {
    const answer = await raw(`/open-data/api/3/action/${action}`, { headers: { accept: 'text/html' } });
    expect([action, answer.status, answer.type]).toEqual([action, status, 'application/json;charset=utf-8']);
  }
});

describe('JSONP', () => {
  it('wraps a good answer of GET', async () => {
    const answer = await raw('/open-data/api/3/action/package_list?callback=my.fn$1');
    expect(answer.type).toBe('application/javascript;charset=utf-8');
    expect(answer.text).toMatch(/^my\.fn\$1\(\{.*\}\);$/s);
    expect((await raw('/open-data/api/3/action/package_show?id=none&callback=f')).text).toMatch(/^\{/);
  });
  it('takes only a name', async () => {
    expect((await raw('/open-data/api/3/action/package_list?callback=alert(1)//')).status).toBe(400);
  });
  it('runs as anonymous, whoever asks', async () => {
    const headers = { authorization: officer };
    expect((await raw('/open-data/api/3/action/package_show?id=inner', { headers })).status).toBe(200);
    expect((await raw('/open-data/api/3/action/package_show?id=inner&callback=f', { headers })).status).toBe(
      403,
    );
  });
});

describe('a token', () => {
  it('comes raw, as a bearer’s, or in X-CKAN-API-Key, alone or beside another header', async () => {
    for (const headers of [
      { authorization: officer },
      { authorization: `Bearer ${officer}` },
      { 'x-ckan-api-key': officer },
      { authorization: officer, 'x-ckan-api-key': officer },
      { authorization: 'Basic Zm9vOmJhcg==', 'x-ckan-api-key': officer },
    ] as Record<string, string>[])
      expect((await raw('/open-data/api/3/action/package_show?id=inner', { headers })).status).toBe(200);
  });
  it('that is bad is anonymous: reads work, writes are forbidden', async () => {
    expect((await portal.get('package_list', '', 'nonsense')).status).toBe(200);
    const refused = await portal.call('package_create', { name: 'a1' }, 'nonsense');
    expect(refused.status).toBe(403);
    expect(refused.error).toEqual({ __type: 'Authorization Error', message: 'Access denied' });
  });
  it('is refused in addresses, and cookies are ignored', async () => {
    expect((await raw(`/open-data/api/3/action/package_show?id=inner&apikey=${officer}`)).status).toBe(403);
    const headers = { cookie: `misto=${officer}; auth_tkt=${officer}` };
    const answer = await raw('/open-data/api/3/action/package_show?id=inner', { headers });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
  it('never exceeds its scopes, is shown once, and is dead when revoked', async () => {
    const made = await portal.call('api_token_create', { name: 'reader', scopes: ['read'] }, officer);
    expect(Object.keys(made.result).sort()).toEqual(['id', 'token']);
    const { token, id } = made.result;
    expect((await portal.get('package_show', 'id=inner', token)).status).toBe(200);
    expect((await portal.call('package_create', { name: 'b1', owner_org: 'transport' }, token)).status).toBe(
      403,
    );
    expect((await portal.call('api_token_create', { name: 'more' }, token)).status).toBe(403);
    const writer = (await portal.call('api_token_create', { name: 'w', scopes: 'read,write' }, officer))
      .result.token;
    expect((await portal.call('api_token_create', { name: 'a', scopes: ['admin'] }, writer)).status).toBe(
      409,
    );
    const listed = (await portal.call('api_token_list', {}, officer)).result;
    expect(listed.map((one: { id: string }) => one.id)).toContain(id);
    expect(JSON.stringify(listed)).not.toContain(token);
    expect((await portal.call('api_token_revoke', { jti: id }, officer)).result).toBeNull();
    expect((await portal.get('package_show', 'id=inner', token)).status).toBe(403);
  });
});

it('every site’s scripts may read and write', async () => {
  const asked = await raw('/open-data/api/3/action/package_create', { method: 'OPTIONS' });
  expect(asked.status).toBe(200);
  for (const { headers } of [asked, await raw('/api/3/action/package_list')])
    expect([
      headers.get('access-control-allow-origin'),
      headers.get('access-control-allow-methods'),
      headers.get('access-control-allow-headers'),
    ]).toEqual(['*', 'POST, PUT, GET, DELETE, OPTIONS', 'Authorization, Content-Type, X-CKAN-API-Key']);
});

it('booleans, numbers and lists come as text too', async () => {
  const count = async (query: string) =>
    (await portal.get('package_search', `fq=owner_org:*&${query}`, officer)).result.count;
  for (const yes of ['true', 'Yes', 'ON', 'y', 'T', '1'])
    expect(await count(`include_private=${yes}`)).toBe(2);
  for (const no of ['false', 'no', '0', '']) expect(await count(`include_private=${no}`)).toBe(1);
  expect((await portal.get('package_list', 'limit=1')).result).toHaveLength(1);
  const { result } = await portal.get('package_search', 'facet.field=["organization"]');
  expect(result.facets).toEqual({ organization: { transport: 1 } });
});

it('the envelope names the help, success and the result or error, and nothing else', async () => {
  const good = await portal.get('package_list');
  expect(good.body).toEqual({
    help: `${site}/api/3/action/help_show?name=package_list`,
    success: true,
    result: ['tram-stops'],
  });
  const bad = await portal.get('package_show', 'id=none');
  expect(bad.body).toEqual({
    help: `${site}/api/3/action/help_show?name=package_show`,
    success: false,
    error: { __type: 'Not Found Error', message: 'Not found' },
  });
});

describe('errors', () => {
  it('403 says Access denied, and why behind a colon', async () => {
    const { status, error } = await portal.get('package_show', 'id=inner');
    expect(status).toBe(403);
    expect(error.__type).toBe('Authorization Error');
    expect(error.message).toMatch(/^Access denied: \S/);
  });
  it('409 lists texts by field, without a message', async () => {
    const { status, error } = await portal.call(
      'package_create',
      { name: 'tram-stops', owner_org: 'transport', resources: [{}, { size: 'big' }] },
      officer,
    );
    expect(status).toBe(409);
    expect(error).toEqual({
      __type: 'Validation Error',
      name: ['That URL is already in use.'],
      resources: [{}, { size: ['Invalid integer'] }],
    });
  });
  it('400 and 409 tell what is wrong with a search', async () => {
    expect((await portal.get('package_search', 'foo=1&ext_bar=2')).error).toEqual({
      __type: 'Search Query Error',
      message: "Search Query is invalid: Invalid search parameters: ['foo']",
    });
    expect((await portal.get('package_search', 'sort=name')).error).toEqual({
      __type: 'Search Query Error',
      message: 'Search Query is invalid: Invalid "sort" parameter',
    });
    expect((await portal.get('package_search', 'q={!lucene}x')).error).toEqual({
      __type: 'Search Error',
      message: "Search error: Local parameters are not supported in param 'q'.",
    });
  });
  it('no input is answered 500', async () => {
    const strange = [
      '\u0000',
      '\ud800',
      '{{site}}',
      '%',
      "'",
      '🂡',
      'x'.repeat(100_000),
      { a: [{}] },
      [],
      null,
      -1,
    ];
    for (const value of strange)
      for (const action of [
        'package_show',
        'resource_show',
        'organization_show',
        'user_show',
        'tag_show',
        'activity_show',
      ]) {
        const { status } = await portal.call(action, { id: value }, officer);
        expect([action, value, status]).not.toEqual([action, value, 500]);
        expect(status).toBeLessThan(500);
      }
    for (const value of strange) {
      const made = await portal.call(
        'package_create',
        {
          name: value,
          title: value,
          notes: value,
          owner_org: value,
          tags: value,
          extras: value,
          resources: value,
          groups: value,
          private: value,
          state: value,
        },
        officer,
      );
      expect(made.status).toBeLessThan(500);
      expect((await portal.call('package_search', { q: value, fq: value })).status).toBeLessThan(500);
    }
  });
});
