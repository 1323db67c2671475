import { type SQL, sql } from 'drizzle-orm';
import { scopesOf } from '#platform/access/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Forbidden } from '#platform/errors.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { Actor, Work } from '#platform/work.ts';
import { lettersReach, mayBeAsked } from './asks.ts';
import { drawnWhere } from './checks.ts';
import { readCity } from './city.ts';
import type { ClockKind, Regime, RequestClass } from './city-data.ts';
import { defaultsOf } from './defaults.ts';
import { permission } from './permissions.ts';
import { purposes, recordSeen } from './personal.ts';
import { inBranch, scopeWhere } from './scope.ts';
import { blindPhone, openContact, openReporter } from './sealing.ts';
import type { Closing, State } from './states.ts';

/** What every desk list tells of a request. */
export interface DeskRow {
  readonly number: string;
  readonly state: State;
  readonly closing: Closing | null;
  readonly version: number;
  readonly class: RequestClass;
  readonly regime: Regime;
  readonly category: string;
  readonly categoryName: Text | null;
  readonly branch: string;
  /** Masked: for those who may read it there at once, for others once a moderator has let it out; null until then. */
  readonly text: string | null;
  readonly address: string | null;
  readonly building: string | null;
  readonly district: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly organisation: string | null;
  readonly organisationName: Text | null;
  readonly unit: string | null;
  readonly crew: string | null;
  readonly source: string;
  readonly private: boolean;
  readonly reporters: number;
  readonly reworks: number;
  readonly returns: number;
  readonly master: string | null;
  readonly due: Date | null;
  readonly planned: Date | null;
  readonly windowUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly closedAt: Date | null;
}

/** Part of a list; `next` is what asks for the part after it, where a list is paged and there is more. */
export interface Listed<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
  readonly next: string | null;
}

export interface Page {
  /** `next` of the page before. */
  readonly after?: string | null;
  /** 50 unless told, 200 at most. */
  readonly limit?: number;
}

export interface QueueFilter {
  readonly now: Date;
  readonly organisation?: string;
  readonly unit?: string;
  readonly crew?: string;
  /** Those in which somebody has to act, unless told. */
  readonly states?: readonly State[];
  readonly classes?: readonly RequestClass[];
  readonly branch?: string;
  readonly district?: string;
  readonly building?: string;
  /** Only those whose nearest clock has run out. */
  readonly overdue?: boolean;
  /** Only those of which a clock has used up three quarters of its term. */
  readonly warned?: boolean;
  readonly regime?: Regime;
  /** Only those whose nearest clock runs out within so many hours, or has. */
  readonly dueWithinHours?: number;
  readonly minReworks?: number;
  readonly minReturns?: number;
  /** Only those planned for a date that is past. */
  readonly planOverdue?: boolean;
  /** Only plans later than the term, which hold no clock until a supervisor approves them. */
  readonly planToApprove?: boolean;
}

export interface QueueRow extends DeskRow {
  /** Milliseconds to the nearest due date, negative past it; null when no clock runs. */
  readonly timeLeft: number | null;
  /** A clock has used up three quarters of its term. */
  readonly warned: boolean;
}

/** The dispatcher's and the crew's work, least time left first; what has no clock comes last. */
export async function queue(
  reader: Reader,
  actor: Actor,
  filter: QueueFilter,
  page: Page = {},
): Promise<Listed<QueueRow>> {
  const limit = limitOf(page);
  const cursor = readCursor(page.after);
  const parts = [inQueue(actor), narrowed(filter)];
  if (cursor?.[0])
    parts.push(
      sql`(r.next_due is null or (r.next_due, r.number) > (${cursor[0]}::timestamptz, ${cursor[1]}::text))`,
    );
  else if (cursor) parts.push(sql`r.next_due is null and r.number > ${cursor[1]}`);
  const { rows } =
    await reader.execute<Raw>(sql`select ${columns(actor)}, r.next_due::text as key, ${warnedAt(filter.now)} as warned
    from cc_request r ${joins} where ${sql.join(parts, sql` and `)}
    order by r.next_due, r.number limit ${limit + 1}`);
  return listed(rows, limit, (row) => ({
    ...toDesk(row),
    timeLeft: left(row.next_due, filter.now),
    warned: row.warned === true,
  }));
}

