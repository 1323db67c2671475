import { Hono } from 'hono';
import { needsStaff } from '#platform/http/guard.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { approvalAnswer, approvals } from './approvals.tsx';
import { dataset, fileAnswer } from './dataset.tsx';
import { fixAnswer, fixColumn, loadAnswer } from './fixing.tsx';
import { list } from './list.tsx';
import { liveList, liveOne, liveReadAnswer } from './live.tsx';
import { load, reportFile } from './load.tsx';
import { createAnswer, newDataset } from './new.tsx';
import { obligationFieldAnswer } from './obligation-field.tsx';
import { beginUpload, seeUpload, uploadPiece } from './pieces.ts';
import { unchangedAnswer } from './promise.tsx';
import { quality, qualityAnswer } from './quality.tsx';
import { ruleAnswer, rules } from './rules.tsx';
import { takedown, takedownAnswer } from './takedown.tsx';

/** The desk of those who publish. */
export function desk(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.use(needsStaff());
  app.get('/', list(platform));
  app.get('/new', newDataset(platform));
  app.post('/new', createAnswer(platform));
  app.get('/dataset/:dataset', dataset(platform));
  app.post('/dataset/:dataset/files', fileAnswer(platform));
  app.post('/dataset/:dataset/unchanged', unchangedAnswer(platform));
  app.post('/dataset/:dataset/obligation', obligationFieldAnswer(platform));
  app.get('/dataset/:dataset/quality', quality(platform));
  app.post('/dataset/:dataset/quality', qualityAnswer(platform));
  app.get('/approvals', approvals(platform));
  app.post('/approvals/:resource/:rule', approvalAnswer(platform));
  app.get('/load/:load', load(platform));
  app.post('/load/:load/say', loadAnswer(platform));
  app.get('/load/:load/:report', reportFile(platform));
  app.get('/live', liveList(platform));
  app.get('/live/:key', liveOne(platform));
  app.post('/live/:key/read', liveReadAnswer(platform));
  app.get('/resource/:resource/fix', fixColumn(platform));
  app.post('/resource/:resource/fix', fixAnswer(platform));
  app.get('/resource/:resource/rules', rules(platform));
  app.post('/resource/:resource/rules/:rule', ruleAnswer(platform));
  app.get('/resource/:resource/takedown', takedown(platform));
  app.post('/resource/:resource/takedown', takedownAnswer(platform));
  app.post('/upload', beginUpload(platform));
  app.get('/upload/:upload', seeUpload(platform));
  app.post('/upload/:upload', uploadPiece(platform));
  return app;
}
