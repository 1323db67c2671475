import type { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { mountImports } from './imports.tsx';
import { itemAct, itemPage } from './item.tsx';
import { keyRevoke, keysAct, keysPage } from './keys.tsx';
import { type CityDesk, cityDesk } from './kit.tsx';
import { areasFile, homePage, listPage } from './list.tsx';
import { recountAct, recountPage } from './recount.tsx';
import { versionsPage } from './versions.tsx';

/** Everything that is data, edited by administrators: a list, a form and the versions of each kind, and imports of files. */
export function mountCity(app: Hono<MistoEnv>, platform: Platform): void {
  const get = (path: string, answer: (desk: CityDesk) => Promise<Response>) =>
    app.get(`/administrator${path}`, (c) => answer(cityDesk(platform, c)));
  const post = (path: string, answer: (desk: CityDesk) => Promise<Response>) =>
    app.post(`/administrator${path}`, (c) => answer(cityDesk(platform, c)));
  get('', homePage);
  mountImports(get, post);
  get('/open311-keys', keysPage);
  post('/open311-keys', keysAct);
  post('/open311-keys/:id/revoke', keyRevoke);
  get('/recount', (desk) => recountPage(desk));
  post('/recount', recountAct);
  get('/district.geojson', (desk) => areasFile(desk, 'district'));
  get('/zone.geojson', (desk) => areasFile(desk, 'zone'));
  get('/:kind', listPage);
  get('/:kind/edit', itemPage);
  post('/:kind/edit', itemAct);
  get('/:kind/versions', versionsPage);
}
