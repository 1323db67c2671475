import { localDate } from '#platform/calendar/index.ts';
import { areaAt } from '#platform/geo/index.ts';
import type { Work } from '#platform/work.ts';
import type { City } from './city.ts';
import type { NewRequest } from './requests.ts';
import { type Covering, type PlaceFacts, zonesAt } from './routing-facts.ts';
import { statement } from './statement.ts';

/** What the city knows of the place of a new request. */
export interface KnownPlace extends PlaceFacts {
  readonly lat: number | null;
  readonly lon: number | null;
  readonly address: string | null;
  readonly street: string | null;
  /** The id of a building or a thing was given that the city does not know. */
  readonly unknown: 'building' | 'asset' | null;
}

/** Contracts of one column, valid on the day that is the second parameter. */
const contractsFor = (
  column: 'building' | 'asset',
) => `(select jsonb_agg(jsonb_build_object('organisation', c.organisation,
    'number', c.number, 'branch', c.branch, 'from', c.valid_from, 'asset', c.asset) order by c.id)
  from cc_contract c where c.${column} = $1 and c.valid_from <= $2::date and (c.valid_to is null or c.valid_to >= $2::date))`;

const findBuilding = statement<{
  id: string;
  address: string;
  street: string;
  district: string;
  owner: string | null;
  lat: number;
  lon: number;
  contracts: readonly Covering[] | null;
}>(
  'find_building',
  `select b.id, b.address, b.street, b.district, b.owner, b.lat, b.lon, ${contractsFor('building')} as contracts
   from cc_building b where b.id = $1`,
);

const findAsset = statement<{
  id: string;
  keeper: string | null;
  lat: number;
  lon: number;
  contracts: readonly Covering[] | null;
}>(
  'find_asset',
  `select a.id, a.keeper, a.lat, a.lon, ${contractsFor('asset')} as contracts from cc_asset a where a.id = $1`,
);

/** The place by what was told of it: a building or a thing by its id, a point, words. */
export async function placeOf(work: Work, city: City, given: NewRequest['place']): Promise<KnownPlace> {
  const today = localDate(work.clock.now());
  const [building] = given.building ? await findBuilding(work.tx, [given.building, today]) : [];
  const [asset] = given.asset ? await findAsset(work.tx, [given.asset, today]) : [];
  const point = given.point ?? asset ?? building ?? null;
  const [lat, lon] = [point?.lat ?? null, point?.lon ?? null];
  return {
    lat,
    lon,
    building: building?.id ?? null,
    asset: asset?.id ?? null,
    address: building?.address ?? (given.address?.trim() || null),
    street: building?.street ?? null,
    district: building?.district ?? (point ? (areaAt(city.districts, point)?.code ?? null) : null),
    zones: zonesAt(city.zones, { lat, lon }),
    owner: building?.owner ?? null,
    keeper: asset?.keeper ?? null,
    contracts: [...(asset?.contracts ?? []), ...(building?.contracts ?? [])],
    unknown: given.building && !building ? 'building' : given.asset && !asset ? 'asset' : null,
  };
}
