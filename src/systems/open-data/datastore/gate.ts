import { sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import { type ChosenSchema, schemaOf } from '../checks/chosen-schema.ts';
import { normalForm } from '../checks/normal-form.ts';
import { type ColumnKnowledge, personalInRows } from '../checks/personal-rows.ts';
import type { Role } from '../checks/table-schema.ts';
import { Faulty } from '../faults.ts';
import type { LoadRule } from '../loading/rules.ts';
import type { Row } from './fields.ts';
import type { StoredTable } from './tables.ts';

/** Cells that are told at once. */
const mostTold = 100;

/**
 * Refuses rows that give people away, before any of them is written: what the officer approved, and official contacts, pass. Where
 * the publisher only warns of them they pass too.
 *
 * @throws Faulty `{personal_data: ["row 3, column phone"]}`
 */
export async function mustNameNobody(work: Work, table: StoredTable, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const { rows: found } = await work.tx.execute<{
    load_rules: LoadRule[];
    table_schema: ChosenSchema | null;
    pii_mode: 'block' | 'warn';
  }>(sql`select r.load_rules, r.table_schema, coalesce(o.pii_mode, 'block') as pii_mode
    from od_resource r join od_dataset d on d.id = r.dataset left join od_organisation o on o.id = d.organisation
    where r.id = ${table.resource}`);
  const [resource] = found;
  if (resource?.pii_mode !== 'block') return;
  const knowledge = knowledgeOf(table, resource.load_rules, resource.table_schema);
  const cells = personalInRows(rows, table.fields, knowledge, work.clock.now());
  if (cells.length > 0)
    throw new Faulty({
      personal_data: cells.slice(0, mostTold).map(({ row, column }) => `row ${row}, column ${column}`),
    });
}

function knowledgeOf(
  table: StoredTable,
  rules: readonly LoadRule[],
  chosen: ChosenSchema | null,
): ColumnKnowledge {
  const approved = (kind: 'not-personal' | 'official-contact') =>
    new Set(
      rules.flatMap(({ fix, on }) =>
        on && fix.do === kind && fix.approvedBy ? [normalForm(fix.column)] : [],
      ),
    );
  const [notPersonal, contacts] = [approved('not-personal'), approved('official-contact')];
  const columns = new Map(schemaOf(chosen)?.columns.map((column) => [normalForm(column.id), column.role]));
  const roles = new Map<string, Role>();
  for (const { id } of table.fields) {
    const role = contacts.has(normalForm(id)) ? 'official-contact' : columns.get(normalForm(id));
    if (role) roles.set(id, role);
  }
  return {
    roles,
    cleared: new Set(table.fields.filter(({ id }) => notPersonal.has(normalForm(id))).map(({ id }) => id)),
  };
}
