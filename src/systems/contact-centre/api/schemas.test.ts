import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { contactCentreData } from '../../../../city/dnipro/contact-centre.ts';
import { asXml, fromXml, seedHistory, seedRequest, type Told, testCity } from './testing.ts';

const files = import.meta.glob<object>('./schemas/*.json', { eager: true, import: 'default' });
const ajv = new Ajv.default({ allErrors: true, strict: false });
addFormats.default(ajv);

function check(schema: string, value: unknown): void {
  const validate = ajv.compile(files[`./schemas/${schema}.json`]!);
  expect(validate(value) ? [] : validate.errors).toEqual([]);
}

const { get, json, keys, platform, post } = await testCity();
const v2 = '/open311/v2';
const { pool } = platform;

await pool.query('delete from cc_category');
for (const body of contactCentreData.categories)
  await pool.query(
    `insert into cc_category (code, version, body, valid_from) values ($1, 1, $2, '2026-11-01T07:00:00Z')`,
    [body.code, JSON.stringify(body)],
  );
await pool.query('update cc_data set version = version + 1');
const leaves = contactCentreData.categories.filter((one) => one.kind === 'leaf');
let serial = 26_000_000_000;
for (const state of [
  'registered',
  'triage',
  'assigned',
  'accepted',
  'planned',
  'in_progress',
  'claimed',
  'rework',
  'in_event',
  'closed',
])
  for (const category of leaves.slice(0, 8)) {
    const number = String(serial++);
    await seedRequest(pool, {
      number,
      state,
      category: category.code,
      event: state === 'in_event' ? 'E-1' : null,
      closing: state === 'closed' ? 'unverified' : null,
      result: state === 'closed' ? 'fixed' : null,
      due: state === 'triage' ? null : '2026-11-25T10:00:00Z',
    });
    if (state !== 'registered')
      await seedHistory(pool, number, 'move', 'registered', state, '2026-11-20T07:00:00Z', 'слова');
  }

describe('the GeoReport schemas', () => {
  it('hold for discovery', async () => check('discovery', await json('/open311/discovery.json')));

  it('hold for every service of Dnipro and its definition, in JSON and, the same, in XML', async () => {
    const services = await json(`${v2}/services.json`);
    check('services', services);
    expect(services.length).toBeGreaterThanOrEqual(50);
    expect(fromXml(await (await get(`${v2}/services.xml`)).text())).toEqual(asXml(services, 'service'));
    for (const { service_code } of services) {
      const definition = (await json(`${v2}/services/${service_code}.json`)) as unknown as {
        attributes: { order: number }[];
      };
      check('service-definition', definition);
      const orders = definition.attributes.map((one) => one.order);
      expect(new Set(orders).size).toBe(orders.length);
      expect(fromXml(await (await get(`${v2}/services/${service_code}.xml`)).text())).toEqual(
        asXml(definition),
      );
    }
  });

  it('hold for requests in every state, with and without extensions, and for their updates', async () => {
    const requests = await json(`${v2}/requests.json`);
    expect(requests).toHaveLength(80);
    check('requests', requests);
    for (const one of requests.slice(0, 5))
      check('requests', await json(`${v2}/requests/${one.service_request_id}.json`));
    check('requests-extended', await json(`${v2}/requests.json?extensions=true`));
    check('updates', await json(`${v2}/servicerequestupdates.json`));
  });

  it('hold for what creating answers, and for tokens', async () => {
    for (const base of [v2, '/open311/test/v2'])
      for (const leaf of leaves
        .filter((one) => !one.stopper && !one.questions?.some((question) => question.required))
        .slice(0, 20)) {
        const answer = await post(`${base}/requests.json`, {
          api_key: keys.app,
          service_code: leaf.code,
          lat: '48.46',
          long: '35.04',
        });
        const made = (await answer.json()) as Told[];
        check('created', made);
        if (made[0]!.token) check('token', await json(`${base}/tokens/${made[0]!.token}.json`));
      }
    check('requests', await json('/open311/test/v2/requests.json'));
    check('updates', await json('/open311/test/v2/servicerequestupdates.json'));
  });

  it('hold for errors', async () => {
    for (const path of ['/services/none', '/nowhere', '/requests?page=x&status=y', '/requests?api_key=x']) {
      const [name, query = ''] = path.split('?');
      check('errors', await json(`${v2}${name}.json?${query}`));
    }
  });
});
