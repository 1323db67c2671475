import type { Dialect } from './dialect.ts';
import type { Encoding } from './encoding.ts';
import type { Staged } from './staging.ts';
import type { ColumnType } from './types.ts';

/** Something in the file that a publisher should know, though it stops nothing. */
export interface Notice {
  readonly code:
    | 'nul-characters'
    | 'unclosed-quote'
    | 'inner-quotes'
    | 'short-rows'
    | 'extra-empty-cells'
    | 'long-rows-refused'
    | 'hidden-sheets'
    | 'other-sheets'
    | 'merged-cells'
    | 'footer-rows'
    | 'empty-columns'
    | 'swapped-coordinates';
  readonly count: number;
  /** Lines or rows of the file, the first thousand. */
  readonly lines?: readonly number[];
  readonly names?: readonly string[];
}

/** How the file is written, for the page and the report. */
export interface SourceForm {
  readonly format: 'csv' | 'xlsx' | 'xls' | 'ods' | 'html' | 'json' | 'ndjson' | 'geojson' | 'parquet';
  readonly encoding?: Encoding;
  readonly dialect?: Dialect;
  readonly sheet?: string;
  /** Name inside the archive. */
  readonly entry?: string;
  readonly headerRows: number;
  readonly skippedRows: number;
}

/** A table as it stood in the file: its headers, and its rows on the disk. */
export interface ReadTable {
  readonly headers: readonly string[];
  readonly preamble: readonly string[];
  readonly staged: Staged;
  readonly source: SourceForm;
  readonly notices: readonly Notice[];
  /** Types that the file itself says; null: the cells decide. */
  readonly types?: readonly (ColumnType | null)[];
}
