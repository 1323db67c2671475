import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { recuseOwn } from '#platform/access/recusal.ts';
import { auditEntryOf } from '#platform/audit/append.ts';
import { Conflict, type FieldFault, Invalid } from '#platform/errors.ts';
import { isNearCity, isSwapped, pointText, toMetres } from '#platform/geo/index.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Work } from '#platform/work.ts';
import { type City, type CurrentLeaf, readCity } from './city.ts';
import type { Regime, RequestClass } from './city-data.ts';
import { startClocks } from './clocks.ts';
import { entryHash, type HistoryEntry, historyActor } from './history.ts';
import { type CountedIntake, countIntake, uncountIntake } from './intake-limits.ts';
import { text } from './messages.ts';
import { newNumber } from './number.ts';
import { permission } from './permissions.ts';
import type { GivenPhoto } from './photos.ts';
import { mask, publicPlace } from './publication.ts';
import { checkAnswers } from './questions.ts';
import { type KnownPlace, placeOf } from './request-place.ts';
import { keepWords } from './request-words.ts';
import { type Decision, isKnownByWords, route } from './routing.ts';
import { factsFor } from './routing-facts.ts';
import { newId, sealReporter, sealRequest } from './sealing.ts';
import { statement } from './statement.ts';
import type { State } from './states.ts';

export interface NewReporter {
  readonly person?: string | null;
  readonly name?: string | null;
  readonly phone?: string | null;
  readonly email?: string | null;
  /** The e-mail address was proved by a code; staff and programs with a key vouch for what they give. */
  readonly confirmed?: boolean;
  readonly residence?: string | null;
  readonly device?: string | null;
  readonly account?: string | null;
  /** phone, web, open311 … */
  readonly channel: string;
  readonly language: Language;
  readonly notify?: boolean;
}

export interface NewRequest {
  /** Where it came from; with the intake key it is what must never be stored twice. */
  readonly source: string;
  readonly intakeKey: string;
  readonly category: string;
  readonly regime?: Regime;
  readonly text: string;
  readonly answers?: readonly { readonly code: string; readonly values: readonly string[] }[];
  readonly place: {
    readonly point?: { readonly lat: number; readonly lon: number } | null;
    readonly building?: string | null;
    /** Id of the thing that it is about. */
    readonly asset?: string | null;
    readonly address?: string | null;
    readonly flat?: string | null;
  };
  readonly reporter: NewReporter;
  readonly private?: boolean;
  /** Organisation that an appeal complains about: it is never sent there. */
  readonly complainedAbout?: string | null;
  /** An appeal without name or residence: the law lets nobody consider it, so it goes to nobody. */
  readonly nameless?: boolean;
  /** Id of the API key that posted it. */
  readonly client?: string | null;
  readonly photos?: readonly GivenPhoto[];
  /** Number of the closed request after which the same problem has come back. */
  readonly follows?: string | null;
  /** Given where the public sends in by itself: then the limits of intake hold. */
  readonly counted?: CountedIntake;
}

export interface Registered {
  readonly number: string;
  readonly state: State;
  readonly organisation: string | null;
  /** Until when it should be fixed or answered; null where no clock says so. */
  readonly due: Date | null;
  readonly decision: Decision;
  /** Lets its holder follow and judge the request; shown once, stored hashed. */
  readonly followToken: string;
  /** The same report had been stored before: this is its answer. */
  readonly repeated: boolean;
}

export const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

/** What a report may hold at most, in code points. */
const longestText = 4_000;

/** Registering and routing are the first two entries of every history. */
const firstVersion = 2;

/**
 * Registers a communal problem or a statutory appeal: checks it, routes it, starts its clocks. Sent twice with the same
 * intake key it is stored once.
 *
 * @param draw gives a new public number; one that is taken already is drawn again.
 * @throws Invalid with every fault of the input; Conflict `intake-key` when the key was used for another report; Refusal
 *   `intake-limit` past the limits of intake. An emergency is stored all the same, in triage.
 */
