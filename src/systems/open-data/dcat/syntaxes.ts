import type { Graph } from './graph.ts';
import { writeJsonLd } from './json-ld.ts';
import { writeRdfXml } from './rdf-xml.ts';
import { writeTurtle } from './turtle.ts';

/** A way to write a graph down, by the ending of its address. */
export interface Syntax {
  readonly ending: string;
  readonly mediaType: string;
  write(graph: Graph): string;
}

/** The first of those that a reader likes equally is the one that is sent. */
export const syntaxes: readonly Syntax[] = [
  { ending: 'rdf', mediaType: 'application/rdf+xml', write: writeRdfXml },
  { ending: 'ttl', mediaType: 'text/turtle', write: writeTurtle },
  { ending: 'n3', mediaType: 'text/n3', write: writeTurtle },
  { ending: 'jsonld', mediaType: 'application/ld+json', write: writeJsonLd },
];

const byEnding = new Map(syntaxes.map((syntax) => [syntax.ending, syntax]));

/** The syntax of an ending; `xml` is RDF/XML. Null: there is none. */
export function syntaxOf(ending: string): Syntax | null {
  const plain = ending.toLowerCase();
  return byEnding.get(plain === 'xml' ? 'rdf' : plain) ?? null;
}
