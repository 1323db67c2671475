import { describe, expect, it } from 'vitest';
import { fillWords } from '../request-words.ts';
import { asXml, fromXml, seedHistory, seedRequest, type Told, testCity } from './testing.ts';

const { app, platform, get, json, keys, appKeyId } = await testCity();
const { pool } = platform;
const v2 = '/open311/v2';

const first = await seedRequest(pool, {
  number: '26000000001',
  organisation: 'teplo',
  state: 'in_progress',
  building: 'a-1207',
  note: 'Бригада в дорозі',
  due: '2026-11-21T06:00:00Z',
  updated: '2026-11-20T07:10:00Z',
  answers: [
    { code: 'scope', values: ['flat'] },
    { code: 'rooms', values: ['kitchen', 'bedroom'] },
    { code: 'words', values: ['мій телефон 067'] },
  ],
});
await seedHistory(pool, first, 'route', 'registered', 'assigned', '2026-11-20T06:05:00Z');
await seedHistory(
  pool,
  first,
  'dispatch',
  'assigned',
  'in_progress',
  '2026-11-20T07:10:00Z',
  'Бригада в дорозі',
);
await seedHistory(pool, first, 'warn', 'in_progress', 'in_progress', '2026-11-20T07:20:00Z');
await pool.query(
  `insert into cc_photo (request, file, kind, title, width, height, public, at) values
   ('26000000001', 'secret', 'report', null, 10, 10, false, '2026-11-20T06:00:00Z'),
   ('26000000001', 'open', 'report', 'Батарея', 640, 480, true, '2026-11-20T06:01:00Z')`,
);
await seedRequest(pool, {
  number: '26000000002',
  at: '2026-11-21T06:00:00Z',
  state: 'closed',
  closing: 'confirmed',
  result: 'fixed',
  updated: '2026-11-22T06:00:00Z',
});
await seedRequest(pool, {
  number: '26000000003',
  at: '2026-11-22T06:00:00Z',
  category: 'pothole',
  lat: null,
  lon: null,
});
await seedRequest(pool, {
  number: '26000000004',
  publication: 'awaiting',
  note: 'нотатка',
  at: '2026-11-19T06:00:00Z',
});
await seedRequest(pool, { number: '26000000005', publication: 'hidden', client: appKeyId });
await seedRequest(pool, {
  number: '26000000006',
  publication: 'hidden',
  regime: 'statutory',
  client: appKeyId,
});
await seedRequest(pool, { number: '26000000007', publication: 'removed' });
await seedRequest(pool, { number: '26000000008', at: '2026-05-01T06:00:00Z' });
await seedRequest(pool, {
  number: '26000000009',
  state: 'merged',
  master: '26000000002',
  at: '2026-11-18T06:00:00Z',
});
await seedRequest(pool, {
  number: '26000000010',
  state: 'in_event',
  event: 'E-1',
  at: '2026-11-17T06:00:00Z',
});

const ids = async (query: string) =>
  (await json(`${v2}/requests.json?${query}`)).map((one) => Number(one.service_request_id) - 26000000000);

