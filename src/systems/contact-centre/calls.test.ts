import { beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { missCall, passEvidence, recordCheck } from './calls.ts';
import { isDrawn } from './checks.ts';
import { loadCityData } from './city.ts';
import { asksDue, endedWindows } from './due.ts';
import { callBacks, checkCalls, doubtfulClaims } from './lists/index.ts';
import { act, type MoveInput } from './moves.ts';
import { newNumber } from './number.ts';
import { inPost } from './posts.ts';
import { type NewRequest, registerRequest } from './requests.ts';
import type { Move } from './states.ts';

const clock = manualClock('2026-11-24T07:00:00Z');
const platform = await testPlatform({ clock });
const { pool } = platform;
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

const controller = inPost('controller');
const crew = inPost('crew', 'teplo');

let key = 0;
const register = (more: Partial<NewRequest> = {}, draw?: (now: Date) => string) => {
  key += 1;
  const intakeKey = `k${key}`;
  return platform.work(anonymous, (work) =>
    registerRequest(
      work,
      {
        source: 'web',
        intakeKey,
        category: 'heat-weak',
        text: 'Батареї ледь теплі',
        answers: [{ code: 'scope', values: ['flat'] }],
        place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
        reporter: { phone: '+380671234567', name: 'Олена', channel: 'web', language: 'uk' },
        ...more,
      },
      draw,
    ),
  );
};
const go = (actor: Actor, number: string, move: Move, input: MoveInput = {}) =>
  platform.work(actor, (work) => act(work, number, move, input));
async function claimed(more: Partial<NewRequest> = {}, draw?: (now: Date) => string) {
  const born = await register(more, draw);
  await go(inPost('dispatcher', 'teplo'), born.number, 'accept');
  await go(crew, born.number, 'claim', { result: 'fixed', answer: 'Тиск відновлено' });
  const { rows } = await pool.query('select id from cc_reporter where request = $1', [born.number]);
  return { ...born, reporter: rows[0].id as string };
}
const drawn = (wanted: boolean) => (now: Date) => {
  for (;;) {
    const number = newNumber(now);
    if (isDrawn(number, 1, 5) === wanted) return number;
  }
};
const listed = async (actor = controller) =>
  (await platform.work(actor, (work) => callBacks(work))).rows.map(({ number }) => number);
const drawnList = async (actor = controller) =>
  (await platform.work(actor, (work) => checkCalls(work))).rows.map(({ number }) => number);

describe('a call that nobody answers', () => {
  it('counts once in each part of the day; after three parts nobody is called again', async () => {
    clock.set('2026-11-24T07:00:00Z');
    const { number, reporter } = await claimed();
    const miss = () => platform.work(controller, (work) => missCall(work, number, { reporter }));
    expect(await miss()).toEqual({ counted: true, part: 'morning' });
    expect(await Promise.all([miss(), miss()])).toEqual([
      { counted: false, part: 'morning' },
      { counted: false, part: 'morning' },
    ]);
    clock.set('2026-11-25T07:00:00Z');
    expect(await miss()).toMatchObject({ counted: false });
    expect(await listed()).toContain(number);
    clock.set('2026-11-25T11:00:00Z');
    expect(await miss()).toEqual({ counted: true, part: 'day' });
    clock.set('2026-11-25T16:00:00Z');
    expect(await miss()).toEqual({ counted: true, part: 'evening' });
    const { rows } = await pool.query('select missed_calls from cc_reporter where id = $1', [reporter]);
    expect(rows).toEqual([{ missed_calls: 3 }]);
    expect(await listed()).not.toContain(number);
    await expect(
      pool.query(
        `insert into cc_verification (request, attempt, reporter, method, verdict, by_actor, day_part, at)
         values ($1, 1, $2, 'call', 'missed', '{}', 'day', now())`,
        [number, reporter],
      ),
    ).rejects.toThrow('cc_verification_missed_once');
  });

  it('is recorded only of a person of the request, while there is something to ask, and never by its executor', async () => {
    clock.set('2026-11-24T07:00:00Z');
    const { number, reporter } = await claimed();
    const other = await claimed();
    const miss = (actor: Actor, who: string) =>
      platform.work(actor, (work) => missCall(work, number, { reporter: who }));
    await expect(miss(controller, other.reporter)).rejects.toMatchObject({ code: 'invalid' });
    await expect(miss(controller, "x' or 1=1")).rejects.toMatchObject({ code: 'invalid' });
    await expect(miss(inPost('controller', null, { organisation: 'teplo' }), reporter)).rejects.toMatchObject(
      { status: 403 },
    );
    await expect(miss(inPost('operator'), reporter)).rejects.toMatchObject({ status: 403 });
    await expect(miss(inPost('controller', 'voda'), reporter)).rejects.toMatchObject({ status: 404 });
    expect(await listed(inPost('controller', null, { organisation: 'teplo' }))).toEqual([]);
    await go(controller, number, 'confirm', { reporter, callRecord: 'c-1', grade: 5 });
    await expect(miss(controller, reporter)).rejects.toMatchObject({ code: 'nothing-to-ask' });
  });
});

describe('people of a request that was merged into another', () => {
  it('are called too, and the master closes only when they have said yes', async () => {
    // By chance it could be drawn for a check call, which the tests below count.
    const master = await register({}, drawn(false));
    const second = await register({ reporter: { phone: '+380671112233', channel: 'phone', language: 'uk' } });
    await go(inPost('operator'), second.number, 'link', { master: master.number });
    await go(inPost('dispatcher', 'teplo'), master.number, 'accept');
    await go(crew, master.number, 'claim', { result: 'fixed', answer: 'Тиск відновлено' });
    expect(
      await go(anonymous, master.number, 'confirm', { reporterToken: master.followToken }),
    ).toMatchObject({
      state: 'claimed',
    });
    const { rows } = await platform.work(controller, (work) => callBacks(work));
    const toCall = rows.find(({ number }) => number === master.number)!;
    expect(
      await go(controller, master.number, 'confirm', {
        reporter: toCall.reporter,
        callRecord: 'c-2',
        method: 'call',
      }),
    ).toMatchObject({ state: 'closed', closing: 'confirmed' });
  });

  it('said to be done in part, it goes back to work, and the verdict stays as it was given', async () => {
    const { number, reporter } = await claimed();
    await go(controller, number, 'veto', {
      reporter,
      callRecord: 'c-3',
      method: 'call',
      comment: 'В одній кімнаті тепло, тел. 067 123 45 67',
      partly: true,
      grade: 2,
    });
    const { rows } = await pool.query(
      'select verdict, grade, comment, call_record from cc_verification where request = $1',
      [number],
    );
    expect(rows).toEqual([
      { verdict: 'partly', grade: 2, comment: 'В одній кімнаті тепло, тел. [приховано]', call_record: 'c-3' },
    ]);
  });
});

describe('a check call', () => {
  it('draws five in a hundred of the numbers, always the same ones', () => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => String(26_000_000_000 + i));
    const share = numbers.filter((number) => isDrawn(number, 1, 5)).length / numbers.length;
    expect(share).toBeGreaterThan(0.045);
    expect(share).toBeLessThan(0.055);
    expect(numbers.filter((number) => isDrawn(number, 1, 5))).toEqual(
      numbers.filter((number) => isDrawn(number, 1, 5)),
    );
  });

  it('is asked for what was drawn and confirmed by link, once; SQL and code draw alike', async () => {
    clock.set('2026-11-26T07:00:00Z');
    const byLink: string[] = [];
    for (const wanted of [true, false, true, false]) {
      const one = await claimed({}, drawn(wanted));
      await go(anonymous, one.number, 'confirm', { reporterToken: one.followToken });
      if (wanted) byLink.push(one.number);
    }
    const byCall = await claimed({}, drawn(true));
    await go(controller, byCall.number, 'confirm', { reporter: byCall.reporter, callRecord: 'c-4' });
    expect((await drawnList()).sort()).toEqual(byLink.sort());
    expect(await drawnList(inPost('controller', null, { organisation: 'teplo' }))).toEqual([]);

    const [yes, no] = byLink;
    const reporterOf = async (number: string) =>
      (await pool.query('select id from cc_reporter where request = $1', [number])).rows[0].id;
    const check = async (number: string, verdict: 'yes' | 'no', comment?: string) => {
      const reporter = await reporterOf(number);
      return platform.work(controller, (work) =>
        recordCheck(work, number, { reporter, verdict, callRecord: 'c-5', ...(comment ? { comment } : {}) }),
      );
    };
    await expect(check(no!, 'no')).rejects.toMatchObject({ code: 'invalid' });
    expect(await check(yes!, 'yes')).toBeNull();
    await expect(check(yes!, 'yes')).rejects.toMatchObject({ code: 'nothing-to-ask' });
    expect(await check(no!, 'no', 'Посилання натиснув хтось інший')).toMatchObject({ state: 'rework' });
    await expect(check(byCall.number, 'yes')).rejects.toMatchObject({ code: 'nothing-to-ask' });
    expect(await drawnList()).toEqual([]);
  });

  it('ends with the third part of the day in which nobody answered, and a fortnight after closing', async () => {
    clock.set('2026-11-26T07:00:00Z');
    const late = await claimed({}, drawn(true));
    await go(anonymous, late.number, 'confirm', { reporterToken: late.followToken });
    const one = await claimed({}, drawn(true));
    await go(anonymous, one.number, 'confirm', { reporterToken: one.followToken });
    for (const at of ['07', '11', '16']) {
      clock.set(`2026-11-26T${at}:00:00Z`);
      expect(await drawnList()).toContain(one.number);
      await platform.work(controller, (work) => missCall(work, one.number, { reporter: one.reporter }));
    }
    expect(await drawnList()).toEqual([late.number]);
    clock.set('2026-12-11T07:00:00Z');
    expect(await drawnList()).toEqual([]);
  });
});

