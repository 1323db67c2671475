import { sql } from 'drizzle-orm';
import { can, type Resource } from '#platform/access/index.ts';
import { auditEntryOf } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Actor, Work } from '#platform/work.ts';
import { readCity } from './city.ts';
import type { Regime } from './city-data.ts';
import {
  pauseClocks,
  restartFix,
  resumeAfterMerge,
  resumeAfterPlan,
  resumeClocks,
  stopClocks,
} from './clock-moves.ts';
import { defaultsOf } from './defaults.ts';
import { entryHash, type HistoryEntry, historyActor } from './history.ts';
import { mirror } from './mirror.ts';
import { endPause, type PauseGround } from './pausing.ts';
import { permission } from './permissions.ts';
import { addPhotos, type EvidencePhoto, evidenceFaultsOf, type GivenPhoto } from './photos.ts';
import { mask } from './publication.ts';
import { sha256 } from './requests.ts';
import type { Decision } from './routing.ts';
import { resourceAt } from './scope.ts';
import { sealNote } from './sealing.ts';
import { statement } from './statement.ts';
import {
  type Closing,
  type HistoryMove,
  isMoveFrom,
  type Move,
  movesFrom,
  permissionOf,
  type Role,
  roles,
  rowFor,
  type State,
} from './states.ts';

/** What a move is given; which of it a move needs stands in the function that prepares it. */
export interface MoveInput {
  /** The version of the request that the person was looking at; another one means that the page is stale. */
  readonly version?: number;
  readonly organisation?: string;
  readonly unit?: string;
  readonly crew?: string;
  /** Why, for colleagues. */
  readonly reason?: string;
  /** Public words of the move. */
  readonly note?: string;
  readonly date?: Date;
  readonly question?: string;
  readonly result?: 'fixed' | 'explained' | 'impossible';
  readonly answer?: string;
  readonly evidence?: readonly EvidencePhoto[];
  /** Photos of what is still wrong. */
  readonly photos?: readonly GivenPhoto[];
  readonly master?: string;
  readonly comment?: string;
  readonly grade?: number;
  /** The reporter says that it is done in part, which counts as no. */
  readonly partly?: boolean;
  readonly method?: 'link' | 'sms' | 'cabinet' | 'call' | 'desk';
  /** The secret of a follow link: acts for its reporter. */
  readonly reporterToken?: string;
  /** Id of the reporter for whom a controller records a call. */
  readonly reporter?: string;
  readonly callRecord?: string;
  readonly destination?: string;
  /** Where rules and not a person chose the organisation: their decision, kept with the assignment. */
  readonly decision?: Decision;
}

export interface Moved {
  readonly number: string;
  readonly state: State;
  readonly closing: Closing | null;
  readonly version: number;
}

interface Row extends Record<string, unknown> {
  number: string;
  state: State;
  closing: Closing | null;
  state_before: State | null;
  planned_for: string | null;
  version: number;
  history_head: string;
  master: string | null;
  /** Why its work stands still; null: it does not. */
  pause: PauseGround | null;
  /** Whether others are merged into it. */
  leads: boolean;
  organisation: string | null;
  crew: string | null;
  district: string | null;
  branch: string;
  regime: Regime;
  publication: string;
  rework_count: number;
  return_count: number;
  closed_at: string | null;
  category: string;
  category_version: number;
  client: string | null;
  lat: number | null;
  lon: number | null;
}

interface Reporter extends Record<string, unknown> {
  id: string;
  request: string;
  verdict: string | null;
  verdict_attempt: number | null;
  withdrawn_at: string | null;
  lead: boolean;
}

/** What a prepared move changes besides the state. */
interface Effect {
  /** Kept when the move's row says "before", or when not everybody has judged yet. */
  to?: State;
  /** Told in the history under another name, such as a verdict that does not close yet. */
  as?: HistoryMove;
  set?: Record<string, unknown>;
  data?: Record<string, unknown>;
  /** Words as they were written, where they are not those of the input. */
  original?: string;
  /** Words for everybody. */
  note?: string | undefined;
  /** What reporters are told, where it is not the move's own letter. */
  template?: string;
  /** Runs after the request row was changed. */
  after?(): Promise<unknown>;
}

