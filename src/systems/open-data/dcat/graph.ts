import { expand, type Name } from './vocabulary.ts';

/** What a statement says of its subject: a thing by its IRI, or a text with its datatype or language. */
export type Term =
  | { readonly iri: string }
  | { readonly text: string; readonly datatype: string; readonly language?: undefined }
  | { readonly text: string; readonly language: string; readonly datatype?: undefined };

/** A thing, by an IRI that is written out or by the name of a vocabulary's term. */
export function iri(value: string): Term {
  return { iri: value };
}

export function named(name: Name): Term {
  return { iri: expand(name) };
}

/** A text without a language. */
export function literal(text: string, datatype: Name = 'xsd:string'): Term {
  return { text: legal(text), datatype: expand(datatype) };
}

/** A text in a language: `uk`, `en`. */
export function inLanguage(text: string, language: string): Term {
  return { text: legal(text), language };
}

// XML 1.0 section 2.2: what is not in this set may not stand in a document, not even escaped.
const illegal = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** The text without what XML forbids, in every syntax, so that all of them say the same. */
export function legal(text: string): string {
  return text.replace(illegal, '');
}

/** Statements about one subject, by property, in the order in which they were first made. */
export type Statements = ReadonlyMap<string, readonly Term[]>;

/**
 * An RDF graph without blank nodes: everything in a catalogue has an IRI, so that two documents can be compared and a harvester
 * that reads a dataset again finds the same things. Each statement stands once.
 */
export class Graph {
  readonly #subjects = new Map<string, Map<string, Term[]>>();

  /** Says something of a subject; terms that are null are left out. */
  add(subject: string, property: Name, ...terms: readonly (Term | null | undefined)[]): this {
    const predicate = expand(property);
    for (const term of terms) {
      if (!term) continue;
      let properties = this.#subjects.get(subject);
      if (!properties) {
        properties = new Map();
        this.#subjects.set(subject, properties);
      }
      const list = properties.get(predicate);
      if (!list) properties.set(predicate, [term]);
      else if (!list.some((known) => isSame(known, term))) list.push(term);
    }
    return this;
  }

  /** What the graph says, subject by subject. */
  get subjects(): ReadonlyMap<string, Statements> {
    return this.#subjects;
  }

  /** What it says of one subject by one property. */
  of(subject: string, property: Name): readonly Term[] {
    return this.#subjects.get(subject)?.get(expand(property)) ?? [];
  }

  /** Of which subjects it says by one property that they have this value, in the order in which they were first named. */
  subjectsOf(property: Name, value: string): string[] {
    const predicate = expand(property);
    return [...this.#subjects].flatMap(([subject, properties]) =>
      properties.get(predicate)?.some((term) => 'iri' in term && term.iri === value) ? subject : [],
    );
  }

  /** Subjects of a class, in the order in which they were first named. */
  ofClass(name: Name): string[] {
    return this.subjectsOf('rdf:type', expand(name));
  }
}

function isSame(a: Term, b: Term): boolean {
  if ('iri' in a || 'iri' in b) return 'iri' in a && 'iri' in b && a.iri === b.iri;
  return a.text === b.text && a.datatype === b.datatype && a.language === b.language;
}
