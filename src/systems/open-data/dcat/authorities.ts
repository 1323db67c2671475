import { type Graph, inLanguage, iri, literal, named } from './graph.ts';
import type { Name } from './vocabulary.ts';

/** A text in Ukrainian, and in English where there is one. */
export interface Words {
  readonly uk: string;
  readonly en?: string | undefined;
}

/** A controlled value: a concept of a published list, with what a graph must say of it to be valid by itself. */
export interface Concept {
  readonly iri: string;
  readonly scheme: string | null;
  readonly classes: readonly Name[];
  readonly label: Words;
}

const authority = 'http://publications.europa.eu/resource/authority/';

function concept(table: string, code: string, classes: readonly Name[], label: Words): Concept {
  return { iri: `${authority}${table}/${code}`, scheme: authority + table, classes, label };
}

function table(
  name: string,
  classes: readonly Name[],
  labels: Readonly<Record<string, Words>>,
): ReadonlyMap<string, Concept> {
  return new Map(Object.entries(labels).map(([code, label]) => [code, concept(name, code, classes, label)]));
}

/** The list that themes come from. */
export const themeScheme = `${authority}data-theme`;

const themes = table('data-theme', ['skos:Concept'], {
  AGRI: {
    uk: 'Сільське господарство, рибальство, лісництво та харчові продукти',
    en: 'Agriculture, fisheries, forestry and food',
  },
  ECON: { uk: 'Економіка та фінанси', en: 'Economy and finance' },
  EDUC: { uk: 'Освіта, культура та спорт', en: 'Education, culture and sport' },
  ENER: { uk: 'Енергетика', en: 'Energy' },
  ENVI: { uk: 'Довкілля', en: 'Environment' },
  GOVE: { uk: 'Уряд та державний сектор', en: 'Government and public sector' },
  HEAL: { uk: 'Охорона здоровʼя', en: 'Health' },
  INTR: { uk: 'Міжнародні питання', en: 'International issues' },
  JUST: {
    uk: 'Юстиція, правова система та громадська безпека',
    en: 'Justice, legal system and public safety',
  },
  REGI: { uk: 'Регіони та міста', en: 'Regions and cities' },
  SOCI: { uk: 'Населення та суспільство', en: 'Population and society' },
  TECH: { uk: 'Наука та технології', en: 'Science and technology' },
  TRAN: { uk: 'Транспорт', en: 'Transport' },
});

const languages = table('language', ['dct:LinguisticSystem'], {
  UKR: { uk: 'українська', en: 'Ukrainian' },
  ENG: { uk: 'англійська', en: 'English' },
  RON: { uk: 'румунська', en: 'Romanian' },
  HUN: { uk: 'угорська', en: 'Hungarian' },
  BUL: { uk: 'болгарська', en: 'Bulgarian' },
  POL: { uk: 'польська', en: 'Polish' },
  RUS: { uk: 'російська', en: 'Russian' },
});

const languageCodes: Readonly<Record<string, string>> = {
  ua: 'UKR',
  uk: 'UKR',
  en: 'ENG',
  ro: 'RON',
  hu: 'HUN',
  bg: 'BUL',
  pl: 'POL',
  ru: 'RUS',
};

const same = (label: string): Words => ({ uk: label, en: label });

const fileTypes = table('file-type', ['dct:MediaTypeOrExtent'], {
  CSV: same('CSV'),
  TSV: same('TSV'),
  XLS: same('XLS'),
  XLSX: same('XLSX'),
  ODS: same('ODS'),
  JSON: same('JSON'),
  JSON_LD: same('JSON-LD'),
  GEOJSON: same('GeoJSON'),
  PARQUET: same('Parquet'),
  XML: same('XML'),
  RDF_XML: same('RDF/XML'),
  RDF_TURTLE: same('Turtle'),
  KML: same('KML'),
  SHP: same('SHP'),
  GPKG: same('GeoPackage'),
  GTFS: same('GTFS'),
  ZIP: same('ZIP'),
  GZIP: same('GZIP'),
  PDF: same('PDF'),
  DOC: same('DOC'),
  DOCX: same('DOCX'),
  ODT: same('ODT'),
  TXT: same('TXT'),
  HTML: same('HTML'),
  PNG: same('PNG'),
  JPEG: same('JPEG'),
  SVG: same('SVG'),
  TIFF: same('TIFF'),
  DXF: same('DXF'),
  RTF: same('RTF'),
  REST: same('REST API'),
  WMS_SRVC: same('WMS'),
  WFS_SRVC: same('WFS'),
});

/** Formats as the catalogue calls them, where the list has another code. */
const fileTypeCodes: Readonly<Record<string, string>> = {
  RDF: 'RDF_XML',
  TTL: 'RDF_TURTLE',
  JSONLD: 'JSON_LD',
  'JSON-LD': 'JSON_LD',
  // The list knows no lines of JSON; the media type tells them apart.
  NDJSON: 'JSON',
  API: 'REST',
  REST: 'REST',
  WMS: 'WMS_SRVC',
  WFS: 'WFS_SRVC',
};

const licences = table('licence', ['dct:LicenseDocument'], {
  CC0: same('Creative Commons CC0 1.0 Universal'),
  CC_BY_4_0: same('Creative Commons Attribution 4.0 International'),
  CC_BYSA_4_0: same('Creative Commons Attribution-ShareAlike 4.0 International'),
  CC_BYNC_4_0: same('Creative Commons Attribution-NonCommercial 4.0 International'),
  ODC_BL: same('Open Data Commons Open Database License 1.0'),
  ODC_BY: same('Open Data Commons Attribution License 1.0'),
  ODC_PDDL: same('Open Data Commons Public Domain Dedication and License 1.0'),
  OGL_3_0: same('UK Open Government Licence 3.0'),
});

