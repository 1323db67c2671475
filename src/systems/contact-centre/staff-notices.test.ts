// Keeps: 75 % of a term warns the dispatcher, a breach the supervisor; second return, third rework and a plan gone by are
// told to the supervisor (contact-centre.md §2, §3 Clocks, Moves, Verification).
import { beforeAll, expect, it } from 'vitest';
import { inboxOf } from '#platform/notify/index.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { registerAppeal } from './appeals.ts';
import { contactCentreJobs } from './jobs.ts';
import { act, type MoveInput } from './moves.ts';
import { deskWorld } from './pages/desk/test-world.ts';
import { inPost } from './posts.ts';
import { tellStaffOf } from './staff-notices.ts';
import type { Move, Role } from './states.ts';
import { waiting } from './waiting.ts';

const world = await deskWorld();
const { platform, pool, clock } = world;
beforeAll(async () => {
  for (const persona of ['dispatcher', 'supervisor', 'operator', 'appeals']) await world.enter(persona);
});

/** Delivers each event to those who listen, twice: at least once is what the platform promises. */
async function deliver() {
  const { rows } = await pool.query(
    'select id, name, topic, payload, occurred_at from outbox where name = any($1)',
    [Object.keys(tellStaffOf)],
  );
  for (const row of [...rows, ...rows])
    await platform.work(systemActor('relay'), (work) =>
      tellStaffOf[row.name]!(work, { ...row, number: 1, occurredAt: row.occurred_at }),
    );
}
const jobs = async () => {
  for (const job of contactCentreJobs) await job.run(platform, {});
  await deliver();
};
const personOf = async (role: string, organisation: string | null) =>
  (
    await pool.query(
      'select person_id from access_grant where role = $1 and organisation is not distinct from $2',
      [role, organisation],
    )
  ).rows[0].person_id as string;
const told = async (role: Role, organisation: string | null, number: string) =>
  (await inboxOf(platform.db, await personOf(`contact-centre.${role}`, organisation), { limit: 100 }))
    .filter((one) => one.href?.endsWith(number))
    .map((one) => one.subject.split(': ')[1]);
const go = (role: Role, number: string, move: Move, input: MoveInput = {}) =>
  platform.work(inPost(role, role === 'dispatcher' || role === 'crew' ? 'teplo' : null), (work) =>
    act(work, number, move, input),
  );
const clocksOf = async (number: string) =>
  (await pool.query('select warn_at, due from cc_clock where request = $1 order by due', [number])).rows;

it('three quarters of a term warn the dispatcher of the enterprise, its end the supervisor, each once', async () => {
  const number = await world.report();
  const [first] = await clocksOf(number);
  clock.set(first.warn_at);
  await jobs();
  await jobs();
  expect(await told('dispatcher', 'teplo', number)).toEqual(['спливає строк']);
  expect(await told('supervisor', null, number)).toEqual([]);
  const dispatcher = await waiting(platform.db, inPost('dispatcher', 'teplo'), 'uk', clock.now());
  expect(dispatcher.queues.find(({ href }) => href.endsWith('warned=1'))).toMatchObject({ size: 1 });
  const browser = await world.enter('dispatcher');
  await browser.get('/contact-centre/desk/dispatcher?warned=1');
  expect(browser.html).toContain(number);
  expect(browser.html).toContain('спливає строк');
  clock.set(new Date(first.due.getTime() + 1000));
  await jobs();
  expect(await told('supervisor', null, number)).toEqual(['строк порушено']);
  expect(await told('dispatcher', 'teplo', number)).toEqual(['спливає строк']);
  // In the cabinet, and in nobody's mailbox unasked.
  const { rows } = await pool.query(
    "select count(*)::int as n from delivery d join message m on m.id = d.message_id where m.template like 'contact-centre.staff%'",
  );
  expect(rows).toEqual([{ n: 0 }]);
});

it('a second return, a third rework and a plan gone by are told to the supervisor, who has them on the start page', async () => {
  const returned = await world.report();
  const back = { organisation: 'teplo', reason: 'Мережа ваша' };
  await go('dispatcher', returned, 'return', { reason: 'Не наша' });
  await go('operator', returned, 'assign', back);
  await go('dispatcher', returned, 'return', { reason: 'Не наша' });
  const reworked = await world.report();
  await go('dispatcher', reworked, 'accept');
  for (const _ of [1, 2, 3]) {
    await go('crew', reworked, 'claim', { result: 'fixed', answer: 'Готово' });
    await go('controller', reworked, 'reject', { comment: 'Холодно' });
  }
  const planned = await world.report();
  await go('dispatcher', planned, 'accept');
  const date = new Date(clock.now().getTime() + 3_600_000);
  await go('dispatcher', planned, 'plan', { date, reason: 'Немає труб' });
  clock.advance(3_700_000);
  await jobs();
  expect(await told('supervisor', null, returned)).toContain('повернуто вдруге');
  expect(await told('supervisor', null, reworked)).toContain('третє доопрацювання');
  expect(await told('supervisor', null, planned)).toContain('план прострочено');
  const { queues } = await waiting(platform.db, inPost('supervisor'), 'uk', clock.now());
  for (const title of ['Повернуто вдруге', 'Треті доопрацювання', 'Плани, що минули'])
    expect(queues.find((one) => one.title === title)).toMatchObject({ size: 1, urgent: true });
});

it('of an appeal the office that answers it is warned, in nobody’s hands the operators', async () => {
  const appeal = (about: string | null) =>
    platform.work(anonymous, (work) =>
      registerAppeal(work, {
        source: 'web',
        intakeKey: `notice-${about}`,
        kind: 'complaint',
        essence: 'Прошу перевірити',
        complainedAbout: about,
        reporter: {
          name: 'Оксана Вигадана',
          residence: 'м. Дніпро',
          phone: '+380670000061',
          channel: 'web',
          language: 'uk',
        },
      }),
    );
  const [mine, nobodys] = [await appeal(null), await appeal('contact-centre')];
  const { rows } = await pool.query(
    "select warn_at from cc_clock where request = $1 and kind = 'statutory'",
    [mine.number],
  );
  clock.set(rows[0].warn_at);
  await jobs();
  expect(await told('dispatcher', 'contact-centre', mine.number)).toContain('спливає строк');
  expect(await told('dispatcher', 'contact-centre', nobodys.number)).toEqual([]);
  expect(await told('operator', null, nobodys.number)).toContain('спливає строк');
});

it('what is long past is not told as news', async () => {
  const number = await world.report();
  clock.advance(30 * 86_400_000);
  await jobs();
  expect(await told('supervisor', null, number)).toEqual([]);
});
