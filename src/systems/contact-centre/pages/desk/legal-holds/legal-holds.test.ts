import { describe, expect, it } from 'vitest';
import { deskWorld, hiddenField, readable } from '../test-world.ts';

const world = await deskWorld();
const { pool } = world;
const list = '/contact-centre/desk/legal-holds';
const page = (number: string) => `/contact-centre/desk/requests/${number}`;
const holdOf = async (number: string) =>
  (
    await pool.query('select legal_hold, legal_hold_at, legal_hold_by from cc_request where number = $1', [
      number,
    ])
  ).rows[0];
const traces = async (number: string) =>
  (
    await pool.query(
      `select entry->>'action' as action, entry->'actor'->>'kind' as actor, entry->'detail'->>'reason' as reason from audit_pending
       where entry->>'resource' = $1 and entry->>'action' ~ 'hold' order by id`,
      [`request:${number}`],
    )
  ).rows;

describe('a legal hold', () => {
  it('is put on the request’s page with a ground, is shown there and in the list, and leaves a trace', async () => {
    const number = await world.report();
    const supervisor = await world.enter('supervisor');
    await supervisor.get(page(number));
    expect(supervisor.html).not.toContain('Дані під забороною знищення');
    const action = `${page(number)}/legal-hold`;
    await supervisor.submit(action, { 'hold-reason': 'ні' });
    expect(supervisor.status).toBe(422);
    expect(supervisor.html).toContain('Вкажіть підставу');
    expect(supervisor.html).toContain('value="ні"');
    await supervisor.submit(action, { 'hold-reason': 'х'.repeat(501) });
    expect(supervisor.html).toContain('Не більше 500 знаків');
    expect((await holdOf(number)).legal_hold).toBeNull();
    await supervisor.submit(action, { 'hold-reason': 'Справа 201/44/26, тел. 067 123 45 67' });
    expect(supervisor.html).toContain('Знищення даних цієї заявки заборонено.');
    expect(readable(supervisor.html)).toContain('Справа 201/44/26, тел. [приховано]');
    expect(await holdOf(number)).toMatchObject({
      legal_hold: 'Справа 201/44/26, тел. [приховано]',
      legal_hold_by: expect.stringContaining('Керівник зміни'),
    });
    await supervisor.get(list);
    expect(readable(supervisor.html)).toContain('Справа 201/44/26');
    expect(supervisor.html).toContain(page(number));
    expect(await traces(number)).toEqual([
      {
        action: 'contact-centre:legal_hold',
        actor: 'staff',
        reason: 'Справа 201/44/26, тел. [приховано]',
      },
    ]);
  });

  it('is lifted with a reason; put twice or lifted twice it says what stands', async () => {
    const number = await world.report();
    const supervisor = await world.enter('supervisor');
    const action = `${page(number)}/legal-hold`;
    const colleague = await (await world.enter('supervisor')).get(page(number));
    await supervisor.get(page(number));
    await supervisor.submit(action, { 'hold-reason': 'Справа 1/26' });
    await colleague.submit(action, { 'hold-reason': 'Справа 2/26' });
    expect(colleague.status).toBe(409);
    expect(colleague.html).toContain('вже заборонено');
    await colleague.get(page(number));
    expect((await holdOf(number)).legal_hold).toBe('Справа 1/26');
    await supervisor.submit(action, { 'hold-reason': '' });
    expect(supervisor.status).toBe(422);
    await supervisor.submit(action, { 'hold-reason': 'Рішення набрало сили' });
    expect(supervisor.html).toContain('Заборону знято');
    expect(await holdOf(number)).toEqual({
      legal_hold: null,
      legal_hold_at: null,
      legal_hold_by: null,
    });
    await colleague.submit(action, { 'hold-reason': 'Ще раз' });
    expect(colleague.status).toBe(409);
    expect(colleague.html).toContain('Заборони знищення на цій заявці немає');
    expect((await traces(number)).map(({ action, reason }) => [action, reason])).toEqual([
      ['contact-centre:legal_hold', 'Справа 1/26'],
      ['contact-centre:end_legal_hold', 'Рішення набрало сили'],
    ]);
  });

  it('is neither seen nor put by those who may not', async () => {
    const number = await world.report();
    for (const who of ['operator', 'dispatcher', 'controller']) {
      const browser = await world.enter(who);
      await browser.get(page(number));
      expect(browser.status).toBe(200);
      expect(browser.html).not.toContain('legal-hold');
      await browser.get(list);
      expect(browser.status, who).toBe(403);
    }
  });

  it('stands in a list with pages, the newest first, in both languages', async () => {
    await world.report();
    await pool.query(`update cc_request set legal_hold = null, legal_hold_at = null, legal_hold_by = null`);
    const numbers: string[] = [];
    for (let n = 0; n < 53; n += 1) numbers.push(await world.report());
    await pool.query(
      `update cc_request r set legal_hold = 'Справа ' || n, legal_hold_by = 'Пост', legal_hold_at = '2026-11-01T00:00:00Z'::timestamptz + n * interval '1 hour'
       from unnest($1::text[]) with ordinality as held (number, n) where held.number = r.number`,
      [numbers],
    );
    const supervisor = await world.enter('supervisor');
    await supervisor.get('/contact-centre/desk/supervisor');
    expect(supervisor.html).toContain(`href="${list}"`);
    await supervisor.get(list);
    const shown = (html: string) => [...readable(html).matchAll(/Справа (\d+)/g)].map(([, n]) => Number(n));
    expect(shown(supervisor.html)).toEqual(Array.from({ length: 50 }, (_, n) => 53 - n));
    expect(readable(supervisor.html)).toContain('1–50 з 53');
    await supervisor.get(`${list}?page=2`);
    expect(shown(supervisor.html)).toEqual([3, 2, 1]);
    await supervisor.get(`/en${list}`);
    expect(supervisor.html).toContain('Legal holds');
  });
});

describe('personal data taken out by law', () => {
  it('comes as a file to the shift supervisor alone, for a ground, with a trace in the log and with each person', async () => {
    const number = await world.report();
    const action = `${page(number)}/export`;
    const supervisor = await world.enter('supervisor');
    await supervisor.get(page(number));
    await supervisor.submit(action, { 'export-ground': ' ' });
    expect(supervisor.status).toBe(422);
    expect(supervisor.html).toContain('Вкажіть підставу: номер справи');
    await supervisor.submit(action, { 'export-ground': 'Ухвала 201/44/26' });
    expect(supervisor.headers.get('content-disposition')).toContain(`request-${number}.json`);
    const file = JSON.parse(supervisor.html);
    expect(file).toMatchObject({ number, ground: 'Ухвала 201/44/26', words: { flat: '7' } });
    expect(file.words.text).toContain('067 123 45 67');
    expect(file.reporters).toMatchObject([{ name: 'Олена Калиногай', phone: '+380670000002', lead: true }]);
    const { rows } = await pool.query(
      `select entry->'detail'->>'ground' as ground from audit_pending
       where entry->>'resource' = $1 and entry->>'action' = 'contact-centre:export_personal'`,
      [`request:${number}`],
    );
    expect(rows).toEqual([{ ground: 'Ухвала 201/44/26' }]);
    const operator = await world.enter('operator');
    await operator.get(page(number));
    expect(operator.html).not.toContain('Вивантажити особисті дані');
    await operator.post(action, { _csrf: hiddenField(operator.html, '_csrf'), 'export-ground': 'Цікаво' });
    expect(operator.status).toBe(403);
  });
});
