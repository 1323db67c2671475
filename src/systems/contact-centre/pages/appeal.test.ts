import { describe, expect, it } from 'vitest';
import { headsDocument, signingKeyOf } from '#platform/audit/heads.ts';
import { digestOf, inclusionFault, letterFault } from '#platform/audit/inclusion.ts';
import { chainPending, signIfDue } from '#platform/audit/sequencer.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { testDesk } from './desk/testing.ts';

const desk = await testDesk();
const app = createApp(desk.platform, { cache: false, limits: false });
const pool = desk.platform.db.$client;
const base = '/contact-centre/appeal';
const secret = 'Шепітливий фонтан не працює третій місяць';
const whole = {
  kind: 'complaint',
  about: '',
  essence: secret,
  name: 'Оксана Вигадана-Тестова',
  residence: 'м. Дніпро, вул. Робоча, 23, кв. 7',
  email: 'oksana@example.org',
  phone: '',
};
const visitor = () => new TestBrowser(app).get(base);
let people = 0;
const lastCode = async () =>
  /\d{6}/.exec(
    (await pool.query('select subject from kept_mail order by id desc limit 1')).rows[0].subject,
  )![0];
const count = async () =>
  (await pool.query("select count(*)::int as n from cc_request where regime = 'statutory'")).rows[0].n;

