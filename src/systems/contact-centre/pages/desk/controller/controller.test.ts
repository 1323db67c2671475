import { describe, expect, it } from 'vitest';
import { personaActor } from '#platform/identity/personas.ts';
import { anonymous } from '#platform/work.ts';
import { contactCentreData } from '../../../../../../city/dnipro/index.ts';
import { isDrawn } from '../../../checks.ts';
import { joinRequest } from '../../../joining.ts';
import { act, type MoveInput } from '../../../moves.ts';
import { newNumber } from '../../../number.ts';
import { type NewRequest, registerRequest } from '../../../requests.ts';
import type { Move } from '../../../states.ts';
import { testDesk } from '../testing.ts';

const desk = await testDesk();
const { platform, clock } = desk;
const base = '/contact-centre/desk/controller';
const house = contactCentreData.buildings[0]!;
const one = async (text: string, values: unknown[] = []) =>
  (await platform.db.$client.query(text, values)).rows[0];

let key = 0;
const register = (more: Partial<NewRequest> = {}, draw?: (now: Date) => string) => {
  key += 1;
  const intakeKey = `q${key}`;
  return platform.work(anonymous, (work) =>
    registerRequest(
      work,
      {
        source: 'web',
        intakeKey,
        category: 'heat-weak',
        text: 'Батареї ледь теплі',
        answers: [{ code: 'scope', values: ['house'] }],
        place: { building: house.id, flat: '5' },
        reporter: { phone: '+380671234567', name: 'Галина Тополенчук', channel: 'web', language: 'uk' },
        ...more,
      },
      draw,
    ),
  );
};
const dispatcher = await personaActor(platform, 'dispatcher');
const go = (number: string, move: Move, input: MoveInput = {}, actor = dispatcher) =>
  platform.work(actor, (work) => act(work, number, move, input));
async function claimed(more: Partial<NewRequest> = {}, draw?: (now: Date) => string) {
  const born = await register(more, draw);
  await go(born.number, 'accept');
  await go(born.number, 'claim', { result: 'fixed', answer: 'Тиск відновлено' });
  const { id } = await one('select id from cc_reporter where request = $1', [born.number]);
  return { ...born, reporter: id as string, path: `${base}/calls/${born.number}/${id}` };
}

