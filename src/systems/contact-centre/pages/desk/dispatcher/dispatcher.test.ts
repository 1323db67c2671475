import { describe, expect, it } from 'vitest';
import { contactCentreData } from '../../../../../../city/dnipro/index.ts';
import { act } from '../../../moves.ts';
import { inPost } from '../../../posts.ts';
import { deskWorld, hiddenField, readable } from '../test-world.ts';

const world = await deskWorld();
const { clock, enter, platform, pool, report, stateOf } = world;
const queue = '/contact-centre/desk/dispatcher';
let dispatcher = await enter('dispatcher');
const bulk = (move: string, ...rows: string[]) =>
  `${queue}/bulk?move=${move}${rows.map((row) => `&row=${row}`).join('')}`;

describe('the dispatcher’s queue', () => {
  it('puts least time left first, says what is overdue in words, and counts each state', async () => {
    const late = await report();
    clock.advance(3 * 3_600_000);
    // So long a pause ends a session of staff.
    dispatcher = await enter('dispatcher');
    const fresh = await report();
    await dispatcher.get(queue);
    expect(dispatcher.status).toBe(200);
    const text = readable(dispatcher.html);
    expect(text.indexOf(shown(late))).toBeLessThan(text.indexOf(shown(fresh)));
    expect(text).toMatch(/прострочено на 2 год/);
    expect(text).toMatch(/Передано виконавцю 2/);
    expect(dispatcher.html).not.toContain('067 123 45 67');
  });

  it('is narrowed by filters that live in the address', async () => {
    await dispatcher.get(`${queue}?overdue=1`);
    expect(readable(dispatcher.html)).toContain('Усього 1');
    await dispatcher.get(`${queue}?class=question`);
    expect(readable(dispatcher.html)).toContain('Тут порожньо');
    await dispatcher.get(`${queue}?state=assigned&branch=heating&district=x%27y`);
    expect(dispatcher.status).toBe(200);
    await dispatcher.get(`/en${queue}?state=nonsense&after=nonsense`);
    expect(readable(dispatcher.html)).toContain('Least time left comes first');
  });

  it('tells a page that stays open how much has changed since', async () => {
    const news = async (since: string) => {
      await dispatcher.get(`${queue}/news?since=${since}`);
      return JSON.parse(dispatcher.html).changed as number;
    };
    const drawn = clock.now().toISOString();
    expect(await news(drawn)).toBe(0);
    clock.advance(1_000);
    await report();
    expect(await news(drawn)).toBe(1);
    expect(await news('nonsense')).toBe(0);
  });

  it('shows the crews on a map where they work now, and what waits around them', async () => {
    const [busy, waiting] = [await report(), await report()];
    const crew = contactCentreData.units.find(
      (unit) => unit.kind === 'crew' && unit.organisation === 'teplo',
    )!;
    const free = contactCentreData.units
      .filter((unit) => unit.kind === 'crew' && unit.organisation === 'teplo')
      .at(-1)!;
    expect(free.id).not.toBe(crew.id);
    await platform.work(inPost('dispatcher', 'teplo'), async (work) => {
      await act(work, busy, 'accept');
      await act(work, busy, 'dispatch', { crew: crew.id });
    });
    await dispatcher.get(queue);
    expect(dispatcher.html).toContain(`href="${queue}/map"`);
    await dispatcher.get(`${queue}/map`);
    const text = readable(dispatcher.html);
    expect(dispatcher.html).toMatch(
      new RegExp(`href="/contact-centre/desk/requests/${busy}">${crew.name.uk}: [^<]+</a>`),
    );
    expect(dispatcher.html).toContain(`/contact-centre/desk/requests/${waiting}`);
    expect(dispatcher.html).not.toContain(`/contact-centre/desk/requests/${waiting}">${crew.name.uk}`);
    expect(text).toMatch(new RegExp(`${free.name.uk} виїздів немає`));
    await dispatcher.get(`/en${queue}/map?z=16&x=39147&y=22661`);
    expect(readable(dispatcher.html)).toContain('Where now');
  });

  it('is for those who dispatch, and shows nothing of another enterprise', async () => {
    const foreign = await report();
    await pool.query(`update cc_request set organisation = 'voda' where number = $1`, [foreign]);
    await dispatcher.get(queue);
    expect(dispatcher.html).not.toContain(foreign);
    const moderator = await enter('moderator');
    await moderator.get(queue);
    expect(moderator.status).toBe(403);
  });

  it('keeps filters for a person under a name', async () => {
    await dispatcher.get(`${queue}?class=emergency&overdue=1`);
    await dispatcher.post(`${queue}/filters`, {
      _csrf: hiddenField(dispatcher.html, '_csrf'),
      _key: 'f1',
      query: 'class=emergency&overdue=1',
      name: 'Горить',
    });
    expect(dispatcher.html).toContain('Фільтр збережено');
    expect(dispatcher.html).toContain(`href="${queue}?class=emergency&amp;overdue=1">Горить</a>`);
    const supervisor = await enter('supervisor');
    await supervisor.get(queue);
    expect(supervisor.html).not.toContain('Горить');
    await dispatcher.post(`${queue}/filters`, {
      _csrf: hiddenField(dispatcher.html, '_csrf'),
      _key: 'f2',
      query: '',
      name: 'Ніщо',
    });
    expect(dispatcher.status).toBe(422);
    expect(dispatcher.html).toContain('value="Ніщо"');
    await dispatcher.submit(`${queue}/filters`, {});
    expect(dispatcher.html).not.toContain('Горить');
  });
});

