import type { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { categoryAnswer, categoryPage } from './category.tsx';
import { checkPage, send } from './check.tsx';
import { codeAnswer, codePage, contactAnswer, contactPage } from './contact.tsx';
import { detailsAnswer, detailsPage } from './details.tsx';
import { done } from './done.tsx';
import { nearbyAnswer, nearbyPage } from './nearby.tsx';
import { placeAnswer, placePage } from './place.tsx';
import { questionsAnswer, questionsPage } from './questions.tsx';

/** The journey of a report: one question a page, no scripts. */
export function mountReport(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/report', placePage(platform));
  app.post('/report', placeAnswer(platform));
  app.get('/report/nearby', nearbyPage(platform));
  app.post('/report/nearby', nearbyAnswer(platform));
  app.get('/report/category', categoryPage(platform));
  app.get('/report/category/search', categoryPage(platform));
  app.post('/report/category', categoryAnswer(platform));
  app.get('/report/questions', questionsPage(platform));
  app.post('/report/questions', questionsAnswer(platform));
  app.get('/report/details', detailsPage(platform));
  app.post('/report/details', detailsAnswer(platform));
  app.get('/report/contact', contactPage(platform));
  app.post('/report/contact', contactAnswer(platform));
  app.get('/report/contact/code', codePage(platform));
  app.post('/report/contact/code', codeAnswer(platform));
  app.get('/report/check', checkPage(platform));
  app.post('/report/check', send(platform));
  app.get('/report/done', done(platform));
}