export async function registerRequest(
  work: Work,
  input: NewRequest,
  draw: (now: Date) => string = newNumber,
): Promise<Registered> {
  if (work.actor.kind === 'staff') mustBeAble(work.actor, permission('register_for_other'));
  const city = await readCity(work.tx);
  const current = city.leaves.get(input.category);
  const place = await placeOf(work, city, input.place);
  const regime = input.regime ?? current?.leaf.regime ?? 'service';
  const { answers, class: urgency } = check(input, city, current, place, regime);
  const { leaf, version, branches } = current!;
  const now = work.clock.now();
  const routed = keepFrom(
    input.complainedAbout,
    route(
      city.rules,
      factsFor(
        {
          category: input.category,
          branches: current!.branches,
          class: urgency,
          regime,
          source: input.source,
        },
        place,
        now,
        city.calendar,
      ),
    ),
  );
  const found: Decision = isKnownByWords(leaf, place)
    ? { ...withoutExecutor(routed), terms: null, unknownPlace: true }
    : routed;
  const clocks = startClocks(
    {
      class: urgency,
      regime,
      leaf,
      ruleTerms: found.terms,
      cityTerms: city.settings.classTerms,
      calendar: city.calendar,
      law: city.law,
    },
    now,
  );
  // Keyed: a plain hash of what people wrote could be guessed.
  const payloadHash = work.secrets.blind(
    'payload',
    JSON.stringify([
      input.category,
      regime,
      input.text,
      input.answers ?? [],
      input.place,
      input.reporter,
      input.private ?? false,
      (input.photos ?? []).map(({ file }) => file),
    ]),
  );
  const repeated = async () => {
    const before = await repeatedAnswer(work, input, payloadHash, found);
    if (before && input.counted) await uncountIntake(work, city.settings, input.counted, input.reporter);
    return before;
  };
  const over = input.counted ? await countIntake(work, city.settings, input.counted, input.reporter) : null;
  if (over) {
    const before = await repeated();
    if (before) return before;
    if (urgency !== 'urgent' && urgency !== 'emergency') throw over;
  }
  const decision: Decision = over
    ? { ...withoutExecutor(found), overLimit: true }
    : input.nameless
      ? withoutExecutor(found)
      : found;
  const state: State = decision.organisation ? 'assigned' : 'triage';
  const shown = publicPlace(leaf.precision ?? 'exact', {
    lat: place.lat,
    lon: place.lon,
    address: place.address,
    street: place.street,
  });
  const hidden = regime === 'statutory' || input.private || leaf.visibility === 'private';
  const publication = hidden ? 'hidden' : leaf.visibility === 'moderated' ? 'awaiting' : 'published';
  const fixDue =
    (clocks.find(({ kind }) => kind === 'fix') ?? clocks.find(({ kind }) => kind === 'answer'))?.due ?? null;
  const nextDue = clocks.length ? new Date(Math.min(...clocks.map(({ due }) => due.getTime()))) : null;
  const metres =
    place.lat === null ? null : toMetres(city.settings.centre, { lat: place.lat, lon: place.lon! });
  const publicMetres =
    shown.lat === null ? null : toMetres(city.settings.centre, { lat: shown.lat, lon: shown.lon! });

  const words = {
    text: clean(input.text),
    flat: input.place.flat?.trim(),
    address: place.building ? null : place.address,
    answers,
  };
  const masked = {
    text: mask(words.text),
    address: words.address ? mask(words.address) : place.address,
    answers: answers.map(({ code, values }) => ({ code, values: values.map(mask) })),
  };
  const sealOf = (number: string) =>
    sealRequest(work.secrets, number, {
      text: words.text,
      flat: words.flat,
      address: masked.address === words.address ? null : words.address,
      answers: JSON.stringify(masked.answers) === JSON.stringify(answers) ? undefined : answers,
    });

  const entriesOf = (number: string) =>
    firstEntries(work, number, { input, answers, decision, state, leaf: current!, urgency });
  const insert = (number: string, head: string, seal = sealOf(number)) =>
    insertRequest(work.tx, [
      number,
      input.source,
      input.intakeKey,
      payloadHash,
      regime,
      leaf.code,
      version,
      branches.at(-1) ?? '',
      urgency,
      masked.text,
      publication === 'hidden' ? null : masked.text,
      JSON.stringify(masked.answers),
      place.building,
      masked.address,
      shown.address,
      place.district,
      place.lat,
      place.lon,
      metres && pointText(metres),
      shown.lat,
      shown.lon,
      publicMetres && pointText(publicMetres),
      input.private ?? false,
      publication,
      leaf.clusterGroup ?? leaf.code,
      state,
      head,
      decision.organisation,
      decision.unit,
      nextDue,
      fixDue,
      input.client ?? null,
      now,
      firstVersion,
      seal.key,
      seal.sealed,
      input.follows ?? null,
      place.asset,
    ]);
  // A year of a large city draws so many numbers that some are drawn twice.
  let number = draw(now);
  let history = entriesOf(number);
  while (!(await insert(number, history.at(-1)!.hash)).length) {
    const before = await repeated();
    if (before) return before;
    number = draw(now);
    history = entriesOf(number);
  }

  const followToken = randomBytes(16).toString('base64url');
  const { reporter } = input;
  const reporterId = newId(now);
  const sealed = sealReporter(work.secrets, reporterId, reporter);
  // They do not wait for each other: both travel at once.
  await Promise.all([
    reporter.person && recuseOwn(work, reporter.person),
    publication !== 'hidden' &&
      keepWords(work.tx, number, { text: masked.text, address: shown.address, category: leaf.name }),
    insertLife(work.tx, [
      number,
      JSON.stringify(history.map(({ entry, hash }) => ({ ...entry, hash }))),
      JSON.stringify(clocks),
      decision.organisation,
      decision.unit,
      JSON.stringify(decision),
      now,
      reporter.person ?? null,
      sealed.key,
      sealed.sealed,
      sealed.phone_blind,
      sealed.email_blind,
      sealed.device_blind,
      sealed.account_blind,
      reporter.channel,
      reporter.language,
      reporter.notify ?? true,
      sha256(followToken),
      JSON.stringify(input.photos ?? []),
      JSON.stringify(decision.coExecutors),
      JSON.stringify(
        auditEntryOf(work, {
          action: permission('register'),
          resource: `request:${number}`,
          detail: { category: leaf.code, source: input.source, rule: decision.rule },
        }),
      ),
      JSON.stringify({ number, state, category: leaf.code, organisation: decision.organisation }),
      `request:${number}`,
      reporterId,
      isConfirmed(work, reporter),
    ]),
  ]);
  return {
    number,
    state,
    organisation: decision.organisation,
    due: fixDue,
    decision,
    followToken,
    repeated: false,
  };
}

