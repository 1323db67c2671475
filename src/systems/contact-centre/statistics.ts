import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { toMetres } from '#platform/geo/index.ts';
import type { Box } from '#platform/geo/web-mercator.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { Actor } from '#platform/work.ts';
import { wasAsked } from './asks.ts';
import type { Position, RequestClass } from './city-data.ts';
import { breachSize, moderationSize, type QueueFilter, queueSizes } from './lists/index.ts';
import { permission } from './permissions.ts';
import { inBranch, scopeWhere } from './scope.ts';
import type { Closing, State } from './states.ts';

export interface Period {
  readonly from: Date;
  /** Not any more part of it. */
  readonly to: Date;
}

/** How an enterprise did in a period. Shares are null where there is nothing to take a share of. */
export interface OrganisationFigures {
  readonly organisation: string;
  readonly name: Text | null;
  /** Claims that work was done. */
  readonly claims: number;
  /** Closed after a claim: confirmed and unverified together. */
  readonly closed: number;
  readonly confirmed: number;
  readonly unverified: number;
  readonly confirmedShare: number | null;
  readonly unverifiedShare: number | null;
  /** Closed in the period, or open at its end with the due date past. */
  readonly due: number;
  /** The last claim came before the due date. */
  readonly onTime: number;
  readonly onTimeShare: number | null;
  /** On time and confirmed by people: what is ranked. */
  readonly confirmedOnTime: number;
  /** Lower 95 % Wilson bound of confirmed on time among those due; null below 30, where there is no rank. */
  readonly rank: number | null;
  readonly overdueOpen: number;
  /** Claims that people or controllers sent back. */
  readonly vetoed: number;
  /** confirmed ÷ (confirmed + vetoed). */
  readonly truthfulness: number | null;
  /** Closed requests by how often they had to be done again. */
  readonly reworks: { readonly once: number; readonly twice: number; readonly more: number };
  readonly meanGrade: number | null;
  readonly grades: number;
  /** Of the claims, the share about which somebody was really asked. */
  readonly askedShare: number | null;
  /** From registration to the last claim. */
  readonly medianHours: number | null;
  /** The same as a share of the term. */
  readonly medianOfTerm: number | null;
}

/** Below this number an enterprise is not ranked. */
const rankedFrom = 30;

/** Part of the city's work that the figures are narrowed to. */
export interface Part {
  readonly district?: string;
  readonly branch?: string;
}

/**
 * The league table's figures. Merged requests count with their master, unverified closings enter no success, and what is
 * open past its due date at the end of the period is late.
 */
