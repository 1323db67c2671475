import { sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import { type ChosenSchema, schemaOf } from '../checks/chosen-schema.ts';
import { normalForm } from '../checks/normal-form.ts';
import { type ColumnKnowledge, personalInRows, textOf } from '../checks/personal-rows.ts';
import type { Role } from '../checks/table-schema.ts';
import { Faulty } from '../faults.ts';
import { hashKeyOf, hashOf, mask } from '../loading/hiding.ts';
import type { LoadRule } from '../loading/rules.ts';
import type { Row } from './fields.ts';
import type { StoredTable } from './tables.ts';

/** Cells that are told at once. */
const mostTold = 100;

/**
 * Rows of a program as they may be written. What a remembered fix of the resource masks, hashes or leaves out is treated as in its
 * files; rows that give people away otherwise are refused before any of them is written. What the officer approved passes, official
 * contacts do, and everything where the publisher only warns.
 *
 * @throws Faulty `{personal_data: ["row 3, column phone"]}`
 */
export async function fitToBeWritten(
  work: Work,
  table: StoredTable,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (rows.length === 0) return rows;
  const { rows: found } = await work.tx.execute<{
    load_rules: LoadRule[];
    table_schema: ChosenSchema | null;
    pii_mode: 'block' | 'warn';
  }>(sql`select r.load_rules, r.table_schema, coalesce(o.pii_mode, 'block') as pii_mode
    from od_resource r join od_dataset d on d.id = r.dataset left join od_organisation o on o.id = d.organisation
    where r.id = ${table.resource}`);
  const [resource] = found;
  if (!resource) return rows;
  const hiders = hidersOf(work, table, resource.load_rules);
  const hidden = hiders.size === 0 ? rows : rows.map((row) => hide(row, hiders));
  if (resource.pii_mode !== 'block') return hidden;
  const knowledge = knowledgeOf(table, resource.load_rules, resource.table_schema);
  const shown = table.fields.filter(({ id }) => !hiders.has(id));
  const cells = personalInRows(hidden, shown, knowledge, work.clock.now());
  if (cells.length > 0)
    throw new Faulty({
      personal_data: cells.slice(0, mostTold).map(({ row, column }) => `row ${row}, column ${column}`),
    });
  return hidden;
}

type Hider = (value: unknown) => string | null;

/** What stands in place of the values of hidden columns, by id: of a column that holds no texts, nothing does. */
function hidersOf(work: Work, table: StoredTable, rules: readonly LoadRule[]): ReadonlyMap<string, Hider> {
  const hiders = new Map<string, Hider>();
  for (const { fix, on } of rules) {
    if (!on || (fix.do !== 'mask' && fix.do !== 'hash' && fix.do !== 'drop')) continue;
    const field = table.fields.find(({ id }) => normalForm(id) === normalForm(fix.column));
    if (!field) continue;
    const kind = field.type === 'text' ? fix.do : 'drop';
    const key = kind === 'hash' ? hashKeyOf(work.secrets, table.resource) : '';
    hiders.set(field.id, (value) => {
      const text = textOf(value);
      if (text === '' || kind === 'drop') return null;
      return kind === 'mask' ? mask : hashOf(key, text);
    });
  }
  return hiders;
}

const hide = (row: Row, hiders: ReadonlyMap<string, Hider>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([id, value]) => [id, hiders.has(id) ? hiders.get(id)!(value) : value]),
  );

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