interface Turn {
  readonly work: Work;
  readonly request: Row;
  readonly input: MoveInput;
  readonly by: readonly Role[];
  readonly reporter: Reporter | null;
  readonly now: string;
}

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

/** No clock runs in these. */
const atRest = new Set<State>(['closed', 'merged', 'claimed']);
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

/** Returned so often, a request waits for the supervisor, who alone may send it to one that has returned it. */
const supervisedReturns = 2;

async function keepFromReturner({ work, request, input, by }: Turn): Promise<void> {
  if (request.return_count < supervisedReturns || by.includes('supervisor')) return;
  const { rows } = await work.tx.execute(sql`select 1 from cc_assignment
    where request = ${request.number} and organisation = ${input.organisation} and outcome = 'returned' limit 1`);
  if (rows.length)
    throw new Conflict('second-return', 'only a supervisor may send it again to whoever returned it', {
      organisation: input.organisation,
    });
}

async function assignTo({ work, request, input }: Turn): Promise<Effect> {
  const city = await readCity(work.tx);
  const organisation = input.organisation ?? null;
  if (!organisation || !city.organisations.has(organisation))
    throw new Invalid([{ field: 'organisation', message: 'choose an organisation of the city' }]);
  if (request.regime === 'statutory') await keepFromComplained(work, request.number, organisation);
  return {
    set: { organisation, unit: input.unit ?? null, crew: null },
    data: { organisation, reason: input.reason ?? null },
    after: async () => {
      await closeAssignment(work, request.number, 'reassigned');
      await openAssignment(
        work,
        request,
        organisation,
        input.unit ?? null,
        input.decision ?? { reason: input.reason ?? null, by: work.actor.name },
      );
    },
  };
}

/** Law 393/96-ВР, art. 7: an appeal is never handled by those complained about. */
async function keepFromComplained(work: Work, number: string, organisation: string): Promise<void> {
  const { rows } = await work.tx.execute(
    sql`select 1 from cc_appeal where request = ${number} and complained_about = ${organisation}`,
  );
  if (rows[0])
    throw new Invalid([{ field: 'organisation', message: 'the appeal complains about this organisation' }]);
}

/** After so many refusals of the work another unit has to go and look. */
export const anotherUnitAfter = 3;

/** The crews whose work on the request was claimed before. */
export async function visitedBy(reader: Reader, number: string): Promise<string[]> {
  const { rows } = await reader.execute<{ crew: string }>(
    sql`select distinct crew from cc_attempt where request = ${number} and crew is not null order by crew`,
  );
  return rows.map(({ crew }) => crew);
}

/** @throws Conflict `another-unit` where the enterprise has a crew that has not been there, and this one has, or none is named. */
async function keepFromVisited(work: Work, request: Row, crew: string | null): Promise<void> {
  if (request.rework_count < anotherUnitAfter) return;
  const visited = await visitedBy(work.tx, request.number);
  if (visited.length === 0 || (crew !== null && !visited.includes(crew))) return;
  const { units } = await readCity(work.tx);
  const others = units.some(
    ({ kind, organisation, id }) =>
      kind === 'crew' && organisation === request.organisation && !visited.includes(id),
  );
  if (others)
    throw new Conflict('another-unit', 'the work was refused three times: another unit goes now', {
      visited,
    });
}

