import { frequencyOf } from '../passport.ts';
import type { CatalogueDataset, CatalogueResource } from './catalogue-dataset.ts';

/** A dataset as CKAN's clients know it, as far as its other outputs need it (`served.ts` makes it). */
export interface Package {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly notes: string | null;
  readonly url: string | null;
  readonly private: boolean;
  readonly license_id: string | null;
  readonly license_title: string | null;
  readonly license_url: string | null;
  readonly author: string | null;
  readonly author_email: string | null;
  readonly maintainer: string | null;
  readonly maintainer_email: string | null;
  readonly metadata_created: string;
  readonly metadata_modified: string;
  readonly organization: { readonly id: string; readonly name: string; readonly title: string } | null;
  readonly extras: readonly { readonly key: string; readonly value: string }[];
  readonly tags: readonly { readonly name: string; readonly vocabulary_id: string | null }[];
  readonly groups: readonly { readonly id: string }[];
  readonly resources: readonly PackageResource[];
}

export interface PackageResource {
  readonly id: string;
  readonly name: string | null;
  readonly description: string;
  readonly url: string;
  readonly url_type: string | null;
  readonly format: string;
  readonly mimetype: string | null;
  readonly size: number | null;
  readonly hash: string;
  readonly created: string;
  readonly last_modified: string | null;
  readonly datastore_active: boolean;
  readonly version: number | null;
}

/**
 * Reads a served dataset for its other outputs.
 *
 * @param given what `package_show` answers, with the portal's address in its place (`packageText`)
 * @param themes code of the EU list `data-theme` by the id of the group.
 */
export function datasetFromPackage(given: Package, themes: ReadonlyMap<string, string>): CatalogueDataset {
  const extras = new Map(given.extras.map(({ key, value }) => [key, value]));
  const extra = (key: string) => extras.get(key)?.trim() || null;
  const frequency = frequencyOf(extra('update_frequency'));
  const responsible = given.maintainer || given.maintainer_email;
  const start = extra('temporal_start');
  const end = extra('temporal_end');
  return {
    id: given.id,
    name: given.name,
    title: { uk: given.title, en: extra('title_en') ?? undefined },
    description: given.notes ? { uk: given.notes, en: extra('notes_en') ?? undefined } : null,
    keywords: given.tags.filter((tag) => tag.vocabulary_id === null).map((tag) => tag.name),
    themes: given.groups.flatMap((group) => themes.get(group.id) ?? []),
    publisher: given.organization && {
      id: given.organization.id,
      name: given.organization.name,
      title: given.organization.title,
      edrpou: extra('publisherIdentifier'),
    },
    contact: {
      name: responsible ? given.maintainer : given.author,
      email: responsible ? given.maintainer_email : given.author_email,
    },
    language: extra('language'),
    frequency: { code: frequency.eu, wire: frequency.wire, label: frequency.title },
    purpose: extra('purpose_of_collecting_information'),
    obligation: extra('obligation'),
    katottg: extra('katottg'),
    hvdCategory: extra('hvd_category'),
    licence: given.license_id
      ? { id: given.license_id, title: given.license_title ?? given.license_id, url: given.license_url }
      : null,
    isPrivate: given.private,
    page: given.url,
    issued: extra('issued') ?? given.metadata_created,
    modified: given.metadata_modified,
    created: given.metadata_created,
    temporal: start || end ? { start, end } : null,
    resources: given.resources.map(resourceFrom),
  };
}

function resourceFrom(given: PackageResource): CatalogueResource {
  return {
    id: given.id,
    name: given.name,
    description: given.description || null,
    url: given.url,
    format: given.format,
    mediaType: given.mimetype,
    bytes: given.size,
    sha256: /^[0-9a-f]{64}$/i.test(given.hash) ? given.hash : null,
    issued: given.created,
    modified: given.last_modified,
    hasRows: given.datastore_active,
    version: given.version,
    isDump: given.url.endsWith(`/datastore/dump/${given.id}`),
  };
}
