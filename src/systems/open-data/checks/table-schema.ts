import type { ColumnType } from '../loading/types.ts';
import type { Reference } from './references.ts';

/** What a column means, as far as checks and the portal care. */
export type Role =
  | 'lat'
  | 'lon'
  | 'edrpou'
  | 'katottg'
  | 'koatuu'
  | 'post-code'
  | 'cadastral'
  | 'dk021'
  | 'iban'
  | 'official-contact'
  | 'public-name'
  | 'document-number'
  | 'currency';

/** One column of a table schema. */
export interface SchemaColumn {
  readonly id: string;
  readonly title: string | null;
  readonly type: ColumnType;
  readonly required: boolean;
  readonly role: Role | null;
  readonly enum?: readonly string[];
  /** Regular expression for the whole value (RE2). */
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  /** Characters at most. */
  readonly maxLength?: number;
  readonly unique?: boolean;
  /** Each value is in this column of another table, where that table is published beside it. */
  readonly references?: Reference;
}

/** What a table must be: from an official appendix, or a publisher's own. */
export interface TableSchema {
  /** `835/33/appeals`, or `own`. */
  readonly origin: string;
  readonly columns: readonly SchemaColumn[];
  /** Columns whose values together name a row; empty: none is known. */
  readonly key: readonly string[];
  /** Whether a key that repeats is an error: official keys of link tables are foreign and do repeat. */
  readonly keyIsUnique: boolean;
}

/** How strictly a table is held to its schema: any error blocks, or only bad rows stay out. */
export type Strictness = 'strict' | 'tolerant';
