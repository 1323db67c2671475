import { type SQL, sql } from 'drizzle-orm';

/** Types of DataStore columns, as they travel (PostgreSQL's own names). */
export type FieldType =
  | 'text'
  | 'numeric'
  | 'int4'
  | 'int8'
  | 'float8'
  | 'bool'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'json'
  | '_text';

export interface Field {
  readonly id: string;
  readonly type: FieldType;
  /** Label, notes and what else the publisher says of the column. */
  readonly info?: Readonly<Record<string, unknown>>;
}

/** A table whose rows can be asked: `_id` counts them from 1, `_full_text` holds their words. */
export interface DataTable {
  /** Where it lies. */
  readonly from: SQL;
  /** Without `_id` and `_full_text`, in the order of the file. */
  readonly fields: readonly Field[];
  /** How many rows it has, when that is known without counting. */
  readonly rows: number | null;
  /** `_id` counts without gaps, so a row far down the file is found by its number. */
  readonly isDense: boolean;
}

/** A column by its id, whatever letters it has. */
export const column = (id: string): SQL => sql`${sql.identifier(id)}`;

/** Whether values of the type are numbers. */
export const isNumber = (type: FieldType): boolean =>
  type === 'numeric' || type === 'int4' || type === 'int8' || type === 'float8';