async function claimDone({ work, request, input, now: at }: Turn): Promise<Effect> {
  need({ result: input.result, answer: input.answer });
  await keepFromVisited(work, request, request.crew);
  const { leaf } = await categoryOf(work, request);
  const evidence = await withPlaces(work, request.number, input.evidence ?? []);
  const wanted =
    leaf.evidence === 'before+after'
      ? (['before', 'after'] as const)
      : leaf.evidence === 'after'
        ? (['after'] as const)
        : [];
  // Missing evidence does not block a crew without light or network: it is marked, and a controller looks first.
  const faults = input.result === 'fixed' ? evidenceFaultsOf(wanted, evidence, request) : [];
  const { verificationHours, urgentVerificationHours } = defaultsOf((await readCity(work.tx)).settings);
  const calm = leaf.class === 'ordinary' || leaf.class === 'question';
  const hours = leaf.verificationHours ?? (calm ? verificationHours : urgentVerificationHours);
  const now = new Date(at);
  return {
    set: {
      result: input.result,
      claimed_at: at,
      state_before: null,
      window_until: new Date(now.getTime() + hours * 3_600_000).toISOString(),
    },
    data: { result: input.result, evidence: evidence.length, evidenceFaults: faults },
    note: input.answer,
    // Nobody is asked about evidence in doubt before a controller has passed it.
    ...(request.regime === 'statutory'
      ? { template: 'answer' }
      : faults.length
        ? { template: 'claim_in_doubt' }
        : {}),
    after: async () => {
      await work.tx.execute(sql`insert into cc_attempt
          (request, no, assignment, organisation, crew, result, answer, evidence, evidence_faults, claimed_by, claimed_at)
        select ${request.number}, coalesce((select max(no) from cc_attempt where request = ${request.number}), 0) + 1,
          (select id from cc_assignment where request = ${request.number} and role = 'main' and closed_at is null),
          ${request.organisation}, ${request.crew}, ${input.result}, ${mask(input.answer!)},
          ${JSON.stringify(evidence.map(({ file, kind }) => ({ file, kind })))}::jsonb, ${JSON.stringify(faults)}::jsonb,
          ${JSON.stringify(historyActor(work.actor))}::jsonb, ${at}::timestamptz`);
      await addPhotos(work, request.number, evidence);
      if (request.state === 'waiting_reporter') await resumeClocks(work, request.number, 'waiting_reporter');
      await stopClocks(work, request.number, ['accept', 'arrive', 'fix', 'answer']);
      await work.tx.execute(sql`update cc_reporter set missed_calls = 0
        where request = any(${circleOf(request.number)}) and withdrawn_at is null`);
    },
  };
}

/** Photos that came before the claim have told already where they were taken. */
async function withPlaces(
  work: Work,
  number: string,
  evidence: readonly EvidencePhoto[],
): Promise<EvidencePhoto[]> {
  if (evidence.length === 0) return [];
  const { rows } = await work.tx.execute<{ file: string; lat: number | null; lon: number | null }>(
    sql`select file, lat, lon from cc_photo where request = ${number} and kind in ('before', 'after')`,
  );
  const kept = new Map(rows.map((row) => [row.file, row]));
  return evidence.map((photo) => ({
    ...photo,
    lat: photo.lat ?? kept.get(photo.file)?.lat ?? null,
    lon: photo.lon ?? kept.get(photo.file)?.lon ?? null,
  }));
}

/** A reporter's yes closes the request when nobody is left who has not said yes, or when the window is over. */
async function judgeYes(turn: Turn): Promise<Effect> {
  const { work, request, input, by } = turn;
  const judge = await judgeOf(turn);
  if (judge) await keepVerdict(turn, judge, 'yes');
  const { rows } = await work.tx.execute<{ yes: number; open: number }>(sql`select
      count(*) filter (where verdict = 'yes' and verdict_attempt = ${await attemptNo(work, request.number)})::int as yes,
      count(*) filter (where verdict is distinct from 'yes' or verdict_attempt <> ${await attemptNo(work, request.number)})::int as open
    from cc_reporter where request = any(${circleOf(request.number)}) and withdrawn_at is null`);
  const { yes, open } = rows[0]!;
  if (by.includes('system') && yes === 0)
    throw new Conflict('no-verdict', 'nobody has confirmed; the request can only lapse');
  const grade = input.grade ?? null;
  if (open > 0 && !by.includes('system'))
    return { to: 'claimed', as: 'verdict', data: { verdict: 'yes', grade } };
  return {
    ...closed(request, work),
    data: { verdict: 'yes', grade, voices: yes },
    after: () => endAttempt(work, request.number, 'confirmed'),
  };
}

