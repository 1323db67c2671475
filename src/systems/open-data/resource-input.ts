import type { Content, FileStore } from '#platform/files/index.ts';
import { asInstant, asInteger, asText } from './coercion.ts';
import { Faults } from './faults.ts';
import { formatOf, guessFormat } from './formats.ts';
import { readableName } from './names.ts';
import { derivedResourceKeys } from './served.ts';

/** A file that came with a call: its bytes lie in the file store already. Only the transport makes one. */
export class Upload {
  readonly content: Content;
  /** As it was called where it came from. */
  readonly name: string;
  readonly store: FileStore;
  /** By what it came: a form asks about what is unusual, a program is not asked. */
  readonly source: 'form' | 'api' | 'link';
  /** The load that was asked for when it became the file of a resource. */
  load: string | null = null;
  /** What is new in it, said by whoever sent it: shown with the version. */
  note = '';
  constructor(content: Content, name: string, store: FileStore, source: Upload['source'] = 'api') {
    this.content = content;
    this.name = readableName(name);
    this.store = store;
    this.source = source;
  }
}

/** The words about a resource, as they are to be kept; null where nothing was said. */
export interface ResourceInput {
  readonly id: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly url: string;
  readonly urlType: string | null;
  readonly format: string | null;
  readonly mimetype: string | null;
  readonly mimetype_inner: string | null;
  readonly resource_type: string | null;
  readonly size: number | null;
  readonly hash: string | null;
  readonly cache_url: string | null;
  readonly cache_last_updated: Date | null;
  readonly last_modified: Date | null;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly upload: Upload | null;
}

const schemaKeys: ReadonlySet<string> = new Set(
  `id name description url url_type format mimetype mimetype_inner resource_type size hash cache_url cache_last_updated
   last_modified upload clear_upload package_id`.split(/\s+/),
);

/** Reads a resource as clients send it; keys that the portal fills in are left out, further ones are kept. */
export function readResourceInput(input: Readonly<Record<string, unknown>>): {
  readonly value: ResourceInput;
  readonly faults: Faults;
} {
  const faults = new Faults();
  const text = (key: string) => asText(input[key]);
  const instant = (key: string) => {
    if (text(key) === null) return null;
    const found = asInstant(input[key]);
    if (!found) faults.add(key, 'Date format incorrect');
    return found;
  };
  const size = text('size') === null ? null : asInteger(input.size);
  if (text('size') !== null && size === null) faults.add('size', 'Invalid integer');
  else if (size !== null && size < 0) faults.add('size', 'Must be a natural number');
  const url = withScheme(text('url') ?? '');
  const hash = text('hash');
  const extra = Object.fromEntries(
    Object.entries(input).filter(
      ([key, value]) =>
        !schemaKeys.has(key) && !derivedResourceKeys.has(key) && value !== null && value !== undefined,
    ),
  );
  const upload = input.upload instanceof Upload ? input.upload : null;
  const told = upload ? guessFormat(upload.name) : guessFormat(url);
  const type = text('resource_type');
  return {
    faults,
    value: {
      id: text('id'),
      name: text('name'),
      description: text('description'),
      url,
      urlType: text('url_type'),
      format: text('format') === null ? told.format : formatOf(text('format')!),
      mimetype: text('mimetype') ?? told.mediaType,
      mimetype_inner: text('mimetype_inner'),
      // Harvesters know no other types.
      resource_type: type === 'file' || type === 'api' ? type : type === 'file.upload' ? 'file' : null,
      size,
      hash: hash && /^[0-9a-f]+$/i.test(hash) ? hash : null,
      cache_url: text('cache_url'),
      cache_last_updated: instant('cache_last_updated'),
      last_modified: instant('last_modified'),
      extra,
      upload,
    },
  };
}

/** Addresses that can be fetched; what looks like another scheme is a host. */
function withScheme(url: string): string {
  const plain = url.trim();
  return plain === '' || /^(https?|s?ftps?):\/\//i.test(plain)
    ? plain
    : `http://${plain.replace(/^\/+/, '')}`;
}
