import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../config/index.ts';
import { filesOf } from './index.ts';
import { bucketStore, readBucket, sign } from './s3.ts';

const objects = new Map<string, { content: Buffer; at: Date }>();
const seen: string[] = [];
/** A bucket `city` in memory that lets in nobody without the right signature and lists two objects at a time. */
const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const url = new URL(request.url!, 'http://x');
  const header = (name: string) => String(request.headers[name] ?? '');
  const time = header('x-amz-date').replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  const wanted = sign(
    { origin: `http://${header('host')}`, region: 'eu-central-1', keyId: 'KEY', secret: 'se/cret+' },
    {
      method: request.method!,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body,
      at: new Date(time),
    },
  );
  seen.push(`${request.method} ${url.pathname}`);
  const answer = (status: number, content?: Buffer | string) => response.writeHead(status).end(content);
  if (header('authorization') !== wanted.authorization) return answer(403);
  if (url.pathname === '/city') {
    const keys = [...objects.keys()].sort();
    const from = Number(url.searchParams.get('continuation-token') ?? 0);
    const shown = keys.slice(from, from + 2).map((key) => {
      const { at } = objects.get(key)!;
      return `<Contents><Key>${key}</Key><LastModified>${at.toISOString()}</LastModified></Contents>`;
    });
    const more = from + 2 < keys.length;
    return answer(
      200,
      `<ListBucketResult>${shown.join('')}<IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : ''}</ListBucketResult>`,
    );
  }
  const key = url.pathname.replace('/city/', '');
  if (request.method === 'PUT') objects.set(key, { content: body, at: new Date() });
  if (request.method === 'DELETE') objects.delete(key);
  const found = objects.get(key);
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(header('range')) ?? [];
  if (found && from) return answer(206, found.content.subarray(Number(from), Number(to) + 1));
  return request.method === 'DELETE' ? answer(204) : found ? answer(200, found.content) : answer(404);
});
await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
afterAll(() => server.close());
const { port } = server.address() as { port: number };
const address = (secret = 'se%2Fcret%2B') =>
  `s3://KEY:${secret}@127.0.0.1:${port}/city/files?region=eu-central-1&tls=off`;
const store = bucketStore(readBucket(address()));
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
async function read(text: string) {
  const pieces: Uint8Array[] = [];
  for await (const piece of await store.open(hash(text))) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('a store in a bucket', () => {
  it('signs as the examples in Amazon’s documentation of Signature Version 4', () => {
    const bucket = {
      origin: 'https://examplebucket.s3.amazonaws.com',
      region: 'us-east-1',
      keyId: 'AKIAIOSFODNN7EXAMPLE',
      secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    };
    const signature = (query: Record<string, string>) =>
      sign(bucket, {
        method: 'GET',
        path: '/',
        query,
        body: new Uint8Array(),
        at: new Date('2013-05-24T00:00:00Z'),
      }).authorization!.split('Signature=')[1];
    expect(signature({ lifecycle: '' })).toBe(
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    );
    expect(signature({ 'max-keys': '2', prefix: 'J' })).toBe(
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    );
  });

  it('keeps, reads with proof, lists page by page and removes', async () => {
    for (const text of ['один', 'два', 'три'])
      expect(await store.put(Buffer.from(text))).toEqual({
        sha256: hash(text),
        bytes: Buffer.byteLength(text),
      });
    expect(seen).toContain(`PUT /city/files/${hash('один').slice(0, 2)}/${hash('один')}`);
    expect([await read('один'), await store.has(hash('два')), await store.has(hash('чотири'))]).toEqual([
      'один',
      true,
      false,
    ]);
    const all: string[] = [];
    for await (const one of store.storedBefore(new Date(Date.now() + 1_000))) all.push(one);
    expect(all.sort()).toEqual(['один', 'два', 'три'].map(hash).sort());
    for await (const one of store.storedBefore(new Date(0))) expect(one).toBe('nothing is that old');
    await store.remove(hash('один'));
    await expect(store.open(hash('один'))).rejects.toThrow('does not hold');
  });

  it('reads a part without the whole', async () => {
    await store.put(Buffer.from('0123456789'));
    const pieces: Uint8Array[] = [];
    for await (const piece of await store.openPart(hash('0123456789'), 3, 5)) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('345');
    await expect(store.openPart(hash('нічого'), 0, 1)).rejects.toThrow('does not hold');
  });

  it('hands out no changed object, and takes none that is too long', async () => {
    await store.put(Buffer.from('ціле'));
    objects.get(`files/${hash('ціле').slice(0, 2)}/${hash('ціле')}`)!.content = Buffer.from('інше');
    await expect(read('ціле')).rejects.toThrow('other bytes');
    await expect(store.put(Buffer.alloc(11), 10)).rejects.toMatchObject({ status: 413 });
  });

  it('that is away or refuses the key is a 503 that names no secret', async () => {
    const wrong = bucketStore(readBucket(address('wrong')));
    await expect(wrong.has(hash('два'))).rejects.toMatchObject({
      status: 503,
      message: expect.not.stringContaining('wrong'),
    });
    const away = bucketStore(readBucket('s3://KEY:x@127.0.0.1:1/city?tls=off'));
    await expect(away.put(Buffer.from('x'))).rejects.toMatchObject({ status: 503 });
  });

  it('is chosen by one setting', async () => {
    const env = { MISTO_MODE: 'test', PUBLIC_URL: 'http://misto.test' };
    await filesOf(readConfig({ ...env, FILES_URL: address() })).put(Buffer.from('за налаштуванням'));
    expect(await read('за налаштуванням')).toBe('за налаштуванням');
    expect(() => readConfig({ ...env, FILES_URL: 'https://storage.example/city' })).toThrow(
      'FILES_URL: its value',
    );
  });
});
