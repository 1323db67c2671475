// Keeps: open-data.md 5.4, a case for every row.
import { describe, expect, it } from 'vitest';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
const make = async (action: string, input: Record<string, unknown>) =>
  (await portal.call(action, input, officer)).result;
await make('organization_create', { name: 'transport', title: 'Транспорт' });
await make('organization_create', { name: 'osvita', title: 'Освіта', description: 'школи' });
const stops = await make('package_create', {
  name: 'tram-stops',
  title: 'Зупинки',
  owner_org: 'transport',
  groups: [{ name: 'tran' }],
  tags: [{ name: 'трамвай' }, { name: 'транспорт' }],
  resources: [
    { name: 'Перелік зупинок', url: 'https://example.org/a.csv', hash: 'abc123' },
    { name: 'Мапа', url: 'https://example.org/b.geojson' },
  ],
});
await make('package_create', {
  name: 'schools',
  owner_org: 'osvita',
  resources: [{ url: 'https://example.org/c.csv' }],
});
await make('package_create', {
  name: 'inner',
  owner_org: 'osvita',
  private: true,
  tags: [{ name: 'таємне' }],
});
const editor = await portal.member('osvita', 'editor', 'oksana');
const get = async (action: string, query = '', token?: string) => {
  const { result, error } = await portal.get(action, query, token);
  return result === undefined ? error : result;
};
const names = (list: { name: string }[]) => list.map((one) => one.name);

it('status_show tells of the portal, also bare; site_read is true', async () => {
  const status = await get('status_show');
  expect(status).toEqual({
    site_title: 'Портал відкритих даних',
    site_description: expect.any(String),
    site_url: portal.site,
    ckan_version: expect.stringMatching(/^2\.11\.\d+$/),
    error_emails_to: null,
    locale_default: 'uk',
    extensions: expect.arrayContaining(['datastore', 'activity', 'dcat']),
  });
  for (const path of ['/api/util/status', '/open-data/api/util/status', '/api/3/util/status'])
    expect(await (await portal.fetch(path)).json()).toEqual(status);
  expect(await get('site_read')).toBe(true);
});

it('help_show explains each action, and is 404 for none', async () => {
  expect(await get('help_show', 'name=package_show')).toMatch(/dataset.*:param id/s);
  expect((await portal.get('help_show', 'name=none')).status).toBe(404);
});

it('package_list has public names in order, by limit and offset', async () => {
  expect(await get('package_list')).toEqual(['schools', 'tram-stops']);
  expect(await get('package_list', 'limit=1&offset=1')).toEqual(['tram-stops']);
  expect(await get('package_list', '', officer)).toEqual(['schools', 'tram-stops']);
});

it('current_package_list_with_resources has packages, the newest change first', async () => {
  await make('package_patch', { id: 'tram-stops', notes: 'змінено' });
  const list = await get('current_package_list_with_resources', 'limit=1');
  expect(list).toHaveLength(1);
  expect(Object.keys(list[0])).toContain('resources');
  expect(names(await get('current_package_list_with_resources', 'limit=1&page=2'))).toHaveLength(1);
});

it('package_show goes by id, name, or name_or_id', async () => {
  for (const query of [`id=${stops.id}`, 'id=tram-stops', 'name_or_id=tram-stops&use_default_schema=true'])
    expect((await get('package_show', query)).name).toBe('tram-stops');
  expect((await portal.get('package_show', 'id=none')).status).toBe(404);
});

it('resource_show goes by id', async () => {
  const { id } = stops.resources[0];
  expect(await get('resource_show', `id=${id}`)).toMatchObject({
    id,
    name: 'Перелік зупинок',
    package_id: stops.id,
  });
  expect((await portal.get('resource_show', 'id=none')).status).toBe(404);
});

describe('resource_search', () => {
  it('finds by pairs, all of which must be met, blind to case', async () => {
    const found = await get('resource_search', 'query=name:ПЕРЕЛІК');
    expect(found.count).toBe(1);
    expect(names(found.results)).toEqual(['Перелік зупинок']);
    expect((await get('resource_search', 'query=format:csv')).count).toBe(2);
    expect((await get('resource_search', 'query=format:csv&query=name:перелік')).count).toBe(1);
    expect(
      (await portal.call('resource_search', { query: ['format:csv'], limit: 1, offset: 1 })).result.results,
    ).toHaveLength(1);
  });
  it('takes the beginning of a hash', async () => {
    expect((await get('resource_search', 'query=hash:abc')).count).toBe(1);
    expect((await get('resource_search', 'query=hash:bc1')).count).toBe(0);
  });
  it('refuses what is no pair', async () => {
    expect(await get('resource_search', 'query=name')).toEqual({
      __type: 'Validation Error',
      query: ['Must be <field>:<value> pair(s)'],
    });
  });
});

