import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { type Actor, anonymous, systemActor, type Work } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { makeCrewLink } from './crew-links.ts';
import { dropFilter, keepResults, moveMany, resultsOf, savedFilters, saveFilter } from './dispatching.ts';
import { queue } from './lists/index.ts';
import { act, addNote } from './moves.ts';
import { inPost } from './posts.ts';
import { registerRequest } from './requests.ts';

const platform = await testPlatform();
beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

const dispatcher = inPost('dispatcher', 'teplo');
const run = <T>(one: (work: Work) => Promise<T>) => platform.work(dispatcher, one);
let key = 0;
async function assigned(): Promise<{ number: string; version: number }> {
  key += 1;
  const { number } = await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `bulk-${key}`,
      category: 'heat-none',
      text: 'Холодно',
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '7' },
      reporter: { channel: 'web', language: 'uk' },
    }),
  );
  return { number, version: 2 };
}

it('lets a grant on a branch act in the branches below it, which its lists show', async () => {
  const { number } = await assigned();
  const { rows } = await platform.pool.query(`select branch from cc_request where number = $1`, [number]);
  await platform.pool.query(`insert into cc_category (code, version, body, valid_from) values
    ('engineering', 1, '{"kind":"branch","code":"engineering","parent":null,"name":{"uk":"Мережі","en":"Networks"}}', now())`);
  await platform.pool.query(
    `update cc_category set body = body || '{"parent":"engineering"}' where code = $1 and valid_to is null`,
    [rows[0].branch],
  );
  const within = (branch: string): Actor => ({
    ...dispatcher,
    grants: dispatcher.grants.map((grant) => ({ ...grant, branch })),
  });
  const seenBy = (actor: Actor) => queue(platform.db, actor, { now: new Date() });
  expect((await seenBy(within('engineering'))).rows.map((row) => row.number)).toContain(number);
  await platform.work(within('engineering'), (work) => act(work, number, 'accept'));
  await platform.work(within('engineering'), (work) =>
    addNote(work, number, { text: 'Їдемо', public: false }),
  );
  await platform.work(within('engineering'), (work) => makeCrewLink(work, number, 'Підрядник'));
  await expect(platform.work(within('roads'), (work) => act(work, number, 'dispatch'))).rejects.toMatchObject(
    { status: 404 },
  );
});

describe('one move with many requests', () => {
  it('moves each on its own: those that changed, moved on or are not there stop no other', async () => {
    const [good, stale, gone, last] = [
      await assigned(),
      await assigned(),
      await assigned(),
      await assigned(),
    ];
    await run((work) => act(work, stale.number, 'ask', { question: 'Який поверх?' }));
    await run((work) => act(work, gone.number, 'accept'));
    const results = await moveMany(
      run,
      [good, stale, { ...gone, version: 3 }, { number: '26000000000', version: 1 }, last],
      'accept',
      {},
    );
    expect(results).toEqual([
      { number: good.number, state: 'accepted' },
      { number: stale.number, state: null, refused: 'stale' },
      { number: gone.number, state: null, refused: 'move' },
      { number: '26000000000', state: null, refused: 'not-found' },
      { number: last.number, state: 'accepted' },
    ]);
  });

  it('moves nothing when the words themselves are wanting', async () => {
    const rows = [await assigned(), await assigned()];
    await expect(moveMany(run, rows, 'return', { reason: ' ' })).rejects.toMatchObject({
      faults: [{ field: 'reason' }],
    });
    const { rows: states } = await platform.pool.query(
      'select distinct state from cc_request where number = any($1)',
      [rows.map(({ number }) => number)],
    );
    expect(states).toEqual([{ state: 'assigned' }]);
  });

  it('leaves results that only the one who made it reads', async () => {
    const results = [{ number: '26000000000', state: null, refused: 'not-found' }];
    const id = await run((work) => keepResults(work, 'accept', results));
    expect(await resultsOf(platform.db, 'p-dispatcher', id)).toEqual({ move: 'accept', results });
    expect(await resultsOf(platform.db, 'p-2', id)).toBeNull();
    expect(await resultsOf(platform.db, 'p-dispatcher', 'no id')).toBeNull();
  });
});

describe('a filter of the queue', () => {
  it('is kept for its person under a name, without anything that is no filter', async () => {
    await run((work) =>
      saveFilter(work, { name: ' Аварійні ', query: 'class=urgent&state=nonsense&evil=1&overdue=1' }),
    );
    expect(await savedFilters(platform.db, 'p-dispatcher')).toEqual([
      { name: 'Аварійні', query: 'class=urgent&overdue=1' },
    ]);
    expect(await savedFilters(platform.db, 'p-2')).toEqual([]);
    await run((work) => saveFilter(work, { name: 'Аварійні', query: 'class=emergency' }));
    expect(await savedFilters(platform.db, 'p-dispatcher')).toEqual([
      { name: 'Аварійні', query: 'class=emergency' },
    ]);
    await run((work) => dropFilter(work, 'Аварійні'));
    expect(await savedFilters(platform.db, 'p-dispatcher')).toEqual([]);
  });

  it('needs a name and something to filter by', async () => {
    await expect(run((work) => saveFilter(work, { name: '', query: 'x=1' }))).rejects.toMatchObject({
      faults: [
        { field: 'name', message: 'is needed' },
        { field: 'name', message: 'nothing is filtered' },
      ],
    });
  });
});
