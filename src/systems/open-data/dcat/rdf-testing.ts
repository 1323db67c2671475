import { Readable } from 'node:stream';
import jsonld from 'jsonld';
import { type Literal, Parser, type Quad, Store } from 'n3';
import { RdfXmlParser } from 'rdfxml-streaming-parser';

/** The statements of a document as parsers of others read it, sorted. @param ending `rdf`, `ttl`, `n3` or `jsonld` */
export async function statementsIn(ending: string, text: string): Promise<string[]> {
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
