import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { entryHash, type HistoryEntry } from './history.ts';
import { joinRequest } from './joining.ts';
import { act, type MoveInput } from './moves.ts';
import { newNumber } from './number.ts';
import { inPost } from './posts.ts';
import { type NewRequest, registerRequest } from './requests.ts';
import { type Move, moves, type Role, states } from './states.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

let key = 0;
const report = (more: Partial<NewRequest> = {}): NewRequest => ({
  source: 'web',
  intakeKey: `k${key++}`,
  category: 'heat-weak',
  text: 'Батареї ледь теплі, тел. 067 123 45 67',
  answers: [{ code: 'scope', values: ['flat'] }],
  place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
  reporter: { phone: '+380671234567', name: 'Олена', channel: 'web', language: 'uk' },
  ...more,
});
const register = (more: Partial<NewRequest> = {}) =>
  platform.work(anonymous, (work) => registerRequest(work, report(more)));
const go = (actor: Actor, number: string, move: Move, input: MoveInput = {}) =>
  platform.work(actor, (work) => act(work, number, move, input));

describe('a communal problem', () => {
  it('is reported, routed, solved, refused by the resident, reworked and confirmed', async () => {
    const born = await register();
    expect(born).toMatchObject({ state: 'assigned', organisation: 'teplo', repeated: false });
    const dispatcher = inPost('dispatcher', 'teplo');
    const crew = inPost('crew', 'teplo');
    await go(dispatcher, born.number, 'accept');
    await go(dispatcher, born.number, 'dispatch', { crew: 'Бригада 1' });
    await go(crew, born.number, 'claim', { result: 'fixed', answer: 'Видалено повітря' });
    const me = { reporterToken: born.followToken };
    expect(await go(anonymous, born.number, 'veto', { ...me, comment: 'Так само холодно' })).toMatchObject({
      state: 'rework',
    });
    await go(dispatcher, born.number, 'dispatch');
    await go(crew, born.number, 'claim', { result: 'fixed', answer: 'Замінено засувку' });
    expect(await go(anonymous, born.number, 'confirm', { ...me, grade: 5 })).toMatchObject({
      state: 'closed',
      closing: 'confirmed',
    });
    const { rows } = await platform.db.execute(
      sql`select rework_count, reporters, closed_at is not null as closed from cc_request where number = ${born.number}`,
    );
    expect(rows[0]).toEqual({ rework_count: 1, reporters: 1, closed: true });
  });

  it('sent twice with one key is stored once; another report under the key is a conflict', async () => {
    const one = report({ intakeKey: 'same' });
    const [first, second] = await Promise.all(
      [1, 2].map(() => platform.work(anonymous, (work) => registerRequest(work, one))),
    );
    expect(second!.number).toBe(first!.number);
    expect([first!.repeated, second!.repeated].sort()).toEqual([false, true]);
    await expect(register({ intakeKey: 'same', text: 'Інше' })).rejects.toMatchObject({ code: 'intake-key' });
  });

  it('draws another number when the first is taken, as a year of a large city must', async () => {
    const taken = await register();
    const draws = [taken.number, taken.number, newNumber(clock.now())];
    const born = await platform.work(anonymous, (work) =>
      registerRequest(work, report(), () => draws.shift()!),
    );
    expect(draws).toEqual([]);
    expect(born).toMatchObject({ state: 'assigned', repeated: false });
    expect(born.number).not.toBe(taken.number);
  });

  it('keeps a history that is the fold of its moves and breaks when an entry is changed', async () => {
    const born = await register();
    await go(inPost('dispatcher', 'teplo'), born.number, 'accept');
    const { rows } = await platform.db.execute<Record<string, unknown>>(
      sql`select * from cc_history where request = ${born.number} order by seq`,
    );
    let prev: string | null = null;
    for (const row of rows) {
      const entry: HistoryEntry = {
        request: born.number,
        seq: row.seq as number,
        at: new Date(row.at as string).toISOString(),
        move: row.move as HistoryEntry['move'],
        from: row.from_state as HistoryEntry['from'],
        to: row.to_state as HistoryEntry['to'],
        actor: row.actor as HistoryEntry['actor'],
        data: row.data as Record<string, unknown>,
        note: row.public_note as string | null,
        prev,
      };
      expect(entryHash(entry)).toBe(row.hash);
      prev = row.hash as string;
    }
    expect(rows.map((row) => row.to_state)).toEqual(['registered', 'assigned', 'accepted']);
    await expect(
      platform.db.execute(sql`update cc_history set move = 'note' where request = ${born.number}`),
    ).rejects.toThrow();
  });

  it('does not close while one of several reporters has not said yes, and a veto of any joined one returns it', async () => {
    const born = await register();
    const joined = await platform.work(anonymous, (work) =>
      joinRequest(work, born.number, { phone: '+380671112233', channel: 'web', language: 'uk' }),
    );
    await go(inPost('dispatcher', 'teplo'), born.number, 'accept');
    await go(inPost('crew', 'teplo'), born.number, 'claim', { result: 'fixed', answer: 'Готово' });
    expect(await go(anonymous, born.number, 'confirm', { reporterToken: born.followToken })).toMatchObject({
      state: 'claimed',
    });
    expect(
      await go(anonymous, born.number, 'veto', { reporterToken: joined.followToken, comment: 'Ні' }),
    ).toMatchObject({ state: 'rework' });
  });

  it('hears of a voice once: who joins again gets another link, and only a withdrawn voice comes anew', async () => {
    const born = await register();
    const person = { ...anonymous, kind: 'person' as const, id: '00000000-0000-7000-8000-0000000000aa' };
    const join = () =>
      platform.work(person, (work) =>
        joinRequest(work, born.number, { person: person.id, channel: 'web', language: 'uk' }),
      );
    const heard = async () => {
      const { rows } = await platform.db.execute(sql`select
        (select count(*)::int from outbox where name = 'contact-centre.request.joined'
          and payload->>'number' = ${born.number}) as events,
        (select reporters from cc_request where number = ${born.number}) as reporters`);
      return rows[0];
    };
    const [first, again] = [await join(), await join()];
    expect(again.followToken).not.toBe(first.followToken);
    expect(await heard()).toEqual({ events: 1, reporters: 2 });
    await go(anonymous, born.number, 'withdraw', { reporterToken: again.followToken });
    expect(await heard()).toEqual({ events: 1, reporters: 1 });
    await join();
    expect(await heard()).toEqual({ events: 2, reporters: 2 });
  });

  it('owes each reporter exactly one message for each public change', async () => {
    const born = await register();
    await platform.work(anonymous, (work) =>
      joinRequest(work, born.number, { phone: '+380671112233', channel: 'web', language: 'uk' }),
    );
    const { version } = await go(inPost('dispatcher', 'teplo'), born.number, 'accept');
    const { rows } = await platform.db.execute(
      sql`select count(*)::int as n from cc_message where request = ${born.number} and seq = ${version}`,
    );
    expect(rows[0]).toEqual({ n: 2 });
  });

  it('moves its due date by a pause, and a row says why', async () => {
    const born = await register();
    const dispatcher = inPost('dispatcher', 'teplo');
    await go(dispatcher, born.number, 'accept');
    await go(dispatcher, born.number, 'ask', { question: 'Який поверх?' });
    clock.advance(36 * 3_600_000);
    expect(
      await go(anonymous, born.number, 'reply', { comment: 'Другий', reporterToken: born.followToken }),
    ).toMatchObject({ state: 'accepted' });
    const { rows } = await platform.db.execute<{ why: string; moved: string }>(
      sql`select why, extract(epoch from due_after - due_before)::int as moved from cc_clock_interval where request = ${born.number} and kind = 'fix'`,
    );
    expect(rows[0]).toEqual({ why: 'waiting_reporter', moved: 36 * 3600 });
  });

  it('a stale page is told both versions', async () => {
    const born = await register();
    await go(inPost('dispatcher', 'teplo'), born.number, 'accept', { version: 2 });
    await expect(
      go(inPost('dispatcher', 'teplo'), born.number, 'dispatch', { version: 2 }),
    ).rejects.toMatchObject({
      code: 'stale',
      detail: { given: 2, now: 3 },
    });
  });

  it('returned twice goes to a returner again only by a supervisor', async () => {
    const born = await register();
    const dispatcher = inPost('dispatcher', 'teplo');
    const operator = inPost('operator');
    const back = { organisation: 'teplo', reason: 'Мережа таки ваша' };
    await go(dispatcher, born.number, 'return', { reason: 'Не наша мережа' });
    await go(operator, born.number, 'assign', back);
    await go(dispatcher, born.number, 'return', { reason: 'Не наша мережа' });
    await expect(go(operator, born.number, 'assign', back)).rejects.toMatchObject({ code: 'second-return' });
    const { rows } = await platform.db.execute(
      sql`select 1 from outbox where name = 'contact-centre.request.second_return' and topic is null`,
    );
    expect(rows.length).toBe(1);
    expect(await go(inPost('supervisor'), born.number, 'assign', back)).toMatchObject({ state: 'assigned' });
  });

  it('returned twice by one enterprise may still be sent to another by an operator', async () => {
    const born = await register();
    for (const _ of [1, 2]) {
      await go(inPost('dispatcher', 'teplo'), born.number, 'return', { reason: 'Не наша мережа' });
      if (_ === 1)
        await go(inPost('operator'), born.number, 'assign', { organisation: 'teplo', reason: 'Ваша' });
    }
    expect(
      await go(inPost('operator'), born.number, 'assign', { organisation: 'voda', reason: 'Інша мережа' }),
    ).toMatchObject({ state: 'assigned' });
  });

  it('of another enterprise does not exist for a dispatcher', async () => {
    const born = await register();
    await expect(go(inPost('dispatcher', 'voda'), born.number, 'accept')).rejects.toMatchObject({
      status: 404,
    });
  });

  it('is never verified by people of its executor', async () => {
    const born = await register();
    await go(inPost('dispatcher', 'teplo'), born.number, 'accept');
    await go(inPost('crew', 'teplo'), born.number, 'claim', { result: 'fixed', answer: 'Готово' });
    await expect(
      go({ ...inPost('controller'), organisation: 'teplo' }, born.number, 'reject', { comment: 'x' }),
    ).rejects.toMatchObject({ status: 403 });
  });

  it('shows the public no phone', async () => {
    const born = await register();
    const { rows } = await platform.db.execute<{ public_text: string }>(
      sql`select public_text from cc_request where number = ${born.number}`,
    );
    expect(rows[0]!.public_text).toBe('Батареї ледь теплі, тел. [приховано]');
  });

  it('without a place, outside the city or in an unknown category is refused with every fault named', async () => {
    await expect(register({ category: 'nothing' })).rejects.toMatchObject({
      faults: [{ field: 'category' }],
    });
    await expect(register({ place: {}, answers: [] })).rejects.toMatchObject({ status: 422 });
    await expect(
      register({ category: 'manhole-open', answers: [], place: { point: { lat: 0, lon: 0 } } }),
    ).rejects.toMatchObject({
      faults: expect.arrayContaining([expect.objectContaining({ field: 'place' })]),
    });
  });
});

