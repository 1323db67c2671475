import { setImmediate } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, NotFound } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Work } from '#platform/work.ts';
import { type City, readCity } from './city.ts';
import type { Regime, RequestClass, RuleData, ZoneData } from './city-data.ts';
import { permission } from './permissions.ts';
import { type Facts, inOrder, isKnownByWords, matches, route } from './routing.ts';
import { type Covering, coveringContracts, factsFor, zonesAt } from './routing-facts.ts';

/** What a rule set would have done with the requests of a period. */
export interface DryRunReport {
  readonly requests: number;
  /** How many would have gone elsewhere, from whom to whom; null is triage. */
  readonly moved: readonly {
    readonly from: string | null;
    readonly to: string | null;
    readonly count: number;
  }[];
  /** The newest of those requests. */
  readonly movedList: readonly {
    readonly number: string;
    readonly from: string | null;
    readonly to: string | null;
    readonly rule: string | null;
  }[];
  /** Requests that no rule takes, by category. */
  readonly unroutable: readonly { readonly category: string; readonly count: number }[];
  readonly load: readonly {
    readonly organisation: string;
    readonly before: number;
    readonly after: number;
  }[];
  /** Rules that took no request though none before them took what they were made for. */
  readonly neverHit: readonly string[];
  /** Rules that took no request because others before them took all that they would have. */
  readonly shadowed: readonly { readonly rule: string; readonly by: readonly string[] }[];
}

export interface DryRun {
  readonly id: string;
  readonly version: number;
  readonly from: Date;
  readonly to: Date;
  readonly report: DryRunReport;
}

const listed = 500;
const batch = 5_000;
const breath = 200;

/** Stores rules as a new draft and returns its version; nothing is routed by it. */
export async function saveDraft(
  work: Work,
  draft: { readonly rules: readonly RuleData[]; readonly note?: string },
): Promise<number> {
  mustBeAble(work.actor, permission('rule_write'));
  const city = await readCity(work.tx);
  const broken = faultsOf(draft.rules, city);
  if (broken.length) throw new Conflict('rules', broken.join('; '), { faults: broken });
  const { rows } = await work.tx.execute<{ version: number }>(sql`
    insert into cc_rule_set (version, status, rules, author, author_name, editors, made_at, note)
    select coalesce(max(version), 0) + 1, 'draft', ${JSON.stringify(draft.rules)}::jsonb, ${who(work)}, ${work.actor.name},
      ${JSON.stringify([who(work)])}::jsonb, ${work.clock.now().toISOString()}::timestamptz, ${draft.note ?? null} from cc_rule_set
    returning version`);
  const { version } = rows[0]!;
  await audit(work, { action: permission('rule_write'), resource: `rules:${version}` });
  return version;
}

/**
 * Routes the requests of the last twelve months by a rule set, with the facts of their day, and keeps the report. Contracts
 * are those valid when the request came, and a building is kept by whoever kept it then.
 *
 * @throws NotFound
 */
export async function dryRun(work: Work, version: number): Promise<DryRun> {
  mustBeAble(work.actor, permission('rule_write'));
  const set = await readSet(work, version);
  const city = await readCity(work.tx);
  const to = work.clock.now();
  const from = new Date(to);
  from.setUTCFullYear(from.getUTCFullYear() - 1);
  const report = await tryOut(work.tx, city, set, from, to);
  const { rows } = await work.tx.execute<{ id: string }>(sql`
    insert into cc_dry_run (rule_version, rules_hash, period_from, period_to, report, made_by, made_at)
    values (${version}, ${set.hash}, ${from.toISOString()}::timestamptz, ${to.toISOString()}::timestamptz,
      ${JSON.stringify(report)}::jsonb, ${who(work)}, ${to.toISOString()}::timestamptz)
    returning id`);
  await audit(work, {
    action: permission('rule_write'),
    resource: `rules:${version}`,
    detail: { dryRun: rows[0]!.id },
  });
  return { id: rows[0]!.id, version, from, to, report };
}