const licenceCodes: Readonly<Record<string, string>> = {
  'CC-BY-4.0': 'CC_BY_4_0',
  'cc-by': 'CC_BY_4_0',
  'cc-by-sa': 'CC_BYSA_4_0',
  'cc-nc': 'CC_BYNC_4_0',
  'cc-zero': 'CC0',
  'odc-odbl': 'ODC_BL',
  'odc-by': 'ODC_BY',
  'odc-pddl': 'ODC_PDDL',
  'uk-ogl': 'OGL_3_0',
};

/** Categories of high-value datasets, Annex of Implementing Regulation (EU) 2023/138, by the code after `bna/`. */
const highValue = new Map<string, Concept>(
  Object.entries({
    c_ac64a52d: { uk: 'Геопросторові', en: 'Geospatial' },
    c_dd313021: { uk: 'Спостереження Землі та довкілля', en: 'Earth observation and environment' },
    c_164e0bf5: { uk: 'Метеорологічні', en: 'Meteorological' },
    c_e1da4e07: { uk: 'Статистика', en: 'Statistics' },
    c_a9135398: { uk: 'Компанії та право власності', en: 'Companies and company ownership' },
    c_b79e35eb: { uk: 'Мобільність', en: 'Mobility' },
  }).map(([code, label]) => [
    code,
    {
      iri: `http://data.europa.eu/bna/${code}`,
      scheme: 'http://data.europa.eu/bna/asd487ae75',
      classes: ['skos:Concept'] as const,
      label,
    },
  ]),
);

/** All categories of high-value datasets. */
export const highValueCategories: readonly Concept[] = [...highValue.values()];

/** The regulation that demands high-value datasets. */
export const highValueLegislation = 'http://data.europa.eu/eli/reg_impl/2023/138/oj';

export const accessRights = {
  public: concept('access-right', 'PUBLIC', ['dct:RightsStatement'], { uk: 'публічно', en: 'public' }),
  nonPublic: concept('access-right', 'NON_PUBLIC', ['dct:RightsStatement'], {
    uk: 'не публічно',
    en: 'non-public',
  }),
} as const;

/** Files stay where they are, in every version. */
export const stable = concept('planned-availability', 'STABLE', ['skos:Concept'], {
  uk: 'постійно',
  en: 'stable',
});

/** What a city's publisher is. */
export const localAuthority: Concept = {
  iri: 'http://purl.org/adms/publishertype/LocalAuthority',
  scheme: 'http://purl.org/adms/publishertype/1.0',
  classes: ['skos:Concept'],
  label: { uk: 'Орган місцевого самоврядування', en: 'Local Authority' },
};

export function themeOf(code: string): Concept | null {
  return themes.get(code) ?? null;
}

/** The language of a passport: `ua`, `en`; Ukrainian unless another is named. */
export function languageConcept(code: string | null): Concept {
  return languages.get(languageCodes[code ?? ''] ?? 'UKR')!;
}

/** @param code of the list `frequency`, as `passport.ts` has it. */
export function frequencyConcept(code: string, label: Words): Concept {
  return concept('frequency', code, ['dct:Frequency'], label);
}

/** The file type of a format as the catalogue calls it; null: the list does not have it. */
export function fileTypeOf(format: string): Concept | null {
  const plain = format.trim().toUpperCase();
  return fileTypes.get(fileTypeCodes[plain] ?? plain) ?? null;
}

/** A media type as IANA registers it; null: the text is none. */
export function mediaTypeOf(mediaType: string | null): Concept | null {
  const plain = (mediaType ?? '').trim().toLowerCase();
  if (!/^[a-z]+\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(plain)) return null;
  return {
    iri: `https://www.iana.org/assignments/media-types/${plain.replace('^', '%5E')}`,
    scheme: null,
    classes: ['dct:MediaType', 'dct:MediaTypeOrExtent'],
    label: same(plain),
  };
}

/** The licence of the list behind a licence's id; null: the list does not have it. */
export function licenceConcept(id: string): Concept | null {
  return licences.get(licenceCodes[id] ?? '') ?? null;
}

/** The category of a high-value dataset, by its code or its whole address; null: there is no such category. */
export function highValueCategory(given: string): Concept | null {
  return highValue.get(given.replace(/^https?:\/\/data\.europa\.eu\/bna\//, '')) ?? null;
}

/** Says what a controlled value is, in the graph that uses it. @returns its term */
export function useConcept(graph: Graph, value: Concept) {
  graph.add(value.iri, 'rdf:type', ...value.classes.map(named));
  graph.add(value.iri, 'skos:prefLabel', ...inWords(value.label));
  if (value.scheme !== null) graph.add(value.iri, 'skos:inScheme', iri(value.scheme));
  return iri(value.iri);
}

/** The text in each of its languages. */
export function inWords(words: Words) {
  return [words.uk ? inLanguage(words.uk, 'uk') : null, words.en ? inLanguage(words.en, 'en') : null];
}

/** A time or a day as it was given, by its kind; a time without a zone is UTC. Null: it is neither. */
export function dateTerm(given: string | null | undefined) {
  const text = (given ?? '').trim();
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return isDay(text) ? literal(text, 'xsd:date') : null;
  if (/^\d{4}$/.test(text)) return literal(text, 'xsd:gYear');
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return literal(text, 'xsd:gYearMonth');
  const time =
    /^(\d{4}-\d{2}-\d{2})[T ]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(
      text,
    );
  if (!time || !isDay(time[1]!)) return null;
  return literal(`${time[1]}T${time[2]}${time[3] ?? ':00'}${time[4] ?? 'Z'}`, 'xsd:dateTime');
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
