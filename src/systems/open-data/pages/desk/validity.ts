import { Invalid } from '#platform/errors.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Work } from '#platform/work.ts';
import { readCatalogueDataset, readPortal } from '../../dcat/reading.ts';
import { whyInvalid } from '../../dcat/validity.ts';
import { isTable } from '../../formats.ts';

/**
 * Stops a form from publishing what other catalogues would not take: called in the transaction of the change, which goes back with
 * it. A table that is still to be loaded counts as loaded, for its rows will be given.
 *
 * @param site public address of the portal without a slash at its end. @param dataset its id
 * @throws Invalid of the field `catalogue`, in words with what to do.
 */
export async function mustBeValid(
  work: Work,
  site: string,
  dataset: string,
  language: Language,
): Promise<void> {
  const [portal, found] = [
    await readPortal(work.tx, site),
    await readCatalogueDataset(work.tx, work.actor, site, dataset),
  ];
  const loaded = {
    ...found,
    resources: found.resources.map((one) => ({
      ...one,
      hasRows: one.hasRows || isTable(one.format, one.url),
    })),
  };
  const why = whyInvalid(portal, loaded, language);
  if (why.length > 0) throw new Invalid(why.map((message) => ({ field: 'catalogue', message })));
}
