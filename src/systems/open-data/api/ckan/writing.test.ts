// Keeps: open-data.md 5.5, a case for every row.
import { describe, expect, it } from 'vitest';
import { actions } from './index.ts';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
await portal.call('organization_create', { name: 'org', title: 'Розпорядник' }, officer);
await portal.call('organization_create', { name: 'other' }, officer);
const editor = await portal.member('org', 'editor', 'editor');
const leader = await portal.member('org', 'admin', 'leader');
const reader = await portal.member('org', 'member', 'reader');
const stranger = await portal.member('other', 'admin', 'stranger');

const does = async (action: string, input: Record<string, unknown>, token = editor) => {
  const { status, result, error } = await portal.call(action, input, token);
  expect([action, status, error]).toEqual([action, 200, undefined]);
  return result;
};
const refused = async (action: string, input: Record<string, unknown>, token?: string) => {
  const { status, error } = await portal.call(action, input, token);
  return [status, error];
};
let n = 0;
const make = (input: Record<string, unknown> = {}, token = editor) => {
  n += 1;
  return does('package_create', { name: `set-${n}`, owner_org: 'org', ...input }, token);
};
const show = async (id: string, token?: string) =>
  (await portal.get('package_show', `id=${id}`, token)).result;

it('no action that writes is open to anonymous callers, and none of the officer to editors', async () => {
  for (const [name, action] of actions) {
    if (action.reads) continue;
    expect([name, (await portal.call(name, {})).status]).toEqual([name, 403]);
    if (action.access === 'officer')
      expect([name, (await portal.call(name, {}, leader)).status]).toEqual([name, 403]);
  }
});

describe('datasets', () => {
  it('package_create is active at once, for editors only', async () => {
    expect((await make()).state).toBe('active');
    expect((await refused('package_create', { name: 'no', owner_org: 'org' }, reader))[0]).toBe(403);
    expect((await refused('package_create', { name: 'no', owner_org: 'org' }, stranger))[0]).toBe(403);
  });
  it('package_update replaces the whole: what is missing is cleared', async () => {
    const made = await make({
      title: 'Назва',
      notes: 'опис',
      tags: [{ name: 'один' }],
      resources: [{ url: 'http://a.b' }],
    });
    const updated = await does('package_update', { id: made.id, name: made.name, title: 'Інша' });
    expect(updated).toMatchObject({
      title: 'Інша',
      notes: null,
      tags: [],
      resources: [],
      owner_org: made.owner_org,
    });
    expect((await refused('package_update', { id: 'none' }, editor))[0]).toBe(404);
    expect((await refused('package_update', { id: made.id, name: 'x' }, stranger))[0]).toBe(403);
  });
  it('package_patch merges, lists as wholes', async () => {
    const made = await make({ title: 'Назва', notes: 'опис', tags: [{ name: 'один' }, { name: 'два' }] });
    const patched = await does('package_patch', { id: made.name, tags: [{ name: 'три' }] });
    expect(patched).toMatchObject({ title: 'Назва', notes: 'опис' });
    expect(patched.tags.map((tag: { name: string }) => tag.name)).toEqual(['три']);
  });
  it('package_delete answers null and frees the name; strangers then find nothing', async () => {
    const made = await make();
    expect(await does('package_delete', { id: made.name })).toBeNull();
    expect((await portal.get('package_show', `id=${made.id}`)).status).toBe(404);
    expect((await show(made.id, editor)).state).toBe('deleted');
    expect((await make({ name: made.name })).id).not.toBe(made.id);
  });
  it('dataset_purge is the officer’s, and frees the name', async () => {
    const made = await make();
    expect((await refused('dataset_purge', { id: made.id }, leader))[0]).toBe(403);
    expect(await does('dataset_purge', { id: made.id }, officer)).toBeNull();
    expect((await portal.get('package_show', `id=${made.id}`, officer)).status).toBe(404);
    await make({ name: made.name });
  });
  it('package_owner_org_update', async () => {
    const made = await make();
    expect(
      await does('package_owner_org_update', { id: made.id, organization_id: 'other' }, officer),
    ).toBeNull();
    expect((await show(made.id)).organization.name).toBe('other');
  });
  it('package_resource_reorder puts the named first', async () => {
    const made = await make({ resources: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] });
    const [a, b, c] = made.resources.map((one: { id: string }) => one.id);
    expect(await does('package_resource_reorder', { id: made.id, order: [c] })).toEqual({
      id: made.id,
      order: [c, a, b],
    });
    expect((await show(made.id)).resources.map((one: { position: number }) => one.position)).toEqual([
      0, 1, 2,
    ]);
  });
  it('bulk_update_private, _public and _delete', async () => {
    const [one, two] = [await make(), await make()];
    const many = { datasets: [one.id, two.id], org_id: 'org' };
    await does('bulk_update_private', many);
    expect((await portal.get('package_show', `id=${one.id}`)).status).toBe(403);
    await does('bulk_update_public', { ...many, datasets: JSON.stringify(many.datasets) });
    expect((await show(two.id)).private).toBe(false);
    await does('bulk_update_delete', many);
    expect((await portal.get('package_show', `id=${two.id}`)).status).toBe(404);
    expect((await refused('bulk_update_private', { datasets: ['set-1'], org_id: 'other' }, officer))[0]).toBe(
      409,
    );
  });
});

