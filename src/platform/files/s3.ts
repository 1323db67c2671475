import { createHash, createHmac } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { Refusal } from '../errors.ts';
import { proved } from './folder.ts';
import { type FileStore, largestFile, MissingContent, tooLarge } from './store.ts';

/** Where a bucket is and who may use it. */
export interface Bucket {
  /** `https://storage.example`, without a path. */
  readonly origin: string;
  readonly region: string;
  readonly name: string;
  /** Folder in the bucket, with a slash at its end; empty: the bucket itself. */
  readonly prefix: string;
  readonly keyId: string;
  readonly secret: string;
}

/**
 * Reads `s3://KEY:SECRET@host[:port]/bucket[/prefix]`, with `?region=` (us-east-1 unless told) and `?tls=off` for a server
 * on the own network. Special characters of the secret are percent-encoded.
 */
export function readBucket(address: string): Bucket {
  const url = new URL(address);
  const [name = '', ...folders] = url.pathname.split('/').filter(Boolean);
  return {
    origin: `${url.searchParams.get('tls') === 'off' ? 'http' : 'https'}://${url.host}`,
    region: url.searchParams.get('region') ?? 'us-east-1',
    name,
    prefix: folders.map((folder) => `${folder}/`).join(''),
    keyId: decodeURIComponent(url.username),
    secret: decodeURIComponent(url.password),
  };
}

const patience = 10_000;

/** A file store in a bucket that speaks Amazon's S3. An object appears whole or not at all; only reading needs a proof. */
export function bucketStore(bucket: Bucket): FileStore {
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new MissingContent('anything by that name');
    return `/${bucket.name}/${bucket.prefix}${sha256.slice(0, 2)}/${sha256}`;
  };
  const call = async (
    method: string,
    path: string,
    query: Record<string, string> = {},
    body?: Buffer,
    unsigned: Record<string, string> = {},
  ) => {
    const signed = sign(bucket, { method, path, query, body: body ?? Buffer.alloc(0), at: new Date() });
    const search = canonicalQuery(query);
    const answer = await fetch(`${bucket.origin}${encodePath(path)}${search && `?${search}`}`, {
      method,
      headers: { ...signed, ...unsigned },
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
      ...(body ? { body: new Uint8Array(body) } : {}),
    }).catch(() => null);
    if (answer?.ok || answer?.status === 404) return answer;
    await answer?.body?.cancel();
    throw new Refusal(
      503,
      'file-store',
      `the file store does not answer${answer ? ` (${answer.status})` : ''}`,
    );
  };

  return {
    async put(content, limit = largestFile) {
      const whole = await gather(content, limit);
      const sha256 = createHash('sha256').update(whole).digest('hex');
      const answer = await call('PUT', pathOf(sha256), {}, whole);
      if (!answer.ok) throw new Refusal(503, 'file-store', 'the bucket of the file store is not there');
      return { sha256, bytes: whole.length };
    },
    has: async (sha256) => (await call('HEAD', pathOf(sha256))).ok,
    async open(sha256) {
      const answer = await call('GET', pathOf(sha256));
      if (!answer.ok || !answer.body) throw new MissingContent(sha256);
      return proved(sha256, answer.body);
    },
    async openPart(sha256, from, to) {
      const range = { range: `bytes=${from}-${to}` };
      const answer = await call('GET', pathOf(sha256), {}, undefined, range);
      if (!answer.ok || !answer.body) throw new MissingContent(sha256);
      if (answer.status === 206) return answer.body;
      await answer.body.cancel();
      throw new Refusal(503, 'file-store', 'the file store does not read parts');
    },
    async remove(sha256) {
      await call('DELETE', pathOf(sha256));
    },
    async *storedBefore(instant) {
      let token: string | undefined;
      do {
        const answer = await call('GET', `/${bucket.name}`, {
          'list-type': '2',
          prefix: bucket.prefix,
          ...(token ? { 'continuation-token': token } : {}),
        });
        const list = listed.parse(await answer.text()).ListBucketResult as Listed | undefined;
        for (const { Key, LastModified } of list?.Contents ?? []) {
          const name = Key.split('/').at(-1)!;
          if (/^[0-9a-f]{64}$/.test(name) && new Date(LastModified) < instant) yield name;
        }
        token = list?.IsTruncated === 'true' ? list.NextContinuationToken : undefined;
      } while (token);
    },
    // A write that did not end has left nothing.
    tidy: async () => {},
  };
}

interface Listed {
  readonly Contents?: readonly { readonly Key: string; readonly LastModified: string }[];
  readonly IsTruncated?: string;
  readonly NextContinuationToken?: string;
}
const listed = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Contents' });

async function gather(content: AsyncIterable<Uint8Array> | Uint8Array, limit: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    bytes += piece.length;
    if (bytes > limit) throw tooLarge(limit);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The headers that sign one request: AWS Signature Version 4 with the hash of the body. */
export function sign(
  bucket: Pick<Bucket, 'origin' | 'region' | 'keyId' | 'secret'>,
  request: {
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
    readonly at: Date;
  },
): Record<string, string> {
  const time = request.at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${bucket.region}/s3/aws4_request`;
  const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
  const headers = {
    host: new URL(bucket.origin).host,
    'x-amz-content-sha256': hash(request.body),
    'x-amz-date': time,
  };
  const names = Object.keys(headers).join(';');
  const canonical = [
    request.method,
    encodePath(request.path),
    canonicalQuery(request.query),
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    '',
    names,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${bucket.secret}`);
  const signature = hmac(key as Buffer, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`);
  return {
    'x-amz-content-sha256': headers['x-amz-content-sha256'],
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 Credential=${bucket.keyId}/${scope}, SignedHeaders=${names}, Signature=${signature.toString('hex')}`,
  };
}

/** Amazon also encodes what encodeURIComponent leaves. */
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
const encodePath = (path: string) => path.split('/').map(encode).join('/');
const canonicalQuery = (query: Readonly<Record<string, string>>) =>
  Object.keys(query)
    .sort()
    .map((name) => `${encode(name)}=${encode(query[name]!)}`)
    .join('&');
