import { expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { systemActor } from '#platform/work.ts';
import { officer, testPortal } from './api/ckan/testing.ts';
import { demo } from './demo.ts';
import { eraseOf, exportOf } from './personal.ts';

const portal = await testPortal();
const { platform } = portal;
const work = <T>(act: Parameters<typeof platform.work<T>>[1]) => platform.work(systemActor('test'), act);

it('the demo city has publishers and datasets with files, made once', async () => {
  const clock = platform.clock as ManualClock;
  await demo(platform, clock);
  await demo(platform, clock);
  const { count, results } = (await portal.get('package_search', 'q=трамваї')).result;
  expect([count, results[0].name]).toEqual([1, 'tram-stops']);
  expect(await (await fetch(results[0].resources[0].url)).text()).toContain('stop_name');
  expect((await portal.get('organization_list')).result).toHaveLength(5);
});

it('a person is given what the portal holds of them, and forgotten there but for their public acts', async () => {
  const token = await portal.member('transport', 'editor', 'marta');
  await portal.call('follow_dataset', { id: 'tram-stops' }, token);
  await portal.call('user_patch', { id: 'marta', about: 'Про мене' }, token);
  await portal.call('package_patch', { id: 'tram-stops', version: '2' }, token);
  const { id } = (await portal.get('user_show', 'id=marta', officer)).result;
  expect(await work((one) => exportOf(one, id))).toMatchObject({
    user: { name: 'marta', about: 'Про мене' },
    follows: [{ kind: 'dataset' }],
    tokens: [{ name: 'test' }],
  });
  const { gone, kept } = await work((one) => eraseOf(one, id));
  expect(gone.map((line) => line.en)).toEqual([
    'What is followed on the open-data portal: 1',
    'Tokens of the open-data API: 1',
  ]);
  expect(kept).toHaveLength(1);
  expect((await portal.call('follow_dataset', { id: 'tram-stops' }, token)).status).toBe(403);
  expect((await portal.get('user_show', `id=${id}`, officer)).result).toMatchObject({
    about: '',
    state: 'deleted',
  });
});
