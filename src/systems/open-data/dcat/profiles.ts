import { Refusal } from '#platform/errors.ts';
import { highValueCategory } from './authorities.ts';
import { type CataloguePage, describeCatalogue, describePaging } from './catalogue.ts';
import type { CatalogueDataset } from './catalogue-dataset.ts';
import { describeDataset, describeVersions, type Release } from './dcat-ap.ts';
import { Graph, iri } from './graph.ts';
import type { Portal } from './portal.ts';
import { describeCatalogueForWeb, describeForWeb } from './schema-org.ts';
import type { PublicVersion } from './versions.ts';

/** How a graph may be written: a release of DCAT-AP, its part for high-value datasets, or schema.org. */
export const profileNames = ['euro_dcat_ap_2', 'euro_dcat_ap_3', 'dcat_ap_hvd', 'schemaorg'] as const;
export type Profile = (typeof profileNames)[number];

/** What is written when no profile is named. */
export const usualProfiles: readonly Profile[] = ['euro_dcat_ap_3'];

/** Reads a list of profiles, divided by commas or spaces. @throws Refusal 409 for one that is none */
export function readProfiles(given: string | null | undefined): readonly Profile[] {
  const names = (given ?? '').split(/[\s,]+/).filter(Boolean);
  if (names.length === 0) return usualProfiles;
  return names.map((name) => {
    const profile = profileNames.find((known) => known === name);
    if (!profile)
      throw new Refusal(409, 'invalid', `Unknown RDF profile: ${name}. Known: ${profileNames.join(', ')}`);
    return profile;
  });
}

/** Whether a catalogue in these profiles lists high-value datasets only: no other dataset is valid there. */
export function isHighValueOnly(profiles: readonly Profile[]): boolean {
  return profiles.every((profile) => profile === 'dcat_ap_hvd');
}

/** Whether a dataset is one of those that Regulation (EU) 2023/138 lists. */
export function isHighValue(dataset: Pick<CatalogueDataset, 'hvdCategory'>): boolean {
  return dataset.hvdCategory !== null && highValueCategory(dataset.hvdCategory) !== null;
}

const releases: Readonly<Record<Profile, Release | null>> = {
  euro_dcat_ap_2: 2,
  euro_dcat_ap_3: 3,
  dcat_ap_hvd: 3,
  schemaorg: null,
};

/** The document of one dataset with versions of its data. */
export function datasetGraph(
  portal: Portal,
  dataset: CatalogueDataset,
  versions: readonly PublicVersion[],
  profiles: readonly Profile[],
): Graph {
  const graph = new Graph();
  const release = releaseOf(profiles);
  if (release !== null) {
    describeDataset(graph, portal, dataset, release);
    // Versions are datasets without the marks of high value.
    if (!isHighValueOnly(profiles)) describeVersions(graph, portal, dataset, versions, release);
  }
  if (profiles.includes('schemaorg')) describeForWeb(graph, portal, dataset);
  return graph;
}

/** The document of one page of the catalogue. */
export function catalogueGraph(portal: Portal, page: CataloguePage, profiles: readonly Profile[]): Graph {
  const graph = new Graph();
  describePaging(graph, page);
  const release = releaseOf(profiles);
  if (release !== null) {
    const catalogue = describeCatalogue(graph, portal, page);
    for (const dataset of page.datasets) describeDataset(graph, portal, dataset, release);
    graph.add(catalogue, 'dcat:service', ...graph.ofClass('dcat:DataService').map(iri));
  }
  if (profiles.includes('schemaorg')) {
    describeCatalogueForWeb(graph, portal);
    for (const dataset of page.datasets) describeForWeb(graph, portal, dataset);
  }
  return graph;
}

/** The newest that is asked for: two releases at once would give a file two sizes. */
function releaseOf(profiles: readonly Profile[]): Release | null {
  const asked = profiles.flatMap((profile) => releases[profile] ?? []);
  return asked.includes(3) ? 3 : asked.includes(2) ? 2 : null;
}
