import { type SQL, sql } from 'drizzle-orm';
import { can } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import { digestOf } from '#platform/audit/inclusion.ts';
import { addTerm, type Explanation } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, type FieldFault, Forbidden, Invalid, NotFound } from '#platform/errors.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { readCity } from './city.ts';
import { refreshDue, restartFix, resumeAfterPlan, resumeClocks, stopClocks } from './clock-moves.ts';
import { historyActor } from './history.ts';
import type { CountedIntake } from './intake-limits.ts';
import { type LawTermCode, lawTerm } from './law-terms.ts';
import { text } from './messages.ts';
import { act } from './moves.ts';
import { endPause } from './pausing.ts';
import { permission } from './permissions.ts';
import { purposes, type ReporterSeen, recordSeen, reportersOf, requestText } from './personal.ts';
import { mask } from './publication.ts';
import { type NewReporter, type Registered, registerRequest } from './requests.ts';
import { resourceAt, scopeWhere } from './scope.ts';
import type { Closing, State } from './states.ts';
import { announce, type Held, hold, holdFor, tell } from './tell.ts';

/** Law 393/96-ВР, art. 3: пропозиція, заява (клопотання), скарга. */
export const appealKinds = ['complaint', 'application', 'proposal'] as const;
export type AppealKind = (typeof appealKinds)[number];

/** The city's category of appeals that are about no service of its own. */
export const appealCategory = 'citizens-appeal';

export interface NewAppeal {
  readonly source: string;
  readonly intakeKey: string;
  readonly kind: AppealKind;
  /** What it is about, as written. */
  readonly essence: string;
  /** Organisation that it complains about. */
  readonly complainedAbout?: string | null;
  readonly reporter: NewReporter;
  /** As of any request. */
  readonly counted?: CountedIntake;
  /** Without name or residence, and sent all the same: registered, and closed unconsidered (art. 8). */
  readonly nameless?: boolean;
}

/**
 * Registers an appeal under the law: with name, residence, essence and a way to answer. It never reaches those complained
 * about: then the council finds in triage who considers it. Nothing of it is public. One that stays nameless is closed at
 * once: the law does not let it be considered (art. 8).
 *
 * @throws Invalid with every fault.
 */
export async function registerAppeal(work: Work, appeal: NewAppeal): Promise<Registered> {
  const { reporter } = appeal;
  const t = text(reporter.language).faults;
  const faults: FieldFault[] = [];
  const nameless = appeal.nameless === true && !(reporter.name?.trim() && reporter.residence?.trim());
  if (!nameless) {
    if (!reporter.name?.trim()) faults.push({ field: 'name', message: t.name });
    if (!reporter.residence?.trim()) faults.push({ field: 'residence', message: t.residence });
    if (!reporter.phone && !reporter.email) faults.push({ field: 'email', message: t.wayToAnswer });
  }
  if (!appealKinds.includes(appeal.kind)) faults.push({ field: 'kind', message: t.appealKind });
  if (!appeal.essence.trim()) faults.push({ field: 'essence', message: t.essence });
  if (faults.length > 0) throw new Invalid(faults);
  const registered = await registerRequest(work, {
    source: appeal.source,
    intakeKey: appeal.intakeKey,
    category: appealCategory,
    regime: 'statutory',
    text: appeal.essence,
    place: {},
    reporter,
    complainedAbout: appeal.complainedAbout ?? null,
    nameless,
    ...(appeal.counted ? { counted: appeal.counted } : {}),
  });
  await work.tx.execute(sql`insert into cc_appeal (request, kind, complained_about, made_at)
    values (${registered.number}, ${appeal.kind}, ${appeal.complainedAbout ?? null}, ${iso(work)}::timestamptz)
    on conflict do nothing`);
  if (!nameless || registered.repeated) return registered;
  await act({ ...work, actor: systemActor('art. 8') }, registered.number, 'refuse', { reason: 'anonymous' });
  await stopAll(work, registered.number);
  return { ...registered, state: 'closed', due: null };
}

/**
 * Makes an appeal of a service request, at the wish of the one who reported it: public words go, the legal term starts. There
 * is no way back; the database forbids it. Whom it complains about handles it no longer: then it goes to triage.
 *
 * @throws NotFound, Forbidden; Invalid without kind, name or residence; Conflict when it is one already or is closed.
 */
