import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { officer, testPortal } from './api/ckan/testing.ts';
import { happenings, searchDatasets } from './front.ts';

const portal = await testPortal();
const hits = async (query: string) => searchDatasets(portal.platform, query, 5);

beforeAll(async () => {
  await portal.call('organization_create', { name: 'parky', title: 'Департамент парків' }, officer);
  const make = (input: Record<string, unknown>) =>
    portal.call('package_create', { owner_org: 'parky', ...input }, officer);
  await make({ name: 'dereva', title: 'Дерева міста', notes: 'Кожне дерево на вулицях' });
  await make({ name: 'tayemni-dereva', title: 'Таємні дерева', private: true });
});

describe('the search over the whole city', () => {
  it('finds public datasets by words in any form and leads to them', async () => {
    expect(await hits('дерево')).toEqual([
      {
        title: 'Дерева міста',
        href: '/open-data/dataset/dereva',
        summary: 'Кожне дерево на вулицях',
        kind: { uk: 'Відкриті дані', en: 'Open data' },
      },
    ]);
    const page = await portal.fetch(`/search?q=${encodeURIComponent('дерев')}`);
    const html = await page.text();
    expect(html).toContain('/open-data/dataset/dereva');
    expect(html).not.toContain('Таємні');
  });

  it('finds nothing where the words are no query of the catalogue', async () => {
    expect(await hits('title:[')).toEqual([]);
  });
});

describe('the front page', () => {
  it('tells of a dataset that came and of one whose data changed, never of private ones', async () => {
    const { db, clock } = portal.platform;
    const versions = async (name: string, last: number) => {
      const { result } = await portal.call('package_show', { id: name }, officer);
      const made = await portal.call(
        'resource_create',
        { package_id: result.id, url: 'https://example.org/a.pdf', format: 'PDF' },
        officer,
      );
      const resource = made.result.id as string;
      await db.execute(sql`insert into od_load (id, resource, n, file, file_name, state, source, author_name, received_at, alive_at, ended_at)
        select gen_random_uuid(), ${resource}, 1, gen_random_uuid(), 'a.csv', 'indexed', 'form', 'Хтось', now(), now(), now()`);
      for (let n = 1; n <= last; n++)
        await db.execute(sql`insert into od_version (resource, n, load, raw_sha256, raw_bytes, raw_name, data_sha256, rows, columns, source, author_name, made_at)
          select ${resource}, ${n}, id, 'x', 1, 'a.csv', 'x', 1, '[]', 'form', 'Хтось',
            ${clock.now().toISOString()}::timestamptz + ${n} * interval '1 second' from od_load where resource = ${resource}`);
      await db.execute(sql`update od_resource set current_version = ${last} where id = ${resource}`);
    };
    await versions('dereva', 2);
    await versions('tayemni-dereva', 1);
    const told = await happenings(db, 'uk', 6);
    expect(told.map(({ title, summary, href }) => ({ title, summary, href }))).toEqual([
      {
        title: 'Дерева міста',
        summary: 'Оновлено дані · Департамент парків',
        href: '/open-data/dataset/dereva',
      },
    ]);
    expect(await (await portal.fetch('/')).text()).toContain('Оновлено дані · Департамент парків');
  });
});
