import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { MistoEnv } from '../system.ts';
import { isApiPath } from './api-path.ts';
import type { OpenVisit } from './context.ts';
import { cookieNames } from './session.ts';

interface Kept {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly until: number;
}

const lifetime = 2_000;
/** In bytes, of all kept pages together. */
const capacity = 20_000_000;
const marks = /^(utm_\w+|fbclid|gclid|yclid|mc_eid)$/;

/**
 * Answers the same public page to many anonymous visitors from memory for two seconds at most, and lets shared caches
 * in front of us keep it for ten. What belongs to one visitor (a session, a writing form, a nonce, a cookie of its own)
 * is never kept, and is marked so; a visitor who has met a form sees what it changed at once.
 *
 * @param milliseconds a monotonic clock: a jump of the machine's time must not keep a page.
 */
export function anonymousCache(
  milliseconds: () => number = () => performance.now(),
): MiddlewareHandler<MistoEnv> {
  const kept = new Map<string, Kept>();
  let size = 0;
  const drop = (key: string, page: Kept) => {
    kept.delete(key);
    size -= page.body.length;
  };

  return async (c, next) => {
    if (c.req.method !== 'GET' || isApiPath(c.req.path) || hasSession(c)) return next();
    const kind = kindOf(c);
    if (kind === null) return next();
    const key = keyOf(c, kind);
    const now = milliseconds();
    const found = kept.get(key);
    if (found) {
      if (found.until > now) return answer(c, found);
      drop(key, found);
    }
    await next();
    const page = await keepable(c, now);
    if (!page) return;
    const before = kept.get(key);
    if (before) drop(key, before);
    kept.set(key, page);
    size += page.body.length;
    for (const [oldest, old] of kept) {
      if (size <= capacity && (old.until > now || oldest === key)) break;
      drop(oldest, old);
    }
    c.res = undefined;
    c.res = answer(c, page);
  };
}

/** The finished page, when it may be shared. */
async function keepable(c: Context<MistoEnv>, now: number): Promise<Kept | null> {
  const { res } = c;
  const visit = c.var.visit as OpenVisit;
  const type = res.headers.get('content-type') ?? '';
  if (res.status !== 200 || !type.startsWith('text/html')) return null;
  if (visit.isPrivate || visit.usedNonce || res.headers.has('set-cookie')) return null;
  if (visit.saidCaching && /private|no-store/.test(res.headers.get('cache-control') ?? '')) return null;
  const body = visit.drawn ? Buffer.from(visit.drawn) : new Uint8Array(await res.arrayBuffer());
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const own = [...res.headers].filter(([name]) => name !== 'x-request-id' && name !== 'content-length');
  return {
    body,
    etag,
    headers: {
      ...Object.fromEntries(own),
      'cache-control': 'public, max-age=0, s-maxage=10',
      vary: 'Cookie, Accept',
      etag,
    },
    until: now + lifetime,
  };
}

/** Plain headers and bytes: whatever would turn them into objects costs more than the rest of the answer. */
function answer(c: Context<MistoEnv>, page: Kept): Response {
  const headers: Record<string, string> = { ...page.headers, 'x-request-id': c.var.visit.requestId };
  if (c.req.header('if-none-match') === page.etag) {
    delete headers['content-type'];
    return new Response(null, { status: 304, headers });
  }
  return new Response(page.body, { status: 200, headers });
}

/** Language is part of the path; the look and the origin are not. */
function keyOf(c: Context<MistoEnv>, kind: string): string {
  const { visit } = c.var;
  return `${visit.theme} ${visit.origin} ${visit.language} ${kind} ${withoutMarks(visit.path)}`;
}

/**
 * Errors look different to programs, and an address may have other forms for them: they share no entry with browsers, who name
 * nothing but pages and pictures. Null: something else is asked for by name, which is not kept.
 */
function kindOf(c: Context): 'page' | 'any' | null {
  const accept = c.req.header('accept') ?? 'text/html';
  if (accept.trim() === '*/*') return 'any';
  const ranges = accept.split(',');
  // As a browser wants it: pages before all else.
  if (!ranges.some((range) => range.trim() === 'text/html')) return null;
  return ranges.every((range) => browserTypes.test(range)) ? 'page' : null;
}

const browserTypes =
  /^\s*(text\/html|application\/(xhtml\+xml|xml|signed-exchange)|image\/[\w*+.-]+|\*\/\*)\s*(;|$)/i;

function withoutMarks(path: string): string {
  const at = path.indexOf('?');
  if (at < 0) return path;
  const query = new URLSearchParams(path.slice(at));
  for (const name of [...query.keys()]) if (marks.test(name)) query.delete(name);
  const rest = query.toString();
  return path.slice(0, at) + (rest ? `?${rest}` : '');
}

/** The cheapest possible question: most visitors bring no cookie at all. */
function hasSession(c: Context<MistoEnv>): boolean {
  const cookie = c.req.header('cookie');
  return cookie !== undefined && cookieNames.some((name) => cookie.includes(`${name}=`));
}
