import type { City } from '../city.ts';
import type { Box } from '../statistics.ts';
import { pointOfPixel, tileAt } from './tiles.ts';

/** The middle tile of the nine that a map without scripts shows. */
export interface MapView {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

export const [minZoom, maxZoom] = [10, 18];

/** The view that the address of the page asks for, or the whole city. */
export function viewOf(asked: Readonly<Record<string, string>>, city: City): MapView {
  const [z, x, y] = [asked.z, asked.x, asked.y].map((value) =>
    /^\d{1,7}$/.test(value ?? '') ? Number(value) : -1,
  );
  if (z! >= minZoom && z! <= maxZoom && x! >= 0 && y! >= 0 && x! < 2 ** z! && y! < 2 ** z!)
    return { z: z!, x: x!, y: y! };
  return tileAt(12, { lon: city.settings.centre[0], lat: city.settings.centre[1] });
}

/** What the nine tiles show. */
export function boxOf({ z, x, y }: MapView): Box {
  const northWest = pointOfPixel(z, x - 1, y - 1, 0, 0);
  const southEast = pointOfPixel(z, x + 2, y + 2, 0, 0);
  return { west: northWest.lon, north: northWest.lat, east: southEast.lon, south: southEast.lat };
}
