import type { Point, Position } from './metres.ts';

/** Side of a tile in pixels. */
const size = 256;

/** WGS84 to pixels of the tile's own square. */
export function inTile(z: number, x: number, y: number, [lon, lat]: Position): readonly [number, number] {
  const scale = 2 ** z;
  const worldX = ((lon + 180) / 360) * scale;
  const worldY = ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * scale;
  return [(worldX - x) * size, (worldY - y) * size];
}

/** Where on earth a pixel of a tile lies: the other way round, exact for every pixel. */
export function pointOfPixel(z: number, x: number, y: number, px: number, py: number): Point {
  const scale = 2 ** z;
  return {
    lon: ((x + px / size) / scale) * 360 - 180,
    lat: (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + py / size)) / scale))) * 180) / Math.PI,
  };
}

/** The tile in which a point lies. */
export function tileAt(z: number, { lat, lon }: Point): MapView {
  const [px, py] = inTile(z, 0, 0, [lon, lat]);
  return { z, x: Math.floor(px / size), y: Math.floor(py / size) };
}

/** The middle tile of the nine that a map without scripts shows. */
export interface MapView {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

export const [minZoom, maxZoom] = [10, 18];

/** The view that the address of a page asks for by `z`, `x`, `y`, or the one around a point. */
export function viewOf(
  asked: Readonly<Record<string, string | undefined>>,
  centre: Point,
  zoom = 12,
): MapView {
  const [z, x, y] = [asked.z, asked.x, asked.y].map((value) =>
    /^\d{1,7}$/.test(value ?? '') ? Number(value) : -1,
  );
  if (z! >= minZoom && z! <= maxZoom && x! >= 0 && y! >= 0 && x! < 2 ** z! && y! < 2 ** z!)
    return { z: z!, x: x!, y: y! };
  return tileAt(zoom, centre);
}

/** A part of the earth, in degrees. Half-open: a point on the north or east edge belongs to the next one, so that boxes side by side count it once. */
export interface Box {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** What the nine tiles show. */
export function boxOf({ z, x, y }: MapView): Box {
  const northWest = pointOfPixel(z, x - 1, y - 1, 0, 0);
  const southEast = pointOfPixel(z, x + 2, y + 2, 0, 0);
  return { west: northWest.lon, north: northWest.lat, east: southEast.lon, south: southEast.lat };
}