describe('the desk of the controller', () => {
  it('lists who to call with every look on record, and takes the answer with a grade', async () => {
    const { number, reporter, path } = await claimed();
    const controller = await desk.enter('controller');
    const looks = async () =>
      (
        await one(
          `select count(*)::int as n from audit_pending where entry->>'action' = 'personal-data:read'
            and entry->'subjects' ? $1 and entry->>'purpose' like 'Перевірка якості%'`,
          [reporter],
        )
      ).n;
    const before = await looks();
    await controller.get(base);
    expect(controller.html).toContain('Галина Тополенчук');
    expect(controller.html).toContain('tel:+380671234567');
    expect(controller.html).toContain('Тиск відновлено');
    expect(controller.headers.get('cache-control')).toContain('no-store');
    expect(await looks()).toBe(before + 1);

    await controller.get(path);
    expect(controller.html).toContain('Чи це так?');
    await controller.submit(path, { record: '' });
    expect(controller.status).toBe(422);
    expect(controller.html).toContain('href="#field-verdict"');
    await controller.submit(path, { verdict: 'no', record: 'z-17', comment: '' });
    expect(controller.status).toBe(422);
    expect(controller.html).toContain('value="z-17"');
    await controller.submit(path, { verdict: 'yes', grade: '5', record: 'z-17' });
    expect(controller.html).toContain('Відповідь «виконано» записано');
    expect(controller.html).not.toContain(path);
    expect(await one('select state, closing from cc_request where number = $1', [number])).toEqual({
      state: 'closed',
      closing: 'confirmed',
    });
    expect(
      await one('select method, verdict, grade, call_record from cc_verification where request = $1', [
        number,
      ]),
    ).toEqual({ method: 'call', verdict: 'yes', grade: 5, call_record: 'z-17' });
  });

  it('filters by executor, category and house, and says when there is nobody', async () => {
    const { path } = await claimed();
    const controller = await desk.enter('controller');
    for (const [query, there] of [
      ['organisation=teplo', true],
      ['organisation=voda', false],
      ['branch=heating', true],
      ['branch=roads', false],
      [`building=${house.id}`, true],
      ['building=nowhere', false],
    ] as const) {
      await controller.get(`${base}?${query}`);
      expect(controller.html.includes(path), query).toBe(there);
    }
    expect(controller.html).toContain('Нікого не треба обдзвонювати');
  });

  it('sends partly done work back with the words of the reporter', async () => {
    const { number, path } = await claimed();
    const controller = await desk.enter('controller');
    await controller.get(path);
    await controller.submit(path, { verdict: 'partly', comment: 'Тепло лише на кухні', record: 'z-18' });
    expect(controller.html).toContain('повернуто виконавцю');
    expect((await one('select state from cc_request where number = $1', [number])).state).toBe('rework');
    expect((await one('select verdict from cc_verification where request = $1', [number])).verdict).toBe(
      'partly',
    );
  });

  it('keeps what was written when the request has changed meanwhile', async () => {
    const { number, followToken, path } = await claimed();
    const controller = await desk.enter('controller');
    await controller.get(path);
    await go(number, 'veto', { reporterToken: followToken, comment: 'Холодно' }, anonymous);
    await controller.submit(path, { verdict: 'no', comment: 'Каже, що холодно', record: 'z-19' });
    expect(controller.status).toBe(409);
    expect(controller.html).toContain('тим часом змінилася');
    expect(controller.html).toContain('Каже, що холодно');
  });

  it('records a missed call once in a part of the day', async () => {
    clock.set('2026-11-24T10:00:00Z');
    const { reporter, path } = await claimed();
    const controller = await desk.enter('controller');
    await controller.get(path);
    await controller.submit(`${path}/missed`);
    expect(controller.html).toContain('Записано, що не додзвонилися');
    await controller.get(path);
    expect(controller.html).toContain('вдень уже записано');
    expect(controller.html).not.toContain(`action="${path}/missed"`);
    expect((await one('select missed_calls from cc_reporter where id = $1', [reporter])).missed_calls).toBe(
      1,
    );
  });

  it('looks at doubtful evidence before residents are asked', async () => {
    const leak = { category: 'heat-leak', answers: [{ code: 'damage', values: ['no'] }] };
    const [passed, rejected] = [await claimed(leak), await claimed(leak)];
    const controller = await desk.enter('controller');
    await controller.get(base);
    expect(controller.html).not.toContain(passed.path);
    await controller.get(`${base}/evidence`);
    expect(controller.html).toContain('немає фото «після»');
    await controller.get(`${base}/evidence/${passed.number}`);
    await controller.submit(`${base}/evidence/${passed.number}`, { go: 'pass' });
    expect(controller.html).toContain('Докази прийнято');
    await controller.get(base);
    expect(controller.html).toContain(passed.path);

    const page = `${base}/evidence/${rejected.number}`;
    await controller.get(page);
    await controller.submit(page, { go: 'reject', comment: '' });
    expect(controller.status).toBe(422);
    await controller.submit(page, { go: 'reject', comment: 'Покажіть місце після ремонту' });
    expect(controller.html).toContain('Заявку повернуто виконавцю');
    expect((await one('select state from cc_request where number = $1', [rejected.number])).state).toBe(
      'rework',
    );
  });

  it('asks about drawn claims that were confirmed by link, and opens them again on a no', async () => {
    const drawn = (now: Date) => {
      for (;;) {
        const number = newNumber(now);
        if (isDrawn(number, 1, 5)) return number;
      }
    };
    const made = await claimed({}, drawn);
    await go(made.number, 'confirm', { reporterToken: made.followToken }, anonymous);
    const controller = await desk.enter('controller');
    await controller.get(`${base}/checks`);
    expect(controller.html).toContain(made.path);
    await controller.get(made.path);
    expect(controller.html).toContain('Контрольний дзвінок');
    await controller.submit(made.path, { verdict: 'no', comment: 'Не підтверджував', record: 'z-20' });
    expect(controller.html).toContain('Заявку відкрито знову');
    expect((await one('select state from cc_request where number = $1', [made.number])).state).toBe('rework');
  });

  it('splits off a neighbour who disagrees', async () => {
    const born = await register();
    const joined = await platform.work(anonymous, (work) =>
      joinRequest(work, born.number, { phone: '+380671112233', channel: 'web', language: 'uk' }),
    );
    await go(born.number, 'accept');
    await go(born.number, 'claim', { result: 'fixed', answer: 'Готово' });
    await go(
      born.number,
      'veto',
      { reporterToken: joined.followToken, comment: 'У мене холодно' },
      anonymous,
    );
    const controller = await desk.enter('controller');
    await controller.get(`${base}/splits`);
    const path = /href="([^"]*\/splits\/[0-9]{11}\/[0-9a-f-]{36})"/.exec(controller.html)![1]!;
    await controller.get(path);
    await controller.submit(path, { reason: '' });
    expect(controller.status).toBe(422);
    await controller.submit(path, { reason: 'В іншому стояку інша причина' });
    expect(controller.html).toContain('власну заявку');
    expect((await one('select state from cc_request where number = $1', [born.number])).state).toBe(
      'claimed',
    );
    await controller.get(path);
    expect(controller.status).toBe(409);
  });

  it('is closed to those who call nobody back, and complete in English', async () => {
    const { path } = await claimed();
    const other = await desk.enter('dispatcher');
    for (const address of [base, `${base}/evidence`, `${base}/checks`, `${base}/splits`, path]) {
      await other.get(address);
      expect(other.status, address).toBe(403);
    }
    const controller = await desk.enter('controller');
    await controller.get(`/en${path}`);
    expect(controller.html).toContain('What the reporter says');
    expect((await controller.get(`${base}/calls/26000000000/${path.slice(-36)}`)).status).toBe(404);
    expect((await controller.get(`${path.slice(0, -36)}00000000-0000-7000-8000-000000000000`)).status).toBe(
      404,
    );
  });
});
