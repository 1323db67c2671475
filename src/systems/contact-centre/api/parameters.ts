import { readInstant } from './dates.ts';
import { ApiError, type Faults } from './errors.ts';
import { legal } from './format.ts';

/** A file that came with a call, under whatever field the client chose. */
export interface SentFile {
  readonly field: string;
  readonly file: File;
}

/** Bodies that are not files; the longest field is a description of 4,000 characters. */
const textLimit = 1_000_000;
const filesLimit = 64_000_000;

/** Names that published clients use for the same thing. */
const aliases: Readonly<Record<string, string>> = { deviceid: 'device_id' };

/** What a call was given: query and body together, where the body wins; empty means absent. */
export class Parameters {
  readonly #values = new Map<string, readonly string[]>();
  readonly #attributes = new Map<string, readonly string[]>();
  readonly files: readonly SentFile[];

  constructor(
    query: Iterable<readonly [string, string]>,
    body: Iterable<readonly [string, string]> = [],
    files: readonly SentFile[] = [],
  ) {
    for (const source of [query, body]) {
      const gathered = gather(source);
      for (const [name, values] of gathered.values) this.#values.set(name, values);
      for (const [code, values] of gathered.attributes) this.#attributes.set(code, values);
    }
    this.files = files;
  }

  /** The value of a parameter; the last one if it was repeated. */
  one(name: string): string | null {
    return this.#values.get(name)?.at(-1) ?? null;
  }

  /** All values of a repeated or indexed parameter, in order. */
  list(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** The values of a parameter that may be repeated or hold commas, each once. */
  commaList(name: string): readonly string[] {
    const parts = this.list(name).flatMap((value) => value.split(','));
    return [...new Set(parts.map((part) => part.trim()).filter(Boolean))];
  }

  /** Answers to the questions of a service by code. */
  get attributes(): ReadonlyMap<string, readonly string[]> {
    return this.#attributes;
  }

  date(name: string, faults: Faults): Date | null {
    const text = this.one(name);
    if (text === null) return null;
    const instant = readInstant(text);
    if (instant instanceof Date) return instant;
    faults.add(400, name, instant);
    return null;
  }

  number(name: string, faults: Faults, range: { min: number; max: number }): number | null {
    const text = this.one(name);
    if (text === null) return null;
    const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    faults.add(400, name, `"${text.slice(0, 40)}" is not a number from ${range.min} to ${range.max}`);
    return null;
  }

  integer(name: string, faults: Faults, range: { min: number; max: number }): number | null {
    const text = this.one(name);
    if (text === null) return null;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    faults.add(400, name, `"${text.slice(0, 40)}" is not a whole number from ${range.min} to ${range.max}`);
    return null;
  }

  flag(name: string): boolean {
    return ['true', '1', 'yes'].includes((this.one(name) ?? '').toLowerCase());
  }
}

/** Reads the parameters of a call from its query and its body: urlencoded, multipart or JSON. */
export async function readParameters(request: Request): Promise<Parameters> {
  const query = new URL(request.url).searchParams;
  if (request.method === 'GET' || request.method === 'HEAD' || !request.body) return new Parameters(query);
  const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'multipart/form-data') {
    const form = await readForm(request);
    const text = [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    const files = [...form].flatMap(([field, file]) =>
      typeof file !== 'string' && (file.size > 0 || file.name !== '') ? [{ field, file }] : [],
    );
    return new Parameters(query, text, files);
  }
  if (/xml/.test(type)) throw refused('Content-Type', `${type} is not read; send a form or JSON`);
  const body = new TextDecoder().decode(await readLimited(request, textLimit));
  const asJson = /^application\/(.+\+)?json$/.test(type) || (type === 'text/plain' && /^\s*\{/.test(body));
  return new Parameters(query, asJson ? readJson(body) : new URLSearchParams(body));
}

async function readForm(request: Request): Promise<FormData> {
  const bytes = await readLimited(request, filesLimit);
  try {
    return await new Response(bytes, {
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
    }).formData();
  } catch {
    throw refused('body', 'the multipart form is broken off or has no boundary');
  }
}

async function readLimited(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // A length may be missing or false, so the bytes are counted as they come.
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function tooLarge(limit: number): ApiError {
  return refused('body', `is larger than ${limit / 1_000_000} MB`);
}

function refused(parameter: string, message: string): ApiError {
  return new ApiError([{ code: 400, description: `${parameter}: ${message}` }]);
}

/** A JSON object as the pairs a form would have had. */
function readJson(body: string): [string, string][] {
  if (body.trim() === '') return [];
  let whole: unknown;
  try {
    whole = JSON.parse(body);
  } catch {
    throw refused('body', 'is not JSON');
  }
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
    throw refused('body', 'must be a JSON object of parameters');
  return Object.entries(whole).flatMap(([name, value]) => pairs(name, value));
}

/** Parameters hold lists and answers by question: nothing that a client means lies deeper. */
const deepest = 5;

function pairs(name: string, value: unknown, depth = 1): [string, string][] {
  if (value === null || value === undefined) return [];
  if (depth > deepest) throw refused('body', `is nested deeper than ${deepest} levels`);
  if (Array.isArray(value)) return value.flatMap((one) => pairs(name, one, depth + 1));
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, one]) =>
      pairs(`${name === 'attributes' ? 'attribute' : name}[${key}]`, one, depth + 1),
    );
  return [[name, String(value)]];
}

const attributeName = /^attribute\[([^\]]+)\](?:\[(\d{0,4})\])?$/;
const listName = /^([^[\]]+)\[(\d{0,4})\]$/;

/** Puts the list notations of clients together: repeated, `x[]`, `x[0]`, `attribute[c]`, `attribute[c][]`, `attribute[c][0]`. */
function gather(entries: Iterable<readonly [string, string]>) {
  const values = new Map<string, { index: number; value: string }[]>();
  const attributes = new Map<string, { index: number; value: string }[]>();
  for (const [rawName, rawValue] of entries) {
    // No answer may hold them and no database stores a NUL, so they go at the door.
    const value = legal(rawValue).trim();
    if (value === '') continue;
    const name = legal(rawName).trim();
    const attribute = attributeName.exec(name);
    const listed = attribute ? null : listName.exec(name);
    const [into, key, index] = attribute
      ? ([attributes, attribute[1]!, attribute[2]] as const)
      : ([values, alias(listed?.[1] ?? name), listed?.[2]] as const);
    const found = into.get(key) ?? [];
    found.push({ index: index ? Number(index) : found.length, value });
    into.set(key, found);
  }
  const inOrder = (map: typeof values) =>
    [...map].map(
      ([name, found]) =>
        [name, found.sort((a, b) => a.index - b.index).map((one) => one.value)] as [
          string,
          readonly string[],
        ],
    );
  return { values: inOrder(values), attributes: inOrder(attributes) };
}

function alias(name: string): string {
  return aliases[name] ?? name;
}
