import type { Context, MiddlewareHandler } from 'hono';
import { Forbidden, Refusal } from '../errors.ts';
import { localPath } from '../i18n/index.ts';
import type { MistoEnv } from '../system.ts';
import type { Actor } from '../work.ts';

/** The signed-in person. @throws Refusal 401, which a browser sees as the sign-in page that leads back here. */
export function signedIn(c: Context<MistoEnv>): Actor & { id: string } {
  const { actor } = c.var.visit;
  if (!actor.id || (actor.kind !== 'person' && actor.kind !== 'staff'))
    throw new Refusal(401, 'sign-in-needed', 'sign in first');
  return actor as Actor & { id: string };
}

/** Lets only signed-in people through. */
export function needsSignIn(): MiddlewareHandler<MistoEnv> {
  return async (c, next) => {
    signedIn(c);
    await next();
  };
}

/** Lets only staff through: anonymous visitors are asked to sign in, residents are refused. */
export function needsStaff(): MiddlewareHandler<MistoEnv> {
  return async (c, next) => {
    if (signedIn(c).kind !== 'staff') throw new Forbidden('staff');
    await next();
  };
}

/** Signing in, and where it leads back to. */
export function signInPath(c: Context<MistoEnv>, back: string): string {
  return `${localPath(c.var.visit.language, '/sign-in')}?back=${encodeURIComponent(back)}`;
}
