import { describe, expect, it } from 'vitest';
import type { Term } from './graph.ts';
import { addressesOf } from './portal.ts';
import { datasetGraph, type Profile } from './profiles.ts';
import { webJsonLd } from './schema-org.ts';
import { testPortal, variedDatasets, wholeDataset, wholeResource } from './testing.ts';
import type { Name } from './vocabulary.ts';

const authority = 'http://publications.europa.eu/resource/authority/';
const at = addressesOf(testPortal);
const dataset = wholeDataset();
const subject = at.dataset(dataset.id);
const resource = at.resource(dataset.id, dataset.resources[0]!.id);
const graphOf = (changes: Parameters<typeof wholeDataset>[0] = {}, profile: Profile = 'euro_dcat_ap_3') =>
  datasetGraph(testPortal, wholeDataset(changes), [], [profile]);
const plain = (terms: readonly Term[]) => terms.map((term) => ('iri' in term ? term.iri : term.text));

describe('controlled values are IRIs of the EU lists, never literals', () => {
  const graph = graphOf();
  const values: readonly (readonly [string, Name, string])[] = [
    [subject, 'dct:language', `${authority}language/UKR`],
    [subject, 'dct:accrualPeriodicity', `${authority}frequency/MONTHLY`],
    [subject, 'dcat:theme', `${authority}data-theme/TRAN`],
    [subject, 'dct:accessRights', `${authority}access-right/PUBLIC`],
    [resource, 'dct:format', `${authority}file-type/CSV`],
    [resource, 'dcat:mediaType', 'https://www.iana.org/assignments/media-types/text/csv'],
    [resource, 'dct:license', `${authority}licence/CC_BY_4_0`],
    [resource, 'dcatap:availability', `${authority}planned-availability/STABLE`],
  ];
  for (const [of, property, iri] of values)
    it(`${property} is ${iri}`, () => expect(graph.of(of, property)).toEqual([{ iri }]));

  it('a format, type or theme that no list has is left out, not written as text', () => {
    const odd = graphOf({
      themes: ['NONE'],
      resources: [wholeResource({ format: 'щось', mediaType: 'HTML' })],
    });
    expect(odd.of(resource, 'dct:format')).toEqual([]);
    expect(odd.of(resource, 'dcat:mediaType')).toEqual([]);
    expect(odd.of(subject, 'dcat:theme')).toEqual([]);
  });

  it('nothing stated is a frequency too: UNKNOWN', () => {
    const none = graphOf({
      frequency: { code: 'UNKNOWN', wire: '', label: { uk: 'не вказано', en: 'not stated' } },
    });
    expect(none.of(subject, 'dct:accrualPeriodicity')).toEqual([{ iri: `${authority}frequency/UNKNOWN` }]);
  });
});

describe('each controlled value is typed and labelled in the graph itself', () => {
  const graph = graphOf();
  const typed: readonly (readonly [string, Name, Name])[] = [
    [subject, 'dct:accrualPeriodicity', 'dct:Frequency'],
    [subject, 'dcat:theme', 'skos:Concept'],
    [subject, 'dct:language', 'dct:LinguisticSystem'],
    [subject, 'dct:accessRights', 'dct:RightsStatement'],
    [resource, 'dct:format', 'dct:MediaTypeOrExtent'],
    [resource, 'dcat:mediaType', 'dct:MediaTypeOrExtent'],
    [resource, 'dcat:mediaType', 'dct:MediaType'],
    [resource, 'dct:license', 'dct:LicenseDocument'],
  ];
  for (const [of, property, name] of typed)
    it(`${property} is a ${name} with a label`, () => {
      const [value] = plain(graph.of(of, property));
      expect(graph.ofClass(name)).toContain(value);
      expect(graph.of(value!, 'skos:prefLabel').length).toBeGreaterThan(0);
    });

  it('an access address is an rdfs:Resource', () => {
    const [address] = plain(graph.of(resource, 'dcat:accessURL'));
    expect(graph.ofClass('rdfs:Resource')).toContain(address);
  });

  it('rights of a file are a dct:RightsStatement', () => {
    const [rights] = plain(graph.of(resource, 'dct:rights'));
    expect(graph.ofClass('dct:RightsStatement')).toContain(rights);
  });
});

describe('literals', () => {
  it('a size is xsd:decimal in 2.1.1 and xsd:nonNegativeInteger in 3.0.1', () => {
    const type = (profile: Profile) => graphOf({}, profile).of(resource, 'dcat:byteSize');
    expect(type('euro_dcat_ap_2')).toEqual([
      { text: '4096', datatype: 'http://www.w3.org/2001/XMLSchema#decimal' },
    ]);
    expect(type('euro_dcat_ap_3')).toEqual([
      { text: '4096', datatype: 'http://www.w3.org/2001/XMLSchema#nonNegativeInteger' },
    ]);
  });

  it('a checksum is SHA-256 with its algorithm, and left out of 2.1.1, which knows only SHA-1', () => {
    const graph = graphOf();
    const [checksum] = plain(graph.of(resource, 'spdx:checksum'));
    expect(plain(graph.of(checksum!, 'spdx:algorithm'))).toEqual([
      'http://spdx.org/rdf/terms#checksumAlgorithm_sha256',
    ]);
    expect(graph.of(checksum!, 'spdx:checksumValue')).toEqual([
      { text: 'ab01'.repeat(16), datatype: 'http://www.w3.org/2001/XMLSchema#hexBinary' },
    ]);
    expect(graphOf({}, 'euro_dcat_ap_2').of(resource, 'spdx:checksum')).toEqual([]);
  });

  it('a day stays a day and a time a time', () => {
    const graph = graphOf({ issued: '2026-01-02T03:04:05.123456', modified: '2026-02-03' });
    expect(graph.of(subject, 'dct:issued')).toEqual([
      { text: '2026-01-02T03:04:05.123456Z', datatype: 'http://www.w3.org/2001/XMLSchema#dateTime' },
    ]);
    expect(graph.of(subject, 'dct:modified')).toEqual([
      { text: '2026-02-03', datatype: 'http://www.w3.org/2001/XMLSchema#date' },
    ]);
    expect(graphOf({ modified: '2026-02-30' }).of(subject, 'dct:modified')).toEqual([]);
  });

  it('texts say their language, English where there is one', () => {
    expect(graphOf().of(subject, 'dct:title')).toEqual([
      { text: 'Зупинки транспорту', language: 'uk' },
      { text: 'Bus stops', language: 'en' },
    ]);
  });
});

