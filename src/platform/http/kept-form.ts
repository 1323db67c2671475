import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type Context, Hono } from 'hono';
import { localPath } from '../i18n/index.ts';
import { ownerOf } from '../identity/sessions.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { close, open } from './box.ts';
import type { OpenVisit } from './context.ts';
import { formAgain, type Typed, targetOf, typedInto } from './form-again.tsx';
import { localTarget } from './redirect.ts';
import { putCookie, readCookie } from './session.ts';

/** Where a kept form waits, without language. */
export const keptFormPath = '/kept-form';

const cookie = 'misto-kept';
const lifetime = 3_600_000;
const largest = 200_000;

/**
 * Keeps what was typed into the form of this request for an hour, for the same browser and, when somebody was signed in,
 * the same person: signing in or proving who one is comes between, and the form goes on from there.
 *
 * @returns false when there is nothing that could be kept.
 */
export async function keepForm(c: Context<MistoEnv>, platform: Platform, empty = false): Promise<boolean> {
  const type = c.req.header('content-type') ?? '';
  if (c.req.method !== 'POST' || !/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(type))
    return false;
  const form = await c.req.formData().catch(() => null);
  if (!form) return false;
  const typed = typedInto(form);
  const plain = Buffer.from(JSON.stringify(typed));
  if ((typed.fields.length === 0 && !empty) || plain.length > largest) return false;
  const visit = c.var.visit as OpenVisit;
  const owner = visit.actor.id ?? (visit.lostToken ? await ownerOf(platform, visit.lostToken) : null);
  const secret = randomBytes(32).toString('base64url');
  const expires = new Date(platform.clock.now().getTime() + lifetime);
  const { rows } = await platform.db.execute<{ id: string }>(
    sql`insert into kept_form (person_id, target, sealed, expires_at)
        values (${owner}, ${targetOf(c)}, ${close(keyOf(secret), plain)}, ${expires.toISOString()}) returning id`,
  );
  putCookie(c, cookie, `${rows[0]!.id}.${secret}`, lifetime / 1000);
  return true;
}

/** Shows a kept form again. Mounted at `/`. */
export function keptFormPage(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  pages.get(keptFormPath, async (c) => {
    const { visit } = c.var;
    const [id = '', secret = ''] = (readCookie(c, cookie) ?? '').split('.');
    const { rows } = /^[0-9a-f-]{36}$/.test(id)
      ? await platform.db.execute<{ target: string; sealed: Buffer }>(
          sql`select target, sealed from kept_form where id = ${id} and expires_at > ${platform.clock.now().toISOString()}
                and (person_id is null or person_id = ${visit.actor.id})`,
        )
      : { rows: [] };
    const kept = rows[0];
    const target = localTarget(kept?.target);
    if (!kept || !target) return c.redirect(localPath(visit.language, '/'), 303);
    const typed = JSON.parse(open(keyOf(secret), kept.sealed).toString('utf8')) as Typed;
    return formAgain(c, typed, { why: 'kept', target });
  });
  return pages;
}

function keyOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
