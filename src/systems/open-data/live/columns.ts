import { createHash } from 'node:crypto';
import type { LiveDataset } from '#platform/live-data.ts';
import type { ChosenSchema } from '../checks/chosen-schema.ts';
import { officialTable } from '../checks/official-tables.ts';
import type { SchemaColumn } from '../checks/table-schema.ts';
import type { LoadRule } from '../loading/rules.ts';

/** The table of a live dataset as it is published. */
export interface LiveTable {
  /** Without what is dropped, in the order of the table. */
  readonly columns: readonly SchemaColumn[];
  readonly key: readonly string[];
  readonly schema: ChosenSchema;
  readonly rules: readonly LoadRule[];
  /** Another text whenever the columns, their types or their treatment change. */
  readonly fingerprint: string;
}

/** @throws Error for an official table that is none, and a treatment of columns that are not there. */
export function liveTableOf(dataset: LiveDataset): LiveTable {
  const { table, privacy, key: name } = dataset;
  const dropped = new Set(privacy.drop ?? []);
  const all = columnsOf(dataset);
  const known = new Set(all.map(({ id }) => id));
  const treated = [
    ...Object.keys(privacy.coarsen ?? {}),
    ...(privacy.hash ?? []),
    ...(privacy.kAnonymity?.quasi ?? []),
  ];
  for (const id of treated)
    if (!known.has(id) || dropped.has(id))
      throw new Error(`${name}: treats a column ${id} that is not published`);
  const columns = all.filter(({ id }) => !dropped.has(id));
  const key = 'official' in table ? (officialTable(table.official)?.schema.key ?? []) : table.key;
  const origin = 'official' in table ? table.official : 'own';
  const schema: ChosenSchema =
    'official' in table
      ? { origin, strictness: 'strict' }
      : { origin, strictness: 'strict', columns, key, keyIsUnique: key.length > 0 };
  return {
    columns,
    key,
    schema,
    rules: [
      // Rows of a system are rows: none is a total or a note below the table, and numbers have a dot.
      rule('footer', { do: 'footer', rows: 0 }),
      ...columns
        .filter(({ type }) => type === 'numeric')
        .map(({ id }) => rule(id, { do: 'decimal-mark', column: id, mark: '.' })),
    ],
    fingerprint: createHash('sha256')
      .update(JSON.stringify([columns.map(({ id, type }) => [id, type]), key, privacy]))
      .digest('hex'),
  };
}

function columnsOf({ table, key }: LiveDataset): readonly SchemaColumn[] {
  if ('official' in table) {
    const official = officialTable(table.official);
    if (!official) throw new Error(`${key}: there is no official table ${table.official}`);
    return official.schema.columns;
  }
  return table.columns.map(({ id, title, type, required = false }) => ({
    id,
    title: title.uk,
    type,
    required,
    role: null,
  }));
}

const rule = (id: string, fix: LoadRule['fix']): LoadRule => ({
  id: `live-${id}`,
  fix,
  author: 'місто',
  on: true,
});