export async function byOrganisation(
  reader: Reader,
  period: Period,
  part: Part = {},
): Promise<OrganisationFigures[]> {
  const { start, end } = bounds(period);
  const late = lateAt(end);
  const within = inPart(part);
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    with closed as (
      select r.organisation, count(*) as closed,
        count(*) filter (where ${confirmed}) as confirmed,
        count(*) filter (where ${unverified}) as unverified,
        count(*) filter (where ${hasTerm}) as due,
        count(*) filter (where ${inTime}) as on_time,
        count(*) filter (where ${inTime} and ${confirmed}) as confirmed_on_time,
        count(*) filter (where r.rework_count = 1) as once,
        count(*) filter (where r.rework_count = 2) as twice,
        count(*) filter (where r.rework_count > 2) as more,
        percentile_cont(0.5) within group (order by extract(epoch from r.claimed_at - r.created_at) / 3600)
          filter (where r.claimed_at is not null) as median_hours,
        percentile_cont(0.5) within group (order by extract(epoch from r.claimed_at - r.created_at)
          / nullif(extract(epoch from r.fix_due - r.created_at), 0)) filter (where r.claimed_at is not null) as median_of_term
      from cc_request r where ${closedIn(start, end)} and ${within}
      group by r.organisation
    ), overdue as (
      select organisation, count(*) as overdue from (
        select r.number, r.organisation from cc_request r where ${late.open} and ${within}
        union all
        select r.number, r.organisation from cc_request r where ${late.closedLater} and ${within}
      ) late
      where organisation is not null and ${notPaused(sql`number`)}
      group by organisation
    ), attempts as (
      select a.organisation,
        count(*) as claims,
        count(*) filter (where ${wasAsked}) as asked,
        count(*) filter (where a.outcome = 'confirmed') as kept,
        count(*) filter (where ${sentBack}) as vetoed
      from cc_attempt a
      where ${claimedIn(start, end)} and ${ofPart(part, sql`a.request`)}
      group by a.organisation
    ), graded as (
      select coalesce(a.organisation, (select r.organisation from cc_request r where r.number = v.request)) as organisation,
        avg(v.grade) as grade, count(v.grade) as grades
      from cc_verification v left join cc_attempt a on a.request = v.request and a.no = v.attempt
      where v.grade is not null and v.at >= ${start} and v.at < ${end}
        and not exists (select 1 from cc_request s where s.sandbox and s.number = v.request)
        and ${ofPart(part, sql`v.request`)}
      group by 1
    ), named as (
      select organisation from closed union select organisation from overdue
      union select organisation from attempts union select organisation from graded where organisation is not null
    )
    select n.organisation, o.name, c.*, v.overdue, a.claims, a.asked, a.kept, a.vetoed, g.grade, g.grades,
      n.organisation as id
    from named n left join closed c on c.organisation = n.organisation
      left join overdue v on v.organisation = n.organisation
      left join attempts a on a.organisation = n.organisation
      left join graded g on g.organisation = n.organisation
      left join cc_organisation o on o.id = n.organisation
    order by n.organisation`);
  return rows.map((row) => {
    const closed = Number(row.closed ?? 0);
    const confirmed = Number(row.confirmed ?? 0);
    const unverified = Number(row.unverified ?? 0);
    const overdueOpen = Number(row.overdue ?? 0);
    const due = Number(row.due ?? 0) + overdueOpen;
    const onTime = Number(row.on_time ?? 0);
    const confirmedOnTime = Number(row.confirmed_on_time ?? 0);
    const kept = Number(row.kept ?? 0);
    const vetoed = Number(row.vetoed ?? 0);
    return {
      organisation: String(row.id),
      name: (row.name ?? null) as Text | null,
      claims: Number(row.claims ?? 0),
      closed,
      confirmed,
      unverified,
      confirmedShare: share(confirmed, closed),
      unverifiedShare: share(unverified, closed),
      due,
      onTime,
      onTimeShare: share(onTime, due),
      confirmedOnTime,
      rank: due < rankedFrom ? null : wilson(confirmedOnTime, due),
      overdueOpen,
      vetoed,
      truthfulness: share(kept, kept + vetoed),
      reworks: { once: Number(row.once ?? 0), twice: Number(row.twice ?? 0), more: Number(row.more ?? 0) },
      meanGrade: number(row.grade),
      grades: Number(row.grades ?? 0),
      askedShare: share(Number(row.asked ?? 0), Number(row.claims ?? 0)),
      medianHours: number(row.median_hours),
      medianOfTerm: number(row.median_of_term),
    };
  });
}

/** Figures that lead to a list of what they count. */
export const figureNames = [
  'claims',
  'closed',
  'confirmed',
  'unverified',
  'due',
  'onTime',
  'confirmedOnTime',
  'overdueOpen',
  'vetoed',
  'once',
  'twice',
  'more',
] as const;
export type FigureName = (typeof figureNames)[number];

/** The list behind a figure: everything it counts, of which everybody may see only what is published. */
export interface FigureList {
  /** Equal to the figure. */
  readonly total: number;
  /** How many of them are published. */
  readonly shown: number;
  /** Numbers of one page of those, newest first; a request stands there once for each claim where claims are counted. */
  readonly numbers: readonly string[];
}

/** What a figure of `byOrganisation` counts, by the same conditions; of all enterprises where none is named. */
export async function figureList(
  reader: Reader,
  about: {
    readonly figure: FigureName;
    readonly organisation?: string;
    readonly period: Period;
    readonly part?: Part;
  },
  page: { readonly limit: number; readonly offset: number },
): Promise<FigureList> {
  const { figure, organisation, period, part = {} } = about;
  const { start, end } = bounds(period);
  const ofWork = figure === 'claims' || figure === 'vetoed';
  const whose = organisation ? sql`${ofWork ? sql`a` : sql`r`}.organisation = ${organisation}` : sql`true`;
  const counted = ofWork
    ? sql`cc_attempt a join cc_request r on r.number = a.request
        where ${claimedIn(start, end)} and ${figure === 'vetoed' ? sentBack : sql`true`}`
    : sql`cc_request r where ${requestsOf(figure, start, end)}`;
  const all = sql`from ${counted} and ${whose} and ${inPart(part)}`;
  const { rows: sums } = await reader.execute<{ total: number; shown: number }>(
    sql`select count(*)::int as total, count(*) filter (where ${published})::int as shown ${all}`,
  );
  const { rows } = await reader.execute<{ number: string }>(sql`select r.number ${all} and ${published}
    order by r.created_at desc, r.number desc limit ${page.limit} offset ${page.offset}`);
  return { ...sums[0]!, numbers: rows.map((row) => row.number) };
}

function requestsOf(figure: Exclude<FigureName, 'claims' | 'vetoed'>, start: SQL, end: SQL): SQL {
  const closed = closedIn(start, end);
  const { open, closedLater } = lateAt(end);
  const overdue = sql`((${open}) or (${closedLater})) and r.organisation is not null and ${notPaused(sql`r.number`)}`;
  switch (figure) {
    case 'closed':
      return closed;
    case 'confirmed':
      return sql`${closed} and ${confirmed}`;
    case 'unverified':
      return sql`${closed} and ${unverified}`;
    case 'due':
      return sql`((${closed} and ${hasTerm}) or (${overdue}))`;
    case 'onTime':
      return sql`${closed} and ${inTime}`;
    case 'confirmedOnTime':
      return sql`${closed} and ${inTime} and ${confirmed}`;
    case 'overdueOpen':
      return overdue;
    case 'once':
      return sql`${closed} and r.rework_count = 1`;
    case 'twice':
      return sql`${closed} and r.rework_count = 2`;
    case 'more':
      return sql`${closed} and r.rework_count > 2`;
  }
}

// What the figures count, over `cc_request r` and `cc_attempt a`.
const confirmed = sql`r.closing = 'confirmed'`;
const unverified = sql`r.closing = 'unverified'`;
const hasTerm = sql`r.fix_due is not null`;
const inTime = sql`r.claimed_at <= r.fix_due`;
const sentBack = sql`a.outcome in ('vetoed', 'rejected')`;
const published = sql`r.publication = 'published' and r.regime = 'service'`;

const bounds = ({ from, to }: Period) => ({
  start: sql`${from.toISOString()}::timestamptz`,
  end: sql`${to.toISOString()}::timestamptz`,
});

const closedIn = (start: SQL, end: SQL): SQL => sql`not r.sandbox and r.closing in ('confirmed', 'unverified')
  and r.organisation is not null and r.closed_at >= ${start} and r.closed_at < ${end}`;

/** Past the due date when the period ended: open still, or closed since. */
const lateAt = (end: SQL) => ({
  open: sql`r.state not in ('closed', 'merged', 'in_event') and not r.sandbox and r.fix_due < ${end}
    and (r.claimed_at is null or r.claimed_at >= ${end} or r.state <> 'claimed')`,
  closedLater: sql`r.closed_at >= ${end} and not r.sandbox and r.closing in ('confirmed', 'unverified')
    and r.created_at < ${end} and r.fix_due < ${end} and (r.claimed_at is null or r.claimed_at >= ${end})`,
});

const notPaused = (number: SQL): SQL =>
  sql`not exists (select 1 from cc_clock k where k.request = ${number} and k.kind = 'fix' and k.paused_at is not null)`;

const claimedIn = (start: SQL, end: SQL): SQL => sql`a.organisation is not null
  and a.claimed_at >= ${start} and a.claimed_at < ${end}
  and not exists (select 1 from cc_request s where s.sandbox and s.number = a.request)`;

function inPart({ district, branch }: Part): SQL {
  const parts = [district ? sql`r.district = ${district}` : sql`true`, branch ? inBranch(branch) : sql`true`];
  return sql.join(parts, sql` and `);
}

/** The same for rows that hang on a request. */
const ofPart = (part: Part, number: SQL): SQL =>
  part.district || part.branch
    ? sql`exists (select 1 from cc_request r where r.number = ${number} and ${inPart(part)})`
    : sql`true`;

/**
 * Lower bound of Wilson's 95 % score interval: what a share is at least, so that few cases never lead the table.
 * E. B. Wilson, JASA 22 (1927).
 */
export function wilson(successes: number, of: number): number {
  if (of === 0) return 0;
  const z = 1.959963984540054;
  const p = successes / of;
  const middle = p + z ** 2 / (2 * of);
  const spread = z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2));
  return Math.max(0, (middle - spread) / (1 + z ** 2 / of));
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const number = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

/** The figures of the shift; each of `queues` is also the filter of the list behind it. */
export interface Overview {
  readonly queues: Readonly<Record<QueueName, { readonly count: number; readonly filter: QueueFilter }>>;
  /** Clocks that run out within a day. */
  readonly breachesInADay: number;
  readonly awaitingModeration: number;
  readonly registeredInADay: number;
  readonly closedInADay: { readonly confirmed: number; readonly unverified: number; readonly other: number };
}

export type QueueName =
  | 'open'
  | 'triage'
  | 'unaccepted'
  | 'overdue'
  | 'claimed'
  | 'rework'
  | 'thirdRework'
  | 'returned'
  | 'returnedTwice'
  | 'planOverdue'
  | 'planToApprove'
  | 'dueInADay'
  | 'waitingReporter';

/** Behind each figure of a queue, the filter of its list. */
export const queues: Readonly<Record<QueueName, Omit<QueueFilter, 'now'>>> = {
  open: {},
  triage: { states: ['registered', 'triage'] },
  unaccepted: { states: ['assigned'] },
  overdue: { overdue: true },
  claimed: { states: ['claimed'] },
  rework: { states: ['rework'] },
  thirdRework: { minReworks: 3 },
  returned: { minReturns: 1, states: ['registered', 'triage', 'assigned'] },
  returnedTwice: { minReturns: 2, states: ['registered', 'triage', 'assigned'] },
  planOverdue: { planOverdue: true },
  planToApprove: { planToApprove: true },
  dueInADay: { dueWithinHours: 24 },
  waitingReporter: { states: ['waiting_reporter'] },
};

/** What the supervisor sees at a glance, within what the supervisor may see. */
export async function overview(reader: Reader, actor: Actor, now: Date): Promise<Overview> {
  const sizes = await queueSizes(reader, actor, now, queues);
  const counted = Object.fromEntries(
    (Object.keys(queues) as QueueName[]).map((name) => [
      name,
      { count: sizes[name], filter: { now, ...queues[name] } },
    ]),
  ) as unknown as Overview['queues'];
  const scope = scopeWhere(actor, permission('read_desk'));
  const dayAgo = sql`${new Date(now.getTime() - 86_400_000).toISOString()}::timestamptz`;
  const at = sql`${now.toISOString()}::timestamptz`;
  const made = await reader.execute<{ n: number }>(sql`select count(*)::int as n from cc_request r
    where not r.sandbox and r.created_at > ${dayAgo} and r.created_at <= ${at} and ${scope}`);
  const closed = await reader.execute<{ confirmed: number; unverified: number; other: number }>(sql`select
      count(*) filter (where r.closing = 'confirmed')::int as confirmed,
      count(*) filter (where r.closing = 'unverified')::int as unverified,
      count(*) filter (where r.closing not in ('confirmed', 'unverified'))::int as other
    from cc_request r where not r.sandbox and r.closed_at > ${dayAgo} and r.closed_at <= ${at} and ${scope}`);
  const { confirmed, unverified, other } = closed.rows[0]!;
  return {
    queues: counted,
    breachesInADay: await breachSize(reader, actor, now, 24),
    awaitingModeration: await moderationSize(reader, actor),
    registeredInADay: Number(made.rows[0]!.n),
    closedInADay: { confirmed: Number(confirmed), unverified: Number(unverified), other: Number(other) },
  };
}

export interface MapFilter {
  /** `open`, a state, or `closed:confirmed` and its like. */
  readonly state?: string;
  readonly branch?: string;
  readonly class?: RequestClass;
  readonly organisation?: string;
  readonly from?: Date;
  readonly to?: Date;
}

export interface Cluster {
  readonly count: number;
  /** Middle of what it holds. */
  readonly lat: number;
  readonly lon: number;
  /** Of a cluster of one. */
  readonly number: string | null;
  readonly state: State | null;
}

export interface Clusters {
  readonly clusters: readonly Cluster[];
  /** Sum of all counts: everything published in the box that fits. */
  readonly total: number;
  /** Metres of a cell's side; larger than asked for when there would have been too many. */
  readonly cell: number;
}

const mostCells = 1024;

/** Published requests in a box of the map, gathered in square cells: their counts add up to what SQL counts there. */
export async function clusters(
  reader: Reader,
  input: {
    readonly bbox: Box;
    readonly cell: number;
    readonly filter?: MapFilter;
    readonly centre: Position;
  },
): Promise<Clusters> {
  const { bbox, centre } = input;
  const low = toMetres(centre, { lon: bbox.west, lat: bbox.south });
  const high = toMetres(centre, { lon: bbox.east, lat: bbox.north });
  let cell = Math.max(input.cell, 1);
  while (((high.x - low.x) / cell) * ((high.y - low.y) / cell) > mostCells) cell *= 2;
  const perDegree = toMetres(centre, { lon: centre[0] + 1, lat: centre[1] + 1 });
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select count(*)::int as count, avg(r.public_lat) as lat, avg(r.public_lon) as lon,
      any_value(r.number) as number, any_value(r.state) as state
    from cc_request r where ${onMap(input)}
    group by floor((r.public_lon - ${centre[0]}::float8) * ${perDegree.x / cell}::float8)::int,
      floor((r.public_lat - ${centre[1]}::float8) * ${perDegree.y / cell}::float8)::int
    order by count desc, lat, lon`);
  const found = rows.map((row) => {
    const count = Number(row.count);
    return {
      count,
      lat: Number(row.lat),
      lon: Number(row.lon),
      number: count === 1 ? String(row.number) : null,
      state: count === 1 ? (row.state as State) : null,
    };
  });
  return { clusters: found, total: found.reduce((sum, one) => sum + one.count, 0), cell };
}

