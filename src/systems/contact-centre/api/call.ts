import type { Language } from '#platform/i18n/index.ts';
import type { Platform } from '#platform/system.ts';
import type { CitySettings } from '../city-data.ts';
import type { Document, Format } from './format.ts';
import type { Parameters } from './parameters.ts';

/** One call as its handler sees it. */
export interface Call {
  readonly platform: Platform;
  readonly city: CitySettings;
  readonly sandbox: boolean;
  readonly format: Format;
  readonly language: Language;
  readonly parameters: Parameters;
  /** What the path named: a service code, a number, a token. */
  readonly id: string;
  /** `https://host`, as the client sees it. */
  readonly origin: string;
  /** Tidied path with its suffix, for links to the next page. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly requestId: string;
}

export interface Answer {
  readonly document: Document;
  readonly headers?: Readonly<Record<string, string>>;
  /** Discovery goes without charset. */
  readonly bareType?: true;
}

export type Handler = (call: Call) => Promise<Answer | Response>;

/** The `Link` to what follows: the same call with other settings. */
export function nextLink(call: Call, changes: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(call.query);
  // A key does not belong in a link that may be kept or passed on.
  query.delete('api_key');
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return `<${call.origin}${call.path}?${query}>; rel="next"`;
}

/** Cursors are opaque to clients: the sort keys of the last row seen. */
export function writeCursor(at: Date, id: string): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');
}

export function readCursor(text: string): { at: Date; id: string } | null {
  const [instant = '', id = ''] = Buffer.from(text, 'base64url').toString('utf8').split(' ');
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) || !/^[A-Za-z0-9_-]+$/.test(id) ? null : { at, id };
}
