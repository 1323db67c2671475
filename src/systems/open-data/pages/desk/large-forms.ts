import { timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Busboy } from '@fastify/busboy';
import { type Context, Hono } from 'hono';
import { Refusal } from '#platform/errors.ts';
import { filesOf } from '#platform/files/index.ts';
import { formToken, type OpenVisit } from '#platform/http/context.ts';
import { csrfField } from '#platform/http/form-again.tsx';
import { session } from '#platform/http/session.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { largestUpload } from '../../loading/load-run.ts';
import { canAnywhere } from '../../permissions.ts';
import { storedField, ticketOf } from './uploading.ts';

/** Up to this size a form goes the usual way, in bytes: the platform takes 60 MB with everything around the file. */
const usual = 50 * 1024 * 1024;

/**
 * Forms with large files: they never are in memory as a whole. Before the platform's limit of size is met, the files go into the store
 * as they come, and the form goes on with a ticket in place of each. Who sends it must be a publisher, with the token of the form in
 * front of the file, or nothing of it is kept.
 */
export function largeForms(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  const know = session(platform);
  app.post('/open-data/desk/*', async (c, next) => {
    // Pieces are small, and their handler takes them as they are.
    if (!isLarge(c) || /\/desk\/upload(\/|$)/.test(c.req.path)) return next();
    await know(c, async () => {});
    const visit = c.var.visit as OpenVisit;
    if (visit.actor.kind !== 'staff' || !canAnywhere(visit.actor, 'write'))
      throw new Refusal(413, 'too-large', 'the request is too large');
    c.req.raw = new Request(c.req.raw.url, {
      method: 'POST',
      headers: withoutBody(c.req.raw.headers),
      body: await smaller(c.req.raw, platform, visit),
    });
    await next();
  });
  return app;
}

function isLarge(c: Context<MistoEnv>): boolean {
  const length = c.req.header('content-length');
  return (
    /^multipart\/form-data/i.test(c.req.header('content-type') ?? '') &&
    (length === undefined || Number(length) > usual)
  );
}

function withoutBody(given: Headers): Headers {
  const headers = new Headers(given);
  for (const name of ['content-type', 'content-length', 'transfer-encoding']) headers.delete(name);
  return headers;
}

/** The form with tickets in place of its files. */
async function smaller(request: Request, platform: Platform, visit: OpenVisit): Promise<FormData> {
  const store = filesOf(platform.config);
  const form = new FormData();
  const kept: Promise<void>[] = [];
  const parser = new Busboy({
    headers: { 'content-type': request.headers.get('content-type')! },
    limits: { fieldSize: 1024 * 1024, fields: 1_000, files: 5 },
  });
  const isOurs = () => {
    const given = Buffer.from(String(form.get(csrfField) ?? ''));
    const right = Buffer.from(visit.csrfSecret ? formToken(visit.csrfSecret) : '');
    return given.length > 0 && given.length === right.length && timingSafeEqual(given, right);
  };
  parser.on('field', (name, value) => form.append(name, value));
  parser.on('file', (name, stream, fileName) => {
    if (!fileName || !isOurs()) {
      stream.resume();
      return;
    }
    kept.push(
      store.put(stream, largestUpload).then((content) => {
        form.append(storedField(name), ticketOf(platform, visit.actor.id, content, fileName));
      }),
    );
    // Heard when all is read.
    kept.at(-1)!.catch(() => stream.resume());
  });
  await new Promise<void>((resolve, reject) => {
    parser.on('finish', resolve);
    parser.on('error', reject);
    const body = Readable.fromWeb(request.body as unknown as ReadableStream<Uint8Array>);
    body.on('error', reject);
    body.pipe(parser);
  }).catch(async () => {
    await Promise.allSettled(kept);
    throw new Refusal(400, 'invalid', 'the form cannot be read');
  });
  await Promise.all(kept);
  return form;
}
