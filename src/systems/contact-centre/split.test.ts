import { beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { joinRequest } from './joining.ts';
import { callBacks } from './lists/index.ts';
import { act, type MoveInput } from './moves.ts';
import { inPost } from './posts.ts';
import { registerRequest } from './requests.ts';
import { dissenters, splitOff } from './split.ts';
import { fold, type Move, type State } from './states.ts';

const clock = manualClock('2026-11-24T07:00:00Z');
const platform = await testPlatform({ clock });
const { pool } = platform;
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

const controller = inPost('controller');
const go = (actor: Actor, number: string, move: Move, input: MoveInput = {}) =>
  platform.work(actor, (work) => act(work, number, move, input));
let key = 0;
const register = () => {
  key += 1;
  const intakeKey = `s${key}`;
  return platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey,
      category: 'heat-weak',
      text: 'Батареї ледь теплі',
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { phone: '+380671234567', channel: 'web', language: 'uk' },
    }),
  );
};
const join = (number: string) =>
  platform.work(anonymous, (work) =>
    joinRequest(work, number, { phone: '+380671112200', channel: 'web', language: 'uk' }),
  );
const one = async (text: string, values: unknown[]) => (await pool.query(text, values)).rows[0];
const split = (actor: Actor, number: string, reporter: string, reason = 'В іншому під’їзді інша причина') =>
  platform.work(actor, (work) => splitOff(work, number, { reporter, reason }));
async function claimedWith(joiners: number) {
  const born = await register();
  const tokens = [];
  for (let i = 0; i < joiners; i += 1) tokens.push((await join(born.number)).followToken);
  await go(inPost('dispatcher', 'teplo'), born.number, 'accept');
  await go(inPost('crew', 'teplo'), born.number, 'claim', { result: 'fixed', answer: 'Тиск відновлено' });
  return { ...born, tokens };
}
const veto = (number: string, token: string) =>
  go(anonymous, number, 'veto', { reporterToken: token, comment: 'У мене досі холодно, кв. 77' });

describe('a veto that a controller splits off', () => {
  it('becomes an own request in rework with a reason told, and the others go on judging the claim', async () => {
    const born = await claimedWith(1);
    const due = (await one('select fix_due from cc_request where number = $1', [born.number])).fix_due;
    clock.advance(3_600_000);
    await veto(born.number, born.tokens[0]!);
    const [found] = await dissenters(platform.db, controller);
    expect(found).toMatchObject({ number: born.number, verdict: 'no', people: 2 });
    expect(found!.comment).toBe('У мене досі холодно, кв. [приховано]');
    const own = await split(controller, born.number, found!.reporter);

    expect(
      await one('select state, rework_count, reporters from cc_request where number = $1', [born.number]),
    ).toEqual({ state: 'claimed', rework_count: 0, reporters: 1 });
    const second = await one(
      `select state, organisation, follows, public_text, text, rework_count, fix_due, source from cc_request where number = $1`,
      [own],
    );
    expect(second).toMatchObject({
      state: 'rework',
      organisation: 'teplo',
      follows: born.number,
      rework_count: 1,
      source: 'split',
    });
    expect(second.text).not.toContain('77');
    // The hour in which the claim stood does not count.
    expect(second.fix_due.getTime() - due.getTime()).toBe(3_600_000);
    expect(
      await one('select count(*)::int as n from cc_assignment where request = $1 and closed_at is null', [
        own,
      ]),
    ).toEqual({ n: 1 });
    const told = await pool.query(
      "select request from cc_message where template = 'split' and request = any($1) order by request",
      [[born.number, own]],
    );
    expect(told.rows.map(({ request }) => request).sort()).toEqual([born.number, own].sort());

    // The link of the one who left now acts on the own request, and only there.
    const mine = { reporterToken: born.tokens[0]! };
    await expect(go(anonymous, born.number, 'confirm', mine)).rejects.toMatchObject({ status: 404 });
    await go(inPost('crew', 'teplo'), own, 'claim', { result: 'fixed', answer: 'Прочищено стояк' });
    expect(await go(anonymous, own, 'confirm', mine)).toMatchObject({ closing: 'confirmed' });
    expect(await go(anonymous, born.number, 'confirm', { reporterToken: born.followToken })).toMatchObject({
      closing: 'confirmed',
    });
    for (const number of [born.number, own]) {
      const { rows } = await pool.query(
        'select from_state as from, to_state as to from cc_history where request = $1 order by seq',
        [number],
      );
      expect(fold(rows as { from: State | null; to: State }[])).toBe('closed');
    }
  });

  it('leaves the request in rework while somebody else has said no', async () => {
    const born = await claimedWith(2);
    await veto(born.number, born.tokens[0]!);
    const first = (await dissenters(platform.db, controller, 50, born.number))[0]!;
    await go(inPost('crew', 'teplo'), born.number, 'claim', { result: 'fixed', answer: 'Ще раз' });
    await expect(split(controller, born.number, first.reporter)).rejects.toMatchObject({
      code: 'nothing-to-split',
    });
    await veto(born.number, born.tokens[1]!);
    const now = await dissenters(platform.db, controller, 50, born.number);
    expect(now).toHaveLength(1);
    await split(controller, born.number, now[0]!.reporter);
    expect((await one('select state from cc_request where number = $1', [born.number])).state).toBe(
      'claimed',
    );
  });

  it('gives a merged request its own life back under its own number', async () => {
    const master = await register();
    const other = await register();
    await go(inPost('operator'), other.number, 'link', { master: master.number });
    await go(inPost('dispatcher', 'teplo'), master.number, 'accept');
    await go(inPost('crew', 'teplo'), master.number, 'claim', { result: 'fixed', answer: 'Готово' });
    await veto(master.number, other.followToken);
    const [found] = await dissenters(platform.db, controller, 50, master.number);
    expect(await split(controller, master.number, found!.reporter)).toBe(other.number);
    expect(
      await one('select state, master, organisation from cc_request where number = $1', [other.number]),
    ).toEqual({
      state: 'rework',
      master: null,
      organisation: 'teplo',
    });
    expect((await one('select state from cc_request where number = $1', [master.number])).state).toBe(
      'claimed',
    );
    const calls = await platform.work(controller, (work) => callBacks(work));
    expect(calls.rows.filter(({ number }) => number === master.number)).toHaveLength(1);
  });

  it('is never that of the one who reported, nor done by the executor’s own people or without a reason', async () => {
    const born = await claimedWith(1);
    await go(anonymous, born.number, 'veto', { reporterToken: born.followToken, comment: 'Холодно' });
    expect(await dissenters(platform.db, controller, 50, born.number)).toEqual([]);
    const joined = await claimedWith(1);
    await veto(joined.number, joined.tokens[0]!);
    const [found] = await dissenters(platform.db, controller, 50, joined.number);
    await expect(split(controller, joined.number, found!.reporter, ' ')).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(split(inPost('controller', 'teplo'), joined.number, found!.reporter)).rejects.toMatchObject({
      status: 403,
    });
    await expect(split(inPost('operator'), joined.number, found!.reporter)).rejects.toMatchObject({
      status: 403,
    });
    const both = await Promise.allSettled([
      split(controller, joined.number, found!.reporter),
      split(controller, joined.number, found!.reporter),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
