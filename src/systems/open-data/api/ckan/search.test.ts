// Keeps: open-data.md 5.6, every row.
import { describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
const clock = portal.platform.clock as ManualClock;
for (const [name, title] of [
  ['transport', 'Транспорт'],
  ['osvita', 'Освіта'],
])
  await portal.call('organization_create', { name, title }, officer);
const make = async (input: Record<string, unknown>) => {
  clock.advance(60_000);
  return (await portal.call('package_create', { owner_org: 'transport', ...input }, officer)).result;
};
const stops = await make({
  name: 'tram-stops',
  title: 'Зупинки трамваїв',
  notes: 'Розташування зупинок на вулицях міста',
  tags: [{ name: 'трамвай' }, { name: 'громадський транспорт' }],
  groups: [{ name: 'tran' }],
  license_id: 'CC-BY-4.0',
  author: 'Диспетчерська',
  update_frequency: 'once a month',
  resources: [{ url: 'https://example.org/a.csv', name: 'Перелік' }, { url: 'https://example.org/b.json' }],
});
await make({
  name: 'schools',
  title: 'Школи міста',
  owner_org: 'osvita',
  notes: 'Перелік шкіл. Поруч зупинки трамвая.',
  tags: [{ name: 'освіта' }],
  groups: [{ name: 'educ' }, { name: 'soci' }],
  license_id: 'notspecified',
  resources: [{ url: 'https://example.org/c.csv' }],
});
await make({ name: 'routes', title: 'Маршрути тролейбусів', groups: [{ name: 'tran' }] });
await make({ name: 'hidden', title: 'Службові зупинки', private: true });
await make({ name: 'unready', title: 'Чернетка зупинок', state: 'draft' });
await make({ name: 'gone', title: 'Вилучені зупинки' });
await portal.call('package_delete', { id: 'gone' }, officer);

const search = async (parameters: Record<string, unknown>, token?: string) =>
  (await portal.call('package_search', parameters, token)).result;
const names = async (parameters: Record<string, unknown> | string, token?: string) =>
  (await search(typeof parameters === 'string' ? { q: parameters } : parameters, token)).results
    .map((one: { name: string }) => one.name)
    .sort();

describe('the answer', () => {
  it('has count, sort, facets, results and search_facets', async () => {
    const result = await search({ 'facet.field': ['organization', 'groups', 'license_id'], rows: 1 });
    expect(Object.keys(result).sort()).toEqual(['count', 'facets', 'results', 'search_facets', 'sort']);
    expect(result.count).toBe(3);
    expect(result.sort).toBe('score desc, metadata_modified desc');
    expect(result.facets.organization).toEqual({ transport: 2, osvita: 1 });
    expect(result.results).toHaveLength(1);
    expect(result.results[0].name).toBe('routes');
  });
  it('names facets by titles, last of the alphabet first', async () => {
    const { search_facets } = await search({ 'facet.field': '["organization", "license_id"]', rows: 0 });
    expect(search_facets.organization).toEqual({
      title: 'organization',
      items: [
        { name: 'transport', display_name: 'Транспорт', count: 2 },
        { name: 'osvita', display_name: 'Освіта', count: 1 },
      ],
    });
    expect(search_facets.license_id.items[0].display_name).toBe('License not specified');
  });
  it('limits facets by number and by count', async () => {
    const counted = async (more: Record<string, unknown>) =>
      (await search({ 'facet.field': ['groups'], ...more })).facets.groups;
    expect(await counted({ 'facet.limit': 1 })).toEqual({ tran: 2 });
    expect(await counted({ 'facet.mincount': 2 })).toEqual({ tran: 2 });
    expect(Object.keys(await counted({ 'facet.limit': -1 }))).toHaveLength(3);
    expect((await search({ 'facet.field': ['groups'], facet: 'false' })).facets).toEqual({});
  });
  it('holds the whole datasets, or only the keys of fl', async () => {
    expect((await search({ q: 'name:tram-stops' })).results[0]).toEqual(stops);
    const two = { name: 'tram-stops', title: 'Зупинки трамваїв' };
    expect((await search({ q: 'name:tram-stops', fl: 'name,title' })).results).toEqual([two]);
    expect((await search({ q: 'name:tram-stops', fl: ['name', 'title'] })).results).toEqual([two]);
  });
  it('has at most 1000 rows, and none past the end', async () => {
    expect((await search({ rows: 5000 })).results).toHaveLength(3);
    expect((await search({ rows: 10, start: 50 })).results).toEqual([]);
    expect((await search({ rows: 0 })).results).toEqual([]);
  });
  it('takes parameters of other engines, and refuses those of none', async () => {
    const tuned = {
      q: 'школи',
      qf: 'title^2',
      defType: 'edismax',
      mm: '1',
      df: 'text',
      tie: 0.1,
      bf: '',
      boost: '',
      wt: 'json',
    };
    expect(await names({ ...tuned, ext_mine: 'x', use_default_schema: true })).toEqual(['schools']);
    expect((await portal.call('package_search', { include_secret: true })).status).toBe(400);
  });
});

describe('the order', () => {
  const order = async (sort: string) =>
    (await search({ sort })).results.map((one: { name: string }) => one.name);
  it('is by name, title, times or id, either way', async () => {
    expect(await order('name asc')).toEqual(['routes', 'schools', 'tram-stops']);
    expect(await order('title desc')).toEqual(['schools', 'routes', 'tram-stops']);
    expect(await order('metadata_created asc')).toEqual(['tram-stops', 'schools', 'routes']);
    expect(await order('metadata_modified desc, name asc')).toEqual(['routes', 'schools', 'tram-stops']);
  });
  it('pages by id are total and stable', async () => {
    const pages = await Promise.all([0, 1, 2].map((start) => search({ sort: 'id asc', rows: 1, start })));
    const ids = pages.map((one) => one.results[0].id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual([...ids].sort());
  });
  it('puts a word of the title before one of the notes', async () => {
    const { results } = await search({ q: 'трамвай зупинка' });
    expect(results.map((one: { name: string }) => one.name)).toEqual(['tram-stops', 'schools']);
  });
});

describe('the language', () => {
  it.each([
    ['*:*', ['routes', 'schools', 'tram-stops']],
    ['', ['routes', 'schools', 'tram-stops']],
    ['зупинка', ['schools', 'tram-stops']],
    ['зупинок трамваям', ['schools', 'tram-stops']],
    ['школа на вулиці', []],
    ['трамвай на вулиці', ['tram-stops']],
    ['title:зупинка', ['tram-stops']],
    ['title:тролейб*', ['routes']],
    ['name:tram*', ['tram-stops']],
    ['name:tram?stops', ['tram-stops']],
    ['"зупинки трамваїв"', ['tram-stops']],
    ['"трамваїв зупинки"', []],
    ['notes:"Перелік шкіл"', ['schools']],
    ['groups:(educ OR tran)', ['routes', 'schools', 'tram-stops']],
    ['groups:(educ soci)', ['schools']],
    ['groups:educ AND groups:soci', ['schools']],
    ['res_format:(CSV OR JSON)', ['schools', 'tram-stops']],
    ['res_format:csv -organization:osvita', ['tram-stops']],
    ['organization:transport AND -tags:трамвай', ['routes']],
    ['organization:transport NOT tags:трамвай', ['routes']],
    ['tags:"громадський транспорт"', ['tram-stops']],
    ['+capacity:public +state:active', ['routes', 'schools', 'tram-stops']],
    ['organization:osvita+groups:educ', ['schools']],
    ['title:школи OR title:маршрут', ['routes', 'schools']],
    ['-title:школи', ['routes', 'tram-stops']],
    ['(title:школи OR title:зупинки) AND res_format:JSON', ['tram-stops']],
    ['title:школи^5 OR маршрути~2', ['routes', 'schools']],
    ['license_id:CC\\-BY\\-4.0', ['tram-stops']],
    ['author:Диспетчерська', ['tram-stops']],
    ['author:*', ['tram-stops']],
    ['author:[* TO *]', ['tram-stops']],
    ['extras_update_frequency:"once a month"', ['tram-stops']],
    ['update_frequency:"once a month"', ['tram-stops']],
    ['theme:TRAN', ['routes', 'tram-stops']],
    ['res_name:перелік', ['tram-stops']],
    [
      'type:dataset AND dataset_type:dataset AND entity_type:package AND site_id:default',
      ['routes', 'schools', 'tram-stops'],
    ],
    ['private:false', ['routes', 'schools', 'tram-stops']],
    ['metadata_modified:[2026-11-24T00:00:00Z TO *]', ['routes', 'schools', 'tram-stops']],
    ['metadata_modified:[NOW-4MINUTES TO NOW]', ['routes', 'schools']],
    ['metadata_created:{* TO NOW/DAY}', []],
    ['metadata_created:[NOW/DAY TO NOW/DAY+1DAY]', ['routes', 'schools', 'tram-stops']],
    ['name:[r TO s}', ['routes']],
    ['text:школи', ['schools']],
    ['зупинки (неповний запит', []],
    ['https://example.org', []],
  ])('%s', async (q, expected) => {
    expect(await names(q)).toEqual(expected);
  });
  it('q is met together with every filter', async () => {
    expect(await names({ q: 'зупинки', fq: 'groups:tran' })).toEqual(['tram-stops']);
    expect(await names({ fq: ['groups:tran', 'tags:трамвай'] })).toEqual(['tram-stops']);
    expect(await names({ fq_list: ['groups:tran'], fq: 'name:routes' })).toEqual(['routes']);
    expect(await names({ fq: `owner_org:"${stops.owner_org}" name:routes` })).toEqual(['routes']);
  });
  it('what cannot be understood is told, not guessed', async () => {
    for (const fq of ['name:(', 'title:"x', 'nonsense:x', 'metadata_modified:[soon TO *]', 'AND name:x']) {
      const answer = await portal.call('package_search', { fq });
      expect([fq, answer.status, answer.error?.__type]).toEqual([fq, 409, 'Search Error']);
    }
  });
});

describe('no query widens what a person may see', () => {
  const asked = [
    'state:(active OR draft)',
    'capacity:private',
    'state:draft OR state:deleted OR capacity:private OR name:*',
    '+state:deleted',
    'title:зупинки OR -nothing:here',
  ];
  it.each(asked)('%s', async (q) => {
    const everything = { include_drafts: true, include_private: true, include_deleted: true };
    for (const name of await names({ q, ...everything }))
      expect(['tram-stops', 'schools', 'routes']).toContain(name);
    const { facets } = await search({ q, ...everything, 'facet.field': ['name', 'state', 'capacity'] });
    expect(Object.keys(facets.state)).not.toContain('draft');
    expect(Object.keys(facets.capacity)).not.toContain('private');
  });
  it('members see theirs, when they ask for it', async () => {
    const member = await portal.member('transport', 'member', 'reader');
    const stranger = await portal.member('osvita', 'admin', 'stranger');
    expect(await names('службові', member)).toEqual([]);
    expect(await names({ q: 'службові', include_private: true }, member)).toEqual(['hidden']);
    expect(await names({ q: 'службові', include_private: true }, stranger)).toEqual([]);
    expect(await names({ q: 'чернетка', include_drafts: true }, member)).toEqual(['unready']);
    expect(await names({ fq: 'state:(active OR draft)', q: 'чернетка' }, member)).toEqual(['unready']);
    expect(await names({ q: 'вилучені', include_deleted: true }, officer)).toEqual(['gone']);
  });
});

describe('metadata_modified', () => {
  const modified = async () => (await portal.get('package_show', 'id=routes')).result.metadata_modified;
  it('moves on every real change, never on one that changes nothing', async () => {
    const before = await modified();
    clock.advance(60_000);
    const whole = (await portal.get('package_show', 'id=routes')).result;
    await portal.call('package_update', whole, officer);
    await portal.call('package_patch', { id: 'routes', title: whole.title, tags: whole.tags }, officer);
    expect(await modified()).toBe(before);
    expect((await portal.get('package_activity_list', 'id=routes')).result).toHaveLength(1);
    const made = await portal.call(
      'resource_create',
      { package_id: 'routes', url: 'https://example.org/x' },
      officer,
    );
    const after = await modified();
    expect(after > before).toBe(true);
    clock.advance(60_000);
    await portal.call('resource_update', made.result, officer);
    expect(await modified()).toBe(after);
    await portal.call('resource_delete', { id: made.result.id }, officer);
    expect((await modified()) > after).toBe(true);
  });
});

it('finds at once what was written, also by another process', async () => {
  await portal.platform.db.execute(
    `update od_search set changed = pg_current_xact_id(), document = jsonb_set(document, '{values,tags}', '["новий"]')
     where dataset = '${stops.id}'`,
  );
  expect(await names('tags:новий')).toEqual(['tram-stops']);
  expect(await names('tags:трамвай')).toEqual([]);
  await portal.call('package_patch', { id: 'tram-stops', title: 'Зупинки швидкісного трамвая' }, officer);
  expect(await names('швидкісні')).toEqual(['tram-stops']);
  await portal.call('dataset_purge', { id: 'tram-stops' }, officer);
  expect(await names('зупинки')).toEqual(['schools']);
});