/** How many requests each of the queues holds, in one look: what figures show of them. */
export async function queueSizes<Name extends string>(
  reader: Reader,
  actor: Actor,
  now: Date,
  filters: Readonly<Record<Name, Omit<QueueFilter, 'now'>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(filters) as Name[];
  const counts = names.map(
    (name, i) =>
      sql`count(*) filter (where ${narrowed({ now, ...filters[name] })})::int as ${sql.identifier(`n${i}`)}`,
  );
  const { rows } = await reader.execute<Record<string, number>>(
    sql`select ${sql.join(counts, sql`, `)} from cc_request r where ${inQueue(actor)}`,
  );
  return Object.fromEntries(names.map((name, i) => [name, Number(rows[0]![`n${i}`])])) as Record<
    Name,
    number
  >;
}

/** How many requests of the queue have changed, or come into it, since then: whether a page that stays open is behind. */
export async function changedSince(
  reader: Reader,
  actor: Actor,
  filter: QueueFilter,
  since: Date,
): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(sql`select count(*)::int as n from cc_request r
    where r.updated_at > ${since.toISOString()}::timestamptz and ${inQueue(actor)} and ${narrowed(filter)}`);
  return Number(rows[0]!.n);
}

function inQueue(actor: Actor): SQL {
  return sql`not r.sandbox and r.state not in ('closed', 'merged', 'in_event')
    and ${scopeWhere(actor, permission('read_desk'))}`;
}

function narrowed(filter: QueueFilter): SQL {
  const now = filter.now.getTime();
  const parts: SQL[] = [sql`true`];
  if (filter.organisation) parts.push(sql`r.organisation = ${filter.organisation}`);
  if (filter.unit) parts.push(sql`r.unit = ${filter.unit}`);
  if (filter.crew) parts.push(sql`r.crew = ${filter.crew}`);
  if (filter.states) parts.push(sql`r.state = any(${textArray(filter.states)})`);
  if (filter.classes) parts.push(sql`r.class = any(${textArray(filter.classes)})`);
  if (filter.branch) parts.push(inBranch(filter.branch));
  if (filter.district) parts.push(sql`r.district = ${filter.district}`);
  if (filter.building) parts.push(sql`r.building = ${filter.building}`);
  if (filter.overdue) parts.push(sql`r.next_due < ${iso(now)}::timestamptz`);
  if (filter.warned) parts.push(warnedAt(filter.now));
  if (filter.regime) parts.push(sql`r.regime = ${filter.regime}`);
  if (filter.dueWithinHours !== undefined)
    parts.push(sql`r.next_due <= ${iso(now + filter.dueWithinHours * hour)}::timestamptz`);
  if (filter.minReworks) parts.push(sql`r.rework_count >= ${filter.minReworks}`);
  if (filter.minReturns) parts.push(sql`r.return_count >= ${filter.minReturns}`);
  if (filter.planOverdue) parts.push(sql`r.state = 'planned' and r.planned_for < ${iso(now)}::timestamptz`);
  if (filter.planToApprove)
    parts.push(sql`r.state = 'planned' and r.planned_for > ${iso(now)}::timestamptz and r.planned_for > r.fix_due
      and exists (select 1 from cc_clock k where k.request = r.number and k.kind in ('fix', 'answer')
        and k.stopped_at is null and k.paused_at is null)`);
  return sql.join(parts, sql` and `);
}

const warnedAt = (now: Date): SQL => sql`exists (select 1 from cc_clock k where k.request = r.number
  and k.stopped_at is null and k.paused_at is null and k.warn_at <= ${now.toISOString()}::timestamptz)`;

