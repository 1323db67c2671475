import { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { catalogue } from './catalogue.tsx';
import { coverage } from './coverage/coverage.tsx';
import { coverageCsv, coverageJson, ledgerCsv } from './coverage/export.ts';
import { ledger } from './coverage/ledger.tsx';
import { dataset } from './dataset.tsx';
import { boardPages } from './desk/board/index.ts';
import { desk } from './desk/index.ts';
import { excelFile } from './excel-file.ts';
import { followAnswer, following } from './follow.tsx';
import { tables, template } from './official-tables.tsx';
import { passportFile, structureFile, tellForms } from './passport-file.ts';
import { query } from './query.tsx';
import { queryFile, queryFiles } from './query-file.ts';
import { buildQuery } from './query-form.tsx';
import { resource } from './resource.tsx';
import { unit, units } from './units.tsx';
import { difference } from './versions/difference.tsx';
import { versionList } from './versions/list.tsx';
import { version } from './versions/version.tsx';

/** Everything that people see of the portal. */
export function pages(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.get('/', catalogue(platform));
  app.get('/dataset', catalogue(platform));
  app.get('/dataset/:dataset', dataset(platform));
  app.get('/dataset/:dataset/resource/:version{[^/]+@v[0-9]+}', version(platform));
  app.get('/dataset/:dataset/resource/:resource', resource(platform));
  app.get('/dataset/:dataset/resource/:resource/excel.csv', excelFile(platform));
  for (const form of tellForms) {
    app.get(`/dataset/:dataset/passport.${form}`, passportFile(platform, form));
    app.get(`/dataset/:dataset/resource/:resource/structure.${form}`, structureFile(platform, form));
  }
  app.get('/dataset/:dataset/resource/:resource/versions', versionList(platform));
  app.get('/dataset/:dataset/resource/:resource/diff', difference(platform));
  for (const kind of ['dataset', 'organization', 'group'] as const)
    app.post(`/${kind}/:name/follow`, followAnswer(platform, kind));
  app.get('/following', following(platform));
  app.get('/query', query(platform));
  app.get('/query/build', buildQuery(platform));
  for (const file of queryFiles) app.get(`/query/${file}`, queryFile(platform, file));
  app.get('/organization', units(platform, 'organization'));
  app.get('/organization/:name', unit(platform, 'organization'));
  app.get('/group', units(platform, 'group'));
  app.get('/group/:name', unit(platform, 'group'));
  app.get('/coverage', coverage(platform));
  app.get('/coverage.csv', coverageCsv(platform));
  app.get('/coverage.json', coverageJson(platform));
  app.get('/coverage/ledger', ledger(platform));
  app.get('/coverage/ledger.csv', ledgerCsv(platform));
  app.get('/tables', tables);
  app.get('/tables/:appendix/:file{[^/]+\\.(?:csv|xlsx)}', template);
  app.route('/desk', desk(platform));
  app.route('/board', boardPages(platform));
  return app;
}