/** States of which the index of open pins holds all that the map asks. */
const atRest = new Set(['closed', 'merged']);
const isOpen = ({ state }: MapFilter): boolean =>
  state !== undefined && !state.startsWith('closed:') && !atRest.has(state);

/**
 * Degrees decide. Open pins have an index by degrees that holds every column asked for; of the others the box in metres, a
 * metre wider for rounding, finds the candidates.
 */
function onMap(input: { bbox: Box; filter?: MapFilter; centre: Position }): SQL {
  const { west, south, east, north } = input.bbox;
  const filter = input.filter ?? {};
  const low = toMetres(input.centre, { lon: west, lat: south });
  const high = toMetres(input.centre, { lon: east, lat: north });
  const around = `(${low.x - 1},${low.y - 1}),(${high.x + 1},${high.y + 1})`;
  const candidates = isOpen(filter)
    ? sql`r.state not in ('closed', 'merged')`
    : sql`r.public_place <@ ${around}::box`;
  return sql`${candidates} and r.publication = 'published' and not r.sandbox
    and r.regime = 'service' and r.public_lon >= ${west} and r.public_lon < ${east}
    and r.public_lat >= ${south} and r.public_lat < ${north} and ${publicFilter(filter)}`;
}

function publicFilter(filter: MapFilter): SQL {
  const parts: SQL[] = [sql`true`];
  if (filter.state === 'open') parts.push(sql`r.state not in ('closed', 'merged')`);
  else if (filter.state?.startsWith('closed:')) parts.push(sql`r.closing = ${filter.state.slice(7)}`);
  else if (filter.state) parts.push(sql`r.state = ${filter.state}`);
  if (filter.branch) parts.push(inBranch(filter.branch));
  if (filter.class) parts.push(sql`r.class = ${filter.class}`);
  if (filter.organisation) parts.push(sql`r.organisation = ${filter.organisation}`);
  if (filter.from) parts.push(sql`r.created_at >= ${filter.from.toISOString()}::timestamptz`);
  if (filter.to) parts.push(sql`r.created_at < ${filter.to.toISOString()}::timestamptz`);
  return sql.join(parts, sql` and `);
}

