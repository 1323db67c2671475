import { describe, expect, it } from 'vitest';
import { photo } from '#platform/files/testing.ts';
import { contactCentreData } from '../../../../../../city/dnipro/index.ts';
import { moveMany } from '../../../dispatching.ts';
import { act } from '../../../moves.ts';
import { inPost } from '../../../posts.ts';
import { cookiesOf, deskWorld, hiddenField, readable } from '../test-world.ts';

const world = await deskWorld();
const { app, clock, enter, platform, pool, report, stateOf } = world;
const ownCrew = contactCentreData.units.find(
  (one) => one.kind === 'crew' && one.organisation === 'teplo',
)!.id;
let dispatcher = await enter('dispatcher');
const crew = await enter('crew');
const list = '/contact-centre/desk/crew';
const pageOf = (number: string) => `${list}/${number}`;
const requestPage = (number: string) => `/contact-centre/desk/requests/${number}`;

async function accepted(building = 0): Promise<string> {
  const number = await report({ place: { building: contactCentreData.buildings[building]!.id, flat: '7' } });
  await dispatcher.get(requestPage(number));
  await dispatcher.post(requestPage(number), {
    _csrf: hiddenField(dispatcher.html, '_csrf'),
    _key: `accept-${number}`,
    version: '2',
    move: 'accept',
  });
  return number;
}

async function sendPhoto(
  browser: typeof crew,
  path: string,
  kind: 'before' | 'after',
  content: Blob | null,
): Promise<Response> {
  const form = new FormData();
  form.set('_csrf', hiddenField(browser.html, '_csrf'));
  form.set('_key', `photo-${kind}-${Math.random()}`);
  form.set('photo', kind);
  if (content) form.set(`claim-${kind}`, content, 'work.jpg');
  return app.request(path, { method: 'POST', headers: { cookie: cookiesOf(browser) }, body: form });
}

/** A new link for the request, as the dispatcher copies it. */
async function linkFor(number: string, who = 'Підрядник Тепломонтаж'): Promise<string> {
  await dispatcher.get(requestPage(number));
  await dispatcher.post(`${requestPage(number)}/crew-links`, {
    _csrf: hiddenField(dispatcher.html, '_csrf'),
    _key: `link-${number}-${who}`,
    'link-crew': who,
  });
  return /href="http:\/\/misto\.test(\/contact-centre\/crew\/[\w-]{22})"/.exec(dispatcher.html)![1]!;
}

