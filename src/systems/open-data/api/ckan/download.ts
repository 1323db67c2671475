import { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { type Context, Hono, type Next } from 'hono';
import { filesOf, findFile } from '#platform/files/index.ts';
import { cookieNames } from '#platform/http/session.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { findDataset } from '../../datasets.ts';
import { findResource } from '../../resources.ts';
import { may, mustRead } from '../../rights.ts';
import { countUse } from '../../usage.ts';
import { failureOf } from './errors.ts';
import { base, callerReader, openToAll, siteOf } from './transport.ts';

/**
 * Uploads, at the address that their resource tells: whole or a part of them, as they came in. They are never shown by the browser
 * as a page of ours.
 */
export function downloads(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  const readCaller = callerReader(platform);

  const handle = async (c: Context<MistoEnv>, next: Next) => {
    const cookie = c.req.header('cookie') ?? '';
    const isProgram = Boolean(c.req.header('authorization') ?? c.req.header('x-ckan-api-key'));
    // Somebody who is signed in is known only behind the sessions: the same handler stands there once more.
    const knowsSession = c.var.visit.session !== undefined;
    if (
      !isProgram &&
      !knowsSession &&
      cookieNames.some((name) => cookie.includes(`${name}=`)) &&
      !behind.has(c.req.raw)
    ) {
      behind.add(c.req.raw);
      return next();
    }
    try {
      const actor = isProgram ? (await readCaller(c.req.raw.headers)).actor : c.var.visit.actor;
      const resource = await findResource(platform.db, c.req.param('resource')!);
      const dataset = await findDataset(platform.db, resource.dataset);
      await mustRead(platform.db, actor, dataset);
      const { rows } = await platform.db.execute<{
        file: string | null;
        name: string;
        load_state: string | null;
        raw_closed: boolean;
        reason: string | null;
      }>(
        sql`select file, file_name as name, load_state, raw_closed, takedown_reason as reason from od_resource where id = ${resource.id}`,
      );
      const { file, name, load_state, raw_closed, reason } = rows[0]!;
      if (!file && reason !== null) return text(410, `This file was taken down: ${reason}`);
      if (!file) return text(404, 'Not found');
      const isUnread = unread.has(load_state ?? '');
      if (
        (isUnread || load_state === 'blocked' || raw_closed) &&
        !(await may(platform.db, actor, 'write', dataset))
      ) {
        if (isUnread)
          return text(503, 'This file is being looked through. Try again in a minute.', {
            'retry-after': '30',
          });
        return text(
          403,
          load_state === 'blocked'
            ? 'This file is not open to the public'
            : `This file is not open to the public: it gives people away. Its rows without that are at ${siteOf(c)}/datastore/dump/${resource.id}`,
        );
      }
      if (c.req.method === 'GET' && !c.req.header('range')) countUse(platform.db, resource.id, 'download');
      return await send(c, file, name);
    } catch (error) {
      const failure = failureOf(error, c.var.visit.requestId);
      return text(failure.status, String(failure.error.message ?? failure.error.__type));
    }
  };
  for (const prefix of [base, ''])
    app.get(`${prefix}/dataset/:dataset/resource/:resource/download/:file?`, handle);
  return app;

  async function send(c: Context<MistoEnv>, id: string, name: string): Promise<Response> {
    const file = await findFile(platform.db, id);
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
    const content = await filesOf(platform.config).open(file.sha256);
    const body = Readable.toWeb(Readable.from(range ? part(content, from, to) : content));
    return new Response(body as unknown as BodyInit, { status: range ? 206 : 200, headers });
  }
}

/** Requests that were handed on to the handler behind the sessions. */
const behind = new WeakSet<Request>();

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

async function* part(
  content: AsyncIterable<Uint8Array>,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const piece of content) {
    const start = Math.max(from - at, 0);
    const end = Math.min(to + 1 - at, piece.length);
    if (end > start) yield piece.subarray(start, end);
    at += piece.length;
    if (at > to) return;
  }
}

/** States of a load in which nobody knows yet whether the file gives people away. */
const unread: ReadonlySet<string> = new Set(['received', 'parsed', 'checked', 'staged']);

function text(status: number, message: string, headers: Record<string, string> = {}): Response {
  return new Response(message, {
    status,
    headers: {
      ...openToAll,
      'cache-control': 'no-store',
      'content-type': 'text/plain; charset=utf-8',
      ...headers,
    },
  });
}
