import type { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { crewPage } from './list.tsx';
import { crewWork, crewWorkAct, linkWork, linkWorkAct } from './work.tsx';

/** `/desk/crew`: the day's work, and one page for each address of it. */
export function mountCrew(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/crew', crewPage(platform));
  app.get('/crew/:number', crewWork(platform));
  app.post('/crew/:number', crewWorkAct(platform));
}

/** `/crew/{token}`: for those without an account; mounted outside the desk, where nobody has to sign in. */
export function mountCrewLinks(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/crew/:token', linkWork(platform));
  app.post('/crew/:token', linkWorkAct(platform));
}
