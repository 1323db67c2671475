import {
  accessRights,
  dateTerm,
  fileTypeOf,
  frequencyConcept,
  highValueCategory,
  highValueLegislation,
  inWords,
  languageConcept,
  licenceConcept,
  localAuthority,
  mediaTypeOf,
  stable,
  themeOf,
  useConcept,
  type Words,
} from './authorities.ts';
import type { CatalogueDataset, CatalogueLicence, CatalogueResource } from './catalogue-dataset.ts';
import { type Graph, inLanguage, iri, literal, named, type Term } from './graph.ts';
import { mailIri, safeIri } from './iri.ts';
import { addressesOf, type Portal } from './portal.ts';
import type { PublicVersion } from './versions.ts';

/** Release of DCAT-AP: 2.1.1 or 3.0.1. They differ in datatypes and in what a checksum may be. */
export type Release = 2 | 3;

/** How far a description goes: versions stand only in the document of the dataset itself, see `describeVersions`. */
interface Describing {
  readonly graph: Graph;
  readonly portal: Portal;
  readonly release: Release;
  readonly dataset: CatalogueDataset;
  readonly subject: string;
}

/**
 * Says in DCAT-AP what a dataset is, with its distributions, the services that give its data, and every controlled value that it
 * names, so that the graph is valid by itself.
 *
 * @see https://semiceu.github.io/DCAT-AP/releases/3.0.1/
 * @returns the IRI of the dataset.
 */
export function describeDataset(
  graph: Graph,
  portal: Portal,
  dataset: CatalogueDataset,
  release: Release,
): string {
  const at = addressesOf(portal);
  const subject = at.dataset(dataset.id);
  const about: Describing = { graph, portal, release, dataset, subject };
  graph
    .add(subject, 'rdf:type', named('dcat:Dataset'))
    .add(subject, 'dct:title', ...inWords(dataset.title))
    .add(subject, 'dct:description', ...inWords(dataset.description ?? dataset.title))
    .add(subject, 'dct:identifier', literal(dataset.id))
    .add(subject, 'dct:issued', dateTerm(dataset.issued))
    .add(subject, 'dct:modified', dateTerm(dataset.modified))
    .add(subject, 'dcat:keyword', ...dataset.keywords.map((word) => inLanguage(word, 'uk')))
    .add(subject, 'dcat:theme', ...themeTerms(about))
    .add(subject, 'dct:publisher', publisherOf(about))
    .add(subject, 'dcat:contactPoint', contactOf(about))
    .add(subject, 'dct:language', useConcept(graph, languageConcept(dataset.language)))
    .add(subject, 'dct:accrualPeriodicity', frequencyOf(about))
    .add(subject, 'dct:accessRights', accessRightsOf(about))
    .add(subject, 'dct:spatial', placeOf(graph, portal, dataset.katottg))
    .add(subject, 'dct:temporal', periodOf(about))
    .add(subject, 'dct:provenance', purposeOf(about))
    .add(subject, 'dct:conformsTo', standardOf(about))
    .add(subject, 'dcat:landingPage', documentOf(graph, at.page(dataset)))
    .add(subject, 'foaf:page', documentOf(graph, safeIri(dataset.page)));
  describeHighValue(about, subject, 'with category');
  for (const resource of dataset.resources) describeResource(about, resource);
  return subject;
}

/**
 * Adds versions of the resources as versions of the dataset. They are datasets themselves, so a catalogue leaves them out:
 * harvesters take each dataset of a catalogue for one more record.
 */
export function describeVersions(
  graph: Graph,
  portal: Portal,
  dataset: CatalogueDataset,
  versions: readonly PublicVersion[],
  release: Release,
): void {
  const at = addressesOf(portal);
  for (const { resource, name, n, at: made, note } of versions) {
    const version = at.version(dataset.id, resource, n);
    graph
      .add(at.dataset(dataset.id), release === 2 ? 'dct:hasVersion' : 'dcat:hasVersion', iri(version))
      .add(version, 'rdf:type', named('dcat:Dataset'))
      .add(version, 'dct:title', inLanguage(`${dataset.title.uk}, версія ${n}`, 'uk'))
      .add(version, 'dct:description', inLanguage(note || `Версія ${n} ресурсу «${name ?? resource}»`, 'uk'))
      .add(version, 'dct:issued', dateTerm(made))
      .add(version, release === 2 ? 'owl:versionInfo' : 'dcat:version', literal(String(n)));
  }
}

