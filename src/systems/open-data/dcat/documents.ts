import type { Platform } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import type { CatalogueDataset } from './catalogue-dataset.ts';
import { readPageNumber } from './page-number.ts';
import { catalogueGraph, datasetGraph, isHighValueOnly, readProfiles } from './profiles.ts';
import {
  changedSince,
  findPublic,
  ofHighValue,
  readCatalogueDataset,
  readPortal,
  readSpan,
} from './reading.ts';
import type { Syntax } from './syntaxes.ts';
import { readPublicVersions } from './versions.ts';

/** Datasets of one page of the catalogue. */
const pageSize = 100;
/** The newest versions that a dataset's document names; its feed has all of them. */
const shownVersions = 100;

/** Where the portal is and who asks: all that a document depends on, beside what is asked for. */
export interface Asking {
  readonly platform: Platform;
  readonly actor: Actor;
  /** Public address of the portal without a slash at its end. */
  readonly site: string;
}

/** What may be asked of the catalogue, as the address says it. */
export interface CatalogueQuery {
  readonly page?: string | undefined;
  readonly modified_since?: string | undefined;
  readonly q?: string | undefined;
  readonly fq?: string | undefined;
  readonly profiles?: string | undefined;
}

/**
 * The document of one dataset in a syntax.
 *
 * @param profiles a list as in an address; empty: the usual one.
 * @throws Absent, Denied; Refusal 410 for a withdrawn dataset, 409 for a profile that is none.
 */
export async function datasetDocument(
  { platform, actor, site }: Asking,
  idOrName: string,
  syntax: Syntax,
  profiles?: string,
): Promise<{ body: string; dataset: CatalogueDataset }> {
  const wanted = readProfiles(profiles);
  const [portal, dataset] = await Promise.all([
    readPortal(platform.db, site),
    readCatalogueDataset(platform.db, actor, site, idOrName),
  ]);
  const { versions } = await readPublicVersions(platform.db, dataset.id, { rows: shownVersions, start: 0 });
  return { body: syntax.write(datasetGraph(portal, dataset, versions, wanted)), dataset };
}

/**
 * The document of one page of the catalogue in a syntax, datasets in the order of their ids.
 *
 * @throws Refusal 409 for a page, time, profile or query that is none.
 */
export async function catalogueDocument(
  { platform, site }: Pick<Asking, 'platform' | 'site'>,
  syntax: Syntax,
  query: CatalogueQuery,
): Promise<string> {
  const profiles = readProfiles(query.profiles);
  const number = readPageNumber(query.page);
  const fq = [
    ...(query.fq ? [query.fq] : []),
    ...(query.modified_since ? [changedSince(query.modified_since)] : []),
    ...(isHighValueOnly(profiles) ? [ofHighValue] : []),
  ];
  const [portal, span, { total, datasets }] = await Promise.all([
    readPortal(platform.db, site),
    readSpan(platform.db),
    findPublic(platform, site, {
      q: query.q ?? '',
      fq,
      sort: 'id asc',
      rows: pageSize,
      start: (number - 1) * pageSize,
    }),
  ]);
  const address = (page: number) => {
    const given = Object.entries({ ...query, page: undefined }).filter(([, value]) => value);
    const parameters = new URLSearchParams([['page', String(page)], ...(given as [string, string][])]);
    return `${site}/catalog.${syntax.ending}?${parameters}`;
  };
  const page = { datasets, total, size: pageSize, number, address, ...span };
  return syntax.write(catalogueGraph(portal, page, profiles));
}
