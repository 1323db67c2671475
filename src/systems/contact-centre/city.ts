import { sql } from 'drizzle-orm';
import type { Calendar } from '#platform/calendar/index.ts';
import { describeCity } from '#platform/city.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Refusal } from '#platform/errors.ts';
import { pointText, toMetres } from '#platform/geo/index.ts';
import type { Language, Text } from '#platform/i18n/index.ts';
import type { Work } from '#platform/work.ts';
import { loadArticles } from './articles.ts';
import { readCalendar } from './calendar-days.ts';
import type {
  BranchData,
  CategoryData,
  CityData,
  CitySettings,
  DistrictData,
  LeafData,
  OrganisationData,
  RuleData,
  UnitData,
  ZoneData,
} from './city-data.ts';
import type { LawTermCode, LawTermData } from './law-terms.ts';
import { factsOf } from './phones.ts';
import { loadTemplates } from './templates.ts';

/** A leaf as it stands now, with the branches above it, nearest first. */
export interface CurrentLeaf {
  readonly leaf: LeafData;
  readonly version: number;
  readonly branches: readonly string[];
}

export interface RuleSet {
  readonly version: number;
  readonly rules: readonly RuleData[];
}

/** What the city has decided, as of one version of its data. */
export interface City {
  readonly version: number;
  readonly settings: CitySettings;
  /** By code, in the order of the tree. */
  readonly leaves: ReadonlyMap<string, CurrentLeaf>;
  readonly branches: ReadonlyMap<string, BranchData>;
  /** Those that may get something new. */
  readonly organisations: ReadonlyMap<string, OrganisationData>;
  readonly units: readonly UnitData[];
  /** Also those that are active no more: whoever did an old request keeps the name. */
  readonly known: {
    readonly organisations: ReadonlyMap<string, OrganisationData & { readonly active: boolean }>;
    readonly units: readonly UnitData[];
    /** Names of categories in every version, by `code@version`: a request keeps the one it was born with. */
    readonly categories: ReadonlyMap<string, Text>;
  };
  readonly districts: readonly DistrictData[];
  /** Areas by which rules decide; they may overlap. */
  readonly zones: readonly ZoneData[];
  readonly rules: RuleSet;
  /** Terms of law, by code. */
  readonly law: ReadonlyMap<LawTermCode, LawTermData>;
  /** Which days are worked. */
  readonly calendar: Calendar;
}

/** By database: tests open many in one process. */
const cities = new Map<string, City>();

/**
 * The city's current data; kept in memory and asked anew when its version moved, so every process follows at once.
 *
 * @throws Refusal 503 `city-empty` while the city has none.
 */
export async function readCity(reader: Reader): Promise<City> {
  // Parts of one page ask at the same time: one question answers them all.
  const asked = asking.get(reader);
  if (asked) return asked;
  const asks = ask(reader).finally(() => asking.delete(reader));
  asking.set(reader, asks);
  return asks;
}

const asking = new WeakMap<Reader, Promise<City>>();

async function ask(reader: Reader): Promise<City> {
  const { rows } = await reader.execute<{ version: string; database: string }>(
    sql`select version, current_database() as database from cc_data`,
  );
  const version = Number(rows[0]!.version);
  const { database } = rows[0]!;
  const known = cities.get(database);
  if (known?.version === version) return known;
  const city = await load(reader, version);
  cities.set(database, city);
  return city;
}

