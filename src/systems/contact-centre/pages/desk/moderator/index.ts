import type { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { moderatorList } from './list.tsx';
import { coverAct, coverPage, moderatorAct, moderatorPage, originalPage } from './request.tsx';

/** `/desk/moderator`: what may be shown to everybody. */
export function mountModerator(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/moderator', moderatorList(platform));
  app.get('/moderator/:number', moderatorPage(platform));
  app.post('/moderator/:number', moderatorAct(platform));
  app.post('/moderator/:number/original', originalPage(platform));
  app.post('/moderator/:number/photos/:photo/cover', coverAct(platform));
  // A reload, or the language link of that page, comes by GET and opens nothing.
  app.get('/moderator/:number/original', moderatorPage(platform));
  app.get('/moderator/:number/photos/:photo/cover', coverPage(platform));
}
