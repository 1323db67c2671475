import { type SQL, sql } from 'drizzle-orm';
import { type Calendar, isWorkingDay, localDate, localTime, weekday } from '#platform/calendar/index.ts';
import { type Area, covers } from '#platform/geo/index.ts';
import type { Regime, RequestClass } from './city-data.ts';
import type { Facts } from './routing.ts';

/** What is known of a place; null is unknown. */
export interface PlaceFacts {
  readonly district: string | null;
  readonly building: string | null;
  /** Who keeps the building. */
  readonly owner: string | null;
  readonly asset: string | null;
  /** Who keeps the thing. */
  readonly keeper: string | null;
  /** Codes of the areas that hold the point; null without a point. */
  readonly zones: readonly string[] | null;
  /** Contracts for the building or the thing that are valid that day. */
  readonly contracts: readonly Covering[] | null;
}

/** A contract as rules ask for it. */
export interface Covering {
  readonly organisation: string;
  readonly number: string;
  readonly branch: string;
  readonly from: string;
  /** Set where it covers the thing and not the house. */
  readonly asset?: string | null;
}

/**
 * Contracts for the house or the thing of a request on a day, as `Covering`; null for none.
 *
 * @param request alias of the row with `building` and `asset`. @param day an expression of a date.
 */
export function coveringContracts(request: SQL, day: SQL): SQL {
  const covering = (
    where: SQL,
  ) => sql`(select jsonb_agg(jsonb_build_object('organisation', c.organisation, 'number', c.number,
      'branch', c.branch, 'from', c.valid_from, 'asset', c.asset) order by c.id)
    from cc_contract c where ${where} and ${day} between c.valid_from and coalesce(c.valid_to, 'infinity'))`;
  // Most are about no thing: one look into one index.
  return sql`case when ${request}.asset is null then ${covering(sql`c.building = ${request}.building`)}
    else ${covering(sql`(c.building = ${request}.building or c.asset = ${request}.asset)`)} end`;
}

/** What a request is, as rules ask for it. */
export interface Asked {
  readonly category: string;
  /** Branches above the category, nearest first. */
  readonly branches: readonly string[];
  readonly class: RequestClass;
  readonly regime: Regime;
  readonly source: string;
}

/** Everything that the rules are asked about, as if the request came at that moment. A contract for the thing goes before one for the house. */
export function factsFor(asked: Asked, place: PlaceFacts, at: Date, calendar: Calendar): Facts {
  const { contracts, ...known } = place;
  const { category, branches, class: urgency, regime, source } = asked;
  const today = localDate(at);
  const ours = (contracts ?? []).filter(({ branch }) => branches.includes(branch));
  const contract = ours.find(({ asset }) => asset) ?? ours[0];
  return {
    ...known,
    category,
    branches,
    class: urgency,
    regime,
    source,
    contractor: contract
      ? { organisation: contract.organisation, number: contract.number, from: contract.from }
      : null,
    localTime: localTime(at),
    weekday: weekday(today),
    dayOff: !isWorkingDay(calendar, today),
  };
}

/** Codes of the areas that hold the point; null where there is none. */
export function zonesAt(
  zones: readonly Area[],
  point: { readonly lat: number | null; readonly lon: number | null },
): string[] | null {
  const { lat, lon } = point;
  if (lat === null || lon === null) return null;
  return zones.filter((zone) => covers(zone, { lat, lon })).map(({ code }) => code);
}
