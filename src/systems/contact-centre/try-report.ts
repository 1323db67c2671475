import { sql } from 'drizzle-orm';
import { isWorkingDay, localDate, localTime, weekday } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { readCity } from './city.ts';
import type { Regime, RequestClass, RuleData } from './city-data.ts';
import { type Decision, type Facts, inOrder, matches, route } from './routing.ts';

/** A report that nobody sent. */
export interface FictiveReport {
  readonly category: string;
  readonly building?: string;
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
  const contract = place?.contracts?.find((one) => current.branches.includes(one.branch));
  const facts: Facts = {
    category: report.category,
    branches: current.branches,
    district: place?.district ?? report.district ?? null,
    building: report.building ?? null,
    owner: place?.owner ?? null,
    contractor: contract
      ? { organisation: contract.organisation, number: contract.number, from: contract.from }
      : null,
    class: report.class ?? current.leaf.class,
    regime: report.regime ?? current.leaf.regime ?? 'service',
    source: report.source,
    localTime: localTime(report.at),
    weekday: weekday(day),
    dayOff: !isWorkingDay(city.calendar, day),
  };
  const decision = route(set, facts);
  const order = inOrder(set.rules);
  const taken = order.findIndex(({ id }) => id === decision.rule);
  const behind = decision.rule === null ? [] : order.slice(taken + 1).filter((rule) => matches(rule, facts));
  return { decision, facts, address: place?.address ?? null, behind };
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
  readonly contracts: { organisation: string; number: string; branch: string; from: string }[] | null;
}

async function placeOf(reader: Reader, building: string, day: string): Promise<Place | null> {
  const { rows } = await reader.execute<Place>(sql`select b.address, b.district, b.owner,
      (select jsonb_agg(jsonb_build_object('organisation', c.organisation, 'number', c.number, 'branch', c.branch,
          'from', c.valid_from) order by c.id)
        from cc_contract c where c.building = b.id
          and ${day}::date between c.valid_from and coalesce(c.valid_to, 'infinity')) as contracts
    from cc_building b where b.id = ${building}`);
  return rows[0] ?? null;
}
