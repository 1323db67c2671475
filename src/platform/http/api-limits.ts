import type { Context } from 'hono';
import { sharedAddresses } from '../city.ts';
import { Refusal } from '../errors.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { Limit } from './counting.ts';
import { countedNetwork, type Limiter } from './limits.ts';
import { isAmong } from './network.ts';

/** What one network may take from the interfaces for programs: units a minute. A page of a list is one. */
export const apiLimit: Limit = { name: 'api', count: 600, seconds: 60 };

/** Units of what costs more than a page of a list. */
export const apiCost = { page: 1, query: 5, file: 30 } as const;

const limiters = new WeakMap<Platform, Limiter>();

/** From now on programs of this platform are counted. */
export function limitPrograms(platform: Platform, limiter: Limiter): void {
  limiters.set(platform, limiter);
}

/**
 * Counts what a program is about to be given, so that one harvester does not take the city for itself. It is called where the
 * standard's own errors are made, so that clients hear of a refusal in the form that they know.
 *
 * @param units one of `apiCost`.
 * @throws Refusal 429 with `retryAfter` in seconds.
 */
export async function spend(platform: Platform, c: Context<MistoEnv>, units: number): Promise<void> {
  const limiter = limiters.get(platform);
  if (!limiter) return;
  const network = countedNetwork(c);
  if (network === null || isAmong(sharedAddresses(platform), network)) return;
  const wait = await limiter.take(apiLimit, network, units);
  if (wait !== null)
    throw new Refusal(429, 'too-many', `more than ${apiLimit.count} units a minute; wait ${wait} s`, {
      retryAfter: wait,
    });
}