/** One line of the public file. */
export interface ExportRow {
  readonly number: string;
  readonly state: State;
  readonly closing: Closing | null;
  readonly result: string | null;
  readonly category: string;
  readonly branch: string;
  readonly class: RequestClass;
  readonly text: string | null;
  readonly address: string | null;
  readonly district: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly organisation: string | null;
  readonly reporters: number;
  readonly reworks: number;
  readonly master: string | null;
  readonly source: string;
  readonly createdAt: Date;
  readonly claimedAt: Date | null;
  readonly due: Date | null;
  readonly closedAt: Date | null;
  readonly updatedAt: Date;
}

/**
 * Everything published, oldest first, batch by batch: memory stays the same however long it is, and a slow reader holds
 * no transaction open.
 */
export async function* exportRows(
  reader: Reader,
  filter: MapFilter = {},
  batch = 2000,
): AsyncGenerator<ExportRow> {
  let key: readonly [string, string] | null = null;
  for (;;) {
    const after: SQL = key
      ? sql`(r.created_at, r.number) > (${key[0]}::timestamptz, ${key[1]}::text)`
      : sql`true`;
    const { rows }: { rows: Record<string, unknown>[] } = await reader.execute(sql`
      select r.number, r.state, r.closing, r.result, r.category, r.branch, r.class, r.public_text, r.public_address,
        r.district, r.public_lat, r.public_lon, r.organisation, r.reporters, r.rework_count, r.master, r.source,
        r.created_at, r.claimed_at, r.fix_due, r.closed_at, r.updated_at, r.created_at::text as key
      from cc_request r
      where r.publication = 'published' and r.regime = 'service' and not r.sandbox
        and ${publicFilter(filter)} and ${after}
      order by r.created_at, r.number limit ${batch}`);
    for (const row of rows) yield toExport(row);
    const last = rows.at(-1);
    if (!last || rows.length < batch) return;
    key = [String(last.key), String(last.number)];
  }
}

const word = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
const instant = (value: unknown): Date | null => (value ? new Date(String(value)) : null);

function toExport(row: Record<string, unknown>): ExportRow {
  return {
    number: String(row.number),
    state: row.state as State,
    closing: row.closing as Closing | null,
    result: word(row.result),
    category: String(row.category),
    branch: String(row.branch),
    class: row.class as RequestClass,
    text: word(row.public_text),
    address: word(row.public_address),
    district: word(row.district),
    lat: number(row.public_lat),
    lon: number(row.public_lon),
    organisation: word(row.organisation),
    reporters: Number(row.reporters),
    reworks: Number(row.rework_count),
    master: word(row.master),
    source: String(row.source),
    createdAt: instant(row.created_at)!,
    claimedAt: instant(row.claimed_at),
    due: instant(row.fix_due),
    closedAt: instant(row.closed_at),
    updatedAt: instant(row.updated_at)!,
  };
}