async function load(reader: Reader, version: number): Promise<City> {
  const categories = await reader.execute<{ code: string; version: number; body: CategoryData }>(
    sql`select code, version, body from cc_category where valid_to is null order by body->>'number', code`,
  );
  const names = await reader.execute<{ code: string; version: number; name: Text }>(
    sql`select code, version, body->'name' as name from cc_category`,
  );
  const bodies = new Map(categories.rows.map((row) => [row.code, row]));
  const branchesOf = (code: string | null): string[] =>
    code ? [code, ...branchesOf(bodies.get(code)?.body.parent ?? null)] : [];
  const organisations = await reader.execute<
    OrganisationData & { active: boolean } & Record<string, unknown>
  >(sql`select id, name, kind, phone, duty_phone as "dutyPhone", edrpou, url, active from cc_organisation`);
  const units = await reader.execute<UnitData & { active: boolean } & Record<string, unknown>>(
    sql`select id, organisation, name, kind, phone, active from cc_unit`,
  );
  const districts = await reader.execute(
    sql`select code, name, boundary as rings from cc_district order by code`,
  );
  const zones = await reader.execute(sql`select code, name, boundary as rings from cc_zone order by code`);
  const rules = await reader.execute<{ version: number; rules: RuleData[] }>(
    sql`select version, rules from cc_rule_set where status = 'published'`,
  );
  const law = await reader.execute<{ body: LawTermData }>(sql`select body from cc_law_term`);
  const settings = await reader.execute<{ body: CitySettings }>(sql`select body from cc_settings`);
  if (!settings.rows[0])
    throw new Refusal(503, 'city-empty', 'the data of this city has not been brought in yet', {
      retryAfter: 600,
    });
  return {
    version,
    settings: settings.rows[0].body,
    leaves: new Map(
      categories.rows
        .filter((row) => row.body.kind === 'leaf')
        .map((row) => [
          row.code,
          { leaf: row.body as LeafData, version: row.version, branches: branchesOf(row.body.parent) },
        ]),
    ),
    branches: new Map(
      categories.rows
        .filter((row) => row.body.kind === 'branch')
        .map((row) => [row.code, row.body as BranchData]),
    ),
    organisations: byId(organisations.rows.filter(({ active }) => active)),
    units: units.rows.filter(({ active }) => active),
    known: {
      organisations: byId(organisations.rows),
      units: units.rows,
      categories: new Map(names.rows.map((row) => [`${row.code}@${row.version}`, row.name])),
    },
    districts: districts.rows as unknown as DistrictData[],
    zones: zones.rows as unknown as ZoneData[],
    law: new Map(law.rows.map(({ body }) => [body.code, body])),
    rules: rules.rows[0] ?? { version: 0, rules: [] },
    calendar: await readCalendar(reader),
  };
}

/** What the category was called when the request was born; its code where nobody knows it any more. */
export function categoryName(
  city: City,
  request: { readonly category?: unknown; readonly category_version?: unknown },
  language: Language,
): string {
  return (
    city.known.categories.get(`${request.category}@${request.category_version}`)?.[language] ??
    String(request.category)
  );
}

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));

/** The city's settings for calls that come by the hundred: as they were at most two seconds ago. */
export function settingsOf(reader: Reader): () => Promise<CitySettings> {
  let known: { settings: CitySettings; until: number } | null = null;
  return async () => {
    if (known && performance.now() < known.until) return known.settings;
    const { settings } = await readCity(reader);
    known = { settings, until: performance.now() + 2_000 };
    return settings;
  };
}

/** Whether the data of the city has been brought in. */
export async function hasCity(reader: Reader): Promise<boolean> {
  const { rows } = await reader.execute<{ there: boolean }>(
    sql`select exists (select from cc_settings) as there`,
  );
  return rows[0]!.there;
}

/**
 * Brings a city's data into the database. What is there already is updated; a category whose words changed gets a new
 * version, and requests keep the one they were born with.
 */
