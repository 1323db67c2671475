import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '#platform/config/index.ts';
import { createApp } from '#platform/http/app.ts';
import { createPlatform } from '#platform/platform.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { makeKey, postsPerMinute, revokeKey } from './keys.ts';
import { movesFor } from './push.ts';
import { purgeSandbox } from './sandbox.ts';
import { asXml, fromXml, seedHistory, seedRequest, type Told, testCity } from './testing.ts';

const city = await testCity();
const { app, clock, get, json, keys, platform, post } = city;
const v2 = '/open311/v2';
const test = '/open311/test/v2';
// The limit of posts has a test of its own.
afterEach(() => clock.advance(60_000));

const place = { lat: '48.45', long: '35.06' };
const heat = (more: Record<string, string> = {}) => ({
  api_key: keys.app,
  service_code: 'heat-none',
  'attribute[scope]': 'house',
  ...place,
  ...more,
});
const send = async (fields: Record<string, string>, path = `${v2}/requests.json`) =>
  (await (await post(path, fields)).json()) as Told[];
const faultsOf = async (fields: Record<string, string>) =>
  (await send(fields)).map((fault) => `${fault.code} ${fault.description}`);

describe('creating', () => {
  it('answers 200 with the number alone for a realtime service', async () => {
    const answer = await post(`${v2}/requests.json`, heat({ description: 'Холодно' }));
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as Told[];
    expect(body).toEqual([
      {
        service_request_id: expect.stringMatching(/^\d{11}$/),
        service_notice: 'Перевірте крани. До 10.12, 18:00',
        account_id: null,
      },
    ]);
    expect(await json(`${v2}/requests/${body[0]!.service_request_id}.json`)).toMatchObject([
      { description: 'Холодно', lat: 48.45, long: 35.06, service_code: 'heat-none' },
    ]);
  });
  it('takes a post whose client has joined a base with a slash and a path with another', async () => {
    const [made] = await send(heat({ description: 'Дві риски' }), `/${v2}/requests.json`);
    expect(made).toMatchObject({ service_request_id: expect.stringMatching(/^\d{11}$/) });
  });
  it('answers in XML as in JSON', async () => {
    const fields = heat({ client_request_id: 'same-in-both' });
    const body = await send(fields);
    const xml = await post(`${v2}/requests.xml`, fields);
    expect(xml.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    expect(fromXml(await xml.text())).toEqual(asXml(body, 'request'));
  });
  it('answers a token instead for a batch service; the token then tells the number', async () => {
    const [made] = await send({ api_key: keys.app, service_code: 'pothole', ...place });
    expect(made).toEqual({
      token: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      service_notice: 'До 10.12, 18:00',
      account_id: null,
    });
    const told = await json(`${v2}/tokens/${made!.token}.json`);
    expect(told).toEqual([{ service_request_id: expect.stringMatching(/^\d{11}$/), token: made!.token }]);
    expect(fromXml(await (await get(`${v2}/tokens/${made!.token}.xml`)).text())).toEqual(
      asXml(told, 'request'),
    );
    expect((await get(`${test}/tokens/${made!.token}.json`)).status).toBe(404);
  });
  it('answers neither for a blackbox service', async () => {
    const [made] = await send({ api_key: keys.app, service_code: 'sign-lost', ...place });
    expect(Object.keys(made!)).toEqual(['service_notice', 'account_id']);
  });
  it('takes a point, an address or an address id', async () => {
    const base = { api_key: keys.app, service_code: 'pothole' };
    const places: Record<string, string>[] = [
      place,
      { address_string: 'вул. Робоча, 12' },
      { address_id: 'a-1207' },
    ];
    for (const where of places) expect((await send({ ...base, ...where }))[0]).toHaveProperty('token');
  });
  it('takes urlencoded, multipart and JSON bodies, and the jurisdiction in the query', async () => {
    const path = `${v2}/requests.json?jurisdiction_id=dniprorada.gov.ua`;
    const form = new FormData();
    for (const [name, value] of Object.entries(heat({ description: 'multipart' }))) form.set(name, value);
    form.set('media', new File(['jpeg'], 'a.jpg', { type: 'image/jpeg' }));
    const multipart = await app.request(path, { method: 'POST', body: form });
    expect(await multipart.json()).toMatchObject([{ service_request_id: expect.any(String) }]);
    const asJson = await app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        api_key: keys.app,
        service_code: 'heat-none',
        lat: 48.45,
        long: 35.06,
        attribute: { scope: 'flat', rooms: ['kitchen', 'bedroom'] },
      }),
    });
    const [made] = (await asJson.json()) as Told[];
    const [one] = await json(`${v2}/requests/${made!.service_request_id}.json?extensions=true`);
    expect((one!.attributes as Told[]).map((given) => given.value)).toEqual(['flat', 'kitchen', 'bedroom']);
  });
  it('shows markup and control characters as text', async () => {
    const [made] = await send(heat({ description: '<b>ой</b>\u0000\u000b & "так"' }));
    expect(await json(`${v2}/requests/${made!.service_request_id}.json`)).toMatchObject([
      { description: '<b>ой</b> & "так"' },
    ]);
  });
});

