// Keeps: every move that the table allows is really made, from each state and by each role (contact-centre.md §10.1).
// `registered` is left within the act of registering itself, and moves of events are refused until there are events.
import { beforeAll, expect, it } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { joinRequest } from './joining.ts';
import { act, type Moved, type MoveInput } from './moves.ts';
import { inPost } from './posts.ts';
import { registerRequest } from './requests.ts';
import { type Move, type MoveRow, moves, type Role, type State } from './states.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

const actors: Partial<Record<Role, Actor>> = {
  system: systemActor('test'),
  operator: inPost('operator'),
  dispatcher: inPost('dispatcher', 'teplo'),
  crew: inPost('crew', 'teplo'),
  controller: inPost('controller'),
  supervisor: inPost('supervisor'),
};
let key = 0;
async function born() {
  const { number, followToken } = await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `cell-${key++}`,
      category: 'heat-weak',
      text: 'Ледь теплі',
      answers: [{ code: 'scope', values: ['flat'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { channel: 'web', language: 'uk' },
    }),
  );
  const make = (role: Role, move: Move, input: MoveInput = {}): Promise<Moved> =>
    platform.work(actors[role] ?? anonymous, (work) =>
      act(work, number, move, { ...(role === 'reporter' ? { reporterToken: followToken } : {}), ...input }),
    );
  return { number, make };
}
type Request = Awaited<ReturnType<typeof born>>;

const dispatcher: readonly [Role, Move, MoveInput?][] = [['dispatcher', 'accept']];
const claim: [Role, Move, MoveInput] = ['crew', 'claim', { result: 'fixed', answer: 'Готово' }];
/** How a new request comes into the state. */
const ways: Partial<Record<State, readonly [Role, Move, MoveInput?][]>> = {
  assigned: [],
  triage: [['dispatcher', 'return', { reason: 'Не наше' }]],
  accepted: dispatcher,
  planned: [
    ...dispatcher,
    ['dispatcher', 'plan', { date: new Date('2026-12-01T10:00:00Z'), reason: 'Немає труб' }],
  ],
  in_progress: [...dispatcher, ['dispatcher', 'dispatch', { crew: 'crew-1' }]],
  waiting_reporter: [...dispatcher, ['dispatcher', 'ask', { question: 'Поверх?' }]],
  claimed: [...dispatcher, claim],
  rework: [...dispatcher, claim, ['controller', 'reject', { comment: 'Холодно' }]],
  closed: [...dispatcher, claim, ['reporter', 'confirm']],
  merged: [],
};

/** All that any move asks for. */
const whole: MoveInput = {
  organisation: 'voda',
  reason: 'Бо так',
  crew: 'crew-1',
  date: new Date('2026-12-02T10:00:00Z'),
  question: 'Котра година?',
  result: 'explained',
  answer: 'Пояснено',
  comment: 'Ще холодно',
  destination: 'Обласна рада',
  callRecord: 'call-1',
};
const events = ['join_event', 'leave_event', 'event_resolved'];
const rows: readonly (MoveRow & { move: Move })[] = moves;
const cells = rows
  .filter(({ move, regime }) => !events.includes(move) && regime === undefined)
  .flatMap((row) =>
    row.from
      .filter((from) => ways[from] !== undefined)
      .flatMap((from) => row.who.map((role) => ({ row, from, role }))),
  );

async function reach(state: State): Promise<Request> {
  const request = await born();
  for (const [role, move, input] of ways[state]!) await request.make(role, move, input);
  if (state === 'merged') await request.make('operator', 'link', { master: (await born()).number });
  return request;
}

it.each([...new Set(cells.map(({ row }) => row.move))])('%s', async (move) => {
  for (const { row, from, role } of cells.filter((cell) => cell.row.move === move)) {
    const request = await reach(from);
    // What closes after the window needs one yes of several; what is linked needs a master.
    if (move === 'confirm' && role === 'system') {
      await platform.work(anonymous, (work) =>
        joinRequest(work, request.number, { channel: 'web', language: 'uk' }),
      );
      await request.make('reporter', 'confirm');
    }
    const input = move === 'link' ? { ...whole, master: (await born()).number } : whole;
    const made = await request.make(role, move, input);
    const said = row.to === 'before' ? 'accepted' : row.to;
    expect(made.closing ? `closed:${made.closing}` : made.state, `${role} made ${move} from ${from}`).toBe(
      said,
    );
  }
});
