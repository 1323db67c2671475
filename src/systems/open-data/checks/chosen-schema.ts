import { officialTable } from './official-tables.ts';
import type { Strictness, TableSchema } from './table-schema.ts';

/** What a resource says its table must be: an official table by its id, or columns of its own. */
export type ChosenSchema = {
  readonly origin: string;
  readonly strictness?: Strictness;
} & Partial<TableSchema>;

/** The schema that was chosen; null: none, or one without columns. */
export function schemaOf(chosen: ChosenSchema | null): TableSchema | null {
  if (!chosen) return null;
  const official = officialTable(chosen.origin);
  if (official) return official.schema;
  const { origin, columns = [], key = [], keyIsUnique = key.length > 0 } = chosen;
  return columns.length ? { origin, columns, key, keyIsUnique } : null;
}
