// Keeps: open-data.md 5.3, every object with all its keys.
import { describe, expect, it } from 'vitest';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
const { site } = portal;
const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
const organisation = (
  await portal.call('organization_create', { name: 'org', title: 'Розпорядник', edrpou: '00000001' }, officer)
).result;
const made = (
  await portal.call(
    'package_create',
    {
      name: 'whole',
      owner_org: 'org',
      unknown_key: 'dropped',
      language: 'ua',
      update_frequency: 'once a day',
      purpose_of_collecting_information: 'облік',
      obligation: '835/33',
      extras: [
        { key: 'b', value: '2' },
        { key: 'a', value: '1' },
      ],
      tags: [{ name: 'вода' }],
      groups: [{ name: 'envi' }],
      license_id: 'CC-BY-4.0',
      resources: [
        {
          url: 'example.org/data/t.xlsx',
          name: 'Таблиця',
          colour: 'red',
          hash: 'not hex',
          resource_type: 'doc',
        },
      ],
    },
    officer,
  )
).result;

describe('a package', () => {
  it('has every key, of the right kind', () => {
    expect(made).toEqual({
      id: uuid,
      name: 'whole',
      title: 'whole',
      author: null,
      author_email: null,
      maintainer: null,
      maintainer_email: null,
      license_id: 'CC-BY-4.0',
      license_title: 'Creative Commons Attribution 4.0 International',
      license_url: 'https://creativecommons.org/licenses/by/4.0/',
      isopen: true,
      notes: null,
      url: null,
      version: null,
      state: 'active',
      type: 'dataset',
      private: false,
      owner_org: organisation.id,
      creator_user_id: uuid,
      metadata_created: time,
      metadata_modified: time,
      num_resources: 1,
      num_tags: 1,
      organization: {
        id: organisation.id,
        name: 'org',
        title: 'Розпорядник',
        type: 'organization',
        description: '',
        image_url: '',
        created: time,
        is_organization: true,
        approval_status: 'approved',
        state: 'active',
      },
      resources: [expect.anything()],
      tags: [{ id: uuid, name: 'вода', display_name: 'вода', state: 'active', vocabulary_id: null }],
      groups: [
        {
          id: uuid,
          name: 'envi',
          title: 'Довкілля',
          description: '',
          display_name: 'Довкілля',
          image_display_url: '',
        },
      ],
      extras: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
        { key: 'language', value: 'ua' },
        { key: 'obligation', value: '835/33' },
        { key: 'publisherIdentifier', value: '00000001' },
        { key: 'purpose_of_collecting_information', value: 'облік' },
        { key: 'update_frequency', value: 'once a day' },
      ],
      relationships_as_subject: [],
      relationships_as_object: [],
    });
  });
  it('that package_show answered passes package_update, and nothing has changed', async () => {
    const shown = (await portal.get('package_show', 'id=whole')).result;
    const again = await portal.call('package_update', shown, officer);
    expect(again.status).toBe(200);
    expect(again.result).toEqual(shown);
  });
});

