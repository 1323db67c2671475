import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import { boundsOf, encodeTile, extent, type TileFeature } from './vector-tile.ts';

const at = { z: 12, x: 2446, y: 1417 };
const { west, south, east, north } = boundsOf(at);
const middle: readonly [number, number] = [(west + east) / 2, (south + north) / 2];

/** As a renderer reads it, by somebody else's decoder. */
function read(features: readonly TileFeature[]) {
  const tile = new VectorTile(new PbfReader(encodeTile(at, [{ name: 'things', features }])));
  const layer = tile.layers.things;
  return Array.from({ length: layer?.length ?? 0 }, (_, i) => layer!.feature(i));
}

describe('a vector tile', () => {
  it('gives back a point where it was put, with its properties', () => {
    const properties = { name: 'вулиця Робоча', count: 12, share: 0.25, open: true };
    const [found] = read([{ type: 'point', positions: [middle], properties }]);
    expect(found!.properties).toEqual(properties);
    const [lon, lat] = (found!.toGeoJSON(at.x, at.y, at.z).geometry as { coordinates: number[] }).coordinates;
    expect(lon).toBeCloseTo(middle[0], 4);
    expect(lat).toBeCloseTo(middle[1], 4);
  });

  it('holds a point on its west and north edge, and leaves the others to its neighbours', () => {
    const point = (lon: number, lat: number): TileFeature => ({ type: 'point', positions: [[lon, lat]] });
    expect(read([point(west, north)])).toHaveLength(1);
    expect(read([point(east, middle[1]), point(middle[0], south)])).toHaveLength(0);
  });

  it('cuts what reaches far beyond it at its border', () => {
    const far: readonly (readonly [number, number])[] = [
      [west - 3, south - 3],
      [east + 3, south - 3],
      [east + 3, north + 3],
      [west - 3, north + 3],
      [west - 3, south - 3],
    ];
    const [ring, line] = read([
      { type: 'polygon', positions: far },
      {
        type: 'line',
        positions: [
          [west - 3, middle[1]],
          [east + 3, middle[1]],
        ],
      },
    ]);
    for (const feature of [ring!, line!])
      for (const { x, y } of feature.loadGeometry().flat()) {
        expect(Math.abs(x - extent / 2)).toBeLessThanOrEqual(extent / 2 + 128);
        expect(Math.abs(y - extent / 2)).toBeLessThanOrEqual(extent / 2 + 128);
      }
    const [outer] = ring!.loadGeometry();
    const area = outer!.reduce((sum, point, i) => {
      const next = outer![(i + 1) % outer!.length]!;
      return sum + point.x * next.y - next.x * point.y;
    }, 0);
    expect(area).toBeGreaterThan(0);
  });

  it('keeps a line that leaves the tile and comes back as two parts, and drops one that passes by', () => {
    const width = east - west;
    const [line, ...rest] = read([
      {
        type: 'line',
        positions: [
          [west + width * 0.5, middle[1]],
          [east + width, middle[1]],
          [east + width, middle[1] + 0.001],
          [west + width * 0.5, middle[1] + 0.001],
        ],
      },
      {
        type: 'line',
        positions: [
          [east + width, south],
          [east + width, north],
        ],
      },
    ]);
    expect(line!.loadGeometry()).toHaveLength(2);
    expect(rest).toEqual([]);
  });

  it('is empty when nothing lies in it', () => {
    expect(encodeTile(at, [{ name: 'things', features: [] }])).toHaveLength(0);
  });
});