describe('evidence in doubt', () => {
  const doubted = () =>
    claimed({
      category: 'heat-leak',
      answers: [{ code: 'damage', values: ['no'] }],
      reporter: { phone: '+380671234567', channel: 'web', language: 'uk' },
    });

  it('keeps the residents unasked until a controller has passed it; then they have the whole time', async () => {
    clock.set('2026-11-26T07:00:00Z');
    const { number } = await doubted();
    const asked = async () =>
      (
        await pool.query(
          "select count(*)::int as n from cc_message where request = $1 and template = 'claim'",
          [number],
        )
      ).rows[0].n;
    expect(await asked()).toBe(0);
    expect(await listed()).not.toContain(number);
    const waiting = await doubtfulClaims(platform.db, controller);
    expect(waiting.rows.find((row) => row.number === number)?.evidenceFaults).toContain('missing-after');
    expect(
      (await doubtfulClaims(platform.db, inPost('controller', null, { organisation: 'teplo' }))).rows,
    ).toEqual([]);
    const window = async () =>
      (await pool.query('select window_until from cc_request where number = $1', [number])).rows[0]
        .window_until as Date;
    const before = await window();
    clock.advance(10 * 3_600_000);
    await platform.work(controller, (work) => passEvidence(work, number));
    expect((await window()).getTime() - before.getTime()).toBe(10 * 3_600_000);
    expect(await asked()).toBe(1);
    expect(await listed()).toContain(number);
    const { rows } = await pool.query(
      "select count(*)::int as n from cc_message where request = $1 and template in ('claim', 'ask_again')",
      [number],
    );
    expect(rows).toEqual([{ n: 1 }]);
    await expect(platform.work(controller, (work) => passEvidence(work, number))).rejects.toMatchObject({
      code: 'nothing-to-pass',
    });
  });

  it('does not let the claim lapse by silence before that, nor is anybody asked a second time', async () => {
    clock.set('2026-11-26T07:00:00Z');
    const { number } = await doubted();
    await pool.query('update cc_reporter set phone_blind = null where request = $1', [number]);
    const later = new Date('2026-12-20T07:00:00Z');
    const over = async () => (await endedWindows(platform.db, later)).map((one) => one.number);
    expect(await over()).not.toContain(number);
    expect((await asksDue(platform.db, later)).map((one) => one.number)).not.toContain(number);
    await platform.work(controller, (work) => passEvidence(work, number));
    expect(await over()).toContain(number);
  });

  it('goes back to work with the comment of the controller', async () => {
    const { number } = await doubted();
    await expect(go(controller, number, 'reject', {})).rejects.toMatchObject({ code: 'invalid' });
    expect(await go(controller, number, 'reject', { comment: 'Немає фото після робіт' })).toMatchObject({
      state: 'rework',
    });
  });
});
