import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { column, type DataTable, type Field } from './table.ts';

/** The table of a resource, with what rights depend on. */
export interface StoredTable extends DataTable {
  readonly resource: string;
  readonly dataset: string;
  /** In the schema `open_data_rows`. */
  readonly name: string;
  readonly primaryKey: readonly string[];
  readonly aliases: readonly string[];
  /** Rows that were written since the last version was cut. */
  readonly uncut: number;
  /** Changes with every write. */
  readonly state: string;
}

/**
 * The tables that are asked by these names: ids of resources or aliases.
 *
 * @returns by the name that was asked.
 */
export async function tablesNamed(
  reader: Reader,
  names: readonly string[],
): Promise<ReadonlyMap<string, StoredTable>> {
  if (names.length === 0) return new Map();
  const { rows } = await reader.execute<{
    asked: string;
    resource: string;
    dataset: string;
    name: string;
    fields: Field[];
    primary_key: string[];
    rows: number | null;
    is_dense: boolean;
    aliases: string[];
    uncut: number;
    state: string;
  }>(sql`
    select n.asked, t.resource, r.dataset, t.name, t.fields, t.primary_key, t.rows::float8 as rows, t.is_dense, t.uncut::float8 as uncut,
      t.uncut || '-' || extract(epoch from t.changed_at) as state,
      array(select alias from od_alias a where a.resource = t.resource order by alias) as aliases
    from (select jsonb_array_elements_text(${JSON.stringify(names)}::jsonb) as asked) n
      join od_table t on t.resource::text = n.asked or t.resource = (select resource from od_alias where alias = n.asked)
      join od_resource r on r.id = t.resource and r.state = 'active'`);
  return new Map(
    rows.map((row) => [
      row.asked,
      {
        resource: row.resource,
        dataset: row.dataset,
        name: row.name,
        from: sql`open_data_rows.${column(row.name)}`,
        fields: row.fields,
        primaryKey: row.primary_key,
        rows: row.rows,
        isDense: row.is_dense,
        aliases: row.aliases,
        uncut: row.uncut,
        state: row.state,
      },
    ]),
  );
}
