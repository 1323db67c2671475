import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { bytesPerDay } from '#platform/files/quota.ts';
import { photo } from '#platform/files/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { personaActor } from '#platform/identity/personas.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { createPlatform } from '#platform/platform.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../city/dnipro/index.ts';
import { loadCityData } from '../city.ts';
import { contactCentre } from '../index.ts';
import { joinRequest } from '../joining.ts';
import { act } from '../moves.ts';
import { evidenceFaultsOf, photosOfPerson, receivePhotos } from '../photos.ts';
import { judgePhoto } from '../publishing.ts';
import { registerRequest } from '../requests.ts';
import { eraseOf } from '../rights.ts';

const test = await testPlatform({ systems: [contactCentre] });
const { dataDirectory } = test.config;
const platform = createPlatform({
  config: { ...test.config, mode: 'demo', keysFile: join(dataDirectory, 'keys.json') },
  clock: test.clock,
  pool: test.pool,
  systems: [contactCentre],
});
const app = createApp(platform, { cache: false, limits: false });
const [house] = contactCentreData.buildings;

beforeAll(async () => {
  await platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData));
});

const receive = async (names: readonly string[], room?: number) => {
  const content = await photo(640, 480);
  return receivePhotos(
    platform,
    anonymous,
    names.map((name) => ({ name, content })),
    { language: 'uk', ...(room === undefined ? {} : { room }) },
  );
};

let key = 0;
async function report(category = 'road-pothole') {
  const { photos } = await receive(['яма.jpg']);
  key += 1;
  const made = await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `photo-${key}`,
      category,
      text: 'Яма посеред дороги',
      answers: [{ code: 'danger', values: ['no'] }],
      place: { building: house!.id },
      reporter: { channel: 'web', language: 'uk' },
      photos,
    }),
  );
  const { rows } = await test.pool.query<{ id: string }>('select id from cc_photo where request = $1', [
    made.number,
  ]);
  return { ...made, photo: rows[0]!.id };
}
const publish = (number: string) =>
  test.pool.query(
    `with r as (update cc_request set publication = 'published', public_text = 'Яма' where number = $1)
     update cc_photo set public = true, moderated_at = now() where request = $1`,
    [number],
  );
async function signedIn(persona: string) {
  const browser = await new TestBrowser(app).get('/sign-in');
  return browser.submit('/sign-in/demo', { persona });
}
const open = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