function themeTerms({ graph, dataset }: Describing): Term[] {
  return dataset.themes.flatMap((code) => {
    const theme = themeOf(code);
    return theme ? useConcept(graph, theme) : [];
  });
}

function publisherOf({ graph, portal, dataset }: Describing): Term | null {
  const { publisher } = dataset;
  if (!publisher) return null;
  const subject = addressesOf(portal).organisation(publisher.id);
  graph
    .add(subject, 'rdf:type', named('foaf:Agent'))
    .add(subject, 'foaf:name', inLanguage(publisher.title || publisher.name, 'uk'))
    .add(subject, 'dct:identifier', publisher.edrpou ? literal(publisher.edrpou) : null)
    .add(subject, 'dct:type', useConcept(graph, localAuthority));
  return iri(subject);
}

/** The responsible person; the publisher where none is named. */
function contactOf({ graph, portal, dataset, subject }: Describing): Term | null {
  const { contact, publisher } = dataset;
  const name = contact?.name || publisher?.title || publisher?.name || contact?.email;
  if (!name) return null;
  const email = mailIri(contact?.email);
  const page = addressesOf(portal).page(dataset);
  const point = `${subject}#contact`;
  graph
    .add(point, 'rdf:type', named('vcard:Kind'), named('vcard:Organization'))
    .add(point, 'vcard:fn', literal(name))
    .add(point, 'vcard:hasEmail', email === null ? null : placeOnWeb(graph, email))
    .add(point, 'vcard:hasURL', placeOnWeb(graph, page));
  return iri(point);
}

function frequencyOf({ graph, dataset }: Describing): Term {
  return useConcept(graph, frequencyConcept(dataset.frequency.code, dataset.frequency.label));
}

function accessRightsOf({ graph, dataset }: Describing): Term {
  return useConcept(graph, dataset.isPrivate ? accessRights.nonPublic : accessRights.public);
}

/** The territory of a code of the classifier КАТОТТГ; the city where none is given. */
export function placeOf(graph: Graph, portal: Portal, katottg: string | null): Term {
  const { place } = portal;
  const code = katottg ?? place.katottg;
  const isCity = code === place.katottg;
  const subject = isCity ? place.geonames : addressesOf(portal).place(code);
  graph
    .add(subject, 'rdf:type', named('dct:Location'))
    .add(subject, 'dct:identifier', literal(code))
    .add(subject, 'rdfs:label', ...(isCity ? inWords(place.name) : [literal(code)]));
  return iri(subject);
}

function periodOf({ graph, dataset, subject }: Describing): Term | null {
  const start = dateTerm(dataset.temporal?.start);
  const end = dateTerm(dataset.temporal?.end);
  if (!start && !end) return null;
  const period = `${subject}#period`;
  graph
    .add(period, 'rdf:type', named('dct:PeriodOfTime'))
    .add(period, 'dcat:startDate', start)
    .add(period, 'dcat:endDate', end);
  return iri(period);
}

function purposeOf({ graph, dataset, subject }: Describing): Term | null {
  if (!dataset.purpose) return null;
  const statement = `${subject}#purpose`;
  graph
    .add(statement, 'rdf:type', named('dct:ProvenanceStatement'))
    .add(statement, 'rdfs:label', inLanguage(dataset.purpose, 'uk'));
  return iri(statement);
}

function standardOf({ graph, portal, dataset }: Describing): Term | null {
  if (!dataset.obligation) return null;
  const standard = addressesOf(portal).standard(dataset.obligation);
  graph
    .add(standard, 'rdf:type', named('dct:Standard'))
    .add(standard, 'dct:title', ...inWords(obligationWords(dataset.obligation)));
  return iri(standard);
}

