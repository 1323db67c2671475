import { Hono } from 'hono';
import type { MistoEnv, Platform } from '../system.ts';

/** The whole site as one fetch handler. */
export function createApp(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  for (const system of platform.systems) {
    if (system.pages) app.route(`/${system.name}`, system.pages(platform));
    if (system.api) app.route('/', system.api(platform));
  }
  return app;
}