describe('a repeat', () => {
  it('with the client’s own key is the same request, however late; another payload is refused', async () => {
    const fields = heat({ client_request_id: 'form-7', description: 'раз' });
    const first = await send(fields);
    clock.advance(86_400_000);
    expect(await send(fields)).toEqual(first);
    expect(await faultsOf({ ...fields, description: 'два' })).toEqual([
      '400 client_request_id: "form-7" was used for another report, which stays as it is',
    ]);
    expect(await send({ ...fields, api_key: keys.other })).not.toEqual(first);
  });
  it('of the same key and payload within ten minutes is the same request, later a new one', async () => {
    const fields = { ...heat({ description: 'повтор' }) };
    const first = await send(fields);
    clock.advance(9 * 60_000);
    expect(await send(fields)).toEqual(first);
    clock.advance(2 * 60_000);
    expect(await send(fields)).not.toEqual(first);
  });
  it('at the same moment makes one request', async () => {
    const fields = heat({ description: 'разом' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(fields)));
    expect(new Set(answers.map((answer) => answer[0]!.service_request_id)).size).toBe(1);
  });
});

describe('what is refused on creating', () => {
  it('is told all at once, each by its parameter', async () => {
    expect(
      await faultsOf({
        service_code: 'heat-none',
        lat: '0',
        'attribute[rooms]': 'cellar',
        'attribute[degrees]': 'cold',
        'attribute[since]': '2026-11-20T08:00',
        'attribute[unknown]': 'x',
        'attribute[colour]': 'x'.repeat(256),
        email: 'nobody',
        phone: 'x',
        media_url: 'file:///etc/passwd',
        description: 'x'.repeat(4001),
        client_request_id: 'a b',
        first_name: 'x'.repeat(101),
      }),
    ).toEqual([
      '403 api_key: missing; ask the contact centre for a key',
      '400 attribute[unknown]: is not asked by "heat-none"',
      '400 attribute[scope]: missing',
      '400 attribute[rooms]: "cellar" is none of kitchen, bedroom',
      '400 attribute[since]: "2026-11-20T08:00" has a time without a zone; add Z or an offset such as +02:00',
      '400 attribute[degrees]: is not a number',
      '400 attribute[colour]: longer than 255 characters',
      '400 long: missing; lat and long go together',
      '400 client_request_id: use up to 100 letters, digits, _ and -',
      '400 first_name: longer than 100 characters',
      '400 description: longer than 4000 characters',
      '400 email: is not an e-mail address',
      '400 phone: is not a telephone number; write +380671234567',
      '400 media_url: "file:///etc/passwd" is not an http address',
    ]);
  });
  it.each([
    [{ api_key: 'wrong' }, 403, 'api_key: unknown'],
    [{ api_key: 'demo' }, 403, 'api_key: unknown'],
    [{ service_code: '' }, 400, 'service_code: missing'],
    [{ service_code: 'none' }, 404, 'service_code: there is no'],
    [{ service_code: 'gas-smell' }, 404, 'service_code: there is no'],
    [{ jurisdiction_id: 'boston.gov' }, 404, 'jurisdiction_id: '],
    [{ lat: '', long: '' }, 400, 'lat: no place'],
    [{ lat: '0', long: '0' }, 400, 'lat: 0, 0 is not in Dnipro'],
    [{ lat: '91' }, 400, 'lat: "91" is not a number from'],
    [{ lat: '', long: '', address_id: 'none' }, 404, 'address_id: there is no'],
    [{ 'attribute[scope][0]': 'flat' }, 400, 'attribute[scope]: takes one value'],
  ] as [Record<string, string>, number, string][])('%o is %i', async (change, code, start) => {
    const path = `${v2}/requests`;
    const asJson = await post(`${path}.json`, heat(change));
    const body = (await asJson.json()) as Told[];
    expect(asJson.status).toBe(code);
    expect(body.some((fault) => fault.code === code && fault.description.startsWith(start))).toBe(true);
    const xml = await post(`${path}.xml`, heat(change));
    expect([xml.status, fromXml(await xml.text())]).toEqual([code, asXml(body, 'error')]);
  });
  it('are posts past sixty a minute of one key, with the seconds to wait', async () => {
    clock.advance(3_600_000);
    for (let n = 0; n < postsPerMinute; n++) await post(`${v2}/requests.json`, { api_key: keys.other });
    const answer = await post(`${v2}/requests.json`, { api_key: keys.other });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject([{ code: 429 }]);
    expect((await post(`${v2}/requests.xml`, { api_key: keys.other })).status).toBe(429);
    expect((await post(`${v2}/requests.json`, heat())).status).toBe(200);
    clock.advance(60_000);
    expect((await post(`${v2}/requests.json`, { api_key: keys.other })).status).toBe(400);
  });
});