export async function makeStatutory(
  work: Work,
  number: string,
  given: {
    readonly name: string;
    readonly residence: string;
    readonly kind: AppealKind;
    readonly complainedAbout?: string | null;
  },
): Promise<void> {
  const held = await holdFor(work, number, 'register_for_other');
  const t = text('uk').faults;
  const faults: FieldFault[] = [];
  if (!appealKinds.includes(given.kind)) faults.push({ field: 'kind', message: t.appealKind });
  if (!given.name.trim()) faults.push({ field: 'name', message: t.name });
  if (!given.residence.trim()) faults.push({ field: 'residence', message: t.residence });
  const about = given.complainedAbout || null;
  const city = await readCity(work.tx);
  if (about && !city.known.organisations.has(about)) faults.push({ field: 'about', message: t.appealAbout });
  if (faults.length > 0) throw new Invalid(faults);
  const { rows } = await work.tx.execute<{ regime: string; planned_for: string | null }>(
    sql`select regime, planned_for from cc_request where number = ${number}`,
  );
  if (rows[0]!.regime === 'statutory') throw new Conflict('statutory', 'it is an appeal already');
  if (held.state === 'closed' || held.state === 'merged')
    throw new Conflict('closed', 'a closed or merged request cannot become an appeal');
  const now = work.clock.now();
  const { due, explanation } = addTerm(city.calendar, lawTerm(city, 'appeal-answer'), now);
  // Copies of the open data learn that it went.
  await work.tx.execute(sql`update cc_request set regime = 'statutory', public_text = null, updated_at = ${iso(work)}::timestamptz,
      publication = case publication when 'hidden' then 'hidden' else 'removed' end
    where number = ${number}`);
  await work.tx.execute(sql`update cc_photo set public = false where request = ${number}`);
  await work.tx.execute(sql`insert into cc_clock (request, kind, started_at, due, warn_at, explanation)
    values (${number}, 'statutory', ${iso(work)}::timestamptz, ${due.toISOString()}::timestamptz,
      ${warnAt(now, due)}::timestamptz, ${JSON.stringify(explanation)}::jsonb)`);
  const applicant = JSON.stringify({ name: given.name.trim(), residence: given.residence.trim() });
  await work.tx.execute(sql`insert into cc_appeal (request, kind, complained_about, applicant, made_at)
    values (${number}, ${given.kind}, ${about}, ${work.secrets.encrypt(applicant, applicantPlace(number))}, ${iso(work)}::timestamptz)`);
  if (about && about === held.organisation) await takeAway(work, held, rows[0]!.planned_for);
  else await tell(work, held, 'note', { regime: 'statutory' }, 'request.became_statutory');
  await audit(work, {
    action: permission('register_for_other'),
    resource: `request:${number}`,
    detail: { regime: 'statutory' },
  });
}

/** Takes an appeal out of the hands of those complained about (art. 7); what they had claimed is not judged any more. */
async function takeAway(work: Work, held: Held, planned: string | null): Promise<void> {
  const { number, state } = held;
  await work.tx.execute(sql`update cc_assignment set closed_at = ${iso(work)}::timestamptz, outcome = 'complained'
    where request = ${number} and closed_at is null`);
  await endPause(work, number);
  if (state === 'waiting_reporter') await resumeClocks(work, number, 'waiting_reporter');
  if (state === 'planned' && planned) await resumeAfterPlan(work, number, new Date(planned));
  if (state === 'claimed') {
    await work.tx.execute(
      sql`update cc_attempt set outcome = 'withdrawn' where request = ${number} and outcome is null`,
    );
    await restartFix(work, number);
  }
  await work.tx.execute(sql`update cc_request set state = 'triage', organisation = null, unit = null, crew = null,
    state_before = null, planned_for = null, result = null, claimed_at = null, window_until = null where number = ${number}`);
  await refreshDue(work, number);
  await announce(work, held, {
    move: 'leave_to_triage',
    data: { regime: 'statutory', complainedAbout: held.organisation },
    note: null,
    template: 'leave_to_triage',
    event: 'request.became_statutory',
    to: 'triage',
  });
}

