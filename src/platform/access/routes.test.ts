// Keeps: the platform's own routes × who asks (platform.md §4.4); those of a system stand beside the system.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import { createApp } from '../http/app.ts';
import { createPlatform } from '../platform.ts';
import type { System } from '../system.ts';
import { answersOf, matrix, routesOf, write } from './matrix.ts';

/** `staf`: a post that gives no right of the platform's. */
const who = {
  anon: null,
  res: 'resident',
  staf: 'clerk',
  adm: 'administrator',
  priv: 'privacy-officer',
};

const expected = matrix(`
                                                anon res  staf adm  priv
GET /                                           200  200  200  200  200
GET /.well-known/misto/audit-heads.json         200  200  200  200  200
GET /about                                      200  200  200  200  200
GET /accessibility                              200  200  200  200  200
GET /api                                        200  200  200  200  200
GET /cabinet                                    303  200  200  200  200
GET /cabinet/data                               303  200  200  200  200
GET /cabinet/data/erasure                       303  200  200  200  200
GET /cabinet/data/export/:id                    303  404  404  404  404
GET /cabinet/data/questions/:id                 303  404  404  404  404
GET /cabinet/data/viewers/:entry                303  404  404  404  404
GET /cabinet/messages                           303  200  200  200  200
GET /cabinet/sessions                           303  200  200  200  200
GET /demo/mail                                  200  200  200  200  200
GET /design                                     200  200  200  200  200
GET /design/cabinet                             200  200  200  200  200
GET /design/desk                                200  200  200  200  200
GET /design/home                                200  200  200  200  200
GET /desk                                       303  403  200  200  200
GET /desk/emergency                             303  403  403  403  403
GET /desk/failures                              303  403  403  200  403
GET /desk/law                                   303  403  403  403  403
GET /desk/letters                               303  403  403  403  403
GET /desk/letters/:id                           303  403  403  403  403
GET /desk/password                              303  403  200  200  200
GET /desk/people                                303  403  403  200  403
GET /desk/people/:id                            303  403  403  404  403
GET /desk/privacy                               303  403  403  403  200
GET /desk/privacy/emergencies                   303  403  403  403  200
GET /desk/privacy/emergencies/:id               303  403  403  403  404
GET /desk/privacy/erasures/:id                  303  403  403  403  404
GET /desk/privacy/erasures/:id/certificate.json 303  403  403  403  404
GET /desk/privacy/questions                     303  403  403  403  200
GET /desk/privacy/questions/:id                 303  403  403  403  404
GET /desk/recusals                              303  403  200  200  200
GET /healthz                                    200  200  200  200  200
GET /kept-form                                  303  303  303  303  303
GET /openapi.json                               200  200  200  200  200
GET /privacy                                    200  200  200  200  200
GET /privacy/certificate                        200  200  200  200  200
GET /privacy/erasure/:token                     404  404  404  404  404
GET /privacy/erasure/:token/certificate.json    404  404  404  404  404
GET /privacy/purposes                           200  200  200  200  200
GET /prove                                      303  200  200  200  200
GET /readyz                                     200  200  200  200  200
GET /search                                     200  200  200  200  200
GET /sign-in                                    200  200  200  200  200
GET /sign-in/code                               200  200  200  200  200
GET /sign-in/keep                               303  200  200  200  200
GET /sign-in/staff                              200  200  200  200  200
GET /sign-in/staff/code                         303  303  303  303  303
GET /sign-in/staff/password                     303  303  303  303  303
GET /uk                                         301  301  301  301  301
GET /uk/*                                       301  301  301  301  301
GET /unsubscribe/:token                         404  404  404  404  404
POST /cabinet/data/erasure                      401  303  303  303  303
POST /cabinet/data/erasure/withdraw             401  303  303  303  303
POST /cabinet/data/export                       401  303  303  303  303
POST /cabinet/data/viewers/:entry               401  404  404  404  404
POST /cabinet/messages/:id/read                 401  404  404  404  404
POST /cabinet/messages/wishes                   401  303  303  303  303
POST /cabinet/sessions/end                      401  303  303  303  303
POST /desk/emergency                            401  403  403  403  403
POST /desk/emergency/end                        401  403  403  403  403
POST /desk/failures/events/:consumer/:number    401  403  403  404  403
POST /desk/failures/jobs/:id                    401  403  403  404  403
POST /desk/law                                  401  403  403  403  403
POST /desk/letters/:id                          401  403  403  403  403
POST /desk/password                             401  403  422  422  422
POST /desk/people                               401  403  403  422  403
POST /desk/people/:id/block                     401  403  403  404  403
POST /desk/people/:id/grant                     401  403  403  404  403
POST /desk/people/:id/proposals/:what/approve   401  403  403  404  403
POST /desk/people/:id/proposals/:what/refuse    401  403  403  404  403
POST /desk/people/:id/reset                     401  403  403  404  403
POST /desk/people/:id/resets/:what/approve      401  403  403  404  403
POST /desk/people/:id/resets/:what/refuse       401  403  403  404  403
POST /desk/people/:id/revoke                    401  403  403  404  403
POST /desk/privacy/emergencies/:id              401  403  403  403  404
POST /desk/privacy/erasures/:id/approve         401  403  403  403  404
POST /desk/privacy/erasures/:id/prepare         401  403  403  403  404
POST /desk/privacy/erasures/:id/refuse          401  403  403  403  404
POST /desk/privacy/find                         401  403  403  403  422
POST /desk/privacy/questions/:id                401  403  403  403  404
POST /desk/privacy/withheld                     401  403  403  403  422
POST /desk/privacy/withheld/:id/end             401  403  403  403  404
POST /desk/recusals                             401  403  422  422  422
POST /desk/recusals/:id/lift                    401  403  404  404  404
POST /preferences                               303  303  303  303  303
POST /privacy/certificate                       200  200  200  200  200
POST /prove                                     401  303  303  303  303
POST /prove/send                                401  503  503  503  503
POST /sign-in                                   503  503  503  503  503
POST /sign-in/code                              422  422  422  422  422
POST /sign-in/demo                              404  404  404  404  404
POST /sign-in/staff                             422  422  422  422  422
POST /sign-in/staff/code                        303  303  303  303  303
POST /sign-in/staff/password                    303  303  303  303  303
POST /sign-out                                  303  303  303  303  303
POST /unsubscribe/:token                        404  404  404  404  404
`);

