/** [longitude, latitude], WGS84: the order of GeoJSON. */
export type Position = readonly [longitude: number, latitude: number];

/** A place on earth, WGS84 degrees. */
export interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** A place in metres east and north of the city's centre. */
export interface Metres {
  readonly x: number;
  readonly y: number;
}

const radians = Math.PI / 180;

/** Metres in a degree at the city's latitude, by the series for the WGS84 ellipsoid. */
function perDegree(centre: Position): { lon: number; lat: number } {
  const phi = centre[1] * radians;
  return {
    lon: 111412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi) + 0.118 * Math.cos(5 * phi),
    lat: 111132.92 - 559.82 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi),
  };
}

/** WGS84 to local metres; distances up to 500 m within a city are wrong by a metre and a half at most. */
export function toMetres(centre: Position, point: Point): Metres {
  const per = perDegree(centre);
  return { x: (point.lon - centre[0]) * per.lon, y: (point.lat - centre[1]) * per.lat };
}

/** Local metres back to WGS84. */
export function fromMetres(centre: Position, { x, y }: Metres): Point {
  const per = perDegree(centre);
  return { lon: centre[0] + x / per.lon, lat: centre[1] + y / per.lat };
}

/** PostgreSQL's text form of a point. */
export const pointText = ({ x, y }: Metres): string => `(${x.toFixed(2)},${y.toFixed(2)})`;