describe('forms of the answers', () => {
  it.each([
    ['/services.xml', 'text/xml; charset=utf-8'],
    ['/services.json', 'application/json; charset=utf-8'],
    ['/services/heat-none.xml', 'text/xml; charset=utf-8'],
    ['/requests.json', 'application/json; charset=utf-8'],
    ['/discovery.xml', 'text/xml'],
    ['/discovery.json', 'application/json'],
  ])('%s is %s', async (path, type) => {
    const answer = await get(v2 + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
  });

  it('follow Accept without a suffix, else XML; an unknown suffix is 404', async () => {
    expect((await get(`${v2}/services`)).headers.get('content-type')).toBe('text/xml; charset=utf-8');
    const asked = await get(`${v2}/services`, { accept: 'application/json' });
    expect(asked.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect((await get(`${v2}/services.html`)).status).toBe(404);
  });

  it('bear double slashes without a redirect', async () => {
    for (const path of ['/open311/v2//services.json', '//open311//v2/services.json', '/open311/v2/requests/'])
      expect((await get(path)).status).toBe(200);
  });

  it('are open to every origin, also to preflights, and HEAD has no body', async () => {
    expect((await get(`${v2}/services.json`)).headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await app.request(`${v2}/requests.json`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    const head = await app.request(`${v2}/services.json`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it.each([
    ['/discovery', undefined],
    ['/services', 'service'],
    ['/services/heat-none', undefined],
    ['/services/pothole', undefined],
    ['/requests', 'request'],
    ['/requests/26000000001', 'request'],
    ['/servicerequestupdates', 'request_update'],
  ])('XML of %s says what JSON says, with a declaration and no namespace', async (path, item) => {
    for (const query of ['', '?extensions=true']) {
      const xml = await (await get(`${v2}${path}.xml${query}`)).text();
      expect(xml).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>/);
      expect(xml).not.toContain('xmlns');
      expect(fromXml(xml)).toEqual(asXml(await json(`${v2}${path}.json${query}`), item));
    }
  });
});

describe('discovery', () => {
  it('is at the root and at the base', async () => {
    for (const path of [
      '/open311/discovery.json',
      '/open311/v2/discovery.json',
      '/open311/test/v2/discovery.json',
    ])
      expect((await get(path)).status).toBe(200);
  });
  it('lists two endpoints without a slash at their end, two formats each, no empty field, a changeset in the past', async () => {
    const found = (await json('/open311/discovery.json')) as unknown as {
      endpoints: Record<string, unknown>[];
      changeset: string;
    };
    expect(found.endpoints.map((one) => [one.url, one.type, one.formats, one.specification])).toEqual(
      [
        ['/open311/v2', 'production'],
        ['/open311/test/v2', 'test'],
      ].map(([path, type]) => [
        `http://misto.test${path}`,
        type,
        ['text/xml', 'application/json'],
        'http://wiki.open311.org/GeoReport_v2',
      ]),
    );
    expect(found.changeset).toBe('2026-11-01T09:00:00+02:00');
    expect(JSON.stringify(found)).not.toMatch(/""|null/);
  });
  it('has a changeset that moves when a category changes', async () => {
    await pool.query(`update cc_category set valid_from = '2026-11-20T08:00:00Z' where code = 'appeal'`);
    const found = (await json('/open311/discovery.json')) as unknown as Record<string, string>;
    expect(found.changeset).toBe('2026-11-20T10:00:00+02:00');
  });
});

describe('services', () => {
  it('are the leaves that can be requested, with their branch as group', async () => {
    expect(await json(`${v2}/services.json`)).toEqual([
      {
        service_code: 'heat-none',
        service_name: 'Немає опалення',
        description: 'Батареї холодні <зовсім> & давно',
        metadata: true,
        type: 'realtime',
        keywords: 'тепло,батареї',
        group: 'Опалення',
      },
      {
        service_code: 'pothole',
        service_name: 'Яма',
        description: null,
        metadata: false,
        type: 'batch',
        keywords: 'яма',
        group: 'Дороги',
      },
      {
        service_code: 'sign-lost',
        service_name: 'Зник знак',
        description: null,
        metadata: false,
        type: 'blackbox',
        keywords: null,
        group: 'Дороги',
      },
    ]);
  });
  it('are defined by their questions in a unique order from 1', async () => {
    const definition = (await json(`${v2}/services/heat-none.json`)) as unknown as {
      service_code: string;
      attributes: Record<string, unknown>[];
    };
    expect(definition.service_code).toBe('heat-none');
    expect(definition.attributes[0]).toEqual({
      variable: true,
      code: 'scope',
      datatype: 'singlevaluelist',
      required: true,
      datatype_description: 'оберіть',
      order: 1,
      description: 'Де немає тепла?',
      values: [
        { key: 'flat', name: 'Квартира' },
        { key: 'house', name: 'Будинок' },
      ],
    });
    expect(definition.attributes.map((one) => one.order)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(definition.attributes[6]).toMatchObject({
      code: 'advice',
      variable: false,
      required: false,
      values: [],
    });
  });
  it('without metadata have an empty definition', async () => {
    expect(await json(`${v2}/services/pothole.json`)).toEqual({ service_code: 'pothole', attributes: [] });
  });
  it('that are unknown are 404; a retired one names its successor; stoppers and statutory ones are not offered', async () => {
    expect((await get(`${v2}/services/nothing.json`)).status).toBe(404);
    expect(await json(`${v2}/services/old-pit.json`)).toEqual([
      { code: 404, description: 'service_code: "old-pit" is retired; use "pothole"' },
    ]);
    expect((await get(`${v2}/services/gas-smell.json`)).status).toBe(404);
    expect((await get(`${v2}/services/appeal.json`)).status).toBe(404);
  });
  it('may be given with the jurisdiction; another one is 404', async () => {
    expect((await get(`${v2}/services.json?jurisdiction_id=dniprorada.gov.ua`)).status).toBe(200);
    expect((await get(`${v2}/services.json?jurisdiction_id=boston.gov`)).status).toBe(404);
  });
});

describe('a request', () => {
  it('is an array of one with every field, absent ones null', async () => {
    expect(await json(`${v2}/requests/26000000001.json`)).toEqual([
      {
        service_request_id: '26000000001',
        status: 'open',
        status_notes: 'Бригада в дорозі',
        service_name: 'Немає опалення',
        service_code: 'heat-none',
        description: 'Холодно в будинку',
        agency_responsible: 'КП «Тепло» (демо)',
        service_notice: 'Перевірте крани.',
        requested_datetime: '2026-11-20T08:00:00+02:00',
        updated_datetime: '2026-11-20T09:10:00+02:00',
        expected_datetime: '2026-11-21T08:00:00+02:00',
        address: 'вул. Робоча, 12, Соборний район, Дніпро',
        address_id: 'a-1207',
        zipcode: '49000',
        lat: 48.4501,
        long: 35.0662,
        media_url: expect.stringMatching(/^http:\/\/misto\.test\/.+/),
      },
    ]);
  });
  it('is found by its number as it is shown', async () => {
    expect((await get(`${v2}/requests/26-0000-0000-1.json`)).status).toBe(200);
  });
  it('that is closed was updated when it closed', async () => {
    expect(await json(`${v2}/requests/26000000002.json`)).toMatchObject([
      { status: 'closed', updated_datetime: '2026-11-22T08:00:00+02:00' },
    ]);
  });
  it('without a point has null lat and long', async () => {
    expect(await json(`${v2}/requests/26000000003.json`)).toMatchObject([
      { lat: null, long: null, media_url: null },
    ]);
  });
  it('that waits for the moderator is listed without its words', async () => {
    expect(await json(`${v2}/requests/26000000004.json`)).toMatchObject([
      { description: null, status_notes: null, media_url: null },
    ]);
  });
  it('that is private is 404 except to the key that posted it', async () => {
    const path = `${v2}/requests/26000000005.json`;
    expect((await get(path)).status).toBe(404);
    expect((await get(`${path}?api_key=${keys.other}`)).status).toBe(404);
    expect((await get(`${path}?api_key=${keys.app}`)).status).toBe(200);
    expect((await get(`${path}?api_key=wrong`)).status).toBe(403);
  });
  it('that is statutory or withdrawn from publication is 404 to everybody', async () => {
    for (const number of ['26000000006', '26000000007'])
      for (const query of ['', `?api_key=${keys.app}`, `?api_key=${keys.agency}`])
        expect((await get(`${v2}/requests/${number}.json${query}`)).status).toBe(404);
  });
  it('that was merged mirrors its master; one in an event is open', async () => {
    expect(await json(`${v2}/requests/26000000009.json`)).toMatchObject([
      { status: 'closed', updated_datetime: '2026-11-22T08:00:00+02:00' },
    ]);
    expect(await json(`${v2}/requests/26000000010.json`)).toMatchObject([{ status: 'open' }]);
  });
  it('tells nothing of its reporter in any format', async () => {
    for (const path of [
      'requests.json',
      'requests.xml',
      'requests.json?extensions=true',
      'servicerequestupdates.json',
    ])
      expect(await (await get(`${v2}/${path}`)).text()).not.toMatch(/067|кв\. ?12|Таємна/);
  });
  it('says more with extensions=true', async () => {
    const one = (await json(`${v2}/requests/26000000001.json?extensions=true`))[0]!;
    expect(one.attributes).toEqual([
      { label: 'Де немає тепла?', name: 'Квартира', code: 'scope', value: 'flat' },
      { label: 'Кімнати', name: 'Кухня', code: 'rooms', value: 'kitchen' },
      { label: 'Кімнати', name: 'Спальня', code: 'rooms', value: 'bedroom' },
    ]);
    expect(one.extended_attributes).toEqual({
      channel: 'phone',
      state: 'in_progress',
      result: null,
      master_id: null,
      event_id: null,
      asset_id: null,
      photos: [
        {
          media_url: one.media_url,
          title: 'Батарея',
          width: 640,
          height: 480,
          created_at: '2026-11-20T08:01:00+02:00',
        },
      ],
    });
    expect(one.notes).toEqual([
      { datetime: '2026-11-20T09:10:00+02:00', type: 'in_progress', description: 'Бригада в дорозі' },
    ]);
  });
});

describe('the list', () => {
  it('is the last 90 days, newest first', async () => {
    expect(await ids('')).toEqual([3, 2, 1, 4, 9, 10]);
  });
  it('with numbers gives these, of any age, overriding all else; unknown ones are just absent', async () => {
    expect(await ids('service_request_id=26000000008,26-0000-0000-1,99&status=closed&start_date=x')).toEqual([
      1, 8,
    ]);
    const many = Array.from({ length: 501 }, (_, n) => `n${n}`).join(',');
    expect((await get(`${v2}/requests.json?service_request_id=${many}`)).status).toBe(400);
  });
  it('is narrowed by service and by status, with commas or repeated', async () => {
    expect(await ids('service_code=pothole')).toEqual([3]);
    expect(await ids('service_code=pothole,heat-none&status=closed')).toEqual([2, 9]);
    expect(await ids('status=open,closed')).toHaveLength(6);
    expect(await ids('status=open&status=closed')).toHaveLength(6);
    expect((await get(`${v2}/requests.json?service_code=nothing`)).status).toBe(404);
  });
  it('is narrowed by dates, at most 90 days', async () => {
    expect(await ids('start_date=2026-11-21&end_date=2026-11-22T00:00:00Z')).toEqual([2]);
    expect(await ids('start_date=2026-04-30')).toEqual([8]);
    expect(await ids('end_date=2026-05-02')).toEqual([8]);
    expect(await ids('start_date=2026-11-20T06:00:00 00:00&end_date=2026-11-20T08:00:00.5%2B02:00')).toEqual([
      1,
    ]);
    expect((await get(`${v2}/requests.json?start_date=2026-05-01&end_date=2026-11-01`)).status).toBe(400);
    expect((await get(`${v2}/requests.json?start_date=2026-05-01&end_date=2026-07-30`)).status).toBe(200);
    expect((await get(`${v2}/requests.json?start_date=2026-11-20T08:00:00`)).status).toBe(400);
  });
  it('by time of change knows no limit of days', async () => {
    expect(await ids('updated_after=2026-11-22T06:00:00Z')).toEqual([3, 2]);
    expect(await ids('updated_before=2026-06-01')).toEqual([8]);
    expect(await ids('updated_after=2026-01-01&start_date=2026-01-01&end_date=2026-12-31')).toHaveLength(7);
  });
  it('is narrowed by place and by words', async () => {
    await seedRequest(pool, {
      number: '26000000011',
      at: '2026-11-16T06:00:00Z',
      lat: 48.46,
      lon: 35.0662,
      text: 'Зламана 100% лавка',
    });
    expect(await ids('lat=48.4501&long=35.0662&radius=500')).toEqual([2, 1, 4, 9, 10]);
    expect(await ids('lat=48.4501&long=35.0662&radius=1200')).toContain(11);
    await fillWords(platform.db);
    expect(await ids('q=ЛАВКИ')).toEqual([11]);
    expect(await ids('q=100%25 зламаною')).toEqual([11]);
    expect((await get(`${v2}/requests.json?lat=48`)).status).toBe(400);
  });
  it('comes in pages that lose and repeat nothing, by Link and by number', async () => {
    const all = await ids('');
    const seen: number[] = [];
    let next: string | null = `${v2}/requests.json?page_size=2&api_key=${keys.other}`;
    while (next) {
      const answer: Response = await get(next);
      for (const one of (await answer.json()) as Told[])
        seen.push(Number(one.service_request_id) - 26000000000);
      const link: string | null = answer.headers.get('link');
      expect(link ?? '').not.toContain(keys.other);
      if (link)
        expect(link).toMatch(
          /^<http:\/\/misto\.test\/open311\/v2\/requests\.json\?.*cursor=.+>; rel="next"$/,
        );
      next = link
        ? new URL(/<(.+)>/.exec(link)![1]!).pathname + new URL(/<(.+)>/.exec(link)![1]!).search
        : null;
    }
    expect(seen).toEqual(all);
    expect(await ids('page_size=3&page=2')).toEqual(all.slice(3, 6));
    for (const query of ['page_size=1001', 'page_size=0', 'page=11&page_size=1000', 'cursor=rubbish'])
      expect((await get(`${v2}/requests.json?${query}`)).status).toBe(400);
  });
  it('holds private ones for the key that posted them alone', async () => {
    expect(await ids(`api_key=${keys.app}`)).toContain(5);
    for (const key of [keys.other, keys.agency]) expect(await ids(`api_key=${key}`)).not.toContain(5);
    expect(await ids(`api_key=${keys.app}`)).not.toContain(6);
  });
  it('that finds nothing is 200 and empty', async () => {
    expect(await ids('q=немаєтакого')).toEqual([]);
    expect(await (await get(`${v2}/requests.xml?q=zzz`)).text()).toContain('<service_requests/>');
  });
});

describe('updates', () => {
  it('tell what changed, oldest first, in the words that clients know', async () => {
    const all = (await json(`${v2}/servicerequestupdates.json`)).filter(
      (one) => one.service_request_id === first,
    );
    expect(all).toEqual(
      [
        ['26000000001-1', 'open', '2026-11-20T08:00:00+02:00', null],
        ['26000000001-2', 'open', '2026-11-20T08:05:00+02:00', null],
        ['26000000001-3', 'in_progress', '2026-11-20T09:10:00+02:00', 'Бригада в дорозі'],
      ].map(([update_id, status, updated_datetime, description], index) => ({
        update_id,
        service_request_id: first,
        status,
        updated_datetime,
        description,
        // The public photo came with the report.
        media_url:
          index === 0
            ? expect.stringMatching(/^http:\/\/misto\.test\/contact-centre\/photos\/[0-9a-f-]{36}$/)
            : null,
      })),
    );
    const times = (await json(`${v2}/servicerequestupdates.json`)).map((one) =>
      Date.parse(one.updated_datetime),
    );
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
  it('of private, statutory and removed requests are not listed', async () => {
    const numbers = new Set(
      (await json(`${v2}/servicerequestupdates.json`)).map((one) => one.service_request_id),
    );
    for (const number of ['26000000005', '26000000006', '26000000007'])
      expect(numbers.has(number)).toBe(false);
  });
  it('take both dates or none', async () => {
    const path = `${v2}/servicerequestupdates.json`;
    expect(await json(`${path}?start_date=2026-11-20T07:00:00Z&end_date=2026-11-20T08:00:00Z`)).toHaveLength(
      1,
    );
    expect(await json(`${path}?start_date=2026-11-20`)).toEqual([
      { code: 400, description: 'end_date: missing; start_date and end_date go together' },
    ]);
  });
  it('come in pages', async () => {
    const path = `${v2}/servicerequestupdates.json`;
    const all = await json(path);
    const answer = await get(`${path}?page_size=3`);
    expect(answer.headers.get('link')).toMatch(/page=2.*rel="next"/);
    expect([...((await answer.json()) as Told[]), ...(await json(`${path}?page_size=3&page=2`))]).toEqual(
      all.slice(0, 6),
    );
  });
});

describe('errors', () => {
  it.each([
    ['/services/none', 404, 'service_code: '],
    ['/requests/none', 404, 'service_request_id: '],
    ['/tokens/none', 404, 'token: '],
    ['/nowhere', 404, 'path: '],
    ['/requests/a/b', 404, 'path: '],
    ['/services?jurisdiction_id=x', 404, 'jurisdiction_id: '],
    ['/requests?api_key=x', 403, 'api_key: '],
    ['/requests?status=x', 400, 'status: '],
    ['/requests?start_date=x', 400, 'start_date: '],
    ['/requests?page=x', 400, 'page: '],
  ])('%s is %i and names the parameter, in both formats', async (path, code, start) => {
    const [name, query = ''] = path.split('?');
    const asJson = await get(`${v2}${name}.json?${query}`);
    expect(asJson.status).toBe(code);
    const body = (await asJson.json()) as Told[];
    expect(body[0]).toEqual({ code, description: expect.stringMatching(new RegExp(`^${start}`)) });
    const xml = await get(`${v2}${name}.xml?${query}`);
    expect([xml.status, xml.headers.get('content-type')]).toEqual([code, 'text/xml; charset=utf-8']);
    // The path error quotes the path, which ends as the format does.
    expect(fromXml((await xml.text()).replaceAll('.xml', '.json'))).toEqual(asXml(body, 'error'));
  });
  it('of a wrong method say which is possible', async () => {
    const answer = await app.request(`${v2}/services.json`, { method: 'DELETE' });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      [{ code: 400, description: expect.stringContaining('GET') }],
    ]);
  });
  it('come all at once', async () => {
    const faults = await json(`${v2}/requests.json?status=x&start_date=y&page=z&lat=1`);
    expect(faults.map((fault) => fault.description.split(':')[0])).toEqual([
      'status',
      'start_date',
      'long',
      'radius',
      'page',
    ]);
  });
});