/** One request as desks see it; null when there is none, or none that the actor may know of. */
export async function deskRequest(reader: Reader, actor: Actor, number: string): Promise<DeskRow | null> {
  const { rows } = await reader.execute<Raw>(sql`select ${columns(actor)} from cc_request r ${joins}
    where r.number = ${number} and not r.sandbox and ${scopeWhere(actor, permission('read_desk'))}`);
  return rows[0] ? toDesk(rows[0]) : null;
}

export interface TriageRow extends DeskRow {
  /** The step that brought it here, and its words. */
  readonly lastMove: string | null;
  readonly lastData: Readonly<Record<string, unknown>> | null;
  readonly waiting: number;
}

/** What nobody is answerable for yet, oldest first. */
export async function triageList(
  reader: Reader,
  actor: Actor,
  now: Date,
  page: Page = {},
): Promise<Listed<TriageRow>> {
  const limit = limitOf(page);
  const { rows } = await reader.execute<Raw>(sql`select ${columns(actor)}, r.created_at::text as key,
      h.move as last_move, h.data as last_data
    from cc_request r ${joins}
      left join lateral (select move, data from cc_history where request = r.number and to_state = r.state
        and from_state is distinct from to_state order by seq desc limit 1) h on true
    where not r.sandbox and r.state in ('registered', 'triage') and ${scopeWhere(actor, permission('assign'))}
      and ${afterCreated(page)}
    order by r.created_at, r.number limit ${limit + 1}`);
  return listed(rows, limit, (row) => ({
    ...toDesk(row),
    lastMove: word(row.last_move),
    lastData: (row.last_data ?? null) as TriageRow['lastData'],
    waiting: now.getTime() - new Date(String(row.created_at)).getTime(),
  }));
}

export interface ModerationRow extends DeskRow {
  readonly publication: string;
  /** Photos at which nobody has looked. */
  readonly photosWaiting: number;
}

/** Requests whose words, or photos, no moderator has seen; as `r`. */
const moderated = sql`(
  select number as waiting from cc_request where publication = 'awaiting' and not sandbox and not private
  union
  select d.number from cc_request d join cc_photo p on p.request = d.number
    where d.publication = 'published' and not d.sandbox and not d.private and p.moderated_at is null and not p.public
) w join cc_request r on r.number = w.waiting`;

/** How many wait for a moderator where the actor may see requests at all. */
export async function moderationSize(reader: Reader, actor: Actor): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(
    sql`select count(*)::int as n from ${moderated} where ${scopeWhere(actor, permission('read_desk'))}`,
  );
  return Number(rows[0]!.n);
}

/** Words and photos that wait for a moderator, oldest first. */
export async function moderationList(
  reader: Reader,
  actor: Actor,
  page: Page = {},
): Promise<Listed<ModerationRow>> {
  const limit = limitOf(page);
  const { rows } = await reader.execute<Raw>(sql`
    select ${columns(actor)}, r.created_at::text as key, r.publication,
      (select count(*)::int from cc_photo p where p.request = r.number and p.moderated_at is null and not p.public) as photos
    from ${moderated} ${joins}
    where ${scopeWhere(actor, permission('publish'))} and ${afterCreated(page)}
    order by r.created_at, r.number limit ${limit + 1}`);
  return listed(rows, limit, (row) => ({
    ...toDesk(row),
    publication: String(row.publication),
    photosWaiting: Number(row.photos),
  }));
}

/** When a call is made: tries in the same part of the day tell nothing new. */
export const dayParts = ['morning', 'day', 'evening'] as const;
export type DayPart = (typeof dayParts)[number];

/** The part of the city's day, parted at noon and at five. */
export function dayPartOf(instant: Date): DayPart {
  const local = Number(hourInKyiv.format(instant));
  return local < 12 ? 'morning' : local < 17 ? 'day' : 'evening';
}
const hourInKyiv = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  hourCycle: 'h23',
  timeZone: 'Europe/Kyiv',
});

