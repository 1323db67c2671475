import type { StageDb } from './stage-db.ts';
import type { TypedColumn, TypedTable } from './typed-table.ts';

/** What is known of the columns besides their types. */
export interface Distinctness {
  /** The smallest set of columns that names a row, as far as it was looked for; empty: none was found. */
  readonly key: readonly string[];
  /** Columns worth an index, the most useful first: the key, dates, and those with few different values. */
  readonly indexed: readonly string[];
}

/** Tables below this size need no indexes but their key. */
const small = 1_000;
/** Pairs of columns are tried as a key up to this many rows. */
const mostForPairs = 200_000;
const mostForAll = 1_000_000;

/** Looks for the key of the published rows and for the columns that filters will ask for. */
export async function distinctnessOf(db: StageDb, { columns, rows }: TypedTable): Promise<Distinctness> {
  const { published } = rows;
  if (published === 0 || columns.length === 0) return { key: [], indexed: [] };
  const short = columns.filter(
    ({ profile, plan }) => profile.longest <= 200 && plan.type !== 'list' && plan.type !== 'json',
  );
  const about = new Map<TypedColumn, number>();
  for (let from = 0; from < short.length; from += 100) {
    const some = short.slice(from, from + 100);
    const [row] = await db.rows(
      `select ${some.map(({ n }) => `approx_count_distinct(v${n}) as d${n}`).join(', ')} from published`,
    );
    for (const column of some) about.set(column, Number(row![`d${column.n}`]));
  }
  const key = await keyOf(db, short, about, published);
  const few = short
    .filter((column) => about.get(column)! > 1 && about.get(column)! <= 1_000)
    .sort((a, b) => about.get(b)! - about.get(a)!);
  const dates = short.filter(({ plan }) => plan.type === 'date' || plan.type === 'timestamp');
  const indexed = published < small ? [] : [...dates.slice(0, 3), ...few].map(({ id }) => id);
  return { key, indexed: [...new Set([...key.slice(0, 1), ...indexed])] };
}

async function keyOf(
  db: StageDb,
  columns: readonly TypedColumn[],
  about: ReadonlyMap<TypedColumn, number>,
  rows: number,
): Promise<string[]> {
  const isKey = async (some: readonly TypedColumn[]) => {
    const values = some.map(({ n }) => `v${n}`).join(', ');
    const nulls = some.map(({ n }) => `v${n} is null`).join(' or ');
    if ((await db.number(`select count(*) from published where ${nulls}`)) > 0) return false;
    return (await db.number(`select count(*) from (select distinct ${values} from published)`)) === rows;
  };
  const named = /^(u?id|.*uid|identifier|код|№.*|номер.*)$/i;
  const rank = ({ id }: TypedColumn) => (named.test(id) ? 0 : 1);
  const likely = columns
    .filter((column) => about.get(column)! >= 0.9 * rows && (rank(column) === 0 || rows <= mostForAll))
    .sort((a, b) => rank(a) - rank(b) || a.n - b.n);
  for (const column of likely.slice(0, 10)) if (await isKey([column])) return [column.id];
  if (rows > mostForPairs) return [];
  const pairs = columns
    .slice(0, 12)
    .flatMap((one, n) => columns.slice(n + 1, 12).map((two) => [one, two] as const))
    .filter(([one, two]) => about.get(one)! * about.get(two)! >= rows);
  for (const pair of pairs.slice(0, 20)) if (await isKey(pair)) return pair.map(({ id }) => id);
  return [];
}
