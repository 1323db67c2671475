/**
 * An address as an IRI that every RDF reader takes: what may not stand there, Cyrillic letters and spaces among it, is
 * percent-encoded; what is encoded already stays. Null: it is no absolute address.
 */
export function safeIri(address: string | null | undefined): string | null {
  const given = (address ?? '').trim().toWellFormed();
  if (!/^[a-z][a-z0-9+.-]*:[^\s]/i.test(given)) return null;
  const encoded = given
    .replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
    .replace(/[^\x21-\x7e]|[<>"{}|\\^`]/gu, (sign) => percent(sign));
  if (/^https?:/i.test(given)) return webIri(encoded);
  return encoded;
}

/** Host names of other scripts are written as the network knows them; brackets belong to a host only. */
function webIri(encoded: string): string | null {
  const parts = /^(https?):\/\/([^/?#]+)([^?#]*)(\?[^#]*)?(#.*)?$/i.exec(encoded);
  if (!parts) return null;
  const [, scheme = '', host = '', ...rest] = parts;
  let plain: URL;
  try {
    plain = new URL(`${scheme}://${host}/`);
  } catch {
    return null;
  }
  const [path = '', query = '', fragment = ''] = rest.map((part) => (part ?? '').replace(/[[\]]/g, percent));
  return (
    plain.href.slice(0, -1) + path + query + fragment.slice(0, 1) + fragment.slice(1).replaceAll('#', '%23')
  );
}

const percent = (sign: string) =>
  [...new TextEncoder().encode(sign)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');

/** `mailto:` of an e-mail address; null: it is none. */
export function mailIri(address: string | null | undefined): string | null {
  const given = (address ?? '').trim();
  return /^[^\s@:/<>]+@[^\s@:/<>]+\.[^\s@:/<>]{2,}$/.test(given) ? safeIri(`mailto:${given}`) : null;
}
