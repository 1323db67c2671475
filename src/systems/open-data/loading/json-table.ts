import { mostColumns } from './csv.ts';
import { asUtf8, type FoundEncoding, findEncoding } from './encoding.ts';
import { LoadFault } from './faults.ts';
import { jsonElements } from './json-elements.ts';
import type { LayoutFixes } from './layout.ts';
import type { Notice, ReadTable, SourceForm } from './read-table.ts';
import { SheetTable } from './sheet-table.ts';
import { Staging } from './staging.ts';
import type { Box } from './typed-table.ts';
import type { ColumnType } from './types.ts';

type Format = Extract<SourceForm['format'], 'json' | 'ndjson' | 'geojson'>;
type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
type JsonObject = { readonly [key: string]: Value };

/** How deep objects become columns `a.b`; what lies deeper stays JSON. */
const deepest = 6;

/**
 * Reads a table out of JSON: an array of objects, an object with one such array, objects line by line, features of GeoJSON with
 * their place. Nested members are columns `a.b`.
 *
 * @param city where swapped coordinates are told by; null: they are not looked for.
 * @throws LoadFault `json-broken`, `json-no-table`
 */
export async function readJsonTable(
  open: () => AsyncIterable<Uint8Array>,
  folder: string,
  fixes: LayoutFixes,
  city: Box | null,
): Promise<ReadTable> {
  const encoding = await findEncoding(open());
  const source = new JsonSource(open, encoding, await isByLines(open, encoding));
  const shape = await shapeOf(source);
  if (shape.lists) return readLists(source, folder, fixes, encoding);
  if (shape.columns.size === 0) throw new LoadFault('json-no-table');
  if (shape.columns.size > mostColumns) throw new LoadFault('too-wide', { limit: mostColumns });
  const swap = city !== null && shape.geo !== null && isMostlySwapped(shape.geo.points, city);
  const places = shape.geo === null ? [] : shape.geo.onlyPoints ? ['lat', 'lon'] : ['geometry'];
  const names = [...shape.columns.keys(), ...places.filter((name) => !shape.columns.has(name))];
  const staging = new Staging(folder, names.length);
  const place = new Map(names.map((name, n) => [name, n]));
  let row = 0;
  for await (const object of source.objects(shape.member)) {
    row += 1;
    const cells = names.map(() => '');
    const put = (name: string, value: string) => {
      cells[place.get(name)!] = value;
    };
    if (shape.geo === null) flatten(object, put);
    else {
      if (isObject(object.properties)) flatten(object.properties, put);
      putPlace(object.geometry, shape.geo.onlyPoints, swap, put);
    }
    staging.cells(cells, row);
  }
  const notices: Notice[] = swap ? [{ code: 'swapped-coordinates', count: shape.geo!.points.length }] : [];
  const format: Format = shape.geo ? 'geojson' : source.byLines ? 'ndjson' : 'json';
  return {
    headers: names,
    preamble: [],
    staged: staging.end(),
    source: { format, encoding: encoding.encoding, headerRows: 0, skippedRows: 0 },
    notices,
    types: names.map((name): ColumnType | null =>
      shape.columns.get(name) === 'json' || (name === 'geometry' && shape.geo !== null) ? 'json' : null,
    ),
  };
}

class JsonSource {
  readonly byLines: boolean;
  private readonly open: () => AsyncIterable<Uint8Array>;
  private readonly encoding: FoundEncoding;

  constructor(open: () => AsyncIterable<Uint8Array>, encoding: FoundEncoding, byLines: boolean) {
    this.open = open;
    this.encoding = encoding;
    this.byLines = byLines;
  }

  /** Rows with the name of the member they stand in. */
  async *rows(): AsyncGenerator<{ member: string | null; value: Value }, void, undefined> {
    if (this.byLines) {
      for await (const line of this.lines()) yield { member: null, value: parsed(line.text, line.at) };
      return;
    }
    let n = 0;
    for await (const { member, text } of jsonElements(this.texts())) {
      n += 1;
      yield { member, value: parsed(text, n) };
    }
  }

  async *objects(member: string | null): AsyncGenerator<JsonObject, void, undefined> {
    for await (const row of this.rows()) if (row.member === member && isObject(row.value)) yield row.value;
  }

  private async *texts(): AsyncGenerator<string, void, undefined> {
    for await (const piece of asUtf8(this.open(), this.encoding)) yield piece.toString('utf8');
  }

  private async *lines(): AsyncGenerator<{ text: string; at: number }, void, undefined> {
    let rest = '';
    let at = 0;
    for await (const text of this.texts()) {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.trim() !== '') yield { text: line, at };
        at += line.length + 1;
      }
    }
    if (rest.trim() !== '') yield { text: rest, at };
  }
}

function parsed(text: string, offset: number): Value {
  try {
    // Long numbers keep all their digits: as texts.
    const safe = /[0-9]{16}/.test(text)
      ? text.replace(/([:[,]\s*)(-?\d{16,})(?=\s*[,\]}])/g, '$1"$2"')
      : text;
    return JSON.parse(safe) as Value;
  } catch {
    throw new LoadFault('json-broken', { offset });
  }
}

