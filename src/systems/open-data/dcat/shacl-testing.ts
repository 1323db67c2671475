import { DataFactory, Parser, type Quad, Store } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';
import type { Graph, Term } from './graph.ts';
import { readWant, type Shape } from './shapes.ts';
import { namespaces } from './vocabulary.ts';

/** The shapes in SHACL, for an engine that is not ours. */
function shacl(shapes: readonly Shape[]): Store {
  const prefixes = Object.entries({ ...namespaces, sh: 'http://www.w3.org/ns/shacl#' }).map(
    ([prefix, space]) => `@prefix ${prefix}: <${space}> .`,
  );
  // The usual one first: each miss costs the engine a report.
  const anyDate = ['dateTime', 'date', 'gYear', 'gYearMonth'].map((one) => `[ sh:datatype xsd:${one} ]`);
  const value = (want: ReturnType<typeof readWant>) => {
    if (want.value === 'literal') return 'sh:nodeKind sh:Literal ;';
    if (want.value === 'thing') return 'sh:nodeKind sh:BlankNodeOrIRI ;';
    if (want.value === 'date') return `sh:or ( ${anyDate.join(' ')} ) ;`;
    return want.value.startsWith('xsd:') ? `sh:datatype ${want.value} ;` : `sh:class ${want.value} ;`;
  };
  const property = ([name, text]: [string, string | undefined]) => {
    const want = readWant(text!);
    return `sh:property [ sh:path ${name.startsWith('^') ? `[ sh:inversePath ${name.slice(1)} ]` : name} ; ${want.min > 0 ? `sh:minCount ${want.min} ;` : ''}
      ${want.max === null ? '' : `sh:maxCount ${want.max} ;`} ${value(want)}
      ${want.must ? `sh:hasValue ${want.must.startsWith('http') ? `<${want.must}>` : want.must} ;` : ''} ]`;
  };
  const wants = shapes.flatMap((shape) => Object.entries(shape.wants));
  const blocks = shapes.map(
    (shape, n) =>
      `<urn:shape:${n}> a sh:NodeShape ; sh:targetClass ${shape.of} ; ${Object.entries(shape.wants).map(property).join(' ;\n')} .`,
  );
  for (const [name, text] of wants) {
    const { scheme } = readWant(text!);
    if (scheme)
      blocks.push(
        `<urn:list:${name}> a sh:NodeShape ; sh:targetObjectsOf ${name} ; sh:property [ sh:path skos:inScheme ; sh:hasValue <${scheme}> ] .`,
      );
  }
  return new Store(new Parser().parse([...prefixes, ...blocks].join('\n')));
}

/** The engine asks for one subject or for one object at a time; a stream for each question would take most of the time. */
class Quads extends Store {
  readonly #index = new Map<string, Quad[]>();
  readonly #keep = (key: string, quad: Quad) => {
    const list = this.#index.get(key);
    if (list) list.push(quad);
    else this.#index.set(key, [quad]);
  };

  constructor(quads: readonly Quad[]) {
    super();
    for (const quad of quads) {
      this.#keep(`s ${quad.subject.value}`, quad);
      this.#keep(`p ${quad.predicate.value} ${quad.object.value}`, quad);
      this.#keep(`p ${quad.predicate.value}`, quad);
    }
  }

  override match(...[subject, predicate, object]: Parameters<Store['match']>) {
    const key = subject
      ? `s ${subject.value}`
      : object
        ? `p ${predicate?.value} ${object.value}`
        : `p ${predicate?.value}`;
    const found = this.#index
      .get(key)
      ?.filter(
        (quad) => (!predicate || quad.predicate.equals(predicate)) && (!object || quad.object.equals(object)),
      );
    return new Set(found) as unknown as ReturnType<Store['match']>;
  }
}

function quadsOf(graph: Graph): Quad[] {
  const object = (term: Term) => {
    if ('iri' in term) return DataFactory.namedNode(term.iri);
    return DataFactory.literal(term.text, term.language ?? DataFactory.namedNode(term.datatype));
  };
  return [...graph.subjects].flatMap(([subject, properties]) =>
    [...properties].flatMap(([name, terms]) =>
      terms.map((term) =>
        DataFactory.quad(DataFactory.namedNode(subject), DataFactory.namedNode(name), object(term)),
      ),
    ),
  );
}

const engines = new Map<readonly Shape[], SHACLValidator>();

/** What an engine that is not ours finds against the shapes, as `subject property`; nothing: the graph is valid. */
export async function found(graph: Graph, shapes: readonly Shape[]): Promise<string[]> {
  let engine = engines.get(shapes);
  if (!engine) {
    engine = new SHACLValidator(shacl(shapes));
    engines.set(shapes, engine);
  }
  const report = await engine.validate(new Quads(quadsOf(graph)));
  return report.results.map(
    (result) =>
      `${result.focusNode?.value} ${result.path && 'value' in result.path ? result.path.value : ''}`,
  );
}
