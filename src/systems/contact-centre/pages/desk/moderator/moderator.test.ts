import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { filesOf, readFile } from '#platform/files/index.ts';
import { personaActor } from '#platform/identity/personas.ts';
import { anonymous } from '#platform/work.ts';
import { contactCentreData } from '../../../../../../city/dnipro/index.ts';
import { receivePhotos } from '../../../photos.ts';
import { publishRequest } from '../../../publishing.ts';
import { type NewRequest, registerRequest } from '../../../requests.ts';
import { testDesk } from '../testing.ts';

const desk = await testDesk();
const { platform } = desk;
const base = '/contact-centre/desk/moderator';
const one = async (text: string, values: unknown[] = []) =>
  (await platform.db.$client.query(text, values)).rows[0];
/** What a reporter lets slip. */
const secrets = ['067 123 45 67', 'Кульбабенко', '77', '2345678901'];
/** Not as a part of a request's number or of another id. */
const alone = (secret: string) => new RegExp(`(?<![\\w-])${secret}(?![\\w-])`, 'u');
const words = 'Холодно в кв. 77, Галина Кульбабенко, 067 123 45 67, код 2345678901';

let key = 0;
async function waiting(more: Partial<NewRequest> = {}) {
  key += 1;
  const intakeKey = `m${key}`;
  const born = await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey,
      category: 'heat-weak',
      text: words,
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '77' },
      reporter: { channel: 'web', language: 'uk', phone: '+380671234567' },
      ...more,
    }),
  );
  if (more.regime !== 'statutory')
    await platform.db.$client.query("update cc_request set publication = 'awaiting' where number = $1", [
      born.number,
    ]);
  return born;
}
const publicPlaces = (number: string) => [
  `/contact-centre/requests/${number}`,
  '/contact-centre/requests',
  '/contact-centre/feed.atom',
  `/open311/v2/requests/${number}.json`,
  '/open311/v2/requests.xml?extensions=true',
  '/open311/bulk/requests.csv',
  '/open311/bulk/requests.json',
];
const tidy = (html: string) => html.replaceAll(/26-?\d{4}-?\d{4}-?\d|\d{11}/g, '');