export interface CallBackRow extends DeskRow {
  readonly reporter: string;
  readonly name: string | null;
  /** null: locked, its key is not in the ring. */
  readonly phone: string | null;
  readonly language: string;
  /** The claim about which to ask. */
  readonly attempt: number;
  readonly answer: string;
  readonly evidenceFaults: readonly string[];
  readonly claimedAt: Date;
  readonly missedCalls: number;
  readonly triedParts: readonly DayPart[];
}

/** Calls after which nobody is called again. */
const enoughCalls = 3;

/**
 * People to be asked by telephone whether it is done: those of a claimed request, and of what is merged into it, who
 * have not judged the last claim; those whom no letter reaches lead. Whoever was missed in this part of the day comes last. A controller never gets the
 * claims of the organisation in whose post he or she stands. Each look at the list leaves a trace for those on it.
 */
export async function callBacks(
  work: Work,
  filter: CallFilter = {},
  limit = 50,
): Promise<Listed<CallBackRow>> {
  const { actor } = work;
  const max = limitOf({ limit });
  const parts: SQL[] = [
    sql`r.state = 'claimed' and not r.sandbox`,
    scopeWhere(actor, permission('call_back')),
    sql`p.withdrawn_at is null and p.phone_blind is not null and p.missed_calls < ${enoughCalls}
      and p.verdict_attempt is distinct from a.no and a.askable`,
  ];
  parts.push(callFilter(actor, filter));
  const { rows } = await work.tx.execute<Raw>(sql`
    select ${columns(actor)}, p.id as reporter, p.person, p.key, p.sealed, p.language, p.missed_calls,
      a.no as attempt, a.answer, a.evidence_faults, a.claimed_at as attempt_at,
      array(select distinct v.day_part from cc_verification v where v.reporter = p.id and v.attempt = a.no
        and v.verdict = 'missed' and v.day_part is not null order by 1) as tried
    from cc_request r ${joins}
      join lateral (select no, answer, evidence_faults, ${mayBeAsked} as askable, claimed_at from cc_attempt
        where request = r.number order by no desc limit 1) a on true
      join lateral (
        select * from cc_reporter where request = r.number
        union all
        select m.* from cc_reporter m join cc_request d on d.number = m.request where d.master = r.number
      ) p on true
    where ${sql.join(parts, sql` and `)}
    order by exists (select 1 from cc_verification v where v.reporter = p.id and v.attempt = a.no
        and v.verdict = 'missed' and v.day_part = ${dayPartOf(work.clock.now())}),
      ${lettersReach}, r.window_until, r.number, p.joined_at, p.id
    limit ${max + 1}`);
  await recordSeen(work, 'requests:call-back', purposes.callBack, rows.slice(0, max).map(seenIn), [
    'name',
    'phone',
  ]);
  return listed(rows, max, (row) => toCallBack(work, row));
}

/**
 * People to be called as a check: of claims confirmed by link, those that the hash of number and attempt draws, within the days
 * after closing that the city says, until one was reached. Never of the controller's own organisation. Each look leaves a trace.
 */
