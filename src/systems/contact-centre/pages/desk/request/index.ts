import type { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { deskTerms } from '../../terms.tsx';
import {
  requestAct,
  requestDuplicates,
  requestExport,
  requestHold,
  requestLinks,
  requestNote,
  requestPause,
  requestStatutory,
  requestWords,
} from './acts.ts';
import { requestNews, requestPage } from './page.tsx';

/** `/desk/requests/{number}`: the one staff page of a request. */
export function mountRequest(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/requests/:number', requestPage(platform));
  app.get('/requests/:number/news', requestNews(platform));
  app.post('/requests/:number', requestAct(platform));
  app.post('/requests/:number/words', requestWords(platform));
  app.post('/requests/:number/notes', requestNote(platform));
  app.post('/requests/:number/duplicates', requestDuplicates(platform));
  app.post('/requests/:number/crew-links', requestLinks(platform));
  app.post('/requests/:number/pause', requestPause(platform));
  app.post('/requests/:number/statutory', requestStatutory(platform));
  app.post('/requests/:number/legal-hold', requestHold(platform));
  app.post('/requests/:number/export', requestExport(platform));
  app.get(
    '/requests/:number/terms',
    deskTerms(platform, (number) => `/desk/requests/${number}`),
  );
  // A reload after a refused act, or the language link of that page, comes by GET.
  for (const act of [
    'words',
    'notes',
    'duplicates',
    'crew-links',
    'pause',
    'statutory',
    'legal-hold',
    'export',
  ])
    app.get(`/requests/:number/${act}`, requestPage(platform));
}