function obligationWords(obligation: string): Words {
  const appendix = /^835\/(\d+)/.exec(obligation)?.[1];
  return appendix
    ? {
        uk: `Постанова КМУ № 835, рекомендована структура, додаток ${appendix}`,
        en: `Cabinet Resolution No. 835, recommended structure, appendix ${appendix}`,
      }
    : { uk: obligation };
}

function documentOf(graph: Graph, address: string | null): Term | null {
  if (address === null) return null;
  graph.add(address, 'rdf:type', named('foaf:Document'));
  return iri(address);
}

/** What Implementing Regulation (EU) 2023/138 wants said of a high-value dataset, its distributions and its services. */
function describeHighValue(
  { graph, dataset, release }: Describing,
  subject: string,
  category: 'with category' | 'without category',
): void {
  const found = dataset.hvdCategory === null ? null : highValueCategory(dataset.hvdCategory);
  if (!found || release === 2) return;
  graph
    .add(highValueLegislation, 'rdf:type', named('eli:LegalResource'))
    .add(subject, 'dcatap:applicableLegislation', iri(highValueLegislation));
  if (category === 'with category') graph.add(subject, 'dcatap:hvdCategory', useConcept(graph, found));
}

function describeResource(about: Describing, resource: CatalogueResource): void {
  const { graph, portal, release, dataset } = about;
  const at = addressesOf(portal);
  const subject = at.resource(dataset.id, resource.id);
  const title = resource.name || dataset.title.uk;
  const address = safeIri(resource.url) ?? subject;
  const isService = /^(API|REST|WMS|WFS)$/i.test(resource.format) && address !== subject;
  const service = resource.hasRows
    ? rowsService(about, resource, title)
    : isService
      ? describeService(about, resource, { title, endpoint: address, description: null })
      : null;
  const isPage = isService || /^HTML$/i.test(resource.format);
  describeDistribution(about, subject, {
    title,
    address,
    download: !isPage && address !== subject,
    format: resource.format,
    mediaType: resource.mediaType,
    resource,
    service,
  });
  graph
    .add(subject, 'dct:description', resource.description ? inLanguage(resource.description, 'uk') : null)
    .add(
      subject,
      'dcat:byteSize',
      resource.bytes === null
        ? null
        : literal(String(resource.bytes), release === 2 ? 'xsd:decimal' : 'xsd:nonNegativeInteger'),
    )
    .add(subject, 'spdx:checksum', release === 2 ? null : checksumOf(graph, subject, resource.sha256));
  if (!resource.hasRows) return;
  const rows = { resource, service, download: true } as const;
  if (!resource.isDump)
    describeDistribution(about, `${subject}#csv`, {
      ...rows,
      title: `${title} (CSV)`,
      address: `${at.dump(resource.id)}?format=csv`,
      format: 'CSV',
      mediaType: 'text/csv',
    });
  describeDistribution(about, `${subject}#parquet`, {
    ...rows,
    title: `${title} (Parquet)`,
    address: at.parquet(resource.id),
    format: 'Parquet',
    mediaType: 'application/vnd.apache.parquet',
  });
}

function describeDistribution(
  about: Describing,
  subject: string,
  form: {
    readonly title: string;
    readonly address: string;
    readonly download: boolean;
    readonly format: string;
    readonly mediaType: string | null;
    readonly resource: CatalogueResource;
    readonly service: Term | null;
  },
): void {
  const { graph, dataset, portal } = about;
  const { resource } = form;
  const fileType = fileTypeOf(form.format);
  const mediaType = mediaTypeOf(form.mediaType);
  graph
    .add(about.subject, 'dcat:distribution', iri(subject))
    .add(subject, 'rdf:type', named('dcat:Distribution'))
    .add(subject, 'dct:title', inLanguage(form.title, 'uk'))
    .add(subject, 'dcat:accessURL', placeOnWeb(graph, form.address))
    .add(subject, 'dcat:downloadURL', form.download ? placeOnWeb(graph, form.address) : null)
    .add(subject, 'dct:format', fileType && useConcept(graph, fileType))
    .add(subject, 'dcat:mediaType', mediaType && useConcept(graph, mediaType))
    .add(subject, 'dct:license', licenceOf(graph, dataset.licence))
    .add(subject, 'dct:rights', termsOf(graph, portal))
    .add(subject, 'dcatap:availability', useConcept(graph, stable))
    .add(subject, 'dct:issued', dateTerm(resource.issued))
    .add(subject, 'dct:modified', dateTerm(resource.modified))
    .add(subject, 'dct:conformsTo', standardOf(about))
    .add(subject, 'dcat:accessService', form.service);
  describeHighValue(about, subject, 'without category');
}

