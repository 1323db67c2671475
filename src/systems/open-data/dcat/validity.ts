import { type Language, messages } from '#platform/i18n/index.ts';
import type { CatalogueDataset } from './catalogue-dataset.ts';
import { describeDataset } from './dcat-ap.ts';
import { Graph, iri, type Term } from './graph.ts';
import type { Portal } from './portal.ts';
import { isHighValue } from './profiles.ts';
import { dcatAp2, dcatAp3, highValueShapes, readWant, type Shape, type Want } from './shapes.ts';
import { expand, type Name } from './vocabulary.ts';

/** A statement that a profile wants otherwise. */
export interface Violation {
  readonly of: Name;
  readonly subject: string;
  readonly property: Name | `^${Name}`;
  readonly kind: 'too few' | 'too many' | 'wrong value';
}

/** What in a graph is not as the shapes want it. */
export function violationsOf(graph: Graph, shapes: readonly Shape[]): Violation[] {
  return shapes.flatMap((shape) => {
    const wants = Object.entries(shape.wants).map(
      ([property, text]) => [property as Violation['property'], readWant(text!)] as const,
    );
    return graph.ofClass(shape.of).flatMap((subject) =>
      wants.flatMap(([property, want]) => {
        const kind = faultOf(graph, valuesOf(graph, subject, property), want);
        return kind === null ? [] : { of: shape.of, subject, property, kind };
      }),
    );
  });
}

function valuesOf(graph: Graph, subject: string, property: Violation['property']): readonly Term[] {
  if (!property.startsWith('^')) return graph.of(subject, property as Name);
  return graph.subjectsOf(property.slice(1) as Name, subject).map(iri);
}

function faultOf(graph: Graph, values: readonly Term[], want: Want): Violation['kind'] | null {
  if (values.length < want.min) return 'too few';
  if (want.max !== null && values.length > want.max) return 'too many';
  if (want.must !== null && values.length > 0) {
    const must = /^https?:/.test(want.must) ? want.must : expand(want.must as Name);
    if (!values.some((value) => 'iri' in value && value.iri === must)) return 'wrong value';
  }
  return values.every((value) => fits(graph, value, want)) ? null : 'wrong value';
}

const dates = new Set((['xsd:date', 'xsd:dateTime', 'xsd:gYear', 'xsd:gYearMonth'] as const).map(expand));

function fits(graph: Graph, value: Term, want: Want): boolean {
  if (!('iri' in value)) {
    if (want.value === 'literal') return true;
    if (want.value === 'date') return value.datatype !== undefined && dates.has(value.datatype);
    return want.value.startsWith('xsd:') && value.datatype === expand(want.value as Name);
  }
  if (want.value === 'literal' || want.value === 'date' || want.value.startsWith('xsd:')) return false;
  if (want.value !== 'thing' && !names(graph.of(value.iri, 'rdf:type'), expand(want.value))) return false;
  return want.scheme === null || names(graph.of(value.iri, 'skos:inScheme'), want.scheme);
}

const names = (terms: readonly Term[], iri: string) =>
  terms.some((term) => 'iri' in term && term.iri === iri);

const text = messages(
  {
    noFiles: 'У наборі високої цінності немає жодного ресурсу: додайте файл або посилання.',
    noApi:
      'Набір високої цінності має бути доступний через API: завантажте таблицю, щоб портал сам віддавав її рядки, або додайте посилання на API.',
    noPublisher: 'Немає розпорядника: виберіть підрозділ, який відповідає за дані.',
    noTitle: 'Немає назви: назвіть набір так, як його шукатимуть.',
    other: (thing: string, property: string) =>
      `Опис не відповідає DCAT-AP: ${thing}, поле ${property}. Виправте його або повідомте адміністратора порталу.`,
  },
  {
    en: {
      noFiles: 'A high-value dataset has no resource: add a file or a link.',
      noApi:
        'A high-value dataset must be given by an API: upload a table, whose rows the portal then gives, or add a link to an API.',
      noPublisher: 'There is no publisher: choose the department that answers for the data.',
      noTitle: 'There is no title: name the dataset as people will look for it.',
      other: (thing, property) =>
        `The description is not valid DCAT-AP: ${thing}, field ${property}. Correct it or tell the portal administrator.`,
    },
  },
);

/**
 * Why a dataset may not be published by the form, each in words with what to do; none: its description is valid DCAT-AP 2.1.1 and
 * 3.0.1, and what the regulation on high-value datasets wants where it is one.
 */
export function whyInvalid(portal: Portal, dataset: CatalogueDataset, language: Language): string[] {
  const words = text(language);
  const found = new Set<string>();
  if (!dataset.publisher) found.add(words.noPublisher);
  const described = ([2, 3] as const).flatMap((release) => {
    const graph = new Graph();
    describeDataset(graph, portal, dataset, release);
    const shapes =
      release === 2 ? dcatAp2 : isHighValue(dataset) ? [...dcatAp3, ...highValueShapes] : dcatAp3;
    return violationsOf(graph, shapes);
  });
  for (const { of, property } of described) {
    if (property === 'dcat:distribution') found.add(words.noFiles);
    else if (property === '^dcat:servesDataset') found.add(words.noApi);
    else if (of === 'dcat:Dataset' && (property === 'dct:title' || property === 'dct:description'))
      found.add(words.noTitle);
    else found.add(words.other(of, property));
  }
  return [...found];
}
