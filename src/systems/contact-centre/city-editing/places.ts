import { sql } from 'drizzle-orm';
import type { FieldFault } from '#platform/errors.ts';
import { isNearCity, type Position, pointText, toMetres } from '#platform/geo/index.ts';
import type { Language } from '#platform/i18n/index.ts';
import { type City, readCity } from '../city.ts';
import type { AssetData, BuildingData, ContractData, ZoneData } from '../city-data.ts';
import { flatText, isCode, present, reader } from './fields.ts';
import type { DataKind } from './kind.ts';
import { readRings, ringsText } from './rings.ts';
import { keptApart } from './versions.ts';

const buildingSource = sql`select id, jsonb_strip_nulls(jsonb_build_object('id', id, 'street', street, 'house', house,
  'district', district, 'zipcode', zipcode, 'lat', lat, 'lon', lon, 'owner', owner, 'flats', flats,
  'networkZones', network_zones)) as body, address as sort from cc_building`;

/** Houses with their keepers and the networks they hang on. */
export const buildings: DataKind = {
  name: 'building',
  key: 'id',
  source: buildingSource,
  flat(body) {
    const one = body as unknown as BuildingData;
    return {
      id: one.id,
      street: one.street,
      house: one.house,
      district: one.district,
      ...present({ zipcode: one.zipcode, owner: one.owner }),
      lat: String(one.lat),
      lon: String(one.lon),
      ...(one.flats === undefined ? {} : { flats: String(one.flats) }),
      networkZones: (one.networkZones ?? []).join(','),
    } as Record<string, string>;
  },
  body(flat, language) {
    const read = reader(flat, language);
    const body = present({
      id: read.text('id'),
      street: read.text('street'),
      house: read.text('house'),
      district: read.text('district'),
      zipcode: read.text('zipcode'),
      lat: read.decimal('lat'),
      lon: read.decimal('lon'),
      owner: read.text('owner'),
      flats: read.whole('flats', 0, 5_000),
      networkZones: read.list('networkZones'),
    });
    return { body, faults: read.faults };
  },
  faults(body, { city, language }) {
    const one = body as unknown as BuildingData;
    const { faults, fault, t } = reader({}, language);
    if (!/^[A-Za-z0-9_-]{1,60}$/.test(one.id ?? '')) fault('id', t.code);
    for (const field of ['street', 'house'] as const) {
      if (!one[field]) fault(field, t.fill);
      else if (one[field].length > 200) fault(field, t.tooLong(200));
    }
    if (!one.district) fault('district', t.choose);
    else if (!city.districts.some(({ code }) => code === one.district))
      fault('district', t.noDistrict(one.district));
    if (one.owner && !city.organisations.has(one.owner)) fault('owner', t.noOrganisation(one.owner));
    return [...faults, ...pointFaults(one, city, language)];
  },
  ...keptApart('building', buildingSource, async (work, bodies) => {
    const { centre } = (await readCity(work.tx)).settings;
    const rows = (bodies as unknown as readonly BuildingData[]).map((one) => ({
      ...one,
      address: `${one.street}, ${one.house}`,
      place: pointText(toMetres(centre, one)),
      zones: one.networkZones ?? [],
    }));
    await work.tx.execute(sql`insert into cc_building
        (id, street, house, address, district, zipcode, lat, lon, place, owner, flats, network_zones)
      select id, street, house, address, district, zipcode, lat, lon, place::point, owner, flats, zones
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as b(id text, street text, house text, address text,
          district text, zipcode text, lat float8, lon float8, place text, owner text, flats int, zones jsonb)
      on conflict (id) do update set street = excluded.street, house = excluded.house, address = excluded.address,
        district = excluded.district, zipcode = excluded.zipcode, lat = excluded.lat, lon = excluded.lon,
        place = excluded.place, owner = excluded.owner, flats = excluded.flats, network_zones = excluded.network_zones`);
  }),
};

const contractSource = sql`select id, jsonb_strip_nulls(jsonb_build_object('id', id, 'number', number, 'organisation', organisation,
  'branch', branch, 'building', building, 'asset', asset, 'from', valid_from, 'to', valid_to)) as body, number as sort from cc_contract`;