describe('the demo key', () => {
  it('writes in demo mode and in no other', async () => {
    const demo = createPlatform({
      config: readConfig({ MISTO_MODE: 'demo', PUBLIC_URL: 'http://misto.test' }),
      clock,
      pool: platform.pool,
      systems: platform.systems,
    });
    const body = new URLSearchParams(heat({ api_key: 'demo' }));
    const answer = await createApp(demo, { log: () => {} }).request(`${v2}/requests.json`, {
      method: 'POST',
      body,
    });
    expect(answer.status).toBe(200);
    expect((await post(`${v2}/requests.json`, heat({ api_key: 'demo' }))).status).toBe(403);
  });
});

describe('keys', () => {
  const system = systemActor('test');
  it('are kept as hashes, can be withdrawn, and are given out by those who may', async () => {
    const made = await platform.work(system, (work) => makeKey(work, { label: 'x', kind: 'app' }));
    const { rows } = await platform.pool.query('select * from open311_key where id = $1', [made.id]);
    expect(JSON.stringify(rows)).not.toContain(made.key);
    expect((await post(`${v2}/requests.json`, heat({ api_key: made.key }))).status).toBe(200);
    await platform.work(system, (work) => revokeKey(work, made.id));
    expect((await post(`${v2}/requests.json`, heat({ api_key: made.key }))).status).toBe(403);
    await expect(
      platform.work(anonymous, (work) => makeKey(work, { label: 'x', kind: 'app' })),
    ).rejects.toThrow('not allowed');
    await expect(
      platform.work(system, (work) => makeKey(work, { label: 'x', kind: 'agency' })),
    ).rejects.toThrow('organisation');
  });
});

