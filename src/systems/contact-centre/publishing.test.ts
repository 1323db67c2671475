// Keeps: copies of the open data that replay the change feed lose what left publication (contact-centre.md §5 Bulk, §10.5).
import { expect, it } from 'vitest';
import { makeStatutory } from './appeals.ts';
import { deskWorld } from './pages/desk/test-world.ts';
import { inPost } from './posts.ts';
import { withholdRequest } from './publishing.ts';

const world = await deskWorld();
type Told = Record<string, string | null>;
const read = async (query = '') =>
  (await (await world.app.request(`/open311/bulk/requests.json${query}`)).json()) as Told[];

it('what was made an appeal, or withheld before anybody saw it, is removed from every copy', async () => {
  const [published, appeal, awaiting, withheld, secret] = [
    await world.report(),
    await world.report(),
    await world.report(),
    await world.report(),
    await world.report({ private: true }),
  ];
  await world.pool.query(`update cc_request set publication = 'awaiting' where number = $1`, [awaiting]);
  const copy = new Map((await read()).map((row) => [row.service_request_id, row]));
  expect([...copy.keys()].sort()).toEqual([published, appeal, awaiting, withheld].sort());
  world.clock.advance(60_000);
  const seen = world.clock.now().toISOString();
  const person = { name: 'Іван Вигаданий', residence: 'м. Дніпро', kind: 'complaint' as const };
  for (const number of [appeal, secret])
    await world.platform.work(inPost('operator'), (work) => makeStatutory(work, number, person));
  for (const number of [awaiting, withheld])
    await world.platform.work(inPost('moderator'), (work) =>
      withholdRequest(work, number, 'Скарга на сусіда'),
    );
  const changes = await read(`?updated_after=${encodeURIComponent(seen)}`);
  expect(changes.map((row) => [row.service_request_id, row.status_description])).toEqual(
    expect.arrayContaining([appeal, awaiting, withheld].map((number) => [number, 'removed'])),
  );
  // Of what was never public, not even that it went.
  expect(changes).toHaveLength(3);
  for (const row of changes) expect(JSON.stringify(row)).not.toMatch(/Батареї|Опалення|heat|Робоча/);
  for (const row of changes) copy.set(row.service_request_id!, row);
  const byNumber = (rows: Iterable<Told>) =>
    [...rows].sort((a, b) => (a.service_request_id! < b.service_request_id! ? -1 : 1));
  expect(byNumber(copy.values())).toEqual(byNumber(await read()));
  for (const path of [`/open311/v2/requests/${appeal}.json`, `/contact-centre/requests/${appeal}`])
    expect((await world.app.request(path)).status).toBe(404);
  for (const path of ['/open311/v2/requests.json', '/open311/v2/servicerequestupdates.json'])
    expect(await (await world.app.request(path)).text()).not.toContain(appeal);
});
