import type { MiddlewareHandler } from 'hono';
import { Refusal } from '../errors.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { Limit } from './counting.ts';
import { createLimiter } from './limits.ts';

/** Wrong links, of all kinds together, that one network may open before it has to pause. */
const wrongLinks: Limit = { name: 'secret-link', count: 5, seconds: 900, strict: true };

/**
 * For pages whose address holds a secret: whoever opens several that lead nowhere has to pause. A right link opens all the
 * same, so nobody is locked out by a neighbour who guesses.
 *
 * @throws Refusal 429 after five wrong links of a network within a quarter of an hour.
 */
export function secretLinks(platform: Platform): MiddlewareHandler<MistoEnv> {
  const limiter = createLimiter(platform);
  return async (c, next) => {
    await next();
    if (c.res.status !== 404) return;
    const wait = await limiter.take(wrongLinks, c.var.visit.network);
    if (wait !== null) throw new Refusal(429, 'too-many', 'too many wrong links', { retryAfter: wait });
  };
}
