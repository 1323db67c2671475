import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from './city.ts';
import { act } from './moves.ts';
import { permission } from './permissions.ts';
import { type Decision, route } from './routing.ts';
import { coveringContracts } from './routing-facts.ts';
import { type DryRunReport, factsOf, isByWords, type Stored } from './rule-drafts.ts';
import type { State } from './states.ts';

/** An open request that the rules in force would send elsewhere. */
export interface Rerouted {
  readonly number: string;
  readonly version: number;
  readonly state: State;
  readonly category: string;
  readonly from: string | null;
  readonly to: string;
  readonly unit: string | null;
  readonly decision: Decision;
}

export interface Rerouting {
  readonly requests: readonly Rerouted[];
  readonly groups: DryRunReport['moved'];
  /** More than one act moves at a time: the rest is told after it. */
  readonly more: boolean;
  /** Of exactly this list and these rules; the act does what was previewed or nothing. */
  readonly digest: string;
}

/** How many requests one act moves. */
export const atOnce = 500;
const batch = 2_000;

/**
 * Which open requests the rules in force would send elsewhere if they came now. Only where nobody has begun to work and no
 * person has decided: what an operator assigned or a dispatcher returned stays as people left it.
 */
export async function previewReroute(reader: Reader, now: Date): Promise<Rerouting> {
  const city = await readCity(reader);
  const requests: Rerouted[] = [];
  let last = '';
  let more = false;
  for (;;) {
    const rows = await openRequests(reader, now, last);
    for (const row of rows) {
      if (isByWords(row, city)) continue;
      const decision = route(city.rules, factsOf(row, city, now));
      const to = decision.organisation;
      if (to === null || (to === row.organisation && decision.unit === row.unit)) continue;
      if (requests.length === atOnce) {
        more = true;
        break;
      }
      const { number, version, state, category } = row;
      requests.push({
        number,
        version,
        state,
        category,
        from: row.organisation,
        to,
        unit: decision.unit,
        decision,
      });
    }
    if (more || rows.length < batch) break;
    last = rows.at(-1)!.number;
  }
  const groups = new Map<string, { from: string | null; to: string | null; count: number }>();
  for (const { from, to } of requests) {
    const key = JSON.stringify([from, to]);
    groups.set(key, { from, to, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  const digest = createHash('sha256')
    .update(
      JSON.stringify([
        city.rules.version,
        requests.map(({ number, version, to, unit }) => [number, version, to, unit]),
      ]),
    )
    .digest('hex');
  return { requests, groups: [...groups.values()].sort((a, b) => b.count - a.count), more, digest };
}

/**
 * Moves the open requests of a preview to where the rules in force send them: each by a move of its own, with its history,
 * its message and the decision in words.
 *
 * @returns how many moved. @throws Forbidden; Conflict `stale` when the list is no longer the previewed one.
 */
export async function rerouteOpen(work: Work, digest: string): Promise<number> {
  mustBeAble(work.actor, permission('rule_publish'));
  mustBeAble(work.actor, permission('reassign'));
  const preview = await previewReroute(work.tx, work.clock.now());
  if (preview.digest !== digest)
    throw new Conflict('stale', 'requests or rules have changed since the preview');
  for (const { number, version, to, unit, decision } of preview.requests)
    await act(work, number, 'assign', {
      version,
      organisation: to,
      ...(unit ? { unit } : {}),
      reason: `${decision.rule} v${decision.version}`,
      decision,
    });
  await audit(work, {
    action: permission('rule_publish'),
    resource: 'rules:open-requests',
    detail: { moved: preview.requests.length, digest },
  });
  return preview.requests.length;
}

interface OpenRequest extends Stored, Record<string, unknown> {
  readonly number: string;
  readonly version: number;
  readonly state: State;
  readonly organisation: string | null;
  readonly unit: string | null;
}

async function openRequests(reader: Reader, now: Date, after: string): Promise<OpenRequest[]> {
  const { rows } = await reader.execute<OpenRequest>(sql`
    select r.number, r.version, r.state, r.category, r.branch, r.class, r.regime, r.source, r.district, r.building,
      r.asset, r.lat, r.lon, r.organisation, r.unit, b.owner, t.keeper,
      ${coveringContracts(sql`r`, sql`(${now.toISOString()}::timestamptz at time zone 'Europe/Kyiv')::date`)} as contracts
    from cc_request r left join cc_building b on b.id = r.building left join cc_asset t on t.id = r.asset
    where r.state in ('triage', 'assigned', 'accepted') and not r.sandbox and r.return_count = 0 and r.number > ${after}
      and (r.state = 'triage' or exists (select 1 from cc_assignment a
        where a.request = r.number and a.role = 'main' and a.closed_at is null and a.decision->>'rule' is not null))
    order by r.number limit ${batch}`);
  return rows;
}
