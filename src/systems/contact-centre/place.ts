import type { CitySettings, Position } from './city-data.ts';

/** A place in metres east and north of the city's centre. */
export interface Metres {
  readonly x: number;
  readonly y: number;
}

const radians = Math.PI / 180;

/** WGS84 to local metres; within a city the error stays below a metre and a half. */
export function toMetres(centre: Position, point: { readonly lat: number; readonly lon: number }): Metres {
  const phi = centre[1] * radians;
  const perLon = 111412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi) + 0.118 * Math.cos(5 * phi);
  const perLat = 111132.92 - 559.82 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi);
  return { x: (point.lon - centre[0]) * perLon, y: (point.lat - centre[1]) * perLat };
}

/** PostgreSQL's text form of a point. */
export const pointText = ({ x, y }: Metres): string => `(${x.toFixed(2)},${y.toFixed(2)})`;

/** Farthest that a point may lie beyond the city's box, in metres. */
const margin = 30_000;

/** Whether the city can take a report there; 0,0 and swapped coordinates are far away. */
export function isNearCity(
  settings: CitySettings,
  point: { readonly lat: number; readonly lon: number },
): boolean {
  const [southWest, northEast] = settings.bounds;
  const at = toMetres(settings.centre, point);
  const low = toMetres(settings.centre, { lon: southWest[0], lat: southWest[1] });
  const high = toMetres(settings.centre, { lon: northEast[0], lat: northEast[1] });
  return (
    at.x >= low.x - margin && at.x <= high.x + margin && at.y >= low.y - margin && at.y <= high.y + margin
  );
}

/** Whether a closed ring holds the point; the even-odd rule. */
export function isInside(
  ring: readonly Position[],
  point: { readonly lat: number; readonly lon: number },
): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > point.lat !== yj > point.lat && point.lon < ((xj - xi) * (point.lat - yi)) / (yj - yi) + xi)
      inside = !inside;
  }
  return inside;
}
