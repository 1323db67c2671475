import { dateTerm, inWords, languageConcept, licenceConcept } from './authorities.ts';
import type { CatalogueDataset } from './catalogue-dataset.ts';
import { Graph, inLanguage, iri, literal, named } from './graph.ts';
import { safeIri } from './iri.ts';
import { nestJsonLd } from './json-ld.ts';
import { addressesOf, type Portal } from './portal.ts';

const languageTags: Readonly<Record<string, string>> = {
  UKR: 'uk',
  ENG: 'en',
  RON: 'ro',
  HUN: 'hu',
  BUL: 'bg',
  POL: 'pl',
  RUS: 'ru',
};

/**
 * Says in schema.org's words what a dataset is: what search engines of the web know datasets by.
 *
 * @see https://schema.org/Dataset
 * @returns the IRI of the dataset.
 */
export function describeForWeb(graph: Graph, portal: Portal, dataset: CatalogueDataset): string {
  const at = addressesOf(portal);
  const subject = at.dataset(dataset.id);
  const licence = dataset.licence && (licenceConcept(dataset.licence.id)?.iri ?? null);
  const licenceAddress = safeIri(dataset.licence?.url) ?? licence;
  const language = languageConcept(dataset.language).iri.split('/').at(-1)!;
  graph
    .add(subject, 'rdf:type', named('schema:Dataset'))
    .add(subject, 'schema:name', ...inWords(dataset.title))
    .add(subject, 'schema:description', ...inWords(dataset.description ?? dataset.title))
    .add(subject, 'schema:url', iri(at.page(dataset)))
    .add(subject, 'schema:identifier', literal(dataset.id))
    .add(subject, 'schema:keywords', ...dataset.keywords.map((word) => inLanguage(word, 'uk')))
    .add(subject, 'schema:license', licenceAddress === null ? null : iri(licenceAddress))
    .add(subject, 'schema:isAccessibleForFree', literal('true', 'xsd:boolean'))
    .add(subject, 'schema:inLanguage', literal(languageTags[language]!))
    .add(subject, 'schema:datePublished', dateTerm(dataset.issued))
    .add(subject, 'schema:dateModified', dateTerm(dataset.modified))
    .add(subject, 'schema:temporalCoverage', interval(dataset.temporal))
    .add(subject, 'schema:spatialCoverage', placeOf(graph, portal, dataset))
    .add(subject, 'schema:creator', publisherOf(graph, portal, dataset))
    .add(subject, 'schema:publisher', publisherOf(graph, portal, dataset))
    .add(subject, 'schema:includedInDataCatalog', describeCatalogueForWeb(graph, portal));
  for (const resource of dataset.resources) {
    const download = at.resource(dataset.id, resource.id);
    const address = safeIri(resource.url) ?? download;
    graph
      .add(subject, 'schema:distribution', iri(download))
      .add(download, 'rdf:type', named('schema:DataDownload'))
      .add(download, 'schema:name', inLanguage(resource.name || dataset.title.uk, 'uk'))
      .add(
        download,
        'schema:description',
        resource.description ? inLanguage(resource.description, 'uk') : null,
      )
      .add(download, 'schema:contentUrl', iri(address))
      .add(download, 'schema:encodingFormat', literalOrNull(resource.mediaType ?? resource.format))
      .add(download, 'schema:contentSize', resource.bytes === null ? null : literal(`${resource.bytes} B`))
      .add(download, 'schema:sha256', literalOrNull(resource.sha256))
      .add(download, 'schema:version', literalOrNull(resource.version?.toString()))
      .add(download, 'schema:dateModified', dateTerm(resource.modified ?? resource.issued));
  }
  return subject;
}

/** Says that the portal is a catalogue of data. */
export function describeCatalogueForWeb(graph: Graph, portal: Portal) {
  const subject = addressesOf(portal).catalogue;
  graph
    .add(subject, 'rdf:type', named('schema:DataCatalog'))
    .add(subject, 'schema:name', ...inWords(portal.title))
    .add(subject, 'schema:description', ...inWords(portal.description))
    .add(subject, 'schema:url', iri(subject));
  return iri(subject);
}

/** What the page of a dataset carries in its script element of type `application/ld+json`, in the page's language. */
export function webJsonLd(portal: Portal, dataset: CatalogueDataset, language: string): string {
  const graph = new Graph();
  const subject = describeForWeb(graph, portal, dataset);
  // A script element ends at the first `</script`, wherever it stands.
  return JSON.stringify(nestJsonLd(graph, subject, 'schema', language)).replaceAll('<', '\\u003c');
}

function publisherOf(graph: Graph, portal: Portal, { publisher }: CatalogueDataset) {
  if (!publisher) return null;
  const subject = addressesOf(portal).organisation(publisher.id);
  graph
    .add(subject, 'rdf:type', named('schema:Organization'))
    .add(subject, 'schema:name', inLanguage(publisher.title || publisher.name, 'uk'))
    .add(subject, 'schema:url', iri(subject))
    .add(subject, 'schema:identifier', literalOrNull(publisher.edrpou));
  return iri(subject);
}

function placeOf(graph: Graph, portal: Portal, dataset: CatalogueDataset) {
  const { place } = portal;
  const code = dataset.katottg ?? place.katottg;
  const isCity = code === place.katottg;
  const subject = isCity ? place.geonames : addressesOf(portal).place(code);
  graph
    .add(subject, 'rdf:type', named('schema:Place'))
    .add(subject, 'schema:identifier', literal(code))
    .add(subject, 'schema:name', ...(isCity ? inWords(place.name) : [literal(code)]));
  return iri(subject);
}

/** ISO 8601 interval; an open end is written `..`. */
function interval(temporal: CatalogueDataset['temporal']) {
  const ends = [temporal?.start, temporal?.end].map((given) => dateTerm(given));
  if (!ends[0] && !ends[1]) return null;
  return literal(ends.map((end) => (end && 'text' in end ? end.text : '..')).join('/'));
}

const literalOrNull = (text: string | null | undefined) => (text ? literal(text) : null);
