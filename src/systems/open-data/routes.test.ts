// Keeps: every route of the portal × who asks has its expected answer, and a route without a row fails the build (platform.md §4.4).
import { expect, it } from 'vitest';
import { answersOf, matrix, routesOf, write } from '#platform/access/matrix.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { createPlatform } from '#platform/platform.ts';
import { openData } from './index.ts';

/** `edit`: a publisher; `offi`: the officer. */
const who = { anon: null, edit: 'publisher', offi: 'data-officer' };

const expected = matrix(`
                                                                   anon edit offi
GET /:file{catalog\\.(?:rdf|xml|ttl|n3|jsonld)}                     200  200  200
GET /:file{sitemap(?:-\\d+)?\\.xml}                                  200  200  200
GET /api                                                           200  200  200
GET /api/v1/open-data/datasets/:id/quality                           404  404  404
GET /api/v1/open-data/resources/:id/quality                          404  404  404
GET /api/v1/open-data/openapi.json                                 200  200  200
GET /api/v1/open-data/resources/:id/aggregate                      404  404  404
GET /api/v1/open-data/resources/:id/csvw.json                      404  404  404
GET /api/v1/open-data/resources/:id/diff                           404  404  404
GET /api/v1/open-data/resources/:id/export.csv                     404  404  404
GET /api/v1/open-data/resources/:id/export.geojson                 404  404  404
GET /api/v1/open-data/resources/:id/export.json                    404  404  404
GET /api/v1/open-data/resources/:id/export.ndjson                  404  404  404
GET /api/v1/open-data/resources/:id/export.parquet                 404  404  404
GET /api/v1/open-data/resources/:id/export.tsv                     404  404  404
GET /api/v1/open-data/resources/:id/export.xlsx                    404  404  404
GET /api/v1/open-data/resources/:id/profile                        404  404  404
GET /api/v1/open-data/resources/:id/repair                         404  404  404
GET /api/v1/open-data/resources/:id/rows                           404  404  404
GET /api/v1/open-data/resources/:id/schema.json                    404  404  404
GET /api/v1/open-data/resources/:id/validation                     404  404  404
GET /api/v1/open-data/resources/:id/versions                       404  404  404
GET /api/v1/open-data/resources/:id/versions/:n                    422  422  422
GET /api/v1/open-data/resources/:id/versions/:n/original           422  422  422
GET /dataset/:dataset                                              302  302  302
GET /dataset/:dataset/datapackage.json                             404  404  404
GET /dataset/:dataset/resource/:resource                           302  302  302
GET /dataset/:dataset/resource/:resource/download/:file?           404  404  404
GET /dataset/:file{[^/]+\\.(?:rdf|xml|ttl|n3|jsonld)}               404  404  404
GET /datasets.csv                                                  200  200  200
GET /datasets.json                                                 200  200  200
GET /datastore/dump/:table                                         404  404  404
GET /feeds/:file{custom\\.(?:atom|rss)}                             200  200  200
GET /feeds/:file{dataset\\.(?:atom|rss)}                            200  200  200
GET /feeds/dataset/:file{[^/]+\\.(?:atom|rss)}                      404  404  404
GET /feeds/group/:file{[^/]+\\.(?:atom|rss)}                        404  404  404
GET /feeds/organization/:file{[^/]+\\.(?:atom|rss)}                 404  404  404
GET /feeds/tag/:file{[^/]+\\.(?:atom|rss)}                          404  404  404
GET /open-data                                                     200  200  200
GET /open-data/:file{catalog\\.(?:rdf|xml|ttl|n3|jsonld)}           200  200  200
GET /open-data/:file{sitemap(?:-\\d+)?\\.xml}                        200  200  200
GET /open-data/api                                                 200  200  200
GET /open-data/board                                               303  403  200
GET /open-data/board/export.csv                                    303  403  200
GET /open-data/board/obligations                                   303  403  200
GET /open-data/board/obligations/:id                               303  403  404
GET /open-data/board/obligations/new                               303  403  200
GET /open-data/board/units/:name                                   303  403  404
GET /open-data/coverage                                            200  200  200
GET /open-data/coverage.csv                                        200  200  200
GET /open-data/coverage.json                                       200  200  200
GET /open-data/coverage/ledger                                     200  200  200
GET /open-data/coverage/ledger.csv                                 200  200  200
GET /open-data/dataset                                             200  200  200
GET /open-data/dataset/:dataset                                    404  404  404
GET /open-data/dataset/:dataset/datapackage.json                   404  404  404
GET /open-data/dataset/:dataset/passport.csv                          404  404  404
GET /open-data/dataset/:dataset/passport.json                          404  404  404
GET /open-data/dataset/:dataset/passport.xlsx                          404  404  404
GET /open-data/dataset/:dataset/resource/:resource                 404  404  404
GET /open-data/dataset/:dataset/resource/:resource/diff            404  404  404
GET /open-data/dataset/:dataset/resource/:resource/excel.csv         404  404  404
GET /open-data/dataset/:dataset/resource/:resource/download/:file? 404  404  404
GET /open-data/dataset/:dataset/resource/:resource/structure.csv      404  404  404
GET /open-data/dataset/:dataset/resource/:resource/structure.json      404  404  404
GET /open-data/dataset/:dataset/resource/:resource/structure.xlsx      404  404  404
GET /open-data/dataset/:dataset/resource/:resource/versions        404  404  404
GET /open-data/dataset/:dataset/resource/:version{[^/]+@v[0-9]+}   404  404  404
GET /open-data/dataset/:file{[^/]+\\.(?:rdf|xml|ttl|n3|jsonld)}     404  404  404
GET /open-data/datasets.csv                                        200  200  200
GET /open-data/datasets.json                                       200  200  200
GET /open-data/datastore/dump/:table                               404  404  404
GET /open-data/desk                                                303  200  200
GET /open-data/desk/approvals                                      303  403  200
GET /open-data/desk/dataset/:dataset                               303  404  404
GET /open-data/desk/dataset/:dataset/passport                        303  404  404
GET /open-data/desk/dataset/:dataset/quality                         303  404  404
GET /open-data/desk/live                                           303  404  200
GET /open-data/desk/live/:key                                      303  404  404
GET /open-data/desk/load/:load                                     303  404  404
GET /open-data/desk/load/:load/:report                             303  404  404
GET /open-data/desk/new                                            303  403  403
GET /open-data/desk/resource/:resource/columns                       303  404  404
GET /open-data/desk/resource/:resource/fix                         303  404  404
GET /open-data/desk/resource/:resource/rules                       303  404  404
GET /open-data/desk/resource/:resource/table                         303  404  404
GET /open-data/desk/resource/:resource/takedown                    303  403  404
GET /open-data/desk/tokens                                           303  200  200
GET /open-data/desk/upload/:upload                                 303  404  404
GET /open-data/embed/:resource                                       404  404  404
GET /open-data/feeds/:file{custom\\.(?:atom|rss)}                   200  200  200
GET /open-data/feeds/:file{dataset\\.(?:atom|rss)}                  200  200  200
GET /open-data/feeds/dataset/:file{[^/]+\\.(?:atom|rss)}            404  404  404
GET /open-data/feeds/group/:file{[^/]+\\.(?:atom|rss)}              404  404  404
GET /open-data/feeds/organization/:file{[^/]+\\.(?:atom|rss)}       404  404  404
GET /open-data/feeds/tag/:file{[^/]+\\.(?:atom|rss)}                404  404  404
GET /open-data/following                                             303  200  200
GET /open-data/group                                               200  200  200
GET /open-data/group/:name                                         404  404  404
GET /open-data/organization                                        200  200  200
GET /open-data/organization/:name                                  404  404  404
GET /open-data/query                                               200  200  200
GET /open-data/query/build                                           303  303  303
GET /open-data/query/rows-excel.csv                                  409  409  409
GET /open-data/query/rows.csv                                        409  409  409
GET /open-data/query/rows.parquet                                    409  409  409
GET /open-data/query/rows.xlsx                                       409  409  409
GET /open-data/tables                                                200  200  200
GET /open-data/tables/:appendix/:file{[^/]+\\.(?:csv|xlsx)}           404  404  404
OPTIONS /api/v1/open-data/*                                        204  204  204
POST /api                                                          404  404  404
POST /api/v1/open-data/resources/:id/versions                      401  401  401
POST /open-data/api                                                200  200  200
POST /open-data/board/obligations/:id                              401  403  404
POST /open-data/board/obligations/:id/not-applicable               401  403  404
POST /open-data/board/obligations/:id/units                        401  403  404
POST /open-data/board/obligations/new                              401  403  422
POST /open-data/board/remind                                       401  403  404
POST /open-data/board/units/:name                                  401  403  404
POST /open-data/dataset/:name/follow                                 401  404  404
POST /open-data/desk/*                                             401  404  404
POST /open-data/desk/approvals/:resource/:rule                     401  403  404
POST /open-data/desk/dataset/:dataset/files                        401  404  404
POST /open-data/desk/dataset/:dataset/obligation                   401  404  404
POST /open-data/desk/dataset/:dataset/passport                       401  404  404
POST /open-data/desk/dataset/:dataset/quality                        401  404  404
POST /open-data/desk/dataset/:dataset/unchanged                    401  404  404
POST /open-data/desk/live/:key/read                                401  404  404
POST /open-data/desk/load/:load/say                                401  404  404
POST /open-data/desk/new                                           401  403  403
POST /open-data/desk/resource/:resource/columns                      401  404  404
POST /open-data/desk/resource/:resource/fix                        401  404  404
POST /open-data/desk/resource/:resource/rules/:rule                401  404  404
POST /open-data/desk/resource/:resource/table                        401  404  404
POST /open-data/desk/resource/:resource/takedown                   401  403  404
POST /open-data/desk/tokens                                        401  422  422
POST /open-data/desk/tokens/:token                                 401  404  404
POST /open-data/desk/upload                                        401  409  409
POST /open-data/desk/upload/:upload                                401  404  404
POST /open-data/group/:name/follow                                   401  404  404
POST /open-data/organization/:name/follow                            401  404  404
`);

