// Keeps: the states of a dataset and its revisions, and what of them everybody may see (open-data.md §3).
import { describe, expect, it } from 'vitest';
import type { Actor } from '#platform/work.ts';
import { officer, testPortal } from './api/ckan/testing.ts';
import { decideRevision, moveDataset } from './datasets.ts';
import { moves, wireState } from './states.ts';
import { tokenReader } from './tokens.ts';

const portal = await testPortal();
const { platform } = portal;
await portal.call('organization_create', { name: 'careful', publish_mode: 'review' }, officer);
const editor = await portal.member('careful', 'editor', 'editor');
const leader = await portal.member('careful', 'admin', 'leader');
const actorOf = async (token: string): Promise<Actor> => (await tokenReader(platform)(token))!.actor;
const as = async (
  token: string,
  ...[id, move, options]: [string, Parameters<typeof moveDataset>[2], { reason?: string }?]
) => platform.work(await actorOf(token), (work) => moveDataset(work, id, move, options));
const stateOf = async (name: string, token = leader) =>
  (await portal.get('package_show', `id=${name}`, token)).result?.state;
const seen = async (name: string) => (await portal.get('package_show', `id=${name}`)).status;
const make = (input: Record<string, unknown>, token = editor) =>
  portal.call('package_create', { owner_org: 'careful', ...input }, token);

it('the states are those of the specification, and CKAN’s clients know three of them', () => {
  expect(moves.map(({ name, from, to }) => `${name}: ${from.join(', ')} → ${to}`)).toEqual([
    'submit: draft → review',
    'publish: draft → published',
    'approve: review → published',
    'return: review → draft',
    'archive: published → archived',
    'restore: archived, withdrawn → published',
    'withdraw: draft, review, published, archived → withdrawn',
  ]);
  expect((['draft', 'review', 'published', 'archived', 'withdrawn'] as const).map(wireState)).toEqual([
    'draft',
    'draft',
    'active',
    'active',
    'deleted',
  ]);
});

describe('where an organisation reviews', () => {
  it('an editor’s dataset waits, and nothing of it is seen', async () => {
    await make({
      name: 'waiting',
      title: 'Очікувана назва',
      tags: [{ name: 'рідкісний' }],
      resources: [{ url: 'https://example.org/a.xyz' }],
    });
    expect(await stateOf('waiting')).toBe('draft');
    expect(await seen('waiting')).toBe(403);
    expect((await portal.get('package_search', 'q=очікувана&facet.field=tags')).result).toMatchObject({
      count: 0,
      facets: { tags: {} },
    });
    for (const [action, query] of [
      ['package_list', ''],
      ['tag_list', ''],
      ['package_autocomplete', 'q=wait'],
      ['resource_search', 'query=url:xyz'],
      ['current_package_list_with_resources', ''],
      ['recently_changed_packages_activity_list', ''],
    ] as const)
      expect([action, JSON.stringify((await portal.get(action, query)).result)]).toEqual([
        action,
        expect.not.stringMatching(/waiting|рідкісний|xyz/),
      ]);
  });
  it('only a leader approves; sending back needs a reason', async () => {
    await expect(as(editor, 'waiting', 'approve')).rejects.toMatchObject({ status: 403 });
    await expect(as(leader, 'waiting', 'return')).rejects.toMatchObject({ status: 409 });
    await as(leader, 'waiting', 'return', { reason: 'немає опису' });
    await expect(as(editor, 'waiting', 'publish')).rejects.toMatchObject({ status: 403 });
    await as(editor, 'waiting', 'submit');
    await as(leader, 'waiting', 'approve');
    expect(await seen('waiting')).toBe(200);
  });
  it('an editor’s change of a served dataset is a revision: the old text is served meanwhile', async () => {
    const before = (await portal.get('package_show', 'id=waiting')).result;
    const answer = await portal.call('package_patch', { id: 'waiting', title: 'Нова назва' }, editor);
    expect([answer.status, answer.result]).toEqual([200, before]);
    expect((await portal.get('package_show', 'id=waiting')).result).toEqual(before);
    await platform.work(await actorOf(leader), (work) => decideRevision(work, 'waiting', { approve: true }));
    expect((await portal.get('package_show', 'id=waiting')).result.title).toBe('Нова назва');
  });
  it('a revision that is sent back changes nothing', async () => {
    await portal.call('package_patch', { id: 'waiting', title: 'Гірша назва' }, editor);
    const work = async (decision: Parameters<typeof decideRevision>[2], token = leader) =>
      platform.work(await actorOf(token), (one) => decideRevision(one, 'waiting', decision));
    await expect(work({ approve: true }, editor)).rejects.toMatchObject({ status: 403 });
    await expect(work({ approve: false, reason: '' })).rejects.toMatchObject({ status: 409 });
    await work({ approve: false, reason: 'ні' });
    expect((await portal.get('package_show', 'id=waiting')).result.title).toBe('Нова назва');
    await expect(work({ approve: true })).rejects.toMatchObject({ status: 404 });
  });
  it('a leader’s own are served at once', async () => {
    await make({ name: 'at-once' }, leader);
    expect(await stateOf('at-once')).toBe('active');
  });
});

