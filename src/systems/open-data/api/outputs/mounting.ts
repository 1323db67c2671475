import type { Context, Hono, Next } from 'hono';
import { apiCost, spend } from '#platform/http/api-limits.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { readSettings } from '../../settings.ts';
import { base } from '../ckan/transport.ts';
import { failure } from './answers.ts';

type Handler = (c: Context<MistoEnv>, next: Next) => Promise<Response | undefined>;

/**
 * Answers an address below the portal's and, where the setting says so, at the root of the host too: harvesters are often given a
 * bare host.
 */
export function mount(app: Hono<MistoEnv>, platform: Platform, path: string, handle: Handler): void {
  const handler: Handler = async (c, next) => {
    try {
      await spend(platform, c, apiCost.page);
    } catch (error) {
      return failure(error);
    }
    return handle(c, next);
  };
  app.get(base + path, async (c, next) => (await handler(c, next)) ?? undefined);
  app.get(path, async (c, next) => {
    const { atHostRoot } = await readSettings(platform.db);
    return (atHostRoot ? await handler(c, next) : await handedOn(next)) ?? undefined;
  });
}

async function handedOn(next: Next): Promise<undefined> {
  await next();
}
