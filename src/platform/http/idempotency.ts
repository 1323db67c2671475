import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, MiddlewareHandler } from 'hono';
import { Conflict, Refusal } from '../errors.ts';
import { secretsOf } from '../identity/secrets.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { isApiPath } from './api-path.ts';
import { close, open } from './box.ts';
import type { OpenVisit } from './context.ts';
import { csrfField, submissionField } from './form-again.tsx';

interface Stored {
  body_hash: Buffer;
  status: number | null;
  /** Sealed, as the body is. */
  headers: string | null;
  body: Buffer | null;
  created_at: Date;
}

const kept = 48 * 3_600_000;
/** A request that has not ended after this long has lost its process. */
const abandoned = 60_000;

/**
 * One effect for a request sent twice: a double click, Back and again, a program that lost the answer. The same key with
 * the same body gets the first answer, with another body 422; while the first still runs, a form waits for its answer and
 * a program gets 409. Answers are kept sealed: they hold people's data and links that act. Refused requests are forgotten, so that a corrected form may be sent with the same key.
 */
export function idempotency(platform: Platform): MiddlewareHandler<MistoEnv> {
  const pool = platform.db.$client;
  const secrets = secretsOf(platform.config);
  const keyOf = (asked: Asked) =>
    Buffer.from(secrets.blind('idempotency', `${asked.scope}\0${asked.key}`), 'base64url');

  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.method === 'OPTIONS') return next();
    const asked = await keyAndBody(c);
    if (!asked) return next();
    const values = [asked.scope, asked.key];
    const now = platform.clock.now();
    const { rowCount } = await pool.query({
      name: 'idempotency-begin',
      text: `insert into idempotency as kept (scope, key, body_hash, created_at) values ($1, $2, $3, $4)
        on conflict (scope, key) do update set body_hash = excluded.body_hash, status = null, headers = null, body = null,
          created_at = excluded.created_at
        where kept.created_at < $5 or (kept.status is null and kept.created_at < $6)`,
      values: [
        ...values,
        asked.body,
        now,
        new Date(now.getTime() - kept),
        new Date(now.getTime() - abandoned),
      ],
    });
    if (!rowCount) return again(c, asked);
    await next();
    if (c.res.status >= 400) {
      await pool.query('delete from idempotency where scope = $1 and key = $2', values);
      return;
    }
    const headers = Object.fromEntries(
      ['content-type', 'location'].flatMap((name) => {
        const value = c.res.headers.get(name);
        return value ? [[name, value]] : [];
      }),
    );
    const body = Buffer.from(await c.res.clone().arrayBuffer());
    await pool.query({
      name: 'idempotency-end',
      text: 'update idempotency set status = $3, headers = $4, body = $5 where scope = $1 and key = $2',
      values: [
        ...values,
        c.res.status,
        JSON.stringify(close(keyOf(asked), Buffer.from(JSON.stringify(headers))).toString('base64url')),
        close(keyOf(asked), body),
      ],
    });
  };

  async function again(c: Context<MistoEnv>, asked: Asked): Promise<Response> {
    // A person who clicked twice looks at the second answer: let it be the first one.
    const tries = isApiPath(c.req.path) ? 1 : 100;
    for (let i = 0; i < tries; i += 1) {
      const { rows } = await pool.query<Stored>({
        name: 'idempotency-read',
        text: 'select body_hash, status, headers, body, created_at from idempotency where scope = $1 and key = $2',
        values: [asked.scope, asked.key],
      });
      const stored = rows[0];
      if (stored && !stored.body_hash.equals(asked.body))
        throw new Refusal(422, 'key-reused', 'this idempotency key was used with another body');
      if (stored?.status && stored.headers && stored.body) {
        const key = keyOf(asked);
        const headers = JSON.parse(open(key, Buffer.from(stored.headers, 'base64url')).toString('utf8'));
        return new Response(stored.status === 204 ? null : new Uint8Array(open(key, stored.body)), {
          status: stored.status,
          headers: { ...(headers as Record<string, string>), 'idempotency-replayed': 'true' },
        });
      }
      if (!stored) break;
      if (i + 1 < tries) await sleep(100);
    }
    throw new Conflict('running', 'the first request with this key is still running', { retryAfter: 1 });
  }
}

interface Asked {
  readonly scope: string;
  readonly key: string;
  readonly body: Buffer;
}

async function keyAndBody(c: Context<MistoEnv>): Promise<Asked | null> {
  const visit = c.var.visit as OpenVisit;
  const isApi = isApiPath(c.req.path);
  const hash = createHash('sha256');
  let key: string | undefined;
  if (isApi) {
    key = c.req.header('idempotency-key');
    if (!key) return null;
    // A copy: whoever handles the request reads the original in its own way.
    hash.update(new Uint8Array(await c.req.raw.clone().arrayBuffer()));
  } else {
    if (
      !/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(c.req.header('content-type') ?? '')
    )
      return null;
    const form = await c.req.formData();
    const field = form.get(submissionField);
    if (typeof field !== 'string' || !field) return null;
    key = field;
    for (const [name, value] of form) {
      if (name === csrfField) continue;
      hash.update(`${name}\0`);
      hash.update(typeof value === 'string' ? value : new Uint8Array(await value.arrayBuffer())).update('\0');
    }
  }
  if (key.length > 200)
    throw new Refusal(400, 'key-too-long', 'an idempotency key has at most 200 characters');
  const owner = visit.actor.id ?? visit.csrfSecret ?? c.req.header('authorization') ?? visit.network;
  const scope = createHash('sha256').update(`${c.req.method}\0${visit.path}\0${owner}`).digest('base64url');
  return { scope, key, body: hash.digest() };
}