describe('package_revise', () => {
  it('changes parts of a dataset that is as it was believed', async () => {
    const made = await make({ title: 'Було', notes: 'опис', resources: [{ name: 'a' }, { name: 'b' }] });
    const done = await does('package_revise', {
      match: { id: made.id, title: 'Було' },
      filter: ['-resources__1'],
      update: { title: 'Стало' },
      update__resources__0__name: 'перший',
    });
    expect(Object.keys(done)).toEqual(['package']);
    expect(done.package).toMatchObject({ title: 'Стало', notes: 'опис', resources: [{ name: 'перший' }] });
  });
  it('names resources by number or the beginning of an id, and extends lists', async () => {
    const made = await make({ resources: [{ name: 'a' }] });
    const { package: done } = await does('package_revise', {
      match__name: made.name,
      update__resources__extend: '[{"name":"b"},{"name":"c"}]',
      [`update__resources__${made.resources[0].id.slice(0, 6)}__description`]: 'опис',
      'update__resources__-1__format': 'csv',
    });
    expect(done.resources).toMatchObject([
      { name: 'a', description: 'опис' },
      { name: 'b' },
      { name: 'c', format: 'CSV' },
    ]);
  });
  it('takes files', async () => {
    const made = await make({ resources: [{ name: 'a' }] });
    const form = new FormData();
    form.set('match__id', made.id);
    form.set('update__resources__0__upload', new File(['x'], 'x.csv'));
    const answer = await portal.fetch('/api/3/action/package_revise', {
      method: 'POST',
      headers: { authorization: editor },
      body: form,
    });
    const { result } = (await answer.json()) as { result: { package: { resources: unknown[] } } };
    expect(result.package.resources).toMatchObject([{ name: 'a', url_type: 'upload', size: 1 }]);
  });
  it('keeps what + names before - takes the rest, and shows only what include wants', async () => {
    const made = await make({ title: 'Назва', notes: 'опис' });
    const done = await does('package_revise', {
      match: JSON.stringify({ name: made.name }),
      filter: '+title,+name,-*',
      include: ['+title', '+notes', '-*'],
    });
    expect(done.package).toEqual({ title: 'Назва', notes: null });
  });
  it('refuses when the dataset is another, or is not named', async () => {
    const made = await make();
    expect(await refused('package_revise', { match: { name: 'nobody' } }, editor)).toEqual([
      409,
      { __type: 'Validation Error', match: ['name'] },
    ]);
    expect(await refused('package_revise', { match: { id: made.id, title: 'чуже' } }, editor)).toEqual([
      409,
      { __type: 'Validation Error', match: ['title'] },
    ]);
    expect(await refused('package_revise', { match: { title: 'x' } }, editor)).toEqual([
      409,
      { __type: 'Validation Error', match__id: ['Missing value'] },
    ]);
  });
});

