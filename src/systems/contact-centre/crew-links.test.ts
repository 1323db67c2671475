import { beforeAll, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { crewLinkActor, crewLinkOf, crewLinks, makeCrewLink, revokeCrewLink } from './crew-links.ts';
import { evidenceOf, keepEvidence } from './evidence.ts';
import { act } from './moves.ts';
import { inPost } from './posts.ts';
import { registerRequest } from './requests.ts';

const clock: ManualClock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

const dispatcher = inPost('dispatcher', 'teplo');
let key = 0;
async function accepted(): Promise<string> {
  key += 1;
  const { number } = await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `link-${key}`,
      category: 'heat-none',
      text: 'Холодно',
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '7' },
      reporter: { channel: 'web', language: 'uk' },
    }),
  );
  await platform.work(dispatcher, (work) => act(work, number, 'accept'));
  return number;
}
const make = (number: string, actor = dispatcher, crew = 'Підрядник Тепломонтаж') =>
  platform.work(actor, (work) => makeCrewLink(work, number, crew));
const open = (token: string) => crewLinkOf(platform.db, token, clock.now());

describe('a contractor’s link', () => {
  it('does the work of one request without an account: go, arrive, claim', async () => {
    const number = await accepted();
    const link = (await open(await make(number)))!;
    expect(link).toMatchObject({ request: number, organisation: 'teplo', crew: 'Підрядник Тепломонтаж' });
    const crew = crewLinkActor(link);
    await platform.work(crew, (work) => act(work, number, 'dispatch', { crew: link.crew }));
    await platform.work(crew, (work) => act(work, number, 'arrive'));
    const claimed = await platform.work(crew, (work) =>
      act(work, number, 'claim', { result: 'fixed', answer: 'Замінено вентиль' }),
    );
    expect(claimed.state).toBe('claimed');
    const { rows } = await platform.pool.query(
      `select actor->>'name' as who from cc_history where request = $1 and move = 'claim'`,
      [number],
    );
    expect(rows).toEqual([{ who: 'Підрядник Тепломонтаж' }]);
  });

  it('gives a crew’s acts alone: it neither accepts nor returns nor writes off', async () => {
    const number = await accepted();
    const crew = crewLinkActor((await open(await make(number)))!);
    for (const move of ['return', 'plan', 'ask'] as const)
      await expect(
        platform.work(crew, (work) => act(work, number, move, { reason: 'ні', question: 'чому' })),
      ).rejects.toMatchObject({ status: 403 });
  });

  it('ends after 14 days, when revoked, and when the request goes to another enterprise', async () => {
    const [old, revoked, moved] = [await accepted(), await accepted(), await accepted()];
    const [first, second, third] = [await make(old), await make(revoked), await make(moved)];
    const id = (await crewLinks(platform.db, revoked, clock.now()))[0]!.id;
    await platform.work(dispatcher, (work) => revokeCrewLink(work, revoked, id));
    expect(await open(second)).toBeNull();
    await platform.work(inPost('supervisor', null), (work) =>
      act(work, moved, 'assign', { organisation: 'voda', reason: 'Не та мережа' }),
    );
    expect(await open(third)).toBeNull();
    clock.advance(14 * 86_400_000 - 1);
    expect(await open(first)).not.toBeNull();
    clock.advance(1);
    expect(await open(first)).toBeNull();
  });

  it('is kept only as a hash, and a guessed one opens nothing', async () => {
    const token = await make(await accepted());
    expect(token).toMatch(/^[\w-]{22}$/);
    const { rows } = await platform.pool.query('select 1 from cc_link where token_hash = $1', [token]);
    expect(rows).toEqual([]);
    expect(await open('A'.repeat(22))).toBeNull();
    expect(await open("' or 1=1")).toBeNull();
  });

  it('is made only by a dispatcher of the enterprise, for somebody named', async () => {
    const number = await accepted();
    await expect(make(number, inPost('dispatcher', 'voda'))).rejects.toMatchObject({ status: 404 });
    await expect(make(number, inPost('crew', 'teplo'))).rejects.toMatchObject({ status: 403 });
    await expect(make(number, dispatcher, ' ')).rejects.toMatchObject({ faults: [{ field: 'crew' }] });
  });
});

describe('photos of the work', () => {
  it('wait for the claim that shows them, and no longer', async () => {
    const number = await accepted();
    const crew = inPost('crew', 'teplo');
    await platform.work(crew, (work) => keepEvidence(work, number, [{ file: 'f-1', kind: 'before' }]));
    await platform.work(crew, (work) => keepEvidence(work, number, [{ file: 'f-2', kind: 'after' }]));
    const evidence = await evidenceOf(platform.db, number);
    expect(evidence).toEqual([
      { file: 'f-1', kind: 'before' },
      { file: 'f-2', kind: 'after' },
    ]);
    await platform.work(crew, (work) =>
      act(work, number, 'claim', { result: 'fixed', answer: 'Готово', evidence }),
    );
    expect(await evidenceOf(platform.db, number)).toEqual([]);
    await expect(
      platform.work(crew, (work) => keepEvidence(work, number, [{ file: 'f-3', kind: 'after' }])),
    ).rejects.toMatchObject({ code: 'move' });
  });

  it('of another enterprise’s request are not taken', async () => {
    const number = await accepted();
    await expect(
      platform.work(inPost('crew', 'voda'), (work) =>
        keepEvidence(work, number, [{ file: 'f-4', kind: 'after' }]),
      ),
    ).rejects.toMatchObject({ status: 404 });
  });
});
