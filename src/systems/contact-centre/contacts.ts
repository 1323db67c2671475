import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, Invalid, NotFound } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Work } from '#platform/work.ts';
import { type AppealKind, registerAppeal } from './appeals.ts';
import { assetByNumber } from './assets.ts';
import { readCity } from './city.ts';
import { defaultsOf } from './defaults.ts';
import { houseOf } from './house.ts';
import { joinRequest } from './joining.ts';
import { callerHistory } from './lists/index.ts';
import { text } from './messages.ts';
import { act, type Moved } from './moves.ts';
import { permission } from './permissions.ts';
import { keepContact } from './personal.ts';
import { type NewReporter, type Registered, registerRequest, sha256 } from './requests.ts';

/** What an operator has typed during a conversation. */
export interface CallDraft {
  readonly phone?: string;
  readonly name?: string;
  readonly residence?: string;
  readonly language?: Language;
  readonly address?: string;
  /** Chosen among the houses that the address may mean. */
  readonly building?: string;
  readonly flat?: string;
  /** Number of the thing, as the caller reads it. */
  readonly asset?: string;
  readonly text?: string;
  readonly category?: string;
  readonly answers?: Readonly<Record<string, readonly string[]>>;
  readonly private?: boolean;
  /** The caller wants it considered under Law 393/96-ВР. */
  readonly appeal?: AppealKind;
  /** What was looked for in the knowledge base. */
  readonly q?: string;
}

/** How a request came up in a conversation. */
export type How = 'registered' | 'joined' | 'reopened';

/** A conversation that is going on. */
export interface Call {
  readonly id: string;
  readonly intakeKey: string;
  readonly draft: CallDraft;
  readonly requests: readonly { readonly number: string; readonly how: How }[];
  readonly startedAt: Date;
}

export const outcomes = ['consultation', 'request', 'joined', 'out_of_competence', 'dropped'] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * Begins a conversation. An operator speaks with one person: whoever has one going on gets it back.
 *
 * @param draft what is known at once, such as the number that calls.
 */
export async function startContact(work: Work, draft: CallDraft = {}): Promise<Call> {
  const operator = mustSpeak(work);
  const id = randomUUID();
  const now = work.clock.now().toISOString();
  await work.tx.execute(sql`insert into cc_call (id, operator, draft, started_at, updated_at)
    values (${id}, ${operator}, ${seal(work, id, draft)}, ${now}::timestamptz, ${now}::timestamptz)
    on conflict (operator) where dropped is null do nothing`);
  return (await callOf(work))!;
}

/** The operator's conversation, held until the work ends; null when nobody is on the line. */
export async function callOf(work: Work): Promise<Call | null> {
  const operator = mustSpeak(work);
  const { rows } = await work.tx.execute<Row>(
    sql`select * from cc_call where operator = ${operator} and dropped is null for update`,
  );
  return rows[0] ? toCall(work, rows[0]) : null;
}

/** Keeps what was typed so far. */
export async function keepCall(work: Work, call: Call, draft: CallDraft): Promise<Call> {
  mustSpeak(work);
  await work.tx.execute(sql`update cc_call set draft = ${seal(work, call.id, draft)},
    updated_at = ${work.clock.now().toISOString()}::timestamptz where id = ${call.id}`);
  return { ...call, draft };
}

/**
 * Registers what the caller tells of. The intake key is the one born with the form: a form sent twice is one request.
 *
 * @throws Invalid with every fault; Conflict `intake-key` when the form was sent before with other words.
 */
export async function registerForCaller(work: Work, call: Call, intakeKey: string): Promise<Registered> {
  const { draft } = call;
  if (!draft.text?.trim())
    throw new Invalid([{ field: 'text', message: text(draft.language ?? 'uk').faults.told }]);
  if (draft.appeal) {
    const registered = await registerAppeal(work, {
      source: 'phone',
      intakeKey,
      kind: draft.appeal,
      essence: draft.text,
      reporter: callerOf(draft),
    });
    await linkTo(work, call, registered.number, 'registered');
    return registered;
  }
  const registered = await registerRequest(work, {
    source: 'phone',
    intakeKey,
    category: draft.category ?? '',
    text: draft.text,
    answers: Object.entries(draft.answers ?? {}).map(([code, values]) => ({ code, values })),
    place: {
      building: draft.building ?? null,
      address: draft.building ? null : (draft.address ?? null),
      flat: draft.flat ?? null,
      asset: await assetTold(work, draft),
    },
    reporter: callerOf(draft),
    private: draft.private ?? false,
  });
  await linkTo(work, call, registered.number, 'registered');
  return registered;
}