describe('resources', () => {
  it('resource_create adds behind the others; its errors stand at the top', async () => {
    const made = await make({ resources: [{ name: 'a' }] });
    const resource = await does('resource_create', { package_id: made.name, url: 'example.org/x.csv' });
    expect(resource).toMatchObject({
      position: 1,
      url: 'http://example.org/x.csv',
      format: 'CSV',
      package_id: made.id,
    });
    expect(await refused('resource_create', {}, editor)).toEqual([
      409,
      { __type: 'Validation Error', package_id: ['Missing value'] },
    ]);
    expect(await refused('resource_create', { package_id: made.id, size: 'big' }, editor)).toEqual([
      409,
      { __type: 'Validation Error', size: ['Invalid integer'] },
    ]);
    expect((await refused('resource_create', { package_id: 'none' }, editor))[0]).toBe(404);
  });
  it('resource_update is full, resource_patch merges, resource_delete answers null', async () => {
    const made = await make({
      resources: [{ name: 'a', url: 'http://a.b/x.csv', description: 'd', own: 'k' }],
    });
    const { id } = made.resources[0];
    expect(await does('resource_patch', { id, name: 'b' })).toMatchObject({
      name: 'b',
      description: 'd',
      own: 'k',
    });
    const updated = await does('resource_update', { id, url: 'http://a.b/y.json' });
    expect(updated).toMatchObject({ name: null, description: '', format: 'JSON' });
    expect(Object.keys(updated)).not.toContain('own');
    expect(await does('resource_delete', { id })).toBeNull();
    expect((await show(made.id)).resources).toEqual([]);
    expect((await refused('resource_update', { id: 'none' }, editor))[0]).toBe(404);
  });
});

it('views: create, update, reorder, delete, clear, and the usual ones', async () => {
  const made = await make({ resources: [{ name: 'a' }] });
  const [{ id }] = made.resources;
  const one = await does('resource_view_create', { resource_id: id, title: 'A', view_type: 'grid' });
  const two = await does('resource_view_create', { resource_id: id, title: 'B', view_type: 'map' });
  expect(await does('resource_view_update', { id: one.id, title: 'C', zoom: 3 })).toMatchObject({
    title: 'C',
    zoom: 3,
  });
  expect(await does('resource_view_reorder', { id, order: [two.id] })).toEqual({
    id,
    order: [two.id, one.id],
  });
  expect(await does('resource_view_delete', { id: one.id })).toBeNull();
  await does('resource_view_clear', { view_types: ['map'] }, officer);
  expect((await portal.get('resource_view_list', `id=${id}`)).result).toEqual([]);
  expect(await does('resource_create_default_resource_views', { resource: made.resources[0] })).toEqual([]);
  expect(await does('package_create_default_resource_views', { package: made })).toEqual([]);
  expect(
    (await refused('resource_view_create', { resource_id: id, title: 'x', view_type: 'y' }, stranger))[0],
  ).toBe(403);
});

describe('organizations and groups', () => {
  it('create, update, patch; leaders may change theirs', async () => {
    const made = await does(
      'organization_create',
      { name: 'new-org', title: 'Нова', description: 'опис' },
      officer,
    );
    expect(made).toMatchObject({ type: 'organization', title: 'Нова' });
    expect((await refused('organization_create', { name: 'mine' }, leader))[0]).toBe(403);
    expect(await does('organization_patch', { id: 'new-org', title: 'Інша' }, officer)).toMatchObject({
      description: 'опис',
    });
    expect(await does('organization_update', { id: 'new-org', name: 'new-org' }, officer)).toMatchObject({
      description: '',
    });
    expect(await does('organization_patch', { id: 'org', description: 'про нас' }, leader)).toMatchObject({
      description: 'про нас',
    });
    expect((await refused('organization_patch', { id: 'org' }, editor))[0]).toBe(403);
    const group = await does(
      'group_create',
      { name: 'thing', extras: [{ key: 'theme', value: 'TECH' }] },
      officer,
    );
    expect(group).toMatchObject({ type: 'group', extras: [{ key: 'theme', value: 'TECH' }] });
  });
  it('what is renamed is renamed in its datasets', async () => {
    const made = await make({ groups: [{ name: 'thing' }] });
    await does('organization_patch', { id: 'org', title: 'Перейменований' }, officer);
    await does('group_patch', { id: 'thing', title: 'Річ' }, officer);
    expect(await show(made.id)).toMatchObject({
      organization: { title: 'Перейменований' },
      groups: [{ title: 'Річ' }],
    });
    expect((await portal.get('package_search', 'q=перейменований')).result.count).toBeGreaterThan(0);
  });
  it('are not deleted while datasets are left', async () => {
    expect(await refused('organization_delete', { id: 'org' }, officer)).toEqual([
      409,
      { __type: 'Validation Error', message: 'Organization cannot be deleted while it still has datasets' },
    ]);
    expect((await refused('organization_purge', { id: 'org' }, officer))[0]).toBe(409);
  });
  it('delete frees the name, purge leaves nothing', async () => {
    expect(await does('organization_delete', { id: 'new-org' }, officer)).toBeNull();
    expect((await portal.get('organization_show', 'id=new-org')).status).toBe(404);
    await does('organization_create', { name: 'new-org' }, officer);
    expect(await does('organization_purge', { id: 'new-org' }, officer)).toBeNull();
    expect(await does('group_delete', { id: 'thing' }, officer)).toBeNull();
    await does('group_create', { name: 'passing' }, officer);
    expect(await does('group_purge', { id: 'passing' }, officer)).toBeNull();
  });
});

