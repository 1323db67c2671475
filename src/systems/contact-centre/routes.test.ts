// Keeps: every route × who asks has its expected answer, and a route without a row fails the build (platform.md §4.4).
// A page that is added adds its line below; `WRITE_MATRIX=1` prints the table as the code answers now, to be read line by line.
import { expect, it } from 'vitest';
import { answersOf, matrix, routesOf, write } from '#platform/access/matrix.ts';
import { createApp } from '#platform/http/app.ts';
import { createPlatform } from '#platform/platform.ts';
import type { System } from '#platform/system.ts';
import { contactCentre } from './index.ts';
import { deskWorld } from './pages/desk/test-world.ts';

/** Column → persona. `str` is the dispatcher of another enterprise than that which has the request in hand. */
const who = {
  anon: null,
  res: 'resident',
  oper: 'operator',
  disp: 'dispatcher',
  str: 'stranger',
  crew: 'crew',
  ctrl: 'controller',
  supv: 'supervisor',
  mod: 'moderator',
  keep: 'keeper',
  adm: 'administrator',
};

const expected = matrix(`
                                                                    anon res  oper disp str  crew ctrl supv mod  keep adm
GET //open311/*                                                     200  200  200  200  200  200  200  200  200  200  200
GET /api/contact-centre/openapi.json                                200  200  200  200  200  200  200  200  200  200  200
GET /api/contact-centre/requests                                    200  200  200  200  200  200  200  200  200  200  200
GET /api/contact-centre/requests/:number                            404  404  404  404  404  404  404  404  404  404  404
GET /api/contact-centre/statistics                                  200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre                                                 200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/answers/:entry                                  404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/answers/:entry/proof.json                       404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/appeal                                          200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/appeal/done/:token                              404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/crew/:token                                     404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/desk/administrator                              303  403  403  403  403  403  403  403  403  200  403
GET /contact-centre/desk/administrator/:kind                        303  403  403  403  403  403  403  403  403  404  403
GET /contact-centre/desk/administrator/:kind/edit                   303  403  403  403  403  403  403  403  403  404  403
GET /contact-centre/desk/administrator/:kind/versions               303  403  403  403  403  403  403  403  403  404  403
GET /contact-centre/desk/administrator/district.geojson             303  403  403  403  403  403  403  403  403  200  403
GET /contact-centre/desk/administrator/imports                      303  403  403  403  403  403  403  403  403  200  403
GET /contact-centre/desk/administrator/imports/:id                  303  403  403  403  403  403  403  403  403  404  403
GET /contact-centre/desk/administrator/imports/:id/rejects.csv      303  403  403  403  403  403  403  403  403  404  403
GET /contact-centre/desk/administrator/open311-keys                 303  403  403  403  403  403  403  403  403  200  403
GET /contact-centre/desk/administrator/recount                      303  403  403  403  403  403  403  403  403  200  403
GET /contact-centre/desk/administrator/zone.geojson                 303  403  403  403  403  403  403  403  403  200  403
GET /contact-centre/desk/appeals                                    303  403  200  200  200  200  200  200  200  200  200
GET /contact-centre/desk/appeals/:number                            303  403  404  404  404  404  404  404  404  404  404
GET /contact-centre/desk/bulk/:id                                   303  403  404  404  404  404  404  404  404  404  404
GET /contact-centre/desk/controller                                 303  403  403  403  403  403  200  403  403  403  403
GET /contact-centre/desk/controller/calls/:number/:reporter         303  403  403  403  403  403  404  403  403  403  403
GET /contact-centre/desk/controller/checks                          303  403  403  403  403  403  200  403  403  403  403
GET /contact-centre/desk/controller/evidence                        303  403  403  403  403  403  200  403  403  403  403
GET /contact-centre/desk/controller/evidence/:number                303  403  403  403  403  403  404  403  403  403  403
GET /contact-centre/desk/controller/splits                          303  403  403  403  403  403  200  403  403  403  403
GET /contact-centre/desk/controller/splits/:number/:reporter        303  403  403  403  403  403  404  403  403  403  403
GET /contact-centre/desk/crew                                       303  403  403  200  200  200  403  403  403  403  403
GET /contact-centre/desk/crew/:number                               303  403  403  200  404  200  403  403  403  403  403
GET /contact-centre/desk/dispatcher                                 303  403  403  200  200  403  403  200  403  200  403
GET /contact-centre/desk/dispatcher/bulk                            303  403  403  303  303  403  403  303  403  303  403
GET /contact-centre/desk/dispatcher/bulk/words                      303  403  403  303  303  403  403  303  403  303  403
GET /contact-centre/desk/dispatcher/filters                         303  403  403  200  200  403  403  200  403  200  403
GET /contact-centre/desk/dispatcher/map                             303  403  403  200  200  403  403  200  403  200  403
GET /contact-centre/desk/dispatcher/news                            303  403  403  200  200  403  403  200  403  200  403
GET /contact-centre/desk/legal-holds                                303  403  403  403  403  403  403  200  403  403  403
GET /contact-centre/desk/moderator                                  303  403  403  403  403  403  403  403  200  403  403
GET /contact-centre/desk/moderator/:number                          303  403  403  403  404  403  403  403  200  403  404
GET /contact-centre/desk/moderator/:number/original                 303  403  403  403  404  403  403  403  200  403  404
GET /contact-centre/desk/moderator/:number/photos/:photo/cover      303  403  403  403  404  403  403  403  404  403  404
GET /contact-centre/desk/operator                                   303  403  200  403  403  403  403  200  403  403  403
GET /contact-centre/desk/requests/:number                           303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/crew-links                303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/duplicates                303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/export                    303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/legal-hold                303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/news                      303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/notes                     303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/pause                     303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/statutory                 303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/terms                     303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/requests/:number/words                     303  403  200  200  404  200  200  200  200  200  404
GET /contact-centre/desk/rules                                      303  403  403  403  403  403  403  200  403  200  403
GET /contact-centre/desk/rules/:version                             303  403  403  403  403  403  403  200  403  200  403
GET /contact-centre/desk/rules/:version/rule                        303  403  403  403  403  403  403  404  403  404  403
GET /contact-centre/desk/rules/dry-runs/:id                         303  403  403  403  403  403  403  404  403  404  403
GET /contact-centre/desk/rules/reroute                              303  403  403  403  403  403  403  200  403  200  403
GET /contact-centre/desk/rules/try                                  303  403  403  403  403  403  403  200  403  200  403
GET /contact-centre/desk/supervisor                                 303  403  403  403  403  403  403  200  403  200  403
GET /contact-centre/desk/supervisor/list/:view                      303  403  403  403  403  403  403  404  403  404  403
GET /contact-centre/desk/supervisor/list/:view/reassign             303  403  403  403  403  403  403  404  403  404  403
GET /contact-centre/desk/supervisor/requests/:number                303  403  403  403  403  403  403  200  403  200  403
GET /contact-centre/feed.atom                                       200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/follow/:token                                   404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/follow/:token/answer                            404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/follow/:token/answer/:no                        404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/follow/:token/photos/:id                        404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/follow/:token/photos/:id/small                  404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/follow/:token/terms                             404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/help                                            200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/help/:code                                      404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/layers/:layer/:z/:x/:y                          404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/map                                             200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/my                                              303  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/my/:number                                      303  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/my/:number/terms                                303  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/performance                                     200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/performance.csv                                 200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/performance/:figure                             404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/performance/methodology                         200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/photos/:id                                      404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/photos/:id/small                                404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/report                                          200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/report/category                                 303  303  303  303  303  303  303  303  303  303  303
GET /contact-centre/report/category/search                          303  303  303  303  303  303  303  303  303  303  303
GET /contact-centre/report/check                                    303  303  303  303  303  303  303  303  303  303  303
GET /contact-centre/report/contact                                  303  303  303  303  303  303  303  303  303  303  303
GET /contact-centre/report/contact/code                             303  303  303  303  303  303  303  303  303  303  303
GET /contact-centre/report/details                                  303  303  303  303  303  303  303  303  303  303  303
GET /contact-centre/report/done                                     303  303  303  303  303  303  303  303  303  303  303
GET /contact-centre/report/nearby                                   303  303  303  303  303  303  303  303  303  303  303
GET /contact-centre/report/questions                                303  303  303  303  303  303  303  303  303  303  303
GET /contact-centre/requests                                        200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/requests/:number                                404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/requests/:number/live                           503  503  503  503  503  503  503  503  503  503  503
GET /contact-centre/requests/:number/news                           404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/requests/:number/terms                          404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/subscribe                                       200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/subscribe/:token                                404  404  404  404  404  404  404  404  404  404  404
GET /contact-centre/tiles/:z/:x/:y                                  200  200  200  200  200  200  200  200  200  200  200
GET /contact-centre/track                                           200  200  200  200  200  200  200  200  200  200  200
GET /open311/*                                                      200  200  200  200  200  200  200  200  200  200  200
POST //open311/*                                                    400  400  400  400  400  400  400  400  400  400  400
POST /contact-centre/appeal                                         422  422  422  422  422  422  422  422  422  422  422
POST /contact-centre/crew/:token                                    404  404  404  404  404  404  404  404  404  404  404
POST /contact-centre/desk/administrator/:kind/edit                  401  403  403  403  403  403  403  403  403  404  403
POST /contact-centre/desk/administrator/imports                     401  403  403  403  403  403  403  403  403  422  403
POST /contact-centre/desk/administrator/imports/:id/apply           401  403  403  403  403  403  403  403  403  404  403
POST /contact-centre/desk/administrator/imports/:id/preview         401  403  403  403  403  403  403  403  403  404  403
POST /contact-centre/desk/administrator/open311-keys                401  403  403  403  403  403  403  403  403  422  403
POST /contact-centre/desk/administrator/open311-keys/:id/revoke     401  403  403  403  403  403  403  403  403  404  403
POST /contact-centre/desk/administrator/recount                     401  403  403  403  403  403  403  403  403  422  403
POST /contact-centre/desk/appeals/:number                           401  403  404  404  404  404  404  404  404  404  404
POST /contact-centre/desk/controller/calls/:number/:reporter        401  403  403  403  403  403  404  403  403  403  403
POST /contact-centre/desk/controller/calls/:number/:reporter/missed 401  403  403  403  403  403  404  403  403  403  403
POST /contact-centre/desk/controller/evidence/:number               401  403  403  403  403  403  404  403  403  403  403
POST /contact-centre/desk/controller/splits/:number/:reporter       401  403  403  403  403  403  404  403  403  403  403
POST /contact-centre/desk/crew/:number                              401  403  403  404  404  404  403  403  403  403  403
POST /contact-centre/desk/dispatcher/bulk                           401  403  403  404  404  403  403  404  403  404  403
POST /contact-centre/desk/dispatcher/bulk/words                     401  403  403  404  404  403  403  404  403  404  403
POST /contact-centre/desk/dispatcher/filters                        401  403  403  422  422  403  403  422  403  422  403
POST /contact-centre/desk/moderator/:number                         401  403  403  403  404  403  403  403  422  403  404
POST /contact-centre/desk/moderator/:number/original                401  403  403  403  404  403  403  403  200  403  404
POST /contact-centre/desk/moderator/:number/photos/:photo/cover     401  403  403  403  404  403  403  403  404  403  404
POST /contact-centre/desk/operator                                  401  403  303  403  403  403  403  303  403  403  403
POST /contact-centre/desk/requests/:number                          401  403  404  404  404  404  404  404  404  404  404
POST /contact-centre/desk/requests/:number/crew-links               401  403  403  422  404  403  403  403  403  403  404
POST /contact-centre/desk/requests/:number/duplicates               401  403  422  422  404  422  422  422  422  422  404
POST /contact-centre/desk/requests/:number/export                   401  403  403  403  404  403  403  422  403  403  404
POST /contact-centre/desk/requests/:number/legal-hold               401  403  403  403  404  403  403  422  403  403  404
POST /contact-centre/desk/requests/:number/notes                    401  403  422  422  404  422  422  422  404  404  404
POST /contact-centre/desk/requests/:number/pause                    401  403  403  422  404  422  403  422  403  403  404
POST /contact-centre/desk/requests/:number/statutory                401  403  422  403  404  403  403  422  403  403  404
POST /contact-centre/desk/requests/:number/words                    401  403  200  200  404  200  200  200  200  200  404
POST /contact-centre/desk/rules/:version/drop                       401  403  403  403  403  403  403  409  403  409  403
POST /contact-centre/desk/rules/:version/dry-run                    401  403  403  403  403  403  403  303  403  303  403
POST /contact-centre/desk/rules/:version/move                       401  403  403  403  403  403  403  409  403  409  403
POST /contact-centre/desk/rules/:version/publish                    401  403  403  403  403  403  403  409  403  409  403
POST /contact-centre/desk/rules/:version/rule                       401  403  403  403  403  403  403  409  403  409  403
POST /contact-centre/desk/rules/drafts                              401  403  403  403  403  403  403  404  403  404  403
POST /contact-centre/desk/rules/dry-runs/:id/read                   401  403  403  403  403  403  403  404  403  404  403
POST /contact-centre/desk/rules/reroute                             401  403  403  403  403  403  403  409  403  403  403
POST /contact-centre/desk/rules/roll-back                           401  403  403  403  403  403  403  409  403  409  403
POST /contact-centre/desk/supervisor/list/:view/reassign            401  403  403  403  403  403  403  404  403  404  403
POST /contact-centre/desk/supervisor/requests/:number               401  403  403  403  403  403  403  422  403  422  403
POST /contact-centre/follow/:token                                  404  404  404  404  404  404  404  404  404  404  404
POST /contact-centre/my/:number                                     401  404  404  404  404  404  404  404  404  404  404
POST /contact-centre/report                                         422  422  422  422  422  422  422  422  422  422  422
POST /contact-centre/report/category                                303  303  303  303  303  303  303  303  303  303  303
POST /contact-centre/report/check                                   303  303  303  303  303  303  303  303  303  303  303
POST /contact-centre/report/contact                                 303  303  303  303  303  303  303  303  303  303  303
POST /contact-centre/report/contact/code                            303  303  303  303  303  303  303  303  303  303  303
POST /contact-centre/report/details                                 303  303  303  303  303  303  303  303  303  303  303
POST /contact-centre/report/nearby                                  303  303  303  303  303  303  303  303  303  303  303
POST /contact-centre/report/questions                               303  303  303  303  303  303  303  303  303  303  303
POST /contact-centre/subscribe                                      422  422  422  422  422  422  422  422  422  422  422
POST /contact-centre/subscribe/:token                               404  404  404  404  404  404  404  404  404  404  404
POST /open311/*                                                     400  400  400  400  400  400  400  400  400  400  400
`);