it('an archived dataset is active with the extra archived, and out of the usual search', async () => {
  await as(leader, 'at-once', 'archive');
  const { result } = await portal.get('package_show', 'id=at-once');
  expect(result).toMatchObject({ state: 'active', extras: [{ key: 'archived', value: 'true' }] });
  expect((await portal.get('package_search', 'fq=name:at-once')).result.count).toBe(0);
  expect((await portal.get('package_search', 'fq=name:at-once extras_archived:true')).result.count).toBe(1);
  expect((await portal.call('package_update', result, leader)).result).toEqual(result);
  await as(leader, 'at-once', 'restore');
  expect((await portal.get('package_search', 'fq=name:at-once')).result.count).toBe(1);
});

it('a withdrawn dataset is gone for strangers and leaves its name; there is no other way between states', async () => {
  await as(leader, 'at-once', 'withdraw', { reason: 'помилка' });
  expect(await seen('at-once')).toBe(404);
  for (const move of ['submit', 'publish', 'approve', 'archive', 'withdraw'] as const) {
    const { rows } = await platform.db.$client.query(`select id from od_dataset where name = 'at-once'`);
    await expect(as(leader, rows[0].id, move)).rejects.toMatchObject({ status: 409 });
  }
});

it('a draft is seen by its organisation alone, and published when its author says so', async () => {
  await portal.call('organization_create', { name: 'quick' }, officer);
  const author = await portal.member('quick', 'editor', 'author');
  await make({ name: 'sketch', state: 'draft', owner_org: 'quick' }, author);
  expect(await seen('sketch')).toBe(403);
  expect(await stateOf('sketch', author)).toBe('draft');
  expect(await stateOf('sketch', leader)).toBeUndefined();
  await portal.call('package_patch', { id: 'sketch', state: 'active' }, author);
  expect(await seen('sketch')).toBe(200);
});

it('every change is audited and emitted in its transaction', async () => {
  const { rows } = await platform.db.$client.query<{ action: string }>(
    `select distinct entry ->> 'action' as action from audit_pending union select distinct action from audit_log`,
  );
  expect(rows.map((row) => row.action)).toEqual(
    expect.arrayContaining([
      'open-data:create_dataset',
      'open-data:approve_dataset',
      'open-data:propose_revision',
      'open-data:withdraw_dataset',
    ]),
  );
  const events = await platform.db.$client.query<{ name: string }>(`select distinct name from outbox`);
  expect(events.rows.map((row) => row.name)).toEqual(
    expect.arrayContaining([
      'open-data.dataset.published',
      'open-data.dataset.withdrawn',
      'open-data.revision.proposed',
    ]),
  );
});
