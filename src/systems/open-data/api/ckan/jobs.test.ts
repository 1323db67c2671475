// Keeps: open-data.md 5.4 and 5.5, the rows of loads, loaders, invitations and letters, and of what a user may do where.
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { runOneLoad } from '../../loading/loads.ts';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
await portal.call('organization_create', { name: 'osvita', title: 'Освіта' }, officer);
const editor = await portal.member('osvita', 'editor', 'editor');
const leader = await portal.member('osvita', 'admin', 'leader');
await portal.call('package_create', { name: 'schools', title: 'Школи', owner_org: 'osvita' }, editor);

async function send(text: string): Promise<string> {
  const form = new FormData();
  form.set('package_id', 'schools');
  form.set('upload', new Blob([text]), 'table.csv');
  const answer = await portal.fetch('/open-data/api/3/action/resource_create', {
    method: 'POST',
    headers: { authorization: editor },
    body: form,
  });
  return ((await answer.json()) as { result: { id: string } }).result.id;
}
const lastLoad = async (resource: string) =>
  (
    await portal.platform.db.execute<{ id: string; n: number; state: string }>(
      sql`select id, n, state from od_load where resource = ${resource} order by n desc limit 1`,
    )
  ).rows[0]!;
const does = async (action: string, input: Record<string, unknown>, token = officer) => {
  const { status, result, error } = await portal.call(action, input, token);
  expect([action, status, error]).toEqual([action, 200, undefined]);
  return result;
};

describe('job_list, job_show, job_cancel and job_clear', () => {
  it('tell the officer what waits to be loaded, and end it', async () => {
    const [one, two] = [await send('n\n1\n'), await send('n\n2\n')];
    for (const id of [one, two]) await does('xloader_submit', { resource_id: id }, editor);
    const jobs = await does('job_list', {});
    expect(jobs).toMatchObject([
      {
        queue: 'default',
        title: 'open-data.load table.csv',
        created: expect.stringMatching(/^\d{4}-.*\.\d{6}$/),
      },
      { queue: 'default' },
    ]);
    expect(await does('job_list', { ids_only: true, limit: 1 })).toEqual([jobs[0].id]);
    expect(await does('job_list', { queues: ['other'] })).toEqual([]);
    expect(await does('job_show', { id: jobs[0].id })).toEqual(jobs[0]);
    expect((await portal.call('job_show', { id: 'none' }, officer)).status).toBe(404);
    expect(await does('job_cancel', { id: jobs[0].id })).toBeNull();
    expect((await portal.call('job_cancel', { id: jobs[0].id }, officer)).status).toBe(404);
    const states = async () =>
      Promise.all(
        [one, two].map(async (id) => (await portal.call('resource_show', { id })).result.load_status),
      );
    expect((await states()).sort()).toEqual(['failed', 'received']);
    expect(await does('job_clear', { queues: ['other'] })).toEqual([]);
    expect(await does('job_clear', {})).toEqual(['default']);
    expect(await does('job_list', {})).toEqual([]);
    expect(await states()).toEqual(['failed', 'failed']);
    // What was cancelled is not taken up any more.
    await runOneLoad(portal.platform, (await lastLoad(two)).id);
    expect((await portal.call('resource_show', { id: two })).result).toMatchObject({
      load_status: 'failed',
      version: 1,
      datastore_active: true,
    });
  });

  it('are the officer’s', async () => {
    for (const action of ['job_list', 'job_show', 'job_cancel', 'job_clear'])
      expect([action, (await portal.call(action, { id: 'x' }, leader)).status]).toEqual([action, 403]);
  });
});

