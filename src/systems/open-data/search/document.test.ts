import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { createDataset } from '../datasets.ts';
import { createUnit } from '../units.ts';
import { searchOf, usualSort } from './search.ts';

const platform = await testPlatform();
const work = <T>(act: Parameters<typeof platform.work<T>>[1]) => platform.work(systemActor('test'), act);
const found = async (q: string) => {
  const wanted = { fq: [], sort: usualSort, rows: 10, start: 0, facets: [], facetLimit: 0, facetMinCount: 1 };
  const { packages } = await searchOf(platform).find(anonymous, {
    ...wanted,
    q,
    includeDrafts: false,
    includePrivate: false,
    includeDeleted: false,
  });
  return packages.map((text) => JSON.parse(text).name);
};

it('documents that another version of the program wrote are made anew when they are met', async () => {
  await work((one) => createUnit(one, 'organization', { name: 'org' }));
  await work((one) => createDataset(one, { name: 'parks', title: 'Парки', owner_org: 'org' }));
  await platform.db.execute(
    sql`update od_search set changed = pg_current_xact_id(), document = jsonb_build_object('shape', 0, 'id', dataset)`,
  );
  expect(await found('парк')).toEqual(['parks']);
});

it('many changes of one dataset leave one find', async () => {
  for (let n = 0; n < 30; n += 1)
    await platform.db.execute(
      sql`update od_search set changed = pg_current_xact_id(), document = jsonb_set(document, '{due}', to_jsonb(${n}::text))`,
    );
  expect(await found('парк')).toEqual(['parks']);
});