async function judgeNo(turn: Turn): Promise<Effect> {
  const { work, request, input } = turn;
  const photos = input.photos ?? [];
  if (photos.length === 0) need({ comment: input.comment });
  const judge = await judgeOf(turn);
  if (judge) await keepVerdict(turn, judge, input.partly ? 'partly' : 'no');
  await addPhotos(
    work,
    request.number,
    photos.map((photo) => ({ ...photo, kind: 'veto' })),
    judge,
  );
  return backToWork(work, request, 'vetoed', input.comment ?? '');
}

/**
 * One reporter goes. Others of the same request go on, the next one leading; of a request that leads merged ones, those who
 * came with them go on. Only when nobody is left is it closed.
 */
async function leave({ work, request, reporter, now }: Turn): Promise<Effect> {
  const { id, request: own, lead } = reporter!;
  const { rows } = await work.tx.execute<{
    id: string;
    request: string;
  }>(sql`select id, request from cc_reporter
    where request = any(${circleOf(request.number)}) and withdrawn_at is null and id <> ${id} order by joined_at, id`);
  const go = async () => {
    await work.tx.execute(
      sql`update cc_reporter set withdrawn_at = ${now}::timestamptz, lead = false where id = ${id}`,
    );
    if (own !== request.number)
      await work.tx.execute(sql`update cc_request set updated_at = ${now}::timestamptz, reporters = reporters - 1
        where number = ${own}`);
  };
  const set = own === request.number ? { reporters: Number(request.reporters) - 1 } : {};
  if (rows.length === 0) {
    const end = closed(request, work);
    return {
      ...end,
      set: { ...end.set, ...set },
      after: async () => {
        await go();
        await closeAssignment(work, request.number, 'withdrawn');
      },
    };
  }
  const heir = lead ? rows.find((one) => one.request === own) : undefined;
  return {
    to: request.state,
    as: 'note',
    data: { left: true },
    set,
    after: async () => {
      await go();
      if (heir) await work.tx.execute(sql`update cc_reporter set lead = true where id = ${heir.id}`);
    },
  };
}

async function linkTo({ work, request, input, now }: Turn): Promise<Effect> {
  need({ master: input.master });
  // Held until the end: a master that is itself linked at this moment would leave this request below a merged one.
  let [master] = await lockRequest(work.tx, [input.master]);
  while (master?.master) [master] = await lockRequest(work.tx, [master.master]);
  if (!master || master.state === 'closed')
    throw new Invalid([{ field: 'master', message: 'choose an open request' }]);
  if (master.number === request.number) throw new Conflict('same', 'a request cannot be linked to itself');
  const led = master;
  return {
    set: {
      master: master.number,
      organisation: null,
      unit: null,
      crew: null,
      state_before: null,
    },
    data: { master: master.number },
    after: async () => {
      await closeAssignment(work, request.number, 'merged');
      if (request.state === 'waiting_reporter') await resumeClocks(work, request.number, 'waiting_reporter');
      await stopClocks(work, request.number, ['accept', 'arrive', 'fix', 'answer']);
      if (!request.leads) return;
      const { rows } = await work.tx.execute<{ number: string }>(
        sql`update cc_request set master = ${led.number} where master = ${request.number} returning number`,
      );
      const followers = rows.map(({ number }) => number);
      await mirror(work, { ...led, result: led.result as string | null, note: null }, now, followers);
    },
  };
}

async function backToWork(
  work: Work,
  request: Row,
  outcome: string | null,
  comment: string,
): Promise<Effect> {
  const reworks = request.rework_count + 1;
  return {
    set: { rework_count: reworks, result: null, claimed_at: null, window_until: null },
    data: { comment: mask(comment), reworks },
    ...(comment ? { note: mask(comment) } : {}),
    after: async () => {
      if (outcome) await endAttempt(work, request.number, outcome);
      await restartFix(work, request.number);
      if (reworks >= anotherUnitAfter)
        await emit(work, 'contact-centre.request.third_rework', {
          number: request.number,
          organisation: request.organisation,
          reworks,
        });
    },
  };
}

