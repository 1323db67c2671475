import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { systemActor } from '#platform/work.ts';
import { officer, testPortal } from './api/ckan/testing.ts';
import { eraseOf, exportOf } from './personal.ts';

const portal = await testPortal();
const { platform } = portal;
const work = <T>(act: Parameters<typeof platform.work<T>>[1]) => platform.work(systemActor('test'), act);

await portal.call('organization_create', { name: 'transport', title: 'Транспорт' }, officer);
await portal.call(
  'package_create',
  { name: 'tram-stops', title: 'Зупинки', owner_org: 'transport' },
  officer,
);

it('a person is given what the portal holds of them, and forgotten there but for their public acts', async () => {
  const token = await portal.member('transport', 'editor', 'marta');
  await portal.call('follow_dataset', { id: 'tram-stops' }, token);
  await portal.call('user_patch', { id: 'marta', about: 'Про мене' }, token);
  await portal.call('package_patch', { id: 'tram-stops', version: '2' }, token);
  const { id } = (await portal.get('user_show', 'id=marta', officer)).result;
  await platform.db.execute(
    sql`insert into od_upload (id, person, name, bytes, began_at) values (gen_random_uuid(), ${id}, 'зупинки.csv', 9, now())`,
  );
  expect(await work((one) => exportOf(one, id))).toMatchObject({
    uploads: [{ name: 'зупинки.csv', bytes: 9 }],
    user: { name: 'marta', about: 'Про мене' },
    follows: [{ kind: 'dataset' }],
    tokens: [{ name: 'test' }],
  });
  const { gone, kept } = await work((one) => eraseOf(one, id));
  expect(gone.map((line) => line.en)).toEqual([
    'What is followed on the open-data portal: 1',
    'Files on their way: 1',
    'Tokens of the open-data API: 1',
  ]);
  expect(kept).toHaveLength(1);
  expect(await work((one) => exportOf(one, id))).toMatchObject({ follows: [], tokens: [], uploads: [] });
  expect((await portal.call('follow_dataset', { id: 'tram-stops' }, token)).status).toBe(403);
  expect((await portal.get('user_show', `id=${id}`, officer)).result).toMatchObject({
    about: '',
    state: 'deleted',
  });
});
