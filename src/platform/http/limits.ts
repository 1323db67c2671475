import type { Context, MiddlewareHandler } from 'hono';
import { sharedAddresses } from '../city.ts';
import { Refusal } from '../errors.ts';
import { secretsOf } from '../identity/secrets.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { isApiPath } from './api-path.ts';
import { peerOf } from './context.ts';
import { type Limit, windowOf } from './counting.ts';
import { isAmong } from './network.ts';

export const pageLimit: Limit = { name: 'page', count: 120, seconds: 60 };
export const searchLimit: Limit = { name: 'search', count: 30, seconds: 60 };
export const signInLimit: Limit = { name: 'sign-in', count: 20, seconds: 3600, strict: true };

interface Counter {
  window: number;
  /** As the table last said, for all processes. */
  shared: number;
  /** On its way to the table. */
  sending: number;
  /** Not sent yet. */
  local: number;
  sentAt: number;
}

/** Counts against limits together with the other processes. */
export interface Limiter {
  /** @param by how many to count at once. @returns null when allowed, else after how many seconds to try again. */
  take(limit: Limit, who: string, by?: number): Promise<number | null>;
}

const maxCounters = 50_000;

/**
 * Counters in memory that meet the other processes' in an unlogged table, at most once a second for each key. Addresses are
 * kept as keyed hashes and for a day at most.
 */
export function createLimiter(platform: Platform): Limiter {
  const counters = new Map<string, Counter>();
  const secrets = secretsOf(platform.config);
  const pool = platform.db.$client;
  let sweptAt = 0;

  async function send(key: string, counter: Counter, now: number): Promise<void> {
    counter.sending = counter.local;
    counter.local = 0;
    counter.sentAt = now;
    try {
      const { rows } = await pool.query<{ count: number }>({
        name: 'rate-count',
        text: `insert into rate_count (key, window_start, count) values ($1, $2, $3)
          on conflict (key, window_start) do update set count = rate_count.count + excluded.count returning count`,
        values: [key, new Date(counter.window), counter.sending],
      });
      counter.shared = rows[0]!.count;
    } catch {
      // Without the table each process counts alone: limits never stop the city.
      counter.local += counter.sending;
    }
    counter.sending = 0;
    if (now - sweptAt > 600_000) {
      sweptAt = now;
      const day = new Date(now - 86_400_000);
      await pool.query('delete from rate_count where window_start < $1', [day]).catch(() => {});
      await pool
        .query('delete from idempotency where created_at < $1', [new Date(now - 2 * 86_400_000)])
        .catch(() => {});
    }
  }

  return {
    async take(limit, who, by = 1) {
      const now = platform.clock.now().getTime();
      const { window, end } = windowOf(limit, now);
      const id = `${limit.name} ${who}`;
      let counter = counters.get(id);
      if (counter?.window !== window) {
        if (counters.size >= maxCounters) counters.clear();
        counter = { window, shared: 0, sending: 0, local: 0, sentAt: 0 };
        counters.set(id, counter);
      }
      counter.local += by;
      const key = () => secrets.blind('limit', id);
      if (limit.strict) await send(key(), counter, now);
      else if (counter.sending === 0 && now - counter.sentAt >= 1000) void send(key(), counter, now);
      const total = counter.shared + counter.sending + counter.local;
      return total > limit.count ? Math.ceil((end - now) / 1000) : null;
    },
  };
}

/**
 * Whom limits of anonymous visitors count: the network of the visit. null: nobody, since it is a program of this machine or
 * the network is not known.
 */
export function countedNetwork(c: Context<MistoEnv>): string | null {
  const { network } = c.var.visit;
  return network === 'unknown' || isThisMachine(peerOf(c), network) ? null : network;
}

/**
 * Keeps one visitor from taking the city for oneself. Programs of this machine itself are not limited, and neither are the
 * addresses that the city knows to be shared by many.
 */
export function limits(platform: Platform, limiter: Limiter): MiddlewareHandler<MistoEnv> {
  return async (c, next) => {
    const { visit } = c.var;
    const limit = limitFor(c.req.method, c.req.path);
    if (!limit || (!limit.strict && isThisMachine(peerOf(c), visit.network))) return next();
    if (!visit.actor.id && isAmong(sharedAddresses(platform), visit.network)) return next();
    const wait = await limiter.take(limit, visit.actor.id ?? visit.network);
    if (wait !== null) throw new Refusal(429, 'too-many', 'too many requests', { retryAfter: wait });
    await next();
  };
}

function limitFor(method: string, path: string): Limit | null {
  if (isApiPath(path)) return null;
  if (method === 'POST' && path.startsWith('/sign-in') && path !== '/sign-in/demo') return signInLimit;
  return path === '/search' ? searchLimit : pageLimit;
}

/** The peer itself, not a client that a proxy on this machine speaks for. */
function isThisMachine(peer: string | undefined, network: string): boolean {
  return /^(127\.|::1$|::ffff:127\.)/.test(peer ?? '') && /^(127\.|0:0:0:0::\/64$)/.test(network);
}
