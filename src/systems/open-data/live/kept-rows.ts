import { createHmac } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { LivePage } from '#platform/live-data.ts';
import type { Work } from '#platform/work.ts';
import { RowFault, type TreatedRow } from './treat.ts';

/** Parts of a key stand apart by a sign that no value has. */
const between = '\u001f';

/** What names a row among the kept ones: the values of its key as the system has them, behind a hash, so no number of a case is kept. */
export function keptKey(secret: string, key: string): string {
  return createHmac('sha256', secret).update(key).digest('base64url');
}

/**
 * Keeps what changed, as far as it is treated: rows that came in the place of the ones before, and takes away those that went.
 *
 * @param input.anew everything that was kept before goes first.
 */
export async function keepChanges(
  work: Work,
  input: {
    readonly live: string;
    readonly page: LivePage;
    readonly key: readonly string[];
    readonly treat: (row: LivePage['rows'][number]) => TreatedRow;
    readonly secret: string;
    readonly anew: boolean;
  },
): Promise<void> {
  const { live, page, key, treat, secret, anew } = input;
  const keyOf = (row: LivePage['rows'][number]) =>
    keptKey(
      secret,
      key
        .map((id) => {
          const value = row[id] ?? null;
          if (value === null) throw new RowFault(id, `a row without its key ${id}`);
          return value instanceof Date ? value.toISOString() : String(value);
        })
        .join(between),
    );
  if (anew) await work.tx.execute(sql`delete from od_live_row where live = ${live}`);
  const gone = (page.deletedKeys ?? []).map((one) => keptKey(secret, one));
  if (gone.length > 0)
    await work.tx.execute(sql`delete from od_live_row where live = ${live}
      and key in (select jsonb_array_elements_text(${JSON.stringify(gone)}::jsonb))`);
  // Of a row that changed twice within a page the last word counts.
  const rows = new Map(page.rows.map((row) => [keyOf(row), treat(row)]));
  if (rows.size === 0) return;
  const kept = JSON.stringify([...rows].map(([one, cells]) => ({ key: one, cells })));
  await work.tx.execute(sql`insert into od_live_row (live, key, cells)
    select ${live}, key, cells from jsonb_to_recordset(${kept}::jsonb) as r (key text, cells jsonb)
    on conflict (live, key) do update set cells = excluded.cells`);
}

/** All kept rows of a live table, so many at a time. */
export async function* keptRows(reader: Reader, live: string, batch: number): AsyncGenerator<TreatedRow[]> {
  let last = '';
  for (;;) {
    const { rows }: { rows: { key: string; cells: TreatedRow }[] } = await reader.execute<{
      key: string;
      cells: TreatedRow;
    }>(
      sql`select key, cells from od_live_row where live = ${live} and key > ${last} order by key limit ${batch}`,
    );
    if (rows.length > 0) yield rows.map(({ cells }) => cells);
    if (rows.length < batch) return;
    last = rows.at(-1)!.key;
  }
}
