import { isEdrpou, isKatottg } from '../checks/identifiers.ts';
import { fileTypeOf, licenceConcept, mediaTypeOf, themeOf } from '../dcat/authorities.ts';
import { formatOf } from '../formats.ts';
import type { Freshness } from '../freshness.ts';
import { type CriterionId, criteria, type Dimension, type Rating, ratingOf } from './criteria.ts';

/** What quality looks at in a resource. */
export interface ResourceFacts {
  readonly id: string;
  readonly title: string;
  readonly format: string;
  readonly mediaType: string | null;
  readonly bytes: number | null;
  /** Whether its address answers with 200; null: nobody has looked yet. */
  readonly answers: boolean | null;
  /** There is a file behind its address: a page or a service is none. */
  readonly isFile: boolean;
  /** Its rows can be had in open formats too. */
  readonly hasRows: boolean;
  /** It was loaded by one of the official tables of Resolution 835. */
  readonly isOfficial: boolean;
  /** Whether each column has a word of what it means; null: it has no columns. */
  readonly columnsWithoutText: readonly string[] | null;
}

/** What quality looks at in a dataset. */
export interface QualityFacts {
  readonly title: string;
  readonly notes: string | null;
  readonly keywords: readonly string[];
  /** Codes of the EU list `data-theme`. */
  readonly themes: readonly string[];
  readonly katottg: string | null;
  readonly edrpou: string | null;
  readonly hasPeriod: boolean;
  readonly licence: string | null;
  readonly contact: { readonly name: string | null; readonly email: string | null };
  readonly publisher: string | null;
  readonly language: string | null;
  readonly purpose: string | null;
  /** Wire value of the promised frequency. */
  readonly frequency: string | null;
  readonly freshness: Freshness;
  /** The description is valid DCAT-AP. */
  readonly isValid: boolean;
  readonly issued: string | null;
  readonly modified: string | null;
  readonly resources: readonly ResourceFacts[];
}

/** One criterion and what came of it. */
export interface Point {
  readonly id: CriterionId;
  readonly dimension: Dimension;
  readonly points: number;
  /** Null: it does not apply here and is not counted. */
  readonly met: boolean | null;
  /** What is missing, or which resources fail. */
  readonly where: readonly string[];
}

export interface Quality {
  /** Of 405. */
  readonly mqa: number;
  /** Of `cityOf`: 100, or 75 where nothing is promised. */
  readonly city: number;
  readonly cityOf: number;
  readonly rating: Rating;
  readonly points: readonly Point[];
}

/** Formats that a program reads without guessing. */
const machineReadable = new Set(
  `CSV TSV XLSX XLS ODS JSON NDJSON GeoJSON Parquet XML RDF TTL KML SHP GPKG GTFS API WMS WFS JSON-LD JSONLD`.split(
    ' ',
  ),
);
/** Formats that need the program of one maker. */
const proprietary = new Set('XLS XLSX DOC DOCX SHP DXF'.split(' '));

interface Verdict {
  readonly met: boolean | null;
  readonly where?: readonly string[];
}

/**
 * Quality of a dataset: MQA of the European portal, 405 points, and the city's 100. A point of the resources is given when each of
 * them meets it; open and machine-readable data are there when one of them is (a PDF beside a table does no harm).
 */
export function qualityOf(facts: QualityFacts): Quality {
  const verdicts = verdictsOf(facts);
  const points = criteria.map(({ id, dimension, points: worth }): Point => {
    const { met, where = [] } = verdicts[id];
    return { id, dimension, points: worth, met, where };
  });
  const sum = (those: (point: Point) => boolean) =>
    points.filter(those).reduce((all, point) => all + point.points, 0);
  const mqa = sum((point) => point.dimension !== 'city' && point.met === true);
  return {
    mqa,
    city: sum((point) => point.dimension === 'city' && point.met === true),
    cityOf: sum((point) => point.dimension === 'city' && point.met !== null),
    rating: ratingOf(mqa),
    points,
  };
}