/** Notes that somebody has read the report; the first reading counts. */
export async function markRead(work: Work, dryRunId: string): Promise<void> {
  mustBeAble(work.actor, permission('rule_write'));
  const { rows } = await work.tx.execute<{ version: number }>(sql`
    update cc_dry_run set read_by = coalesce(read_by, ${who(work)}),
      read_at = coalesce(read_at, ${work.clock.now().toISOString()}::timestamptz)
    where id::text = ${dryRunId} and status = 'done' returning rule_version as version`);
  if (!rows[0]) throw new NotFound('dry run');
  await audit(work, {
    action: permission('rule_write'),
    resource: `rules:${rows[0].version}`,
    detail: { read: dryRunId },
  });
}

/**
 * Lets a draft route from now on. Requests that are open stay where they are.
 *
 * @throws Conflict `not-draft`; `dry-run` unless a dry run of exactly these rules was read; `same-person` when the author
 *   publishes and the city has not allowed that.
 */
export async function publish(work: Work, version: number): Promise<void> {
  mustBeAble(work.actor, permission('rule_publish'));
  const set = await readSet(work, version);
  if (set.status !== 'draft')
    throw new Conflict('not-draft', `version ${version} is ${set.status}; only a draft can be published`);
  const { rows: read } = await work.tx.execute(sql`
    select 1 from cc_dry_run where rule_version = ${version} and rules_hash = ${set.hash} and read_at is not null limit 1`);
  if (!read.length)
    throw new Conflict('dry-run', `run version ${version} over past requests and read the report first`);
  const { settings } = await readCity(work.tx);
  const authors = [set.author, ...set.editors];
  if (authors.includes(who(work)) && !settings.authorMayPublish)
    throw new Conflict('same-person', 'somebody other than the author must publish the rules');
  await makeCurrent(work, version);
}

/**
 * Puts the rules that were in force before back into force, in one act; returns their version.
 *
 * @param from version that the person takes to be in force. @throws Conflict `stale` when it is another one; `first-rules`.
 */
export async function rollBack(work: Work, from?: number): Promise<number> {
  mustBeAble(work.actor, permission('rule_publish'));
  const current = await work.tx.execute<{ version: number }>(
    sql`select version from cc_rule_set where status = 'published' for update`,
  );
  if (from !== undefined && current.rows[0]?.version !== from)
    throw new Conflict('stale', 'other rules are in force meanwhile');
  // Told by when they were first published, so that a second roll-back goes further back and not forth again.
  const { rows } = await work.tx.execute<{ version: number }>(sql`
    select version from cc_rule_set where status = 'retired'
      and published_at < (select published_at from cc_rule_set where status = 'published')
    order by published_at desc limit 1`);
  if (!rows[0]) throw new Conflict('first-rules', 'there were no rules before these');
  await makeCurrent(work, rows[0].version);
  return rows[0].version;
}

interface StoredSet extends Record<string, unknown> {
  readonly version: number;
  readonly status: 'draft' | 'published' | 'retired';
  readonly rules: RuleData[];
  readonly author: string;
  /** Everybody who has written on the draft, the author too. */
  readonly editors: string[];
  /** Of the rules: a dry run counts for exactly these, and an edit begins from exactly these. */
  readonly hash: string;
}

/** A rule set locked until the work ends. @throws NotFound */
export async function readSet(work: Work, version: number): Promise<StoredSet> {
  const { rows } = await work.tx.execute<StoredSet>(sql`
    select version, status, rules, author, editors, ${rulesHash} as hash
    from cc_rule_set where version = ${version} for update`);
  if (!rows[0]) throw new NotFound('rule set');
  return rows[0];
}

export const rulesHash = sql`encode(sha256(convert_to(rules::text, 'UTF8')), 'hex')`;

async function makeCurrent(work: Work, version: number): Promise<void> {
  const now = work.clock.now().toISOString();
  await work.tx.execute(sql`update cc_rule_set set status = 'retired' where status = 'published'`);
  await work.tx.execute(sql`update cc_rule_set set status = 'published', publisher = coalesce(publisher, ${who(work)}),
    publisher_name = coalesce(publisher_name, ${work.actor.name}), published_at = coalesce(published_at, ${now}::timestamptz) where version = ${version}`);
  await work.tx.execute(sql`update cc_data set version = version + 1, changed_at = ${now}::timestamptz`);
  await audit(work, { action: permission('rule_publish'), resource: `rules:${version}` });
  await emit(work, 'contact-centre.rules.published', { version });
}

