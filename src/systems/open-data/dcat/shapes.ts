import type { Name } from './vocabulary.ts';

/**
 * What a profile wants of the things of one class, by property: how many values there may be, and what each must be.
 *
 * Only what the portal writes or must write is here: a profile has more properties that may be left out, and of those it says
 * nothing that could be wrong. A test holds that nothing is written that no shape knows.
 *
 * A value is `literal`, `thing` (not a literal), `date` (a day, a time, a month or a year), a datatype `xsd:…`, or a thing of a
 * class; `in TABLE` wants it to be a concept of that EU authority list, or of the list `<IRI>`; `= NAME` wants that very value. A
 * property after `^` is read against its direction.
 */
export interface Shape {
  readonly of: Name;
  readonly wants: Readonly<Partial<Record<Name | `^${Name}`, string>>>;
}

const agent: Shape = {
  of: 'foaf:Agent',
  wants: { 'foaf:name': '1..n literal', 'dct:type': '0..1 skos:Concept' },
};
const scheme: Shape = { of: 'skos:ConceptScheme', wants: { 'dct:title': '1..n literal' } };
const concept: Shape = { of: 'skos:Concept', wants: { 'skos:prefLabel': '1..n literal' } };
const period: Shape = {
  of: 'dct:PeriodOfTime',
  wants: { 'dcat:startDate': '0..1 date', 'dcat:endDate': '0..1 date' },
};
const catalogue: Shape['wants'] = {
  'dct:title': '1..n literal',
  'dct:description': '1..n literal',
  'dct:publisher': '1..1 foaf:Agent',
  'dct:language': '0..n dct:LinguisticSystem in language',
  'dct:license': '0..1 dct:LicenseDocument',
  'dct:issued': '0..1 date',
  'dct:modified': '0..1 date',
  'dct:spatial': '0..n dct:Location',
  'dcat:themeTaxonomy': '0..n skos:ConceptScheme',
  'dcat:service': '0..n dcat:DataService',
  'dcat:dataset': '0..n dcat:Dataset',
  'foaf:homepage': '0..1 foaf:Document',
};

const dataset: Shape['wants'] = {
  'dct:title': '1..n literal',
  'dct:description': '1..n literal',
  'dct:identifier': '0..n literal',
  'dct:publisher': '0..1 foaf:Agent',
  'dct:spatial': '0..n dct:Location',
  'dct:temporal': '0..n dct:PeriodOfTime',
  'dct:accessRights': '0..1 dct:RightsStatement in access-right',
  'dct:accrualPeriodicity': '0..1 dct:Frequency in frequency',
  'dct:conformsTo': '0..n dct:Standard',
  'dct:issued': '0..1 date',
  'dct:modified': '0..1 date',
  'dct:language': '0..n dct:LinguisticSystem in language',
  'dct:provenance': '0..n dct:ProvenanceStatement',
  'dcat:contactPoint': '0..n vcard:Kind',
  'dcat:distribution': '0..n dcat:Distribution',
  'dcat:keyword': '0..n literal',
  'dcat:landingPage': '0..n foaf:Document',
  'dcat:theme': '0..n skos:Concept in data-theme',
  'foaf:page': '0..n foaf:Document',
};

const distribution: Shape['wants'] = {
  'dct:title': '0..n literal',
  'dct:description': '0..n literal',
  'dct:conformsTo': '0..n dct:Standard',
  'dct:format': '0..1 dct:MediaTypeOrExtent in file-type',
  'dct:issued': '0..1 date',
  'dct:modified': '0..1 date',
  'dct:language': '0..n dct:LinguisticSystem in language',
  'dct:license': '0..1 dct:LicenseDocument',
  'dct:rights': '0..1 dct:RightsStatement',
  'dcat:mediaType': '0..1 dct:MediaType',
  'dcat:accessService': '0..n dcat:DataService',
  'dcatap:availability': '0..1 skos:Concept in planned-availability',
  'spdx:checksum': '0..1 spdx:Checksum',
};

const service: Shape['wants'] = {
  'dct:title': '1..n literal',
  'dct:description': '0..n literal',
  'dct:license': '0..1 dct:LicenseDocument',
  'dct:accessRights': '0..1 dct:RightsStatement in access-right',
  'dct:rights': '0..n dct:RightsStatement',
  'dcat:servesDataset': '0..n dcat:Dataset',
  'foaf:page': '0..n foaf:Document',
};