export async function loadCityData(work: Work, data: CityData): Promise<void> {
  const { tx } = work;
  const now = work.clock.now().toISOString();
  const json = (value: unknown) => JSON.stringify(value);
  await tx.execute(sql`insert into cc_settings (body) values (${json(data.city)}::jsonb)
    on conflict (single) do update set body = excluded.body`);
  await describeCity(work, factsOf(data.city));
  if (data.ground)
    await tx.execute(sql`insert into cc_ground (body) values (${json(data.ground)}::jsonb)
      on conflict (single) do update set body = excluded.body`);
  await tx.execute(sql`insert into cc_organisation (id, name, kind, phone, duty_phone, edrpou, url)
    select id, name, kind, phone, "dutyPhone", edrpou, url from jsonb_to_recordset(${json(data.organisations)}::jsonb)
      as o(id text, name jsonb, kind text, phone text, "dutyPhone" text, edrpou text, url text)
    on conflict (id) do update set name = excluded.name, kind = excluded.kind, phone = excluded.phone,
      duty_phone = excluded.duty_phone, edrpou = excluded.edrpou, url = excluded.url, active = true`);
  await tx.execute(sql`insert into cc_unit (id, organisation, name, kind, phone)
    select id, organisation, name, kind, phone from jsonb_to_recordset(${json(data.units)}::jsonb)
      as u(id text, organisation text, name jsonb, kind text, phone text)
    on conflict (id) do update set organisation = excluded.organisation, name = excluded.name, kind = excluded.kind, phone = excluded.phone`);
  await tx.execute(sql`insert into cc_district (code, name, boundary)
    select code, name, rings from jsonb_to_recordset(${json(data.districts)}::jsonb) as d(code text, name jsonb, rings jsonb)
    on conflict (code) do update set name = excluded.name, boundary = excluded.boundary`);
  const buildings = data.buildings.map((one) => ({
    ...one,
    address: `${one.street}, ${one.house}`,
    place: pointText(toMetres(data.city.centre, one)),
    zones: one.networkZones ?? [],
  }));
  await tx.execute(sql`insert into cc_building (id, street, house, address, district, zipcode, lat, lon, place, owner, flats, network_zones)
    select id, street, house, address, district, zipcode, lat, lon, place::point, owner, flats, zones
      from jsonb_to_recordset(${json(buildings)}::jsonb) as b(id text, street text, house text, address text, district text,
        zipcode text, lat float8, lon float8, place text, owner text, flats int, zones jsonb)
    on conflict (id) do update set street = excluded.street, house = excluded.house, address = excluded.address,
      district = excluded.district, zipcode = excluded.zipcode, lat = excluded.lat, lon = excluded.lon, place = excluded.place,
      owner = excluded.owner, flats = excluded.flats, network_zones = excluded.network_zones`);
  await tx.execute(sql`insert into cc_street_alias (street, name, until)
    select street, name, until from jsonb_to_recordset(${json(data.streetAliases ?? [])}::jsonb)
      as a(street text, name text, until int)
    on conflict (street, name) do update set until = excluded.until`);
  const assets = (data.assets ?? []).map((one) => ({
    ...one,
    place: pointText(toMetres(data.city.centre, one)),
  }));
  await tx.execute(sql`insert into cc_asset (id, number, name, branch, keeper, lat, lon, place)
    select id, number, name, branch, keeper, lat, lon, place::point from jsonb_to_recordset(${json(assets)}::jsonb)
      as a(id text, number text, name jsonb, branch text, keeper text, lat float8, lon float8, place text)
    on conflict (id) do update set number = excluded.number, name = excluded.name, branch = excluded.branch,
      keeper = excluded.keeper, lat = excluded.lat, lon = excluded.lon, place = excluded.place`);
  await tx.execute(sql`insert into cc_zone (code, name, boundary)
    select code, name, rings from jsonb_to_recordset(${json(data.zones ?? [])}::jsonb) as z(code text, name jsonb, rings jsonb)
    on conflict (code) do update set name = excluded.name, boundary = excluded.boundary`);
  await tx.execute(sql`insert into cc_contract (id, number, organisation, branch, building, asset, valid_from, valid_to)
    select id, number, organisation, branch, building, asset, "from", "to" from jsonb_to_recordset(${json(data.contracts)}::jsonb)
      as c(id text, number text, organisation text, branch text, building text, asset text, "from" date, "to" date)
    on conflict (id) do nothing`);
  await tx
    .execute(sql`with given as (
      select value->>'code' as code, value as body from jsonb_array_elements(${json(data.categories)}::jsonb)
    ), changed as (
      select g.code, g.body, coalesce((select max(version) from cc_category c where c.code = g.code), 0) + 1 as version
        from given g where not exists (select 1 from cc_category c where c.code = g.code and c.valid_to is null and c.body = g.body)
    ), ended as (
      update cc_category c set valid_to = ${now}::timestamptz from changed where c.code = changed.code and c.valid_to is null
    )
    select code, body, version from changed`)
    .then(async ({ rows }) => {
      for (const row of rows as { code: string; body: unknown; version: number }[])
        await tx.execute(sql`insert into cc_category (code, version, body, valid_from)
        values (${row.code}, ${row.version}, ${json(row.body)}::jsonb, ${now}::timestamptz)`);
    });
  const { rows: published } = await tx.execute(sql`select 1 from cc_rule_set where status = 'published'`);
  if (!published.length)
    await tx.execute(sql`insert into cc_rule_set (version, status, rules, author, made_at, publisher, published_at)
      values (1, 'published', ${json(data.rules)}::jsonb, 'city data', ${now}::timestamptz, 'city data', ${now}::timestamptz)`);
  await loadArticles(work, data.articles ?? []);
  await loadTemplates(work, data.templates ?? []);
  await tx.execute(sql`update cc_data set version = version + 1, changed_at = ${now}::timestamptz`);
}
