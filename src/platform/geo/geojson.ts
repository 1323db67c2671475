import { type Area, isInside, type Ring } from './areas.ts';
import type { Position } from './metres.ts';

/** A polygon feature of RFC 7946. */
export interface AreaFeature {
  readonly type: 'Feature';
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: { readonly type: 'MultiPolygon'; readonly coordinates: readonly Position[][][] };
}

export interface AreaCollection {
  readonly type: 'FeatureCollection';
  readonly features: readonly AreaFeature[];
}

/** Areas as GeoJSON, each a MultiPolygon: holes stand with the part that they lie in. */
export function toGeoJson(
  areas: Iterable<Area>,
  properties: (area: Area) => Readonly<Record<string, unknown>> = () => ({}),
): AreaCollection {
  return {
    type: 'FeatureCollection',
    features: [...areas].map((area) => {
      const holes = area.rings.filter((one) => one.hole);
      return {
        type: 'Feature',
        id: area.code,
        properties: properties(area),
        geometry: {
          type: 'MultiPolygon',
          coordinates: area.rings
            .filter((one) => !one.hole)
            .map((part) => [
              turned(part.ring, false),
              ...holes.filter((hole) => liesIn(hole, part)).map((hole) => turned(hole.ring, true)),
            ]),
        },
      };
    }),
  };
}

/** What a feature brought: its id or property `code`, its properties and rings. */
export interface ReadArea extends Area {
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Longest ring that is read, in points: a district has thousands, not more. */
const longest = 100_000;

/**
 * Reads areas from GeoJSON: Polygon and MultiPolygon features with an `id` or a property `code`.
 *
 * @throws Error that names the feature and what is wrong with it, fit to be shown to whoever brought the file.
 */
export function fromGeoJson(document: unknown): ReadArea[] {
  const { type, features } = (document ?? {}) as { type?: unknown; features?: unknown };
  if (type !== 'FeatureCollection' || !Array.isArray(features)) throw new Error('not a FeatureCollection');
  const codes = new Set<string>();
  return features.map((feature: unknown, index) => {
    const where = `feature ${index + 1}`;
    const { id, properties, geometry } = (feature ?? {}) as Record<string, unknown>;
    const told = (properties ?? {}) as Record<string, unknown>;
    const code = String(told.code ?? id ?? '');
    if (!code) throw new Error(`${where}: neither id nor property "code"`);
    if (codes.has(code)) throw new Error(`${where}: "${code}" stands twice`);
    codes.add(code);
    const { type: shape, coordinates } = (geometry ?? {}) as { type?: unknown; coordinates?: unknown };
    const polygons = shape === 'Polygon' ? [coordinates] : shape === 'MultiPolygon' ? coordinates : null;
    if (!Array.isArray(polygons) || polygons.length === 0)
      throw new Error(`${where} "${code}": not a Polygon or MultiPolygon`);
    const rings = polygons.flatMap((polygon: unknown) => {
      if (!Array.isArray(polygon) || polygon.length === 0)
        throw new Error(`${where} "${code}": an empty polygon`);
      return polygon.map((ring: unknown, at) => ({
        ring: readRing(ring, `${where} "${code}"`),
        hole: at > 0,
      }));
    });
    return { code, properties: told, rings };
  });
}

function readRing(ring: unknown, where: string): Position[] {
  if (!Array.isArray(ring) || ring.length < 4) throw new Error(`${where}: a ring of fewer than four points`);
  if (ring.length > longest) throw new Error(`${where}: a ring of more than ${longest} points`);
  const points = ring.map((one: unknown): Position => {
    const [lon, lat] = Array.isArray(one) ? (one as unknown[]) : [];
    if (typeof lon !== 'number' || typeof lat !== 'number' || Math.abs(lon) > 180 || Math.abs(lat) > 90)
      throw new Error(`${where}: ${JSON.stringify(one)} is not a longitude and a latitude`);
    return [lon, lat];
  });
  const [first, last] = [points[0]!, points.at(-1)!];
  if (first[0] !== last[0] || first[1] !== last[1]) throw new Error(`${where}: a ring is not closed`);
  return points;
}

/** A hole may touch its part, so the point asked about is one of its middle. */
function liesIn(hole: Ring, part: Ring): boolean {
  const points = hole.ring.slice(1);
  const middle = points.reduce((sum, one) => [sum[0] + one[0], sum[1] + one[1]] as const, [0, 0] as const);
  return isInside(part.ring, { lon: middle[0] / points.length, lat: middle[1] / points.length });
}

/** RFC 7946 turns outer rings against the clock and holes with it. */
function turned(ring: readonly Position[], clockwise: boolean): Position[] {
  const doubled = ring.reduce((sum, [x2, y2], at) => {
    const [x1, y1] = ring.at(at - 1)!;
    return sum + (x2 - x1) * (y2 + y1);
  }, 0);
  return doubled > 0 === clockwise ? [...ring] : ring.toReversed();
}
