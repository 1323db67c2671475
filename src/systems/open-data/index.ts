import { Hono } from 'hono';
import type { MistoEnv, Platform, System } from '#platform/system.ts';
import { openDataCity } from '../../../city/dnipro/index.ts';
import { downloads } from './api/ckan/download.ts';
import { ckanApi } from './api/ckan/index.ts';
import { nativeApi } from './api/native/index.ts';
import { qualityApi } from './api/native/quality.ts';
import { outputs } from './api/outputs/index.ts';
import { askForProfile, cutJobs } from './cut.ts';
import { demo, demoPast } from './demo.ts';
import { figures } from './figures.ts';
import { followJobs } from './follow-letters.ts';
import { acts, happenings, searchDatasets } from './front.ts';
import { ownDatasets } from './live/own.ts';
import { askForAll, liveJobs } from './live/runs.ts';
import { linkJobs } from './loading/links.ts';
import { loadedFiles, loadJobs } from './loading/loads.ts';
import { demoObligations } from './obligations/demo.ts';
import { largeForms } from './pages/desk/large-forms.ts';
import { embeds } from './pages/embed.tsx';
import { pages } from './pages/index.ts';
import { permission, permissions, roleDefinitions, roleName } from './permissions.ts';
import { eraseOf, exportOf } from './personal.ts';
import { pieceJobs } from './pieces.ts';
import { promiseJobs } from './promises/jobs.ts';
import { purposeRegister } from './purposes.ts';
import { searchOf } from './search/search.ts';
import { useJobs } from './search/sort-by-uses.ts';
import { takeOverEvents, takeOverJobs } from './take-over.ts';
import { demoOfficer } from './tokens.ts';
import { collectUses } from './usage.ts';
import { waiting } from './waiting.ts';

/** CKAN's API, and the catalogue in the words of others. */
function programs(platform: Platform): Hono<MistoEnv> {
  collectUses(platform);
  const app = new Hono<MistoEnv>();
  app.route('/', largeForms(platform));
  app.route('/', ckanApi(platform));
  app.route('/', outputs(platform));
  app.route('/', embeds(platform));
  return app;
}

/** Downloads, and what the portal itself tells programs: people who are signed in are known there by their session. */
function apis(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.route('/', nativeApi(platform));
  app.route('/', qualityApi(platform));
  app.route('/', downloads(platform));
  return app;
}

/** The portal of open data: what the law requires to be published, fresh, checkable, and free for any use. */
export const openData: System = {
  name: 'open-data',
  purposes: purposeRegister,
  title: { uk: 'Відкриті дані', en: 'Open data' },
  summary: {
    uk: 'Дані міста: знайдіть, завантажте, використайте',
    en: 'Data of the city: find, download, use',
  },
  menu: {
    site: [{ title: { uk: 'Відкриті дані', en: 'Open data' }, href: '/open-data' }],
    cabinet: [
      { title: { uk: 'Дані, за якими я стежу', en: 'Data that I follow' }, href: '/open-data/following' },
    ],
    desk: [
      {
        title: { uk: 'Мої набори даних', en: 'My datasets' },
        href: '/open-data/desk',
        permission: permission('write'),
      },
      {
        title: { uk: 'Дошка обовʼязків', en: 'Board of obligations' },
        href: '/open-data/board',
        permission: permission('administer'),
      },
      {
        title: { uk: 'Живі дані', en: 'Live data' },
        href: '/open-data/desk/live',
        permission: permission('administer'),
      },
    ],
  },
  pages,
  warm: (platform) => searchOf(platform).warm(),
  programs,
  api: apis,
  permissions,
  roles: roleDefinitions,
  export: exportOf,
  erase: eraseOf,
  jobs: [
    ...loadJobs,
    ...linkJobs,
    ...pieceJobs,
    ...promiseJobs,
    ...takeOverJobs,
    ...liveJobs,
    ...cutJobs,
    ...followJobs,
    ...useJobs,
  ],
  on: { 'open-data.version.published': askForProfile, ...takeOverEvents },
  datasets: ownDatasets,
  acts,
  happenings,
  search: (platform, query, _, limit) => searchDatasets(platform, query, limit),
  fileReferences: [`select file::text from od_resource where file is not null`, ...loadedFiles],
  figures,
  waiting,
  personas: [
    {
      name: 'publisher',
      title: { uk: 'Публікаторка даних', en: 'Data publisher' },
      personName: 'Софія Тополенчук',
      roles: [{ role: roleName('editor'), organisation: openDataCity.demoPublisher }],
      organisation: openDataCity.demoPublisher,
      home: '/desk',
    },
    {
      name: demoOfficer,
      title: { uk: 'Відповідальна особа за відкриті дані', en: 'Open-data officer' },
      personName: 'Павло Вербицвіт',
      roles: [{ role: roleName('officer') }],
      home: '/desk',
    },
  ],
  async demo(platform, clock) {
    await demo(platform, clock);
    await demoObligations(platform, clock);
    await askForAll(platform);
  },
  async demoPast(platform, clock, stopping) {
    // Behind the older months of the other systems: their live data change with them.
    await askForAll(platform);
    await demoPast(platform, clock, stopping);
  },
};
