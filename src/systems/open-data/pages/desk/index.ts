import { Hono } from 'hono';
import { needsStaff } from '#platform/http/guard.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { dataset, fileAnswer } from './dataset.tsx';
import { list } from './list.tsx';
import { liveList, liveOne, liveReadAnswer } from './live.tsx';
import { load, reportFile } from './load.tsx';
import { createAnswer, newDataset } from './new.tsx';

import { unchangedAnswer } from './promise.tsx';

import { quality, qualityAnswer } from './quality.tsx';

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
  app.get('/dataset/:dataset/quality', quality(platform));
  app.post('/dataset/:dataset/quality', qualityAnswer(platform));
  app.get('/load/:load', load(platform));
  app.get('/load/:load/:report', reportFile(platform));
  app.get('/live', liveList(platform));
  app.get('/live/:key', liveOne(platform));
  app.post('/live/:key/read', liveReadAnswer(platform));
  return app;
}
