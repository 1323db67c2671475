/**
 * Mapbox Vector Tiles 2.1, written: what a map in the browser draws from. Geometry comes in as WGS84, is projected to the
 * tile's own grid of 4096, and is cut at its border, since renderers keep coordinates in sixteen bits.
 *
 * @see https://github.com/mapbox/vector-tile-spec/tree/master/2.1
 */
export const extent = 4096;
/** Around the tile, so that strokes and circles do not end at its edge. */
const buffer = 128;

type Position = readonly [longitude: number, latitude: number];
type Point = readonly [x: number, y: number];
type Value = string | number | boolean;

export interface TileFeature {
  readonly type: 'point' | 'line' | 'polygon';
  /** One point, the points of a line, or a closed ring. */
  readonly positions: readonly Position[];
  readonly properties?: Readonly<Record<string, Value>>;
}

export interface TileLayer {
  readonly name: string;
  readonly features: readonly TileFeature[];
}

export interface TileAddress {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** West, south, east and north edge of a tile in degrees. The west and the north edge belong to it, the others to its neighbours. */
export function boundsOf({ z, x, y }: TileAddress): {
  west: number;
  south: number;
  east: number;
  north: number;
} {
  const scale = 2 ** z;
  const latitude = (row: number) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / scale))) * 180) / Math.PI;
  return {
    west: (x / scale) * 360 - 180,
    east: ((x + 1) / scale) * 360 - 180,
    north: latitude(y),
    south: latitude(y + 1),
  };
}

/** The tile as protocol buffer; layers without anything in the tile are left out. */
export function encodeTile(address: TileAddress, layers: readonly TileLayer[]): Uint8Array<ArrayBuffer> {
  const tile = new Writer();
  for (const layer of layers) {
    const body = encodeLayer(address, layer);
    if (body) tile.bytes(3, body);
  }
  return tile.done();
}

function encodeLayer(address: TileAddress, layer: TileLayer): Uint8Array | null {
  const keys = new Map<string, number>();
  const values = new Map<Value, number>();
  const numbered = <Key>(known: Map<Key, number>, key: Key): number => {
    const at = known.get(key) ?? known.size;
    known.set(key, at);
    return at;
  };
  const features: Uint8Array[] = [];
  for (const feature of layer.features) {
    const geometry = geometryOf(address, feature);
    if (!geometry) continue;
    const tags = Object.entries(feature.properties ?? {}).flatMap(([key, value]) => [
      numbered(keys, key),
      numbered(values, value),
    ]);
    const body = new Writer();
    if (tags.length) body.packed(2, tags);
    body.number(3, kinds[feature.type]);
    body.packed(4, geometry);
    features.push(body.done());
  }
  if (features.length === 0) return null;
  const body = new Writer();
  body.number(15, 2);
  body.text(1, layer.name);
  for (const feature of features) body.bytes(2, feature);
  for (const key of keys.keys()) body.text(3, key);
  for (const value of values.keys()) body.bytes(4, encodeValue(value));
  body.number(5, extent);
  return body.done();
}

const kinds = { point: 1, line: 2, polygon: 3 } as const;

function encodeValue(value: Value): Uint8Array {
  const body = new Writer();
  if (typeof value === 'string') body.text(1, value);
  else if (typeof value === 'boolean') body.number(7, value ? 1 : 0);
  else if (Number.isInteger(value) && value >= 0) body.number(5, value);
  else body.double(3, value);
  return body.done();
}

/** Commands and zigzag deltas; null when nothing of the feature lies in the tile. */
function geometryOf({ z, x, y }: TileAddress, feature: TileFeature): number[] | null {
  const scale = 2 ** z;
  const points = feature.positions.map(([lon, lat]): Point => {
    const column = ((lon + 180) / 360) * scale - x;
    const row = ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * scale - y;
    return [column * extent, row * extent];
  });
  if (feature.type === 'point') {
    const [point] = points;
    return point && inside(point) ? commands([[point]], false) : null;
  }
  const parts = feature.type === 'line' ? cutLine(points) : cutRing(points);
  return parts.length ? commands(parts, feature.type === 'polygon') : null;
}