const stranger: System = {
  name: 'stranger',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  personas: [
    {
      name: 'stranger',
      title: { uk: 'Диспетчер іншого підприємства', en: 'Dispatcher of another enterprise' },
      personName: 'Петро Чужинець',
      roles: [{ role: 'contact-centre.dispatcher', organisation: 'voda' }],
      organisation: 'voda',
      home: '/desk',
    },
    {
      name: 'keeper',
      title: { uk: 'Адміністратор контакт-центру', en: 'Contact centre administrator' },
      personName: 'Оксана Порядна',
      roles: [{ role: 'contact-centre.administrator' }],
      home: '/desk',
    },
  ],
};

it('answers everybody as the table says, and every route has its row', async () => {
  const world = await deskWorld();
  const platform = createPlatform({
    config: world.platform.config,
    clock: world.clock,
    pool: world.pool,
    systems: [contactCentre, stranger],
  });
  const app = createApp(platform, { cache: false, limits: false, log: () => {} });
  const without = new Set(
    routesOf(
      createApp(
        createPlatform({ config: platform.config, clock: world.clock, pool: world.pool, systems: [] }),
      ),
    ),
  );
  const routes = routesOf(app).filter((route) => !without.has(route));
  // Private: whoever may not know of it must not learn that it is there.
  const number = await world.report({ private: true });

  const found = await answersOf(
    app,
    routes,
    who,
    (path) => fill(path, number),
    () => world.pool.query('delete from rate_count'),
  );
  if (process.env.WRITE_MATRIX) console.log(write(found));
  expect([...found.keys()]).toEqual([...expected.keys()].sort());
  for (const [route, row] of found) expect({ route, ...row }).toEqual({ route, ...expected.get(route) });
}, 180_000);

const samples: Readonly<Record<string, string>> = {
  z: '14',
  x: '9785',
  y: '5632',
  version: '1',
  organisation: 'teplo',
};

function fill(path: string, number: string): string {
  return path
    .replace('*', 'v2/services.json')
    .replaceAll(/:(\w+)(\{[^}]*\})?/g, (_, name: string) =>
      name === 'number' ? number : (samples[name] ?? 'unknown'),
    );
}
