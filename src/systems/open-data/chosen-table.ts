import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Work } from '#platform/work.ts';
import { officialTable } from './checks/official-tables.ts';
import type { Strictness } from './checks/table-schema.ts';
import { lockDataset } from './datasets.ts';
import { faulty } from './faults.ts';
import { findResource } from './resources.ts';

/**
 * Says against which official table of Resolution 835 the files of a resource are checked, from the next load on.
 *
 * @param choice.table id such as `835/36/parkingLots`.
 * @throws Absent, Denied, Faulty for a table that is not among the official ones.
 */
export async function chooseTable(
  work: Work,
  resource: string,
  choice: { readonly table: string; readonly strictness: Strictness },
): Promise<void> {
  const found = await findResource(work.tx, resource);
  await lockDataset(work, found.dataset);
  if (!officialTable(choice.table)) throw faulty('table', 'This is not an official table.');
  const schema = JSON.stringify({ origin: choice.table, strictness: choice.strictness });
  await work.tx.execute(sql`update od_resource set table_schema = ${schema}::jsonb where id = ${found.id}`);
  await audit(work, {
    action: 'open-data:choose_table',
    resource: `open-data-resource:${found.id}`,
    detail: choice,
  });
}
