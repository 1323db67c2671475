import type { Words } from './authorities.ts';

/** The catalogue as a whole, as its outputs name it. */
export interface Portal {
  /** Public address of the portal without a slash at its end: what all addresses in its outputs begin with. */
  readonly site: string;
  /** Public address of the host, where the platform's own API is. */
  readonly origin: string;
  readonly title: Words;
  readonly description: Words;
  /** Who answers for the catalogue. */
  readonly publisher: Words;
  /** What it is about, in space. */
  readonly place: { readonly katottg: string; readonly name: Words; readonly geonames: string };
}

/** What a city's data say of its catalogue: English words beside the officer's Ukrainian ones, who answers for it, and where it is. */
export interface CityCatalogue extends Pick<Portal, 'publisher' | 'place'> {
  readonly title: string;
  readonly description: string;
}

/**
 * The catalogue of a city.
 *
 * @param origin public address of the host without a slash at its end
 * @param site the portal's own, the same or below it
 * @param words title and description as the officer has set them
 */
export function portalOf(
  origin: string,
  site: string,
  words: { readonly title: string; readonly description: string },
  city: CityCatalogue,
): Portal {
  return {
    site,
    origin,
    title: { uk: words.title, en: city.title },
    description: { uk: words.description, en: city.description },
    publisher: city.publisher,
    place: city.place,
  };
}

/** Permanent addresses of what the catalogue describes. */
export function addressesOf(portal: Portal) {
  const { site, origin } = portal;
  return {
    catalogue: site,
    dataset: (id: string) => `${site}/dataset/${id}`,
    /** The page that people read; the dataset itself has another address, since a document is not what it describes. */
    page: ({ id, name }: { id: string; name: string }) =>
      name === id ? `${site}/dataset/${id}#page` : `${site}/dataset/${name}`,
    resource: (dataset: string, id: string) => `${site}/dataset/${dataset}/resource/${id}`,
    version: (dataset: string, id: string, n: number) => `${site}/dataset/${dataset}/resource/${id}@v${n}`,
    organisation: (id: string) => `${site}/organization/${id}`,
    /** The ledger of what is promised, by official table. */
    standard: (obligation: string) => `${site}/coverage#${encodeURIComponent(obligation)}`,
    place: (katottg: string) => `${site}#${encodeURIComponent(katottg)}`,
    terms: `${site}#terms-of-use`,
    dump: (id: string) => `${site}/datastore/dump/${id}`,
    parquet: (id: string) => `${origin}/api/v1/open-data/resources/${id}/export.parquet`,
    rowsEndpoint: `${site}/api/3/action/datastore_search`,
    rowsDescription: `${site}/api/3/action/help_show?name=datastore_search`,
  } as const;
}
