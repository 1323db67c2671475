import type { Graph, Term } from './graph.ts';
import { compact, expand, namespaces, type Prefix } from './vocabulary.ts';

const rdfType = expand('rdf:type');
const xsdString = expand('xsd:string');

/** The graph in Turtle 1.1, which N3 reads as well. */
export function writeTurtle(graph: Graph): string {
  const used = new Set<Prefix>();
  const short = (iri: string) => {
    const name = compact(iri);
    if (!name) return `<${iri}>`;
    used.add(name.prefix);
    return `${name.prefix}:${name.local}`;
  };
  const object = (term: Term) => {
    if ('iri' in term) return short(term.iri);
    if (term.language !== undefined) return `${quoted(term.text)}@${term.language}`;
    return term.datatype === xsdString ? quoted(term.text) : `${quoted(term.text)}^^${short(term.datatype)}`;
  };
  const blocks: string[] = [];
  for (const [subject, properties] of graph.subjects) {
    const lines = [...properties].map(
      ([property, terms]) =>
        `${property === rdfType ? 'a' : short(property)} ${terms.map(object).join(', ')}`,
    );
    blocks.push(`<${subject}> ${lines.join(' ;\n    ')} .\n`);
  }
  const prefixes = [...used].sort().map((prefix) => `@prefix ${prefix}: <${namespaces[prefix]}> .\n`);
  return `${prefixes.join('')}\n${blocks.join('\n')}`;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const quoted = (text: string) => `"${text.replace(/["\\\n\r\t]/g, (sign) => escapes[sign]!)}"`;