describe.each(['xloader', 'datapusher'])('%s: submit and status', (loader) => {
  it('load a file once more, and say how that stands', async () => {
    const id = await send('n\n1\n');
    const status = () => portal.get(`${loader}_status`, `resource_id=${id}`, editor);
    const complete = (await status()).result;
    expect(complete).toMatchObject({ status: 'complete', key: loader, task_info: { error: null } });
    expect(await does(`${loader}_submit`, { resource_id: id }, editor)).toBe(true);
    const load = await lastLoad(id);
    expect(load.n).toBe(2);
    expect((await status()).result).toMatchObject({ status: 'pending', job_id: load.id });
    await runOneLoad(portal.platform, load.id);
    // The same file makes no second version.
    expect((await portal.call('resource_show', { id })).result).toMatchObject({
      version: 1,
      load_status: 'indexed',
    });
  });

  it('say what went wrong, know no load of a link, and are for those who may write', async () => {
    const id = await send('');
    expect((await portal.get(`${loader}_status`, `resource_id=${id}`, editor)).result).toMatchObject({
      status: 'error',
      task_info: { error: 'empty' },
    });
    const link = await does(
      'resource_create',
      { package_id: 'schools', url: 'https://example.org/page' },
      editor,
    );
    expect(await does(`${loader}_submit`, { resource_id: link.id }, editor)).toBe(false);
    expect((await portal.get(`${loader}_status`, `resource_id=${link.id}`, editor)).status).toBe(404);
    expect((await portal.get(`${loader}_status`, `resource_id=${id}`)).status).toBe(403);
    expect((await portal.call(`${loader}_submit`, { resource_id: id })).status).toBe(403);
    expect((await portal.call(`${loader}_submit`, {}, editor)).error.resource_id).toEqual(['Missing value']);
  });
});

it('user_invite opens an account without a password, makes a member, and a letter tells', async () => {
  const invited = await does('user_invite', {
    email: 'New.Person@Example.org',
    group_id: 'osvita',
    role: 'editor',
  });
  expect(invited).toMatchObject({ name: 'new-person', state: 'active', sysadmin: false });
  const { rows } = await portal.platform.db.execute<{ subject: string; lines: string[] }>(
    sql`select subject, lines from message where template like 'open-data.invited%'`,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]!.lines[0]).toContain('new-person');
  expect(JSON.stringify(rows)).not.toContain('Example');
  const members = await does('member_list', { id: 'osvita', object_type: 'user', capacity: 'editor' });
  expect(members.map(([id]: [string]) => id)).toContain(invited.id);
  const again = await does('user_invite', {
    email: 'new.person@other.org',
    group_id: 'osvita',
    role: 'member',
  });
  expect(again.name).toMatch(/^new-person-[0-9a-f]{8}$/);
  const wrong = await portal.call('user_invite', {}, officer);
  expect(wrong.error).toMatchObject({
    email: ['Missing value'],
    group_id: ['Missing value'],
    role: ['Missing value'],
  });
  expect(
    (await portal.call('user_invite', { email: 'x', group_id: 'osvita', role: 'editor' }, officer)).error
      .email,
  ).toEqual(['Email x is not a valid format']);
  expect(
    (await portal.call('user_invite', { email: 'a@b.ua', group_id: 'none', role: 'editor' }, officer)).status,
  ).toBe(404);
});

it('send_email_notifications writes once to followers what has changed since', async () => {
  await does('follow_organization', { id: 'osvita' }, leader);
  const letters = async () =>
    (
      await portal.platform.db.execute<{ lines: string[] }>(
        sql`select lines from message where template like 'open-data.followed%' order by created_at, id`,
      )
    ).rows.map((row) => row.lines);
  await does('package_patch', { id: 'schools', notes: 'змінено' }, editor);
  await does(
    'package_create',
    { name: 'secret', title: 'Таємне', owner_org: 'osvita', private: true },
    editor,
  );
  expect(await does('send_email_notifications', {})).toBeNull();
  expect(await letters()).toEqual([['Школи']]);
  await does('send_email_notifications', {});
  expect(await letters()).toHaveLength(1);
  const clock = portal.platform.clock as ManualClock;
  clock.advance(60_000);
  // What one does oneself is no news.
  await does('package_patch', { id: 'schools', notes: 'ще раз' }, leader);
  await does('send_email_notifications', {});
  expect(await letters()).toHaveLength(1);
  clock.advance(60_000);
  await does('package_patch', { id: 'schools', title: 'Школи міста' }, editor);
  await does('send_email_notifications', {});
  expect(await letters()).toEqual([['Школи'], ['Школи міста']]);
});

it('organization_list_for_user tells of another user by id', async () => {
  const of = async (query: string, token = officer) =>
    (await portal.get('organization_list_for_user', query, token)).result;
  expect(await of('id=editor')).toMatchObject([{ name: 'osvita', capacity: 'editor' }]);
  expect(await of('id=editor&permission=admin')).toEqual([]);
  expect(await of('id=leader&permission=admin', editor)).toMatchObject([
    { name: 'osvita', capacity: 'admin' },
  ]);
  expect((await portal.get('organization_list_for_user', 'id=nobody', officer)).status).toBe(404);
});