const isObject = (value: Value | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Objects line by line: the first line is one, and another follows or it has no list of objects in it. */
async function isByLines(open: () => AsyncIterable<Uint8Array>, encoding: FoundEncoding): Promise<boolean> {
  let head = '';
  for await (const piece of asUtf8(open(), encoding)) {
    head += piece.toString('utf8');
    if (head.length > 4 * 1024 * 1024) break;
  }
  const lines = head
    .trimStart()
    .split('\n', 3)
    .map((line) => line.trim());
  if (!lines[0]!.startsWith('{')) return false;
  try {
    const first = JSON.parse(lines[0]!) as JsonObject;
    if (lines.slice(1).some((line) => line.startsWith('{'))) return true;
    return !Object.values(first).some((value) => Array.isArray(value) && value.some((one) => isObject(one)));
  } catch {
    return false;
  }
}

interface Geo {
  onlyPoints: boolean;
  /** Longitude and latitude of the first thousand points. */
  readonly points: (readonly [number, number])[];
}

interface Shape {
  /** Where the objects are: the member that has most. */
  readonly member: string | null;
  readonly columns: ReadonlyMap<string, 'plain' | 'json'>;
  readonly geo: Geo | null;
  /** Rows are lists of cells. */
  readonly lists: boolean;
}

async function shapeOf(source: JsonSource): Promise<Shape> {
  const found = new Map<
    string | null,
    { objects: number; lists: number; columns: Map<string, 'plain' | 'json'>; geo: Geo; features: number }
  >();
  for await (const { member, value } of source.rows()) {
    let of = found.get(member);
    if (!of) {
      of = { objects: 0, lists: 0, columns: new Map(), geo: { onlyPoints: true, points: [] }, features: 0 };
      found.set(member, of);
    }
    if (Array.isArray(value)) of.lists += 1;
    if (!isObject(value)) continue;
    of.objects += 1;
    const { columns, geo } = of;
    const isFeature = value.type === 'Feature' && 'geometry' in value;
    if (isFeature) of.features += 1;
    const note = (name: string, _: string, json: boolean) => {
      if (json || !columns.has(name)) columns.set(name, json ? 'json' : 'plain');
    };
    flatten(isFeature ? (isObject(value.properties) ? value.properties : {}) : value, note);
    if (isFeature && isObject(value.geometry)) {
      const point = pointOf(value.geometry);
      if (!point) geo.onlyPoints = false;
      else if (geo.points.length < 1_000) geo.points.push(point);
    }
  }
  const most = [...found].sort(([, a], [, b]) => b.objects + b.lists - (a.objects + a.lists))[0];
  if (!most) throw new LoadFault('json-no-table');
  const [member, { objects, lists, columns, geo, features }] = most;
  return { member, columns, geo: features > 0 && features === objects ? geo : null, lists: lists > objects };
}

function flatten(
  object: JsonObject,
  put: (name: string, value: string, json: boolean) => void,
  prefix = '',
  depth = 1,
): void {
  for (const [key, value] of Object.entries(object)) {
    const name = prefix + key;
    if (isObject(value) && depth < deepest && Object.keys(value).length > 0)
      flatten(value, put, `${name}.`, depth + 1);
    else if (typeof value === 'object' && value !== null) put(name, JSON.stringify(value), true);
    else put(name, plain(value), false);
  }
}

function plain(value: string | number | boolean | null): string {
  if (typeof value !== 'number') return value === null ? '' : String(value);
  const text = String(value);
  return text.includes('e')
    ? value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 })
    : text;
}

function pointOf(geometry: JsonObject): readonly [number, number] | null {
  const { type, coordinates } = geometry;
  if (type !== 'Point' || !Array.isArray(coordinates)) return null;
  const [lon, lat] = coordinates;
  return typeof lon === 'number' && typeof lat === 'number' ? [lon, lat] : null;
}

function putPlace(
  geometry: Value | undefined,
  onlyPoints: boolean,
  swap: boolean,
  put: (name: string, value: string) => void,
): void {
  if (!isObject(geometry)) return;
  if (!onlyPoints) {
    put('geometry', JSON.stringify(swap ? mirrored(geometry) : geometry));
    return;
  }
  const point = pointOf(geometry);
  if (!point) return;
  const [lon, lat] = swap ? [point[1], point[0]] : point;
  put('lat', plain(lat));
  put('lon', plain(lon));
}

function mirrored(value: Value): Value {
  if (Array.isArray(value)) {
    const [one, two, ...rest] = value;
    return typeof one === 'number' && typeof two === 'number' ? [two, one, ...rest] : value.map(mirrored);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, mirrored(inside)]))
    : value;
}

function isMostlySwapped(points: readonly (readonly [number, number])[], city: Box): boolean {
  const lies = (lon: number, lat: number) =>
    lat >= city.south && lat <= city.north && lon >= city.west && lon <= city.east;
  const wrong = points.filter(([lon, lat]) => !lies(lon, lat) && lies(lat, lon)).length;
  return wrong > points.length / 2;
}

async function readLists(
  source: JsonSource,
  folder: string,
  fixes: LayoutFixes,
  { encoding }: FoundEncoding,
): Promise<ReadTable> {
  const table = new SheetTable(folder, fixes);
  let row = 0;
  for await (const { value } of source.rows()) {
    row += 1;
    if (Array.isArray(value))
      table.row(
        row,
        value.map((cell: Value) =>
          typeof cell === 'object' && cell !== null
            ? JSON.stringify(cell)
            : plain(cell as string | number | boolean | null),
        ),
      );
  }
  return table.end({ format: 'json', encoding }, []);
}