/** The written answer of art. 15 and 18: what was found, on what grounds, and how to appeal against it. */
export interface WrittenAnswer {
  readonly answer: string;
  readonly grounds: string;
  readonly howToAppeal: string;
  /** Post and name under which it is signed. */
  readonly signer: string;
}

/**
 * Sends the signed written answer: the statutory clock stops with it. The staff of the executor answer, never those
 * complained about.
 *
 * @throws Invalid with every missing part; Conflict `move` while nobody has taken the appeal.
 */
export async function answerAppeal(work: Work, number: string, given: WrittenAnswer): Promise<void> {
  const appeal = await mustHandle(work, number, 'answer_appeal');
  const t = text('uk').faults;
  const faults = (['answer', 'grounds', 'howToAppeal', 'signer'] as const)
    .filter((field) => given[field].trim().length < 3)
    .map((field) => ({ field, message: t.answerPart }));
  if (faults.length > 0) throw new Invalid(faults);
  if (appeal.state === 'assigned') await act(work, number, 'accept');
  await act(work, number, 'claim', { result: 'explained', answer: 'Надіслано письмову відповідь' });
  const { rows } = await work.tx.execute<{ no: number }>(
    sql`select coalesce(max(no), 0)::int + 1 as no from cc_appeal_answer where request = ${number}`,
  );
  const { no } = rows[0]!;
  const { answer, grounds, howToAppeal, signer } = given;
  const body = { answer, grounds, howToAppeal };
  const letter = letterOf(number, {
    ...body,
    signer,
    no,
    organisation: appeal.organisation,
    sentAt: work.clock.now(),
  });
  const entry = await audit(work, {
    action: permission('answer_appeal'),
    resource: `request:${number}`,
    detail: { answer: no, digest: digestOf(letter) },
  });
  await work.tx.execute(sql`insert into cc_appeal_answer (request, no, organisation, body, signer, sent_at, audit_entry)
    values (${number}, ${no}, ${appeal.organisation},
      ${work.secrets.encrypt(JSON.stringify(body), placeOf(`answer ${no}`, number))}, ${signer}, ${iso(work)}::timestamptz,
      ${entry})`);
  await stopClocks(work, number, ['statutory']);
}

/**
 * Gives an appeal more time, before its term has passed: `study` makes it one month, `longer` 45 days, both counted from
 * the day it came (art. 20). The applicant is told why.
 */
export async function extendAppeal(
  work: Work,
  number: string,
  to: 'study' | 'longer',
  reason: string,
): Promise<Date> {
  await mustHandle(work, number, to === 'study' ? 'answer_appeal' : 'extend');
  if (reason.trim().length < 3) throw new Invalid([{ field: 'reason', message: text('uk').faults.reason }]);
  const held = (await hold(work, number))!;
  const { rows } = await work.tx.execute<{
    started_at: string;
    due: string;
  }>(sql`select started_at, due from cc_clock
    where request = ${number} and kind = 'statutory' and stopped_at is null for update`);
  const clock = rows[0];
  const now = work.clock.now();
  if (!clock || new Date(clock.due) < now)
    throw new Conflict('too-late', 'the legal term has passed or stopped');
  const started = new Date(clock.started_at);
  const city = await readCity(work.tx);
  const { due, explanation } = addTerm(
    city.calendar,
    lawTerm(city, to === 'study' ? 'appeal-study' : 'appeal-limit'),
    started,
  );
  if (due <= new Date(clock.due)) throw new Conflict('not-longer', 'the term is as long already');
  await work.tx.execute(sql`insert into cc_clock_interval (request, kind, why, from_at, to_at, due_before, due_after, actor, note)
    values (${number}, 'statutory', 'extension', ${iso(work)}::timestamptz, ${iso(work)}::timestamptz, ${clock.due}::timestamptz,
      ${due.toISOString()}::timestamptz, ${JSON.stringify(historyActor(work.actor))}::jsonb, ${mask(reason.trim())})`);
  await work.tx.execute(sql`update cc_clock set due = ${due.toISOString()}::timestamptz, warned_at = null,
      warn_at = ${warnAt(started, due)}::timestamptz, explanation = ${JSON.stringify(explanation)}::jsonb
    where request = ${number} and kind = 'statutory'`);
  await work.tx.execute(sql`update cc_request set next_due =
    (select min(due) from cc_clock where request = ${number} and stopped_at is null and paused_at is null) where number = ${number}`);
  await announce(work, held, {
    move: 'extend',
    data: { clock: 'statutory', due: due.toISOString() },
    note: mask(reason.trim()),
    template: 'extend',
    event: 'request.extended',
  });
  await audit(work, {
    action: permission(to === 'study' ? 'answer_appeal' : 'extend'),
    resource: `request:${number}`,
    detail: { due: due.toISOString() },
  });
  return due;
}