describe('the sandbox', () => {
  it('has the same services, keeps its posts to itself and forgets them after a day', async () => {
    expect(await json(`${test}/services.json`)).toEqual(await json(`${v2}/services.json`));
    const [made] = await send(heat({ description: 'проба' }), `${test}/requests.json`);
    const path = (base: string) => `${base}/requests/${made!.service_request_id}.json`;
    expect(await json(path(test))).toMatchObject([{ description: 'проба', status: 'open' }]);
    expect((await get(path(v2))).status).toBe(404);
    expect((await json(`${test}/requests.json`)).length).toBeGreaterThan(0);
    expect(JSON.stringify(await json(`${v2}/requests.json`))).not.toContain('проба');
    expect(JSON.stringify(await json('/open311/bulk/requests.json'))).not.toContain('проба');
    clock.advance(23 * 3_600_000);
    await purgeSandbox(platform);
    expect((await get(path(test))).status).toBe(200);
    clock.advance(3_600_000);
    await purgeSandbox(platform);
    expect((await get(path(test))).status).toBe(404);
  });
  it('lets an app try updates on what it posted', async () => {
    const [made] = await send(heat(), `${test}/requests.json`);
    const [pushed] = await send(
      update(made!.service_request_id, 'fixed', 'u1'),
      `${test}/servicerequestupdates.json`,
    );
    const listed = await json(`${test}/servicerequestupdates.json`);
    expect(listed.find((one) => one.update_id === pushed!.update_id)).toMatchObject({
      status: 'fixed',
      description: 'слова',
    });
    expect(await json(`${test}/requests/${made!.service_request_id}.json`)).toMatchObject([
      { status: 'closed', status_notes: 'слова' },
    ]);
  });
});

const update = (number: string, status: string, id: string, more: Record<string, string> = {}) => ({
  api_key: keys.app,
  service_request_id: number,
  update_id: id,
  status,
  updated_datetime: clock.now().toISOString(),
  description: 'слова',
  ...more,
});
let serial = 30_000;
const inState = async (state: string, organisation: string | null = 'teplo') => {
  const number = await seedRequest(platform.pool, {
    number: `260000${serial++}`,
    state,
    organisation,
    client: city.appKeyId,
    closing: state === 'closed' ? 'confirmed' : null,
    result: state === 'closed' ? 'fixed' : null,
  });
  await seedHistory(platform.pool, number, 'route', 'registered', state, '2026-11-20T06:00:00Z');
  return number;
};
const stateOf = async (number: string) => {
  const { rows } = await platform.pool.query('select state, closing from cc_request where number = $1', [
    number,
  ]);
  return [rows[0].state, rows[0].closing].filter(Boolean).join(':');
};
const push = async (fields: Record<string, string>) => send(fields, `${v2}/servicerequestupdates.json`);