describe('an act on many', () => {
  it('asks for what it needs, moves each row on its own and tells of each', async () => {
    const [first, second, third] = [await report(), await report(), await report()];
    await dispatcher.get(bulk('return', `${first}.2`, `${second}.2`, `${third}.2`));
    expect(readable(dispatcher.html)).toContain('Повернути операторові: 3 заявки');
    // Meanwhile a colleague accepts one of them.
    const colleague = await enter('dispatcher');
    await colleague.get(`/contact-centre/desk/requests/${second}`);
    await colleague.post(`/contact-centre/desk/requests/${second}`, {
      _csrf: hiddenField(colleague.html, '_csrf'),
      _key: 'other',
      version: '2',
      move: 'accept',
    });
    const form = {
      _csrf: hiddenField(dispatcher.html, '_csrf'),
      _key: 'bulk-1',
      move: 'return',
      rows: `${first}.2,${second}.2,${third}.2`,
      'return-reason': '',
    };
    await dispatcher.post(`${queue}/bulk`, form);
    expect(dispatcher.status).toBe(422);
    expect(await stateOf(first)).toBe('assigned');
    await dispatcher.post(`${queue}/bulk`, { ...form, 'return-reason': 'Не наша мережа' });
    expect(dispatcher.path).toMatch(/\/desk\/bulk\/[0-9a-f-]{36}$/);
    const text = readable(dispatcher.html);
    expect(text).toContain('Виконано 2 з 3');
    expect(text).toContain('Заявку вже змінив хтось інший');
    expect([await stateOf(first), await stateOf(second), await stateOf(third)]).toEqual([
      'triage',
      'accepted',
      'triage',
    ]);
    const results = dispatcher.path;
    const supervisor = await enter('supervisor');
    await supervisor.get(results);
    expect(supervisor.status).toBe(404);
  });

  it('has one effect and one answer when it is sent twice', async () => {
    const number = await report();
    await dispatcher.get(bulk('accept', `${number}.2`));
    const form = {
      _csrf: hiddenField(dispatcher.html, '_csrf'),
      _key: 'bulk-2',
      move: 'accept',
      rows: `${number}.2`,
    };
    await dispatcher.post(`${queue}/bulk`, form);
    const first = dispatcher.path;
    await dispatcher.post(`${queue}/bulk`, form);
    expect(dispatcher.path).toBe(first);
    expect(readable(dispatcher.html)).toContain('Виконано 1 з 1');
    const { rows } = await pool.query(
      `select count(*)::int as n from cc_history where request = $1 and move = 'accept'`,
      [number],
    );
    expect(rows[0].n).toBe(1);
  });

  it('says before the act which rows will not go along', async () => {
    const number = await report();
    await dispatcher.get(bulk('dispatch', `${number}.2`));
    expect(readable(dispatcher.html)).toContain('у цьому стані не можна');
    await dispatcher.get(bulk('accept', `${number}.1`));
    expect(readable(dispatcher.html)).toContain('змінено, поки ви вибирали');
  });

  it('explains many at once with ready words', async () => {
    const number = await report();
    await dispatcher.get(bulk('claim', `${number}.2`));
    await dispatcher.post(`${queue}/bulk/words`, {
      _csrf: hiddenField(dispatcher.html, '_csrf'),
      _key: 'w1',
      move: 'claim',
      rows: `${number}.2`,
      template: 'claim-heating-source',
    });
    expect(dispatcher.html).toContain('подачу тепла до будинку відновлено');
  });

  it('leads back with a word when nothing is ticked, and knows no other act', async () => {
    await dispatcher.get(`${queue}/bulk?move=accept`);
    expect(dispatcher.html).toContain('Позначте хоча б одну заявку');
    await dispatcher.get(bulk('confirm', '26000000000.1'));
    expect(dispatcher.status).toBe(404);
  });
});

const shown = (number: string) =>
  `${number.slice(0, 2)}-${number.slice(2, 6)}-${number.slice(6, 10)}-${number.slice(10)}`;
