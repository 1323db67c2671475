import type { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { dryRunPage, readAct } from './dry-run.tsx';
import { type Desk, deskOf } from './kit.tsx';
import { beginDraft, listPage, rollBackAct } from './list.tsx';
import { rerouteAct, reroutePage } from './reroute.tsx';
import { ruleAct, rulePage } from './rule.tsx';
import { dropAct, dryRunAct, moveAct, publishAct, setPage } from './set.tsx';
import { tryPage } from './try.tsx';

/** Routing rules: what is in force, drafts, dry runs, publication, and why a request goes where it goes. */
export function mountRules(app: Hono<MistoEnv>, platform: Platform): void {
  const get = (path: string, answer: (desk: Desk) => Promise<Response>) =>
    app.get(`/rules${path}`, (c) => answer(deskOf(platform, c)));
  const post = (path: string, answer: (desk: Desk) => Promise<Response>) =>
    app.post(`/rules${path}`, (c) => answer(deskOf(platform, c)));
  get('', (desk) => listPage(desk));
  get('/try', tryPage);
  get('/reroute', (desk) => reroutePage(desk));
  post('/reroute', rerouteAct);
  post('/drafts', beginDraft);
  post('/roll-back', rollBackAct);
  get('/dry-runs/:id', dryRunPage);
  post('/dry-runs/:id/read', readAct);
  get('/:version', (desk) => setPage(desk));
  get('/:version/rule', rulePage);
  post('/:version/rule', ruleAct);
  post('/:version/move', moveAct);
  post('/:version/drop', dropAct);
  post('/:version/dry-run', dryRunAct);
  post('/:version/publish', publishAct);
}
