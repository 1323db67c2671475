// Keeps: whatever people and programs do in whatever order, the invariants hold (contact-centre.md §3 invariants, §10.1).
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { Invalid, Refusal } from '#platform/errors.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { entryHash, type HistoryEntry } from './history.ts';
import { joinRequest } from './joining.ts';
import { act, addNote } from './moves.ts';
import { pauseWork, resumeWork } from './pausing.ts';
import { inPost } from './posts.ts';
import { registerRequest } from './requests.ts';
import { fold, type Move, type MoveRow, moves, type State } from './states.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
const { db, pool } = platform;
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

const staff: Readonly<Record<string, Actor>> = {
  system: systemActor('test'),
  operator: inPost('operator'),
  dispatcher: inPost('dispatcher', 'teplo'),
  other: inPost('dispatcher', 'voda'),
  crew: inPost('crew', 'teplo'),
  controller: inPost('controller'),
  supervisor: inPost('supervisor'),
};
const crews = contactCentreData.units
  .filter(({ kind, organisation }) => kind === 'crew' && organisation === 'teplo')
  .map(({ id }) => id);
const names = [...new Set(moves.map(({ move }) => move))].filter((move) => !/event/.test(move));

/** What somebody does: `on` and `with` choose among the requests there are, `voice` among those who reported. */
const deed = fc.record({
  what: fc.oneof(
    // Mostly what somebody may do now, sometimes anything by anybody.
    { weight: 12, arbitrary: fc.constant('possible' as const) },
    { weight: 2, arbitrary: fc.constantFrom<Move>(...names) },
    { weight: 2, arbitrary: fc.constantFrom('join' as const, 'note' as const) },
    { weight: 1, arbitrary: fc.constantFrom('pause' as const, 'resume' as const) },
  ),
  who: fc.constantFrom('reporter', ...Object.keys(staff)),
  pick: fc.nat(9999),
  on: fc.nat(2),
  with: fc.nat(2),
  voice: fc.nat(5),
  crew: fc.constantFrom(...crews.slice(0, 2)),
  minutes: fc.nat(600),
});
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

let key = 0;
const report = () =>
  platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `history-${key++}`,
      category: 'heat-weak',
      text: 'Ледь теплі',
      answers: [{ code: 'scope', values: ['flat'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { channel: 'web', language: 'uk' },
    }),
  );

/** A voice: whose link it is, and with which request it came. */
interface Voice {
  readonly number: string;
  readonly token: string;
}

async function does(one: Deed, numbers: readonly string[], voices: Voice[]): Promise<void> {
  const number = numbers[one.on]!;
  const actor = staff[one.who] ?? anonymous;
  clock.advance(one.minutes * 60_000);
  if (one.what === 'join') {
    const { followToken } = await platform.work(anonymous, (work) =>
      joinRequest(work, number, { channel: 'web', language: 'uk' }),
    );
    voices.push({ number, token: followToken });
  } else if (one.what === 'note')
    await platform.work(actor, (work) => addNote(work, number, { text: 'Бачили', public: one.voice > 2 }));
  else if (one.what === 'pause')
    await platform.work(actor, (work) => pauseWork(work, number, { ground: 'danger', note: 'Тривога' }));
  else if (one.what === 'resume') await platform.work(actor, (work) => resumeWork(work, number));
  else {
    const { move, who } =
      one.what === 'possible' ? await possible(number, one) : { move: one.what, who: one.who };
    const made = await platform.work(staff[who] ?? anonymous, (work) =>
      act(work, number, move, {
        ...(who === 'reporter' ? { reporterToken: tokenFor(number, one, voices) } : {}),
        master: numbers[one.with]!,
        organisation: one.voice > 2 ? 'teplo' : 'voda',
        reason: 'Бо так',
        crew: one.crew,
        date: new Date(clock.now().getTime() + 86_400_000),
        question: 'Поверх?',
        result: 'fixed',
        answer: 'Готово',
        comment: 'Холодно',
        destination: 'Обласна рада',
        callRecord: 'call',
      }),
    );
    await tellsEachOnce(number, made.version);
  }
}

/** Mostly of somebody who came with the request, sometimes of anybody. */
function tokenFor(number: string, { voice, pick }: Deed, voices: readonly Voice[]): string {
  const own = voices.filter((one) => one.number === number);
  const from = voice === 0 ? voices : own;
  return from[pick % from.length]!.token;
}

/** What would end most histories at once, were it as likely as the rest. */
const rare: ReadonlySet<Move> = new Set(['link', 'withdraw', 'return', 'refuse', 'transfer']);

/** One of the moves that the table has from the request's state, by one of those who may make it. */
async function possible(number: string, { pick, voice }: Deed): Promise<{ move: Move; who: string }> {
  const { rows } = await pool.query('select state from cc_request where number = $1', [number]);
  const able = (moves as readonly (MoveRow & { move: Move })[])
    .filter(({ move, from, regime }) => names.includes(move) && from.includes(rows[0].state) && !regime)
    .filter(({ move }) => voice > 3 || !rare.has(move));
  const named = [...new Set(able.map(({ move }) => move))];
  const move = named[pick % Math.max(1, named.length)];
  const whos = able.filter((row) => row.move === move).flatMap(({ who }) => who);
  return move ? { move, who: whos[(pick >> 5) % whos.length]! } : { move: 'unlink', who: 'operator' };
}

