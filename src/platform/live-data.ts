import type { Tx } from './database/pool.ts';
import type { Text } from './i18n/index.ts';

/** One value of a live table. Times are instants; whoever publishes writes them in the time of the city. */
export type LiveValue = string | number | boolean | Date | null;

/** A row as the system has it, by columns; nothing of it is public before the treatment of `privacy`. */
export type LiveRow = Readonly<Record<string, LiveValue>>;

/** Where a reading of changes ended, in words that the system alone understands. */
export type Cursor = string;

/** A column of a table of the system's own. */
export interface ColumnSpec {
  /** As it is called in files and programs: Latin letters, digits and `_`, begins with a letter. */
  readonly id: string;
  readonly title: Text;
  readonly type: 'text' | 'integer' | 'numeric' | 'boolean' | 'date' | 'timestamp';
  readonly required?: boolean;
}

/** The words about a dataset that Cabinet Resolution 835 asks for. */
export interface PassportInput {
  /** The last part of its address, `[a-z0-9_-]`, never changed. */
  readonly name: string;
  readonly title: Text;
  readonly notes: Text;
  /** As it travels on data.gov.ua: `once a day`; it says how often the system is asked. */
  readonly updateFrequency:
    | 'more than once a day'
    | 'once a day'
    | 'once a week'
    | 'once a month'
    | 'once a quarter'
    | 'once a half year'
    | 'once a year'
    | 'immediately after making changes'
    | 'unscheduled';
  /** Підстава та призначення збору інформації, at most 512 characters. */
  readonly purpose: string;
  readonly keywords: readonly string[];
  /** Codes of the EU list `data-theme` in small letters: `regi`, `gove`. */
  readonly themes: readonly string[];
  /** Appendix of the resolution, `835/33`. */
  readonly obligation?: string;
}

/** How finely a value may be known. Times in Kyiv; `street` takes the house off an address; a grid has pairs of lat and lon. */
export type Coarseness = 'hour' | 'day' | 'month' | 'year' | 'street' | 'grid100m' | 'grid500m';

/** What is done to each row before anybody outside of the system sees it. */
export interface Privacy {
  /** Columns that go. */
  readonly drop?: readonly string[];
  readonly coarsen?: Readonly<Record<string, Coarseness>>;
  /** Columns whose values give way to a keyed hash; the key is another each year, so that no one is followed for longer. */
  readonly hash?: readonly string[];
  /**
   * No group of rows with the same values in the columns `quasi` may be smaller than `k`. Rows of smaller groups are left out and
   * counted, or first merged into «інше», from the last of the columns to the first, so the finest of them stands last.
   */
  readonly kAnonymity?: {
    readonly quasi: readonly string[];
    readonly k: number;
    readonly small: 'suppress' | 'merge';
  };
}

/** What a reading gets. */
export interface LiveReading {
  /** A read-only transaction of one snapshot: all pages of a reading see the same state. */
  readonly db: Tx;
  /** The instant that is told of; what comes later is left out. */
  readonly asOf: Date;
  /** Public address of the city, without a slash at its end. */
  readonly origin: string;
  /** So many rows a page at most. */
  readonly batch: number;
  readonly signal: AbortSignal;
}

/** Rows of a live table, so many at a time. */
export interface LivePage {
  readonly rows: readonly LiveRow[];
  /** In mode `changes`: rows that are no more, by the values of their key joined with U+001F. */
  readonly deletedKeys?: readonly string[];
  /** Kept with these rows; the next reading of changes begins there. */
  readonly cursor: Cursor;
}

/**
 * A table that a system publishes on the open-data portal by itself (docs/open-data-live.md). The portal makes the dataset, asks at the
 * promised times, treats, checks, versions and serves it; the system only says what there is.
 */
export interface LiveDataset {
  /** `contact-centre.requests`: stable, begins with the system's name. */
  readonly key: string;
  /** Code of the unit that owns the data. */
  readonly unit: string;
  readonly passport: PassportInput;
  /** An official table by its id such as `835/33/appeals`, or columns of the system's own, `key` naming a row. */
  readonly table:
    | { readonly official: `${number}/${number}/${string}` }
    | { readonly columns: readonly ColumnSpec[]; readonly key: readonly string[] };
  /** `snapshot`: each reading hands out all rows; `changes`: those since the cursor, and the keys of what went. */
  readonly mode: 'snapshot' | 'changes';
  readonly privacy: Privacy;
  /** Other ways to the same data, by a path of this city: shown as links beside the table. */
  readonly links?: readonly { readonly title: Text; readonly path: string; readonly format: string }[];
  /** @param since where the last published reading ended; null: from the beginning. */
  read(since: Cursor | null, reading: LiveReading): AsyncIterable<LivePage>;
}
