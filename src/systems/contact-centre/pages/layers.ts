import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { boundsOf, encodeTile, type TileAddress, type TileLayer } from '#platform/geo/vector-tile.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { readCity } from '../city.ts';
import { clusters } from '../statistics.ts';
import { mapFilter } from './map-filter.ts';
import { layersOf } from './tiles.ts';

/** Cells along a tile's side: a pin needs about thirty pixels. */
const cells = 8;
const earth = 40_075_017;

/**
 * `/contact-centre/layers/{layer}/{z}/{x}/{y}`: vector tiles of the city's ground and of its public requests, gathered where
 * they are dense; the counts of all tiles add up to what SQL counts.
 */
export function layers(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const address = addressOf(c);
    const layer = c.req.param('layer');
    if (layer !== 'city' && layer !== 'requests') throw new NotFound('layer');
    const tile = encodeTile(
      address,
      layer === 'city' ? await ground(platform, address) : [await requests(platform, address, c.req.query())],
    );
    const etag = `"${createHash('sha256').update(tile).digest('base64url').slice(0, 22)}"`;
    const headers = {
      etag,
      'cache-control': layer === 'city' ? 'public, max-age=86400' : 'public, max-age=0, s-maxage=10',
    };
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
    return c.body(tile, 200, { ...headers, 'content-type': 'application/vnd.mapbox-vector-tile' });
  };
}

function addressOf(c: Context): TileAddress {
  const [z, x, y] = ['z', 'x', 'y'].map((name) => Number(c.req.param(name))) as [number, number, number];
  const whole = [z, x, y].every((value) => Number.isInteger(value) && value >= 0);
  if (!whole || z < 8 || z > 19 || x >= 2 ** z || y >= 2 ** z) throw new NotFound('tile');
  return { z, x, y };
}

async function ground(platform: Platform, { z }: TileAddress): Promise<TileLayer[]> {
  const { districts, waters, streets, buildings } = await layersOf(platform.db);
  return [
    {
      name: 'districts',
      features: districts.map(({ ring }) => ({ type: 'polygon', positions: ring })),
    },
    { name: 'river', features: waters.map((positions) => ({ type: 'polygon', positions })) },
    {
      name: 'streets',
      features: streets.map(({ type, name, line }) => ({
        type: 'line',
        positions: line,
        properties: { name: `${type} ${name}` },
      })),
    },
    {
      name: 'buildings',
      features:
        z < 15
          ? []
          : buildings.map(({ point, house }) => ({
              type: 'point',
              positions: [point],
              properties: { house },
            })),
    },
  ];
}

async function requests(
  platform: Platform,
  address: TileAddress,
  query: Record<string, string>,
): Promise<TileLayer> {
  const { settings } = await readCity(platform.db);
  const bbox = boundsOf(address);
  const side = (earth * Math.cos((bbox.south * Math.PI) / 180)) / 2 ** address.z;
  const found = await clusters(platform.db, {
    bbox,
    cell: side / cells,
    filter: mapFilter(query),
    centre: settings.centre,
  });
  return {
    name: 'requests',
    features: found.clusters.map(({ count, number, state, lat, lon }) => ({
      type: 'point',
      positions: [[lon, lat]],
      properties: { count, ...(number === null ? {} : { number }), ...(state === null ? {} : { state }) },
    })),
  };
}
