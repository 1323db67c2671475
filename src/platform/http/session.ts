import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { sessionReader } from '../identity/sessions.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { isSecure, type OpenVisit } from './context.ts';

const preSessionName = 'misto-form';
const sessionName = 'misto';
/** Names of the cookies that make a visitor somebody. */
export const cookieNames: readonly string[] = [sessionName, preSessionName].flatMap((name) => [
  name,
  `__Host-${name}`,
]);

/** The token in the visitor's session cookie. */
export function sessionToken(c: Context<MistoEnv>): string | undefined {
  return getCookie(c, sessionName, prefixFor(c));
}

/** Puts the token of a new session into the cookie. It lasts as long as the browser runs; the server's limits decide. */
export function setSessionCookie(c: Context<MistoEnv>, token: string): void {
  putCookie(c, sessionName, token);
}

export function clearSessionCookie(c: Context<MistoEnv>): void {
  deleteCookie(c, cookieName(c, sessionName), { path: '/', secure: isSecure(c.var.visit.origin) });
}

/** A cookie of our own: unreadable to scripts, bound to this host where browsers allow it. */
export function putCookie(c: Context<MistoEnv>, name: string, value: string, maxAge?: number): void {
  setCookie(c, name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    ...(isSecure(c.var.visit.origin) ? { secure: true, prefix: 'host' } : {}),
    ...(maxAge === undefined ? {} : { maxAge }),
  });
}

export function readCookie(c: Context<MistoEnv>, name: string): string | undefined {
  return getCookie(c, name, prefixFor(c));
}

/** Finds out who is asking, and keeps the pre-session of visitors who were shown a form. */
export function session(platform: Platform): MiddlewareHandler<MistoEnv> {
  const read = sessionReader(platform);
  return async (c, next) => {
    const visit = c.var.visit as OpenVisit;
    const token = sessionToken(c);
    if (token) {
      visit.isPrivate = true;
      const known = await read(token);
      if (known) {
        visit.actor = known.actor;
        visit.session = known.session;
        visit.csrfSecret = token;
      } else {
        visit.lostToken = token;
        clearSessionCookie(c);
      }
    }
    visit.csrfSecret ??= readCookie(c, preSessionName);
    await next();
    if (visit.startedPreSession) putCookie(c, preSessionName, visit.startedPreSession);
  };
}

function prefixFor(c: Context<MistoEnv>): 'host' | undefined {
  return isSecure(c.var.visit.origin) ? 'host' : undefined;
}

function cookieName(c: Context<MistoEnv>, name: string): string {
  return isSecure(c.var.visit.origin) ? `__Host-${name}` : name;
}
