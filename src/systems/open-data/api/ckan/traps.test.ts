// Keeps: open-data.md 5.8, every trap of clients, and the util paths of 5.7.
import { describe, expect, it } from 'vitest';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
await portal.call('organization_create', { name: 'org', title: 'Розпорядник' }, officer);
const editor = await portal.member('org', 'editor', 'editor');

describe('clients fetch', () => {
  it('organisation dictionaries by 25 up to ceil(n / 25), each once', async () => {
    for (let n = 0; n < 29; n += 1) await portal.call('organization_create', { name: `unit-${n}` }, officer);
    const all = (await portal.get('organization_list')).result as string[];
    const pages = await Promise.all(
      Array.from({ length: Math.ceil(all.length / 25) }, (_, page) =>
        portal.get('organization_list', `all_fields=true&limit=25&offset=${page * 25}`),
      ),
    );
    expect(pages.flatMap((page) => page.result.map((one: { name: string }) => one.name))).toEqual(all);
  });
  it('pages by id until one is empty, no two alike, while datasets change', async () => {
    for (let n = 0; n < 12; n += 1)
      await portal.call('package_create', { name: `page-${n}`, owner_org: 'org' }, editor);
    const seen: string[] = [];
    const bodies = new Set<string>();
    for (let start = 0; ; start += 5) {
      const { body } = await portal.get('package_search', `rows=5&start=${start}&sort=id+asc`);
      const ids = body.result.results.map((one: { id: string }) => one.id);
      if (ids.length === 0) break;
      expect(bodies.has(JSON.stringify(body))).toBe(false);
      bodies.add(JSON.stringify(body));
      seen.push(...ids);
      await portal.call('package_patch', { id: ids[0], title: `змінено ${start}` }, editor);
    }
    expect(new Set(seen).size).toBe(12);
    expect(seen).toHaveLength(12);
  });
  it('by metadata_modified while datasets change, and lose nothing', async () => {
    const since = (await portal.get('package_search', 'sort=metadata_modified+asc&rows=1')).result.results[0]
      .metadata_modified;
    const { result } = await portal.get(
      'package_search',
      `fq=metadata_modified:[${since.slice(0, 23)}Z TO *]&sort=metadata_modified+asc&rows=1000`,
    );
    expect(result.results).toHaveLength(12);
  });
  it('rows=1000 until empty', async () => {
    expect((await portal.get('package_search', 'rows=1000')).result.results).toHaveLength(12);
    expect((await portal.get('package_search', 'rows=1000&start=1000')).result.results).toEqual([]);
  });
});

it('unknown keys on lists and shows are ignored', async () => {
  const query = 'include_private=true&include_drafts=true&include_deleted=1&include_password_hash=true';
  for (const action of [
    `package_list?${query}`,
    `organization_list?${query}&all_fields=true`,
    `package_show?id=page-1&${query}`,
    `user_list?${query}`,
  ])
    expect((await portal.fetch(`/api/3/action/${action}`)).status).toBe(200);
});

describe('bulk loaders write in parallel on one token', () => {
  it('many resources of one dataset: none is lost', async () => {
    await portal.call('package_create', { name: 'busy', owner_org: 'org' }, editor);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        portal.call('resource_create', { package_id: 'busy', name: `r${n}` }, editor),
      ),
    );
    expect(answers.map((one) => one.status)).toEqual(Array(20).fill(200));
    const { resources } = (await portal.get('package_show', 'id=busy')).result;
    expect(resources.map((one: { position: number }) => one.position)).toEqual([...Array(20).keys()]);
    expect(new Set(resources.map((one: { name: string }) => one.name)).size).toBe(20);
  });
  it('many datasets with the same new tags, and patches of the same ones: no deadlock', async () => {
    const tags = ['один', 'два', 'три', 'чотири'].map((name) => ({ name }));
    const made = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        portal.call(
          'package_create',
          { name: `bulk-${n}`, owner_org: 'org', tags: n % 2 ? tags : [...tags].reverse() },
          editor,
        ),
      ),
    );
    expect(made.map((one) => one.status)).toEqual(Array(16).fill(200));
    const patched = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        portal.call('package_patch', { id: `bulk-${n % 4}`, [n % 2 ? 'notes' : 'title']: `${n}` }, editor),
      ),
    );
    expect(patched.map((one) => one.status)).toEqual(Array(16).fill(200));
    expect((await portal.get('package_show', 'id=bulk-0')).result).toMatchObject({ notes: null });
  });
  it('of many who ask for one name at once, one gets it and the others hear why', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        portal.call('package_create', { name: 'contested', owner_org: 'org' }, editor),
      ),
    );
    expect(answers.filter((one) => one.status === 200)).toHaveLength(1);
    for (const { status, error } of answers)
      if (status !== 200) expect(error.name).toEqual(['That URL is already in use.']);
  });
});