describe('a photo', () => {
  it('is there for everybody only once a moderator has published it, cached and sniff-proof', async () => {
    const made = await report();
    const path = `/contact-centre/photos/${made.photo}`;
    for (const one of [path, `${path}/small`]) expect((await open(one)).status).toBe(404);
    await publish(made.number);
    const whole = await open(path);
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(whole.headers.get('cache-control')).toMatch(/^public, .*immutable/);
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff');
    const again = await open(path, { 'if-none-match': whole.headers.get('etag')! });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await test.pool.query(`update cc_request set publication = 'removed' where number = $1`, [made.number]);
    expect((await open(path, { 'if-none-match': whole.headers.get('etag')! })).status).toBe(404);
  });

  it('says nothing of where it was taken in any byte that is served', async () => {
    const made = await report();
    await publish(made.number);
    for (const path of [
      `/contact-centre/photos/${made.photo}`,
      `/contact-centre/photos/${made.photo}/small`,
    ]) {
      const bytes = Buffer.from(await (await open(path)).arrayBuffer());
      const about = await sharp(bytes).metadata();
      expect([about.exif, about.xmp, about.icc, about.orientation]).toEqual(Array(4).fill(undefined));
      expect(bytes.includes('Camera-of-Olena')).toBe(false);
    }
    const pages = [
      `/contact-centre/requests/${made.number}`,
      `/open311/v2/requests/${made.number}.json?extensions=true`,
    ];
    for (const page of pages) expect(await (await open(page)).text()).not.toMatch(/35\.25|48\.5\b|Olena/);
  });

  it('is there before that for staff who may read the request, and the look leaves a trace', async () => {
    const made = await report();
    const path = `/contact-centre/photos/${made.photo}`;
    const controller = await signedIn('controller');
    await controller.get(`${path}/small`);
    expect(controller.status).toBe(200);
    expect(controller.headers.get('cache-control')).toBe('private, no-store');
    const looks = async () =>
      (
        await test.pool.query(
          `select entry->>'resource' as resource from audit_pending where entry->>'action' = 'personal-data:read'`,
        )
      ).rows;
    expect(await looks()).toEqual([]);
    await controller.get(path);
    expect(controller.status).toBe(200);
    expect(await looks()).toEqual([{ resource: `request:${made.number}` }]);
    // Heating's people have no business with a road.
    for (const persona of ['dispatcher', 'resident']) {
      const other = await signedIn(persona);
      await other.get(path);
      expect(other.status).toBe(404);
    }
  });

  it('of one’s own is there by the follow link, not by the link of another who joined', async () => {
    const made = await report();
    const at = (token: string) => `/contact-centre/follow/${token}/photos/${made.photo}`;
    expect((await open(at(made.followToken))).status).toBe(200);
    expect((await open(`${at(made.followToken)}/small`)).status).toBe(200);
    const joined = await platform.work(anonymous, (work) =>
      joinRequest(work, made.number, { channel: 'web', language: 'uk' }),
    );
    expect((await open(at(joined.followToken))).status).toBe(404);
    expect((await open(at('A'.repeat(22)))).status).toBe(404);
    await publish(made.number);
    expect((await open(at(joined.followToken))).status).toBe(200);
  });

  it('that is no id, or has no file any more, is a missing page', async () => {
    for (const id of ['x', "' or 1=1", '019abc00-0000-7000-8000-000000000009'])
      expect((await open(`/contact-centre/photos/${encodeURIComponent(id)}`)).status).toBe(404);
    const made = await report();
    await publish(made.number);
    await test.pool.query(
      'update file set scan = $2 where id = (select file::uuid from cc_photo where id = $1)',
      [made.photo, 'infected'],
    );
    expect((await open(`/contact-centre/photos/${made.photo}`)).status).toBe(404);
  });

  it('stands on the page and the card of its request with words and its size', async () => {
    const made = await report();
    await publish(made.number);
    const page = await new TestBrowser(app).get(`/contact-centre/requests/${made.number}`);
    expect(page.html).toMatch(
      new RegExp(
        `<img[^>]*src="/contact-centre/photos/${made.photo}/small" width="360" height="480" alt="Фото заявника: [^"]+"[^>]*loading="lazy"`,
      ),
    );
    await page.get(`/contact-centre/requests?q=${made.number}`);
    expect(page.html).toContain(`/contact-centre/photos/${made.photo}/small`);
    await test.pool.query('update cc_photo set public = false where id = $1', [made.photo]);
    await page.get(`/contact-centre/requests?q=${made.number}`);
    expect(page.html).not.toContain(made.photo);
  });
});

describe('a moderator’s word', () => {
  it('shows a photo to everybody or takes it back; others are refused', async () => {
    const made = await report();
    await test.pool.query(`update cc_request set publication = 'published' where number = $1`, [made.number]);
    const moderator = await personaActor(platform, 'moderator');
    const judge = (actor: Actor, verdict: 'publish' | 'refuse') =>
      platform.work(actor, (work) => judgePhoto(work, made.number, made.photo, verdict));
    const status = async () => (await open(`/contact-centre/photos/${made.photo}`)).status;
    await expect(judge(await personaActor(platform, 'controller'), 'publish')).rejects.toMatchObject({
      status: 403,
    });
    await expect(judge(anonymous, 'publish')).rejects.toMatchObject({ status: 404 });
    await judge(moderator, 'publish');
    expect(await status()).toBe(200);
    await judge(moderator, 'refuse');
    expect(await status()).toBe(404);
  });
});