/** How the author of rules is remembered. */
export const who = (work: Work): string => work.actor.id ?? work.actor.name;

function faultsOf(rules: readonly RuleData[], city: City): string[] {
  const ids = rules.map(({ id }) => id);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `${id}: twice`),
    ...rules.flatMap((rule) =>
      [...(typeof rule.to === 'object' ? [rule.to.organisation] : []), ...(rule.coExecutors ?? [])]
        .filter((id) => !city.organisations.has(id))
        .map((id) => `${rule.id}: no organisation ${id}`),
    ),
    ...rules
      .filter((rule) => rule.unit && !city.units.some(({ id }) => id === rule.unit))
      .map((rule) => `${rule.id}: no unit ${rule.unit}`),
  ];
}

/** What is stored of a request that decides where it goes, with the contracts of its day. */
export interface Stored {
  readonly category: string;
  readonly branch: string;
  readonly class: RequestClass;
  readonly regime: Regime;
  readonly source: string;
  readonly district: string | null;
  readonly building: string | null;
  readonly asset: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly owner: string | null;
  readonly keeper: string | null;
  readonly contracts: readonly Covering[] | null;
}

interface Past extends Stored, Record<string, unknown> {
  readonly number: string;
  readonly created_at: string;
  /** To whom it was first sent. */
  readonly sent_to: string | null;
}

/**
 * Routes the requests of a period by a rule set.
 *
 * @param progress told now and then how many requests are done.
 */
export async function tryOut(
  reader: Reader,
  city: City,
  set: { readonly version: number; readonly rules: readonly RuleData[] },
  from: Date,
  to: Date,
  progress?: (done: number) => Promise<void>,
): Promise<DryRunReport> {
  const rules = inOrder(set.rules);
  const zones = await zonesThen(reader, city);
  const hits = new Set<string>();
  const takers = new Map<string, Set<string>>(rules.map(({ id }) => [id, new Set()]));
  const moved = new Map<string, { from: string | null; to: string | null; count: number }>();
  const movedList: DryRunReport['movedList'][number][] = [];
  const unroutable = new Map<string, number>();
  const load = new Map<string, { before: number; after: number }>();
  const loadOf = (organisation: string) => {
    const known = load.get(organisation) ?? { before: 0, after: 0 };
    load.set(organisation, known);
    return known;
  };
  let requests = 0;
  for await (const past of pastRequests(reader, from, to)) {
    requests += 1;
    // People who report meanwhile share this process.
    if (requests % breath === 0) await setImmediate();
    if (progress && requests % batch === 0) await progress(requests);
    if (isByWords(past, city)) continue;
    const at = new Date(past.created_at);
    const facts = factsOf(past, city, at, zones(at));
    const { rule, organisation } = route(set, facts);
    if (past.sent_to) loadOf(past.sent_to).before += 1;
    if (organisation) loadOf(organisation).after += 1;
    if (rule) hits.add(rule);
    else unroutable.set(past.category, (unroutable.get(past.category) ?? 0) + 1);
    if (organisation !== past.sent_to) {
      const key = JSON.stringify([past.sent_to, organisation]);
      const sum = moved.get(key) ?? { from: past.sent_to, to: organisation, count: 0 };
      moved.set(key, { ...sum, count: sum.count + 1 });
      if (movedList.length < listed)
        movedList.push({ number: past.number, from: past.sent_to, to: organisation, rule });
    }
    // A rule that took something is no matter of doubt; the others are asked whether they would have.
    if (rule)
      for (const other of rules)
        if (other.id !== rule && !hits.has(other.id) && matches(other, facts))
          takers.get(other.id)!.add(rule);
  }
  const idle = rules.filter(({ id }) => !hits.has(id)).map(({ id }) => id);
  return {
    requests,
    moved: [...moved.values()].sort((a, b) => b.count - a.count),
    movedList,
    unroutable: [...unroutable]
      .map(([category, count]) => ({ category, count }))
      .sort((a, b) => b.count - a.count),
    load: [...load]
      .map(([organisation, sums]) => ({ organisation, ...sums }))
      .sort((a, b) => b.after - a.after || a.organisation.localeCompare(b.organisation)),
    neverHit: idle.filter((id) => takers.get(id)!.size === 0),
    shadowed: idle
      .filter((id) => takers.get(id)!.size > 0)
      .map((id) => ({ rule: id, by: [...takers.get(id)!] })),
  };
}