function placeOnWeb(graph: Graph, address: string): Term {
  graph.add(address, 'rdf:type', named('rdfs:Resource'));
  return iri(address);
}

/** The licence of the EU list, or by its own address. */
export function licenceOf(graph: Graph, licence: CatalogueLicence | null): Term | null {
  if (!licence) return null;
  const known = licenceConcept(licence.id);
  if (known) return useConcept(graph, known);
  const address = safeIri(licence.url);
  if (address === null) return null;
  graph
    .add(address, 'rdf:type', named('dct:LicenseDocument'))
    .add(address, 'rdfs:label', literal(licence.title));
  return iri(address);
}

/** Terms of use: article 10-1 of Law 2939-VI. */
function termsOf(graph: Graph, portal: Portal): Term {
  const { terms } = addressesOf(portal);
  graph.add(terms, 'rdf:type', named('dct:RightsStatement')).add(
    terms,
    'rdfs:label',
    ...inWords({
      uk: 'Вільне використання, зокрема комерційне, з гіперпосиланням на джерело (стаття 10-1 Закону № 2939-VI)',
      en: 'Free reuse, commercial too, with a hyperlink to the source (article 10-1 of Law 2939-VI)',
    }),
  );
  return iri(terms);
}

function checksumOf(graph: Graph, subject: string, sha256: string | null): Term | null {
  if (sha256 === null || !/^[0-9a-f]{64}$/i.test(sha256)) return null;
  const checksum = `${subject}#sha256`;
  const algorithm = named('spdx:checksumAlgorithm_sha256') as { iri: string };
  graph
    .add(algorithm.iri, 'rdf:type', named('spdx:ChecksumAlgorithm'))
    .add(checksum, 'rdf:type', named('spdx:Checksum'))
    .add(checksum, 'spdx:algorithm', algorithm)
    .add(checksum, 'spdx:checksumValue', literal(sha256.toLowerCase(), 'xsd:hexBinary'));
  return iri(checksum);
}

/** The API that answers for single rows of a resource. */
function rowsService(about: Describing, resource: CatalogueResource, title: string): Term {
  const { rowsEndpoint, rowsDescription } = addressesOf(about.portal);
  return describeService(about, resource, {
    title: `${title}: API рядків`,
    endpoint: `${rowsEndpoint}?resource_id=${resource.id}`,
    description: rowsDescription,
  });
}

function describeService(
  about: Describing,
  resource: CatalogueResource,
  form: { readonly title: string; readonly endpoint: string; readonly description: string | null },
): Term {
  const { graph, portal, dataset } = about;
  const at = addressesOf(portal);
  const service = `${at.resource(dataset.id, resource.id)}#service`;
  graph
    .add(service, 'rdf:type', named('dcat:DataService'))
    .add(service, 'dct:title', inLanguage(form.title, 'uk'))
    .add(service, 'dcat:endpointURL', placeOnWeb(graph, form.endpoint))
    .add(
      service,
      'dcat:endpointDescription',
      form.description === null ? null : placeOnWeb(graph, form.description),
    )
    .add(service, 'dcat:servesDataset', iri(about.subject))
    .add(service, 'dct:publisher', publisherOf(about))
    .add(service, 'dcat:contactPoint', contactOf(about))
    .add(service, 'dcat:theme', ...themeTerms(about))
    .add(service, 'dct:license', licenceOf(graph, dataset.licence))
    .add(service, 'dct:rights', termsOf(graph, portal))
    .add(service, 'dct:accessRights', accessRightsOf(about))
    .add(service, 'foaf:page', documentOf(graph, form.description ?? at.page(dataset)));
  describeHighValue(about, service, 'with category');
  return iri(service);
}