export async function checkCalls(work: Work, limit = 50): Promise<Listed<CallBackRow>> {
  const max = limitOf({ limit });
  const { checkDays, checkPercent } = defaultsOf((await readCity(work.tx)).settings);
  const since = new Date(work.clock.now().getTime() - checkDays * 24 * hour).toISOString();
  const { actor } = work;
  const { rows } = await work.tx.execute<Raw>(sql`
    select ${columns(actor)}, p.id as reporter, p.person, p.key, p.sealed, p.language, p.missed_calls,
      a.no as attempt, a.answer, a.evidence_faults, a.claimed_at as attempt_at, tries.parts as tried
    from cc_request r ${joins}
      join lateral (select no, answer, evidence_faults, claimed_at from cc_attempt
        where request = r.number order by no desc limit 1) a on true
      join cc_verification v on v.request = r.number and v.attempt = a.no and v.method = 'link' and v.verdict = 'yes'
      join cc_reporter p on p.id = v.reporter
      join lateral (select coalesce(array_agg(distinct m.day_part order by m.day_part), '{}') as parts from cc_verification m
        where m.reporter = p.id and m.attempt = a.no and m.is_check and m.verdict = 'missed') tries on true
    where r.state = 'closed' and r.closing = 'confirmed' and r.closed_at >= ${since}::timestamptz and not r.sandbox
      and p.withdrawn_at is null and p.phone_blind is not null and ${scopeWhere(actor, permission('call_back'))}
      and (${actor.organisation}::text is null or r.organisation is distinct from ${actor.organisation})
      and ${drawnWhere(sql`r.number`, sql`a.no`, checkPercent)} and cardinality(tries.parts) < ${enoughCalls}
      and not exists (select 1 from cc_verification c where c.request = r.number and c.attempt = a.no and c.is_check
        and c.verdict <> 'missed')
    order by ${dayPartOf(work.clock.now())} = any(tries.parts), r.closed_at, r.number, p.joined_at, p.id
    limit ${max + 1}`);
  await recordSeen(work, 'requests:check-call', purposes.callBack, rows.slice(0, max).map(seenIn), [
    'name',
    'phone',
  ]);
  return listed(rows, max, (row) => toCallBack(work, row));
}

/** A claim whose evidence is missing or was taken elsewhere: nobody is asked before a controller has looked. */
export interface DoubtRow extends DeskRow {
  readonly attempt: number;
  readonly answer: string;
  readonly evidenceFaults: readonly string[];
  readonly claimedAt: Date;
}

/** Claims with evidence in doubt that wait for a controller, oldest first; never of the controller's own organisation. */
export async function doubtfulClaims(
  reader: Reader,
  actor: Actor,
  filter: CallFilter = {},
  limit = 50,
): Promise<Listed<DoubtRow>> {
  const max = limitOf({ limit });
  const { rows } = await reader.execute<Raw>(sql`
    select ${columns(actor)}, a.no as attempt, a.answer, a.evidence_faults, a.claimed_at as attempt_at
    from cc_request r ${joins}
      join lateral (select no, answer, evidence_faults, passed_at, claimed_at from cc_attempt
        where request = r.number order by no desc limit 1) a on true
    where r.state = 'claimed' and not r.sandbox and a.evidence_faults <> '[]' and a.passed_at is null
      and ${scopeWhere(actor, permission('reject'))} and ${callFilter(actor, filter)}
    order by a.claimed_at, r.number limit ${max + 1}`);
  return listed(rows, max, (row) => ({
    ...toDesk(row),
    attempt: Number(row.attempt),
    answer: String(row.answer),
    evidenceFaults: row.evidence_faults as string[],
    claimedAt: instant(row.attempt_at)!,
  }));
}

/** By house, executor or branch of categories. */
export interface CallFilter {
  readonly building?: string;
  readonly organisation?: string;
  readonly branch?: string;
}

function callFilter(actor: Actor, filter: CallFilter): SQL {
  const parts: SQL[] = [sql`true`];
  if (actor.organisation) parts.push(sql`r.organisation is distinct from ${actor.organisation}`);
  if (filter.building) parts.push(sql`r.building = ${filter.building}`);
  if (filter.organisation) parts.push(sql`r.organisation = ${filter.organisation}`);
  if (filter.branch) parts.push(inBranch(filter.branch));
  return sql.join(parts, sql` and `);
}

const toCallBack = (work: Work, row: Raw): CallBackRow => ({
  ...toDesk(row),
  reporter: String(row.reporter),
  ...callable(work, row),
  language: String(row.language),
  attempt: Number(row.attempt),
  answer: String(row.answer),
  evidenceFaults: row.evidence_faults as string[],
  claimedAt: instant(row.attempt_at)!,
  missedCalls: Number(row.missed_calls),
  triedParts: row.tried as DayPart[],
});