/** Who does which work at which house or on which thing, and from when to when. */
export const contracts: DataKind = {
  name: 'contract',
  key: 'id',
  source: contractSource,
  flat(body) {
    const one = body as unknown as ContractData;
    return {
      id: one.id,
      number: one.number,
      organisation: one.organisation,
      branch: one.branch,
      ...(one.building ? { building: one.building } : {}),
      ...(one.asset ? { asset: one.asset } : {}),
      from: one.from,
      ...(one.to ? { to: one.to } : {}),
    };
  },
  body(flat, language) {
    const read = reader(flat, language);
    const body = present({
      id: read.text('id'),
      number: read.text('number'),
      organisation: read.text('organisation'),
      branch: read.text('branch'),
      building: read.text('building'),
      asset: read.text('asset'),
      from: read.date('from'),
      to: read.date('to'),
    });
    return { body, faults: read.faults };
  },
  buildingsOf: (body) => (body.building ? [String(body.building)] : []),
  assetsOf: (body) => (body.asset ? [String(body.asset)] : []),
  faults(body, { city, buildings, assets, language }) {
    const one = body as unknown as ContractData;
    const { faults, fault, t } = reader({}, language);
    if (!/^[A-Za-z0-9_-]{1,60}$/.test(one.id ?? '')) fault('id', t.code);
    if (!one.number) fault('number', t.fill);
    if (!one.organisation) fault('organisation', t.choose);
    else if (!city.organisations.has(one.organisation))
      fault('organisation', t.noOrganisation(one.organisation));
    if (!one.branch) fault('branch', t.choose);
    else if (!city.branches.has(one.branch)) fault('branch', t.noBranch(one.branch));
    if (Boolean(one.building) === Boolean(one.asset)) fault('building', t.oneOfTwo);
    else if (one.building && !buildings.has(one.building)) fault('building', t.noBuilding(one.building));
    else if (one.asset && !assets.has(one.asset)) fault('asset', t.noAsset(one.asset));
    if (!one.from) fault('from', t.date);
    else if (one.to && one.to < one.from) fault('to', t.dates);
    return faults;
  },
  ...keptApart('contract', contractSource, async (work, bodies) => {
    await work.tx.execute(sql`insert into cc_contract
        (id, number, organisation, branch, building, asset, valid_from, valid_to)
      select id, number, organisation, branch, building, asset, "from", "to" from jsonb_to_recordset(${JSON.stringify(bodies)}::jsonb)
        as c(id text, number text, organisation text, branch text, building text, asset text,
          "from" date, "to" date)
      on conflict (id) do update set number = excluded.number, organisation = excluded.organisation, branch = excluded.branch,
        building = excluded.building, asset = excluded.asset, valid_from = excluded.valid_from, valid_to = excluded.valid_to`);
  }),
};

const assetSource = sql`select id, jsonb_strip_nulls(jsonb_build_object('id', id, 'number', number, 'name', name,
  'branch', branch, 'keeper', keeper, 'lat', lat, 'lon', lon)) as body, branch || ' ' || number as sort from cc_asset`;

