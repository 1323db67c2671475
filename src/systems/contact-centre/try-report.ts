import { type SQL, sql } from 'drizzle-orm';
import { localDate } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { areaAt } from '#platform/geo/index.ts';
import type { Text } from '#platform/i18n/index.ts';
import { assetName } from './assets.ts';
import { readCity } from './city.ts';
import type { Regime, RequestClass, RuleData } from './city-data.ts';
import { type Decision, type Facts, inOrder, matches, route } from './routing.ts';
import { type Covering, factsFor, zonesAt } from './routing-facts.ts';

/** A report that nobody sent. */
export interface FictiveReport {
  readonly category: string;
  readonly building?: string;
  /** Id of a thing. */
  readonly asset?: string;
  readonly district?: string;
  readonly at: Date;
  readonly class?: RequestClass;
  readonly regime?: Regime;
  readonly source: string;
}

export interface Tried {
  readonly decision: Decision;
  readonly facts: Facts;
  readonly address: string | null;
  /** The thing with its number. */
  readonly thing: Text | null;
  /** Rules after the one that took it that would have taken it too, in their order. */
  readonly behind: readonly RuleData[];
}

/**
 * What a rule set would do with a report, and why. Nothing is stored.
 *
 * @param version of the rules; those in force unless given. @throws NotFound for an unknown category, building or version.
 */
export async function tryReport(reader: Reader, report: FictiveReport, version?: number): Promise<Tried> {
  const city = await readCity(reader);
  const current = city.leaves.get(report.category);
  if (!current) throw new NotFound('category');
  const set = version === undefined ? city.rules : await rulesOf(reader, version);
  const day = localDate(report.at);
  const place = report.building ? await placeOf(reader, report.building, day) : null;
  if (report.building && !place) throw new NotFound('building');
  const thing = report.asset ? await assetOf(reader, report.asset, day) : null;
  if (report.asset && !thing) throw new NotFound('asset');
  const point = thing ?? place ?? { lat: null, lon: null };
  const facts = factsFor(
    {
      category: report.category,
      branches: current.branches,
      class: report.class ?? current.leaf.class,
      regime: report.regime ?? current.leaf.regime ?? 'service',
      source: report.source,
    },
    {
      district:
        place?.district ?? report.district ?? (thing ? (areaAt(city.districts, thing)?.code ?? null) : null),
      zones: zonesAt(city.zones, point),
      building: report.building ?? null,
      owner: place?.owner ?? null,
      asset: report.asset ?? null,
      keeper: thing?.keeper ?? null,
      contracts: [...(thing?.contracts ?? []), ...(place?.contracts ?? [])],
    },
    report.at,
    city.calendar,
  );
  const decision = route(set, facts);
  const order = inOrder(set.rules);
  const taken = order.findIndex(({ id }) => id === decision.rule);
  const behind = decision.rule === null ? [] : order.slice(taken + 1).filter((rule) => matches(rule, facts));
  return { decision, facts, address: place?.address ?? null, thing: thing?.name ?? null, behind };
}

async function rulesOf(reader: Reader, version: number) {
  const { rows } = await reader.execute<{ version: number; rules: RuleData[] }>(
    sql`select version, rules from cc_rule_set where version = ${version}`,
  );
  if (!rows[0]) throw new NotFound('rule set');
  return rows[0];
}

interface Place extends Record<string, unknown> {
  readonly address: string;
  readonly district: string;
  readonly owner: string | null;
  readonly lat: number;
  readonly lon: number;
  readonly contracts: readonly Covering[] | null;
}

interface Thing extends Record<string, unknown> {
  readonly name: Text;
  readonly keeper: string | null;
  readonly lat: number;
  readonly lon: number;
  readonly contracts: readonly Covering[] | null;
}

const contractsOf = (
  where: SQL,
  day: string,
) => sql`(select jsonb_agg(jsonb_build_object('organisation', c.organisation,
    'number', c.number, 'branch', c.branch, 'from', c.valid_from, 'asset', c.asset) order by c.id)
  from cc_contract c where ${where} and ${day}::date between c.valid_from and coalesce(c.valid_to, 'infinity'))`;

async function placeOf(reader: Reader, building: string, day: string): Promise<Place | null> {
  const { rows } = await reader.execute<Place>(sql`select b.address, b.district, b.owner, b.lat, b.lon,
      ${contractsOf(sql`c.building = b.id`, day)} as contracts
    from cc_building b where b.id = ${building}`);
  return rows[0] ?? null;
}

async function assetOf(reader: Reader, asset: string, day: string): Promise<Thing | null> {
  const { rows } = await reader.execute<Thing>(sql`select ${assetName} as name, a.keeper, a.lat, a.lon,
      ${contractsOf(sql`c.asset = a.id`, day)} as contracts
    from cc_asset a where a.id = ${asset}`);
  return rows[0] ?? null;
}