/**
 * Hands an appeal to the body that is competent, within five days, and tells the applicant (art. 7): from triage the
 * operator, from the desk to which it came those who would answer it.
 */
export async function forwardAppeal(work: Work, number: string, destination: string): Promise<void> {
  await mustBeWithin(work, number, 'appeal-forward');
  if (destination.trim().length < 3)
    throw new Invalid([{ field: 'destination', message: text('uk').faults.destination }]);
  await act(work, number, 'transfer', { destination: destination.trim() });
  await stopAll(work, number);
}

/** Gives back what is not written as the law asks, within ten days, saying what is missing (art. 5). */
export async function returnAppeal(work: Work, number: string, missing: string): Promise<void> {
  await mustBeWithin(work, number, 'appeal-return');
  if (missing.trim().length < 3)
    throw new Invalid([{ field: 'missing', message: text('uk').faults.missing }]);
  await act(work, number, 'refuse', { reason: missing.trim() });
  await stopAll(work, number);
}

const stopAll = (work: Work, number: string) =>
  stopClocks(work, number, ['accept', 'arrive', 'fix', 'answer', 'statutory']);

/** An appeal in a list: no word of it and nobody's name. */
export interface AppealRow {
  readonly number: string;
  readonly kind: AppealKind;
  readonly state: State;
  readonly closing: Closing | null;
  readonly organisation: string | null;
  readonly complainedAbout: string | null;
  readonly due: Date | null;
  readonly createdAt: Date;
}

/** Appeals of one page of the register. */
export const appealsOnPage = 50;

/** The register: those that wait, the nearest term first; answered and closed ones, the last first. */
export const appealParts = ['open', 'answered', 'closed'] as const;
export type AppealPart = (typeof appealParts)[number];

/**
 * A page of the register of appeals where the actor works; those that complain about the actor's own organisation are
 * unknown there.
 *
 * @param on.page from 1.
 * @param on.number digits: only this one, whatever part it is in.
 */
export async function appealRegister(
  work: Work,
  on: { readonly part: AppealPart; readonly page?: number; readonly number?: string },
): Promise<{ readonly rows: readonly AppealRow[]; readonly total: number }> {
  const where = sql`r.regime = 'statutory' and not r.sandbox
    and ${on.number ? sql`r.number = ${on.number}` : partOf[on.part]}
    and ${scopeWhere(work.actor, permission('read_desk'))}
    and a.complained_about is distinct from ${work.actor.organisation ?? ''}`;
  const offset = ((on.page ?? 1) - 1) * appealsOnPage;
  const { rows } = await work.tx.execute<Record<string, unknown>>(sql`
    select r.number, coalesce(a.kind, 'application') as kind, r.state, r.closing, r.organisation, a.complained_about, c.due, r.created_at
    from cc_request r left join cc_appeal a on a.request = r.number
      left join cc_clock c on c.request = r.number and c.kind = 'statutory'
    where ${where}
    order by ${on.part === 'open' ? sql`c.due nulls last` : sql`r.updated_at desc`}, r.number
    limit ${appealsOnPage} offset ${offset}`);
  const { rows: all } = await work.tx.execute<{ n: number }>(sql`select count(*)::int as n
    from cc_request r left join cc_appeal a on a.request = r.number where ${where}`);
  return { rows: rows.map(toRow), total: Number(all[0]!.n) };
}

const partOf: Readonly<Record<AppealPart, SQL>> = {
  open: sql`r.state not in ('closed', 'claimed', 'merged')`,
  answered: sql`r.state = 'claimed'`,
  closed: sql`r.state in ('closed', 'merged')`,
};

