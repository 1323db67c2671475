/** What JSON can hold. A key whose value is undefined is left out. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * The one way to write a JSON value, byte for byte (RFC 8785): keys in the order of their UTF-16 code units, numbers and
 * strings as ECMAScript writes them, no white space.
 *
 * @throws TypeError for what JSON cannot say: a number that is not finite, a lone surrogate.
 */
export function canonical(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`;
  const entries = value as { readonly [key: string]: Json | undefined };
  const parts = Object.keys(entries)
    .filter((key) => entries[key] !== undefined)
    // Without a comparing function, sort goes by UTF-16 code units: exactly the order the RFC asks for.
    .sort()
    .map((key) => `${quoted(key)}:${canonical(entries[key]!)}`);
  return `{${parts.join(',')}}`;
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate is not JSON text');
  return JSON.stringify(text);
}