/** Id of the thing whose number the caller reads out; null without a number. @throws Invalid for a number that is nowhere near. */
async function assetTold(work: Work, draft: CallDraft): Promise<string | null> {
  if (!draft.asset) return null;
  const city = await readCity(work.tx);
  const house = draft.building ? await houseOf(work.tx, draft.building, work.clock.now()) : null;
  const { branches } = city.leaves.get(draft.category ?? '') ?? { branches: [] };
  const found = await assetByNumber(work.tx, branches, draft.asset, house, city.settings.centre);
  if (!found) throw new Invalid([{ field: 'asset', message: text(draft.language ?? 'uk').faults.asset }]);
  return found.id;
}

/** Adds the caller to a request that is there already; twice is once. */
export async function joinForCaller(work: Work, call: Call, number: string): Promise<void> {
  mustBeAble(work.actor, permission('register_for_other'));
  if (call.requests.some((one) => one.number === number)) return;
  await joinRequest(work, number, callerOf(call.draft));
  await linkTo(work, call, number, 'joined');
}

/**
 * Reopens what was closed and is not fixed, by the word of one who had reported it.
 *
 * @throws Conflict `not-reporter` when the caller's number is not on the request: it is registered anew instead.
 */
export async function reopenForCaller(
  work: Work,
  call: Call,
  number: string,
  comment: string,
): Promise<Moved | null> {
  mustBeAble(work.actor, permission('register_for_other'));
  if (call.requests.some((one) => one.number === number)) return null;
  const { phone } = call.draft;
  const known = phone ? await callerHistory(work, phone, 200) : null;
  const reporter = known?.requests.rows.find((one) => one.number === number)?.reporter;
  if (!reporter) throw new Conflict('not-reporter', 'only who reported it may reopen it');
  // The move is the reporter's. The operator's word for it is a link that lives no longer than this work.
  const token = randomBytes(16).toString('base64url');
  const now = work.clock.now().toISOString();
  await work.tx.execute(sql`insert into cc_link (token_hash, request, reporter, kind, made_at)
    values (${sha256(token)}, ${number}, ${reporter}, 'follow', ${now}::timestamptz)`);
  const moved = await act(work, number, 'reopen', { comment, method: 'call', reporterToken: token });
  await work.tx.execute(
    sql`update cc_link set revoked_at = ${now}::timestamptz where token_hash = ${sha256(token)}`,
  );
  await linkTo(work, call, number, 'reopened');
  return moved;
}

/**
 * Ends the conversation and keeps what became of it. Requests that it led to decide over `consultation`. A dropped one
 * whose number is known stays with all that was typed until somebody has called back.
 *
 * @throws Conflict `no-request` for an outcome that needs one.
 */
export async function finishContact(work: Work, call: Call, wanted: Outcome): Promise<string> {
  const operator = mustSpeak(work);
  const { draft } = call;
  const linked = call.requests.some(({ how }) => how !== 'joined')
    ? 'request'
    : call.requests.length > 0
      ? 'joined'
      : null;
  if (!linked && (wanted === 'request' || wanted === 'joined'))
    throw new Conflict('no-request', 'nothing was registered or joined');
  const outcome = wanted === 'dropped' ? wanted : (linked ?? wanted);
  const id = (await keepContact(work, {
    channel: 'phone',
    operator,
    phone: draft.phone ?? null,
    building: draft.building ?? null,
    category: draft.category ?? null,
    outcome,
    requests: call.requests.map(({ number }) => number),
    note: (linked ? null : draft.text) ?? null,
    startedAt: call.startedAt,
    endedAt: work.clock.now(),
  }))!;
  if (outcome === 'dropped' && draft.phone && !linked)
    await work.tx.execute(sql`update cc_call set dropped = ${id} where id = ${call.id}`);
  else await work.tx.execute(sql`delete from cc_call where id = ${call.id}`);
  await tell(work, id, outcome, draft);
  return id;
}

/** A question answered at once, in one act: nobody has to begin and end anything. */
export async function logConsultation(
  work: Work,
  about: { readonly phone?: string; readonly category?: string; readonly note?: string },
): Promise<string> {
  const operator = mustSpeak(work);
  const id = (await keepContact(work, {
    channel: 'phone',
    operator,
    phone: about.phone ?? null,
    category: about.category ?? null,
    note: about.note ?? null,
    outcome: 'consultation',
    endedAt: work.clock.now(),
  }))!;
  await tell(work, id, 'consultation', about);
  return id;
}

/**
 * Somebody came by a page with what is not the city's: nothing is registered, and the conversation is kept like a call, so
 * it is known how often people are sent on and with what.
 *
 * @param conversation id of it at its channel: coming back to the same page is the same conversation.
 */
