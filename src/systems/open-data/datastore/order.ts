import { type SQL, sql } from 'drizzle-orm';
import { Faulty } from '../faults.ts';
import type { Shown } from './records.ts';
import { column, type DataTable } from './table.ts';

export interface Order {
  /** Null: as it comes, where rows are distinct. */
  readonly by: SQL | null;
  /** The rows stand in the order of the file, or backwards. */
  readonly byId: 'ascending' | 'descending' | null;
}

const part = /^\s*(?:"((?:[^"]|"")+)"|(.+?))(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?\s*$/i;

/**
 * The order of the records. Without a wish the best match comes first, else the order of the file; equal rows stand in the
 * order of the file always, so that pages neither repeat nor lose a row.
 *
 * @param wishes such as `a`, `b desc`, `"c d" asc nulls last`.
 * @param distinct the shown columns where rows are distinct: they alone can be sorted by.
 * @throws Faulty of `sort`.
 */
export function orderOf(
  table: DataTable,
  wishes: readonly string[] | undefined,
  ranks: readonly Shown[],
  distinct: readonly Shown[] | null,
): Order {
  const known = new Set(
    distinct ? distinct.map(({ id }) => id) : ['_id', ...table.fields.map(({ id }) => id)],
  );
  const rankBy = new Map(ranks.map((one) => [one.id, one.expression]));
  const parts = (wishes ?? []).flatMap(commaParts).map((wish) => {
    const read = part.exec(wish);
    const id = read?.[1]?.replaceAll('""', '"') ?? read?.[2] ?? '';
    if (!read || !(known.has(id) || rankBy.has(id)))
      throw new Faulty({ sort: [`invalid value "${wish.trim()}"`] });
    const descending = read[3]?.toLowerCase() === 'desc';
    const nulls = read[4]?.toLowerCase();
    const by = sql`${rankBy.get(id) ?? column(id)}${descending ? sql` desc` : sql``}${
      nulls === 'first' ? sql` nulls first` : nulls === 'last' ? sql` nulls last` : sql``
    }`;
    return { id, descending, by };
  });
  if (distinct)
    return {
      by: parts.length
        ? sql.join(
            parts.map(({ by }) => by),
            sql`, `,
          )
        : null,
      byId: null,
    };
  const [first] = parts;
  if (!first && ranks[0])
    return {
      by: sql`${sql.join(
        ranks.map(({ expression }) => sql`${expression} desc`),
        sql`, `,
      )}, _id`,
      byId: null,
    };
  if (!first) return { by: sql`_id`, byId: 'ascending' };
  const upTo = parts.findIndex(({ id }) => id === '_id');
  const all =
    upTo < 0 ? [...parts.map(({ by }) => by), sql`_id`] : parts.slice(0, upTo + 1).map(({ by }) => by);
  return {
    by: sql.join(all, sql`, `),
    byId: first.id === '_id' ? (first.descending ? 'descending' : 'ascending') : null,
  };
}

/** Parts between commas; a quoted name keeps its own. */
function commaParts(text: string): string[] {
  return text.match(/(?:"(?:[^"]|"")*"|[^",])+/g)?.filter((one) => one.trim() !== '') ?? [];
}
