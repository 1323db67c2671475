import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { filesOf, type StoredFile } from '#platform/files/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { openToAll } from './ckan/transport.ts';

/**
 * A file of the store as an answer: whole or the part that is asked for (RFC 9110 section 14), not at all when the reader has it. It is
 * never shown by the browser as a page of ours.
 */
export async function sendFile(
  platform: Platform,
  c: Context<MistoEnv>,
  file: Pick<StoredFile, 'sha256' | 'bytes' | 'type' | 'createdAt'>,
  name: string,
): Promise<Response> {
  const etag = `"${file.sha256}"`;
  const headers: Record<string, string> = {
    ...openToAll,
    'access-control-expose-headers': 'Content-Range, Content-Length, ETag',
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
    'content-disposition': `attachment; filename="${name}"`,
    'content-type': safeType(file.type),
    'last-modified': file.createdAt.toUTCString(),
    'x-content-type-options': 'nosniff',
    etag,
  };
  if (
    c.req
      .header('if-none-match')
      ?.split(/\s*,\s*/)
      .some((one) => one === etag || one === '*')
  ) {
    return new Response(null, { status: 304, headers });
  }
  const range = rangeOf(c.req.header('range'), c.req.header('if-range'), etag, file.bytes);
  if (range === 'beyond') {
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${file.bytes}` },
    });
  }
  const [from, to] = range ?? [0, file.bytes - 1];
  if (range) headers['content-range'] = `bytes ${from}-${to}/${file.bytes}`;
  headers['content-length'] = String(to - from + 1);
  if (c.req.method === 'HEAD') {
    return new Response(null, { status: range ? 206 : 200, headers });
  }
  const store = filesOf(platform.config);
  const content = await (range ? store.openPart(file.sha256, from, to) : store.open(file.sha256));
  const body = Readable.toWeb(Readable.from(content));
  return new Response(body as unknown as BodyInit, { status: range ? 206 : 200, headers });
}

/** Nothing that a browser would run, whatever the name says. */
function safeType(type: string): string {
  return /html|svg|xml|script/.test(type) ? 'application/octet-stream' : type;
}

function rangeOf(
  header: string | undefined,
  condition: string | undefined,
  etag: string,
  bytes: number,
): readonly [number, number] | 'beyond' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '') || (condition && condition !== etag)) return null;
  const from = match[1] === '' ? Math.max(0, bytes - Number(match[2])) : Number(match[1]);
  const to = match[1] === '' || match[2] === '' ? bytes - 1 : Math.min(Number(match[2]), bytes - 1);
  return from >= bytes || from > to ? 'beyond' : [from, to];
}
