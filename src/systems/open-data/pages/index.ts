import { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { catalogue } from './catalogue.tsx';
import { dataset } from './dataset.tsx';
import { desk } from './desk/index.ts';
import { query } from './query.tsx';
import { resource } from './resource.tsx';
import { unit, units } from './units.tsx';

/** Everything that people see of the portal. */
export function pages(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.get('/', catalogue(platform));
  app.get('/dataset', catalogue(platform));
  app.get('/dataset/:dataset', dataset(platform));
  app.get('/dataset/:dataset/resource/:resource', resource(platform));
  app.get('/query', query(platform));
  app.get('/organization', units(platform, 'organization'));
  app.get('/organization/:name', unit(platform, 'organization'));
  app.get('/group', units(platform, 'group'));
  app.get('/group/:name', unit(platform, 'group'));
  app.route('/desk', desk(platform));
  return app;
}
