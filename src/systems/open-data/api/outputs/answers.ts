import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { problemOf } from '#platform/http/problems.ts';
import type { MistoEnv } from '#platform/system.ts';
import { Denied } from '../../faults.ts';
import { openToAll } from '../ckan/transport.ts';

/**
 * A document that may be asked for again with its mark or its time (RFC 9110 section 13): nothing is sent when the reader has it.
 *
 * @param changed when what it tells of last changed; null: not known.
 */
export function document(
  c: Context<MistoEnv>,
  body: string,
  type: string,
  changed: Date | null = null,
): Response {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const headers: Record<string, string> = {
    ...openToAll,
    'access-control-expose-headers': 'ETag, Last-Modified',
    'cache-control': isForOne(c) ? 'private, no-cache' : 'public, max-age=60',
    'content-type': `${type}; charset=utf-8`,
    vary: 'Accept, Authorization, X-CKAN-API-Key',
    etag,
    ...(changed ? { 'last-modified': changed.toUTCString() } : {}),
  };
  return isKnown(c, etag, changed)
    ? new Response(null, { status: 304, headers })
    : new Response(body, { status: 200, headers });
}

/** The mark decides where one is sent; a time is only as fine as a second. */
function isKnown(c: Context, etag: string, changed: Date | null): boolean {
  const marks = c.req.header('if-none-match');
  if (marks !== undefined)
    return marks.split(',').some((mark) => ['*', etag].includes(mark.trim().replace(/^W\//, '')));
  const since = Date.parse(c.req.header('if-modified-since') ?? '');
  return changed !== null && Math.floor(changed.getTime() / 1000) * 1000 <= since;
}

const isForOne = (c: Context) =>
  c.req.header('authorization') !== undefined || c.req.header('x-ckan-api-key') !== undefined;

/** What went wrong, in one line of plain text. */
export function failure(error: unknown): Response {
  const problem = problemOf(error);
  if (problem.status >= 500) throw error;
  const detail = error instanceof Denied ? 'not allowed' : problem.detail;
  return new Response(`${detail}\n`, {
    status: problem.status,
    headers: {
      ...openToAll,
      'cache-control': 'private, no-store',
      'content-type': 'text/plain; charset=utf-8',
      ...(problem.retryAfter === undefined ? {} : { 'retry-after': String(problem.retryAfter) }),
    },
  });
}
