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
  await db.run(
    `create or replace table live as select *, false as merged from read_json(${quoted(input.rowsPath)}, format = 'newline_delimited',
       columns = {${cells.map((cell) => `'${cell}': 'varchar'`).join(', ')}})`,
  );
  const read = await db.number('select count(*) from live');
  if (kAnonymity) {
    const quasi = kAnonymity.quasi.map((id) => columns.findIndex((column) => column.id === id));
    if (kAnonymity.small === 'merge')
      for (const n of quasi.toReversed()) {
        const other = columns[n]!.type === 'text' ? quoted(others) : 'null';
        await db.run(
          sized(
            quasi,
            `* replace (
          case when size < ${kAnonymity.k} then ${other} else c${n} end as c${n},
          merged or (size < ${kAnonymity.k} and c${n} is distinct from ${other}) as merged)`,
          ),
        );
      }
    await db.run(sized(quasi, '*', `where size >= ${kAnonymity.k}`));
  }
  const byKey = input.key.map((id) => `c${columns.findIndex((column) => column.id === id)}`);
  await db.run(
    `copy (select ${columns.map(({ id }, n) => `c${n} as ${named(id)}`).join(', ')} from live order by ${[...byKey, ...cells].join(', ')})
     to ${quoted(input.to)} (format parquet, compression zstd)`,
  );
  const [counts] = await db.rows(
    'select count(*) as published, count(*) filter (where merged) as merged from live',
  );
  const published = Number(counts!.published);
  return { read, published, suppressed: read - published, merged: Number(counts!.merged) };
}

/** The rows anew, each beside the size of its group. */
function sized(quasi: readonly number[], select: string, where = ''): string {
  const group = quasi.map((n) => `c${n}`).join(', ');
  return `create or replace table live as select ${select.replace('*', '* exclude (size)')} from (
    select *, count(*) over (partition by ${group}) as size from live) ${where}`;
}