describe('a resource', () => {
  it('has every key, and further ones beside them', () => {
    expect(made.resources[0]).toEqual({
      id: uuid,
      package_id: made.id,
      name: 'Таблиця',
      description: '',
      url: 'http://example.org/data/t.xlsx',
      url_type: null,
      format: 'XLSX',
      mimetype: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      mimetype_inner: null,
      resource_type: null,
      size: null,
      hash: '',
      created: time,
      last_modified: null,
      metadata_modified: time,
      cache_url: null,
      cache_last_updated: null,
      position: 0,
      state: 'active',
      datastore_active: false,
      load_status: null,
      version: null,
      rows: null,
      colour: 'red',
    });
  });
  it('that is uploaded tells its address, size, hash, format and type, and is downloaded whole or in parts', async () => {
    const form = new FormData();
    form.set('package_id', 'whole');
    form.set('upload', new File(['a;b\n1;2\n'], 'Звіт за рік.CSV'));
    const headers = { authorization: officer };
    const answer = await portal.fetch('/open-data/api/3/action/resource_create', {
      method: 'POST',
      headers,
      body: form,
    });
    const resource = ((await answer.json()) as { result: Record<string, string> }).result;
    expect(resource).toMatchObject({
      url: `${site}/dataset/${made.id}/resource/${resource.id}/download/zvit-za-rik.csv`,
      url_type: 'upload',
      format: 'CSV',
      mimetype: 'text/csv',
      size: 8,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const whole = await fetch(resource.url!);
    expect(await whole.text()).toBe('a;b\n1;2\n');
    expect(whole.headers.get('content-disposition')).toBe('attachment; filename="zvit-za-rik.csv"');
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff');
    const etag = whole.headers.get('etag')!;
    const part = await fetch(resource.url!, { headers: { range: 'bytes=2-3', 'if-range': etag } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-3/8',
      'b\n',
    ]);
    const tail = await fetch(resource.url!, { headers: { range: 'bytes=-4' } });
    expect(await tail.text()).toBe('1;2\n');
    expect((await fetch(resource.url!, { headers: { range: 'bytes=99-' } })).status).toBe(416);
    expect((await fetch(resource.url!, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await fetch(resource.url!, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '8']);
    // Bare hosts are asked too.
    expect((await fetch(resource.url!.replace('/open-data', ''))).status).toBe(200);
    await portal.call('package_patch', { id: 'whole', private: true }, officer);
    expect((await fetch(resource.url!)).status).toBe(403);
    expect((await fetch(resource.url!, { headers })).status).toBe(200);
    await portal.call('package_patch', { id: 'whole', private: false }, officer);
  });
});

it('an organisation and a group have every key', async () => {
  const common = {
    id: uuid,
    title: expect.any(String),
    display_name: expect.any(String),
    description: '',
    image_url: '',
    image_display_url: '',
    created: time,
    approval_status: 'approved',
    state: 'active',
    num_followers: 0,
    extras: expect.any(Array),
    groups: [],
    tags: [],
    users: [],
  };
  const org = (await portal.get('organization_show', 'id=org')).result;
  expect(org).toEqual({
    ...common,
    name: 'org',
    type: 'organization',
    is_organization: true,
    package_count: 1,
  });
  const group = (await portal.get('group_show', 'id=envi&include_datasets=true')).result;
  expect(group).toEqual({
    ...common,
    name: 'envi',
    type: 'group',
    is_organization: false,
    package_count: 1,
    packages: [expect.objectContaining({ name: 'whole' })],
  });
});

it('a user has every key; the address is for themselves and the officer', async () => {
  const token = await portal.member('org', 'editor', 'ivan');
  const dict = {
    id: uuid,
    name: 'ivan',
    fullname: 'Посада ivan',
    display_name: 'Посада ivan',
    about: '',
    created: time,
    state: 'active',
    sysadmin: false,
    number_created_packages: 0,
    email_hash: expect.stringMatching(/^[0-9a-f]{32}$/),
    image_url: '',
    image_display_url: '',
  };
  expect((await portal.get('user_show', 'id=ivan')).result).toEqual(dict);
  for (const who of [token, officer])
    expect((await portal.get('user_show', 'id=ivan', who)).result).toEqual({
      ...dict,
      email: 'ivan@example.org',
    });
  const org = (await portal.get('organization_show', 'id=org')).result;
  expect(org.users).toEqual([{ ...dict, capacity: 'editor' }]);
});

it('an activity has every key', async () => {
  const [newest] = (await portal.get('package_activity_list', 'id=whole')).result;
  expect(newest).toEqual({
    id: uuid,
    timestamp: time,
    user_id: made.creator_user_id,
    object_id: made.id,
    activity_type: 'changed package',
    data: { package: expect.objectContaining({ name: 'whole' }), actor: expect.any(String) },
  });
});

it('licences have every key, and all ids are there', async () => {
  const list = (await portal.get('license_list')).result as { id: string }[];
  expect(list.map((one) => one.id).sort()).toEqual(
    'CC-BY-4.0 cc-by cc-by-sa cc-nc cc-zero gfdl notspecified odc-by odc-odbl odc-pddl other-at other-closed other-nc other-open other-pd uk-ogl'
      .split(' ')
      .sort(),
  );
  expect(Object.keys(list[0]!).sort()).toEqual(
    'domain_content domain_data domain_software family id is_generic maintainer od_conformance osd_conformance status title url'.split(
      ' ',
    ),
  );
});
