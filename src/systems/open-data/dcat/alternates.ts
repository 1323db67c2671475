import { feedTypes } from './feeds.ts';
import { syntaxes } from './syntaxes.ts';

/** The same in another form: what a page says in its head by `<link rel="alternate">`. */
export interface Alternate {
  readonly type: string;
  readonly href: string;
}

/** Other forms of a dataset and the feeds of its versions. @param site public address of the portal */
export function datasetAlternates(site: string, { id }: { readonly id: string }): Alternate[] {
  return [
    ...syntaxes.map(({ mediaType, ending }) => ({
      type: mediaType,
      href: `${site}/dataset/${id}.${ending}`,
    })),
    { type: 'application/json', href: `${site}/dataset/${id}/datapackage.json` },
    ...feedsAt(`${site}/feeds/dataset/${id}`),
  ];
}

/** Other forms of the catalogue and the feeds of its changes. */
export function catalogueAlternates(site: string): Alternate[] {
  return [
    ...syntaxes.map(({ mediaType, ending }) => ({ type: mediaType, href: `${site}/catalog.${ending}` })),
    ...feedsAt(`${site}/feeds/dataset`),
  ];
}

/** Feeds of the same news in each form. @param address without its ending */
export const feedsAt = (address: string): Alternate[] =>
  Object.entries(feedTypes).map(([ending, type]) => ({ type, href: `${address}.${ending}` }));
