import type { Field } from '../datastore/table.ts';
import { named, quoted } from '../loading/sql.ts';
import type { StageDb } from '../loading/stage-db.ts';
import type { TypedTable } from '../loading/typed-table.ts';

/** Something that is seldom meant: fewer rows, a column gone or changed all over, older dates than before. */
export type Unusual =
  | { readonly code: 'fewer-rows'; readonly before: number; readonly after: number }
  | { readonly code: 'lost-column'; readonly column: string }
  | { readonly code: 'column-changed'; readonly column: string }
  | {
      readonly code: 'older-dates';
      readonly column: string;
      readonly before: string;
      readonly after: string;
    };

/** The version before, as far as it is compared. */
export interface Before {
  readonly rows: number;
  readonly fields: readonly Field[];
  /** Its Parquet on the disk. */
  readonly path: string;
  /** Columns whose values are new each time by intention. */
  readonly renewed: readonly string[];
}

/** A third of the rows fewer is asked about. */
const fewest = 0.7;
/** Columns are compared value by value up to this many rows. */
const mostCompared = 2_000_000;

/** Compares the rows to be published with the version before. */
export async function findUnusual(
  db: StageDb,
  { columns, rows }: TypedTable,
  before: Before,
): Promise<Unusual[]> {
  const found: Unusual[] = [];
  if (rows.published < before.rows * fewest)
    found.push({ code: 'fewer-rows', before: before.rows, after: rows.published });
  const old = `read_parquet(${quoted(before.path)})`;
  for (const { id, type } of before.fields) {
    const column = columns.find((one) => one.id === id);
    if (!column) {
      found.push({ code: 'lost-column', column: id });
      continue;
    }
    if (rows.published === 0 || before.rows === 0) continue;
    const now = `v${column.n}`;
    if (type === 'date' || type === 'timestamp') {
      const [row] = await db.rows(
        `select (select max(${now}) from published) as after, (select cast(max(${named(id)}) as varchar) from ${old}) as before`,
      );
      const [last, first] = [row!.before as string | null, row!.after as string | null];
      if (last && first && first < last)
        found.push({ code: 'older-dates', column: id, before: last, after: first });
    }
    if (
      type !== '_text' &&
      !before.renewed.includes(id) &&
      Math.max(rows.published, before.rows) <= mostCompared &&
      (await isAllNew(db, now, id, old))
    )
      found.push({ code: 'column-changed', column: id });
  }
  return found;
}

/** Several values stood there and stand there now, and none of them is the same. */
async function isAllNew(db: StageDb, now: string, id: string, old: string): Promise<boolean> {
  const [row] = await db.rows(
    `with a as (select distinct ${now} as value from published where ${now} is not null),
          b as (select distinct cast(${named(id)} as varchar) as value from ${old} where ${named(id)} is not null)
     select (select count(*) from a) as after, (select count(*) from b) as before,
       (select count(*) from a semi join b on coalesce(cast(try_cast(a.value as double) as varchar), a.value)
          = coalesce(cast(try_cast(b.value as double) as varchar), b.value)) as same`,
  );
  return Number(row!.before) > 2 && Number(row!.after) > 2 && Number(row!.same) === 0;
}
