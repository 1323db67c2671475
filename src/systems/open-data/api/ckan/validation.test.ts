// Keeps: open-data.md 5.2, every text.
import { describe, expect, it } from 'vitest';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
await portal.call('organization_create', { name: 'org' }, officer);
await portal.call('organization_create', { name: 'other' }, officer);
const editor = await portal.member('org', 'editor', 'editor');
let n = 0;
const wrong = async (input: Record<string, unknown>, token: string = officer) => {
  n += 1;
  const { error } = await portal.call(
    'package_create',
    { name: `set-${n}`, owner_org: 'org', ...input },
    token,
  );
  const { __type, ...fields } = error ?? {};
  expect([__type, fields]).toEqual(['Validation Error', expect.anything()]);
  return fields;
};

it('names', async () => {
  expect(await wrong({ name: undefined })).toEqual({ name: ['Missing value'] });
  expect(await wrong({ name: 12 })).toEqual({ name: ['Names must be strings'] });
  for (const name of ['new', 'edit', 'search'])
    expect(await wrong({ name })).toEqual({ name: ['That name cannot be used'] });
  expect(await wrong({ name: 'a' })).toEqual({ name: ['Must be at least 2 characters long'] });
  expect(await wrong({ name: 'a'.repeat(101) })).toEqual({
    name: ['Name must be a maximum of 100 characters long'],
  });
  expect(await wrong({ name: 'Назва' })).toEqual({
    name: ['Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_'],
  });
  await portal.call('package_create', { name: 'taken', owner_org: 'org' }, officer);
  expect(await wrong({ name: 'taken' })).toEqual({ name: ['That URL is already in use.'] });
  const { error } = await portal.call('organization_create', { name: 'org' }, officer);
  expect(error.name).toEqual(['Group name already exists in database']);
});

it('ids', async () => {
  const id = '0b7a3b3e-6a2e-4cf5-9d0b-0f3d8a8a0001';
  expect(await wrong({ id }, editor)).toEqual({ id: ['The input field id was not expected.'] });
  expect(await wrong({ id: 'no-uuid' })).toEqual({ id: ['Invalid id provided'] });
  const made = await portal.call('package_create', { id, name: 'with-id', owner_org: 'org' }, officer);
  expect(made.result.id).toBe(id);
  expect(await wrong({ id })).toEqual({ id: ['Dataset id already exists'] });
});

it('organizations', async () => {
  expect(await wrong({ owner_org: '' })).toEqual({ owner_org: ['An organization must be provided'] });
  expect(await wrong({ owner_org: undefined, private: true })).toEqual({
    owner_org: ['An organization must be provided'],
    private: ["Datasets with no organization can't be private."],
  });
  expect(await wrong({ owner_org: 'none' })).toEqual({ owner_org: ['Organization does not exist'] });
  await portal.call('package_create', { name: 'mine', owner_org: 'org' }, editor);
  const moved = await portal.call('package_update', { id: 'mine', owner_org: 'other' }, editor);
  expect(moved.error.owner_org).toEqual(['You cannot add a dataset to this organization']);
  const foreign = await portal.call('package_create', { name: 'foreign', owner_org: 'other' }, editor);
  expect(foreign.status).toBe(403);
});

it('tags, as flat texts', async () => {
  expect(await wrong({ tags: [{ name: 'x' }] })).toEqual({ tags: ['Tag "x" length is less than minimum 2'] });
  const long = 'я'.repeat(101);
  expect(await wrong({ tags: [{ name: long }] })).toEqual({
    tags: [`Tag "${long}" length is more than maximum 100`],
  });
  expect(await wrong({ tag_string: 'добре,a&b' })).toEqual({
    tag_string: [
      'Tag "a&b" can only contain alphanumeric characters, spaces (" "), hyphens ("-"), underscores ("_") or dots (".")',
    ],
  });
});

it('extras', async () => {
  expect(await wrong({ extras: [{ key: 'title', value: 'x' }] })).toEqual({
    extras: [{ key: ['There is a schema field with the same name'] }],
  });
  const twice = [
    { key: 'x', value: '1' },
    { key: 'x', value: '2' },
  ];
  expect(await wrong({ extras: twice })).toEqual({ extras_validation: ['Duplicate key "x"'] });
});

describe('other fields', () => {
  it('e-mail, dates, numbers, version', async () => {
    expect(await wrong({ maintainer_email: 'x' })).toEqual({
      maintainer_email: ['Email x is not a valid format'],
    });
    expect(await wrong({ resources: [{ last_modified: 'yesterday' }] })).toEqual({
      resources: [{ last_modified: ['Date format incorrect'] }],
    });
    expect(await wrong({ resources: [{ size: -1 }] })).toEqual({
      resources: [{ size: ['Must be a natural number'] }],
    });
    expect(await wrong({ version: 'v'.repeat(101) })).toEqual({
      version: ['Version must be a maximum of 100 characters long'],
    });
  });
  it('integers and choices of actions', async () => {
    expect((await portal.get('package_search', 'rows=many')).error.rows).toEqual(['Invalid integer']);
    expect((await portal.get('package_search', 'start=-1')).error.start).toEqual([
      'Must be a natural number',
    ]);
    const mode = await portal.call('organization_patch', { id: 'org', publish_mode: 'never' }, officer);
    expect(mode.error.publish_mode).toEqual(["Value must be one of ['direct', 'review']"]);
  });
});
