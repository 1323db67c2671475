import { type BuildingData, buildings } from '../buildings.ts';
import { streets } from '../streets.ts';

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, unknown>>;

/** How somebody in an office would have written a table down. */
export interface Mess {
  readonly encoding?: 'windows-1251';
  readonly delimiter?: ',' | ';' | '\t';
  /** Between whole and fraction. */
  readonly decimal?: ',';
  /** Lines in place of the one of column names: titles, notes, headers of two lines. */
  readonly head?: readonly (readonly string[])[];
  /** Lines below the table. */
  readonly foot?: readonly (readonly Cell[])[];
  /** Cells of a workbook that are one, `A1:C1`. */
  readonly merged?: readonly string[];
}

/** One file of a dataset, as rows: its name says in which format it is written. */
export interface TableData {
  readonly fileName: string;
  /**
   * The columns are those of the first row. Rows of an official table need not say everything: the rest is usual. In a
   * GeoJSON file `geometry` is the place.
   */
  readonly rows: readonly Row[];
  readonly mess?: Mess;
}

/** A version of a file. */
export interface VersionData {
  /** How many days ago it was published. */
  readonly daysAgo: number;
  readonly note?: string;
  /** @param today YYYY-MM-DD, the day of the demo. The same day gives the same table. */
  table(today: string): TableData;
}

/** A file of a dataset with its versions, the oldest first. */
export interface FileData {
  readonly title: string;
  /** The official table it is checked against, `835/36/parkingLots`. */
  readonly official?: string;
  readonly versions: readonly VersionData[];
}

/** A dataset of the demo city. Every figure in it is made up. */
export interface DatasetData {
  readonly name: string;
  readonly publisher: string;
  readonly title: string;
  readonly notes: string;
  readonly themes: readonly string[];
  readonly tags: readonly string[];
  readonly frequency: string;
  /** Appendix of Resolution 835. */
  readonly obligation?: string;
  /** Category of a high-value dataset. */
  readonly highValue?: string;
  /** Whether it is there when the city opens; the others come while it is open. A demo of the `city` alone has no others. */
  readonly first?: true;
  /** Where it stands, when it is not published. */
  readonly state?: 'draft' | 'review' | 'archived';
  readonly files: readonly FileData[];
}

/** One file in one version. */
export function oneFile(
  title: string,
  daysAgo: number,
  table: (today: string) => TableData,
  official?: string,
): readonly FileData[] {
  return [{ title, ...(official ? { official } : {}), versions: [{ daysAgo, table }] }];
}

/** A number from 0 up to 1 that looks random and is the same for the same two numbers. */
export function noise(seed: number, n: number): number {
  let state = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
  state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
  return ((state ^ (state >>> 15)) >>> 0) / 4_294_967_296;
}

/** A whole number from `low` to `high`. */
export function between(low: number, high: number, seed: number, n: number): number {
  return low + Math.floor(noise(seed, n) * (high - low + 1));
}

/** One of a list. */
export function pick<T>(list: readonly T[], seed: number, n: number): T {
  return list[Math.floor(noise(seed, n) * list.length)]!;
}

export function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

/** The day so many days before another. */
export function dayBefore(today: string, days: number): string {
  return new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);
}

/** 09.04.2026 */
export function written(day: string): string {
  return day.split('-').toReversed().join('.');
}

export interface Place {
  readonly street: string;
  readonly house: string;
  readonly building: BuildingData;
  readonly lat: number;
  readonly lon: number;
}

const named = new Map(streets.map((street) => [street.id, `${street.type} ${street.name}`]));

/** A house of the demo city: the street is real, the house is invented. */
export function place(n: number): Place {
  const building = buildings[(n * 37) % buildings.length]!;
  return {
    street: named.get(building.street)!,
    house: building.house,
    building,
    lat: building.point[1],
    lon: building.point[0],
  };
}
