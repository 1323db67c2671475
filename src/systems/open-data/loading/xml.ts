import { LoadFault } from './faults.ts';

/** Hears of the parts of an XML text as they come. Names are without their prefixes. */
export interface XmlListener {
  /** `attributes` is the text between the name and the end of the tag: see `attribute`. */
  open(name: string, attributes: string, empty: boolean): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** The most characters of one tag, and of the text between two. */
const longestPart = 1024 * 1024;

/**
 * Reads XML piece by piece. There is no document type, and so no entities but the five of XML itself.
 *
 * @throws LoadFault `doctype`, `workbook-broken`
 */
export async function readXml(bytes: AsyncIterable<Uint8Array>, listener: XmlListener): Promise<void> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const piece of bytes) rest = scan(rest + decoder.decode(piece, { stream: true }), listener);
  if (rest.includes('<')) throw new LoadFault('workbook-broken');
}

/** @returns what belongs to a part that is not whole yet. */
function scan(xml: string, listener: XmlListener): string {
  let at = 0;
  for (;;) {
    const tag = xml.indexOf('<', at);
    if (tag < 0) return waiting(xml.slice(at));
    if (tag > at && listener.text) listener.text(unescaped(xml.slice(at, tag)));
    const second = xml.charCodeAt(tag + 1);
    if (second === 33) {
      const end = skipDeclaration(xml, tag, listener);
      if (end < 0) return waiting(xml.slice(tag));
      at = end;
      continue;
    }
    const end = xml.indexOf('>', tag + 1);
    if (end < 0 || Number.isNaN(second)) return waiting(xml.slice(tag));
    if (second === 47) listener.close?.(bare(xml.slice(tag + 2, end).trimEnd()));
    else if (second !== 63) {
      const empty = xml.charCodeAt(end - 1) === 47;
      const inside = xml.slice(tag + 1, empty ? end - 1 : end);
      const gap = inside.search(/\s/);
      const name = bare(gap < 0 ? inside : inside.slice(0, gap));
      listener.open(name, gap < 0 ? '' : inside.slice(gap), empty);
      if (empty) listener.close?.(name);
    }
    at = end + 1;
  }
}

function waiting(rest: string): string {
  if (rest.length > longestPart) throw new LoadFault('workbook-broken');
  return rest;
}

/** Comments, CDATA; a document type is refused. @returns where it ends, −1 when it is not whole. */
function skipDeclaration(xml: string, at: number, listener: XmlListener): number {
  if (xml.startsWith('<!--', at)) {
    const end = xml.indexOf('-->', at + 4);
    return end < 0 ? -1 : end + 3;
  }
  if (xml.startsWith('<![CDATA[', at)) {
    const end = xml.indexOf(']]>', at + 9);
    if (end >= 0) listener.text?.(xml.slice(at + 9, end));
    return end < 0 ? -1 : end + 3;
  }
  if (xml.length - at < 9) return -1;
  throw new LoadFault('doctype');
}

const bare = (name: string) => {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
};

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return named[name] ?? whole;
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
  });
}

/** The value of an attribute by its name without a prefix, or null. */
export function attribute(attributes: string, name: string): string | null {
  for (let at = attributes.indexOf(name); at >= 0; at = attributes.indexOf(name, at + 1)) {
    const before = attributes.charCodeAt(at - 1);
    // A space, a line end or the colon of a prefix stands before it.
    if (at > 0 && before > 32 && before !== 58) continue;
    let equals = at + name.length;
    while (attributes.charCodeAt(equals) <= 32) equals += 1;
    if (attributes[equals] !== '=') continue;
    let quote = equals + 1;
    while (attributes.charCodeAt(quote) <= 32) quote += 1;
    const end = attributes.indexOf(attributes[quote]!, quote + 1);
    return end < 0 ? null : unescaped(attributes.slice(quote + 1, end));
  }
  return null;
}