it('resource_view_list is empty, resource_view_show has what was saved', async () => {
  const { id } = stops.resources[0];
  expect(await get('resource_view_list', `id=${id}`)).toEqual([]);
  const view = await make('resource_view_create', {
    resource_id: id,
    title: 'Діаграма',
    view_type: 'chart',
    x: 'рік',
  });
  const expected = {
    id: view.id,
    resource_id: id,
    package_id: stops.id,
    title: 'Діаграма',
    description: '',
    view_type: 'chart',
    x: 'рік',
  };
  expect(await get('resource_view_show', `id=${view.id}`)).toEqual(expected);
  expect(await get('resource_view_list', `id=${id}`)).toEqual([expected]);
});

describe('organization_list and group_list', () => {
  it('have names, by title unless told otherwise', async () => {
    expect(await get('organization_list')).toEqual(['osvita', 'transport']);
    expect(await get('organization_list', 'sort=name desc')).toEqual(['transport', 'osvita']);
    expect(await get('organization_list', 'order_by=name')).toEqual(['osvita', 'transport']);
    expect(await get('organization_list', 'sort=package_count')).toHaveLength(2);
    expect(await get('group_list', 'sort=package_count&limit=1')).toEqual(['tran']);
    expect(await get('organization_list', 'limit=1&offset=1')).toEqual(['transport']);
    expect(await get('organization_list', 'organizations=osvita')).toEqual(['osvita']);
    expect(await get('group_list', 'groups=["tran"]')).toEqual(['tran']);
    expect(await get('organization_list', 'q=трансп')).toEqual(['transport']);
    expect((await portal.get('organization_list', 'sort=height')).status).toBe(409);
  });
  it('have dictionaries, at most 25, with what is asked for', async () => {
    const [osvita] = await get('organization_list', 'all_fields=true&include_extras=true&include_users=true');
    expect(osvita).toMatchObject({ name: 'osvita', description: 'школи', package_count: 1, extras: [] });
    expect(names(osvita.users)).toEqual(['oksana']);
    const [bare] = await get('organization_list', 'all_fields=true&include_dataset_count=false');
    expect(Object.keys(bare)).not.toContain('package_count');
    for (let n = 0; n < 26; n += 1) await make('group_create', { name: `theme-${n}` });
    expect(await get('group_list', 'all_fields=true')).toHaveLength(25);
    expect(await get('group_list', 'all_fields=true&offset=25&limit=25')).toHaveLength(14);
  });
});

it('organization_show and group_show: the other kind is 404', async () => {
  expect((await get('organization_show', 'id=transport&include_datasets=true')).packages).toHaveLength(1);
  expect((await portal.get('organization_show', 'id=tran')).status).toBe(404);
  expect((await portal.get('group_show', 'id=transport')).status).toBe(404);
});

it('group_package_show, organization_list_for_user and group_list_authz', async () => {
  expect(names(await get('group_package_show', 'id=tran&limit=5'))).toEqual(['tram-stops']);
  expect(await get('organization_list_for_user')).toEqual([]);
  expect(await get('group_list_authz')).toEqual([]);
  const mine = await get('organization_list_for_user', 'permission=create_dataset', editor);
  expect(mine).toMatchObject([{ name: 'osvita', capacity: 'editor' }]);
  expect(await get('organization_list_for_user', 'permission=admin', editor)).toEqual([]);
  expect(await get('organization_list_for_user', '', officer)).toHaveLength(2);
  expect(names(await get('group_list_authz', '', editor))).toContain('tran');
  expect(await get('group_list_authz', 'am_member=true', editor)).toEqual([]);
});

it('member_list and member_roles_list', async () => {
  const [user] = await get('user_autocomplete', 'q=oksana');
  expect(await get('member_list', 'id=osvita&object_type=user')).toEqual([[user.id, 'user', 'Editor']]);
  expect(await get('member_list', 'id=osvita&capacity=admin')).toEqual([]);
  expect(await get('member_list', 'id=tran&object_type=package')).toEqual([[stops.id, 'package', 'Public']]);
  expect(await get('member_roles_list')).toEqual([
    { text: 'Admin', value: 'admin' },
    { text: 'Editor', value: 'editor' },
    { text: 'Member', value: 'member' },
  ]);
});

it('vocabulary_list and vocabulary_show', async () => {
  const made = await make('vocabulary_create', { name: 'country', tags: [{ name: 'Україна' }] });
  expect(made).toEqual({
    id: expect.any(String),
    name: 'country',
    tags: [{ id: expect.any(String), name: 'Україна', display_name: 'Україна', vocabulary_id: made.id }],
  });
  expect(await get('vocabulary_show', 'id=country')).toEqual(made);
  expect(await get('vocabulary_list')).toEqual([made]);
});

