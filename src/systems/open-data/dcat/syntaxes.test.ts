import { describe, expect, it } from 'vitest';
import { catalogueGraph, datasetGraph, profileNames } from './profiles.ts';
import { statementsIn } from './rdf-testing.ts';
import { syntaxes } from './syntaxes.ts';
import { testPortal, variedDatasets, wholeDataset, wholeVersions } from './testing.ts';

describe('RDF/XML, Turtle, N3 and JSON-LD', () => {
  const datasets = variedDatasets(60);
  const page = {
    datasets,
    total: 60,
    size: 100,
    number: 1,
    address: (number: number) => `${testPortal.site}/catalog.rdf?page=${number}&q=%D0%B7`,
    issued: '2026-01-02T03:04:05.123456',
    modified: '2026-02-03T04:05:06.000001',
  };

  for (const profile of profileNames)
    it(`parse to the same graph: ${profile}`, async () => {
      const graph = catalogueGraph(testPortal, page, [profile]);
      const read4 = await Promise.all(
        syntaxes.map((syntax) => statementsIn(syntax.ending, syntax.write(graph))),
      );
      const statements = [...graph.subjects.values()].flatMap((one) => [...one.values()].flat());
      for (const one of read4) {
        expect(one).toHaveLength(statements.length);
        expect(one).toEqual(read4[0]);
      }
    });

  it('parse to the same graph of a dataset with all its versions', async () => {
    const graph = datasetGraph(testPortal, wholeDataset(), wholeVersions, ['euro_dcat_ap_3', 'schemaorg']);
    const read4 = await Promise.all(
      syntaxes.map((syntax) => statementsIn(syntax.ending, syntax.write(graph))),
    );
    for (const one of read4) expect(one).toEqual(read4[0]);
  });
});
