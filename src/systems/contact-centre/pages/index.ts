import { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { follow, followAct } from './follow.tsx';
import { home } from './home.tsx';
import { list } from './list.tsx';
import { map } from './map.tsx';
import { performance } from './performance.tsx';
import { mountReport } from './report/index.ts';
import { request, track } from './request.tsx';
import { tiles } from './tiles.ts';

/** What people see of the contact centre, mounted at /contact-centre. */
export function pages(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.get('/', home(platform));
  app.get('/requests', list(platform));
  app.get('/requests/:number', request(platform));
  app.get('/track', track(platform));
  app.get('/map', map(platform));
  app.get('/performance', performance(platform));
  app.get('/tiles/:z/:x/:y', tiles(platform));
  app.get('/follow/:token', follow(platform));
  app.post('/follow/:token', followAct(platform));
  mountReport(app, platform);
  return app;
}