it('tag_list, tag_show, tag_search and tag_autocomplete know public tags', async () => {
  expect(await get('tag_list')).toEqual(['трамвай', 'транспорт']);
  expect(await get('tag_list', 'query=трам')).toEqual(['трамвай']);
  expect(await get('tag_list', 'vocabulary_id=country')).toEqual(['Україна']);
  const [tag] = await get('tag_list', 'query=трам&all_fields=true');
  expect(tag).toEqual({
    id: expect.any(String),
    name: 'трамвай',
    display_name: 'трамвай',
    vocabulary_id: null,
  });
  expect(await get('tag_show', 'id=трамвай')).toEqual(tag);
  expect(names((await get('tag_show', `id=${tag.id}&include_datasets=true`)).packages)).toEqual([
    'tram-stops',
  ]);
  expect(await get('tag_search', 'query=тра&limit=1')).toMatchObject({
    count: 2,
    results: [{ name: 'трамвай' }],
  });
  expect(await get('tag_autocomplete', 'q=тра')).toEqual(['трамвай', 'транспорт']);
  expect((await portal.get('tag_show', 'id=ніщо')).status).toBe(404);
});

it('format_autocomplete has formats in small letters, by use', async () => {
  expect(await get('format_autocomplete', 'q=')).toEqual(['csv', 'geojson']);
  expect(await get('format_autocomplete', 'query=J')).toEqual(['geojson']);
});

it('autocompletes of packages, organizations, groups and users', async () => {
  expect(await get('package_autocomplete', 'q=tram')).toEqual([
    { name: 'tram-stops', title: 'Зупинки', match_field: 'name', match_displayed: 'tram-stops' },
  ]);
  expect(await get('package_autocomplete', 'q=зуп')).toEqual([
    { name: 'tram-stops', title: 'Зупинки', match_field: 'title', match_displayed: 'Зупинки (tram-stops)' },
  ]);
  expect(await get('organization_autocomplete', 'q=осв')).toEqual([
    { id: expect.any(String), name: 'osvita', title: 'Освіта' },
  ]);
  expect(names(await get('group_autocomplete', 'q=tran'))).toEqual(['tran']);
  expect(await get('user_autocomplete', 'q=oks')).toEqual([
    { id: expect.any(String), name: 'oksana', fullname: 'Посада oksana' },
  ]);
});

it('user_show and user_list: strangers see publishers only', async () => {
  await make('user_create', { name: 'petro', email: 'p@example.org', password: 'ще довший пароль міста' });
  expect((await portal.get('user_show', 'id=petro')).status).toBe(404);
  expect((await get('user_show', 'id=petro', officer)).name).toBe('petro');
  expect(await get('user_list', 'all_fields=false')).toEqual(['demo-data-officer', 'oksana']);
  expect(await get('user_list', 'all_fields=false', officer)).toContain('petro');
  expect(names(await get('user_list', 'q=oks'))).toEqual(['oksana']);
  const whole = await get('user_show', 'id=oksana&include_datasets=true', editor);
  expect(whole.datasets).toEqual([]);
});

describe('activities', () => {
  it('of packages, groups, organizations and users, in pages', async () => {
    const list = await get('package_activity_list', 'id=tram-stops');
    expect(list.map((one: { activity_type: string }) => one.activity_type)).toEqual([
      'changed package',
      'new package',
    ]);
    expect(await get('package_activity_list', 'id=tram-stops&limit=1&offset=1')).toEqual([list[1]]);
    expect(await get('package_activity_list', 'id=tram-stops&before=0')).toEqual([]);
    expect((await get('organization_activity_list', 'id=transport')).length).toBe(3);
    expect((await get('group_activity_list', 'id=tran')).length).toBe(2);
    expect((await get('user_activity_list', 'id=demo-data-officer')).length).toBe(31);
    expect((await get('recently_changed_packages_activity_list', 'limit=5')).length).toBeGreaterThan(2);
  });
  it('of what is not public are for those who may read it', async () => {
    const types = (list: { object_id: string }[]) => list.map((one) => one.object_id);
    const inner = (await get('package_show', 'id=inner', officer)).id;
    expect(types(await get('organization_activity_list', 'id=osvita'))).not.toContain(inner);
    expect(types(await get('organization_activity_list', 'id=osvita', editor))).toContain(inner);
  });
  it('activity_show, activity_data_show, activity_diff', async () => {
    const [changed] = await get('package_activity_list', 'id=tram-stops');
    expect((await get('activity_show', `id=${changed.id}`)).id).toBe(changed.id);
    expect((await get('activity_data_show', `id=${changed.id}&object_type=package`)).name).toBe('tram-stops');
    const { diff, activities } = await get('activity_diff', `id=${changed.id}&object_type=package`);
    expect(diff).toMatch(/^\+ {2}"notes": "змінено"/m);
    expect(diff).toMatch(/^- {2}"notes": null/m);
    expect(activities).toHaveLength(2);
  });
  it('of the dashboard are those of what one follows', async () => {
    expect((await portal.get('dashboard_activity_list')).status).toBe(403);
    await portal.call('follow_dataset', { id: 'tram-stops' }, editor);
    expect(await get('dashboard_activity_list', '', editor)).toHaveLength(2);
    expect(await get('dashboard_new_activities_count', '', editor)).toBe(2);
    await portal.call('dashboard_mark_activities_old', {}, editor);
    expect(await get('dashboard_new_activities_count', '', editor)).toBe(0);
  });
});

