import { beforeAll, describe, expect, it } from 'vitest';
import { instantAt } from '#platform/calendar/index.ts';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { contactCentreJobs } from './jobs.ts';
import { queue } from './lists/index.ts';
import { act, type MoveInput } from './moves.ts';
import { inPost } from './posts.ts';
import { type NewRequest, registerRequest } from './requests.ts';
import type { Move } from './states.ts';
import { approvePlan, type Extension, extendTerm } from './supervising.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));
const one = async (text: string, values: unknown[]) => (await platform.pool.query(text, values)).rows[0];

const supervisor = inPost('supervisor');
const dispatcher = inPost('dispatcher', 'teplo');
let key = 0;
const register = (more: Partial<NewRequest> = {}) => {
  key += 1;
  const intakeKey = `x${key}`;
  return platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey,
      category: 'heat-weak',
      text: 'Батареї ледь теплі',
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { phone: '+380671234567', channel: 'web', language: 'uk' },
      ...more,
    }),
  );
};
const go = (number: string, move: Move, input: MoveInput = {}, actor: Actor = dispatcher) =>
  platform.work(actor, (work) => act(work, number, move, input));
const extend = (number: string, more: Partial<Extension> = {}, actor = supervisor) =>
  platform.work(actor, (work) =>
    extendTerm(work, number, {
      kind: 'fix',
      until: '2026-12-10',
      reason: 'Немає деталей',
      note: 'Чекаємо на насос',
      ...more,
    }),
  );

describe('an extended term', () => {
  it('moves by an appended interval with actor, reason and words, and each reporter is told', async () => {
    clock.set('2026-11-24T10:00:00Z');
    const { number } = await register();
    expect(await extend(number, { note: 'Чекаємо на насос, тел. 067 123 45 67' })).toEqual(
      new Date('2026-12-10T21:59:59.999Z'),
    );
    expect(
      await one('select why, due_before, due_after, actor, note from cc_clock_interval where request = $1', [
        number,
      ]),
    ).toMatchObject({
      why: 'extension',
      due_before: new Date('2026-12-01T21:59:59.999Z'),
      due_after: new Date('2026-12-10T21:59:59.999Z'),
      actor: { name: 'supervisor' },
      note: 'Чекаємо на насос, тел. [приховано]',
    });
    expect((await one('select fix_due from cc_request where number = $1', [number])).fix_due).toEqual(
      new Date('2026-12-10T21:59:59.999Z'),
    );
    const told = await one(
      `select count(*)::int as n from cc_message m join cc_history h on h.request = m.request and h.seq = m.seq
        where m.request = $1 and h.move = 'extend' and m.template = 'extend'`,
      [number],
    );
    expect(told.n).toBe(1);
  });

  it('is later than before, has its reasons, and is given by a supervisor only', async () => {
    clock.set('2026-11-24T10:00:00Z');
    const { number } = await register();
    await expect(extend(number, { until: '2026-12-01' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(extend(number, { until: '10.12.2026' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(extend(number, { note: ' ' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(extend(number, { kind: 'statutory' })).rejects.toMatchObject({ code: 'no-clock' });
    await expect(extend(number, {}, dispatcher)).rejects.toMatchObject({ status: 403 });
    await expect(extend(number, {}, inPost('supervisor', 'voda'))).rejects.toMatchObject({ status: 404 });
  });

  it('is refused once the term has passed: what is late stays late', async () => {
    clock.set('2026-11-24T10:00:00Z');
    const { number } = await register();
    clock.set('2026-12-02T10:00:00Z');
    await expect(extend(number)).rejects.toMatchObject({ code: 'past-due' });
  });

  it('of a statutory appeal ends within 45 days of its receipt (393/96-ВР, art. 20)', async () => {
    clock.set('2026-11-24T10:00:00Z');
    const { number } = await register({
      regime: 'statutory',
      reporter: { name: 'Олена', residence: 'Дніпро', channel: 'web', language: 'uk' },
    });
    const kind = 'statutory';
    await expect(extend(number, { kind, until: '2027-01-09' })).rejects.toMatchObject({ code: 'invalid' });
    expect(await extend(number, { kind, until: '2027-01-08' })).toEqual(new Date('2027-01-08T21:59:59.999Z'));
    const row = await one('select public_text, publication, public_note from cc_request where number = $1', [
      number,
    ]);
    expect(row).toMatchObject({ public_text: null, publication: 'hidden' });
  });
});

describe('an approved plan', () => {
  async function planned(date: Date) {
    const { number } = await register();
    await go(number, 'accept');
    await go(number, 'plan', { date, reason: 'Чекаємо на насос' });
    return number;
  }
  const approve = (number: string, actor = supervisor) =>
    platform.work(actor, (work) => approvePlan(work, number));
  const waiting = async () =>
    (await queue(platform.db, supervisor, { now: clock.now(), planToApprove: true })).rows.map(
      (row) => row.number,
    );
  const fix = async (number: string) =>
    one("select due, paused_at from cc_clock where request = $1 and kind = 'fix'", [number]);

  it('lets the clock of the work stand still until the crew goes, and the due date moves by that', async () => {
    clock.set('2026-11-24T10:00:00Z');
    const number = await planned(instantAt('2026-12-10', '12:00'));
    expect(await waiting()).toContain(number);
    await approve(number);
    expect(await waiting()).not.toContain(number);
    expect((await fix(number)).paused_at).toEqual(clock.now());
    await expect(approve(number)).rejects.toMatchObject({ code: 'approved' });
    clock.set('2026-11-26T10:00:00Z');
    await go(number, 'dispatch', { crew: 'Бригада 1' });
    expect(await fix(number)).toEqual({ due: new Date('2026-12-03T21:59:59.999Z'), paused_at: null });
    expect((await one('select why, note from cc_clock_interval where request = $1', [number])).why).toBe(
      'plan',
    );
  });

  it('excuses until its own date and no longer', async () => {
    clock.set('2026-11-24T10:00:00Z');
    const number = await planned(new Date('2026-12-05T10:00:00Z'));
    await approve(number);
    clock.set('2026-12-20T10:00:00Z');
    await contactCentreJobs.find(({ name }) => name === 'contact-centre.plans')!.run(platform, {});
    expect(await fix(number)).toEqual({ due: new Date('2026-12-12T21:59:59.999Z'), paused_at: null });
    expect((await one('select next_due from cc_request where number = $1', [number])).next_due).toEqual(
      new Date('2026-12-12T21:59:59.999Z'),
    );
    await go(number, 'dispatch', { crew: 'Бригада 1' });
    expect((await fix(number)).due).toEqual(new Date('2026-12-12T21:59:59.999Z'));
  });

  it('is not asked for within the term, and never approved by the executor', async () => {
    clock.set('2026-11-24T10:00:00Z');
    const number = await planned(new Date('2026-11-27T10:00:00Z'));
    expect(await waiting()).not.toContain(number);
    await expect(approve(number, dispatcher)).rejects.toMatchObject({ status: 403 });
    const { number: unplanned } = await register();
    await expect(approve(unplanned)).rejects.toMatchObject({ code: 'no-plan' });
  });
});