function closed(request: Row, work: Work): Effect & { set: Record<string, unknown> } {
  const now = work.clock.now();
  return {
    set: {
      closed_at: now.toISOString(),
      window_until: null,
      nearby_until: new Date(now.getTime() + 14 * 86_400_000).toISOString(),
      state_before: null,
      ...(request.master ? { master: null } : {}),
    },
  };
}

async function record(
  turn: Turn,
  move: Move | 'note',
  to: State,
  closing: Closing | null,
  effect: Effect,
  act: string,
): Promise<Moved> {
  const { work, request, now } = turn;
  const publicNote = effect.note === undefined ? null : mask(effect.note);
  const seq = request.version + 1;
  const entry: HistoryEntry = {
    request: request.number,
    seq,
    at: now,
    move: effect.as ?? move,
    from: request.state,
    to,
    actor: turn.by.includes('reporter')
      ? { kind: 'person', name: '', organisation: null }
      : historyActor(work.actor),
    data: {
      ...effect.data,
      ...(closing ? { closing, result: effect.set?.result ?? request.result ?? null } : {}),
    },
    note: publicNote,
    prev: request.history_head,
  };
  const hash = entryHash(entry);
  // What hangs on the request changes first, so that the request itself is written once, with its nearest due date.
  if (request.pause && move !== 'note') await endPause(work, request.number);
  if (request.state === 'planned' && to !== 'planned' && request.planned_for)
    await resumeAfterPlan(work, request.number, new Date(request.planned_for));
  await effect.after?.();
  const patch = {
    state: to,
    closing,
    version: seq,
    history_head: hash,
    updated_at: now,
    ...(publicNote ? { public_note: publicNote } : {}),
    ...effect.set,
  };
  const name = effect.as ?? move;
  const { input } = turn;
  const original = effect.original ?? input.comment ?? input.question ?? input.answer ?? input.reason;
  if (original && mask(original) !== original) {
    const { key, sealed } = sealNote(work.secrets, request.number, seq, original);
    await work.tx.execute(
      sql`insert into cc_note (request, seq, key, sealed) values (${request.number}, ${seq}, ${key}, ${sealed})`,
    );
  }
  await tellMove(work.tx, [
    request.number,
    JSON.stringify({ ...entry, hash }),
    JSON.stringify(patch),
    atRest.has(to),
    to === 'closed' ? (closing ?? 'closed') : null,
    to !== request.state || publicNote ? (effect.template ?? move) : null,
    JSON.stringify(
      auditEntryOf(work, {
        action: permission(act),
        resource: `request:${request.number}`,
        detail: { from: request.state, to },
      }),
    ),
    `contact-centre.request.${name}`,
    JSON.stringify({ number: request.number, from: request.state, to, closing, seq }),
    `request:${request.number}`,
    now,
  ]);
  if (request.leads && (to !== request.state || publicNote)) {
    const result = (effect.set && 'result' in effect.set ? effect.set.result : request.result) as
      | string
      | null;
    await mirror(work, { number: request.number, state: to, closing, result, note: publicNote }, now);
  }
  return { number: request.number, state: to, closing, version: seq };
}

const lockRequest = statement<Row>(
  'lock_request',
  `select r.*, exists (select 1 from cc_request d where d.master = r.number) as leads
    from cc_request r where number = $1 and not sandbox for update of r`,
);
const leaderOf = statement<{ number: string }>(
  'leader_of',
  'select coalesce(master, number) as number from cc_request where number = $1',
);
const lockInOrder = statement<never>(
  'lock_in_order',
  `select number from cc_request where number = any($1::text[]) and state <> 'merged' order by number for update`,
);
const lastAttempt = statement<{ no: number }>(
  'last_attempt',
  'select coalesce(max(no), 0)::int as no from cc_attempt where request = $1',
);
const endAssignment = statement<never>(
  'end_assignment',
  'update cc_assignment set closed_at = $2::timestamptz, outcome = $3 where request = $1 and closed_at is null',
);
const reporterByLink = statement<Reporter>(
  'reporter_by_link',
  `select p.* from cc_link l join cc_reporter p on p.id = l.reporter
    where l.token_hash = $1 and l.kind = 'follow' and l.revoked_at is null and p.withdrawn_at is null
      and (l.request = $2 or $2 = (select master from cc_request where number = l.request))`,
);