describe('a person', () => {
  it('finds own photos in the export; erasing takes them from the request and the store', async () => {
    const made = await report();
    const person = '0197c000-0000-7000-8000-00000000000d';
    await test.pool.query('update cc_reporter set person = $2 where request = $1', [made.number, person]);
    expect(await photosOfPerson(platform.db, person)).toMatchObject([
      { request: made.number, name: 'яма.jpg', lat: 48.5, public: false },
    ]);
    await platform.work(systemActor('erasure'), (work) => eraseOf(work, person));
    expect(await photosOfPerson(platform.db, person)).toEqual([]);
    const { rows } = await test.pool.query('select from cc_photo where request = $1', [made.number]);
    expect(rows).toEqual([]);
    expect((await open(`/contact-centre/follow/${made.followToken}/photos/${made.photo}`)).status).toBe(404);
  });
});

describe('photos of a form', () => {
  it('past 200 MB a day of one person or network is named and left out, and the rest is kept; a key is not counted', async () => {
    const content = await photo(64, 48);
    const network = '203.0.113.9';
    const send = (actor: Actor, from: string | null = network) =>
      receivePhotos(platform, actor, [{ name: 'яма.jpg', content }], { language: 'uk', network: from });
    const full = (who: string, room = 0) =>
      test.pool.query('update rate_count set count = $1 where key = $2', [
        bytesPerDay - room,
        secretsOf(platform.config).blind('limit', `bytes ${who}`),
      ]);
    expect((await send(anonymous)).photos).toHaveLength(1);
    await full(`network ${network}`, content.length);
    expect((await send(anonymous)).photos).toHaveLength(1);
    const over = await send(anonymous);
    expect(over.photos).toEqual([]);
    expect(over.faults[0]).toContain('яма.jpg: за добу можна надіслати 200 МБ');
    const resident: Actor = { ...anonymous, kind: 'person', id: '0197c000-0000-7000-8000-0000000000aa' };
    expect((await send(resident)).photos).toHaveLength(1);
    await full(`person ${resident.id}`);
    expect((await send(resident, '203.0.113.10')).photos).toEqual([]);
    expect((await send({ ...anonymous, kind: 'client', id: 'key' }, null)).photos).toHaveLength(1);
    expect((await send(anonymous, '203.0.113.10')).photos).toHaveLength(1);
  });

  it('are ten at most; what is wrong is named and left out, the rest is kept', async () => {
    const { photos, faults } = await receive(Array.from({ length: 12 }, (_, n) => `${n + 1}.jpg`));
    expect(photos.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, n) => `${n + 1}.jpg`));
    expect(faults).toEqual([
      '11.jpg: файлів уже досить. Файл не додано',
      '12.jpg: файлів уже досить. Файл не додано',
    ]);
    const mixed = await receivePhotos(
      platform,
      anonymous,
      [
        { name: 'a.jpg', content: await photo() },
        { name: 'b.heic', content: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1') },
        { name: 'c.jpg', content: Buffer.alloc(15 * 1024 * 1024 + 1) },
      ],
      { language: 'en' },
    );
    expect(mixed.photos).toHaveLength(1);
    expect(mixed.faults.map((fault) => fault.slice(0, 18))).toEqual([
      'b.heic: we cannot ',
      'c.jpg: the file is',
    ]);
  });

  it('can stand for the words of an objection, and survive one that cannot be accepted yet', async () => {
    const made = await report();
    const crew = await personaActor(platform, 'dispatcher');
    const everywhere = { ...crew, grants: crew.grants.map((grant) => ({ ...grant, organisation: null })) };
    for (const [move, input] of [
      ['accept', {}],
      ['dispatch', { crew: 'crew-1' }],
      ['claim', { result: 'fixed', answer: 'Зроблено' }],
    ] as const)
      await platform.work(everywhere, (work) => act(work, made.number, move, input));
    const path = `/contact-centre/follow/${made.followToken}`;
    const visitor = await new TestBrowser(app).get(path);
    await visitor.submit(path, {
      move: 'veto',
      'veto-photos': [new File([await photo()], 'досі.jpg'), new File(['%PDF-1.7 page'], 'акт.pdf')],
    });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('акт.pdf: такий вид файлу');
    expect(visitor.html).toContain('Уже додано: 1');
    const sealed = /name="kept-photos" value="([^"]+)"/.exec(visitor.html)![1]!;
    await visitor.submit(path, { move: 'veto', 'kept-photos': sealed });
    expect(visitor.html).toContain('повернуто виконавцю');
    const { rows } = await test.pool.query(
      `select kind, public, reporter is not null as owned from cc_photo where request = $1 order by at, id`,
      [made.number],
    );
    expect(rows).toEqual([
      { kind: 'report', public: false, owned: true },
      { kind: 'veto', public: false, owned: true },
    ]);
    expect(visitor.html).toContain('Що лишилося не так, ');
  });
});