describe('IRIs', () => {
  it('an e-mail is a mailto:', () => {
    const graph = graphOf();
    expect(graph.of(`${subject}#contact`, 'vcard:hasEmail')).toEqual([{ iri: 'mailto:data@example.ua' }]);
  });

  it('Cyrillic, spaces and brackets are percent-encoded, and what is encoded stays', () => {
    const address = (url: string) =>
      plain(graphOf({ resources: [wholeResource({ url })] }).of(resource, 'dcat:accessURL'));
    expect(address('https://x.ua/файл 1.csv')).toEqual(['https://x.ua/%D1%84%D0%B0%D0%B9%D0%BB%201.csv']);
    expect(address('https://x.ua/%D1%84?a=[1]#я#')).toEqual(['https://x.ua/%D1%84?a=%5B1%5D#%D1%8F%23']);
    expect(address('https://міста.укр/дані')).toEqual([
      'https://xn--80axpe2h.xn--j1amh/%D0%B4%D0%B0%D0%BD%D1%96',
    ]);
  });

  it('what is no address gives way to the page of the resource', () => {
    const graph = graphOf({ resources: [wholeResource({ url: 'не адреса' })] });
    expect(plain(graph.of(resource, 'dcat:accessURL'))).toEqual([resource]);
    expect(graph.of(resource, 'dcat:downloadURL')).toEqual([]);
  });

  it('none holds anything but the signs of RFC 3986', () => {
    for (const varied of variedDatasets(100)) {
      const graph = datasetGraph(testPortal, varied, [], ['euro_dcat_ap_3', 'schemaorg']);
      const terms = [...graph.subjects.values()].flatMap((one) => [...one.values()].flat());
      for (const iri of [
        ...graph.subjects.keys(),
        ...terms.flatMap((term) => ('iri' in term ? term.iri : [])),
      ])
        expect(iri).toMatch(/^[a-z][a-z0-9+.-]*:(?:[\w\-.~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/);
    }
  });
});

describe('rows of a resource', () => {
  it('are distributions in CSV and Parquet with a service', () => {
    const graph = graphOf();
    expect(plain(graph.of(subject, 'dcat:distribution'))).toEqual([
      resource,
      `${resource}#csv`,
      `${resource}#parquet`,
    ]);
    for (const one of plain(graph.of(subject, 'dcat:distribution')))
      expect(plain(graph.of(one, 'dcat:accessService'))).toEqual([`${resource}#service`]);
    expect(plain(graph.of(`${resource}#service`, 'dcat:servesDataset'))).toEqual([subject]);
  });

  it('and the CSV stands once where the resource is the dump itself', () => {
    const graph = graphOf({ resources: [wholeResource({ isDump: true })] });
    expect(plain(graph.of(subject, 'dcat:distribution'))).toEqual([resource, `${resource}#parquet`]);
  });
});

describe('high-value datasets', () => {
  const regulation = { iri: 'http://data.europa.eu/eli/reg_impl/2023/138/oj' };
  it('name their category and the regulation, with their distributions and services', () => {
    const graph = graphOf({ hvdCategory: 'c_b79e35eb' });
    for (const one of [subject, `${resource}#service`])
      expect(graph.of(one, 'dcatap:hvdCategory')).toEqual([{ iri: 'http://data.europa.eu/bna/c_b79e35eb' }]);
    for (const one of [subject, resource, `${resource}#csv`, `${resource}#service`])
      expect(graph.of(one, 'dcatap:applicableLegislation')).toEqual([regulation]);
  });

  it('are not those whose category nobody knows', () => {
    expect(graphOf({ hvdCategory: 'unheard-of' }).of(subject, 'dcatap:applicableLegislation')).toEqual([]);
  });
});

describe('schema.org on a page', () => {
  it('is one tree in the language of the page that no text can break out of', () => {
    const text = webJsonLd(
      testPortal,
      wholeDataset({ purpose: null, description: { uk: '</script><b>' } }),
      'en',
    );
    expect(text).not.toContain('<');
    const tree = JSON.parse(text);
    expect(tree).toMatchObject({
      '@context': 'http://schema.org/',
      '@type': 'Dataset',
      name: 'Bus stops',
      description: '</script><b>',
      license: 'https://creativecommons.org/licenses/by/4.0/',
      publisher: { '@type': 'Organization', name: 'Департамент транспорту' },
      distribution: { '@type': 'DataDownload', encodingFormat: 'text/csv' },
      includedInDataCatalog: { '@type': 'DataCatalog' },
    });
  });
});
