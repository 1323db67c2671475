import { sql } from 'drizzle-orm';
import { secretsOf } from '#platform/identity/secrets.ts';
import type { Work } from '#platform/work.ts';
import { isMoveFrom, type Move, type State } from '../states.ts';
import type { Acts, PushedWords, Standing } from './acts.ts';
import type { Answer, Call } from './call.ts';
import { readMedia, receiveFiles } from './create.ts';
import { readInstant } from './dates.ts';
import { ApiError, absent, Faults, wrong } from './errors.ts';
import { actorOf, countPost, type Key, readKey } from './keys.ts';
import { plainNumber } from './requests.ts';
import { updateId } from './updates.ts';

/** What an enterprise's program asks for by the status it pushes; other words are notes. */
const agencyGoals: Readonly<Record<string, Move>> = {
  INVESTIGATING: 'accept',
  IN_PROGRESS: 'dispatch',
  PLANNED: 'plan',
  ACTION_SCHEDULED: 'plan',
  FIXED: 'claim',
  CLOSED: 'claim',
  NO_FURTHER_ACTION: 'claim',
  FOR_TRIAGE: 'return',
  INTERNAL_REFERRAL: 'return',
  NOT_COUNCILS_RESPONSIBILITY: 'return',
};

/** States in which the goal is reached already, so that pushing it again only adds words. */
const reached: Partial<Readonly<Record<Move, readonly State[]>>> = {
  accept: ['accepted'],
  dispatch: ['in_progress'],
  plan: ['planned'],
};

/** What an app's user asks for, where it depends on the state; in every other state it is a note. */
const appMoves: Readonly<Record<string, Partial<Record<State, Move>>>> = {
  FIXED: { claimed: 'confirm' },
  CLOSED: { claimed: 'confirm' },
  OPEN: { claimed: 'veto', closed: 'reopen' },
  REOPEN: { claimed: 'veto', closed: 'reopen' },
};

/**
 * The moves from a state to what a pushed status asks for, with the steps between. Empty: nothing moves, the words are
 * kept as a note.
 *
 * @throws ApiError 400 naming the statuses that are possible now.
 */
export function movesFor(kind: Key['kind'], status: string, state: State, hasDate: boolean): readonly Move[] {
  if (kind === 'app') {
    const move = appMoves[status]?.[state];
    return move ? [move] : [];
  }
  const goal = agencyGoals[status];
  if (!goal || (goal === 'plan' && !hasDate) || reached[goal]?.includes(state)) return [];
  const way = wayTo(goal, state);
  if (way) return way;
  const possible = Object.keys(agencyGoals).filter((one) => wayTo(agencyGoals[one]!, state));
  throw wrong(
    'status',
    `${status} is not possible while the request is ${state}; allowed: ${[...possible, 'notes'].join(', ')}`,
  );
}

function wayTo(goal: Move, state: State): readonly Move[] | null {
  if (isMoveFrom(goal, state)) return [goal];
  return state === 'assigned' && isMoveFrom(goal, 'accepted') ? ['accept', goal] : null;
}

/** `POST /servicerequestupdates`: a repeat is answered as it was the first time. */
export function pushUpdate(acts: Acts): (call: Call) => Promise<Answer> {
  return async (call) => {
    const { platform, parameters } = call;
    const faults = new Faults();
    const key = await readKey(platform, parameters.one('api_key'), faults, 'required');
    if (key) await countPost(platform, key);
    for (const name of ['service_request_id', 'update_id', 'status', 'updated_datetime', 'description'])
      if (parameters.one(name) === null) faults.add(400, name, 'missing');
    const pushedId = parameters.one('update_id') ?? '';
    if (pushedId.length > 100) faults.add(400, 'update_id', 'longer than 100 characters');
    const at = parameters.date('updated_datetime', faults);
    const text = parameters.one('description') ?? '';
    if ([...text].length > 4_000) faults.add(400, 'description', 'longer than 4000 characters');
    const mediaUrls = readMedia(call, faults);
    const date = readDate(call, faults);
    faults.check();
    const number = plainNumber(parameters.one('service_request_id')!);
    const status = parameters.one('status')!.toUpperCase();
    const { photos } = await receiveFiles(call, actorOf(key!));
    const words: PushedWords = { text, date, mediaUrls, photos };
    const payload = JSON.stringify([number, status, at, text, mediaUrls, date]);
    const hash = secretsOf(platform.config).blind('payload', payload);
    const id = await platform.work(
      actorOf(key!),
      (work) =>
        once(work, call, key!, pushedId, hash, async () => {
          const standing = await acts.standing(work, number);
          checkOwner(key!, standing, number, call.sandbox);
          return updateId(number, await apply(work, acts, number, standing, status, at!, words, key!, call));
        }),
      { requestId: call.requestId },
    );
    return {
      document: { root: 'service_request_updates', item: 'request_update', value: [{ update_id: id }] },
    };
  };
}

async function apply(
  work: Work,
  acts: Acts,
  number: string,
  standing: Standing,
  status: string,
  at: Date,
  words: PushedWords,
  key: Key,
  call: Call,
): Promise<number> {
  // Dates are pushed in whole seconds; what the program knew before the last change must not undo it.
  const isOld = at.getTime() < Math.floor(standing.changedAt.getTime() / 1000) * 1000;
  const moves = call.sandbox || isOld ? [] : movesFor(key.kind, status, standing.state, words.date !== null);
  let seq: number | null = null;
  for (const move of moves) seq = await acts.move(work, number, move, words, status);
  return seq ?? acts.note(work, number, words, status);
}

function readDate(call: Call, faults: Faults): Date | null {
  const text = call.parameters.attributes.get('date')?.[0];
  if (text === undefined) return null;
  const instant = readInstant(text);
  if (instant instanceof Date) return instant;
  faults.add(400, 'attribute[date]', instant);
  return null;
}

/** An app writes to what it posted, an agency to what is in its hands; of private ones the others learn nothing. */
function checkOwner(
  key: Key,
  standing: Standing | null,
  number: string,
  sandbox: boolean,
): asserts standing is Standing {
  const owns =
    standing &&
    (key.kind === 'app' || sandbox
      ? standing.client === key.id
      : standing.organisation !== null && standing.organisation === key.organisation);
  if (owns) return;
  if (!standing?.public) throw absent('service_request_id', `there is no request "${number.slice(0, 60)}"`);
  throw new ApiError([{ code: 403, description: `api_key: may not write to request ${number}` }]);
}

async function once(
  work: Work,
  call: Call,
  key: Key,
  pushedId: string,
  hash: string,
  act: () => Promise<string>,
): Promise<string> {
  const lock = `open311-update:${call.sandbox}:${key.id}:${pushedId}`;
  await work.tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
  const { rows } = await work.tx.execute<{ payload_hash: string; listed_id: string }>(sql`
    select payload_hash, listed_id from open311_update
    where key = ${key.id} and sandbox = ${call.sandbox} and update_id = ${pushedId}`);
  const first = rows[0];
  if (first?.payload_hash && first.payload_hash !== hash)
    throw wrong('update_id', `"${pushedId.slice(0, 60)}" was used for another update, which stays as it is`);
  if (first) return first.listed_id;
  const listed = await act();
  await work.tx.execute(sql`
    insert into open311_update (key, update_id, sandbox, payload_hash, listed_id, at)
    values (${key.id}, ${pushedId}, ${call.sandbox}, ${hash}, ${listed}, ${work.clock.now().toISOString()})`);
  return listed;
}