/** What was closed within a period: after `from`, up to and with `to`. */
export interface ClosedFilter {
  readonly from: Date;
  readonly to: Date;
  readonly closings: readonly Closing[];
  readonly organisation?: string;
}

/** Closed within a period, the last first. */
export async function closedList(
  reader: Reader,
  actor: Actor,
  filter: ClosedFilter,
  page: Page = {},
): Promise<Listed<DeskRow>> {
  const limit = limitOf(page);
  const cursor = readCursor(page.after);
  const { rows } = await reader.execute<Raw>(sql`select ${columns(actor)}, r.closed_at::text as key
    from cc_request r ${joins}
    where ${closedWhere(actor, filter)}
      and ${cursor?.[0] ? sql`(r.closed_at, r.number) < (${cursor[0]}::timestamptz, ${cursor[1]}::text)` : sql`true`}
    order by r.closed_at desc, r.number desc limit ${limit + 1}`);
  return listed(rows, limit, toDesk);
}

/** How many such there are. */
export async function closedSize(reader: Reader, actor: Actor, filter: ClosedFilter): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(
    sql`select count(*)::int as n from cc_request r where ${closedWhere(actor, filter)}`,
  );
  return Number(rows[0]!.n);
}

function closedWhere(actor: Actor, filter: ClosedFilter): SQL {
  return sql`not r.sandbox and r.closed_at > ${filter.from.toISOString()}::timestamptz
    and r.closed_at <= ${filter.to.toISOString()}::timestamptz and r.closing = any(${textArray(filter.closings)})
    and ${filter.organisation ? sql`r.organisation = ${filter.organisation}` : sql`true`}
    and ${scopeWhere(actor, permission('read_desk'))}`;
}

/** What was reported of a house since then, newest first: masked words, for whoever speaks with its people. */
export async function houseHistory(
  reader: Reader,
  building: string,
  since: Date,
  limit = 100,
): Promise<Listed<DeskRow>> {
  const max = limitOf({ limit });
  const { rows } = await reader.execute<Raw>(sql`select ${columns(null)}
    from cc_request r ${joins}
    where r.building = ${building} and r.created_at >= ${since.toISOString()}::timestamptz and not r.sandbox
    order by r.created_at desc, r.number desc limit ${max + 1}`);
  return listed(rows, max, toDesk);
}

export interface CallerRequest extends DeskRow {
  /** Several people may share a number. */
  readonly name: string | null;
  readonly reporter: string;
}

