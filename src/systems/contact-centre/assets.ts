import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { near, type Position, toMetres } from '#platform/geo/index.ts';
import type { Text } from '#platform/i18n/index.ts';

/** A thing of the city as people choose it. */
export interface Asset {
  readonly id: string;
  /** What it is and its number: «Опора освітлення 214-7». */
  readonly name: Text;
  /** From the place that was told; null where none was. */
  readonly metres: number | null;
}

/** Name and number of `a`, a row of cc_asset. */
export const assetName = sql`jsonb_build_object('uk', concat_ws(' ', a.name->>'uk', a.number), 'en', concat_ws(' ', a.name->>'en', a.number))`;

/** Metres around a place within which a thing may be meant. */
const within = 150;
const mostShown = 7;

/**
 * The things of these branches around a point, nearest first.
 *
 * @param branches those above a category, nearest first.
 */
export async function assetsNear(
  reader: Reader,
  branches: readonly string[],
  point: { readonly lat: number; readonly lon: number },
  centre: Position,
): Promise<Asset[]> {
  const { where, distance, order } = near(sql`a.place`, toMetres(centre, point), within);
  const { rows } = await reader.execute<{ id: string; name: Text; metres: number }>(sql`
    select a.id, ${assetName} as name, ${distance} as metres from cc_asset a
    where ${where} and a.branch in (select jsonb_array_elements_text(${JSON.stringify(branches)}::jsonb)) order by ${order} limit ${mostShown}`);
  return rows.map(({ id, name, metres }) => ({ id, name, metres: Number(metres) }));
}

/**
 * The thing with a number, as it is written on it; null for none. The same number on several things means the nearest to the
 * point, and nothing where no point is known.
 */
export async function assetByNumber(
  reader: Reader,
  branches: readonly string[],
  number: string,
  point: { readonly lat: number; readonly lon: number } | null,
  centre: Position,
): Promise<Asset | null> {
  const { rows } = await reader.execute<{ id: string; name: Text }>(sql`
    select a.id, ${assetName} as name from cc_asset a
    where a.branch in (select jsonb_array_elements_text(${JSON.stringify(branches)}::jsonb)) and upper(a.number) = upper(${number.trim()})
    order by ${point ? near(sql`a.place`, toMetres(centre, point), within).order : sql`a.id`} limit 2`);
  if (!rows[0] || (rows.length > 1 && !point)) return null;
  return { ...rows[0], metres: null };
}

/** What things are called, by their id; those that the city does not know are left out. */
export async function assetsNamed(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Text>> {
  if (ids.length === 0) return new Map();
  const { rows } = await reader.execute<{
    id: string;
    name: Text;
  }>(sql`select a.id, ${assetName} as name from cc_asset a
    where a.id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
