import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { inTile } from '#platform/geo/web-mercator.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { type City, readCity } from '../city.ts';
import type { GroundData, Position } from '../city-data.ts';

/** What a background tile is drawn from. */
export interface MapLayers extends GroundData {
  readonly districts: readonly { readonly ring: readonly Position[] }[];
  readonly buildings: readonly { readonly point: Position; readonly house: string }[];
}

const size = 256;

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
    ...layers.waters.map((ring) => `<path d="${shape(ring)}" fill="#b9d9e8"/>`),
  ];
  const width = Math.max(2, z - 11);
  for (const { line } of layers.streets) {
    const path = `<path d="M${line.map(at).join('L')}" fill="none"`;
    parts.push(
      `${path} stroke="#fff" stroke-width="${width + 2}" stroke-linecap="round"/>${path} stroke="#d8b878" stroke-width="${width}" stroke-linecap="round"/>`,
    );
  }
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
      // Along the part in the middle of the line.
      const part = Math.ceil(line.length / 2) - 1;
      const [x1, y1] = inTile(z, x, y, line[part]!);
      const [x2, y2] = inTile(z, x, y, line[part + 1]!);
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

const drawnFrom = new WeakMap<City, Promise<MapLayers>>();

/** What the city's maps are drawn from; kept for as long as its data stays as it is. */
export async function layersOf(reader: Reader): Promise<MapLayers> {
  const city = await readCity(reader);
  const known = drawnFrom.get(city);
  if (known) return known;
  const asked = readLayers(reader, city);
  drawnFrom.set(city, asked);
  asked.catch(() => drawnFrom.delete(city));
  return asked;
}

async function readLayers(reader: Reader, city: City): Promise<MapLayers> {
  const [ground, houses] = await Promise.all([
    reader.execute<{ body: GroundData }>(sql`select body from cc_ground`),
    reader.execute<{ lon: number; lat: number; house: string }>(
      sql`select lon, lat, house from cc_building order by id`,
    ),
  ]);
  return {
    ...(ground.rows[0]?.body ?? { waters: [], streets: [] }),
    districts: city.districts.flatMap(({ rings }) => rings.filter(({ hole }) => !hole)),
    buildings: houses.rows.map(({ lon, lat, house }) => ({ point: [Number(lon), Number(lat)], house })),
  };
}

/** `/contact-centre/tiles/{z}/{x}/{y}`: the ground of every map, the same for everybody. */
export function tiles(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const [z, x, y] = ['z', 'x', 'y'].map((name) => Number(c.req.param(name)));
    const valid = [z, x, y].every((value) => Number.isInteger(value) && value! >= 0) && z! >= 8 && z! <= 19;
    if (!valid || x! >= 2 ** z! || y! >= 2 ** z!) throw new NotFound('tile');
    return c.body(drawTile(await layersOf(platform.db), z!, x!, y!), 200, {
      'content-type': 'image/svg+xml; charset=utf-8',
      'cache-control': 'public, max-age=86400',
    });
  };
}
