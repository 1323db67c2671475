import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Busboy } from '@fastify/busboy';
import { checkContent, FileFault, type FileStore, filesOf } from '#platform/files/index.ts';
import type { Platform } from '#platform/system.ts';
import { isRecord } from '../../coercion.ts';
import { faulty } from '../../faults.ts';
import { Upload } from '../../resource-input.ts';
import { BadRequest } from './errors.ts';

type Sent = Record<string, unknown>;

/** In bytes: of a body that is no file, and of a file. */
const largestBody = 128 * 1024 * 1024;
const largestUpload = 2 * 1024 * 1024 * 1024;
/** In bytes: what an antivirus is given. */
const largestScan = 64 * 1024 * 1024;

/** What a GET says: a repeated key is a list. */
export function fromQuery(query: URLSearchParams): Sent {
  const sent: Sent = {};
  for (const name of new Set(query.keys())) {
    const all = query.getAll(name);
    sent[name] = all.length > 1 ? all : all[0];
  }
  return clean(sent) as Sent;
}

/**
 * What a POST says, in any of the ways that clients of the last fifteen years say it: JSON with or without its type, a form, a form
 * whose one key is JSON, multipart with files, or nothing.
 *
 * @param takesFiles whether files that come along are kept; else they are let go by.
 * @throws BadRequest
 */
export async function fromBody(
  request: Request,
  platform: Platform,
  takesFiles: boolean,
): Promise<Sent | null> {
  if (!request.body) return null;
  const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'multipart/form-data')
    return clean(await fromMultipart(request, platform, takesFiles)) as Sent;
  const body = new TextDecoder().decode(await readLimited(request));
  if (body.trim() === '') return null;
  if (type === 'application/x-www-form-urlencoded') return clean(fromForm(body)) as Sent;
  return clean(fromJson(body)) as Sent;
}

function fromForm(body: string): Sent {
  // `curl -d '{…}'` calls JSON a form.
  if (/^\s*\{/.test(body)) {
    const whole = tryJson(body);
    if (isRecord(whole)) return whole;
  }
  const form = new URLSearchParams(body);
  const names = [...form.keys()];
  if (names.length === 1 && ['', '1'].includes(form.get(names[0]!)!)) {
    const whole = tryJson(names[0]!);
    if (isRecord(whole)) return whole;
    if (/^\s*[[{]/.test(names[0]!)) return fromJson(names[0]!);
  }
  return fromQuery(form);
}

function fromJson(body: string): Sent {
  let whole: unknown;
  try {
    whole = JSON.parse(body);
  } catch (error) {
    throw new BadRequest(
      `JSON Error: Error decoding JSON data. Error: ${(error as Error).message.slice(0, 200)}`,
    );
  }
  if (!isRecord(whole))
    throw new BadRequest(
      `JSON Error: Request data JSON decoded to ${JSON.stringify(whole).slice(0, 100)} but it needs to be a dictionary.`,
    );
  return whole;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function fromMultipart(request: Request, platform: Platform, takesFiles: boolean): Promise<Sent> {
  const store = filesOf(platform.config);
  const fields = new Map<string, unknown[]>();
  const add = (name: string, value: unknown) => fields.set(name, [...(fields.get(name) ?? []), value]);
  const uploads: Promise<void>[] = [];
  const parser = (() => {
    try {
      return new Busboy({
        headers: { 'content-type': request.headers.get('content-type') ?? '' },
        limits: { fieldSize: largestBody, fields: 10_000, files: 20 },
      });
    } catch {
      throw new BadRequest('JSON Error: the multipart form has no boundary');
    }
  })();
  parser.on('field', (name, value) => add(name, value));
  parser.on('file', (name, stream, fileName) => {
    // An empty file field of a form means no file.
    if (!takesFiles || !fileName) {
      stream.resume();
      return;
    }
    uploads.push(
      keep(store, stream, fileName).then(async (upload) => {
        await scan(platform, upload);
        add(name, upload);
      }),
    );
    // Heard when all is read.
    uploads.at(-1)!.catch(() => stream.resume());
  });
  await new Promise<void>((resolve, reject) => {
    parser.on('finish', resolve);
    parser.on('error', reject);
    const body = Readable.fromWeb(request.body as unknown as ReadableStream<Uint8Array>);
    body.on('error', reject);
    body.pipe(parser);
  }).catch(async () => {
    await Promise.allSettled(uploads);
    throw new BadRequest('JSON Error: the multipart form is broken off');
  });
  await Promise.all(uploads);
  return Object.fromEntries([...fields].map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
}

async function keep(store: FileStore, stream: AsyncIterable<Uint8Array>, name: string): Promise<Upload> {
  return new Upload(await store.put(stream, largestUpload), name, store);
}

async function scan(platform: Platform, upload: Upload): Promise<void> {
  const { config } = platform;
  if (!config.clamdUrl) return;
  if (upload.content.bytes > largestScan) {
    if (config.fileScan === 'require')
      throw faulty('upload', 'The file is too large to be looked through for viruses');
    return;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of await upload.store.open(upload.content.sha256)) pieces.push(piece);
  try {
    await checkContent(config, Buffer.concat(pieces));
  } catch (error) {
    if (error instanceof FileFault) throw faulty('upload', `The file is not accepted (${error.kind})`);
    throw error;
  }
}

async function readLimited(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > largestBody) throw new BadRequest('JSON Error: the request is too large', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** No database stores a NUL or half a character, and nobody means one. */
function clean(value: unknown): unknown {
  if (typeof value === 'string')
    return (value.includes('\0') ? value.replaceAll('\0', '') : value).toWellFormed();
  if (Array.isArray(value)) return value.map(clean);
  if (value instanceof Upload || !isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [clean(key) as string, clean(one)]));
}