/** Newest first, a few thousand at a time, so that a year of a large city fits into memory. */
async function* pastRequests(reader: Reader, from: Date, to: Date): AsyncGenerator<Past> {
  let last: { at: string; number: string } = { at: to.toISOString(), number: '99999999999' };
  for (;;) {
    const { rows } = await reader.execute<Past>(sql`
      with page as (
        select number, created_at, category, branch, class, regime, source, district, building, asset, lat, lon, organisation
        from cc_request
        where not sandbox and created_at >= ${from.toISOString()}::timestamptz
          and (created_at, number) < (${last.at}::timestamptz, ${last.number})
        order by created_at desc, number desc limit ${batch}
      )
      select r.number, r.created_at::text, r.category, r.branch, r.class, r.regime, r.source, r.district, r.building, r.asset, r.lat, r.lon,
        case when o.version is null then b.owner else o.owner end as owner,
        case when k.version is null then t.keeper else k.keeper end as keeper,
        case when h.request is null then r.organisation else h.data->>'organisation' end as sent_to,
        ${coveringContracts(sql`r`, sql`(r.created_at at time zone 'Europe/Kyiv')::date`)} as contracts
      from page r
        left join cc_building b on b.id = r.building
        left join lateral (select v.version, v.body->>'owner' as owner from cc_data_version v
          where v.kind = 'building' and v.id = r.building and coalesce(v.made_at, '-infinity') <= r.created_at
          order by v.version desc limit 1) o on true
        left join cc_asset t on t.id = r.asset
        left join lateral (select v.version, v.body->>'keeper' as keeper from cc_data_version v
          where v.kind = 'asset' and v.id = r.asset and coalesce(v.made_at, '-infinity') <= r.created_at
          order by v.version desc limit 1) k on true
        left join cc_history h on h.request = r.number and h.seq = 2 and h.move in ('route', 'leave_to_triage')
      order by r.created_at desc, r.number desc`);
    yield* rows;
    const end = rows.at(-1);
    if (!end || rows.length < batch) return;
    last = { at: end.created_at, number: end.number };
  }
}

/** Whether the request waits for an operator whatever the rules say. */
export function isByWords(past: Stored, city: City): boolean {
  const leaf = city.leaves.get(past.category)?.leaf;
  return leaf !== undefined && isKnownByWords(leaf, past);
}

/**
 * What the rules are asked about a stored request, as if it came at that moment.
 *
 * @param zones the areas as they were then.
 */
export function factsOf(past: Stored, city: City, at: Date, zones: readonly ZoneData[] = city.zones): Facts {
  const branches = city.leaves.get(past.category)?.branches ?? (past.branch ? [past.branch] : []);
  const {
    category,
    class: urgency,
    regime,
    source,
    district,
    building,
    owner,
    asset,
    keeper,
    contracts,
  } = past;
  return factsFor(
    { category, branches, class: urgency, regime, source },
    { district, building, owner, asset, keeper, contracts, zones: zonesAt(zones, past) },
    at,
    city.calendar,
  );
}

/** The areas as they stood at a moment, by their versions; those that came with the city's files were always there. */
async function zonesThen(reader: Reader, city: City): Promise<(at: Date) => readonly ZoneData[]> {
  const { rows } = await reader.execute<{ id: string; body: ZoneData; at: string | null }>(
    sql`select id, body, made_at::text as at from cc_data_version where kind = 'zone' order by version`,
  );
  if (rows.length === 0) return () => city.zones;
  const versions = rows.map(({ id, body, at }) => ({ id, body, from: at ? new Date(at).getTime() : 0 }));
  const edited = new Set(rows.map(({ id }) => id));
  const untouched = city.zones.filter(({ code }) => !edited.has(code));
  return (at) => {
    const known = new Map(
      versions.filter(({ from }) => from <= at.getTime()).map(({ id, body }) => [id, body]),
    );
    return [...untouched, ...known.values()];
  };
}