describe('photos through Open311', () => {
  it('come in any field of a multipart post; another file is named, an address elsewhere is kept and never fetched', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({
      api_key: 'demo',
      service_code: 'road-pothole',
      lat: '48.4647',
      long: '35.0462',
      'attribute[danger]': 'no',
      description: 'Яма на дорозі',
      media_url: 'http://169.254.169.254/latest/meta-data',
    }))
      form.append(name, value);
    form.append('my-picture', new File([await photo()], 'яма.jpg'));
    form.append('anything[]', new File(['MZ'], 'setup.exe'));
    const answer = await app.request('/open311/v2/requests.json', { method: 'POST', body: form });
    const [made] = (await answer.json()) as { service_request_id: string; service_notice: string }[];
    expect(answer.status).toBe(200);
    expect(made!.service_notice).toContain('setup.exe: ');
    const number = made!.service_request_id;
    const { rows } = await test.pool.query(
      `select f.name, (select url from cc_media_url where request = $1) as url
       from cc_photo p join file f on f.id = p.file::uuid where p.request = $1`,
      [number],
    );
    expect(rows).toEqual([{ name: 'яма.jpg', url: 'http://169.254.169.254/latest/meta-data' }]);

    const told = async () =>
      (await (await open(`/open311/v2/requests/${number}.json?extensions=true`)).json())[0];
    expect((await told()).media_url).toBeNull();
    await publish(number);
    const { media_url, extended_attributes } = await told();
    expect(media_url).toMatch(/^http:\/\/misto\.test\/contact-centre\/photos\/[0-9a-f-]{36}$/);
    expect(extended_attributes.photos).toMatchObject([{ media_url, width: 30, height: 40 }]);
    expect((await open(new URL(media_url).pathname)).status).toBe(200);
    const updates = await (await open('/open311/v2/servicerequestupdates.json')).json();
    const registered = updates.find(
      (one: { service_request_id: string }) => one.service_request_id === number,
    );
    expect(registered.media_url).toBe(media_url);
  });
});

describe('evidence', () => {
  const place = { lat: 48.46, lon: 35.04 };
  const taken = (metres: number) => ({ lat: place.lat + metres / 111_200, lon: place.lon });
  const both = ['before', 'after'] as const;

  it('is marked when it is missing, was taken over 150 m away, or does not say where', () => {
    const faults = (
      photos: Parameters<typeof evidenceFaultsOf>[1],
      at: Parameters<typeof evidenceFaultsOf>[2] = place,
    ) => evidenceFaultsOf(both, photos, at);
    expect(faults([])).toEqual(['missing-before', 'missing-after']);
    const before = { file: '1', kind: 'before', ...taken(149) } as const;
    expect(faults([before, { file: '2', kind: 'after', ...taken(152) }])).toEqual(['far-after']);
    expect(faults([before, { file: '2', kind: 'after' }])).toEqual(['unplaced-after']);
    const near = { file: '3', kind: 'after', ...taken(-20) } as const;
    expect(faults([before, { file: '2', kind: 'after' }, near])).toEqual([]);
    expect(faults([before, { file: '2', kind: 'after' }], { lat: null, lon: null })).toEqual([]);
  });
});