/** All that the public learns of appeals (art. 10): how many came in a year, and what has become of them. */
export interface AppealCounts {
  readonly received: number;
  readonly answered: number;
  readonly forwarded: number;
  readonly returned: number;
  readonly waiting: number;
}

/** Of those that came, or became appeals, from the instant on. */
export async function appealCounts(reader: Reader, from: Date): Promise<AppealCounts> {
  const { rows } = await reader.execute<Record<keyof AppealCounts, number>>(sql`
    select count(*)::int as received,
      count(*) filter (where r.state = 'claimed' or r.closing in ('confirmed', 'unverified'))::int as answered,
      count(*) filter (where r.closing = 'transferred')::int as forwarded,
      count(*) filter (where r.closing = 'refused')::int as returned,
      count(*) filter (where r.state not in ('claimed', 'closed', 'merged'))::int as waiting
    from cc_appeal a join cc_request r on r.number = a.request
    where a.made_at >= ${from.toISOString()}::timestamptz and not r.sandbox`);
  const { received, answered, forwarded, returned, waiting } = rows[0]!;
  return { received, answered, forwarded, returned, waiting };
}

/** One appeal with its words and people, for who handles it: the look is on record. */
export interface OpenedAppeal extends AppealRow {
  readonly essence: string | null;
  readonly people: readonly Pick<ReporterSeen, 'name' | 'residence' | 'phone' | 'email' | 'locked'>[];
  readonly explanation: Explanation | null;
  readonly answers: readonly SentAnswer[];
}

export interface SentAnswer extends WrittenAnswer {
  readonly no: number;
  readonly organisation: string | null;
  readonly sentAt: Date;
  /** Id of its entry in the audit log; null: it was sent before entries kept digests. */
  readonly entry: string | null;
}

/** The words of an answer as programs compare them with the audit log: the entry keeps their digest. */
export function letterOf(number: string, answer: Omit<SentAnswer, 'entry'>) {
  const { no, organisation, sentAt, signer, grounds, howToAppeal } = answer;
  return {
    format: 'misto-answer-1',
    number,
    no,
    organisation,
    sentAt: sentAt.toISOString(),
    answer: answer.answer,
    grounds,
    howToAppeal,
    signer,
  } as const;
}

/** Of what request an answer with this entry is the how-manieth, and when it was sent; null: there is none. */
export async function answerOfEntry(
  reader: Reader,
  entry: string,
): Promise<{ request: string; no: number; organisation: string | null; sentAt: Date } | null> {
  const { rows } = await reader.execute<{
    request: string;
    no: number;
    organisation: string | null;
    sent_at: string;
  }>(sql`select request, no, organisation, sent_at from cc_appeal_answer where audit_entry = ${entry}`);
  const [row] = rows;
  return row
    ? { request: row.request, no: row.no, organisation: row.organisation, sentAt: new Date(row.sent_at) }
    : null;
}

/** @throws NotFound also for those complained about: they may not know of it. */
export async function openAppeal(work: Work, number: string): Promise<OpenedAppeal> {
  const row = await rowOf(work, number);
  const people = await reportersOf(work, number, purposes.work);
  await recordSeen(
    work,
    `request:${number}`,
    purposes.work,
    people.map(({ id }) => ({ id, person: null })),
    ['original text'],
  );
  const applicant = await applicantOf(work, number);
  return {
    ...row,
    essence: await requestText(work.tx, work.secrets, number),
    people: people.map((one) => (applicant && one.lead ? { ...one, ...applicant } : one)),
    explanation: row.explanation,
    answers: await sentAnswers(work, number),
  };
}

/** The answers as they were sent, oldest first: for who handles the appeal, and for the applicant's own link. */
export async function sentAnswers(work: Pick<Work, 'tx' | 'secrets'>, number: string): Promise<SentAnswer[]> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(
    sql`select no, organisation, body, signer, sent_at, audit_entry from cc_appeal_answer where request = ${number} order by no`,
  );
  return rows.flatMap((row) => {
    const plain = work.secrets.decrypt(String(row.body), placeOf(`answer ${row.no}`, number));
    if (plain === null) return [];
    return [
      {
        ...(JSON.parse(plain) as Omit<WrittenAnswer, 'signer'>),
        signer: String(row.signer),
        no: Number(row.no),
        organisation: row.organisation === null ? null : String(row.organisation),
        sentAt: new Date(String(row.sent_at)),
        entry: row.audit_entry === null ? null : String(row.audit_entry),
      },
    ];
  });
}

