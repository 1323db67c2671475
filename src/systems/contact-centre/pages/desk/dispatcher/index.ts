import type { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { bulkAct, bulkPage, bulkResults, bulkWords, filterAct } from './acts.tsx';
import { dispatcherMap } from './map.tsx';
import { dispatcherPage, queueNews } from './queue.tsx';

/** `/desk/dispatcher`: the queue, acts on many of it, and kept filters. */
export function mountDispatcher(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/dispatcher', dispatcherPage(platform));
  app.get('/dispatcher/map', dispatcherMap(platform));
  app.get('/dispatcher/news', queueNews(platform));
  app.get('/dispatcher/bulk', bulkPage(platform));
  app.post('/dispatcher/bulk', bulkAct(platform));
  app.post('/dispatcher/bulk/words', bulkWords(platform));
  app.post('/dispatcher/filters', filterAct(platform));
  // The language link and a reload of a form that was answered with faults come by GET.
  app.get('/dispatcher/filters', dispatcherPage(platform));
  app.get('/dispatcher/bulk/words', bulkPage(platform));
  app.get('/bulk/:id', bulkResults(platform));
}
