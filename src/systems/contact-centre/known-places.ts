import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { assetsNamed } from './assets.ts';
import type { Decision, Names } from './routing.ts';

/** Of these buildings, those that the city knows. */
export const knownBuildings = (reader: Reader, ids: readonly string[]): Promise<Set<string>> =>
  known(reader, 'cc_building', ids);

/** Of these things, those that the city knows. */
export const knownAssets = (reader: Reader, ids: readonly string[]): Promise<Set<string>> =>
  known(reader, 'cc_asset', ids);

/** How the houses and things that a decision speaks of are called. */
export async function placesOf(
  reader: Reader,
  decision: Pick<Decision, 'tested'>,
): Promise<Pick<Names, 'buildings' | 'assets'>> {
  const factOf = (wanted: string) => {
    const value = decision.tested.find(({ condition, holds }) => holds && condition === wanted)?.value;
    return typeof value === 'string' ? value : null;
  };
  const [building, asset] = [factOf('buildings'), factOf('assets')];
  const { rows } = building
    ? await reader.execute<{ address: string }>(sql`select address from cc_building where id = ${building}`)
    : { rows: [] };
  return {
    ...(rows[0] ? { buildings: new Map([[building!, rows[0].address]]) } : {}),
    ...(asset ? { assets: await assetsNamed(reader, [asset]) } : {}),
  };
}

async function known(
  reader: Reader,
  table: 'cc_building' | 'cc_asset',
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await reader.execute<{ id: string }>(sql`select id from ${sql.identifier(table)}
    where id in (select value from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`);
  return new Set(rows.map(({ id }) => id));
}
