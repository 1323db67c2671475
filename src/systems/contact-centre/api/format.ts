/** The two forms in which every answer exists. */
export type Format = 'xml' | 'json';

/** What an answer is made of. Both writers read the same value, so XML and JSON cannot disagree. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** One answer: in JSON the bare value, in XML the value inside its root. */
export interface Document {
  readonly root: string;
  /** Name of each element when the value is a list. */
  readonly item?: string;
  readonly value: Value;
}

/** GeoReport names a list in the plural and its elements in the singular. */
const itemNames: Readonly<Record<string, string>> = {
  attributes: 'attribute',
  values: 'value',
  endpoints: 'endpoint',
  formats: 'format',
  notes: 'note',
  photos: 'photo',
};

/** Media types. Discovery goes without charset, because that is how published clients compare it. */
export const mediaType: Readonly<Record<Format, string>> = { xml: 'text/xml', json: 'application/json' };

/** `text/xml; charset=utf-8` and its JSON twin. */
export function contentType(format: Format): string {
  return `${mediaType[format]}; charset=utf-8`;
}

/** Writes a document in the asked format. */
export function write(format: Format, document: Document): string {
  return format === 'xml' ? writeXml(document) : writeJson(document.value);
}

export const xmlDeclaration = '<?xml version="1.0" encoding="utf-8"?>\n';

export function writeXml(document: Document): string {
  return `${xmlDeclaration}${element(document.root, document.value, document.item)}`;
}

export function writeJson(value: Value): string {
  return JSON.stringify(value, (_name, part) => (typeof part === 'string' ? legal(part) : part));
}

/** One element with everything in it; null and empty lists give an empty element. */
export function element(name: string, value: Value, item?: string): string {
  const inner = content(name, value, item);
  return inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`;
}

function content(name: string, value: Value, item?: string): string {
  if (value === null) return '';
  if (isList(value)) {
    const itemName = item ?? itemNames[name];
    if (!itemName) throw new Error(`the elements of <${name}> have no name`);
    return value.map((one) => element(itemName, one)).join('');
  }
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([field, one]) => element(field, one))
      .join('');
  return escapeXml(legal(String(value)));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

// XML 1.0 section 2.2: what is not in this set may not stand in a document, not even escaped.
const illegal = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** The text without the characters that XML forbids; JSON drops them too, so that both say the same. */
export function legal(text: string): string {
  return text.replace(illegal, '');
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A bare carriage return would be read back as a line feed.
  '\r': '&#13;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>\r]/g, (sign) => escapes[sign]!);
}

/** The path with runs of slashes made one and no slash at its end: clients join with and without one. */
export function tidyPath(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
}

/** Splits `/services.json` into its name and suffix; ids and codes contain no dots, so what follows one is a suffix. */
export function splitSuffix(path: string): { name: string; suffix: string | null } {
  const found = /^(.*)\.([^./]*)$/.exec(path);
  return found ? { name: found[1]!, suffix: found[2]!.toLowerCase() } : { name: path, suffix: null };
}

/** The format of a suffix; without suffix the Accept header decides, and XML if it does not. Null: unknown suffix. */
export function chooseFormat(suffix: string | null, accept: string | null | undefined): Format | null {
  if (suffix === null) return formatOf(accept);
  return suffix === 'xml' || suffix === 'json' ? suffix : null;
}

const typesOf: Readonly<Record<Format, readonly string[]>> = {
  xml: ['text/xml', 'application/xml'],
  json: ['application/json', 'text/json'],
};

/** What an Accept header asks for: the higher quality wins, then the more specific range, then the first named; else XML. */
export function formatOf(accept: string | null | undefined): Format {
  const ranges = (accept ?? '').split(',').map((part, place) => {
    const [type = '', ...settings] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = settings.find((setting) => setting.startsWith('q='));
    return { type, quality: quality ? Number(quality.slice(2)) : 1, place };
  });
  const best = (format: Format) => {
    const matches = ranges.flatMap((range) => {
      const specificity = typesOf[format].includes(range.type)
        ? 2
        : typesOf[format].some((type) => range.type === `${type.split('/')[0]}/*`)
          ? 1
          : range.type === '*/*'
            ? 0
            : -1;
      return specificity < 0 || Number.isNaN(range.quality) ? [] : [{ ...range, specificity }];
    });
    return matches.sort((a, b) => b.specificity - a.specificity || a.place - b.place)[0];
  };
  const xml = best('xml');
  const json = best('json');
  if (!json || json.quality === 0) return 'xml';
  if (!xml || xml.quality === 0) return 'json';
  if (json.quality !== xml.quality) return json.quality > xml.quality ? 'json' : 'xml';
  if (json.specificity !== xml.specificity) return json.specificity > xml.specificity ? 'json' : 'xml';
  return json.place < xml.place ? 'json' : 'xml';
}