it('JSON create, then multipart resource_patch', async () => {
  await portal.call('package_create', { name: 'patched', owner_org: 'org' }, editor);
  const made = (
    await portal.call('resource_create', { package_id: 'patched', name: 'дані', description: 'опис' }, editor)
  ).result;
  const form = new FormData();
  form.set('id', made.id);
  form.set('upload', new File(['{"a":1}'], 'data.json', { type: 'application/json' }));
  const answer = await portal.fetch('/api/action/resource_patch', {
    method: 'POST',
    headers: { authorization: editor },
    body: form,
  });
  const { result } = (await answer.json()) as { result: Record<string, unknown> };
  expect(result).toMatchObject({
    name: 'дані',
    description: 'опис',
    url_type: 'upload',
    format: 'JSON',
    size: 7,
  });
});

it('a sent-back upload url keeps the file', async () => {
  const [resource] = (await portal.get('package_show', 'id=patched')).result.resources;
  for (const input of [
    { id: resource.id, url: resource.url, name: 'інша назва' },
    { id: resource.id, url: resource.url, url_type: 'upload' },
    resource,
  ]) {
    const { result } = await portal.call('resource_update', input, editor);
    expect(result).toMatchObject({ url: resource.url, hash: resource.hash, size: 7, url_type: 'upload' });
    expect(await (await fetch(result.url)).text()).toBe('{"a":1}');
  }
  const whole = (await portal.get('package_show', 'id=patched')).result;
  const again = await portal.call('package_update', whole, editor);
  expect(again.result.resources[0].hash).toBe(resource.hash);
  const linked = await portal.call(
    'resource_update',
    { id: resource.id, url: 'https://example.org/other.csv' },
    editor,
  );
  expect(linked.result).toMatchObject({
    url: 'https://example.org/other.csv',
    url_type: null,
    hash: '',
    format: 'CSV',
  });
});

it('a client cannot claim a stored file by writing its hash', async () => {
  const upload = { content: { sha256: 'a'.repeat(64), bytes: 1 }, name: 'x.csv' };
  const { result } = await portal.call('resource_create', { package_id: 'patched', upload }, editor);
  expect(result).toMatchObject({ url: '', url_type: null });
});

it('package_create with passport extras, then form resource_create with only X-CKAN-API-Key', async () => {
  const { result } = await portal.call(
    'package_create',
    {
      name: 'from-robot',
      owner_org: 'org',
      purpose_of_collecting_information: 'облік',
      extras: [
        { key: 'update_frequency', value: 'once a month' },
        { key: 'language', value: 'ua' },
      ],
    },
    editor,
  );
  expect(result.extras.map((one: { key: string }) => one.key)).toEqual([
    'language',
    'purpose_of_collecting_information',
    'update_frequency',
  ]);
  const answer = await portal.fetch('/api/3/action/resource_create', {
    method: 'POST',
    headers: { 'x-ckan-api-key': editor },
    body: new URLSearchParams({ package_id: 'from-robot', url: 'https://example.org/a.csv', name: 'А' }),
  });
  expect(((await answer.json()) as { result: unknown }).result).toMatchObject({ name: 'А', format: 'CSV' });
});

it('JS proxies call then or toJSON as actions: plain 400', async () => {
  for (const name of ['then', 'toJSON', 'constructor', '__proto__'])
    expect((await portal.fetch(`/api/3/action/${name}`)).status).toBe(400);
});

describe('small answers for the fields of forms', () => {
  const get = async (path: string) => (await portal.fetch(path)).json();
  it.each(['/api/util', '/api/1/util', '/api/2/util', '/open-data/api/2/util'])('%s', async (util) => {
    expect(await get(`${util}/dataset/autocomplete?incomplete=from&limit=5`)).toEqual({
      ResultSet: {
        Result: [
          { name: 'from-robot', title: 'from-robot', match_field: 'name', match_displayed: 'from-robot' },
        ],
      },
    });
    expect(await get(`${util}/tag/autocomplete?incomplete=оди`)).toEqual({
      ResultSet: { Result: [{ Name: 'один' }] },
    });
    expect(await get(`${util}/resource/format_autocomplete?incomplete=cs`)).toEqual({
      ResultSet: { Result: [{ Format: 'csv' }] },
    });
    expect(await get(`${util}/organization/autocomplete?q=розп`)).toMatchObject([{ name: 'org' }]);
    expect(await get(`${util}/group/autocomplete?q=envi`)).toMatchObject([{ name: 'envi' }]);
    expect(await get(`${util}/user/autocomplete?q=edi`)).toMatchObject([{ name: 'editor' }]);
  });
});
