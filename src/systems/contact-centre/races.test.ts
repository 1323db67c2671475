// Keeps: two processes on one database race link, assign, confirm, join: one wins, nothing is doubled
// (contact-centre.md §8, §10.1). Two platforms with pools of their own are what PostgreSQL sees of two processes.
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { openPool } from '#platform/database/pool.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createPlatform } from '#platform/platform.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { joinRequest } from './joining.ts';
import { act, type MoveInput } from './moves.ts';
import { inPost } from './posts.ts';
import { type Registered, registerRequest } from './requests.ts';
import { fold, type Move, type State } from './states.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const a = await testPlatform({ clock });
const pool = openPool(a.url);
const b = createPlatform({ config: a.config, clock, pool, systems: [] });
beforeAll(() => a.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));
afterAll(() => pool.end());

const rounds = Array.from({ length: 10 }, (_, n) => n);
let key = 0;

function register(): Promise<Registered> {
  return a.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `race-${key++}`,
      category: 'heat-weak',
      text: 'Батареї ледь теплі',
      answers: [{ code: 'scope', values: ['flat'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { phone: '+380671234567', channel: 'web', language: 'uk' },
    }),
  );
}

const move = (on: typeof b, actor: Actor, number: string, name: Move, input: MoveInput = {}) =>
  on.work(actor, (work) => act(work, number, name, input));

async function claimed(): Promise<Registered> {
  const born = await register();
  await move(a, inPost('dispatcher', 'teplo'), born.number, 'accept');
  await move(a, inPost('crew', 'teplo'), born.number, 'claim', { result: 'fixed', answer: 'Готово' });
  return born;
}

/** Lets both run at once; what was refused must be refused in words, never by a crash. */
async function race(...acts: Promise<unknown>[]): Promise<{ won: number; refusals: string[] }> {
  const results = await Promise.allSettled(acts);
  const refusals = results.flatMap((one) =>
    one.status === 'rejected' ? [String((one.reason as { code?: string }).code ?? one.reason)] : [],
  );
  return { won: results.length - refusals.length, refusals };
}

afterEach(async () => {
  const { rows } = await a.db.execute<{
    request: string;
    from_state: State | null;
    to_state: State;
    state: State;
  }>(
    sql`select h.request, h.from_state, h.to_state, r.state from cc_history h join cc_request r on r.number = h.request
        order by h.request, h.seq`,
  );
  for (const [, history] of Map.groupBy(rows, (row) => row.request))
    expect(fold(history.map((row) => ({ from: row.from_state, to: row.to_state })))).toBe(history[0]!.state);
  const { rows: odd } = await a.db.execute(sql`
    select number from cc_request r where (select count(*) from cc_assignment where request = number and role = 'main' and closed_at is null) > 1
      or (select count(*) from cc_history where request = r.number) <> r.version
      or exists (select 1 from cc_request m where m.number = r.master and m.state = 'merged')`);
  expect(odd).toEqual([]);
});

it('of two dispatchers who accept, one does', async () => {
  for (const _ of rounds) {
    const { number } = await register();
    const dispatcher = inPost('dispatcher', 'teplo');
    expect(await race(move(a, dispatcher, number, 'accept'), move(b, dispatcher, number, 'accept'))).toEqual({
      won: 1,
      refusals: ['move'],
    });
  }
});

it('of two supervisors who assign from the same page to different enterprises, one does, and one assignment is open', async () => {
  for (const _ of rounds) {
    const { number } = await register();
    const supervisor = inPost('supervisor');
    const input = (organisation: string) => ({ version: 2, organisation, reason: 'Ближче' });
    const result = await race(
      move(a, supervisor, number, 'assign', input('voda')),
      move(b, supervisor, number, 'assign', input('teplo')),
    );
    expect(result).toEqual({ won: 1, refusals: ['stale'] });
    const { rows } = await a.db.execute(
      sql`select r.organisation = x.organisation as same from cc_request r join cc_assignment x on x.request = r.number
          where r.number = ${number} and x.role = 'main' and x.closed_at is null`,
    );
    expect(rows).toEqual([{ same: true }]);
  }
});

it('a resident’s yes and no at once: one is the verdict, and each change told one message', async () => {
  for (const _ of rounds) {
    const { number, followToken } = await claimed();
    const me = { reporterToken: followToken };
    const { won, refusals } = await race(
      move(a, anonymous, number, 'confirm', me),
      move(b, anonymous, number, 'veto', { ...me, comment: 'Холодно' }),
      move(b, systemActor('verification'), number, 'lapse'),
    );
    expect(won).toBe(1);
    expect(new Set(refusals)).toEqual(new Set(['move']));
    const { rows } = await a.db.execute(
      sql`select seq from cc_message where request = ${number} group by seq having count(*) > 1`,
    );
    expect(rows).toEqual([]);
  }
});

it('two requests linked crosswise get one master', async () => {
  for (const _ of rounds) {
    const [one, two] = [await register(), await register()];
    const operator = inPost('operator');
    await race(
      move(a, operator, one.number, 'link', { master: two.number }),
      move(b, operator, two.number, 'link', { master: one.number }),
    );
    const { rows } = await a.db.execute<{ state: string }>(
      sql`select state from cc_request where number in (${one.number}, ${two.number})`,
    );
    expect(rows.filter(({ state }) => state === 'merged')).toHaveLength(1);
  }
});

it('a request linked to one that is being linked itself ends below the last master', async () => {
  for (const _ of rounds) {
    const [one, two, three] = [await register(), await register(), await register()];
    const operator = inPost('operator');
    await race(
      move(a, operator, one.number, 'link', { master: two.number }),
      move(b, operator, two.number, 'link', { master: three.number }),
    );
    const { rows } = await a.db.execute<{ master: string }>(
      sql`select master from cc_request where number = ${one.number}`,
    );
    expect(rows).toEqual([{ master: three.number }]);
  }
});

it('a person who joins twice at once has one voice', async () => {
  for (const n of rounds) {
    const { number } = await register();
    const person = `00000000-0000-7000-8000-00000000000${n}`;
    const join = (on: typeof b) =>
      on.work(anonymous, (work) => joinRequest(work, number, { person, channel: 'web', language: 'uk' }));
    expect((await race(join(a), join(b))).won).toBe(2);
    const { rows } = await a.db.execute(
      sql`select count(*)::int as n from cc_reporter where request = ${number}`,
    );
    expect(rows).toEqual([{ n: 2 }]);
    const counted = await a.db.execute(sql`select reporters from cc_request where number = ${number}`);
    expect(counted.rows).toEqual([{ reporters: 2 }]);
  }
});

it('the same report taken by both is one request, and the other gets its answer', async () => {
  for (const n of rounds) {
    const take = (on: typeof b) =>
      on.work(anonymous, (work) =>
        registerRequest(work, {
          source: 'web',
          intakeKey: `twice-${n}`,
          category: 'road-collapse',
          text: 'Провал',
          place: { point: { lat: 48.464, lon: 35.046 } },
          reporter: { channel: 'web', language: 'uk' },
        }),
      );
    const taken = await Promise.all([take(a), take(b), take(a), take(b)]);
    expect(new Set(taken.map(({ number }) => number)).size).toBe(1);
    expect(taken.filter(({ repeated }) => !repeated)).toHaveLength(1);
  }
});