/** Whether letters may go to the address: a stranger could have typed anybody's. */
export function isConfirmed(work: Work, reporter: NewReporter): boolean {
  return reporter.confirmed ?? ['staff', 'client', 'system'].includes(work.actor.kind);
}

/** Law 393/96-ВР, art. 7: no appeal goes to those complained about; the council finds who considers it. */
function keepFrom(organisation: string | null | undefined, decision: Decision): Decision {
  if (!organisation) return decision;
  if (decision.organisation === organisation) return withoutExecutor(decision);
  return { ...decision, coExecutors: decision.coExecutors.filter((one) => one !== organisation) };
}

const withoutExecutor = (decision: Decision): Decision => ({
  ...decision,
  rule: null,
  organisation: null,
  unit: null,
  coExecutors: [],
});

function check(
  input: NewRequest,
  city: City,
  current: CurrentLeaf | undefined,
  place: KnownPlace,
  regime: Regime,
) {
  const t = text(input.reporter.language).faults;
  const faults: FieldFault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  if (!current) throw new Invalid([{ field: 'category', message: t.category }]);
  const { leaf } = current;
  if (leaf.successor) fault('category', t.retired(leaf.successor));
  if (leaf.stopper) fault('category', leaf.stopper[input.reporter.language]);
  if (leaf.competence) fault('category', leaf.competence[input.reporter.language]);
  if ([...input.text].length > longestText) fault('text', t.textTooLong(longestText));
  if (!input.text.trim() && regime === 'statutory') fault('text', t.essence);
  const needs = leaf.needs ?? ['place'];
  if (place.unknown === 'building') fault('place', t.building);
  else if (place.unknown === 'asset') fault('asset', t.asset);
  else if (needs.includes('building') && !place.building && !place.address) fault('place', t.building);
  else if (needs.length > 0 && place.lat === null && !place.address) fault('place', t.place);
  const point = place.lat === null ? null : { lat: place.lat, lon: place.lon! };
  if (point && !isNearCity(city.settings, point))
    fault('place', isSwapped(city.settings, point) ? t.swapped : t.outside);
  if (needs.includes('flat') && !input.place.flat?.trim()) fault('flat', t.flat);
  if (regime === 'statutory' && !input.nameless) {
    if (!input.reporter.name?.trim()) fault('name', t.name);
    if (!input.reporter.residence?.trim()) fault('residence', t.residence);
  }
  const checked = checkAnswers(leaf, input.answers ?? [], input.reporter.language);
  faults.push(...checked.faults);
  if (faults.length) throw new Invalid(faults);
  return checked;
}

