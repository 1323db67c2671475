import { describe, expect, it } from 'vitest';
import { ruleWords } from '../../../rule-words.ts';
import { tellOwed } from '../../../telling.ts';
import { cookiesOf, deskWorld, hiddenField as hidden, readable } from '../test-world.ts';
import { requestText } from './text.ts';

const world = await deskWorld();
const { pool, enter, report, stateOf } = world;
const pageOf = (number: string) => `/contact-centre/desk/requests/${number}`;
const dispatcher = await enter('dispatcher');
const operator = await enter('operator');

describe('the staff page of a request', () => {
  it('offers the usual next step first and leads a request through the dispatcher’s moves', async () => {
    const number = await report();
    await dispatcher.get(pageOf(number));
    expect(dispatcher.status).toBe(200);
    const text = readable(dispatcher.html);
    expect(text.indexOf('Прийняти до роботи')).toBeLessThan(text.indexOf('Повернути операторові'));
    expect(text).not.toContain('Відправити бригаду');
    const csrf = hidden(dispatcher.html, '_csrf');
    await dispatcher.post(pageOf(number), { _csrf: csrf, _key: 'k-accept', version: '2', move: 'accept' });
    expect(await stateOf(number)).toBe('accepted');
    expect(dispatcher.html).toContain('Зроблено');
    await dispatcher.post(pageOf(number), {
      _csrf: csrf,
      _key: 'k-dispatch',
      version: '3',
      move: 'dispatch',
      'dispatch-crew': 'crew-teplo-1',
    });
    expect(await stateOf(number)).toBe('in_progress');
    expect(readable(dispatcher.html)).toContain('Бригада 1');
  });

  it('answers a stale form with both versions and keeps what was typed', async () => {
    const number = await report();
    await dispatcher.get(pageOf(number));
    const csrf = hidden(dispatcher.html, '_csrf');
    await dispatcher.post(pageOf(number), { _csrf: csrf, _key: 'a', version: '2', move: 'accept' });
    await dispatcher.post(pageOf(number), {
      _csrf: csrf,
      _key: 'b',
      version: '2',
      move: 'return',
      'return-reason': 'Не наша мережа, перевірили схему',
    });
    expect(dispatcher.status).toBe(409);
    const text = readable(dispatcher.html);
    expect(text).toContain('Ви бачили версію 2, тепер чинна 3');
    expect(text).toContain('Передано виконавцю');
    expect(dispatcher.html).toContain('Не наша мережа, перевірили схему</textarea>');
    expect(await stateOf(number)).toBe('accepted');
  });

  it('tells what is missing beside the field and keeps the rest', async () => {
    const number = await report();
    await dispatcher.get(pageOf(number));
    await dispatcher.post(pageOf(number), {
      _csrf: hidden(dispatcher.html, '_csrf'),
      _key: 'c',
      version: '2',
      move: 'return',
      'return-reason': ' ',
    });
    expect(dispatcher.status).toBe(422);
    expect(dispatcher.html).toContain('href="#field-return-reason"');
    expect(dispatcher.html).toContain('Напишіть підставу');
  });

  it('has one effect when the same form is sent twice', async () => {
    const number = await report();
    await dispatcher.get(pageOf(number));
    const form = { _csrf: hidden(dispatcher.html, '_csrf'), _key: 'twice', version: '2', move: 'accept' };
    await Promise.all([dispatcher.post(pageOf(number), form), dispatcher.post(pageOf(number), form)]);
    const { rows } = await pool.query(
      `select count(*)::int as n from cc_history where request = $1 and move = 'accept'`,
      [number],
    );
    expect(rows[0].n).toBe(1);
    expect(dispatcher.status).toBe(200);
  });

  it('puts ready words behind what was typed, and nothing has happened yet', async () => {
    const number = await report();
    await dispatcher.get(pageOf(number));
    await dispatcher.post(`${pageOf(number)}/words`, {
      _csrf: hidden(dispatcher.html, '_csrf'),
      _key: 'w',
      version: '2',
      move: 'return',
      'return-reason': 'Перевірили.',
      template: 'return-no-contract',
    });
    expect(dispatcher.status).toBe(200);
    expect(dispatcher.html).toContain('Перевірили.\nДоговору на обслуговування цього будинку у нас немає.');
    expect(await stateOf(number)).toBe('assigned');
  });

  it('hides personal data of the words, and shows contacts only when asked, leaving a trace', async () => {
    const number = await report();
    await operator.get(pageOf(number));
    expect(operator.html).not.toContain('067 123 45 67');
    expect(operator.html).not.toContain('+380670000002');
    const before = await reads(number);
    await operator.get(`${pageOf(number)}?contacts=1`);
    expect(operator.html).toContain('+380670000002');
    expect(readable(operator.html)).toContain('Квартира 7');
    expect(await reads(number)).toBeGreaterThan(before);
  });

  it('keeps contacts from the executor where nobody has to get in', async () => {
    const number = await report({ category: 'light-pole', answers: [] });
    const supervisor = await enter('supervisor');
    await supervisor.get(pageOf(number));
    await supervisor.post(pageOf(number), {
      _csrf: hidden(supervisor.html, '_csrf'),
      _key: `move-${number}`,
      move: 'assign',
      'assign-organisation': 'teplo',
      'assign-reason': 'Для проби',
    });
    await dispatcher.get(`${pageOf(number)}?contacts=1`);
    expect(dispatcher.status).toBe(200);
    expect(dispatcher.html).not.toContain('+380670000002');
    expect(dispatcher.html).toContain('заходити до помешкання не треба');
  });

  it('shows the original words only to those who check or publish, and says that it is on record', async () => {
    const number = await report();
    const controller = await enter('controller');
    await controller.get(`${pageOf(number)}?original=1`);
    expect(controller.html).toContain('067 123 45 67');
    await operator.get(`${pageOf(number)}?original=1`);
    expect(operator.html).not.toContain('067 123 45 67');
  });

  it('keeps notes for colleagues out of the public page and shows them here', async () => {
    const number = await report();
    await operator.get(pageOf(number));
    await operator.submit(`${pageOf(number)}/notes`, {
      'note-text': 'Ключ у двірника',
      'note-who': 'internal',
    });
    expect(operator.html).toContain('Ключ у двірника');
    const visitor = await world.visitor().get(`/contact-centre/requests/${number}`);
    expect(visitor.html).not.toContain('двірника');
    await operator.submit(`${pageOf(number)}/notes`, { 'note-text': ' ', 'note-who': 'internal' });
    expect(operator.status).toBe(422);
  });

  it('makes an appeal under the law of a request, for the posts that may, once and with all the law asks', async () => {
    const number = await report();
    await dispatcher.get(pageOf(number));
    expect(readable(dispatcher.html)).not.toContain('Розглянути як звернення за законом');
    await dispatcher.post(`${pageOf(number)}/statutory`, {
      _csrf: hidden(dispatcher.html, '_csrf'),
      _key: 'law-0',
      'statutory-kind': 'complaint',
      'statutory-name': 'Олена Калиногай',
      'statutory-residence': 'м. Дніпро',
    });
    expect(dispatcher.status).toBe(403);
    await operator.get(`${pageOf(number)}?contacts=1`);
    expect(operator.html).toMatch(/name="statutory-name"[^>]*value="Олена Калиногай"/);
    await operator.submit(`${pageOf(number)}/statutory`, {
      'statutory-kind': '',
      'statutory-name': 'Олена Калиногай',
      'statutory-residence': ' ',
    });
    expect(operator.status).toBe(422);
    expect(operator.html).toContain('Оберіть вид звернення');
    expect(operator.html).toContain('Вкажіть місце проживання');
    expect(operator.html).toMatch(/name="statutory-name"[^>]*value="Олена Калиногай"/);
    await operator.submit(`${pageOf(number)}/statutory`, {
      'statutory-kind': 'complaint',
      'statutory-name': 'Олена Калиногай',
      'statutory-residence': 'м. Дніпро, вул. Вигадана, 1',
    });
    const text = readable(operator.html);
    expect(text).toContain('Тепер це звернення за законом.');
    expect(text).toContain('Звернення за законом 393/96-ВР');
    expect(operator.html).not.toContain('name="statutory-name"');
    const visitor = await world.visitor().get(`/contact-centre/requests/${number}`);
    expect(visitor.status).toBe(404);
    await operator.post(`/en${pageOf(number)}/statutory`, {
      _csrf: hidden(operator.html, '_csrf'),
      _key: 'law-2',
      'statutory-kind': 'complaint',
      'statutory-name': 'Олена Калиногай',
      'statutory-residence': 'м. Дніпро',
    });
    expect(operator.status).toBe(409);
    expect(readable(operator.html)).toContain('It is an appeal under the law already');
  });

  it('shows which letters went to the reporters and how they fared, without any contact', async () => {
    const number = await report({
      reporter: { channel: 'web', language: 'uk', email: 'olena@example.test', confirmed: true },
    });
    await dispatcher.get(pageOf(number));
    expect(readable(dispatcher.html)).toMatch(/зареєстровано .{10,40} заявник 1 чекає на надсилання/);
    await tellOwed(world.platform);
    await dispatcher.get(pageOf(number));
    expect(readable(dispatcher.html)).toMatch(/зареєстровано .{10,40} заявник 1 електронна пошта: у черзі/);
    expect(dispatcher.html).not.toContain('olena@example.test');
    const nobody = await report();
    await tellOwed(world.platform);
    await dispatcher.get(`/en${pageOf(nobody)}`);
    expect(readable(dispatcher.html)).toContain('reporter 1 no way to write');
  });

  it('names the channel in words, also one that it has no word for', async () => {
    const number = await report({ source: 'open311' });
    await dispatcher.get(pageOf(number));
    expect(readable(dispatcher.html)).toContain('Канал Застосунок або програма');
    for (const source of Object.keys(ruleWords('uk').sources))
      expect(requestText('uk').sources[source], source).toBeDefined();
    await pool.query(`update cc_request set source = 'pigeon' where number = $1`, [number]);
    await dispatcher.get(pageOf(number));
    expect(readable(dispatcher.html)).toContain('Канал Інший');
  });

  it('shows where a reporter’s program keeps photos as text, never as a link or a picture', async () => {
    const number = await report({ source: 'open311' });
    await pool.query(
      `insert into cc_media_url (request, url, at) values ($1, 'https://photos.example/1.jpg?a=<b>', now())`,
      [number],
    );
    await dispatcher.get(pageOf(number));
    expect(dispatcher.html).toContain('https://photos.example/1.jpg?a=&lt;b>');
    expect(dispatcher.html).not.toContain('"https://photos.example');
  });

  it('keeps the name of an enterprise and a crew that are active no more on their old requests', async () => {
    const number = await report();
    await dispatcher.get(pageOf(number));
    const csrf = hidden(dispatcher.html, '_csrf');
    await dispatcher.post(pageOf(number), { _csrf: csrf, _key: 'old-1', version: '2', move: 'accept' });
    await dispatcher.post(pageOf(number), {
      _csrf: csrf,
      _key: 'old-2',
      version: '3',
      move: 'dispatch',
      'dispatch-crew': 'crew-teplo-1',
    });
    const { rows } = await pool.query(`select name->>'uk' as name from cc_organisation where id = 'teplo'`);
    const switchTo = (active: boolean) =>
      pool.query(
        `with o as (update cc_organisation set active = $1 where id = 'teplo'),
          u as (update cc_unit set active = $1 where organisation = 'teplo')
         update cc_data set version = version + 1`,
        [active],
      );
    await switchTo(false);
    try {
      await operator.get(pageOf(number));
      const text = readable(operator.html);
      expect(text).toContain(`Виконавець ${rows[0].name}`);
      expect(text).toContain('Бригада Бригада 1');
      expect(text).toContain(`тому що`);
      expect(text).not.toMatch(/\bteplo\b(?!-1)/);
      expect(operator.html).not.toContain('<option value="teplo">');
      const list = await world.visitor().get('/contact-centre/requests');
      expect(list.html).toContain(`${rows[0].name} (більше не діє)`);
    } finally {
      await switchTo(true);
    }
  });

  it('sends another crew after the third refusal of the work', async () => {
    const number = await report();
    const { rows: crews } = await pool.query(
      `select id from cc_unit where organisation = 'teplo' and kind = 'crew' and active order by id`,
    );
    expect(crews.length).toBeGreaterThan(1);
    const controller = await enter('controller');
    const csrf = async (who: typeof dispatcher) => hidden((await who.get(pageOf(number))).html, '_csrf');
    const press = async (who: typeof dispatcher, move: string, fields: Record<string, string> = {}) =>
      who.post(pageOf(number), {
        _csrf: await csrf(who),
        _key: `${number}-${Math.random()}`,
        move,
        ...fields,
      });
    await press(dispatcher, 'accept');
    for (let attempt = 1; attempt <= 3; attempt++) {
      await press(dispatcher, 'dispatch', { 'dispatch-crew': crews[0].id });
      await press(dispatcher, 'claim', { 'claim-result': 'explained', 'claim-answer': 'Зроблено' });
      await press(controller, 'reject', { 'reject-comment': 'Так само' });
      await dispatcher.get(pageOf(number));
      const offered = [...dispatcher.html.matchAll(/<option value="(crew-[^"]+)"/g)].map(([, id]) => id);
      expect(offered.includes(crews[0].id), `after refusal ${attempt}`).toBe(attempt < 3);
      expect(offered).toContain(crews[1].id);
    }
    expect(readable(dispatcher.html)).toContain('тепер має поїхати інша бригада');
    expect(dispatcher.html).toMatch(new RegExp(`<option value="${crews[1].id}" selected`));
  });

  it('joins ticked doubles to this one, and tells row by row when one refuses', async () => {
    const [master, first, second] = [await report(), await report(), await report()];
    await operator.get(pageOf(master));
    expect(operator.html).toContain(`value="${first}"`);
    const csrf = hidden(operator.html, '_csrf');
    await operator.post(`${pageOf(master)}/duplicates`, { _csrf: csrf, _key: 'd1', number: first });
    expect(readable(operator.html)).toContain('Приєднано 1 заявку');
    expect(await stateOf(first)).toBe('merged');
    const answer = await world.app.request(`${pageOf(master)}/duplicates`, {
      method: 'POST',
      headers: { cookie: cookiesOf(operator) },
      body: new URLSearchParams([
        ['_csrf', csrf],
        ['_key', 'd2'],
        ['number', first],
        ['number', second],
      ]),
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(/^\/contact-centre\/desk\/bulk\//);
    expect(await stateOf(second)).toBe('merged');
    await operator.post(`${pageOf(master)}/duplicates`, { _csrf: csrf, _key: 'd3' });
    expect(operator.status).toBe(422);
  });

  it('is no page for those who may not know of it, and asks strangers to sign in', async () => {
    const number = await report();
    const { rows } = await pool.query(
      `update cc_request set organisation = 'voda' where number = $1 returning number`,
      [number],
    );
    expect(rows.length).toBe(1);
    await dispatcher.get(pageOf(number));
    expect(dispatcher.status).toBe(404);
    await dispatcher.get(pageOf('26000000000'));
    expect(dispatcher.status).toBe(404);
    const resident = await enter('resident');
    await resident.get(pageOf(number));
    expect(resident.status).toBe(403);
    const stranger = await world.visitor().get(pageOf(number));
    expect(stranger.path).toContain('/sign-in');
  });

  it('refuses a move that somebody else’s post makes', async () => {
    const number = await report();
    const crew = await enter('crew');
    await crew.get(pageOf(number));
    await crew.post(pageOf(number), {
      _csrf: hidden(crew.html, '_csrf'),
      _key: 'no',
      version: '2',
      move: 'accept',
    });
    expect(crew.status).toBe(403);
    expect(crew.html).toContain('Бракує повноважень');
    expect(await stateOf(number)).toBe('assigned');
  });

  it('leads back to the queue when the request is no longer one’s own', async () => {
    const number = await report();
    await dispatcher.get(pageOf(number));
    await dispatcher.post(pageOf(number), {
      _csrf: hidden(dispatcher.html, '_csrf'),
      _key: 'gone',
      version: '2',
      move: 'return',
      'return-reason': 'Не наша мережа',
    });
    expect(await stateOf(number)).toBe('triage');
    expect(dispatcher.path).toContain('/contact-centre/desk/dispatcher?gone=');
  });

  it('says in words why this executor, and is complete in English', async () => {
    const number = await report();
    await dispatcher.get(`/en${pageOf(number)}`);
    const text = readable(dispatcher.html);
    expect(text).toContain('Why this executor');
    expect(text).toContain('because');
    expect(text).not.toMatch(/Що можна зробити|Доручення/);
  });
});

async function reads(number: string): Promise<number> {
  const { rows } = await pool.query(
    `select (select count(*) from audit_pending where entry->>'action' = 'personal-data:read' and entry->>'resource' = $1)
      + (select count(*) from audit_log where record::jsonb->>'action' = 'personal-data:read' and record::jsonb->>'resource' = $1) as n`,
    [`request:${number}`],
  );
  return Number(rows[0].n);
}
