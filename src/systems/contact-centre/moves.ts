import { sql } from 'drizzle-orm';
import { can } from '#platform/access/index.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Work } from '#platform/work.ts';
import { pauseClocks, resumeAfterMerge, resumeClocks, stopClocks } from './clock-moves.ts';
import {
  assignTo,
  closeAssignment,
  keepFromReturner,
  keepFromVisited,
  openAssignment,
  supervisedReturns,
} from './moving/assigning.ts';
import { claimDone, endAttempt } from './moving/claiming.ts';
import { backToWork, judgeNo, judgeYes } from './moving/judging.ts';
import { record } from './moving/recording.ts';
import { leaderOf, leave, linkTo, lockInOrder, lockRequest } from './moving/together.ts';
import { closed, type Effect, type Moved, type MoveInput, need, type Turn } from './moving/turn.ts';
import { mayAsClient, reporterOf, resourceOf, rolesOf } from './moving/who.ts';
import { permission } from './permissions.ts';
import { mask } from './publication.ts';
import {
  type Closing,
  isMoveFrom,
  type Move,
  movesFrom,
  permissionOf,
  rowFor,
  type State,
} from './states.ts';

export type { Moved, MoveInput } from './moving/turn.ts';

/**
 * Makes a move of the table in `states.ts`: checks who, from where, and with what; changes the request, its assignment and
 * clocks; appends to the history; owes each reporter one message for a public change.
 *
 * @throws NotFound, Forbidden, Invalid (what is missing), Conflict `move` naming the allowed moves, Conflict `stale` when
 *   the request has changed since the version given.
 */
export async function act(work: Work, number: string, move: Move, input: MoveInput = {}): Promise<Moved> {
  // Both ends of a link, the smaller number first: two links crosswise make one master instead of a deadlock.
  // What is merged is locked after the request that leads it.
  if (move === 'link' && input.master) {
    const [led] = await leaderOf(work.tx, [input.master]);
    if (led) await lockInOrder(work.tx, [[number, led.number]]);
  }
  const [request] = await lockRequest(work.tx, [number]);
  if (!request) throw new NotFound('request');
  const reporter = await reporterOf(work, request, input);
  const by = await rolesOf(work, request, reporter);
  if (by.length === 0) throw new NotFound('request');
  if (input.version !== undefined && input.version !== request.version)
    throw new Conflict('stale', 'the request has changed meanwhile', {
      given: input.version,
      now: request.version,
      state: request.state,
    });
  const row = rowFor(move, request.state, by, request.regime);
  if (!row) {
    const allowed = movesFrom(request.state, by, request.regime);
    if (isMoveFrom(move, request.state)) throw new Forbidden(permission(move));
    throw new Conflict(
      'move',
      `${move} is not possible while the request is ${request.state}; possible: ${allowed.join(', ') || 'nothing'}`,
      {
        state: request.state,
        allowed,
      },
    );
  }
  if (
    row.who.every((role) => role === 'controller') ||
    (by.includes('controller') && !by.includes('reporter'))
  )
    if (work.actor.organisation && work.actor.organisation === request.organisation && verifying.has(move))
      throw new Forbidden(`${permission(move)}: never of one's own organisation`);
  const turn: Turn = { work, request, input, by, reporter, now: work.clock.now().toISOString() };
  const effect = await prepare[move](turn);
  const closing = row.to.startsWith('closed:') ? (row.to.slice(7) as Closing) : null;
  const to =
    effect.to ?? (closing ? 'closed' : row.to === 'before' ? request.state_before! : (row.to as State));
  return record(turn, move, to, to === 'closed' ? closing : null, effect, permissionOf(row));
}

/** Puts a note into the history without changing the state. */
export async function addNote(
  work: Work,
  number: string,
  note: { text: string; public: boolean },
): Promise<Moved> {
  const [request] = await lockRequest(work.tx, [number]);
  if (!request) throw new NotFound('request');
  const allowed =
    can(work.actor, permission('note'), await resourceOf(work, request)) || mayAsClient(work, request);
  if (!allowed) throw new NotFound('request');
  need({ text: note.text });
  const turn: Turn = {
    work,
    request,
    input: {},
    by: [],
    reporter: null,
    now: work.clock.now().toISOString(),
  };
  return record(
    turn,
    'note',
    request.state,
    request.closing,
    {
      as: 'note',
      original: note.text,
      data: { text: mask(note.text) },
      note: note.public ? note.text : undefined,
    },
    'note',
  );
}

/** Never made by people of the organisation that is judged. */
export const verifying: ReadonlySet<Move> = new Set<Move>(['reject', 'confirm', 'veto', 'reopen']);

