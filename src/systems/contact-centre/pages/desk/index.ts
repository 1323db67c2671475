import { Hono } from 'hono';
import { needsStaff } from '#platform/http/guard.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { mountAppeals } from './appeals/index.tsx';
import { mountCity } from './city/index.ts';
import { mountController } from './controller/index.ts';
import { mountCrew } from './crew/index.ts';
import { mountDispatcher } from './dispatcher/index.ts';
import { mountLegalHolds } from './legal-holds/index.tsx';
import { mountModerator } from './moderator/index.ts';
import { mountOperator } from './operator/index.tsx';
import { mountRequest } from './request/index.ts';
import { mountRules } from './rules/index.ts';
import { mountSupervisor } from './supervisor/index.ts';

/** The staff's side, mounted at /contact-centre/desk: one folder per desk, each mounting its own pages here. */
export function deskPages(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.use(needsStaff());
  mountAppeals(app, platform);
  mountOperator(app, platform);
  mountCity(app, platform);
  mountRules(app, platform);
  mountRequest(app, platform);
  mountDispatcher(app, platform);
  mountController(app, platform);
  mountCrew(app, platform);
  mountSupervisor(app, platform);
  mountModerator(app, platform);
  mountLegalHolds(app, platform);
  return app;
}
