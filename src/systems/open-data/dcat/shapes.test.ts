import { describe, expect, it } from 'vitest';
import type { CatalogueDataset } from './catalogue-dataset.ts';
import { inLanguage, iri, literal, type Term } from './graph.ts';
import { catalogueGraph, datasetGraph, isHighValue, type Profile } from './profiles.ts';
import { found } from './shacl-testing.ts';
import { dcatAp2, dcatAp3, highValueShapes, type Shape } from './shapes.ts';
import { testPortal, variedDatasets, wholeDataset, wholeResource, wholeVersions } from './testing.ts';
import { violationsOf, whyInvalid } from './validity.ts';
import { expand, type Name } from './vocabulary.ts';

/** What may be said of anything. */
const plain = new Set(
  (['rdf:type', 'rdfs:label', 'skos:inScheme', 'dct:identifier'] as const).map((name) => expand(name)),
);

const pageOf = (datasets: readonly CatalogueDataset[]) => ({
  datasets,
  total: datasets.length,
  size: 100,
  number: 1,
  address: (number: number) => `${testPortal.site}/catalog.ttl?page=${number}`,
  issued: null,
  modified: '2026-02-03T04:05:06.000001',
});

describe('catalogues of a thousand varied datasets are valid', () => {
  const datasets = variedDatasets(1_000).map((dataset) =>
    // The regulation wants distributions and an API; the form says so (see below).
    isHighValue(dataset) && !dataset.resources.some((one) => one.hasRows)
      ? { ...dataset, hvdCategory: null }
      : dataset,
  );
  const releases: readonly [Profile, readonly Shape[]][] = [
    ['euro_dcat_ap_2', dcatAp2],
    ['euro_dcat_ap_3', dcatAp3],
  ];
  for (const [profile, shapes] of releases)
    it(`in ${profile}, page by page`, async () => {
      for (let from = 0; from < 1_000; from += 100) {
        const graph = catalogueGraph(testPortal, pageOf(datasets.slice(from, from + 100)), [profile]);
        expect(await found(graph, shapes)).toEqual([]);
      }
    }, 60_000);

  it('in dcat_ap_hvd, those that have a category of high value', async () => {
    const highValue = datasets.filter((one) => isHighValue(one) && (one.publisher || one.contact?.name));
    expect(highValue.length).toBeGreaterThan(20);
    const graph = catalogueGraph(testPortal, pageOf(highValue), ['dcat_ap_hvd']);
    expect(await found(graph, [...dcatAp3, ...highValueShapes])).toEqual([]);
  });

  it('and say nothing that no shape knows', () => {
    const shapes = [...dcatAp2, ...dcatAp3, ...highValueShapes];
    const known = new Set(
      shapes.flatMap(({ of, wants }) =>
        Object.keys(wants).map((name) => `${expand(of)} ${expand(name as Name)}`),
      ),
    );
    const classes = new Set(shapes.map(({ of }) => of));
    for (const profile of ['euro_dcat_ap_2', 'euro_dcat_ap_3'] as const) {
      const graph = catalogueGraph(testPortal, pageOf(datasets.slice(0, 200)), [profile]);
      for (const name of classes)
        for (const subject of graph.ofClass(name))
          for (const property of graph.subjects.get(subject)!.keys())
            if (!plain.has(property)) expect(known).toContain(`${expand(name)} ${property}`);
    }
  });

  it('with the versions of a dataset', async () => {
    const graph = datasetGraph(testPortal, wholeDataset(), wholeVersions, ['euro_dcat_ap_3']);
    expect(await found(graph, dcatAp3)).toEqual([]);
    expect(
      await found(datasetGraph(testPortal, wholeDataset(), wholeVersions, ['euro_dcat_ap_2']), dcatAp2),
    ).toEqual([]);
  });
});

describe('what is not valid is found', () => {
  const subject = `${testPortal.site}/dataset/${wholeDataset().id}`;
  const spoiled: Readonly<Record<string, readonly [string, Name, Term]>> = {
    'a format that is a literal': [
      `${subject}/resource/${wholeDataset().resources[0]!.id}`,
      'dct:format',
      literal('text/csv'),
    ],
    'a language that is a literal': [subject, 'dct:language', literal('de')],
    'a frequency of no list': [subject, 'dct:accrualPeriodicity', iri('https://example.org/monthly')],
    'a second publisher': [subject, 'dct:publisher', iri('https://example.org/other')],
    'a day that is a plain text': [subject, 'dct:issued', inLanguage('вчора', 'uk')],
  };
  for (const [name, [of, property, term]] of Object.entries(spoiled))
    it(`${name}, by us as by the engine`, async () => {
      const graph = datasetGraph(testPortal, wholeDataset(), wholeVersions, ['euro_dcat_ap_3']);
      graph.add(of, property, term);
      const ours = violationsOf(graph, dcatAp3).map(
        (one) => `${one.subject} ${expand(one.property as Name)}`,
      );
      const theirs = await found(graph, dcatAp3);
      expect(ours).toEqual([`${of} ${expand(property)}`]);
      expect(theirs).toContain(ours[0]);
    });

  it('a high-value dataset without files, in words with a fix', () => {
    const dataset = wholeDataset({ hvdCategory: 'c_b79e35eb', resources: [] });
    expect(whyInvalid(testPortal, dataset, 'uk')).toEqual([
      'У наборі високої цінності немає жодного ресурсу: додайте файл або посилання.',
      'Набір високої цінності має бути доступний через API: завантажте таблицю, щоб портал сам віддавав її рядки, або додайте посилання на API.',
    ]);
    const linked = [wholeResource({ hasRows: false, format: 'API', url: 'https://api.example.ua/v1' })];
    expect(whyInvalid(testPortal, { ...dataset, resources: linked }, 'uk')).toEqual([]);
    expect(whyInvalid(testPortal, wholeDataset({ hvdCategory: 'c_b79e35eb' }), 'uk')).toEqual([]);
  });

  it('a dataset without a publisher, and one without a title', () => {
    const bare = wholeDataset({ publisher: null, title: { uk: '' }, description: null });
    expect(whyInvalid(testPortal, bare, 'en')).toEqual([
      'There is no publisher: choose the department that answers for the data.',
      'There is no title: name the dataset as people will look for it.',
    ]);
  });
});
