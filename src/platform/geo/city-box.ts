import { type Point, type Position, toMetres } from './metres.ts';

/** Where a city lies. */
export interface CityBox {
  readonly centre: Position;
  /** South-west and north-east corner. */
  readonly bounds: readonly [Position, Position];
}

/** Farthest that a point may lie beyond the city's box, in metres. */
const margin = 30_000;

/** Whether the city can take a report there; 0,0 and swapped coordinates are far away. */
export function isNearCity(city: CityBox, point: Point): boolean {
  const [southWest, northEast] = city.bounds;
  const at = toMetres(city.centre, point);
  const low = toMetres(city.centre, { lon: southWest[0], lat: southWest[1] });
  const high = toMetres(city.centre, { lon: northEast[0], lat: northEast[1] });
  return (
    at.x >= low.x - margin && at.x <= high.x + margin && at.y >= low.y - margin && at.y <= high.y + margin
  );
}

/** Whether latitude and longitude stand in each other's place: the point is far away, its mirror is not. */
export function isSwapped(city: CityBox, { lat, lon }: Point): boolean {
  return !isNearCity(city, { lat, lon }) && isNearCity(city, { lat: lon, lon: lat });
}