export interface CallerContact {
  readonly id: string;
  readonly channel: string;
  readonly outcome: string;
  readonly operator: string | null;
  readonly category: string | null;
  readonly building: string | null;
  readonly requests: readonly string[];
  readonly note: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/**
 * What is known of a telephone number, in any way of writing it: its requests, open ones first, and past conversations,
 * newest first. Whoever speaks with the caller sees it; the look leaves a trace.
 *
 * @throws Forbidden without `read_contacts`.
 */
export async function callerHistory(
  work: Work,
  phone: string,
  limit = 20,
): Promise<{ requests: Listed<CallerRequest>; contacts: Listed<CallerContact> }> {
  const scopes = scopesOf(work.actor, permission('read_contacts'));
  if (work.actor.kind !== 'system' && !scopes.length) throw new Forbidden(permission('read_contacts'));
  const max = limitOf({ limit });
  const blind = blindPhone(work.secrets, phone);
  const requests =
    await work.tx.execute<Raw>(sql`select ${columns(null)}, p.key, p.sealed, p.person, p.id as reporter
    from cc_reporter p join cc_request r on r.number = p.request ${joins}
    where p.phone_blind = ${blind} and p.withdrawn_at is null and not r.sandbox
      and ${scopeWhere(work.actor, permission('read_contacts'))}
    order by r.state in ('closed', 'merged'), r.created_at desc, r.number desc limit ${max + 1}`);
  const contacts =
    await work.tx.execute<Raw>(sql`select id, channel, outcome, operator, category, building, requests,
      key, sealed, started_at, ended_at
    from cc_contact where phone_blind = ${blind} order by started_at desc, id desc limit ${max + 1}`);
  await recordSeen(work, 'requests:caller', purposes.call, requests.rows.slice(0, max).map(seenIn), [
    'name',
    'phone',
  ]);
  return {
    requests: listed(requests.rows, max, (row) => ({
      ...toDesk(row),
      name: callable(work, row).name,
      reporter: String(row.reporter),
    })),
    contacts: listed(contacts.rows, max, (row) => ({
      id: String(row.id),
      channel: String(row.channel),
      outcome: String(row.outcome),
      operator: word(row.operator),
      category: word(row.category),
      building: word(row.building),
      requests: row.requests as string[],
      note: openContact(work.secrets, row)?.note ?? null,
      startedAt: instant(row.started_at)!,
      endedAt: instant(row.ended_at),
    })),
  };
}

export interface BreachRow extends DeskRow {
  readonly clock: ClockKind;
  readonly clockDue: Date;
  readonly timeLeft: number;
}

/** Clocks about to run out, soonest first; those run out but not yet told of lead. */
export async function breaches(
  reader: Reader,
  actor: Actor,
  now: Date,
  withinHours: number,
  page: Page = {},
): Promise<Listed<BreachRow>> {
  const limit = limitOf(page);
  const cursor = readCursor(page.after);
  const after = cursor?.[0]
    ? sql`(k.due, k.request, k.kind) > (${cursor[0]}::timestamptz, ${cursor[1]}::text, ${cursor[2]}::text)`
    : sql`true`;
  const { rows } = await reader.execute<Raw>(sql`select ${columns(actor)}, k.kind, k.due as clock_due,
      k.due::text as key, k.kind as twin
    from cc_clock k join cc_request r on r.number = k.request ${joins}
    where ${breachWhere(actor, now, withinHours)} and ${after}
    order by k.due, k.request, k.kind limit ${limit + 1}`);
  return listed(rows, limit, (row) => ({
    ...toDesk(row),
    clock: row.kind as ClockKind,
    clockDue: instant(row.clock_due)!,
    timeLeft: left(row.clock_due, now)!,
  }));
}

/** How many the list of breaches holds. */
export async function breachSize(
  reader: Reader,
  actor: Actor,
  now: Date,
  withinHours: number,
): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(sql`select count(*)::int as n
    from cc_clock k join cc_request r on r.number = k.request where ${breachWhere(actor, now, withinHours)}`);
  return Number(rows[0]!.n);
}

/** Over `cc_clock k` and `cc_request r`. */
function breachWhere(actor: Actor, now: Date, withinHours: number): SQL {
  return sql`k.stopped_at is null and k.paused_at is null and k.breached_at is null
    and k.due <= ${iso(now.getTime() + withinHours * hour)}::timestamptz
    and not r.sandbox and r.state not in ('closed', 'merged', 'in_event')
    and ${scopeWhere(actor, permission('read_desk'))}`;
}

const hour = 3_600_000;
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

type Raw = Record<string, unknown>;

function callable(work: Work, row: Raw): { name: string | null; phone: string | null } {
  const { name, phone } = openReporter(work.secrets, { ...row, id: row.reporter }) ?? {};
  return { name: name ?? null, phone: phone ?? null };
}
const seenIn = (row: Raw) => ({ id: String(row.reporter), person: word(row.person) });

const joins = sql`left join cc_category c on c.code = r.category and c.version = r.category_version
  left join cc_organisation o on o.id = r.organisation`;