describe('every cell of the table of moves', () => {
  const someone: Record<Role, Actor | null> = {
    reporter: null,
    system: systemActor('test'),
    operator: inPost('operator'),
    dispatcher: inPost('dispatcher', 'teplo'),
    crew: inPost('crew', 'teplo'),
    controller: inPost('controller'),
    supervisor: inPost('supervisor'),
    moderator: inPost('moderator'),
    administrator: inPost('administrator'),
  };
  const names = [...new Set(moves.map(({ move }) => move))];
  it.each(states)('%s lets nobody make a move that the table does not have', async (state) => {
    const born = await register();
    await platform.db.execute(sql`update cc_request set state = ${state},
      closing = ${state === 'closed' ? 'refused' : null}, closed_at = ${state === 'closed' ? clock.now().toISOString() : null}::timestamptz,
      master = ${state === 'merged' ? (await register()).number : null}, event = ${state === 'in_event' ? 'e' : null},
      state_before = ${state === 'waiting_reporter' ? 'accepted' : null} where number = ${born.number}`);
    for (const move of names)
      for (const [role, actor] of Object.entries(someone)) {
        const allowed = moves.some(
          (row) =>
            row.move === move &&
            !('regime' in row) &&
            (row.from as readonly string[]).includes(state) &&
            (row.who as readonly string[]).includes(role),
        );
        if (allowed) continue;
        const attempt = actor
          ? go(actor, born.number, move)
          : go(anonymous, born.number, move, { reporterToken: born.followToken });
        const refusal = await attempt.then(
          () => null,
          (error: { code?: string; status?: number }) => error,
        );
        expect(refusal, `${role} made ${move} from ${state}`).not.toBeNull();
        expect(['move', 'forbidden'], `${role} ${move} ${state}: ${refusal?.code}`).toContain(refusal!.code);
      }
  });
});
