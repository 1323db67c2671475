import {
  dateTerm,
  inWords,
  languageConcept,
  localAuthority,
  themeScheme,
  useConcept,
} from './authorities.ts';
import type { CatalogueDataset } from './catalogue-dataset.ts';
import { licenceOf, placeOf } from './dcat-ap.ts';
import { type Graph, iri, literal, named } from './graph.ts';
import { addressesOf, type Portal } from './portal.ts';

/** One page of the catalogue, and its place among the others. */
export interface CataloguePage {
  readonly datasets: readonly CatalogueDataset[];
  /** Of all pages together. */
  readonly total: number;
  readonly size: number;
  /** Counted from one. */
  readonly number: number;
  /** Address of a page, with everything that was asked for. */
  address(number: number): string;
  /** When the first dataset came and when the last one changed; null while there is none. */
  readonly issued: string | null;
  readonly modified: string | null;
}

/** Says in DCAT-AP what the catalogue is and which of its datasets stand in this document. */
export function describeCatalogue(graph: Graph, portal: Portal, page: CataloguePage): string {
  const at = addressesOf(portal);
  const subject = at.catalogue;
  const publisher = `${subject}#publisher`;
  const themes = iri(themeScheme);
  const homepage = `${subject}#page`;
  graph
    .add(themeScheme, 'rdf:type', named('skos:ConceptScheme'))
    .add(themeScheme, 'dct:title', ...inWords({ uk: 'Теми даних', en: 'Data theme' }))
    .add(publisher, 'rdf:type', named('foaf:Agent'))
    .add(publisher, 'foaf:name', ...inWords(portal.publisher))
    .add(publisher, 'dct:type', useConcept(graph, localAuthority))
    .add(homepage, 'rdf:type', named('foaf:Document'))
    .add(subject, 'rdf:type', named('dcat:Catalog'))
    .add(subject, 'dct:title', ...inWords(portal.title))
    .add(subject, 'dct:description', ...inWords(portal.description))
    .add(subject, 'dct:publisher', iri(publisher))
    .add(subject, 'dct:language', useConcept(graph, languageConcept('ua')))
    .add(subject, 'dct:license', licenceOf(graph, { id: 'CC-BY-4.0', title: '', url: null }))
    .add(subject, 'dct:spatial', placeOf(graph, portal, null))
    .add(subject, 'dct:issued', dateTerm(page.issued))
    .add(subject, 'dct:modified', dateTerm(page.modified))
    .add(subject, 'dcat:themeTaxonomy', themes)
    .add(subject, 'foaf:homepage', iri(homepage))
    .add(subject, 'dcat:dataset', ...page.datasets.map((dataset) => iri(at.dataset(dataset.id))));
  return subject;
}

/**
 * Says which page of how many this is, in both spellings of Hydra that harvesters read; addresses are literals there.
 *
 * @see https://www.w3.org/community/hydra/
 */
export function describePaging(graph: Graph, page: CataloguePage): void {
  const last = Math.max(1, Math.ceil(page.total / page.size));
  const subject = page.address(page.number);
  graph
    .add(subject, 'rdf:type', named('hydra:PagedCollection'))
    .add(subject, 'hydra:totalItems', literal(String(page.total), 'xsd:integer'))
    .add(subject, 'hydra:itemsPerPage', literal(String(page.size), 'xsd:integer'));
  const link = (name: 'first' | 'last' | 'next' | 'previous', number: number) => {
    const address = literal(page.address(number));
    graph.add(subject, `hydra:${name}`, address).add(subject, `hydra:${name}Page`, address);
  };
  link('first', 1);
  link('last', last);
  if (page.number < last) link('next', page.number + 1);
  if (page.number > 1) link('previous', Math.min(page.number - 1, last));
}
