import type { Position, Ring } from '#platform/geo/index.ts';
import type { ReadRow, RowFault } from './csv.ts';
import { ringsText } from './rings.ts';

/** Name of the column that holds the boundary as lines of longitude and latitude. */
export const geometryColumn = 'geometry';

/** Characters that one feature may have at most. */
const longestFeature = 20_000_000;

/**
 * The features of a GeoJSON collection as texts, one at a time: the file is never held as a whole.
 *
 * @param pieces of the file's text.
 */
export async function* featureTexts(
  pieces: AsyncIterable<string>,
): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  let depth = 0;
  let inArray = false;
  let text = '';
  let inString = false;
  let escaped = false;
  let line = 1;
  let start = 1;
  /** The last name met at the top: only the array under `features` is read. */
  let name = '';
  let lastString = '';
  for await (const piece of pieces) {
    for (const character of piece) {
      if (character === '\n') line += 1;
      const collecting = inArray && depth > 2;
      if (collecting) {
        text += character;
        if (text.length > longestFeature) throw new RangeError('a feature is too long');
      }
      if (inString) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inString = false;
        else if (depth === 1) lastString += character;
        continue;
      }
      switch (character) {
        case '"':
          inString = true;
          if (depth === 1) lastString = '';
          break;
        case ':':
          if (depth === 1) name = lastString;
          break;
        case '{':
        case '[':
          depth += 1;
          if (depth === 2 && character === '[' && name === 'features') inArray = true;
          if (inArray && depth === 3) {
            text = character;
            start = line;
          }
          break;
        case '}':
        case ']':
          depth -= 1;
          if (inArray && depth === 2) {
            yield { line: start, text };
            text = '';
          }
          if (depth === 1) inArray = false;
      }
    }
  }
}

/** Reads a feature: its properties and its boundary. */
export function featureOf(text: string): {
  readonly properties: Readonly<Record<string, string>>;
  readonly rings: string;
  readonly fault: RowFault | null;
} {
  let feature: { properties?: Record<string, unknown> | null; geometry?: Geometry | null };
  try {
    feature = JSON.parse(text) as typeof feature;
  } catch {
    return { properties: {}, rings: '', fault: 'json' };
  }
  const properties = Object.fromEntries(
    Object.entries(feature.properties ?? {}).map(([key, value]) => [
      key,
      value === null || value === undefined
        ? ''
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value),
    ]),
  );
  return { properties, ...ringsOf(feature.geometry ?? null) };
}

interface Geometry {
  readonly type?: string;
  readonly coordinates?: unknown;
}

/** Parts and holes of the area; whether each is closed is asked where districts are checked. */
function ringsOf(geometry: Geometry | null): { rings: string; fault: RowFault | null } {
  const none = { rings: '', fault: 'geometry' } as const;
  const { type, coordinates } = geometry ?? {};
  const polygons = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? coordinates : null;
  if (!Array.isArray(polygons) || polygons.length === 0) return none;
  const rings: Ring[] = [];
  for (const polygon of polygons as unknown[]) {
    if (!Array.isArray(polygon) || polygon.length === 0) return none;
    for (const [at, ring] of (polygon as unknown[]).entries()) {
      if (!Array.isArray(ring) || !(ring as unknown[]).every(isPoint)) return none;
      rings.push({ ring: (ring as Position[]).map(([lon, lat]) => [lon, lat]), hole: at > 0 });
    }
  }
  return { rings: ringsText(rings), fault: null };
}

const isPoint = (point: unknown) =>
  Array.isArray(point) && Number.isFinite(point[0]) && Number.isFinite(point[1]);

/** Features as rows: their properties in the order of the columns, the boundary last. */
export async function* geoRows(
  pieces: AsyncIterable<string>,
  columns: readonly string[],
): AsyncGenerator<ReadRow> {
  for await (const { line, text } of featureTexts(pieces)) {
    const { properties, rings, fault } = featureOf(text);
    yield {
      line,
      fault,
      cells: columns.map((column) => (column === geometryColumn ? rings : (properties[column] ?? ''))),
    };
  }
}

/** Names of the properties of the first features. */
export async function geoColumns(pieces: AsyncIterable<string>): Promise<string[]> {
  const names = new Set<string>();
  let seen = 0;
  for await (const { text } of featureTexts(pieces)) {
    for (const name of Object.keys(featureOf(text).properties)) names.add(name);
    seen += 1;
    if (seen === 100) break;
  }
  names.delete(geometryColumn);
  return seen === 0 ? [] : [...names, geometryColumn];
}