function verdictsOf(facts: QualityFacts): Record<CriterionId, Verdict> {
  const { resources } = facts;
  const some = (met: boolean): Verdict => ({ met });
  const each = (meets: (one: ResourceFacts) => boolean, among = resources): Verdict => {
    const failing = among.filter((one) => !meets(one));
    return { met: among.length > 0 && failing.length === 0, where: failing.map((one) => one.title) };
  };
  const files = resources.filter((one) => one.isFile);
  const downloadable = resources.filter((one) => one.isFile || one.hasRows);
  const formats = resources
    .flatMap((one) => (one.hasRows ? [one.format, 'CSV'] : [one.format]))
    .map(formatOf);
  const missing = missingInPassport(facts);
  const tables = resources.filter((one) => one.columnsWithoutText !== null);
  return {
    keyword: some(facts.keywords.length > 0),
    theme: some(facts.themes.some((code) => themeOf(code) !== null)),
    spatial: some(facts.katottg !== null),
    temporal: some(facts.hasPeriod),
    'access-answers': each((one) => one.answers === true),
    download: some(downloadable.length > 0),
    'download-answers': each((one) => one.answers === true, downloadable),
    format: each((one) => one.format !== ''),
    'media-type': each((one) => (one.mediaType ?? '') !== ''),
    'format-vocabulary': each(
      (one) => fileTypeOf(one.format) !== null && mediaTypeOf(one.mediaType) !== null,
    ),
    'non-proprietary': some(formats.some((format) => format !== '' && !proprietary.has(format))),
    'machine-readable': some(formats.some((format) => machineReadable.has(format))),
    'dcat-ap': some(facts.isValid),
    licence: some(facts.licence !== null && facts.licence !== 'notspecified'),
    'licence-vocabulary': some(facts.licence !== null && licenceConcept(facts.licence) !== null),
    // The portal itself says of each dataset who may use it and how, in the words of the EU list.
    'access-rights': some(true),
    'access-rights-vocabulary': some(true),
    rights: some(true),
    contact: some(Boolean(facts.contact.name || facts.contact.email)),
    publisher: some(facts.publisher !== null),
    'byte-size':
      files.length === 0 ? some(downloadable.length > 0) : each((one) => one.bytes !== null, files),
    issued: some(facts.issued !== null),
    modified: some(facts.modified !== null),
    passport: { met: missing.length === 0, where: missing },
    'official-table': some(resources.some((one) => one.isOfficial)),
    'on-time': { met: facts.freshness === 'none' ? neutral(facts) : !/late/.test(facts.freshness) },
    identifiers: some(isEdrpou(facts.edrpou ?? '') && isKatottg(facts.katottg ?? '')),
    'field-texts': {
      met: tables.length > 0 && tables.every((one) => one.columnsWithoutText!.length === 0),
      where: tables.flatMap((one) => one.columnsWithoutText!.map((column) => `${one.title}: ${column}`)),
    },
  };
}

/** A period that has no end is neutral; a promise that was never named is a defect. */
const neutral = (facts: QualityFacts): boolean | null => ((facts.frequency ?? '') === '' ? false : null);

/** Fields of the passport that the law wants, by their keys. */
function missingInPassport(facts: QualityFacts): string[] {
  const fields: readonly (readonly [string, unknown])[] = [
    ['title', facts.title],
    ['notes', facts.notes],
    ['language', facts.language],
    ['update_frequency', facts.frequency],
    ['purpose_of_collecting_information', facts.purpose],
    ['tags', facts.keywords.length > 0],
    ['maintainer', facts.contact.name],
    ['maintainer_email', facts.contact.email],
    ['publisherIdentifier', facts.edrpou],
    ['katottg', facts.katottg],
  ];
  return fields.filter(([, value]) => !value).map(([key]) => key);
}
