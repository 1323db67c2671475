import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Work } from '#platform/work.ts';
import type { ChosenSchema } from './checks/chosen-schema.ts';
import { officialTable } from './checks/official-tables.ts';
import type { Strictness, TableSchema } from './checks/table-schema.ts';
import { lockDataset } from './datasets.ts';
import { Denied, faulty } from './faults.ts';
import { findResource } from './resources.ts';

/** What the files of a resource are checked against: an official table by its id such as `835/36/parkingLots`, or columns of its own. */
export type TableChoice = { readonly strictness: Strictness } & (
  | { readonly table: string }
  | { readonly schema: TableSchema }
);

/**
 * Says against which table the files of a resource are checked, from the next load on.
 *
 * @param choice null: none, the columns are as they come.
 * @throws Absent, Denied also for what a system of the city publishes, Faulty for a table that is not among the official ones.
 */
export async function chooseTable(work: Work, resource: string, choice: TableChoice | null): Promise<void> {
  const found = await findResource(work.tx, resource);
  await lockDataset(work, found.dataset);
  const chosen = choice && chosenOf(choice);
  const { rows } = await work.tx.execute(sql`
    update od_resource set table_schema = ${chosen && JSON.stringify(chosen)}::jsonb where id = ${found.id} and kind <> 'live' returning id`);
  if (rows.length === 0) throw new Denied('a system of the city publishes this resource');
  await audit(work, {
    action: 'open-data:choose_table',
    resource: `open-data-resource:${found.id}`,
    detail: { table: chosen?.origin ?? null, strictness: choice?.strictness ?? null },
  });
}

function chosenOf(choice: TableChoice): ChosenSchema {
  if ('schema' in choice) return { ...choice.schema, strictness: choice.strictness };
  if (!officialTable(choice.table)) throw faulty('table', 'This is not an official table.');
  return { origin: choice.table, strictness: choice.strictness };
}
