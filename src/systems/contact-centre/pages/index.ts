import { Hono } from 'hono';
import { refuseUnconfirmed } from '#platform/calendar/confirmations.ts';
import { secretLinks } from '#platform/http/secret-links.ts';
import type { JobDefinition, MistoEnv, Platform } from '#platform/system.ts';
import { hasCity, readCity } from '../city.ts';
import { forgetCalls } from '../contacts.ts';
import { answerProof, answerProofFile } from './answer-proof.tsx';
import { appeal, appealAnswer, appealAnswers, appealDone, appealLetter } from './appeal.tsx';
import { mountCrewLinks } from './desk/crew/index.ts';
import { deskPages } from './desk/index.ts';
import { forgetDrafts } from './draft.ts';
import { follow, followAct } from './follow.tsx';
import { help, helpArticle } from './help.tsx';
import { home } from './home.tsx';
import { layers } from './layers.ts';
import { list } from './list.tsx';
import { live } from './live.ts';
import { map } from './map.tsx';
import { my } from './my.tsx';
import { performance, performanceFile, performanceList, performanceMethodology } from './performance.tsx';
import { photo, photoByLink } from './photos.tsx';
import { mountReport } from './report/index.ts';
import { request, requestNews, track } from './request.tsx';
import {
  areaNews,
  feed,
  subscribe,
  subscribeAnswer,
  subscription,
  subscriptionAnswer,
} from './subscribe.tsx';
import { ownTerms, publicTerms } from './terms.tsx';
import { tiles } from './tiles.ts';

/** What the pages need done behind the scenes. */
export const pageJobs: readonly JobDefinition[] = [
  areaNews,
  {
    name: 'contact-centre.forget-drafts',
    schedule: '17 3 * * *',
    async run(platform) {
      if (!(await hasCity(platform.db))) return;
      await forgetDrafts(platform.db, platform.clock.now());
      await forgetCalls(platform.db, platform.clock.now());
    },
  },
];

/** What people see of the contact centre, mounted at /contact-centre. */
export function pages(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  const guarded = secretLinks(platform);
  for (const path of ['/subscribe/*', '/appeal/done/*', '/follow/*', '/answers/*', '/crew/*'])
    app.use(path, guarded);
  app.get('/', home(platform));
  app.get('/requests', list(platform));
  app.get('/requests/:number', request(platform));
  app.get('/requests/:number/live', live(platform));
  app.get('/requests/:number/news', requestNews(platform));
  app.get('/requests/:number/terms', publicTerms(platform));
  app.get('/track', track(platform));
  app.get('/map', map(platform));
  app.get('/performance', performance(platform));
  app.get('/performance.csv', performanceFile(platform));
  app.get('/performance/methodology', performanceMethodology());
  app.get('/performance/:figure', performanceList(platform));
  app.get('/subscribe', subscribe(platform));
  app.post('/subscribe', subscribeAnswer(platform));
  app.get('/subscribe/:token', subscription(platform));
  app.post('/subscribe/:token', subscriptionAnswer(platform));
  app.get('/feed.atom', feed(platform));
  app.use('/appeal', async (_c, next) => {
    const { law } = await readCity(platform.db);
    for (const { code, confirmed } of law.values()) refuseUnconfirmed(platform, code, confirmed);
    await next();
  });
  app.get('/appeal', appeal(platform));
  app.post('/appeal', appealAnswer(platform));
  app.get('/appeal/done/:token', appealDone(platform));
  app.get('/follow/:token/answer', appealAnswers(platform));
  app.get('/follow/:token/answer/:no', appealLetter(platform));
  app.get('/answers/:entry', answerProof(platform));
  app.get('/answers/:entry/proof.json', answerProofFile(platform));
  app.get('/help', help(platform));
  app.get('/help/:code', helpArticle(platform));
  app.get('/tiles/:z/:x/:y', tiles(platform));
  app.get('/layers/:layer/:z/:x/:y', layers(platform));
  app.get('/photos/:id', photo(platform));
  app.get('/photos/:id/small', photo(platform));
  app.get('/follow/:token', follow(platform));
  app.get('/follow/:token/photos/:id', photoByLink(platform));
  app.get('/follow/:token/photos/:id/small', photoByLink(platform));
  app.post('/follow/:token', followAct(platform));
  app.get('/follow/:token/terms', ownTerms(platform));
  app.get('/my', my(platform));
  app.get('/my/:number', follow(platform));
  app.post('/my/:number', followAct(platform));
  app.get('/my/:number/terms', ownTerms(platform));
  mountReport(app, platform);
  mountCrewLinks(app, platform);
  app.route('/desk', deskPages(platform));
  return app;
}
