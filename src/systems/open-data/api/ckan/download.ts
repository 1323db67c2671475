import { sql } from 'drizzle-orm';
import { type Context, Hono, type Next } from 'hono';
import { findFile } from '#platform/files/index.ts';
import { cookieNames } from '#platform/http/session.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { findDataset } from '../../datasets.ts';
import { findResource } from '../../resources.ts';
import { may, mustRead } from '../../rights.ts';
import { countUse } from '../../usage.ts';
import { sendFile } from '../ranges.ts';
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
      return await sendFile(platform, c, await findFile(platform.db, file), name);
    } catch (error) {
      const failure = failureOf(error, c.var.visit.requestId);
      return text(failure.status, String(failure.error.message ?? failure.error.__type));
    }
  };
  for (const prefix of [base, ''])
    app.get(`${prefix}/dataset/:dataset/resource/:resource/download/:file?`, handle);
  return app;
}

/** Requests that were handed on to the handler behind the sessions. */
const behind = new WeakSet<Request>();

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
