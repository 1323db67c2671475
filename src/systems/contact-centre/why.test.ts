import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { act, type MoveInput } from './moves.ts';
import { inPost } from './posts.ts';
import { type NewRequest, registerRequest } from './requests.ts';
import { previewReroute } from './reroute.ts';
import type { Move } from './states.ts';
import { whyOf } from './why.ts';

const platform = await testPlatform();
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

let key = 0;
const register = (more: Partial<NewRequest> = {}) =>
  platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `w${key++}`,
      category: 'heat-none',
      text: 'Холодно',
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { channel: 'web', language: 'uk' },
      ...more,
    }),
  );
const go = (actor: Actor, number: string, move: Move, input: MoveInput = {}) =>
  platform.work(actor, (work) => act(work, number, move, input));
const why = (number: string, asStaff = false) => whyOf(platform.db, number, 'uk', asStaff);

describe('why this executor', () => {
  it('is told by the rule that sent it there, and by whoever gave it back', async () => {
    const { number } = await register();
    expect(await why(number)).toMatch(/^КП «.*тому що: .*правило /);
    await go(inPost('dispatcher', 'teplo'), number, 'return', { reason: 'Не наша мережа' });
    expect(await why(number)).toMatch(/повертає заявку, виконавця обирає оператор$/);
  });

  it('is told by the newest decision: a person who chose another enterprise, with the reason for colleagues only', async () => {
    const { number } = await register();
    await go(inPost('operator'), number, 'assign', { organisation: 'voda', reason: 'Прорив у підвалі' });
    const water = contactCentreData.organisations.find(({ id }) => id === 'voda')!.name;
    expect(await why(number)).toBe(`${water.uk}: виконавця обирає людина (operator)`);
    expect(await why(number, true)).toBe(
      `${water.uk}: виконавця обирає людина (operator); причина: Прорив у підвалі`,
    );
    expect(await whyOf(platform.db, number, 'en')).toBe(`${water.en}: chosen by a person (operator)`);
  });

  it('stays what it was after a reopening, which changes nobody', async () => {
    const { number, followToken } = await register();
    const before = await why(number);
    const me = { reporterToken: followToken };
    await go(inPost('dispatcher', 'teplo'), number, 'accept');
    await go(inPost('crew', 'teplo'), number, 'claim', { result: 'fixed', answer: 'Готово' });
    await go(anonymous, number, 'confirm', me);
    await go(anonymous, number, 'reopen', { ...me, comment: 'Знову холодно' });
    expect(await why(number)).toBe(before);
  });
});

const safe = [{ code: 'danger', values: ['no'] }];

describe('a place of which only words are known', () => {
  it('goes to triage whatever the rules say, and the receipt says why', async () => {
    const { number, state, decision, due } = await register({
      category: 'road-pothole',
      answers: safe,
      place: { address: 'за гаражами біля старої котельні' },
    });
    expect(state).toBe('triage');
    expect(decision).toMatchObject({ unknownPlace: true, organisation: null, terms: null });
    expect(due).not.toBeNull();
    expect(await why(number)).toContain('Адресу не знайдено в реєстрі міста');
    expect(await whyOf(platform.db, number, 'en')).toContain('not in the register');
    const preview = await previewReroute(platform.db, platform.clock.now());
    expect(preview.requests.map((one) => one.number)).not.toContain(number);
  });

  it('with a point on the map is routed, and so is a matter that needs no place', async () => {
    expect(
      await register({
        category: 'road-pothole',
        answers: safe,
        place: { point: { lat: 48.4601, lon: 35.0401 }, address: 'біля мосту' },
      }),
    ).toMatchObject({ state: 'assigned' });
    const { rows } = await platform.db.execute<{ code: string }>(sql`select code from cc_category
      where valid_to is null and body->>'kind' = 'leaf' and body->'needs' = '[]' and body->'questions' = '[]'
        and not body ?| array['stopper', 'competence', 'successor'] and coalesce(body->>'regime', 'service') = 'service' limit 1`);
    expect(
      await register({ category: rows[0]!.code, answers: [], place: { address: 'деінде' } }),
    ).toMatchObject({ state: 'assigned' });
  });
});
