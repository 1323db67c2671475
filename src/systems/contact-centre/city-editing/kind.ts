import type { SQL } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { FieldFault } from '#platform/errors.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Work } from '#platform/work.ts';
import type { City } from '../city.ts';

/** One thing of the city's data as it is stored. */
export type Body = Readonly<Record<string, unknown>>;

/** The same thing as the fields of a form or the columns of a file: every value a text, several joined by commas. */
export type Flat = Readonly<Record<string, string>>;

export interface DataVersion {
  readonly version: number;
  readonly body: Body;
  readonly author: string;
  /** Null: it came with the city's files. */
  readonly at: Date | null;
}

/** What a thing is checked against. */
export interface Around {
  readonly city: City;
  /** Of the buildings that the bodies name, those that the city knows. */
  readonly buildings: ReadonlySet<string>;
  /** The same of things. */
  readonly assets: ReadonlySet<string>;
  /** As it is stored now; null for a new one. */
  readonly previous: Body | null;
  readonly language: Language;
}

export interface Entry {
  readonly id: string;
  readonly body: Body;
  /** The version that this body becomes. */
  readonly version: number;
  readonly previous: Body | null;
}

/** One kind of city data: where it lies, how it reads as a form, what is wrong with it, how it is stored. */
export interface DataKind {
  readonly name: string;
  /** A query of id, body, and what lists are sorted by (`sort`). */
  readonly source: SQL;
  /** The city counts by these things and no others: they change, and none is added. */
  readonly closed?: true;
  /** What is there is never changed by a file. */
  readonly once?: true;
  /** The field that holds the id. */
  readonly key: string;
  flat(body: Body): Flat;
  /** What the fields say, with the faults of what cannot be read. */
  body(flat: Flat, language: Language): { readonly body: Body; readonly faults: readonly FieldFault[] };
  /** Everything wrong with it by field, as far as the city's data can tell. */
  faults(body: Body, around: Around): FieldFault[];
  /** Ids of buildings that the body names. */
  buildingsOf?(body: Body): readonly string[];
  /** Ids of things that the body names. */
  assetsOf?(body: Body): readonly string[];
  /** The versions of these ids as they stand, by id. */
  current(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, DataVersion>>;
  /** Every version, the newest first. */
  versions(reader: Reader, id: string): Promise<DataVersion[]>;
  store(work: Work, entries: readonly Entry[]): Promise<void>;
  /** Takes the current version out of use, where things of the kind can go; all versions stay. */
  retire?(work: Work, id: string): Promise<void>;
}
