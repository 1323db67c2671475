import { mungedName } from '../names.ts';
import type { CatalogueDataset, CatalogueResource } from './catalogue-dataset.ts';
import { addressesOf, type Portal } from './portal.ts';

/**
 * A dataset as a Data Package: what Frictionless tools load by one address.
 *
 * @see https://specs.frictionlessdata.io/data-package/
 */
export function dataPackage(portal: Portal, dataset: CatalogueDataset): Record<string, unknown> {
  const at = addressesOf(portal);
  const { contact, publisher, licence } = dataset;
  const names = new Set<string>();
  return filled({
    profile: 'data-package',
    name: dataset.name,
    id: at.dataset(dataset.id),
    title: dataset.title.uk,
    description: dataset.description?.uk,
    homepage: at.page(dataset),
    created: `${dataset.issued}Z`.replace(/ZZ$/, 'Z'),
    keywords: dataset.keywords.length > 0 ? dataset.keywords : undefined,
    licenses: licence ? [filled({ name: licence.id, title: licence.title, path: licence.url })] : undefined,
    contributors: [
      ...(publisher
        ? [
            {
              title: publisher.title || publisher.name,
              path: at.organisation(publisher.id),
              role: 'publisher',
            },
          ]
        : []),
      ...(contact?.name ? [filled({ title: contact.name, email: contact.email, role: 'maintainer' })] : []),
    ],
    resources: dataset.resources.map((resource) => resourceOf(portal, resource, names)),
  });
}

function resourceOf(
  portal: Portal,
  resource: CatalogueResource,
  names: Set<string>,
): Record<string, unknown> {
  const rows = resource.hasRows ? `${addressesOf(portal).dump(resource.id)}?format=csv` : null;
  return filled({
    // A loaded table is read as it was checked and typed, in one dialect.
    profile: rows ? 'tabular-data-resource' : 'data-resource',
    name: nameOf(resource, names),
    title: resource.name,
    description: resource.description,
    path: rows ?? resource.url,
    format: rows ? 'csv' : resource.format.toLowerCase(),
    mediatype: rows ? 'text/csv' : resource.mediaType,
    encoding: rows ? 'utf-8' : undefined,
    ...(rows ? {} : { bytes: resource.bytes, hash: resource.sha256 && `sha256:${resource.sha256}` }),
    sources:
      rows && rows !== resource.url
        ? [{ title: resource.name ?? resource.id, path: resource.url }]
        : undefined,
  });
}

/** Small Latin letters that no other resource of the package has. */
function nameOf(resource: CatalogueResource, names: Set<string>): string {
  const plain = mungedName(resource.name ?? 'resource').replace(/_/g, '-');
  let name = plain;
  for (let n = 2; names.has(name); n += 1) name = `${plain}-${n}`;
  names.add(name);
  return name;
}

/** Without what is not known. */
function filled(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );
}