describe('the desk of the moderator', () => {
  it('publishes words as masked; nothing planted in them comes out anywhere', async () => {
    const { number } = await waiting();
    const moderator = await desk.enter('moderator');
    await moderator.get(base);
    expect(moderator.html).toContain(`${base}/${number}`);
    const path = `${base}/${number}`;
    await moderator.get(path);
    expect(moderator.html).toContain('Чекає на модератора');
    for (const secret of secrets) expect(tidy(moderator.html), secret).not.toMatch(alone(secret));
    await moderator.submit(path, { text: 'Холодно, дзвоніть 067 123 45 67, Галина Кульбабенко, кв. 77' });
    expect(moderator.html).toContain('Оприлюднено.');
    await moderator.get(base);
    expect(moderator.html).not.toContain(`${base}/${number}`);
    const visitor = await desk.enter('resident');
    for (const place of publicPlaces(number)) {
      await visitor.get(place);
      expect(visitor.status, place).toBe(200);
      expect(visitor.html, place).toContain('Холодно, дзвоніть [приховано]');
      for (const secret of ['067 123 45 67', 'Кульбабенко', '+380671234567', 'кв. 77'])
        expect(visitor.html, `${secret} in ${place}`).not.toContain(secret);
    }
    const told = await one(
      "select data, public_note from cc_history where request = $1 and move = 'publish'",
      [number],
    );
    expect(told).toEqual({ data: { publication: 'published', edited: true }, public_note: null });
  });

  it('opens the original only on purpose, once, with a trace that the person can see', async () => {
    const { number } = await waiting();
    const path = `${base}/${number}`;
    const moderator = await desk.enter('moderator');
    await moderator.get(path);
    const looks = async () =>
      (
        await one(
          `select count(*)::int as n from audit_pending where entry->>'action' = 'personal-data:read'
            and entry->>'resource' = $1 and entry->>'purpose' = 'Публікація звернення без персональних даних'`,
          [`request:${number}`],
        )
      ).n;
    expect(await looks()).toBe(0);
    await moderator.submit(`${path}/original`);
    expect(moderator.html).toContain(words);
    expect(moderator.headers.get('cache-control')).toContain('no-store');
    expect(await looks()).toBe(1);
    await moderator.get(`${path}/original`);
    expect(moderator.html).not.toContain(words);
    const kept = await one(
      `select count(*)::int as n from idempotency where position(convert_to('Кульбабенко', 'UTF8') in body) > 0`,
    );
    expect(kept.n).toBe(0);
  });

  it('withholds and takes out with a ground that the reporter is told', async () => {
    const moderator = await desk.enter('moderator');
    const hidden = await waiting();
    await moderator.get(`${base}/${hidden.number}`);
    await moderator.submit(`${base}/${hidden.number}`, { go: 'withhold' });
    expect(moderator.status).toBe(422);
    expect(moderator.html).toContain('href="#field-ground"');
    await moderator.submit(`${base}/${hidden.number}`, { go: 'withhold', ground: 'Прохання заявника' });
    expect(await one('select publication from cc_request where number = $1', [hidden.number])).toEqual({
      publication: 'removed',
    });
    const published = await waiting();
    const actor = await personaActor(platform, 'moderator');
    await platform.work(actor, (work) => publishRequest(work, published.number));
    const { number } = published;
    await moderator.get(`${base}/${number}`);
    const token = /name="_csrf" value="([^"]+)"/.exec(moderator.html)![1]!;
    await moderator.post(`${base}/${number}`, { _csrf: token, go: 'withhold' });
    expect(moderator.status).toBe(422);
    await moderator.post(`${base}/${number}`, { _csrf: token, go: 'withhold', ground: 'Прохання заявника' });
    expect(moderator.html).toContain('Слова приховано');
    const row = await one('select publication, public_text from cc_request where number = $1', [number]);
    expect(row).toEqual({ publication: 'removed', public_text: null });
    const message = await one(
      "select count(*)::int as n from cc_message where request = $1 and template = 'publish'",
      [number],
    );
    expect(message.n).toBe(1);
    const visitor = await desk.enter('resident');
    expect((await visitor.get(`/contact-centre/requests/${number}`)).status).toBe(404);
    await visitor.get('/open311/bulk/requests.csv');
    expect(visitor.html).not.toContain('Холодно в кв.');
  });

  it('never publishes what is private or statutory', async () => {
    const statutory = await waiting({
      regime: 'statutory',
      reporter: { channel: 'web', language: 'uk', name: 'Галина', residence: 'Дніпро' },
    });
    const actor = await personaActor(platform, 'moderator');
    await expect(
      platform.work(actor, (work) => publishRequest(work, statutory.number, { text: 'Все' })),
    ).rejects.toMatchObject({ code: 'never-public' });
    const moderator = await desk.enter('moderator');
    await moderator.get(`${base}/${statutory.number}`);
    expect(moderator.html).toContain('закрита для публіки');
    expect(moderator.html).not.toContain('Оприлюднити так');
  });

  it('shows, refuses and covers photos one by one; covered pixels are gone', async () => {
    const { number } = await waiting();
    const actor = await personaActor(platform, 'moderator');
    const content = await sharp({ create: { width: 160, height: 120, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer();
    const { photos } = await receivePhotos(platform, actor, [{ name: 'a.jpg', content }], { language: 'uk' });
    await platform.db.$client.query(
      `insert into cc_photo (request, file, kind, width, height, at) values ($1, $2, 'report', 160, 120, now())`,
      [number, photos[0]!.file],
    );
    const photo = await one('select id from cc_photo where request = $1', [number]);
    const moderator = await desk.enter('moderator');
    const path = `${base}/${number}`;
    const cover = `${path}/photos/${photo.id}/cover`;
    await moderator.get(path);
    expect(moderator.html).toContain('ніхто не дивився');
    await moderator.submit(cover, {});
    expect(moderator.status).toBe(422);
    await moderator.submit(cover, { cell: '0' });
    expect(moderator.html).toContain('Рішення про фото збережено');
    const after = await one(
      'select file, original, public, moderated_at is not null as judged from cc_photo where id = $1',
      [photo.id],
    );
    expect(after).toMatchObject({ original: photos[0]!.file, public: true, judged: true });
    const { data, info } = await sharp(await readFile(platform.db, filesOf(platform.config), after.file))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => data[(y * info.width + x) * info.channels]!;
    expect(at(8, 8)).toBeLessThan(20);
    expect(at(80, 60)).toBeGreaterThan(235);

    const token = /name="_csrf" value="([^"]+)"/.exec(moderator.html)![1]!;
    await moderator.post(path, { _csrf: token, go: 'photo', photo: photo.id, verdict: 'refuse' });
    expect((await one('select public from cc_photo where id = $1', [photo.id])).public).toBe(false);
    expect((await moderator.post(`${path}`, { _csrf: token, go: 'photo', photo: 'x' })).status).toBe(404);
  });

  it('is closed to those who publish nothing', async () => {
    const { number } = await waiting();
    const other = await desk.enter('dispatcher');
    expect((await other.get(base)).status).toBe(403);
    expect([403, 404]).toContain((await other.get(`${base}/${number}`)).status);
    const moderator = await desk.enter('moderator');
    expect((await moderator.get(`${base}/26000000000`)).status).toBe(404);
    expect((await moderator.get(`/en${base}/${number}`)).html).toContain('As the reporter wrote it');
  });
});
