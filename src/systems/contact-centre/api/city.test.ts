// Keeps: Open311 over the real domain: what programs push is done by the same moves as people's clicks, clients of 2013 work
// against the running city, and every answer, a refusal too, has the standard's shape (contact-centre.md §5, §10.3, §10.4).
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contactCentreData } from '../../../../city/dnipro/index.ts';
import { deskWorld } from '../pages/desk/test-world.ts';
import { inPost } from '../posts.ts';
import { makeKey } from './keys.ts';
import { asXml, fromXml, type Told } from './testing.ts';

interface Client {
  [method: string]: (...given: unknown[]) => void;
}
/** The npm package as published in 2013, unmodified. */
const Open311 = createRequire(import.meta.url)('open311') as new (options: Record<string, unknown>) => Client;
const files = import.meta.glob<object>('./schemas/*.json', { eager: true, import: 'default' });
const ajv = new Ajv.default({ allErrors: true, strict: false });
addFormats.default(ajv);
function check<T>(schema: string, value: T): T {
  const validate = ajv.compile(files[`./schemas/${schema}.json`]!);
  expect(validate(value) ? [] : validate.errors).toEqual([]);
  return value;
}

const world = await deskWorld();
const { app, clock, platform, pool } = world;
const v2 = '/open311/v2';
const house = contactCentreData.buildings[0]!;
const keys = { app: '', teplo: '', voda: '' };
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
let origin = '';
beforeAll(async () => {
  const admin = inPost('administrator');
  const make = async (input: { kind: 'app' | 'agency'; organisation?: string }) =>
    (await platform.work(admin, (work) => makeKey(work, { label: 'Програма', ...input }))).key;
  keys.app = await make({ kind: 'app' });
  keys.teplo = await make({ kind: 'agency', organisation: 'teplo' });
  keys.voda = await make({ kind: 'agency', organisation: 'voda' });
  if (!server.listening) await new Promise<void>((ready) => server.once('listening', ready));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise<void>((done) => server.close(() => done())));

function call(method: string, ...given: unknown[]): Promise<Told[]> {
  const client = new Open311({
    endpoint: `${origin}${v2}/`,
    discovery: `${origin}/open311/discovery.json`,
    jurisdiction: 'dniprorada.gov.ua',
    apiKey: keys.app,
    format: 'json',
  });
  return new Promise((done, fail) => {
    client[method]!(...given, (error: unknown, data: unknown) =>
      error ? fail(new Error(String(data))) : done(data as Told[]),
    );
  });
}
let told = 0;
/** Each in other words: the same ones within ten minutes would be the same report. */
async function report(): Promise<string> {
  const [made] = await call('submitRequest', {
    service_code: 'heat-weak',
    address_string: `${house.street}, ${house.house}, кв. 5`,
    description: `Ледь теплі батареї, під’їзд ${++told}`,
    attributes: { scope: 'flat' },
  });
  return String(made!.service_request_id);
}
let pushed = 0;
async function push(
  key: keyof typeof keys,
  number: string,
  status: string,
  more: Record<string, string> = {},
) {
  clock.advance(60_000);
  const body = new URLSearchParams({
    api_key: keys[key],
    service_request_id: number,
    update_id: `u-${++pushed}`,
    status,
    updated_datetime: clock.now().toISOString(),
    description: 'слова',
    ...more,
  });
  const answer = await app.request(`${v2}/servicerequestupdates.json`, { method: 'POST', body });
  return { status: answer.status, body: (await answer.json()) as Told[] };
}
const json = async (path: string) => (await (await app.request(path)).json()) as Told[];
const row = async (number: string) =>
  (
    await pool.query(
      'select state, closing, result, organisation, crew, planned_for from cc_request where number = $1',
      [number],
    )
  ).rows[0];
const done = async (
  key: keyof typeof keys,
  number: string,
  status: string,
  more?: Record<string, string>,
) => {
  const answer = await push(key, number, status, more);
  expect(answer).toMatchObject({
    status: 200,
    body: [{ update_id: expect.stringMatching(new RegExp(`^${number}-\\d+$`)) }],
  });
  return row(number);
};

describe('programs of residents and of enterprises, over the real city', () => {
  it('take a report from its submission over a veto to a confirmation and a reopening', async () => {
    const number = await report();
    expect(await row(number)).toMatchObject({ state: 'assigned', organisation: 'teplo' });
    expect(await done('teplo', number, 'investigating')).toMatchObject({ state: 'accepted' });
    expect(await done('teplo', number, 'IN_PROGRESS')).toMatchObject({
      state: 'in_progress',
      crew: 'Програма',
    });
    const date = '2026-12-05T10:00:00+02:00';
    expect(await done('teplo', number, 'PLANNED', { 'attribute[date]': date })).toMatchObject({
      state: 'planned',
      planned_for: new Date(date),
    });
    expect(await done('teplo', number, 'FIXED')).toMatchObject({ state: 'claimed', result: 'fixed' });
    expect(await done('app', number, 'OPEN', { description: 'Так само холодно' })).toMatchObject({
      state: 'rework',
    });
    expect(await done('teplo', number, 'CLOSED')).toMatchObject({ state: 'claimed' });
    expect(await done('app', number, 'fixed')).toMatchObject({ state: 'closed', closing: 'confirmed' });
    expect(await done('app', number, 'REOPEN', { description: 'Знову холодно' })).toMatchObject({
      state: 'rework',
    });
    expect(await done('teplo', number, 'NO_FURTHER_ACTION')).toMatchObject({
      state: 'claimed',
      result: 'impossible',
    });
    const changes = check('updates', await json(`${v2}/servicerequestupdates.json`)).filter(
      (one) => one.service_request_id === number,
    );
    expect(changes.map(({ status }) => status)).toEqual([
      'open',
      'open',
      'investigating',
      'in_progress',
      'action_scheduled',
      'in_progress',
      'open',
      'in_progress',
      'fixed',
      'open',
      'in_progress',
    ]);
  });

  it('make the steps between, return what is not theirs, and note what means nothing here', async () => {
    const [straight, returned, noted] = [await report(), await report(), await report()];
    expect(await done('teplo', straight, 'FIXED')).toMatchObject({ state: 'claimed' });
    expect(await done('teplo', returned, 'INTERNAL_REFERRAL')).toMatchObject({
      state: 'triage',
      organisation: null,
    });
    expect(await done('teplo', noted, 'PLANNED')).toMatchObject({ state: 'assigned' });
    expect(await done('app', noted, 'something else')).toMatchObject({ state: 'assigned' });
    const notes = (await json(`${v2}/servicerequestupdates.json`)).filter(
      (one) => one.service_request_id === noted && one.description === 'слова',
    );
    expect(notes).toHaveLength(2);
  });

  it('are told what is possible when a move is not, and moved nothing; of others’ requests they move none', async () => {
    const number = await report();
    await done('teplo', number, 'FIXED');
    const refused = await push('teplo', number, 'FOR_TRIAGE');
    expect(refused.status).toBe(400);
    check('errors', refused.body);
    expect(refused.body[0]!.description).toMatch(/status: .*claimed.*allowed/);
    expect((await push('voda', number, 'FIXED')).status).toBe(403);
    expect(await row(number)).toMatchObject({ state: 'claimed' });
  });

  it('repeat an update and get its answer; what is older than the last change only adds words', async () => {
    const number = await report();
    const more = { update_id: 'same', updated_datetime: clock.now().toISOString() };
    const first = await push('teplo', number, 'INVESTIGATING', more);
    expect(await push('teplo', number, 'INVESTIGATING', more)).toEqual(first);
    expect((await push('teplo', number, 'INVESTIGATING', { ...more, description: 'інше' })).status).toBe(400);
    const old = new Date(clock.now().getTime() - 3_600_000).toISOString();
    expect(await done('teplo', number, 'FIXED', { updated_datetime: old })).toMatchObject({
      state: 'accepted',
    });
  });
});

describe('a report that names the thing it is about', () => {
  const [post, twin] = contactCentreData.assets!.filter(({ branch }) => branch === 'lighting');
  const stop = contactCentreData.assets!.find(({ branch }) => branch === 'transport')!;
  let reports = 0;
  const send = async (fields: Record<string, string>) => {
    const body = new URLSearchParams({
      api_key: keys.app,
      service_code: 'street-light',
      description: `Не горить ${++reports}`,
      ...fields,
    });
    return (await (await app.request(`${v2}/requests.json`, { method: 'POST', body })).json()) as Told[];
  };
  const told = async ([made]: Told[]) =>
    (await json(`${v2}/requests/${made!.service_request_id}.json?extensions=true`))[0]!;

  it('takes its id or its number, and stands where the thing stands', async () => {
    const byId = await told(await send({ asset_id: post!.id }));
    expect(byId).toMatchObject({
      lat: post!.lat,
      long: post!.lon,
      extended_attributes: { asset_id: post!.id },
    });
    const byNumber = await told(await send({ asset_id: twin!.number }));
    expect(byNumber).toMatchObject({ extended_attributes: { asset_id: twin!.id } });
    const elsewhere = await told(await send({ asset_id: post!.id, lat: '48.45', long: '35.06' }));
    expect(elsewhere).toMatchObject({ lat: 48.45, extended_attributes: { asset_id: post!.id } });
  });

  it('is refused when the service knows no such thing', async () => {
    const fault = { code: 404, description: expect.stringMatching(/^asset_id: .*send lat and long too$/) };
    expect(await send({ asset_id: 'nothing' })).toEqual([fault]);
    expect(
      (await told(await send({ service_code: 'stop-damaged', asset_id: stop.number }))).extended_attributes,
    ).toMatchObject({ asset_id: stop.id });
  });

  it('tells of no thing where the place is not public to the point', async () => {
    const [made] = await send({ service_code: 'street-dark', asset_id: post!.id });
    const { rows } = await pool.query('select asset from cc_request where number = $1', [
      made!.service_request_id,
    ]);
    expect(rows).toEqual([{ asset: post!.id }]);
    expect(await told([made!])).toMatchObject({ extended_attributes: { asset_id: null } });
  });
});

describe('npm open311@0.0.12, unmodified, against the city itself', () => {
  it('discovers, lists, defines, submits with attributes and reads back by number and by array', async () => {
    check('discovery', await call('serviceDiscovery', { cache: true }));
    check('services', await call('serviceList'));
    check('service-definition', await call('serviceDefinition', 'heat-weak'));
    const number = await report();
    for (const path of [`/requests/${number}.json`, `/requests.json?service_request_id=${number}`])
      expect(check('requests', await json(v2 + path))).toHaveLength(1);
    expect(await call('serviceRequests', [number], {})).toMatchObject([
      {
        service_request_id: number,
        description: `Ледь теплі батареї, під’їзд ${told}`,
        agency_responsible: expect.any(String),
      },
    ]);
  });
});

describe('a fault of ours', () => {
  it.each([
    [503, { code: '57P01' }],
    [500, {}],
  ] as const)(
    'is answered with %s in both formats, in the standard’s shape and without its inner words',
    async (status, cause) => {
      const failing = vi.spyOn(platform.db, 'execute').mockImplementation(() => {
        throw Object.assign(new Error('secret inner words'), cause);
      });
      const quiet = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
      const answers = await Promise.all(
        ['json', 'xml'].map((format) => app.request(`${v2}/requests.${format}?service_code=pothole`)),
      );
      failing.mockRestore();
      quiet.mockRestore();
      const [first, second] = answers;
      const said = check('errors', (await first!.json()) as Told[]);
      const xml = await second!.text();
      expect(answers.map((one) => one.status)).toEqual([status, status]);
      expect(said[0]).toMatchObject({ code: status });
      expect(JSON.stringify(said) + xml).not.toContain('secret');
      // The id of the call is the only thing in which they differ.
      const same = (value: unknown) => JSON.stringify(value).replaceAll(/\([0-9a-f-]{36}\)/g, '');
      expect(same(fromXml(xml))).toBe(same(asXml(said, 'error')));
    },
  );
});
