import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Work } from '#platform/work.ts';
import { lockDataset, touchDataset } from './datasets.ts';
import type { Field } from './datastore/table.ts';
import { tablesNamed } from './datastore/tables.ts';
import { Absent, Faults } from './faults.ts';
import { findResource } from './resources.ts';

/** What a publisher says of a column: its name in words, and what its values mean. Empty: nothing. */
export interface ColumnText {
  readonly label: string;
  readonly notes: string;
}

/** In characters. */
export const longestColumnText = { label: 254, notes: 2_000 } as const;

/** What was said of a column so far. */
export const textOfColumn = ({ info }: Field): ColumnText => ({
  label: String(info?.label ?? ''),
  notes: String(info?.notes ?? ''),
});

/**
 * Says in words what columns of a resource mean: at once, and for the files to come. Rows and hashes stay as they are, so no version
 * is made.
 *
 * @param texts by the id of the column; columns that are not named keep theirs.
 * @throws Absent for a resource without columns, Denied, Faulty of `label:…` and `notes:…` for a text that is too long.
 */
export async function describeColumns(
  work: Work,
  resource: string,
  texts: ReadonlyMap<string, ColumnText>,
): Promise<void> {
  const found = await findResource(work.tx, resource);
  await lockDataset(work, found.dataset);
  const table = (await tablesNamed(work.tx, [found.id])).get(found.id);
  if (!table) throw new Absent('columns');
  const faults = new Faults();
  for (const [id, text] of texts)
    for (const [key, most] of Object.entries(longestColumnText))
      if ([...text[key as keyof ColumnText]].length > most)
        faults.add(`${key}:${id}`, `at most ${most} characters`);
  faults.refuse();
  const describe = (field: Field): Field => {
    const text = texts.get(field.id);
    if (!text) return field;
    const { label: _label, notes: _notes, ...others } = field.info ?? {};
    const info = { ...others, ...said(text) };
    const { id, type } = field;
    return { id, type, ...(Object.keys(info).length > 0 && { info }) };
  };
  const kept = JSON.stringify(table.fields.map(describe));
  await work.tx.execute(sql`update od_table set fields = ${kept}::jsonb where resource = ${found.id}`);
  await work.tx.execute(sql`update od_version v set columns = (
      select jsonb_agg(coalesce(said, c) order by n) from jsonb_array_elements(v.columns) with ordinality as old (c, n)
        left join jsonb_array_elements(${kept}::jsonb) as said on said ->> 'id' = c ->> 'id' and said ->> 'type' = c ->> 'type')
    where v.resource = ${found.id} and v.replaced_at is null and v.taken_down_at is null`);
  await audit(work, {
    action: 'open-data:describe_columns',
    resource: `open-data-resource:${found.id}`,
    detail: { columns: [...texts.keys()].slice(0, 100) },
  });
  await touchDataset(work, found.dataset);
}

/** Columns of a new version with what was said of the columns before it, as far as they are the same. */
export function describedAs(fields: readonly Field[], before: readonly Field[]): Field[] {
  const texts = new Map(before.map((field) => [field.id, said(textOfColumn(field))]));
  return fields.map((field) => {
    const info = { ...field.info, ...texts.get(field.id) };
    return Object.keys(info).length > 0 ? { ...field, info } : field;
  });
}

const said = (text: ColumnText): Record<string, string> =>
  Object.fromEntries(Object.entries(text).filter(([, value]) => value !== ''));
