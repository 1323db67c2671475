/** Prefixes of the vocabularies that a catalogue is written in, as readers of Turtle know them. */
export const namespaces = {
  adms: 'http://www.w3.org/ns/adms#',
  dcat: 'http://www.w3.org/ns/dcat#',
  dcatap: 'http://data.europa.eu/r5r/',
  dct: 'http://purl.org/dc/terms/',
  eli: 'http://data.europa.eu/eli/ontology#',
  foaf: 'http://xmlns.com/foaf/0.1/',
  hydra: 'http://www.w3.org/ns/hydra/core#',
  org: 'http://www.w3.org/ns/org#',
  owl: 'http://www.w3.org/2002/07/owl#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  schema: 'http://schema.org/',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  spdx: 'http://spdx.org/rdf/terms#',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const;

export type Prefix = keyof typeof namespaces;

/** A term of a vocabulary by its prefix: `dct:title`. */
export type Name = `${Prefix}:${string}`;

/** The IRI behind a name: `dct:title` is `http://purl.org/dc/terms/title`. */
export function expand(name: Name): string {
  let iri = expanded.get(name);
  if (iri === undefined) {
    const at = name.indexOf(':');
    iri = namespaces[name.slice(0, at) as Prefix] + name.slice(at + 1);
    expanded.set(name, iri);
  }
  return iri;
}

/** Names stand in code only, so there are not many. */
const expanded = new Map<Name, string>();

const byLength = Object.entries(namespaces).sort((a, b) => b[1].length - a[1].length) as [Prefix, string][];

/** The name of an IRI whose rest is a plain word; null: it has none. */
export function compact(iri: string): { prefix: Prefix; local: string } | null {
  for (const [prefix, space] of byLength) {
    if (!iri.startsWith(space)) continue;
    const local = iri.slice(space.length);
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(local) ? { prefix, local } : null;
  }
  return null;
}