it('answers everybody as the table says, and every route has its row', async () => {
  const base = await testPlatform({ systems: [openData] });
  const platform = createPlatform({
    config: { ...base.config, mode: 'demo' },
    clock: base.clock,
    pool: base.pool,
    systems: [openData],
  });
  const app = createApp(platform, { cache: false, limits: false, log: () => {} });
  const own = new Set([
    ...routesOf(openData.programs!(platform)),
    ...(openData.api ? routesOf(openData.api(platform)) : []),
    ...routesOf(openData.pages!(platform)).map((route) =>
      route.replace(/ \/?/, ' /open-data/').replace(/\/$/, ''),
    ),
  ]);
  const found = await answersOf(app, [...own].sort(), who, (path) =>
    path
      .replaceAll(/:file\{([^}]*)\}/g, (_, pattern: string) => fileOf(pattern))
      .replaceAll(/:\w+(\{[^}]*\})?\??/g, 'unknown')
      .replace('*', '3'),
  );
  if (process.env.WRITE_MATRIX) console.log(write(found));
  expect([...found.keys()]).toEqual([...expected.keys()].sort());
  for (const [route, row] of found) expect({ route, ...row }).toEqual({ route, ...expected.get(route) });
  // A hundred routes, each asked by everybody: on a busy machine that takes its time.
}, 60_000);

/** A file that a pattern of endings means: `catalog\\.(?:rdf|xml)` is `catalog.rdf`. */
function fileOf(pattern: string): string {
  return pattern
    .replace('[^/]+', 'unknown')
    .replace('(?:-\\d+)?', '')
    .replace(/\(\?:(\w+)\|.*\)/, '$1')
    .replaceAll('\\', '');
}
