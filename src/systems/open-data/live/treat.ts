import { createHmac } from 'node:crypto';
import { localDate, localTime } from '#platform/calendar/index.ts';
import type { LiveRow, LiveValue, Privacy } from '#platform/live-data.ts';
import type { SchemaColumn } from '../checks/table-schema.ts';
import { coarseTime, gridCell, streetOf } from './coarsen.ts';

/** A row that does not keep to the table of its dataset: the version before stays. */
export class RowFault extends Error {
  readonly column: string;
  constructor(column: string, message: string) {
    super(message);
    this.column = column;
  }
}

/** A row as it may be published as far as it stands alone: texts in the order of the columns, null where there is nothing. */
export type TreatedRow = readonly (string | null)[];

/**
 * What a system's rows go through one by one: columns drop, values coarsen, hash. Groups are looked at when all rows are there.
 *
 * @param input.columns those that are published.
 * @param input.hashKey of the year and of this dataset alone.
 */
export function treatment(input: {
  readonly columns: readonly SchemaColumn[];
  readonly privacy: Privacy;
  readonly hashKey: string;
}): (row: LiveRow) => TreatedRow {
  const { columns, privacy, hashKey } = input;
  const known = new Set([...columns.map(({ id }) => id), ...(privacy.drop ?? [])]);
  const hashed = new Set(privacy.hash ?? []);
  const gridOf = gridsOf(privacy);
  return (row) => {
    for (const id of Object.keys(row))
      if (!known.has(id)) throw new RowFault(id, `a column that the table does not have: ${id}`);
    return columns.map((column) => {
      const value = row[column.id] ?? null;
      if (value === null) return null;
      if (hashed.has(column.id)) return hashOf(hashKey, textOf(value, column));
      const grid = gridOf.get(column.id);
      if (grid) return gridValue(row, column.id, grid);
      const to = privacy.coarsen?.[column.id];
      if (to === undefined) return textOf(value, column);
      if (to === 'street') return streetOf(String(value));
      return timeOf(value, column, to as 'hour' | 'day' | 'month' | 'year');
    });
  };
}

interface Grid {
  readonly metres: 100 | 500;
  readonly lat: string;
  readonly lon: string;
  readonly axis: 'lat' | 'lon';
}

/** Columns of a grid go by pairs: `lat` and `lon`, `fromLat` and `fromLon`. */
function gridsOf(privacy: Privacy): ReadonlyMap<string, Grid> {
  const grids = new Map<string, Grid>();
  for (const [id, to] of Object.entries(privacy.coarsen ?? {})) {
    if (to !== 'grid100m' && to !== 'grid500m') continue;
    const lat = id.replace(/(lon)(?=$|[^a-z])/i, (word) => (word[0] === 'L' ? 'Lat' : 'lat'));
    const lon = id.replace(/(lat)(?=$|[^a-z])/i, (word) => (word[0] === 'L' ? 'Lon' : 'lon'));
    const axis = lat === id ? 'lat' : 'lon';
    if (lat === lon || privacy.coarsen?.[lat] !== to || privacy.coarsen?.[lon] !== to)
      throw new Error(`a grid needs lat and lon: ${id} stands alone`);
    grids.set(id, { metres: to === 'grid100m' ? 100 : 500, lat, lon, axis });
  }
  return grids;
}

function gridValue(row: LiveRow, id: string, { metres, lat, lon, axis }: Grid): string | null {
  const place = { lat: Number(row[lat] ?? Number.NaN), lon: Number(row[lon] ?? Number.NaN) };
  // Half of a place is none.
  if (row[lat] === null || row[lon] === null || Number.isNaN(place.lat) || Number.isNaN(place.lon))
    return null;
  if (Math.abs(place.lat) > 85 || Math.abs(place.lon) > 180)
    throw new RowFault(id, `${id}: no place of a city`);
  return String(gridCell(place, metres)[axis]);
}

function timeOf(value: LiveValue, column: SchemaColumn, to: 'hour' | 'day' | 'month' | 'year'): string {
  const instant = value instanceof Date ? value : new Date(String(value));
  if (Number.isNaN(instant.getTime())) throw new RowFault(column.id, `${column.id}: no time`);
  const coarse = coarseTime(instant, to);
  const day = to === 'hour' ? coarse : `${coarse}-01-01`.slice(0, 10);
  if (column.type === 'timestamp') return to === 'hour' ? coarse : `${day}T00:00:00`;
  return column.type === 'date' ? day.slice(0, 10) : coarse;
}

/** A value as it stands in the table; times as they are read in Kyiv. */
function textOf(value: LiveValue, { id, type }: SchemaColumn): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new RowFault(id, `${id}: no time`);
    const day = localDate(value);
    return type === 'date'
      ? day
      : `${day}T${localTime(value)}:${String(value.getUTCSeconds()).padStart(2, '0')}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RowFault(id, `${id}: no number`);
  return String(value);
}

/** Letters alone: digits side by side would now and then look like somebody's number to the checks. */
function hashOf(key: string, value: string): string {
  const digest = createHmac('sha256', key).update(value).digest('hex').slice(0, 32);
  return digest.replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!);
}
