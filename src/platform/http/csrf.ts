import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { Forbidden, Refusal } from '../errors.ts';
import type { MistoEnv } from '../system.ts';
import { isApiPath } from './api-path.ts';
import { formToken, type OpenVisit } from './context.ts';
import { csrfField, formAgain, targetOf, typedInto } from './form-again.tsx';

/** Paths that nobody sees without signing in: a form that was sent from one goes on after it. */
const needsSession = /^(\/[a-z-]+)?\/(desk|cabinet)(\/|$)/;

/**
 * Refuses writing requests that did not come from our own forms: those of foreign origins, and those without the token
 * bound to the visitor's secret. Programs with keys (API paths) carry no cookies and are exempt; so is the choice of
 * theme, which stands on every cached page.
 */
export function csrf(): MiddlewareHandler<MistoEnv> {
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.method === 'OPTIONS') return next();
    if (isApiPath(c.req.path)) return next();
    if (!comesFromUs(c)) throw new Forbidden('foreign origin');
    if (c.req.path === '/preferences') return next();
    const secret = (c.var.visit as OpenVisit).csrfSecret;
    const type = c.req.header('content-type') ?? '';
    const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(type);
    const form = isForm ? await c.req.formData().catch(() => null) : null;
    if (isForm && !form) throw new Refusal(400, 'invalid', 'the form cannot be read');
    const given = form ? form.get(csrfField) : c.req.header('x-csrf-token');
    if (secret && typeof given === 'string' && equal(given, formToken(secret))) return next();
    if (!form) throw new Refusal(403, 'stale-form', 'the form token is missing or out of date');
    if ((c.var.visit as OpenVisit).lostToken && needsSession.test(c.req.path))
      throw new Refusal(401, 'sign-in-needed', 'the session has ended');
    return formAgain(c, typedInto(form), { why: 'stale', target: targetOf(c), status: 403 });
  };
}

/** Both headers are sent by browsers only, and cannot be set by a page; what is not sent proves nothing. */
function comesFromUs(c: Context<MistoEnv>): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site && site !== 'same-origin' && site !== 'none') return false;
  const origin = c.req.header('origin');
  return !origin || origin === c.var.visit.origin;
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
