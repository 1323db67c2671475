import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { localPath } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { readDataset } from '../datasets.ts';
import { Absent, Denied } from '../faults.ts';
import { formerlyCalled } from '../former-names.ts';
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
    const { actor } = c.var.visit;
    const row = await readDataset(platform.db, actor, name).catch(async (error: unknown) => {
      const former = error instanceof Absent && (await formerlyCalled(platform.db, 'dataset', name));
      if (!former) throw error;
      return readDataset(platform.db, actor, former);
    });
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

/** The way from an address with an id or an old name to the one address of a page about a dataset; null: it is the one. */
export function onlyAddress(c: Context<MistoEnv>, { name }: Pick<ServedDataset, 'name'>): Response | null {
  const { language, path } = c.var.visit;
  const asked = c.req.param('dataset')!;
  if (asked === name) return null;
  return c.redirect(localPath(language, path.replace(/(\/dataset\/)[^/?]+/, `$1${name}`)), 301);
}

/** Kept answers of datasets, in the order of their ids. */
export async function keptOf(reader: Reader, ids: readonly string[]): Promise<string[]> {
  const { rows } = await reader.execute<{ dataset: string; package: string }>(sql`
    select dataset, package from od_search where package is not null
      and dataset in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`);
  const byId = new Map(rows.map((row) => [row.dataset, row.package]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