/** Columns that a move may change; the statement is the same for every move, so each connection plans it once. */
const movable = `state, closing, version, history_head, updated_at, public_note, organisation, unit, crew, state_before, planned_for,
  result, claimed_at, window_until, closed_at, nearby_until, master, rework_count, return_count, reporters`;

/**
 * All that tells of a move, in one statement: history, the request, its assignment's end, one message to each reporter of it
 * and of those merged into it, audit, event.
 */
const tellMove = statement<never>(
  'tell_move',
  `with h as (
     insert into cc_history (request, seq, at, move, from_state, to_state, actor, data, public_note, prev, hash)
     select request, seq, at, move, "from", "to", actor, data, note, prev, hash from jsonb_to_record($2::jsonb)
       as e(request text, seq int, at timestamptz, move text, "from" text, "to" text, actor jsonb, data jsonb, note text, prev text, hash text)
   ), a as (
     update cc_assignment set closed_at = $11::timestamptz, outcome = $5 where $5::text is not null and request = $1 and closed_at is null
   ), m as (
     insert into cc_message (request, seq, reporter, template, at)
     select $1, ($2::jsonb->>'seq')::int, p.id, $6, $11::timestamptz from cc_reporter p
      where $6::text is not null and p.withdrawn_at is null
        and (p.notify or exists (select 1 from cc_request s where s.number = $1 and s.regime = 'statutory'))
        and p.request = any(array(select $1 union all select number from cc_request where master = $1))
   ), u as (
     insert into audit_pending (entry) values ($7::jsonb)
   ), o as (
     insert into outbox (name, topic, payload, occurred_at) values ($8, $10, $9::jsonb, $11::timestamptz)
   )
   update cc_request r set (${movable}) = (select ${movable} from jsonb_populate_record(r, $3::jsonb)),
     next_due = case when $4 then null
       else (select min(due) from cc_clock where request = $1 and stopped_at is null and paused_at is null) end,
     fix_due = coalesce((select due from cc_clock where request = $1 and kind in ('fix', 'answer') order by kind desc limit 1), fix_due)
   where number = $1`,
);

async function openAssignment(
  work: Work,
  request: Row,
  organisation: string,
  unit: string | null,
  decision: object,
): Promise<void> {
  await work.tx.execute(sql`insert into cc_assignment (request, organisation, unit, role, decision, opened_at)
    values (${request.number}, ${organisation}, ${unit}, 'main', ${JSON.stringify(decision)}::jsonb, ${work.clock.now().toISOString()}::timestamptz)`);
}

async function closeAssignment(work: Work, number: string, outcome: string): Promise<void> {
  await endAssignment(work.tx, [number, work.clock.now(), outcome]);
}

async function endAttempt(work: Work, number: string, outcome: string): Promise<void> {
  await work.tx.execute(
    sql`update cc_attempt set outcome = ${outcome} where request = ${number} and no = ${await attemptNo(work, number)}`,
  );
}

async function attemptNo(work: Work, number: string): Promise<number> {
  const [last] = await lastAttempt(work.tx, [number]);
  return last!.no;
}

async function keepVerdict(
  { work, request, input, now, reporter }: Turn,
  judge: string,
  verdict: 'yes' | 'no' | 'partly',
): Promise<void> {
  if (input.grade !== undefined && !(Number.isInteger(input.grade) && input.grade >= 1 && input.grade <= 5))
    throw new Invalid([{ field: 'grade', message: '1–5' }]);
  const attempt = await attemptNo(work, request.number);
  const method = input.method ?? (reporter ? (input.reporterToken ? 'link' : 'cabinet') : 'call');
  await work.tx.execute(sql`insert into cc_verification (request, attempt, reporter, method, verdict, grade, comment, by_actor, call_record, at)
    values (${request.number}, ${attempt}, ${judge}, ${method}, ${verdict}, ${input.grade ?? null}, ${input.comment ? mask(input.comment) : null},
      ${JSON.stringify(historyActor(work.actor))}::jsonb, ${input.callRecord ?? null}, ${now}::timestamptz)`);
  await work.tx.execute(sql`update cc_reporter set verdict = ${verdict}, verdict_attempt = ${attempt}, verdict_at = ${now}::timestamptz,
    grade = coalesce(${input.grade ?? null}, grade) where id = ${judge}`);
}

