import type { Words } from './authorities.ts';

/** A dataset as its outputs need it: free of how it is kept, with nothing that its readers may not see. */
export interface CatalogueDataset {
  readonly id: string;
  readonly name: string;
  readonly title: Words;
  readonly description: Words | null;
  readonly keywords: readonly string[];
  /** Codes of the EU list `data-theme`. */
  readonly themes: readonly string[];
  readonly publisher: CataloguePublisher | null;
  /** The responsible person, by post or name. */
  readonly contact: { readonly name: string | null; readonly email: string | null } | null;
  /** `ua`, `en` …: of the data. */
  readonly language: string | null;
  /** How often it is promised: a code of the EU list `frequency`, as it travels in passports, and in words. */
  readonly frequency: { readonly code: string; readonly wire: string; readonly label: Words };
  /** Why the information is collected. */
  readonly purpose: string | null;
  /** The official table it follows: `835/33`. */
  readonly obligation: string | null;
  /** The territory it covers. */
  readonly katottg: string | null;
  /** Category of high-value datasets, by code or address. */
  readonly hvdCategory: string | null;
  readonly licence: CatalogueLicence | null;
  readonly isPrivate: boolean;
  /** A page of the publisher about the dataset, beside the portal's own. */
  readonly page: string | null;
  /** A day, or a time; a time without a zone is UTC. */
  readonly issued: string;
  readonly modified: string;
  /** When it came into the catalogue: a time of UTC without saying so. */
  readonly created: string;
  readonly temporal: { readonly start: string | null; readonly end: string | null } | null;
  readonly resources: readonly CatalogueResource[];
}

export interface CataloguePublisher {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly edrpou: string | null;
}

export interface CatalogueLicence {
  readonly id: string;
  readonly title: string;
  readonly url: string | null;
}

export interface CatalogueResource {
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  /** Absolute; where the file, the page or the service is. */
  readonly url: string;
  /** As the catalogue calls it: `CSV`. */
  readonly format: string;
  readonly mediaType: string | null;
  readonly bytes: number | null;
  /** SHA-256 of the bytes, in hexadecimal digits. */
  readonly sha256: string | null;
  readonly issued: string;
  readonly modified: string | null;
  /** Whether its rows can be asked for one by one. */
  readonly hasRows: boolean;
  /** The served version, counted from one. */
  readonly version: number | null;
  /** Whether its address is the download of its rows as CSV. */
  readonly isDump: boolean;
}