function firstEntries(
  work: Work,
  number: string,
  about: {
    input: NewRequest;
    answers: readonly { code: string; values: readonly string[] }[];
    decision: Decision;
    state: State;
    leaf: CurrentLeaf;
    urgency: RequestClass;
  },
): { entry: HistoryEntry; hash: string }[] {
  const at = work.clock.now().toISOString();
  const registered: HistoryEntry = {
    request: number,
    seq: 1,
    at,
    move: 'register',
    from: null,
    to: 'registered',
    actor: historyActor(work.actor),
    data: {
      source: about.input.source,
      category: about.leaf.leaf.code,
      version: about.leaf.version,
      class: about.urgency,
      ...(about.input.follows ? { follows: about.input.follows } : {}),
      // The history is never erased: of what people typed themselves it keeps the masked form.
      answers: about.answers.map(({ code, values }) => ({ code, values: values.map(mask) })),
    },
    note: null,
    prev: null,
  };
  const first = { entry: registered, hash: entryHash(registered) };
  const routed: HistoryEntry = {
    request: number,
    seq: 2,
    at,
    move: about.state === 'assigned' ? 'route' : 'leave_to_triage',
    from: 'registered',
    to: about.state,
    actor: { kind: 'system', name: 'routing', organisation: null },
    data: { decision: about.decision, organisation: about.decision.organisation },
    note: null,
    prev: first.hash,
  };
  return [first, { entry: routed, hash: entryHash(routed) }];
}

async function repeatedAnswer(
  work: Work,
  input: NewRequest,
  payloadHash: string,
  decision: Decision,
): Promise<Registered | null> {
  const { rows } = await work.tx.execute<Record<string, string | null>>(
    sql`select r.number, r.payload_hash, r.state, r.organisation, r.fix_due, (select id from cc_reporter p where p.request = r.number and p.lead limit 1) as reporter
        from cc_request r where r.source = ${input.source} and r.intake_key = ${input.intakeKey}`,
  );
  const before = rows[0];
  if (!before) return null;
  if (before.payload_hash !== payloadHash)
    throw new Conflict('intake-key', 'this intake key was used for another report', {
      intakeKey: input.intakeKey,
    });
  const followToken = randomBytes(16).toString('base64url');
  await work.tx.execute(sql`insert into cc_link (token_hash, request, reporter, kind, made_at)
    values (${sha256(followToken)}, ${before.number}, ${before.reporter}, 'follow', ${work.clock.now().toISOString()}::timestamptz)`);
  return {
    number: before.number!,
    state: before.state as State,
    organisation: before.organisation ?? null,
    due: before.fix_due ? new Date(before.fix_due) : null,
    decision,
    followToken,
    repeated: true,
  };
}