/** The request and those merged into it: whose people judge it together. */
function circleOf(number: string) {
  return sql`array(select ${number}::text union all select number from cc_request where master = ${number})`;
}

/** Whose verdict it is: the reporter's own, or the one whom a controller has called. */
async function judgeOf({ work, request, input, by, reporter }: Turn): Promise<string | null> {
  if (reporter) return reporter.id;
  if (!by.includes('controller')) return null;
  need({ callRecord: input.callRecord });
  const { rows } = await work.tx.execute<{
    id: string;
  }>(sql`select id from cc_reporter where request = any(${circleOf(request.number)}) and withdrawn_at is null
    and (${input.reporter ?? null}::uuid is null or id = ${input.reporter ?? null}::uuid) order by request <> ${request.number}, lead desc, joined_at limit 1`);
  if (!rows[0]) throw new Invalid([{ field: 'reporter', message: 'choose who was called' }]);
  return rows[0].id;
}

async function reporterOf(work: Work, request: Row, input: MoveInput): Promise<Reporter | null> {
  if (input.reporterToken) {
    const [holder] = await reporterByLink(work.tx, [sha256(input.reporterToken), request.number]);
    return holder ?? null;
  }
  if (work.actor.kind === 'person' || mayAsClient(work, request)) {
    const { rows } = await work.tx.execute<Reporter>(
      sql`select * from cc_reporter where withdrawn_at is null and ${
        work.actor.kind === 'person'
          ? sql`person = ${work.actor.id} and request = any(array(
              select ${request.number}::text union all select number from cc_request where master = ${request.number}))`
          : sql`request = ${request.number} and lead`
      } order by request <> ${request.number}, joined_at limit 1`,
    );
    return rows[0] ?? null;
  }
  return null;
}

/** An API key acts as the reporter of what it posted itself. */
function mayAsClient(work: Work, request: Row): boolean {
  return work.actor.kind === 'client' && work.actor.id !== null && work.actor.id === request.client;
}

function resourceOf(work: Work, request: Row): Promise<Resource> {
  return resourceAt(work.tx, work.actor, request);
}

async function rolesOf(work: Work, request: Row, reporter: Reporter | null): Promise<Role[]> {
  if (work.actor.kind === 'system') return ['system'];
  const held = staffRoles(work.actor, await resourceOf(work, request));
  return reporter ? ['reporter', ...held] : held;
}

/** The posts in which the actor meets a request: each grant counts only within its scope. */
export function staffRoles(actor: Actor, resource: Resource): Role[] {
  return roles.filter((role) =>
    actor.grants.some(
      (grant) =>
        grant.role === `contact-centre.${role}` &&
        can({ ...actor, grants: [grant] }, permission('read_desk'), resource),
    ),
  );
}

async function categoryOf(work: Work, request: Row) {
  const city = await readCity(work.tx);
  const current = city.leaves.get(request.category);
  if (current?.version === request.category_version) return current;
  const { rows } = await work.tx.execute(
    sql`select body from cc_category where code = ${request.category} and version = ${request.category_version}`,
  );
  return { leaf: rows[0]!.body as import('./city-data.ts').LeafData };
}

function need(fields: Record<string, unknown>): void {
  const missing = Object.entries(fields).filter(
    ([, value]) => value === undefined || value === null || (typeof value === 'string' && !value.trim()),
  );
  if (missing.length) throw new Invalid(missing.map(([field]) => ({ field, message: 'is needed' })));
}
