import type { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { callAct, callPage, missedAct } from './call.tsx';
import { evidenceAct, evidencePage } from './evidence.tsx';
import { controllerList } from './list.tsx';
import { splitAct, splitPage } from './split.tsx';

/** `/desk/controller`: whether it is really done, asked by those who did not do it. */
export function mountController(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/controller', controllerList(platform, 'calls'));
  app.get('/controller/evidence', controllerList(platform, 'evidence'));
  app.get('/controller/checks', controllerList(platform, 'checks'));
  app.get('/controller/splits', controllerList(platform, 'splits'));
  app.get('/controller/evidence/:number', evidencePage(platform));
  app.post('/controller/evidence/:number', evidenceAct(platform));
  app.get('/controller/splits/:number/:reporter', splitPage(platform));
  app.post('/controller/splits/:number/:reporter', splitAct(platform));
  app.get('/controller/calls/:number/:reporter', callPage(platform));
  app.post('/controller/calls/:number/:reporter', callAct(platform));
  app.post('/controller/calls/:number/:reporter/missed', missedAct(platform));
}
