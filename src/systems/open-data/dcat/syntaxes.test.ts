import { Readable } from 'node:stream';
import jsonld from 'jsonld';
import { type Literal, Parser, type Quad, Store } from 'n3';
import { RdfXmlParser } from 'rdfxml-streaming-parser';
import { describe, expect, it } from 'vitest';
import { catalogueGraph, datasetGraph, profileNames } from './profiles.ts';
import { syntaxes } from './syntaxes.ts';
import { testPortal, variedDatasets, wholeDataset, wholeVersions } from './testing.ts';

async function read(ending: string, text: string): Promise<string[]> {
  const quads: Quad[] =
    ending === 'rdf'
      ? ((await Readable.from([text]).pipe(new RdfXmlParser()).toArray()) as Quad[])
      : ending === 'jsonld'
        ? new Parser({ format: 'N-Quads' }).parse(
            (await jsonld.toRDF(JSON.parse(text), { format: 'application/n-quads' })) as unknown as string,
          )
        : new Parser({ format: ending === 'n3' ? 'text/n3' : 'text/turtle' }).parse(text);
  const term = (one: { termType: string; value: string }) => {
    if (one.termType !== 'Literal') return `<${one.value}>`;
    const { language, datatype } = one as unknown as Literal;
    return `"${one.value}"@${language}^^${datatype.value}`;
  };
  return [...new Store(quads)].map((q) => [q.subject, q.predicate, q.object].map(term).join(' ')).sort();
}

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
      const read4 = await Promise.all(syntaxes.map((syntax) => read(syntax.ending, syntax.write(graph))));
      const statements = [...graph.subjects.values()].flatMap((one) => [...one.values()].flat());
      for (const one of read4) {
        expect(one).toHaveLength(statements.length);
        expect(one).toEqual(read4[0]);
      }
    });

  it('parse to the same graph of a dataset with all its versions', async () => {
    const graph = datasetGraph(testPortal, wholeDataset(), wholeVersions, ['euro_dcat_ap_3', 'schemaorg']);
    const read4 = await Promise.all(syntaxes.map((syntax) => read(syntax.ending, syntax.write(graph))));
    for (const one of read4) expect(one).toEqual(read4[0]);
  });
});