describe('members', () => {
  it('organization_member_create and _delete change what one may', async () => {
    const made = await make();
    const member = await does(
      'organization_member_create',
      { id: 'org', username: 'stranger', role: 'editor' },
      leader,
    );
    expect(member).toMatchObject({ table_name: 'user', capacity: 'editor', state: 'active' });
    expect(Object.keys(member).sort()).toEqual([
      'capacity',
      'group_id',
      'id',
      'state',
      'table_id',
      'table_name',
    ]);
    await does('package_patch', { id: made.id, title: 'від гостя' }, stranger);
    expect(await does('organization_member_delete', { id: 'org', username: 'stranger' }, leader)).toBeNull();
    expect((await refused('package_patch', { id: made.id, title: 'x' }, stranger))[0]).toBe(403);
    expect(
      (
        await refused('organization_member_create', { id: 'org', username: 'reader', role: 'admin' }, editor)
      )[0],
    ).toBe(403);
    expect(
      (
        await refused('organization_member_create', { id: 'org', username: 'reader', role: 'king' }, leader)
      )[0],
    ).toBe(409);
  });
  it('group members, and datasets put into a group by member_create', async () => {
    const made = await make();
    await does('group_member_create', { id: 'envi', username: 'reader', role: 'admin' }, officer);
    await does('group_patch', { id: 'envi', description: 'про довкілля' }, reader);
    await does('group_member_delete', { id: 'envi', username: 'reader' }, officer);
    expect((await refused('group_patch', { id: 'envi' }, reader))[0]).toBe(403);
    await does('member_create', { id: 'envi', object: made.id, object_type: 'package', capacity: 'public' });
    expect((await show(made.id)).groups).toMatchObject([{ name: 'envi' }]);
    await does('member_delete', { id: 'envi', object: made.id, object_type: 'package' });
    expect((await show(made.id)).groups).toEqual([]);
    await does(
      'member_create',
      { id: 'org', object: 'stranger', object_type: 'user', capacity: 'member' },
      leader,
    );
    await does('member_delete', { id: 'org', object: 'stranger', object_type: 'user' }, leader);
  });
  it('collaborators may what they are invited for', async () => {
    const made = await make({ private: true });
    expect((await portal.get('package_show', `id=${made.id}`, stranger)).status).toBe(403);
    await does(
      'package_collaborator_create',
      { id: made.id, user_id: 'stranger', capacity: 'editor' },
      leader,
    );
    await does('package_patch', { id: made.id, title: 'разом' }, stranger);
    await does('package_collaborator_delete', { id: made.id, user_id: 'stranger' }, leader);
    expect((await portal.get('package_show', `id=${made.id}`, stranger)).status).toBe(403);
    expect(
      (
        await refused(
          'package_collaborator_create',
          { id: made.id, user_id: 'reader', capacity: 'editor' },
          editor,
        )
      )[0],
    ).toBe(403);
  });
});

