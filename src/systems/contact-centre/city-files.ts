import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { type Config, ConfigError } from '#platform/config/index.ts';
import type { CityPart } from '#platform/system.ts';
import { systemActor } from '#platform/work.ts';
import { hasCity, loadCityData } from './city.ts';
import type { CityData } from './city-data.ts';
import { citySchemas, danglingReference } from './city-schema.ts';

/** Cities that the code brings: each folder of city/ is one. */
const brought = import.meta.glob<CityData>('../../../city/*/index.ts', { import: 'contactCentreData' });

/** The files of a folder of city data, by the part that each holds; only `city.json` must be there. */
const files: Readonly<Record<keyof CityData, string>> = {
  city: 'city.json',
  organisations: 'organisations.json',
  units: 'units.json',
  districts: 'districts.json',
  buildings: 'buildings.json',
  streetAliases: 'street-aliases.json',
  assets: 'assets.json',
  zones: 'zones.json',
  contracts: 'contracts.json',
  categories: 'categories.json',
  rules: 'rules.json',
  articles: 'articles.json',
  templates: 'templates.json',
  ground: 'ground.json',
};
const parts = Object.keys(files) as (keyof CityData)[];

/** The city's data for the contact centre. */
export const cityPart: CityPart = {
  async check(config) {
    await cityDataOf(config);
  },
  async load(platform) {
    if (await hasCity(platform.db)) return;
    const data = await cityDataOf(platform.config);
    if (!data) return;
    await platform.work(systemActor('city data'), async (work) => {
      // Of processes that start together one brings the city in.
      await work.tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('city data', 12))`);
      if (!(await hasCity(work.tx))) await loadCityData(work, data);
    });
  },
  isThere: hasCity,
};

/**
 * The data of the city that MISTO_CITY names; null when it names none.
 *
 * @throws ConfigError in one line, with the file and the place in it.
 */
export async function cityDataOf({ city }: Pick<Config, 'city'>): Promise<CityData | null> {
  if (city === null) return null;
  if (city.startsWith('/') || /^[a-z]:/i.test(city)) return readCityFolder(city);
  const load = brought[`../../../city/${city}/index.ts`];
  if (load) return load();
  const known = Object.keys(brought).map((path) => path.split('/').at(-2));
  throw new ConfigError(
    `MISTO_CITY: there is no city "${city}" here; name ${known.join(', ')}, or the path of a folder of city data (docs/city-data.md).`,
  );
}

/**
 * Reads a folder of city data: a JSON file for each part.
 *
 * @throws ConfigError naming the file and the first thing in it that is wrong.
 */
export function readCityFolder(folder: string): CityData {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new ConfigError(`MISTO_CITY: there is no folder ${folder}.`);
  const strange = readdirSync(folder).find(
    (name) => name.endsWith('.json') && !Object.values(files).includes(name),
  );
  if (strange)
    throw new ConfigError(
      `MISTO_CITY: nothing reads ${join(folder, strange)}; the files are ${Object.values(files).join(', ')}.`,
    );
  const data = Object.fromEntries(parts.map((part) => [part, readPart(folder, part)])) as unknown as CityData;
  const dangling = danglingReference(data);
  if (dangling) throw new ConfigError(`MISTO_CITY: ${join(folder, files[dangling.part])}: ${dangling.what}.`);
  return data;
}

function readPart(folder: string, part: keyof CityData): unknown {
  const path = join(folder, files[part]);
  if (!existsSync(path)) {
    if (part === 'city') throw new ConfigError(`MISTO_CITY: there is no ${path}.`);
    return part === 'ground' ? undefined : [];
  }
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`MISTO_CITY: ${path} is no JSON (${(error as Error).message}).`);
  }
  const parsed = citySchemas[part].safeParse(json);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0]!;
  throw new ConfigError(`MISTO_CITY: ${path}: ${place.join('.') || 'the whole'}: ${message}.`);
}

/** Writes a city's data as such a folder. @throws Error when the folder holds something already. */
export function writeCityFolder(data: CityData, folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`);
  for (const part of parts)
    if (data[part])
      writeFileSync(join(folder, files[part]), `${JSON.stringify(data[part], null, 2)}\n`, { flag: 'wx' });
}