/** Control characters other than line breaks and tabs never reach the database. */
function clean(value: string): string {
  return value
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replace(/\p{Cc}/gu, (control) => (control === '\n' || control === '\t' ? control : ''))
    .trim();
}

const insertRequest = statement<{ number: string }>(
  'insert_request',
  `insert into cc_request (number, source, intake_key, payload_hash, regime, category, category_version, branch, class, text, public_text,
     answers, building, address, public_address, district, lat, lon, place, public_lat, public_lon, public_place, private,
     publication, duplicate_group, state, history_head, organisation, unit, next_due, fix_due, client, created_at, updated_at, version,
     key, sealed, follows, asset)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15, $16, $17, $18, $19::point, $20, $21, $22::point,
     $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33::timestamptz, $33::timestamptz, $34, $35, $36, $37, $38)
   on conflict do nothing returning number`,
);

/** All that is born with a request, in one statement: history, clocks, assignment, reporter, link, photos, receipt, audit, event. */
const insertLife = statement<{ id: string }>(
  'insert_life',
  `with h as (
     insert into cc_history (request, seq, at, move, from_state, to_state, actor, data, public_note, prev, hash)
     select request, seq, at, move, "from", "to", actor, data, note, prev, hash from jsonb_to_recordset($2::jsonb)
       as e(request text, seq int, at timestamptz, move text, "from" text, "to" text, actor jsonb, data jsonb, note text, prev text, hash text)
     order by seq
   ), c as (
     insert into cc_clock (request, kind, started_at, due, warn_at, explanation)
     select $1, kind, "startedAt", due, "warnAt", explanation from jsonb_to_recordset($3::jsonb)
       as k(kind text, "startedAt" timestamptz, due timestamptz, "warnAt" timestamptz, explanation jsonb)
   ), a as (
     insert into cc_assignment (request, organisation, unit, role, decision, opened_at)
     select $1, $4, $5, 'main', $6::jsonb, $7::timestamptz where $4::text is not null
     union all select $1, value, null, 'co', $6::jsonb, $7::timestamptz from jsonb_array_elements_text($20::jsonb) where $4::text is not null
   ), p as (
     insert into cc_reporter (id, request, person, key, sealed, phone_blind, email_blind, device_blind, account_blind, channel,
       language, notify, confirmed, lead, joined_at)
     values ($24, $1, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $25, true, $7::timestamptz) returning id
   ), l as (
     insert into cc_link (token_hash, request, reporter, kind, made_at) select $18, $1, id, 'follow', $7::timestamptz from p
   ), m as (
     insert into cc_message (request, seq, reporter, template, at) select $1, 1, id, 'registered', $7::timestamptz from p
   ), f as (
     insert into cc_photo (request, file, kind, width, height, taken_at, lat, lon, reporter, at)
     select $1, file, 'report', width, height, "takenAt", lat, lon, p.id, $7::timestamptz from p, jsonb_to_recordset($19::jsonb)
       as f(file text, width int, height int, "takenAt" timestamptz, lat float8, lon float8)
   ), u as (
     insert into audit_pending (entry) values ($21::jsonb)
   ), o as (
     insert into outbox (name, topic, payload, occurred_at)
     values ('contact-centre.request.registered', $23, $22::jsonb, $7::timestamptz)
   )
   select id from p`,
);