it('vocabularies, tags, relationships, tasks, translations, settings, activities', async () => {
  const vocabulary = await does('vocabulary_create', { name: 'colours', tags: [{ name: 'синій' }] }, officer);
  const tag = await does('tag_create', { name: 'жовтий', vocabulary_id: vocabulary.id }, officer);
  expect(await refused('vocabulary_create', { name: 'colours' }, officer)).toEqual([
    409,
    { __type: 'Validation Error', name: ['That vocabulary name is already in use.'] },
  ]);
  const [one, two] = [await make({ tags: [{ name: 'жовтий', vocabulary_id: vocabulary.id }] }), await make()];
  expect(one.tags).toMatchObject([{ name: 'жовтий', vocabulary_id: vocabulary.id }]);
  expect((await portal.get('package_search', 'fq=vocab_colours:жовтий')).result.count).toBe(1);
  await does('tag_delete', { id: tag.id }, officer);
  expect((await show(one.id)).tags).toEqual([]);
  await does('vocabulary_update', { id: vocabulary.id, name: 'shades', tags: [] }, officer);
  expect(await does('vocabulary_delete', { id: vocabulary.id }, officer)).toBeNull();

  const pair = { subject: one.name, object: two.name, type: 'child_of' };
  expect(await does('package_relationship_create', pair)).toMatchObject(pair);
  expect(await does('package_relationship_update', { ...pair, comment: 'частина' })).toMatchObject({
    comment: 'частина',
  });
  expect(await does('package_relationship_delete', pair)).toBeNull();

  const task = { entity_id: one.id, entity_type: 'package', task_type: 't', key: 'k', value: 'v' };
  const { results } = await does('task_status_update_many', { data: [task] }, officer);
  expect(await does('task_status_delete', { id: results[0].id }, officer)).toBeNull();
  const term = { term: 'one', term_translation: 'один', lang_code: 'uk' };
  expect(await does('term_translation_update_many', { data: [term] }, officer)).toEqual({
    success: '1 rows updated',
  });
  expect(await does('config_option_update', { 'ckan.site_title': 'Дані' }, officer)).toEqual({
    'ckan.site_title': 'Дані',
  });
  expect((await refused('config_option_update', { secret: '1' }, officer))[0]).toBe(409);
  const activity = await does(
    'activity_create',
    { object_id: one.id, activity_type: 'changed package', data: {} },
    officer,
  );
  expect(activity).toMatchObject({ object_id: one.id, activity_type: 'changed package' });
});

it('accounts: made and shut by the officer, changed by their owners', async () => {
  const input = { name: 'newcomer', email: 'new@example.org', password: 'надійний пароль без імен' };
  expect((await refused('user_create', { name: 'newcomer' }, officer))[1]).toEqual({
    __type: 'Validation Error',
    email: ['Missing value'],
    password: ['Missing value'],
  });
  expect((await does('user_create', input, officer)).name).toBe('newcomer');
  expect((await refused('user_create', input, officer))[1].name).toEqual([
    'That login name is not available.',
  ]);
  expect(await does('user_patch', { id: 'editor', about: 'Про мене' }, editor)).toMatchObject({
    about: 'Про мене',
    fullname: 'Посада editor',
  });
  expect(await does('user_update', { id: 'editor', fullname: 'Інша посада' }, editor)).toMatchObject({
    about: '',
    fullname: 'Інша посада',
  });
  expect((await refused('user_patch', { id: 'leader', about: 'x' }, editor))[0]).toBe(403);
  for (const token of [editor, officer])
    expect((await refused('user_patch', { id: 'editor', password: 'інший довгий пароль' }, token))[0]).toBe(
      403,
    );
  const token = (await does('api_token_create', { user: 'newcomer', name: 't' }, officer)).token;
  expect((await portal.get('user_show', '', token)).result.name).toBe('newcomer');
  expect(await does('user_delete', { id: 'newcomer' }, officer)).toBeNull();
  expect((await portal.get('user_show', '', token)).status).toBe(403);
  expect((await portal.get('user_show', 'id=newcomer')).status).toBe(404);
});

it('api_token_create and api_token_revoke', async () => {
  const made = await does('api_token_create', { user: 'editor', name: 'second' });
  expect(Object.keys(made).sort()).toEqual(['id', 'token']);
  expect((await refused('api_token_create', { user: 'leader', name: 'x' }, editor))[0]).toBe(403);
  expect((await refused('api_token_revoke', { jti: made.id }, stranger))[0]).toBe(403);
  expect(await does('api_token_revoke', { token: made.token }, made.token)).toBeNull();
  expect((await portal.call('package_create', { name: 'x1' }, made.token)).status).toBe(403);
});

it('follow and unfollow, as often as one likes', async () => {
  const made = await make();
  const first = await does('follow_dataset', { id: made.name });
  expect(Object.keys(first).sort()).toEqual(['datetime', 'follower_id', 'object_id']);
  expect(await does('follow_dataset', { id: made.name })).toEqual(first);
  expect(await does('unfollow_dataset', { id: made.name })).toBeNull();
  expect((await refused('unfollow_dataset', { id: made.name }, editor))[0]).toBe(404);
  await does('follow_user', { id: 'leader' });
  await does('unfollow_user', { id: 'leader' });
  await does('follow_group', { id: 'envi' });
  await does('unfollow_group', { id: 'envi' });
  expect(await does('dashboard_mark_activities_old', {})).toBeNull();
});
