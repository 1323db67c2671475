import type { Graph, Term } from './graph.ts';
import { compact, expand, namespaces } from './vocabulary.ts';

const rdfType = expand('rdf:type');
const xsdString = expand('xsd:string');

type Json = string | readonly Json[] | { readonly [key: string]: Json };

/** The graph in JSON-LD 1.1: a context of prefixes and a flat list of subjects. */
export function writeJsonLd(graph: Graph): string {
  const used = new Set<string>();
  const short = (iri: string) => {
    const name = compact(iri);
    if (!name) return iri;
    used.add(name.prefix);
    return `${name.prefix}:${name.local}`;
  };
  const value = (term: Term): Json => {
    if ('iri' in term) return { '@id': term.iri };
    if (term.language !== undefined) return { '@language': term.language, '@value': term.text };
    return term.datatype === xsdString ? term.text : { '@type': short(term.datatype), '@value': term.text };
  };
  const subjects: Json[] = [...graph.subjects].map(([subject, properties]) => {
    const entries = [...properties].map(([property, terms]): [string, Json] =>
      property === rdfType
        ? ['@type', terms.flatMap((term) => ('iri' in term ? short(term.iri) : []))]
        : [short(property), one(terms.map(value))],
    );
    return { '@id': subject, ...Object.fromEntries(entries) };
  });
  const context = Object.fromEntries(Object.entries(namespaces).filter(([prefix]) => used.has(prefix)));
  return `${JSON.stringify({ '@context': context, '@graph': subjects }, null, 1)}\n`;
}

/**
 * What one vocabulary says of a subject as a tree, for a script element of a page: terms of the vocabulary have no prefix, and
 * what belongs to the subject stands inside it.
 *
 * @param language of a text that stands in several, the one that is kept.
 */
export function nestJsonLd(
  graph: Graph,
  root: string,
  space: keyof typeof namespaces,
  language: string,
): Json {
  const plain = (iri: string) =>
    iri.startsWith(namespaces[space]) ? iri.slice(namespaces[space].length) : iri;
  const node = (subject: string, above: readonly string[]): Json => {
    const properties = graph.subjects.get(subject);
    if (!properties || above.includes(subject)) return { '@id': subject };
    const inside = [...above, subject];
    const value = (term: Term) => {
      if (!('iri' in term)) return term.text;
      return graph.subjects.has(term.iri) ? node(term.iri, inside) : term.iri;
    };
    const entries = [...properties].map(([property, terms]): [string, Json] =>
      property === rdfType
        ? ['@type', one(terms.flatMap((term) => ('iri' in term ? plain(term.iri) : [])))]
        : [plain(property), one(inOneLanguage(terms, language).map(value))],
    );
    return { '@id': subject, ...Object.fromEntries(entries) };
  };
  return { '@context': namespaces[space], ...(node(root, []) as Record<string, Json>) };
}

function inOneLanguage(terms: readonly Term[], language: string): readonly Term[] {
  const own = terms.filter((term) => 'iri' in term || (term.language ?? language) === language);
  return own.length > 0 ? own : terms;
}

const one = (values: readonly Json[]): Json => (values.length === 1 ? values[0]! : values);