/** Invariant 5: exactly one message to each reporter, of merged ones too, for a change that the public sees. */
async function tellsEachOnce(number: string, seq: number): Promise<void> {
  const { rows } = await pool.query(
    `select h.from_state is distinct from h.to_state or h.public_note is not null as public,
       (select count(*)::int from cc_message where request = $1 and seq = $2) as told,
       (select count(distinct p.id)::int from cc_reporter p where p.withdrawn_at is null and p.notify
          and p.request = any(array(select $1 union all select d.number from cc_request d where d.master = $1))) as people
     from cc_history h where h.request = $1 and h.seq = $2`,
    [number, seq],
  );
  const { public: seen, told, people } = rows[0];
  expect(told, `messages of ${number}/${seq}`).toBe(seen ? people : 0);
}

async function invariantsHold(numbers: readonly string[]): Promise<void> {
  for (const number of numbers) {
    const { rows } = await pool.query('select * from cc_history where request = $1 order by seq', [number]);
    const request = (await pool.query('select * from cc_request where number = $1', [number])).rows[0];
    let prev: string | null = null;
    for (const row of rows) {
      const entry = {
        request: number,
        seq: row.seq,
        at: row.at.toISOString(),
        move: row.move,
        from: row.from_state,
        to: row.to_state,
        actor: row.actor,
        data: row.data,
        note: row.public_note,
        prev,
      } as HistoryEntry;
      expect(entryHash(entry)).toBe(row.hash);
      prev = row.hash;
    }
    expect({
      state: fold(rows.map((row) => ({ from: row.from_state as State | null, to: row.to_state as State }))),
      version: rows.length,
      head: prev,
    }).toEqual({ state: request.state, version: request.version, head: request.history_head });
  }
  const wrong = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows;
  const mine = sql`r.number in (select value from jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb))`;
  // 3: one open main assignment at most, and none where nobody is answerable; somebody is wherever work is.
  expect(
    await wrong(sql`select r.number, r.state, count(a.id)::int as open from cc_request r
      left join cc_assignment a on a.request = r.number and a.role = 'main' and a.closed_at is null where ${mine}
      group by 1, 2 having count(a.id) <> case when r.state in ('registered', 'triage', 'merged', 'in_event', 'closed') then 0 else 1 end`),
    'open assignments',
  ).toEqual([]);
  // 4: a master is never merged; what is merged has no clock.
  expect(
    await wrong(
      sql`select r.number from cc_request r join cc_request m on m.number = r.master where ${mine} and m.state = 'merged'`,
    ),
    'masters',
  ).toEqual([]);
  expect(
    await wrong(sql`select r.number from cc_request r join cc_clock k on k.request = r.number
      where ${mine} and r.state = 'merged' and k.stopped_at is null`),
    'clocks of merged ones',
  ).toEqual([]);
  // 6: confirmed only by a yes of the last claim.
  expect(
    await wrong(sql`select r.number from cc_request r where ${mine} and r.closing = 'confirmed' and not exists (
      select 1 from cc_verification v where v.request = r.number and v.verdict = 'yes'
        and v.attempt = (select max(no) from cc_attempt where request = r.number))`),
    'confirmations',
  ).toEqual([]);
  // 8: a due date stands where the last row that moved it left it, and each row begins where the one before it ended.
  expect(
    await wrong(sql`select * from (select r.number, i.kind, i.due_before, i.due_after, k.due,
        lag(i.due_after) over (partition by r.number, i.kind order by i.id) as before,
        lead(i.id) over (partition by r.number, i.kind order by i.id) is null as last
      from cc_request r join cc_clock_interval i on i.request = r.number join cc_clock k on k.request = r.number and k.kind = i.kind
      where ${mine}) moved
      where (before is not null and before <> due_before) or (last and due <> due_after)`),
    'due dates',
  ).toEqual([]);
  // Voices are counted as they are, and of those who are left one leads.
  expect(
    await wrong(sql`select r.number, r.reporters, count(p.id)::int as there, count(p.id) filter (where p.lead)::int as leads
      from cc_request r left join cc_reporter p on p.request = r.number and p.withdrawn_at is null where ${mine}
      group by 1, 2 having count(p.id) <> r.reporters or count(p.id) filter (where p.lead) <> least(count(p.id), 1)`),
    'voices',
  ).toEqual([]);
}

it('any history of deeds keeps the invariants, and what is refused is refused in words', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 20, maxLength: 40, size: 'max' }), async (deeds) => {
      const born = [await report(), await report(), await report()];
      const numbers = born.map(({ number }) => number);
      const voices = born.map(({ number, followToken }) => ({ number, token: followToken }));
      for (const one of deeds) {
        try {
          await does(one, numbers, voices);
        } catch (error) {
          if (!(error instanceof Refusal) && !(error instanceof Invalid)) throw error;
        }
      }
      await invariantsHold(numbers);
    }),
    { seed: 311, numRuns: 6 },
  );
}, 60_000);
