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
GET /api                                                           200  200  200
GET /dataset/:dataset/resource/:resource/download/:file?           404  404  404
GET /open-data/api                                                 200  200  200
GET /open-data/dataset/:dataset/resource/:resource/download/:file? 404  404  404
POST /api                                                          404  404  404
POST /open-data/api                                                200  200  200
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
  ]);
  const found = await answersOf(app, [...own].sort(), who, (path) =>
    path.replaceAll(/:\w+(\{[^}]*\})?\??/g, 'unknown').replace('*', '3'),
  );
  if (process.env.WRITE_MATRIX) console.log(write(found));
  expect([...found.keys()]).toEqual([...expected.keys()].sort());
  for (const [route, row] of found) expect({ route, ...row }).toEqual({ route, ...expected.get(route) });
});
