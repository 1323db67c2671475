import type { Privacy } from '#platform/live-data.ts';
import type { SchemaColumn } from '../checks/table-schema.ts';
import { named, quoted } from '../loading/sql.ts';
import type { StageDb } from '../loading/stage-db.ts';

/** What stands for the values of groups that were merged; columns that are no text are empty instead. */
export const others = 'інше';

/** What became of the rows: published and left out are all of them, merged ones are among the published. */
export interface Anonymised {
  readonly read: number;
  readonly published: number;
  readonly suppressed: number;
  readonly merged: number;
}

/**
 * Brings the treated rows to the form in which they are published: groups smaller than k merged or left out, in an order that says
 * nothing of how they came, each value as text.
 *
 * @param rowsPath NDJSON, one object a row: `c0`, `c1` … in the order of the columns, texts or nulls.
 * @param to where the Parquet goes.
 */
export async function anonymise(
  db: StageDb,
  input: {
    readonly rowsPath: string;
    readonly to: string;
    readonly columns: readonly SchemaColumn[];
    readonly key: readonly string[];
    readonly kAnonymity: Privacy['kAnonymity'];
  },
): Promise<Anonymised> {
  const { columns, kAnonymity } = input;
  const cells = columns.map((_, n) => `c${n}`);
  const at = (id: string) => columns.findIndex((column) => column.id === id);
  // Read twice and never held: groups are few beside the rows.
  await db.run(
    `create or replace temp view live as select * from read_json(${quoted(input.rowsPath)}, format = 'newline_delimited',
       columns = {${cells.map((cell) => `'${cell}': 'varchar'`).join(', ')}})`,
  );
  const quasi = kAnonymity?.quasi.map(at) ?? [];
  const counts = kAnonymity ? await groups(db, columns, quasi, kAnonymity) : null;
  const read = counts?.read ?? (await db.number('select count(*) from live'));
  const shown = columns.map(({ id }, n) => `${quasi.includes(n) ? `q${n}` : `c${n}`} as ${named(id)}`);
  const same = quasi.map((n) => `live.c${n} is not distinct from kept.c${n}`).join(' and ');
  // A key tells all rows apart; without one their values must.
  const order = (input.key.length > 0 ? input.key : columns.map(({ id }) => id)).map(named).join(', ');
  await db.run(
    `copy (select ${shown.join(', ')} from live ${counts ? `join kept on ${same}` : ''} order by ${order})
     to ${quoted(input.to)} (format parquet, compression zstd)`,
  );
  const published = counts?.published ?? read;
  return { read, published, suppressed: read - published, merged: counts?.merged ?? 0 };
}

/**
 * The groups of the view `live` that may be published: `kept` has their values as they stood (`c0` …) and as they are shown (`q0` …).
 */
async function groups(
  db: StageDb,
  columns: readonly SchemaColumn[],
  quasi: readonly number[],
  { k, small }: NonNullable<Privacy['kAnonymity']>,
): Promise<{ readonly read: number; readonly published: number; readonly merged: number }> {
  const stood = quasi.map((n) => `c${n}`).join(', ');
  const sized = `(select *, sum(rows) over (partition by ${quasi.map((n) => `q${n}`).join(', ')}) as size from kept)`;
  await db.run(
    `create or replace temp table kept as select ${stood}, ${quasi.map((n) => `c${n} as q${n}`).join(', ')}, count(*) as rows,
       false as merged from live group by ${stood}`,
  );
  const read = await db.number('select coalesce(sum(rows), 0) from kept');
  if (small === 'merge')
    for (const n of quasi.toReversed()) {
      const other = columns[n]!.type === 'text' ? quoted(others) : 'null';
      await db.run(
        `create or replace temp table kept as select * exclude (size) replace (
           case when size < ${k} then ${other} else q${n} end as q${n},
           merged or (size < ${k} and q${n} is distinct from ${other}) as merged) from ${sized}`,
      );
    }
  await db.run(
    `create or replace temp table kept as select * exclude (size) from ${sized} where size >= ${k}`,
  );
  const [sums] = await db.rows(
    'select coalesce(sum(rows), 0) as published, coalesce(sum(rows) filter (where merged), 0) as merged from kept',
  );
  return { read, published: Number(sums!.published), merged: Number(sums!.merged) };
}