export async function keepSentOn(
  work: Work,
  about: { readonly conversation: string; readonly category: string; readonly building?: string | undefined },
): Promise<void> {
  const id = await keepContact(work, {
    channel: 'web',
    callId: `web:${about.conversation}:${about.category}`,
    building: about.building ?? null,
    category: about.category,
    outcome: 'out_of_competence',
    endedAt: work.clock.now(),
  });
  if (id) await tell(work, id, 'out_of_competence', { category: about.category });
}

/** A person who was cut off and is to be called back. Number and words are shown to who takes the task. */
export interface CallBackTask {
  readonly id: string;
  readonly droppedAt: Date;
  readonly address: string | null;
  readonly category: string | null;
}

/** At most so many tasks are shown, the oldest first. */
export const mostTasks = 20;

export async function callBackTasks(work: Work): Promise<CallBackTask[]> {
  mustSpeak(work);
  const { rows } = await work.tx.execute<{ id: string; at: string; address: string; category: string }>(sql`
    select w.id, c.ended_at as at, b.address, c.category from cc_call w join cc_contact c on c.id = w.dropped
      left join cc_building b on b.id = c.building
    order by w.started_at, w.id limit ${mostTasks}`);
  return rows.map((row) => ({
    id: row.id,
    droppedAt: new Date(row.at),
    address: row.address,
    category: row.category,
  }));
}

/**
 * Takes a task: the conversation goes on with all that was typed, and nobody else sees the task.
 *
 * @throws NotFound when another has taken it; Conflict `busy` while the operator speaks with somebody.
 */
export async function takeCallBack(work: Work, id: string): Promise<Call> {
  const operator = mustSpeak(work);
  if (await callOf(work)) throw new Conflict('busy', 'finish the conversation first');
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new NotFound('task');
  const now = work.clock.now().toISOString();
  const { rows } = await work.tx.execute<Row>(sql`update cc_call set operator = ${operator}, dropped = null,
      started_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
    where id = ${id} and dropped is not null returning *`);
  if (!rows[0]) throw new NotFound('task');
  await audit(work, {
    action: permission('log_contact'),
    resource: `call:${id}`,
    detail: { callBack: true },
  });
  return toCall(work, rows[0]);
}

/** Typed words of conversations are kept like drafts. */
export async function forgetCalls(db: Reader, now: Date): Promise<void> {
  const { draftDays } = defaultsOf((await readCity(db)).settings);
  const before = new Date(now.getTime() - draftDays * 86_400_000).toISOString();
  await db.execute(sql`delete from cc_call where updated_at < ${before}::timestamptz`);
}

interface Row extends Record<string, unknown> {
  id: string;
  intake_key: string;
  draft: string;
  requests: Call['requests'];
  started_at: string;
}

function toCall(work: Work, row: Row): Call {
  const plain = work.secrets.decrypt(row.draft, placeOf(row.id));
  return {
    id: row.id,
    intakeKey: row.intake_key,
    // The key may have been taken out of the ring: then the words are gone, and the conversation goes on.
    draft: plain === null ? {} : (JSON.parse(plain) as CallDraft),
    requests: row.requests,
    startedAt: new Date(row.started_at),
  };
}

const placeOf = (id: string) => ({ table: 'cc_call', column: 'draft', row: id });
const seal = (work: Work, id: string, draft: CallDraft) =>
  work.secrets.encrypt(JSON.stringify(draft), placeOf(id));

function mustSpeak(work: Work): string {
  mustBeAble(work.actor, permission('log_contact'));
  return work.actor.id ?? work.actor.name;
}

function callerOf(draft: CallDraft): NewReporter {
  return {
    name: draft.name ?? null,
    phone: draft.phone ?? null,
    residence: draft.residence ?? null,
    channel: 'phone',
    language: draft.language ?? 'uk',
    notify: Boolean(draft.phone),
  };
}

/** What is told next needs a key of its own; who calls and from where stays. */
async function linkTo(work: Work, call: Call, number: string, how: How): Promise<void> {
  const { text: _, category, answers, q, private: hidden, appeal, ...rest } = call.draft;
  await work.tx.execute(sql`update cc_call set
      requests = case when requests @> ${JSON.stringify([{ number }])}::jsonb then requests
        else requests || ${JSON.stringify([{ number, how }])}::jsonb end,
      intake_key = gen_random_uuid(), draft = ${seal(work, call.id, rest)},
      updated_at = ${work.clock.now().toISOString()}::timestamptz
    where id = ${call.id}`);
}

async function tell(
  work: Work,
  id: string,
  outcome: Outcome,
  about: { readonly building?: string; readonly category?: string },
): Promise<void> {
  await audit(work, { action: permission('log_contact'), resource: `contact:${id}`, detail: { outcome } });
  await emit(work, 'contact-centre.contact.finished', {
    id,
    outcome,
    building: about.building ?? null,
    category: about.category ?? null,
  });
}