async function sent(given: Partial<typeof whole> = {}) {
  const browser = await visitor();
  const email = `oksana-${++people}@example.org`;
  await browser.submit(base, { ...whole, email, ...given, do: 'check' });
  await browser.submit(base, { do: 'send' });
  if (given.email !== '') await browser.submit(base, { code: await lastCode(), do: 'code' });
  expect(browser.path).toMatch(/\/appeal\/done\//);
  const [shown] = /\d\d-\d{4}-\d{4}-\d/.exec(browser.html)!;
  return { browser, number: shown.replaceAll('-', '') };
}

describe('an appeal without scripts', () => {
  it('goes from the questions over the check to a receipt with number and date, and how it was found', async () => {
    const browser = await visitor();
    expect(browser.html).not.toContain('<script');
    await browser.submit(base, { ...whole, do: 'check' });
    expect(browser.html).toContain('Перевірте звернення');
    expect(browser.html).toContain(secret);
    expect(await count()).toBe(0);
    await browser.submit(base, { do: 'change' });
    expect(browser.html).toContain('value="Оксана Вигадана-Тестова"');
    await browser.submit(base, { ...whole, do: 'check' });
    await browser.submit(base, { do: 'send' });
    expect(browser.html).toContain('Підтвердьте адресу');
    expect(await count()).toBe(0);
    await browser.submit(base, { code: '000000x', do: 'code' });
    expect(browser.status).toBe(422);
    const asked = browser.html;
    const code = await lastCode();
    await browser.submit(base, { code, do: 'code' });
    expect(browser.html).toMatch(/\d\d-\d{4}-\d{4}-\d/);
    expect(browser.html).toContain('09.12.2026');
    expect(browser.html).toContain('Строк рахується з наступного дня');
    browser.html = asked;
    await browser.submit(base, { code, do: 'code' });
    expect(browser.html).toContain('Звернення прийнято');
    expect(await count()).toBe(1);
  });

  it('tells the nameless what the law says and where a report needs no name; nothing typed is lost', async () => {
    const browser = await visitor();
    await browser.submit(base, { essence: secret, do: 'check' });
    expect(browser.status).toBe(422);
    for (const field of ['kind', 'name', 'residence', 'email'])
      expect(browser.html).toContain(`href="#field-${field}"`);
    expect(browser.html).toContain('анонімні звернення (стаття 8)');
    expect(browser.html).toContain('href="/contact-centre/report"');
    expect(browser.html).toContain(secret);
    await browser.submit(base, { ...whole, email: 'ні', do: 'check' });
    expect(browser.html).toContain('href="#field-email"');
  });

  it('says of each fault what is wrong and how to mend it, in both languages', async () => {
    const browser = await visitor();
    await browser.submit(base, { essence: '', name: 'Ю', email: '', about: 'martians', do: 'check' });
    for (const words of [
      'Не вибрано, що це. Оберіть: скарга, заява чи пропозиція',
      'Такої установи у списку немає. Оберіть іншу або «Ні на кого»',
      'Не написано, у чому суть. Опишіть, що сталося і чого ви просите',
      'Ім’я закоротке. Напишіть прізвище, ім’я та по батькові повністю',
      'Не вказано місце проживання. Напишіть населений пункт, вулицю, будинок, квартиру',
      'Немає куди відповісти. Вкажіть електронну пошту або телефон',
    ])
      expect(browser.html).toContain(words);
    const english = await new TestBrowser(app).get(`/en${base}`);
    await english.submit(`/en${base}`, {
      ...whole,
      essence: 'я'.repeat(4_001),
      name: 'Олена \u202eВигадана',
      email: 'ні',
      phone: '12',
      do: 'check',
    });
    for (const words of [
      'The text is longer than 4,000 characters. Shorten it',
      'These characters cannot be read. Write it again in ordinary letters',
      'This does not look like an e-mail address. Check it: it should be like name@example.com',
      'This does not look like a phone number. Check it: it should be like 067 000 00 00',
    ])
      expect(english.html).toContain(words);
  });

  it('is seen on no public page, feed, list or API', async () => {
    const { number } = await sent();
    const guest = new TestBrowser(app);
    for (const path of [
      `/contact-centre/requests/${number}`,
      `/open311/v2/requests/${number}.json`,
      `/open311/v2/requests/${number}.xml`,
    ])
      expect((await guest.get(path)).status, path).toBe(404);
    for (const path of [
      '/contact-centre',
      '/contact-centre/requests',
      `/contact-centre/requests?q=${encodeURIComponent('фонтан')}`,
      `/search?q=${encodeURIComponent('фонтан')}`,
      '/contact-centre/map',
      '/contact-centre/feed.atom',
      '/open311/v2/requests.json',
      '/open311/v2/servicerequestupdates.json',
      '/open311/bulk/requests.csv',
      '/open311/bulk/requests-extended.csv',
    ]) {
      const { html } = await guest.get(path);
      expect(html, path).not.toContain(number);
      expect(html, path).not.toContain('Шепітливий');
      expect(html, path).not.toContain('Вигадана-Тестова');
    }
  });

  it('is answered at the desk in writing, and read and printed by the person’s own link', async () => {
    const { browser, number } = await sent();
    const follow = /href="(\/contact-centre\/follow\/[\w-]{22})"/.exec(browser.html)![1]!;
    expect((await new TestBrowser(app).get(`${follow}/answer`)).status).toBe(404);
    const office = await desk.enter('appeals');
    await office.get('/contact-centre/desk/appeals');
    const path = `/contact-centre/desk/appeals/${number}`;
    await office.get(path);
    expect(office.html).toContain(secret);
    await office.submit(path, { do: 'study', reason: 'Потрібен виїзд комісії' });
    expect(office.html).toContain('Строк – місяць');
    await office.submit(path, { do: 'answer', answer: 'Фонтан полагоджено.', signer: '', grounds: '' });
    expect(office.status).toBe(422);
    expect(office.html).toContain('Фонтан полагоджено.');
    expect(office.html).toContain('href="#field-grounds"');
    await office.submit(path, {
      do: 'answer',
      answer: 'Фонтан полагоджено.',
      grounds: 'Стаття 20 Закону 393/96-ВР',
      howToAppeal: 'До суду.',
      signer: 'Начальниця відділу М. Листопадова',
    });
    expect(office.html).toContain('Відповідь надіслано');
    await browser.get(follow);
    expect(browser.html).toContain(`${follow}/answer`);
    await browser.get(`${follow}/answer`);
    for (const part of [
      'Оксана Вигадана-Тестова',
      'Фонтан полагоджено.',
      'Стаття 20',
      'До суду.',
      'М. Листопадова',
    ])
      expect(browser.html).toContain(part);
    expect(browser.headers.get('cache-control')).toContain('no-store');
  });

  it('has a written answer whose code leads to the proof that these words, and no others, were sent', async () => {
    const { browser, number } = await sent();
    const follow = /href="(\/contact-centre\/follow\/[\w-]{22})"/.exec(browser.html)![1]!;
    const office = await desk.enter('appeals');
    const path = `/contact-centre/desk/appeals/${number}`;
    await office.get(path);
    await office.submit(path, {
      do: 'answer',
      answer: 'Фонтан полагоджено.',
      grounds: 'Закон України «Про звернення громадян», ст. 15',
      howToAppeal: 'До суду.',
      signer: 'Начальниця відділу О. Вигадана',
    });
    await browser.get(`${follow}/answer`);
    const code = /http:\/\/misto\.test(\/contact-centre\/answers\/[0-9a-f-]{36})/.exec(browser.html)![1]!;
    expect(browser.html).toContain('<svg viewBox');
    const letter = await (await app.request(/href="([^"]*\/answer\/1)"/.exec(browser.html)![1]!)).text();
    expect(letter).toContain('Фонтан полагоджено.');

    const client = await pool.connect();
    const secrets = secretsOf(desk.platform.config);
    while ((await chainPending(client, (id) => secrets.blind('audit-subject', id))) > 0);
    const page = await new TestBrowser(app).get(code);
    expect(page.html).toContain('Запис ще не підписано');
    expect(page.html).toContain(digestOf(JSON.parse(letter)));
    expect(page.html).not.toContain('Фонтан');
    expect((await app.request(`${code}/proof.json`)).status).toBe(404);

    await signIfDue(client, signingKeyOf(secrets), desk.clock.now());
    client.release();
    await page.get(code);
    expect(page.html).toContain(`${code}/proof.json`);
    const proof = await (await app.request(`${code}/proof.json`)).text();
    expect(inclusionFault(proof, await headsDocument(desk.platform))).toBeNull();
    expect(letterFault(proof, letter)).toBeNull();
    expect(letterFault(proof, letter.replace('полагоджено', 'не знайдено'))).toContain('other words');
    expect(letterFault(proof, '{')).toContain('no letter');
    // Made once: asked again it is the same, though the log has grown.
    expect(await (await app.request(`${code}/proof.json`)).text()).toBe(proof);
    for (const wrong of [code.replace(/.{4}$/, '0000'), '/contact-centre/answers/x'])
      expect((await app.request(wrong)).status).toBe(404);
    expect((await app.request(`${follow}/answer/2`)).status).toBe(404);
  });

  it('goes without a proved address too, and says that the answer comes by post', async () => {
    const browser = await visitor();
    await browser.submit(base, { ...whole, do: 'check' });
    await browser.submit(base, { do: 'send' });
    expect(browser.html).toContain('відповідь тоді надішлемо поштою');
    await browser.submit(base, { do: 'unproved' });
    expect(browser.html).toContain('Звернення прийнято');
    const { rows } = await pool.query(
      'select confirmed from cc_reporter order by joined_at desc, id desc limit 1',
    );
    expect(rows).toEqual([{ confirmed: false }]);
  });

  it('without a name is registered on request, and closed at once as anonymous', async () => {
    const browser = await visitor();
    await browser.submit(base, { kind: 'proposal', essence: secret, do: 'check' });
    expect(browser.html).toContain('Надіслати без імені');
    await browser.submit(base, { kind: 'proposal', essence: secret, do: 'nameless' });
    expect(browser.html).toContain('одразу закриють без розгляду');
    await browser.submit(base, { do: 'send' });
    expect(browser.html).toContain('закрито без розгляду як анонімне');
    const number = /\d\d-\d{4}-\d{4}-\d/.exec(browser.html)![0].replaceAll('-', '');
    const { rows } = await pool.query('select closing, organisation from cc_request where number = $1', [
      number,
    ]);
    expect(rows).toEqual([{ closing: 'refused', organisation: null }]);
  });

  it('is told of to the public in numbers only', async () => {
    const { html } = await visitor();
    const received = Number(/Надійшло<\/dt><dd[^>]*>(\d+)/.exec(html)?.[1]);
    expect(received).toBe(await count());
    expect(html).not.toContain('Шепітливий');
  });

  it('is found in the register when it is answered or closed, by part, page or number', async () => {
    const operator = await desk.enter('operator');
    const register = '/contact-centre/desk/appeals';
    const { rows } = await pool.query("select number, state from cc_request where regime = 'statutory'");
    const of = (state: string) => rows.find((row: { state: string }) => row.state === state).number as string;
    await operator.get(`${register}?part=closed`);
    expect(operator.html).toContain(of('closed'));
    expect(operator.html).not.toContain(of('claimed'));
    await operator.get(`${register}?part=answered`);
    expect(operator.html).toContain(of('claimed'));
    await operator.get(`${register}?number=${of('closed')}`);
    expect(operator.html).toContain(of('closed'));
  });

  it('is given back by the desk to which it came straight', async () => {
    const { number } = await sent({ essence: 'Хтось десь щось' });
    const office = await desk.enter('appeals');
    const path = `/contact-centre/desk/appeals/${number}`;
    await office.get(path);
    await office.submit(path, { do: 'return', missing: 'Не зазначено, де саме' });
    expect(office.html).toContain('Звернення повернуто заявнику');
  });

  it('that complains about an organisation waits in triage, where the operator forwards or gives it back', async () => {
    const { number } = await sent({ about: 'contact-centre' });
    const office = await desk.enter('appeals');
    expect((await office.get(`/contact-centre/desk/appeals/${number}`)).status).toBe(404);
    const operator = await desk.enter('operator');
    const path = `/contact-centre/desk/appeals/${number}`;
    await operator.get(path);
    await operator.submit(path, { do: 'forward', destination: '' });
    expect(operator.status).toBe(422);
    await operator.submit(path, { do: 'forward', destination: 'Обласна державна адміністрація' });
    expect(operator.html).toContain('передано за належністю');
  });

  it('is taken by phone too', async () => {
    const operator = await desk.enter('operator');
    const console = '/contact-centre/desk/operator';
    await operator.get(console);
    await operator.submit(console, { do: 'start', phone: '067 000 00 61' });
    await operator.submit(console, {
      text: 'Прошу пояснити рахунок',
      appeal: 'application',
      phone: '067 000 00 61',
      do: 'register',
    });
    expect(operator.status).toBe(422);
    expect(operator.html).toContain('href="#field-residence"');
    await operator.submit(console, {
      text: 'Прошу пояснити рахунок',
      appeal: 'application',
      phone: '067 000 00 61',
      name: 'Петро Вигаданий',
      residence: 'м. Дніпро',
      do: 'register',
    });
    expect(operator.html).toContain('Заявку зареєстровано');
    const { rows } = await pool.query(
      "select a.kind from cc_appeal a join cc_request r on r.number = a.request where r.source = 'phone'",
    );
    expect(rows).toEqual([{ kind: 'application' }]);
  });
});
