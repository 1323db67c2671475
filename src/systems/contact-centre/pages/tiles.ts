import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Position } from '../city-data.ts';

/** What a background tile is drawn from. */
export interface MapLayers {
  readonly districts: readonly { readonly ring: readonly Position[] }[];
  readonly river: readonly Position[];
  readonly streets: readonly {
    readonly type: string;
    readonly name: string;
    readonly line: readonly [Position, Position];
  }[];
  readonly buildings: readonly { readonly point: Position; readonly house: string }[];
}

/** Each city brings its own layers; one without them gets an empty ground. */
const cities: Readonly<Record<string, () => Promise<MapLayers>>> = {
  dnipro: () => import('../../../../city/dnipro/index.ts'),
};

const size = 256;

/** WGS84 to pixels of the tile's own square (Web Mercator). */
export function inTile(z: number, x: number, y: number, [lon, lat]: Position): readonly [number, number] {
  const scale = 2 ** z;
  const worldX = ((lon + 180) / 360) * scale;
  const worldY = ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * scale;
  return [(worldX - x) * size, (worldY - y) * size];
}

/** Where on earth a pixel of a tile lies: the other way round, exact for every pixel. */
export function pointOfPixel(
  z: number,
  x: number,
  y: number,
  px: number,
  py: number,
): { lat: number; lon: number } {
  const scale = 2 ** z;
  return {
    lon: ((x + px / size) / scale) * 360 - 180,
    lat: (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + py / size)) / scale))) * 180) / Math.PI,
  };
}

/** The tile in which a point lies. */
export function tileAt(
  z: number,
  { lat, lon }: { lat: number; lon: number },
): { z: number; x: number; y: number } {
  const [px, py] = inTile(z, 0, 0, [lon, lat]);
  return { z, x: Math.floor(px / size), y: Math.floor(py / size) };
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A background tile as SVG, drawn from the city's data: no outside map service is needed. */
export function drawTile(layers: MapLayers, z: number, x: number, y: number): string {
  const at = (position: Position) =>
    inTile(z, x, y, position)
      .map((value) => value.toFixed(1))
      .join(' ');
  const shape = (ring: readonly Position[]) => `M${ring.map(at).join('L')}Z`;
  const seen = ([px, py]: readonly [number, number], margin: number) =>
    px > -margin && py > -margin && px < size + margin && py < size + margin;
  const parts = [
    `<rect width="${size}" height="${size}" fill="#eef0ea"/>`,
    ...layers.districts.map(
      (one) => `<path d="${shape(one.ring)}" fill="#f7f6f1" stroke="#c9c7bd" stroke-dasharray="4 3"/>`,
    ),
    `<path d="${shape(layers.river)}" fill="#b9d9e8"/>`,
  ];
  const width = Math.max(2, z - 11);
  for (const { line } of layers.streets)
    parts.push(
      `<path d="M${at(line[0])}L${at(line[1])}" stroke="#fff" stroke-width="${width + 2}" stroke-linecap="round"/><path d="M${at(line[0])}L${at(line[1])}" stroke="#d8b878" stroke-width="${width}" stroke-linecap="round"/>`,
    );
  if (z >= 15)
    for (const { point, house } of layers.buildings) {
      const place = inTile(z, x, y, point);
      if (!seen(place, 20)) continue;
      const [px, py] = place.map((value) => value.toFixed(1));
      parts.push(
        `<rect x="${place[0] - 5}" y="${place[1] - 5}" width="10" height="10" fill="#d9d2c3" stroke="#b5ac98"/>`,
      );
      if (z >= 17)
        parts.push(
          `<text x="${px}" y="${py}" dy="-8" font-size="10" text-anchor="middle">${escaped(house)}</text>`,
        );
    }
  if (z >= 14)
    for (const { name, line } of layers.streets) {
      const [x1, y1] = inTile(z, x, y, line[0]);
      const [x2, y2] = inTile(z, x, y, line[1]);
      const middle = [(x1 + x2) / 2, (y1 + y2) / 2] as const;
      if (!seen(middle, 200)) continue;
      // Upright for the reader: never upside down.
      const flip = x2 < x1 ? 180 : 0;
      const angle = ((Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI + flip).toFixed(1);
      const place = `${middle[0].toFixed(1)} ${middle[1].toFixed(1)}`;
      parts.push(
        `<text transform="translate(${place})rotate(${angle})" dy="-6" font-size="11" text-anchor="middle" stroke="#fff" stroke-width="3" paint-order="stroke">${escaped(name)}</text>`,
      );
    }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" font-family="sans-serif" fill="#3d3a33">${parts.join('')}</svg>`;
}

const empty: MapLayers = { districts: [], river: [[0, 0]], streets: [], buildings: [] };

/** The city's ground; empty for a city that brings none. */
export async function layersOf(city: string): Promise<MapLayers> {
  return (await cities[city]?.()) ?? empty;
}

/** `/contact-centre/tiles/{z}/{x}/{y}`: the ground of every map, the same for everybody. */
export function tiles(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const [z, x, y] = ['z', 'x', 'y'].map((name) => Number(c.req.param(name)));
    const valid = [z, x, y].every((value) => Number.isInteger(value) && value! >= 0) && z! >= 8 && z! <= 19;
    if (!valid || x! >= 2 ** z! || y! >= 2 ** z!) throw new NotFound('tile');
    return c.body(drawTile(await layersOf(platform.config.city), z!, x!, y!), 200, {
      'content-type': 'image/svg+xml; charset=utf-8',
      'cache-control': 'public, max-age=86400',
    });
  };
}
