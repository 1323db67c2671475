// Keeps: nothing of a blocked, draft or private version shows in pages, API, dump, diff, feeds or as-of; raw bytes come back as they
// came; `_id` counts from 1 in the order of the file (open-data.md 3, invariants 1, 4, 5 and 6).
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { officer, testPortal } from '../ckan/testing.ts';
import { publisherOf } from './testing.ts';

const portal = await testPortal();
const { clock, send, ask } = publisherOf(portal);
const day = 86_400_000;
const start = clock.now().getTime() - day;
const file = (word: string) => `n;слово\n1;${word}\n2;${word} ще\n`;
let resource = '';
let member = '';

/** All that one can ask about some versions of a resource, in pages, feeds and APIs, as one text. */
async function everything(
  name: string,
  id: string,
  numbers: readonly number[],
  token?: string,
): Promise<string> {
  const native = [
    '/versions',
    '/diff',
    '/diff?from=1&to=2',
    '/diff?from=1&to=3&format=csv',
    '/rows',
    '/export.json',
    ...numbers.flatMap((n) =>
      [
        'versions/N',
        'versions/N/original',
        'rows?version=N',
        'export.csv?version=N',
        'profile?version=N',
        'repair?version=N',
        'validation?version=N',
        'aggregate?group_by=слово&version=N',
        'schema.json?version=N',
      ].map((path) => `/${path.replace('N', String(n))}`),
    ),
    ...Array.from(
      { length: 8 },
      (_, n) => `/rows?as_of=${new Date(start + n * day).toISOString().slice(0, 10)}`,
    ),
  ].map((path) => `/api/v1/open-data/resources/${id}${path}`);
  const outer = [
    `/open-data/dataset/${name}`,
    `/open-data/dataset/${name}.ttl`,
    `/feeds/dataset/${name}.atom`,
    `/open-data/dataset/${name}/resource/${id}`,
    `/open-data/dataset/${name}/resource/${id}/versions`,
    `/open-data/dataset/${name}/resource/${id}/diff`,
    ...numbers.flatMap((n) => [
      `/open-data/dataset/${name}/resource/${id}@v${n}`,
      `/open-data/dataset/${name}/resource/${id}/diff?from=${n}&to=3`,
      `/datastore/dump/${id}?version=${n}`,
      `/open-data/api/3/action/datastore_search?resource_id=${id}&version=${n}`,
    ]),
  ];
  const said: string[] = [];
  const left = [...native, ...outer];
  const ask = async () => {
    for (let path = left.pop(); path; path = left.pop()) {
      const answer = await portal.fetch(path, {
        headers: { accept: 'text/html', ...(token ? { authorization: token } : {}) },
      });
      const text = await answer.text();
      if (answer.status === 200) said.push(text);
    }
  };
  await Promise.all([ask(), ask(), ask(), ask()]);
  return said.join('\n');
}

beforeAll(async () => {
  await portal.call('organization_create', { name: 'secrets', title: 'Архів' }, officer);
  member = await portal.member('secrets', 'member', 'reader');
  await portal.call(
    'package_create',
    { name: 'papers', title: 'Папери', owner_org: 'secrets', private: true },
    officer,
  );
  resource = await send('papers', file('чернеткова'));
  clock.advance(day);
  await send('papers', file('перша'), resource);
  clock.advance(day);
  await portal.call('package_patch', { id: 'papers', private: false }, officer);
  clock.advance(day);
  await send('papers', file('друга'), resource);
  clock.advance(day);
  // A file that gives people away makes no version.
  await send(
    'papers',
    'n;телефон;слово\n1;+380501112233;заблокована\n2;+380501112234;заблокована\n',
    resource,
  );
});

