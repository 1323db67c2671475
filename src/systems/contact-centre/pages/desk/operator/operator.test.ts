import { beforeEach, describe, expect, it } from 'vitest';
import { contactCentreData } from '../../../../../../city/dnipro/index.ts';
import { testDesk } from '../testing.ts';
import { keys, reserved } from './keys.ts';

const desk = await testDesk();
const pool = desk.platform.db.$client;
const base = '/contact-centre/desk/operator';
const house = contactCentreData.buildings[0]!;
const streetOf = (building: typeof house) => `${building.street}, ${building.house}`;

beforeEach(async () => {
  await pool.query('delete from cc_call');
});

const operator = async () => (await desk.enter('operator')).get(base);
const count = async () => (await pool.query('select count(*)::int as n from cc_request')).rows[0].n;
const value = (html: string, name: string) =>
  new RegExp(`name="${name}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="${name}"`).exec(html)?.[1];

const heat = {
  phone: '067 000 00 21',
  name: 'Оксана',
  address: streetOf(house),
  flat: '7',
  text: 'Немає опалення, батареї холодні',
};

describe('the operator’s console', () => {
  it('is for operators: residents and other staff are refused', async () => {
    const resident = await desk.enter('resident');
    await resident.get(base);
    expect(resident.status).toBe(403);
    const crew = await desk.enter('crew');
    await crew.get(base);
    expect(crew.status).toBe(403);
  });

  it('takes a call to a receipt without scripts: phone, house, suggestion, question, number read aloud', async () => {
    const browser = await operator();
    await browser.submit(base, { do: 'start', phone: '067 000 00 21' });
    expect(browser.html).toContain('З цього номера ще не зверталися');
    await browser.submit(base, { ...heat, do: 'look' });
    expect(browser.html).toContain('Утримує');
    expect(browser.html).toContain('category:heat-none');
    expect(browser.html).toContain('Коли починається опалення');
    await browser.submit(base, { ...heat, do: 'category:heat-none' });
    expect(browser.html).toContain('answers.scope');
    const whole = { ...heat, category: 'heat-none', 'answers.scope': 'house' };
    await browser.submit(base, { ...whole, do: 'register' });
    expect(browser.status).toBe(200);
    expect(browser.html).toContain('Заявку зареєстровано');
    expect(browser.html).toMatch(/Ваша заявка номер \d\d-\d{4}-\d{4}-\d\. Виконавець: .+\. Строк: до /);
    expect(browser.html).toContain('тому що');
    const { rows } = await pool.query(
      `select r.source, p.channel, h.actor from cc_request r join cc_reporter p on p.request = r.number
         join cc_history h on h.request = r.number and h.seq = 1`,
    );
    expect(rows[0]).toMatchObject({ source: 'phone', channel: 'phone' });
    await browser.submit(base, { do: 'finish' });
    expect(browser.html).toContain('заявку зареєстровано');
    const contact = await pool.query('select outcome from cc_contact');
    expect(contact.rows).toEqual([{ outcome: 'request' }]);
  });

  it('registers once when the button is pressed twice, and says so when the words differ', async () => {
    const browser = await operator();
    const before = await count();
    await browser.submit(base, { do: 'start' });
    await browser.submit(base, { ...heat, do: 'category:heat-none' });
    const form = browser.html;
    const whole = { ...heat, category: 'heat-none', 'answers.scope': 'house', language: 'uk' };
    const hidden = Object.fromEntries(
      ['_csrf', 'call', 'intake', 'building', 'placed'].map((name) => [name, value(form, name) ?? '']),
    );
    await Promise.all([
      browser.post(base, { ...hidden, ...whole, do: 'register' }),
      browser.post(base, { ...hidden, ...whole, do: 'register' }),
    ]);
    expect(await count()).toBe(before + 1);
    await browser.post(base, { ...hidden, ...whole, text: 'Тече дах, вода на сходах', do: 'register' });
    expect(browser.status).toBe(409);
    expect(browser.html).toContain('вже надсилали');
    expect(browser.html).toContain('Тече дах, вода на сходах');
    expect(await count()).toBe(before + 1);
  });

  it('shows every fault beside its field and loses nothing that was typed', async () => {
    const browser = await operator();
    await browser.submit(base, { do: 'start' });
    await browser.submit(base, { name: 'Петро', address: 'Вигадана 999', q: 'субсидією', do: 'register' });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('href="#field-text"');
    await browser.submit(base, {
      name: 'Петро',
      address: 'Вигадана 999',
      q: 'субсидією',
      text: 'Не горить',
      category: 'heat-none',
      do: 'register',
    });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('href="#field-answers-scope"');
    await browser.get(base);
    for (const typed of ['Петро', 'Вигадана 999', 'Не горить', 'Як оформити субсидію'])
      expect(browser.html).toContain(typed);
    await browser.submit(base, { phone: '12', text: 'Не горить', do: 'look' });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('Перевірте номер');
    expect(value(browser.html, 'phone')).toBe('12');
  });

  it('offers the neighbour’s request to join, and the caller’s own when it was closed', async () => {
    const first = await operator();
    await first.submit(base, { do: 'start' });
    await first.submit(base, { ...heat, phone: '067 000 00 31', do: 'category:heat-none' });
    await first.submit(base, {
      ...heat,
      phone: '067 000 00 31',
      category: 'heat-none',
      'answers.scope': 'house',
      do: 'register',
    });
    await first.submit(base, { do: 'finish' });
    await first.submit(base, { do: 'start', phone: '067 000 00 32' });
    await first.submit(base, { ...heat, phone: '067 000 00 32', do: 'category:heat-none' });
    const [, number] = /value="join:(\d{11})"/.exec(first.html)!;
    expect(first.html).toContain('Можливо, це вже зареєстровано');
    const before = await count();
    await first.submit(base, {
      ...heat,
      phone: '067 000 00 32',
      category: 'heat-none',
      do: `join:${number}`,
    });
    expect(first.html).toContain('Заявника приєднано');
    expect(await count()).toBe(before);
    await first.submit(base, { do: 'finish' });
    expect(first.html).toContain('заявника приєднано');
  });

  it('tells whom to ask about what is not the city’s, and logs it', async () => {
    const browser = await operator();
    await browser.submit(base, { do: 'start' });
    await browser.submit(base, { text: 'Коли пенсія?', do: 'category:pension' });
    expect(browser.html).toContain('Пенсійний фонд України');
    expect(browser.html).not.toContain('Зареєструвати заявку');
    await browser.submit(base, { text: 'Коли пенсія?', category: 'pension', do: 'out_of_competence' });
    expect(browser.html).toContain('не належить до компетенції');
    const { rows } = await pool.query("select outcome from cc_contact where category = 'pension'");
    expect(rows).toEqual([{ outcome: 'out_of_competence' }]);
  });

  it('knows who calls: several people of one number, their requests and talks; the look is on record', async () => {
    const browser = await operator();
    for (const name of ['Оксана', 'Павло']) {
      await browser.submit(base, { do: 'start' });
      const told = { ...heat, phone: '067 000 00 41', name };
      await browser.submit(base, { ...told, do: 'category:heat-none' });
      await browser.submit(base, {
        ...told,
        category: 'heat-none',
        'answers.scope': 'house',
        do: 'register',
      });
      await browser.submit(base, { ...told, text: '', do: 'finish' });
    }
    await browser.submit(base, { do: 'start', phone: '+380 67 000 00 41' });
    expect(browser.html).toContain('телефонували різні люди');
    expect(browser.html).toContain('Павло');
    expect(browser.html).toContain('Попередні розмови (2)');
    const { rows } = await pool.query(
      "select count(*)::int as n from audit_pending where entry->>'action' = 'personal-data:read' and entry->>'resource' = 'requests:caller'",
    );
    expect(rows[0].n).toBeGreaterThan(0);
  });

  it('keeps a dropped call as a task for the operator, who goes on with what was typed', async () => {
    const browser = await operator();
    await browser.submit(base, { do: 'start' });
    await browser.submit(base, { ...heat, do: 'dropped' });
    expect(browser.html).toContain('Взяти й передзвонити');
    expect(browser.html).not.toContain('380670000021');
    const task = /value="back:([^"]+)"/.exec(browser.html)![1]!;
    await browser.submit(base, { do: `back:${task}` });
    expect(browser.html).toContain('батареї холодні');
    const csrf = value(browser.html, '_csrf')!;
    await browser.post(base, { _csrf: csrf, do: `back:${task}` });
    expect(browser.status).toBe(409);
  });

  it('logs a consultation in one act', async () => {
    const browser = await operator();
    await browser.submit(base, { do: 'log', topic: 'heat-none' });
    expect(browser.html).toContain('записано як консультацію');
    const { rows } = await pool.query('select outcome, category from cc_contact order by id desc limit 1');
    expect(rows).toEqual([{ outcome: 'consultation', category: 'heat-none' }]);
  });

  it('keeps the words of a conversation that was finished in another window', async () => {
    const browser = await operator();
    await browser.submit(base, { do: 'start' });
    const stale = browser.html;
    await browser.submit(base, { do: 'consultation' });
    browser.html = stale;
    await browser.submit(base, { text: 'Дуже довга розповідь', do: 'consultation' });
    expect(browser.status).toBe(409);
    expect(browser.html).toContain('Дуже довга розповідь');
  });

  it('has a key for every act, listed, and none that a browser uses itself', async () => {
    const browser = await operator();
    await browser.submit(base, { do: 'start' });
    await browser.submit(base, { ...heat, do: 'category:heat-none' });
    for (const name of [
      'look',
      'register',
      'consultation',
      'competence',
      'dropped',
      'phone',
      'address',
      'text',
    ] as const)
      expect(browser.html.toLowerCase()).toContain(`accesskey="${keys[name].toLowerCase()}"`);
    expect(browser.html).toContain('Клавіші');
    const letters = Object.values(keys);
    expect(new Set(letters).size).toBe(letters.length);
    expect(letters.filter((letter) => (reserved as readonly string[]).includes(letter))).toEqual([]);
  });
});
