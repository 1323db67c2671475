import type { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { shiftList, shiftReassign } from './list.tsx';
import { overviewPage } from './overview.tsx';
import { termAct, termPage } from './term.tsx';

/** `/desk/supervisor`: the shift in one look, and what only its head may do. */
export function mountSupervisor(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/supervisor', overviewPage(platform));
  app.get('/supervisor/list/:view', shiftList(platform));
  app.post('/supervisor/list/:view/reassign', shiftReassign(platform));
  // A reload after a fault, or the language link of that page, comes by GET.
  app.get('/supervisor/list/:view/reassign', shiftList(platform));
  app.get('/supervisor/requests/:number', termPage(platform));
  app.post('/supervisor/requests/:number', termAct(platform));
}