const inside = ([x, y]: Point): boolean => x >= 0 && y >= 0 && x < extent && y < extent;

function commands(parts: readonly (readonly Point[])[], closed: boolean): number[] {
  const out: number[] = [];
  let [atX, atY] = [0, 0];
  const step = ([x, y]: Point) => {
    const [toX, toY] = [Math.round(x), Math.round(y)];
    out.push(zigzag(toX - atX), zigzag(toY - atY));
    [atX, atY] = [toX, toY];
  };
  for (const part of parts) {
    out.push(command(1, 1));
    step(part[0]!);
    if (part.length > 1) out.push(command(2, part.length - 1));
    for (const point of part.slice(1)) step(point);
    if (closed) out.push(command(7, 1));
  }
  return out;
}

const command = (id: number, count: number): number => (count << 3) | id;
const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;

const [low, high] = [-buffer, extent + buffer];

/** Liang and Barsky, segment by segment; what leaves and comes back becomes two parts. */
function cutLine(points: readonly Point[]): Point[][] {
  const parts: Point[][] = [];
  let open: Point[] | null = null;
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1]!, points[i]!];
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let [start, end] = [0, 1];
    for (const [delta, room] of [
      [-dx, from[0] - low],
      [dx, high - from[0]],
      [-dy, from[1] - low],
      [dy, high - from[1]],
    ] as const) {
      if (delta === 0 && room < 0) end = -1;
      else if (delta < 0) start = Math.max(start, room / delta);
      else if (delta > 0) end = Math.min(end, room / delta);
    }
    if (start >= end) {
      open = null;
      continue;
    }
    const at = (share: number): Point => [from[0] + share * dx, from[1] + share * dy];
    if (!open || start > 0) {
      open = [at(start)];
      parts.push(open);
    }
    open.push(at(end));
    if (end < 1) open = null;
  }
  return parts;
}

/** Sutherland and Hodgman, edge by edge of the tile. The ring comes out clockwise as the specification wants outer rings. */
function cutRing(points: readonly Point[]): Point[][] {
  let ring: Point[] = samePoint(points[0]!, points.at(-1)!) ? points.slice(0, -1) : [...points];
  for (const [axis, limit, sign] of [
    [0, low, 1],
    [0, high, -1],
    [1, low, 1],
    [1, high, -1],
  ] as const) {
    const kept: Point[] = [];
    ring.forEach((point, i) => {
      const before = ring[(i + ring.length - 1) % ring.length]!;
      const [was, is] = [(before[axis] - limit) * sign >= 0, (point[axis] - limit) * sign >= 0];
      if (was !== is) {
        const share = (limit - before[axis]) / (point[axis] - before[axis]);
        kept.push([before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])]);
      }
      if (is) kept.push(point);
    });
    ring = kept;
  }
  const area = ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
  if (ring.length < 3 || area === 0) return [];
  return [area > 0 ? ring : ring.toReversed()];
}

const samePoint = (a: Point, b: Point): boolean => a[0] === b[0] && a[1] === b[1];

/** As much of protocol buffers as a tile needs. */
class Writer {
  readonly #out: number[] = [];

  number(field: number, value: number): void {
    this.#varint(field << 3);
    this.#varint(value);
  }

  double(field: number, value: number): void {
    this.#varint((field << 3) | 1);
    this.#out.push(...new Uint8Array(new Float64Array([value]).buffer));
  }

  text(field: number, value: string): void {
    this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#varint((field << 3) | 2);
    this.#varint(value.length);
    for (const byte of value) this.#out.push(byte);
  }

  packed(field: number, values: readonly number[]): void {
    const body = new Writer();
    for (const value of values) body.#varint(value);
    this.bytes(field, body.done());
  }

  done(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#out);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#out.push((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.#out.push(rest);
  }
}