describe('a crew on its way', () => {
  it('sees the day’s work, the nearest first once it says where it is', async () => {
    const [far, near] = [await accepted(200), await accepted(0)];
    const house = contactCentreData.buildings[0]!;
    await crew.get(list);
    expect(crew.status).toBe(200);
    expect(crew.html).toContain(far);
    await crew.get(`${list}?near=${encodeURIComponent(`${house.street} ${house.house}`)}`);
    const text = readable(crew.html);
    expect(text).toContain('Найближчі до');
    expect(text.indexOf(shown(near))).toBeLessThan(text.indexOf(shown(far)));
    await crew.get(`${list}?near=${encodeURIComponent('xyzzyq 999')}`);
    expect(readable(crew.html)).toContain('Такої адреси не знайшли');
    await crew.get(`${list}?lat=${house.lat}&lon=${house.lon}`);
    expect(readable(crew.html)).toMatch(/· 0 м/);
  });

  it('does not show what is planned for another day, nor another enterprise’s work', async () => {
    const [later, foreign] = [await accepted(), await accepted()];
    await pool.query(
      `update cc_request set state = 'planned', planned_for = '2026-12-24T10:00:00Z' where number = $1`,
      [later],
    );
    await pool.query(`update cc_request set organisation = 'voda' where number = $1`, [foreign]);
    await crew.get(list);
    expect(crew.html).not.toContain(later);
    expect(crew.html).not.toContain(foreign);
    await crew.get(pageOf(foreign));
    expect(crew.status).toBe(404);
    const moderator = await enter('moderator');
    await moderator.get(list);
    expect(moderator.status).toBe(403);
  });

  it('whose work was refused three times leaves the fourth visit to another unit, here and from the dispatcher’s desk', async () => {
    const number = await accepted();
    const inTeplo = (role: 'crew' | 'dispatcher', move: 'dispatch' | 'claim', input = {}) =>
      platform.work(inPost(role, 'teplo'), (work) => act(work, number, move, input));
    for (const _ of [1, 2, 3]) {
      await inTeplo('dispatcher', 'dispatch', { crew: ownCrew });
      await inTeplo('crew', 'claim', { result: 'explained', answer: 'Готово' });
      await platform.work(inPost('controller'), (work) => act(work, number, 'reject', { comment: 'Ні' }));
    }
    const refused = { code: 'another-unit' };
    await expect(inTeplo('dispatcher', 'dispatch', { crew: ownCrew })).rejects.toMatchObject(refused);
    await expect(inTeplo('dispatcher', 'dispatch')).rejects.toMatchObject(refused);
    await expect(inTeplo('crew', 'claim', { result: 'fixed', answer: 'Є' })).rejects.toMatchObject(refused);
    const results = await moveMany(
      (one) => platform.work(inPost('dispatcher', 'teplo'), one),
      [{ number }],
      'dispatch',
      { crew: ownCrew },
    );
    expect(results).toEqual([{ number, state: null, refused: 'another-unit' }]);
    await crew.get(pageOf(number));
    expect(crew.html).not.toContain(`value="${ownCrew}"`);
    const other = /<option value="([\w-]+)"[^>]*>[^<]+<\/option>/.exec(crew.html)![1]!;
    await inTeplo('dispatcher', 'dispatch', { crew: other });
    await inTeplo('crew', 'claim', { result: 'fixed', answer: 'Замінено' });
    expect(await stateOf(number)).toBe('claimed');
  });

  it('goes, arrives, shows photos before and after, and says that it is done', async () => {
    const number = await accepted();
    await crew.get(pageOf(number));
    const press = async (move: string, more: Record<string, string> = {}) =>
      crew.post(pageOf(number), {
        _csrf: hiddenField(crew.html, '_csrf'),
        _key: `${move}-${number}`,
        version: hiddenField(crew.html, 'version'),
        move,
        ...more,
      });
    expect(readable(crew.html)).toContain('Виїжджаємо');
    await press('dispatch');
    expect(crew.status).toBe(422);
    expect(crew.html).toContain('href="#field-dispatch-crew"');
    await press('dispatch', { 'dispatch-crew': ownCrew });
    expect(await stateOf(number)).toBe('in_progress');
    await press('arrive');
    expect(readable(crew.html)).toContain('Ви на місці');
    for (const kind of ['before', 'after'] as const) {
      const answer = await sendPhoto(crew, pageOf(number), kind, new Blob([await photo()]));
      expect(answer.status).toBe(303);
    }
    await crew.get(`${pageOf(number)}?done=photo`);
    expect(readable(crew.html).match(/Додано фото: 1/g)).toHaveLength(2);
    await press('claim', { 'claim-result': 'fixed', 'claim-answer': '' });
    expect(crew.status).toBe(422);
    expect(crew.html).toContain('Напишіть відповідь заявникові');
    await crew.get(pageOf(number));
    await crew.post(pageOf(number), {
      _csrf: hiddenField(crew.html, '_csrf'),
      _key: `claim-again-${number}`,
      version: hiddenField(crew.html, 'version'),
      move: 'claim',
      'claim-result': 'fixed',
      'claim-answer': 'Видалено повітря зі стояка',
    });
    expect(await stateOf(number)).toBe('claimed');
    const { rows } = await pool.query(
      'select jsonb_array_length(evidence) as n, answer from cc_attempt where request = $1',
      [number],
    );
    expect(rows).toEqual([{ n: 2, answer: 'Видалено повітря зі стояка' }]);
  });

  it('is told what was no photo, and when none was chosen', async () => {
    const number = await accepted();
    await crew.get(pageOf(number));
    const none = await sendPhoto(crew, pageOf(number), 'after', null);
    expect(none.status).toBe(422);
    expect(await none.text()).toContain('Виберіть фото');
    const bad = await sendPhoto(crew, pageOf(number), 'after', new Blob(['not a picture']));
    expect(bad.status).toBe(200);
    expect(await bad.text()).toContain('work.jpg');
  });

  it('takes ready words without losing what was typed', async () => {
    const number = await accepted();
    await crew.get(pageOf(number));
    await crew.post(`${pageOf(number)}?words=1`, {
      _csrf: hiddenField(crew.html, '_csrf'),
      _key: 'ready',
      move: 'claim',
      'claim-answer': 'Підʼїзд 2.',
      template: 'claim-heating-air',
    });
    expect(crew.html).toContain('Підʼїзд 2.\nЗі стояка видалено повітря');
  });
});