/** Lamp posts, stops, playgrounds: things with a number of their own and whoever keeps them. */
export const assets: DataKind = {
  name: 'asset',
  key: 'id',
  source: assetSource,
  flat(body) {
    const one = body as unknown as AssetData;
    return {
      id: one.id,
      number: one.number,
      ...flatText('name', one.name),
      branch: one.branch,
      ...(one.keeper ? { keeper: one.keeper } : {}),
      lat: String(one.lat),
      lon: String(one.lon),
    };
  },
  body(flat, language) {
    const read = reader(flat, language);
    const body = present({
      id: read.text('id'),
      number: read.text('number'),
      name: read.both('name'),
      branch: read.text('branch'),
      keeper: read.text('keeper'),
      lat: read.decimal('lat'),
      lon: read.decimal('lon'),
    });
    return { body, faults: read.faults };
  },
  faults(body, { city, language }) {
    const one = body as unknown as AssetData;
    const { faults, fault, t } = reader({}, language);
    if (!/^[A-Za-z0-9_-]{1,60}$/.test(one.id ?? '')) fault('id', t.code);
    if (!one.number) fault('number', t.fill);
    else if (one.number.length > 40) fault('number', t.tooLong(40));
    if (!one.branch) fault('branch', t.choose);
    else if (!city.branches.has(one.branch)) fault('branch', t.noBranch(one.branch));
    if (one.keeper && !city.organisations.has(one.keeper)) fault('keeper', t.noOrganisation(one.keeper));
    return [...faults, ...pointFaults(one, city, language)];
  },
  ...keptApart('asset', assetSource, async (work, bodies) => {
    const { centre } = (await readCity(work.tx)).settings;
    const rows = (bodies as unknown as readonly AssetData[]).map((one) => ({
      ...one,
      place: pointText(toMetres(centre, one)),
    }));
    await work.tx.execute(sql`insert into cc_asset (id, number, name, branch, keeper, lat, lon, place)
      select id, number, name, branch, keeper, lat, lon, place::point from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as a(id text, number text, name jsonb, branch text, keeper text, lat float8, lon float8, place text)
      on conflict (id) do update set number = excluded.number, name = excluded.name, branch = excluded.branch,
        keeper = excluded.keeper, lat = excluded.lat, lon = excluded.lon, place = excluded.place`);
  }),
};

/** Whether the point of a thing is one, and in this city. */
function pointFaults(point: { lat: number; lon: number }, city: City, language: Language): FieldFault[] {
  const { faults, fault, t } = reader({}, language);
  const isLat = Math.abs(point.lat) <= 90;
  const isLon = Math.abs(point.lon) <= 180;
  if (!isLat) fault('lat', t.latitude);
  if (!isLon) fault('lon', t.longitude);
  if (isLat && isLon && !isNearCity(city.settings, point)) fault('lat', t.outside);
  return faults;
}

/** A kind of areas with a code, a name and a boundary, in a table of just these. */
function areas(name: 'district' | 'zone'): DataKind {
  const table = sql.identifier(`cc_${name}`);
  const source = sql`select code as id, jsonb_build_object('code', code, 'name', name, 'rings', boundary) as body,
    lower(name->>'uk') as sort from ${table}`;
  return {
    name,
    key: 'code',
    source,
    flat(body) {
      const one = body as unknown as ZoneData;
      return { code: one.code, ...flatText('name', one.name), rings: ringsText(one.rings) };
    },
    body(flat, language) {
      const read = reader(flat, language);
      const rings = readRings(read.text('rings'));
      if (!rings) read.fault('rings', read.t.twoLines);
      return {
        body: { code: read.text('code'), name: read.both('name'), rings: rings ?? [] },
        faults: read.faults,
      };
    },
    faults(body, { city, language }) {
      const one = body as unknown as ZoneData;
      const { faults, fault, t } = reader({}, language);
      if (!isCode(one.code)) fault('code', t.code);
      const points = one.rings.flatMap(({ ring }) => ring);
      if (one.rings.every(({ hole }) => hole) || !one.rings.every(({ ring }) => isClosed(ring)))
        fault('rings', t.ring);
      else if (!points.every(([lon, lat]) => isNearCity(city.settings, { lat, lon })))
        fault('rings', t.outside);
      return faults;
    },
    ...keptApart(name, source, async (work, bodies) => {
      await work.tx.execute(sql`insert into ${table} (code, name, boundary)
        select code, name, rings from jsonb_to_recordset(${JSON.stringify(bodies)}::jsonb) as d(code text, name jsonb, rings jsonb)
        on conflict (code) do update set name = excluded.name, boundary = excluded.boundary`);
    }),
  };
}

/** Districts with their boundaries: a point is in the district that holds it. */
export const districts = areas('district');

/** Areas by which rules decide: a point may lie in several. */
export const zones = areas('zone');

function isClosed(ring: readonly Position[]): boolean {
  const [first, last] = [ring[0], ring.at(-1)];
  return ring.length >= 4 && first![0] === last![0] && first![1] === last![1];
}
