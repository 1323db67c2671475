import { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { home } from './home.tsx';
import { list } from './list.tsx';
import { request, track } from './request.tsx';

/** What people see of the contact centre, mounted at /contact-centre. */
export function pages(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.get('/', home(platform));
  app.get('/requests', list(platform));
  app.get('/requests/:number', request(platform));
  app.get('/track', track(platform));
  return app;
}
