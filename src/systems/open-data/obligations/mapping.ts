import type { Work } from '#platform/work.ts';
import { lockDataset, patchDataset } from '../datasets.ts';
import { keyOfField } from './obligations.ts';

/**
 * Says which obligation a dataset fulfils. A field that names a table of the same appendix stays as it is.
 *
 * @param field as `fieldOf` writes it; null: none. @throws Absent, Denied, Faulty
 */
export async function mapDataset(work: Work, idOrName: string, field: string | null): Promise<void> {
  const dataset = await lockDataset(work, idOrName);
  const { obligation: before, ...extras } = dataset.extras;
  if ((before === undefined ? null : keyOfField(before)) === field) return;
  const after = field === null ? extras : { ...extras, obligation: field };
  await patchDataset(work, dataset.id, {
    extras: Object.entries(after).map(([key, value]) => ({ key, value })),
  });
}