it('followers and followees', async () => {
  await portal.call('follow_user', { id: 'demo-data-officer' }, editor);
  await portal.call('follow_group', { id: 'tran' }, editor);
  await portal.call('follow_group', { id: 'transport' }, editor);
  expect(await get('dataset_follower_count', 'id=tram-stops')).toBe(1);
  expect(await get('organization_follower_count', 'id=transport')).toBe(1);
  expect(await get('group_follower_count', 'id=tran')).toBe(1);
  expect((await portal.get('dataset_follower_list', 'id=tram-stops')).status).toBe(403);
  expect(names(await get('dataset_follower_list', 'id=tram-stops', officer))).toEqual(['oksana']);
  expect(await get('followee_count', 'id=oksana')).toBe(4);
  expect(await get('dataset_followee_count', 'id=oksana')).toBe(1);
  expect(names(await get('group_followee_list', '', editor))).toEqual(['tran']);
  expect(await get('followee_list', 'q=зуп', editor)).toMatchObject([
    { type: 'dataset', display_name: 'Зупинки' },
  ]);
  expect(await get('am_following_dataset', 'id=tram-stops', editor)).toBe(true);
  expect(await get('am_following_user', 'id=oksana', officer)).toBe(false);
});

it.each([
  ['user', 'oksana'],
  ['dataset', 'schools'],
  ['group', 'tran'],
  ['organization', 'transport'],
])('a %s is followed, counted and listed by its own actions', async (kind, id) => {
  await portal.call(`unfollow_${kind}`, { id }, officer);
  const count = async () => (await get(`${kind}_follower_count`, `id=${id}`)) as number;
  const before = await count();
  await portal.call(`follow_${kind}`, { id }, officer);
  expect(await count()).toBe(before + 1);
  expect(await get(`am_following_${kind}`, `id=${id}`, officer)).toBe(true);
  const me = (await get('user_show', '', officer)).name;
  expect(names(await get(`${kind}_follower_list`, `id=${id}`, officer))).toContain(me);
  expect(await get(`${kind}_followee_count`, `id=${me}`)).toBe(1);
  expect(await get(`${kind}_followee_list`, `id=${me}`, officer)).toMatchObject([{ name: id }]);
  await portal.call(`unfollow_${kind}`, { id }, officer);
  expect(await count()).toBe(before);
});

it('small stores: relationships, collaborators, tokens, tasks, translations, settings', async () => {
  await make('package_relationship_create', { subject: 'tram-stops', object: 'schools', type: 'depends_on' });
  expect(await get('package_relationships_list', 'id=schools')).toEqual([
    { subject: 'schools', object: 'tram-stops', type: 'dependency_of', comment: '' },
  ]);
  await make('package_collaborator_create', { id: 'tram-stops', user_id: 'oksana', capacity: 'editor' });
  expect(await get('package_collaborator_list', 'id=tram-stops', officer)).toMatchObject([
    { capacity: 'editor' },
  ]);
  expect(await get('package_collaborator_list_for_user', 'id=oksana', editor)).toMatchObject([
    { package_id: stops.id },
  ]);
  expect(await get('api_token_list', 'user_id=oksana', editor)).toMatchObject([{ name: 'test' }]);
  expect((await portal.get('api_token_list', 'user_id=demo-data-officer', editor)).status).toBe(403);
  const task = { entity_id: stops.id, entity_type: 'package', task_type: 'harvest', key: 'last', value: '1' };
  const noted = await make('task_status_update', task);
  expect(await get('task_status_show', `id=${noted.id}`)).toMatchObject(task);
  expect(await get('task_status_show', `entity_id=${stops.id}&task_type=harvest&key=last`)).toMatchObject(
    task,
  );
  await make('term_translation_update', { term: 'tram', term_translation: 'трамвай', lang_code: 'uk' });
  expect(await get('term_translation_show', 'terms=tram&lang_codes=uk')).toEqual([
    { term: 'tram', term_translation: 'трамвай', lang_code: 'uk' },
  ]);
  expect((await portal.get('config_option_list')).status).toBe(403);
  expect(await get('config_option_list', '', officer)).toContain('ckan.site_title');
  expect(await get('config_option_show', 'key=ckan.locale_default', officer)).toBe('uk');
});