const prepare: Record<Move, (turn: Turn) => Effect | Promise<Effect>> = {
  route: assignTo,
  leave_to_triage: () => ({}),
  async assign(turn) {
    need({ organisation: turn.input.organisation, reason: turn.input.reason });
    await keepFromReturner(turn);
    return assignTo(turn);
  },
  accept: ({ work, request }) => ({
    after: async () => {
      await stopClocks(work, request.number, ['accept']);
      await work.tx.execute(sql`update cc_assignment set accepted_at = ${work.clock.now().toISOString()}::timestamptz
        where request = ${request.number} and role = 'main' and closed_at is null`);
    },
  }),
  return({ work, request, input }) {
    need({ reason: input.reason });
    return {
      set: { organisation: null, unit: null, crew: null, return_count: request.return_count + 1 },
      data: { reason: input.reason, organisation: request.organisation, returns: request.return_count + 1 },
      after: async () => {
        await closeAssignment(work, request.number, 'returned');
        if (request.return_count + 1 >= supervisedReturns)
          await emit(work, 'contact-centre.request.second_return', {
            number: request.number,
            organisation: request.organisation,
            returns: request.return_count + 1,
          });
      },
    };
  },
  async dispatch({ work, request, input }) {
    // Who is named already goes again; the program of an enterprise knows its crews itself.
    const crew = input.crew ?? request.crew ?? (work.actor.kind === 'client' ? work.actor.name : null);
    need({ crew });
    await keepFromVisited(work, request, crew);
    return { set: { crew }, data: { crew }, note: input.note };
  },
  arrive: ({ work, request }) => ({
    data: { onSite: true },
    after: () => stopClocks(work, request.number, ['arrive']),
  }),
  plan({ input, work }) {
    need({ date: input.date, reason: input.reason });
    if (input.date! <= work.clock.now())
      throw new Invalid([{ field: 'date', message: 'must be in the future' }]);
    return {
      set: { planned_for: input.date!.toISOString() },
      data: { date: input.date!.toISOString() },
      note: input.note ?? input.reason,
    };
  },
  ask({ work, request, input }) {
    need({ question: input.question });
    return {
      set: { state_before: request.state },
      data: { question: mask(input.question!) },
      note: input.question,
      after: () => pauseClocks(work, request.number),
    };
  },
  reply: ({ work, request, input }) => ({
    set: { state_before: null },
    data: { reply: input.comment ? mask(input.comment) : null },
    after: () => resumeClocks(work, request.number, 'waiting_reporter'),
  }),
  claim: claimDone,
  reject({ input, request, work }) {
    need({ comment: input.comment });
    return backToWork(work, request, 'rejected', input.comment!);
  },
  confirm: judgeYes,
  veto: judgeNo,
  lapse: ({ work, request }) => ({
    ...closed(request, work),
    after: () => endAttempt(work, request.number, 'unverified'),
  }),
  async reopen({ work, request, input, by }) {
    need({ comment: input.comment });
    const days = (work.clock.now().getTime() - new Date(request.closed_at!).getTime()) / 86_400_000;
    if (days > 30 && by.every((role) => role === 'reporter'))
      throw new Conflict(
        'too-late',
        'more than 30 days have passed; send a new request that refers to this one',
        { follows: request.number },
      );
    const effect: Effect = request.organisation
      ? await backToWork(work, request, null, input.comment!)
      : { data: { comment: mask(input.comment!) } };
    return {
      ...effect,
      to: request.organisation ? 'rework' : 'triage',
      set: { ...effect.set, closed_at: null, result: null, nearby_until: 'infinity' },
      after: async () => {
        await effect.after?.();
        if (request.organisation)
          await openAssignment(work, request, request.organisation, null, { reopened: true });
      },
    };
  },
  refuse({ input, request, work }) {
    need({ reason: input.reason });
    return {
      ...closed(request, work),
      data: { reason: mask(input.reason!) },
      note: input.note ?? input.reason,
    };
  },
  transfer({ input, request, work }) {
    need({ destination: input.destination });
    return {
      ...closed(request, work),
      data: { destination: input.destination },
      note: input.note ?? input.destination,
    };
  },
  withdraw: leave,
  link: linkTo,
  unlink: ({ work, request }) => ({
    set: { master: null },
    after: () => resumeAfterMerge(work, request.number),
  }),
  join_event: noEvents,
  leave_event: noEvents,
  event_resolved: noEvents,
};

function noEvents(): never {
  throw new Conflict('no-event', 'there is no event to join');
}