const people: System = {
  name: 'people',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  roles: [{ name: 'people.clerk', title: { uk: 'Діловод', en: 'Clerk' }, permissions: ['people:nothing'] }],
  personas: [
    {
      name: 'resident',
      title: { uk: 'Мешканка', en: 'Resident' },
      personName: 'Олена',
      roles: [],
      home: '/cabinet',
    },
    {
      name: 'clerk',
      title: { uk: 'Діловод', en: 'Clerk' },
      personName: 'Ігор',
      roles: [{ role: 'people.clerk' }],
      home: '/desk',
    },
  ],
};

it('answers everybody as the table says, and every route has its row', async () => {
  const test = await testPlatform();
  const keysFile = join(mkdtempSync(join(tmpdir(), 'misto-')), 'keys.json');
  const config = { ...test.config, mode: 'demo' as const, keysFile };
  const platform = createPlatform({ config, clock: test.clock, pool: test.pool, systems: [people] });
  const app = createApp(platform, { cache: false, limits: false, log: () => {} });
  const found = await answersOf(
    app,
    routesOf(app),
    who,
    (path) => path.replaceAll(/:\w+(\{[^}]*\})?/g, 'unknown'),
    () => test.pool.query('delete from rate_count'),
  );
  if (process.env.WRITE_MATRIX) console.log(write(found));
  expect([...found.keys()]).toEqual([...expected.keys()].sort());
  for (const [route, row] of found) expect({ route, ...row }).toEqual({ route, ...expected.get(route) });
}, 180_000);