/** With nobody to ask about, words and addresses are the masked ones. */
function columns(actor: Actor | null): SQL {
  const open = actor ? scopeWhere(actor, permission('read_private')) : sql`false`;
  return sql`r.number, r.state, r.closing, r.version, r.class, r.regime, r.category, r.branch, c.body->'name' as category_name,
    case when ${open} then r.text else r.public_text end as text,
    case when ${open} then r.address else r.public_address end as address,
    case when ${open} then r.lat else r.public_lat end as lat,
    case when ${open} then r.lon else r.public_lon end as lon,
    r.building, r.district, r.organisation, o.name as organisation_name, r.unit, r.crew, r.source, r.private,
    r.reporters, r.rework_count, r.return_count, r.master, r.next_due, r.planned_for, r.window_until, r.created_at,
    r.updated_at, r.closed_at`;
}

function toDesk(row: Raw): DeskRow {
  return {
    number: String(row.number),
    state: row.state as State,
    closing: row.closing as Closing | null,
    version: Number(row.version),
    class: row.class as RequestClass,
    regime: row.regime as Regime,
    category: String(row.category),
    categoryName: (row.category_name ?? null) as Text | null,
    branch: String(row.branch),
    text: word(row.text),
    address: word(row.address),
    building: word(row.building),
    district: word(row.district),
    lat: row.lat === null ? null : Number(row.lat),
    lon: row.lon === null ? null : Number(row.lon),
    organisation: word(row.organisation),
    organisationName: (row.organisation_name ?? null) as Text | null,
    unit: word(row.unit),
    crew: word(row.crew),
    source: String(row.source),
    private: row.private === true,
    reporters: Number(row.reporters),
    reworks: Number(row.rework_count),
    returns: Number(row.return_count),
    master: word(row.master),
    due: instant(row.next_due),
    planned: instant(row.planned_for),
    windowUntil: instant(row.window_until),
    createdAt: instant(row.created_at)!,
    updatedAt: instant(row.updated_at)!,
    closedAt: instant(row.closed_at),
  };
}

function listed<Row>(rows: readonly Raw[], limit: number, shape: (row: Raw) => Row): Listed<Row> {
  const more = rows.length > limit;
  const kept = more ? rows.slice(0, limit) : rows;
  const last = kept.at(-1);
  return {
    rows: kept.map(shape),
    more,
    next:
      more && last && 'key' in last
        ? writeCursor(word(last.key), String(last.number), word(last.twin))
        : null,
  };
}

const word = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
const instant = (value: unknown): Date | null => (value ? new Date(String(value)) : null);
const left = (due: unknown, now: Date): number | null =>
  due ? new Date(String(due)).getTime() - now.getTime() : null;
const textArray = (values: readonly string[]): SQL =>
  sql`array(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;

function limitOf(page: Page): number {
  return Math.min(Math.max(Math.floor(page.limit ?? 50), 1), 200);
}

/** `twin` tells apart rows of one request, where a list has several. */
function writeCursor(key: string | null, number: string, twin: string | null): string {
  return Buffer.from(JSON.stringify(twin ? [key, number, twin] : [key, number])).toString('base64url');
}

const timestamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/;

/** A cursor that nobody here made starts the list anew. */
function readCursor(after: string | null | undefined): [string | null, string, string] | null {
  if (!after) return null;
  try {
    const [key, number, twin = ''] = JSON.parse(Buffer.from(after, 'base64url').toString()) as unknown[];
    if (typeof number !== 'string' || !/^\d{11}$/.test(number) || typeof twin !== 'string') return null;
    if (key === null) return [null, number, twin];
    return typeof key === 'string' && timestamp.test(key) ? [key, number, twin] : null;
  } catch {
    return null;
  }
}

function afterCreated(page: Page): SQL {
  const cursor = readCursor(page.after);
  return cursor?.[0]
    ? sql`(r.created_at, r.number) > (${cursor[0]}::timestamptz, ${cursor[1]}::text)`
    : sql`true`;
}
