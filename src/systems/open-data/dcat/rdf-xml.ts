import type { Graph, Term } from './graph.ts';
import { compact, expand, namespaces, type Prefix } from './vocabulary.ts';

const rdfType = expand('rdf:type');
const xsdString = expand('xsd:string');

/** The graph in RDF/XML: each subject is an element of its first class, with one element for each statement. */
export function writeRdfXml(graph: Graph): string {
  const used = new Set<Prefix>(['rdf']);
  const element = (iri: string): string => {
    const name = compact(iri);
    if (!name) throw new Error(`${iri} cannot be an element of RDF/XML`);
    used.add(name.prefix);
    return `${name.prefix}:${name.local}`;
  };
  const blocks: string[] = [];
  for (const [subject, properties] of graph.subjects) {
    const [first, ...classes] = properties.get(rdfType) ?? [];
    const name = first && 'iri' in first && compact(first.iri) ? element(first.iri) : 'rdf:Description';
    const lines = classes.map((term) => statement('rdf:type', term));
    for (const [property, terms] of properties)
      if (property !== rdfType) {
        const tag = element(property);
        lines.push(...terms.map((term) => statement(tag, term)));
      }
    blocks.push(
      `  <${name} rdf:about="${attribute(subject)}">\n${lines.map((line) => `    ${line}\n`).join('')}  </${name}>\n`,
    );
  }
  const spaces = [...used].sort().map((prefix) => `\n  xmlns:${prefix}="${namespaces[prefix]}"`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF${spaces.join('')}>\n${blocks.join('')}</rdf:RDF>\n`;
}

function statement(tag: string, term: Term): string {
  if ('iri' in term) return `<${tag} rdf:resource="${attribute(term.iri)}"/>`;
  const kind =
    term.language !== undefined
      ? ` xml:lang="${term.language}"`
      : term.datatype === xsdString
        ? ''
        : ` rdf:datatype="${attribute(term.datatype)}"`;
  return `<${tag}${kind}>${escapeXml(term.text)}</${tag}>`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A bare carriage return would be read back as a line feed.
  '\r': '&#13;',
};

/** A text as it stands in XML, between tags or in an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (sign) => escapes[sign]!);
}

const attribute = escapeXml;
