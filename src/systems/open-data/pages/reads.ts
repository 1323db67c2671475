import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { readDataset } from '../datasets.ts';
import { Absent, Denied } from '../faults.ts';
import type { DatasetRow } from '../served.ts';
import { datasetOf, type Here, type ServedDataset } from './kit.tsx';

/**
 * The dataset of a page, for those who may read it. A page does not tell a stranger that a private one is there.
 *
 * @throws NotFound
 */
export async function datasetFor(
  platform: Platform,
  c: Context<MistoEnv>,
  at: Here,
  name: string,
): Promise<{ readonly row: DatasetRow; readonly dataset: ServedDataset }> {
  try {
    const row = await readDataset(platform.db, c.var.visit.actor, name);
    const { rows } = await platform.db.execute<{ package: string | null }>(
      sql`select package from od_search where dataset = ${row.id}`,
    );
    const kept = rows[0]?.package;
    if (!kept) throw new NotFound('dataset');
    return { row, dataset: datasetOf(kept, at) };
  } catch (error) {
    if (error instanceof Absent || error instanceof Denied) throw new NotFound('dataset');
    throw error;
  }
}

/** Kept answers of datasets, in the order of their ids. */
export async function keptOf(reader: Reader, ids: readonly string[]): Promise<string[]> {
  const { rows } = await reader.execute<{ dataset: string; package: string }>(sql`
    select dataset, package from od_search where package is not null
      and dataset in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`);
  const byId = new Map(rows.map((row) => [row.dataset, row.package]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
