import { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { type Open311Parts, open311 } from './open311.ts';
import { readApi } from './read-api.ts';

export type { Acts, PushedWords, Report, Standing } from './acts.ts';
export { makeKey, revokeKey } from './keys.ts';
export { open311Jobs } from './sandbox.ts';

/** What machines see of the contact centre: Open311 for everybody's clients, and its own read API. Mounted at `/`. */
export function api(platform: Platform, parts: Open311Parts): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.route('/', open311(platform, parts));
  app.route('/', readApi(platform));
  return app;
}