describe('versions of a public dataset', () => {
  it('that were replaced before it was public are nobody’s but its publisher’s', async () => {
    const open = await everything('papers', resource, [1, 4]);
    for (const word of ['перша', 'друга']) expect(open).toContain(word);
    for (const word of ['чернеткова', 'заблокована', '380501112233']) expect(open).not.toContain(word);
    expect(
      (await ask(resource, '/versions')).body.versions.map((one: { version: number }) => one.version),
    ).toEqual([3, 2]);
    expect((await ask(resource, '/versions/1')).status).toBe(404);
    expect((await ask(resource, '/diff?from=1&to=2')).status).toBe(404);
    expect((await ask(resource, '/versions/1/original', member)).text).toBe(file('чернеткова'));
    expect((await ask(resource, '/versions/4', member)).status).toBe(404);
  });

  it('were current from the day on which people could read them', async () => {
    const words = async (asOf: string, token?: string) => {
      const { status, body } = await ask(resource, `/rows?as_of=${asOf}`, token);
      return status === 200 ? body.records[0].слово : status;
    };
    expect(await words('2026-11-24')).toBe(404);
    expect(await words('2026-11-25')).toBe(404);
    expect(await words('2026-11-26')).toBe('перша');
    expect(await words('2026-11-27')).toBe('друга');
    expect(await words('2026-11-24', member)).toBe('чернеткова');
    expect(await words('2026-11-25', member)).toBe('перша');
  });

  it('give their bytes back with the hash that is told of them, and count rows from 1', async () => {
    for (const { version, raw_sha256 } of (await ask(resource, '/versions')).body.versions) {
      const { bytes } = await ask(resource, `/versions/${version}/original`);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(raw_sha256);
      const { records } = (await ask(resource, `/rows?version=${version}&fields=_id,n`)).body;
      expect(records).toEqual([
        { _id: 1, n: 1 },
        { _id: 2, n: 2 },
      ]);
    }
  });

  it('are read whole by a name or a number while the next one is being made', async () => {
    const reads = Array.from({ length: 12 }, () => ask(resource, '/export.ndjson'));
    await send('papers', file('третя'), resource);
    for (const { text } of await Promise.all(reads)) {
      const words = new Set(
        text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).слово.split(' ')[0]),
      );
      expect(words.size).toBe(1);
    }
  });
});

describe('a dataset that is private again, or gone', () => {
  it('shows nothing of any version to strangers', async () => {
    await portal.call('package_patch', { id: 'papers', private: true }, officer);
    const said = await everything('papers', resource, [3]);
    for (const word of ['перша', 'друга', 'третя']) expect(said).not.toContain(word);
    const answers = await Promise.all(
      ['/versions', '/rows', '/diff', '/export.parquet', '/profile'].map((path) => ask(resource, path)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    await portal.call('package_patch', { id: 'papers', private: false }, officer);
    expect((await ask(resource, '/rows?as_of=2026-11-26')).status).toBe(200);
    await portal.call('package_delete', { id: 'papers' }, officer);
    expect((await ask(resource, '/versions')).status).toBe(404);
  });
});

describe('a version that was taken down', () => {
  it('leaves its number and hash: 410 everywhere, and no cell of it', async () => {
    await portal.call('package_create', { name: 'gone', title: 'Вилучене', owner_org: 'secrets' }, officer);
    const id = await send('gone', file('таємна'));
    await ask(id, '/profile');
    await send('gone', file('видима'), id);
    await portal.platform.db.execute(
      sql`update od_version set taken_down_at = ${clock.now().toISOString()}, raw_file = null, data_file = null where resource = ${id} and n = 1`,
    );
    expect(await everything('gone', id, [1])).not.toContain('таємна');
    const stone = await ask(id, '/versions/1');
    expect([stone.status, stone.body.raw_sha256]).toEqual([
      410,
      createHash('sha256').update(file('таємна')).digest('hex'),
    ]);
    for (const path of [
      '/rows?version=1',
      '/versions/1/original',
      '/diff?from=1&to=2',
      '/profile?version=1',
      '/repair?version=1',
    ])
      expect((await ask(id, path)).status).toBe(410);
    const page = await portal.fetch(`/open-data/dataset/gone/resource/${id}@v1`, {
      headers: { accept: 'text/html' },
    });
    expect([page.status, await page.text()]).toEqual([410, expect.stringContaining('вилучено')]);
  });
});

describe('a file whose columns were hidden', () => {
  it('is nobody’s as it came but its publisher’s, and its reports hide what was hidden', async () => {
    await portal.call(
      'package_create',
      { name: 'masked', title: 'Приховане', owner_org: 'secrets' },
      officer,
    );
    const id = await send('masked', 'n;телефон\n1;+380501112233\n2;+380501112244\n');
    await portal.platform.db.execute(
      sql`update od_resource set load_rules = ${JSON.stringify([
        { id: '1', fix: { do: 'mask', column: 'телефон' }, author: 'x', on: true },
      ])}::jsonb where id = ${id}`,
    );
    await send('masked', 'n;телефон\n1;+380501112233\n2;+380501112244\n3;+380501112255\n', id);
    expect((await ask(id, '/rows')).body.records[0]).toEqual({ _id: 1, n: 1, телефон: '•••' });
    const [version] = (await ask(id, '/versions')).body.versions;
    expect(version).toMatchObject({ version: 1, raw_sha256: null });
    expect(version.links.original).toBeUndefined();
    const original = await ask(id, '/versions/1/original');
    expect([original.status, original.body?.code ?? original.text]).toEqual([
      403,
      expect.stringContaining('export.csv'),
    ]);
    expect((await ask(id, '/versions/1/original', officer)).status).toBe(200);
    expect(await everything('masked', id, [1])).not.toContain('38050111');
  });
});