/** DCAT-AP 2.1.1. @see https://github.com/SEMICeu/DCAT-AP/tree/master/releases/2.1.1 */
export const dcatAp2: readonly Shape[] = [
  agent,
  scheme,
  concept,
  period,
  { of: 'dcat:Catalog', wants: catalogue },
  {
    of: 'dcat:Dataset',
    wants: {
      ...dataset,
      'dct:hasVersion': '0..n dcat:Dataset',
      'owl:versionInfo': '0..1 literal',
    },
  },
  {
    of: 'dcat:Distribution',
    wants: {
      ...distribution,
      'dcat:accessURL': '1..n thing',
      'dcat:downloadURL': '0..n thing',
      'dcat:byteSize': '0..1 xsd:decimal',
    },
  },
  {
    of: 'dcat:DataService',
    wants: { ...service, 'dcat:endpointURL': '1..n thing', 'dcat:endpointDescription': '0..n thing' },
  },
  {
    of: 'spdx:Checksum',
    wants: {
      // This release knows no other algorithm.
      'spdx:algorithm': '1..1 thing = spdx:checksumAlgorithm_sha1',
      'spdx:checksumValue': '1..1 xsd:hexBinary',
    },
  },
];

/** DCAT-AP 3.0.1. @see https://semiceu.github.io/DCAT-AP/releases/3.0.1/ */
export const dcatAp3: readonly Shape[] = [
  agent,
  scheme,
  concept,
  period,
  {
    of: 'dcat:Catalog',
    wants: catalogue,
  },
  {
    of: 'dcat:Dataset',
    wants: {
      ...dataset,
      'dcat:hasVersion': '0..n dcat:Dataset',
      'dcat:version': '0..1 literal',
      'dcatap:applicableLegislation': '0..n eli:LegalResource',
    },
  },
  {
    of: 'dcat:Distribution',
    wants: {
      ...distribution,
      'dcat:accessURL': '1..n rdfs:Resource',
      'dcat:downloadURL': '0..n rdfs:Resource',
      'dcat:byteSize': '0..1 xsd:nonNegativeInteger',
      'dcatap:applicableLegislation': '0..n eli:LegalResource',
    },
  },
  {
    of: 'dcat:DataService',
    wants: {
      ...service,
      'dct:publisher': '0..1 foaf:Agent',
      'dcat:contactPoint': '0..n vcard:Kind',
      'dcat:endpointURL': '1..n rdfs:Resource',
      'dcat:endpointDescription': '0..n rdfs:Resource',
      'dcat:theme': '0..n skos:Concept in data-theme',
      'dcatap:applicableLegislation': '0..n eli:LegalResource',
    },
  },
  {
    of: 'spdx:Checksum',
    wants: {
      'spdx:algorithm': '1..1 spdx:ChecksumAlgorithm',
      'spdx:checksumValue': '1..1 xsd:hexBinary',
    },
  },
];

const regulation = '1..n eli:LegalResource = <http://data.europa.eu/eli/reg_impl/2023/138/oj>';

const category = '1..n skos:Concept in <http://data.europa.eu/bna/asd487ae75>';

/** What high-value datasets must say besides. @see https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/ */
export const highValueShapes: readonly Shape[] = [
  {
    of: 'dcat:Dataset',
    wants: {
      'dcat:distribution': '1..n dcat:Distribution',
      'dcatap:hvdCategory': category,
      'dcatap:applicableLegislation': regulation,
      // Data of high value are given by an API.
      '^dcat:servesDataset': '1..n dcat:DataService',
    },
  },
  {
    of: 'dcat:Distribution',
    wants: {
      'dcat:accessURL': '1..n rdfs:Resource',
      // A licence would do as well.
      'dct:rights': '1..n dct:RightsStatement',
      'dcatap:applicableLegislation': regulation,
    },
  },
  {
    of: 'dcat:DataService',
    wants: {
      'dcat:endpointURL': '1..n rdfs:Resource',
      'dcat:servesDataset': '1..n dcat:Dataset',
      'dcat:contactPoint': '1..n vcard:Kind',
      'dct:rights': '1..n dct:RightsStatement',
      'foaf:page': '1..n foaf:Document',
      'dcatap:hvdCategory': category,
      'dcatap:applicableLegislation': regulation,
    },
  },
  {
    of: 'vcard:Kind',
    wants: {
      'vcard:fn': '0..n literal',
      'vcard:hasEmail': '0..1 rdfs:Resource',
      'vcard:hasURL': '0..1 rdfs:Resource',
    },
  },
];

/** A want, read: bounds of the number of values, and what each value must be. */
export interface Want {
  readonly min: number;
  /** Null: any number. */
  readonly max: number | null;
  readonly value: 'literal' | 'thing' | 'date' | Name;
  /** The EU authority list it must come from. */
  readonly scheme: string | null;
  /** The IRI, or the name of the term, that must be among the values. */
  readonly must: string | null;
}

const authority = 'http://publications.europa.eu/resource/authority/';

/** @throws Error for a want that is written wrongly */
export function readWant(text: string): Want {
  const parts = /^(\d)\.\.(\d|n) (\S+)(?: in (\S+))?(?: = <?([^>\s]+)>?)?$/.exec(text);
  if (!parts) throw new Error(`not a want: ${text}`);
  return {
    min: Number(parts[1]),
    max: parts[2] === 'n' ? null : Number(parts[2]),
    value: parts[3] as Want['value'],
    scheme: parts[4] ? (/^<(.+)>$/.exec(parts[4])?.[1] ?? authority + parts[4]) : null,
    must: parts[5] ?? null,
  };
}