/** Whether a written answer was sent. */
export async function isAnswered(reader: Reader, number: string): Promise<boolean> {
  const { rows } = await reader.execute(
    sql`select 1 from cc_appeal_answer where request = ${number} limit 1`,
  );
  return rows.length > 0;
}

type Stored = AppealRow & {
  readonly explanation: Explanation | null;
  readonly district: string | null;
  readonly branch: string;
};

async function rowOf(work: Work, number: string): Promise<Stored> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(sql`
    select r.number, coalesce(a.kind, 'application') as kind, r.state, r.closing, r.organisation, a.complained_about, c.due,
      r.created_at, c.explanation, r.district, r.branch
    from cc_request r left join cc_appeal a on a.request = r.number
      left join cc_clock c on c.request = r.number and c.kind = 'statutory'
    where r.number = ${number} and r.regime = 'statutory' and not r.sandbox
      and ${scopeWhere(work.actor, permission('read_desk'))}`);
  const row = rows[0];
  if (!row || (work.actor.organisation && row.complained_about === work.actor.organisation))
    throw new NotFound('appeal');
  return {
    ...toRow(row),
    explanation: (row.explanation ?? null) as Explanation | null,
    district: row.district as string | null,
    branch: String(row.branch),
  };
}

async function mustHandle(work: Work, number: string, what: 'answer_appeal' | 'extend'): Promise<Stored> {
  const appeal = await rowOf(work, number);
  if (!can(work.actor, permission(what), await resourceAt(work.tx, work.actor, appeal)))
    throw new Forbidden(permission(what));
  await work.tx.execute(sql`insert into cc_appeal (request, kind, made_at)
    values (${number}, ${appeal.kind}, ${iso(work)}::timestamptz) on conflict do nothing`);
  return appeal;
}

/** Within the term of law after the day it came, or became an appeal. @throws Conflict `too-late`. */
async function mustBeWithin(work: Work, number: string, term: LawTermCode): Promise<void> {
  await rowOf(work, number);
  const { rows } = await work.tx.execute<{
    came: string;
  }>(sql`select coalesce(a.made_at, r.created_at) as came
    from cc_request r left join cc_appeal a on a.request = r.number where r.number = ${number}`);
  const city = await readCity(work.tx);
  const { due } = addTerm(city.calendar, lawTerm(city, term), new Date(rows[0]!.came));
  if (due < work.clock.now()) throw new Conflict('too-late', `the term ${term} has passed`, { due });
}

async function applicantOf(work: Work, number: string): Promise<{ name: string; residence: string } | null> {
  const { rows } = await work.tx.execute<{ applicant: string | null }>(
    sql`select applicant from cc_appeal where request = ${number}`,
  );
  const sealed = rows[0]?.applicant;
  const plain = sealed ? work.secrets.decrypt(sealed, applicantPlace(number)) : null;
  return plain === null ? null : (JSON.parse(plain) as { name: string; residence: string });
}

/** To what the seal of name and residence is bound. */
export const applicantPlace = (number: string) => placeOf('applicant', number);
const placeOf = (column: string, row: string) => ({ table: 'cc_appeal', column, row });
const iso = (work: Work) => work.clock.now().toISOString();
const warnAt = (from: Date, due: Date) =>
  new Date(from.getTime() + (due.getTime() - from.getTime()) * 0.75).toISOString();

function toRow(row: Record<string, unknown>): AppealRow {
  const word = (value: unknown) => (value === null || value === undefined ? null : String(value));
  return {
    number: String(row.number),
    kind: row.kind as AppealKind,
    state: row.state as State,
    closing: row.closing as Closing | null,
    organisation: word(row.organisation),
    complainedAbout: word(row.complained_about),
    due: row.due ? new Date(String(row.due)) : null,
    createdAt: new Date(String(row.created_at)),
  };
}