describe('pushed updates', () => {
  it('are kept with a keyed hash of what was said, which nobody can guess without the keys of the city', async () => {
    const number = await inState('assigned');
    const at = clock.now();
    await send(update(number, 'OTHER', 'guess'), `${v2}/servicerequestupdates.json`);
    const { rows } = await platform.pool.query(
      "select payload_hash from open311_update where update_id = 'guess' union all select payload_hash from open311_post",
    );
    const plain = createHash('sha256')
      .update(JSON.stringify([number, 'OTHER', at, 'слова', [], null]))
      .digest('hex');
    for (const { payload_hash } of rows) expect(payload_hash).toMatch(/^[\w-]{43}$/);
    expect(rows.map(({ payload_hash }) => payload_hash)).not.toContain(plain);
  });
  it('answer the id under which the list shows them, and a repeat the same; another payload is refused', async () => {
    const number = await inState('assigned');
    const fields = update(number, 'note', 'agency-1');
    const first = await push(fields);
    expect(first).toEqual([{ update_id: expect.stringMatching(/^[A-Za-z0-9_-]+$/) }]);
    expect(await push(fields)).toEqual(first);
    const listed = (await json(`${v2}/servicerequestupdates.json`)).filter(
      (one) => one.service_request_id === number,
    );
    expect(listed.at(-1)).toMatchObject({ update_id: first[0]!.update_id, description: 'слова' });
    expect(listed).toHaveLength(3);
    expect(await push({ ...fields, description: 'інші' })).toMatchObject([
      { code: 400, description: expect.stringMatching(/^update_id: /) },
    ]);
  });
  it('of an app confirm, veto and reopen its own requests, else they are notes', async () => {
    const cases = [
      ['claimed', 'fixed', 'closed:confirmed'],
      ['claimed', 'CLOSED', 'closed:confirmed'],
      ['claimed', 'Open', 'rework'],
      ['claimed', 'REOPEN', 'rework'],
      ['closed', 'OPEN', 'rework'],
      ['assigned', 'FIXED', 'assigned'],
      ['assigned', 'thanks', 'assigned'],
    ] as const;
    for (const [state, status, after] of cases) {
      const number = await inState(state);
      await push(update(number, status, `app-${number}`));
      expect([state, status, await stateOf(number)]).toEqual([state, status, after]);
    }
  });
  it('of an agency move what is in its hands, with the steps between', async () => {
    const cases = [
      ['assigned', 'investigating', 'accepted'],
      ['assigned', 'IN_PROGRESS', 'in_progress'],
      ['accepted', 'IN_PROGRESS', 'in_progress'],
      ['accepted', 'PLANNED', 'accepted'],
      ['assigned', 'FIXED', 'claimed'],
      ['in_progress', 'CLOSED', 'claimed'],
      ['rework', 'NO_FURTHER_ACTION', 'claimed'],
      ['assigned', 'FOR_TRIAGE', 'triage'],
      ['accepted', 'INTERNAL_REFERRAL', 'triage'],
      ['accepted', 'NOT_COUNCILS_RESPONSIBILITY', 'triage'],
      ['accepted', 'whatever', 'accepted'],
      ['in_progress', 'IN_PROGRESS', 'in_progress'],
    ] as const;
    for (const [state, status, after] of cases) {
      const number = await inState(state);
      clock.advance(2_000);
      await push(update(number, status, `agency-${number}`, { api_key: keys.agency }));
      expect([state, status, await stateOf(number)]).toEqual([state, status, after]);
    }
    const planned = await inState('assigned');
    await push(
      update(planned, 'ACTION_SCHEDULED', 'plan', { api_key: keys.agency, 'attribute[date]': '2026-12-24' }),
    );
    expect(await stateOf(planned)).toBe('planned');
  });
  it('that the state forbids are refused, naming what is allowed', async () => {
    const number = await inState('closed');
    expect(await push(update(number, 'IN_PROGRESS', 'late', { api_key: keys.agency }))).toEqual([
      {
        code: 400,
        description: 'status: IN_PROGRESS is not possible while the request is closed; allowed: notes',
      },
    ]);
    expect(() => movesFor('agency', 'FOR_TRIAGE', 'in_progress', false)).toThrow(
      'allowed: PLANNED, ACTION_SCHEDULED, FIXED, CLOSED, NO_FURTHER_ACTION, notes',
    );
  });
  it('older than the newest state are notes', async () => {
    const number = await inState('claimed');
    await push(update(number, 'FIXED', 'old', { updated_datetime: '2026-11-01T00:00:00Z' }));
    expect(await stateOf(number)).toBe('claimed');
  });
  it('of other keys are 403, of requests nobody may know of 404', async () => {
    const number = await inState('assigned', null);
    expect(
      (await post(`${v2}/servicerequestupdates.json`, update(number, 'x', 'a', { api_key: keys.other })))
        .status,
    ).toBe(403);
    expect(
      (await post(`${v2}/servicerequestupdates.json`, update(number, 'x', 'b', { api_key: keys.agency })))
        .status,
    ).toBe(403);
    await platform.pool.query(`update cc_request set publication = 'hidden' where number = $1`, [number]);
    expect(
      (await post(`${v2}/servicerequestupdates.json`, update(number, 'x', 'c', { api_key: keys.other })))
        .status,
    ).toBe(404);
    expect((await post(`${v2}/servicerequestupdates.json`, update('1', 'x', 'd'))).status).toBe(404);
  });
  it('with parts missing name them all, in both formats', async () => {
    const names = ['api_key', 'service_request_id', 'update_id', 'status', 'updated_datetime', 'description'];
    const body = await push({ empty: '' });
    expect(body.map((fault) => fault.description.split(':')[0])).toEqual(names);
    const xml = await post(`${v2}/servicerequestupdates.xml`, {});
    expect([xml.status, fromXml(await xml.text())]).toEqual([403, asXml(body, 'error')]);
  });
});