describe('a contractor’s link', () => {
  it('does the work of its one request without signing in', async () => {
    const number = await accepted();
    const path = await linkFor(number);
    const contractor = world.visitor();
    await contractor.get(path);
    expect(contractor.status).toBe(200);
    const text = readable(contractor.html);
    expect(text).toContain('Підрядник Тепломонтаж');
    expect(text).not.toMatch(/067 123|Калиногай|\+380/);
    const press = (move: string, more: Record<string, string> = {}) =>
      contractor.post(path, {
        _csrf: hiddenField(contractor.html, '_csrf'),
        _key: `${move}-link`,
        version: hiddenField(contractor.html, 'version'),
        move,
        ...more,
      });
    await press('dispatch');
    await press('arrive');
    const sent = await sendPhoto(contractor, path, 'after', new Blob([await photo()]));
    expect(sent.status).toBe(303);
    await contractor.get(path);
    await press('claim', { 'claim-result': 'fixed', 'claim-answer': 'Замінено вентиль' });
    expect(await stateOf(number)).toBe('claimed');
    expect(readable(contractor.html)).toContain('Зараз із цією заявкою нічого робити не треба');
  });

  it('makes no other move, whatever is posted', async () => {
    const number = await accepted();
    const path = await linkFor(number);
    const contractor = await world.visitor().get(path);
    await contractor.post(path, {
      _csrf: hiddenField(contractor.html, '_csrf'),
      _key: 'sly',
      move: 'return',
      'return-reason': 'Не хочу',
    });
    expect(contractor.status).toBe(404);
    expect(await stateOf(number)).toBe('accepted');
  });

  it('guessed, revoked or past its time opens the same neutral page', async () => {
    const number = await accepted();
    const path = await linkFor(number);
    await dispatcher.get(requestPage(number));
    await dispatcher.submit(`${requestPage(number)}/crew-links`, {});
    const revoked = await world.visitor().get(path);
    const guessed = await world.visitor().get(`/contact-centre/crew/${'A'.repeat(22)}`);
    expect([revoked.status, guessed.status]).toEqual([404, 404]);
    expect(readable(main(revoked.html))).toBe(readable(main(guessed.html)));
    const later = await linkFor(number, 'Інший');
    clock.advance(15 * 86_400_000);
    expect(readable(main((await world.visitor().get(later)).html))).toBe(readable(main(guessed.html)));
  });

  it('makes whoever tries many wrong ones pause, and still opens a right one', async () => {
    dispatcher = await enter('dispatcher');
    const path = await linkFor(await accepted());
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++)
      statuses.push((await world.visitor().get(`/contact-centre/crew/${String(i).repeat(22)}`)).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await world.visitor().get(path)).status).toBe(200);
  });

  it('and wrong links of every kind are counted together', async () => {
    clock.advance(900_000);
    const wrong = 'A'.repeat(22);
    const kinds = ['follow/', 'crew/', 'subscribe/', 'appeal/done/'].map(
      (kind) => `/contact-centre/${kind}${wrong}`,
    );
    const tried = [
      ...kinds,
      `/unsubscribe/${wrong}`,
      `/contact-centre/follow/${wrong}/terms`,
      `/privacy/erasure/${wrong}`,
    ];
    const statuses: number[] = [];
    for (const path of tried) statuses.push((await world.visitor().get(path)).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429]);
    const paused = await world.visitor().get(`/en/contact-centre/follow/${wrong}`);
    expect(paused.html).toContain('Too many requests');
    expect(paused.headers.get('retry-after')).not.toBeNull();
    clock.advance(900_000);
    expect((await world.visitor().get(kinds[0]!)).status).toBe(404);
  });
});

const main = (html: string) => /<main[^>]*>(.*)<\/main>/s.exec(html)![1]!;
const shown = (number: string) =>
  `${number.slice(0, 2)}-${number.slice(2, 6)}-${number.slice(6, 10)}-${number.slice(10)}`;
