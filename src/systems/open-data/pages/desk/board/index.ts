import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { Forbidden } from '#platform/errors.ts';
import { needsStaff } from '#platform/http/guard.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { isOfficer, permission } from '../../../permissions.ts';
import { boardCsv } from './export.ts';
import { board, remindAnswer } from './list.tsx';
import { naming, namingAnswer } from './naming.tsx';
import { newObligation, obligation, obligationAnswer, signAnswer, unitsAnswer } from './obligation.tsx';
import { obligations } from './obligations.tsx';

const needsOfficer: MiddlewareHandler<MistoEnv> = async (c: Context<MistoEnv>, next) => {
  if (!isOfficer(c.var.visit.actor)) throw new Forbidden(permission('administer'));
  await next();
};

/** The board of the city's open-data officer. */
export function boardPages(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.use(needsStaff(), needsOfficer);
  app.get('/', board(platform));
  app.get('/export.csv', boardCsv(platform));
  app.post('/remind', remindAnswer(platform));
  app.get('/obligations', obligations(platform));
  app.get('/obligations/new', newObligation());
  app.post('/obligations/new', obligationAnswer(platform));
  app.get('/obligations/:id', obligation(platform));
  app.post('/obligations/:id', obligationAnswer(platform));
  app.post('/obligations/:id/units', unitsAnswer(platform));
  app.post('/obligations/:id/not-applicable', signAnswer(platform));
  app.get('/units/:name', naming(platform));
  app.post('/units/:name', namingAnswer(platform));
  return app;
}
