// Keeps: clocks stand still for want of access and for danger, publicly; the law's never (contact-centre.md §3 Clocks).
import { beforeAll, expect, it } from 'vitest';
import { makeStatutory } from './appeals.ts';
import { act, type MoveInput } from './moves.ts';
import { deskWorld, readable } from './pages/desk/test-world.ts';
import { pauseWork, resumeWork } from './pausing.ts';
import { inPost } from './posts.ts';
import type { Move, Role } from './states.ts';

const world = await deskWorld();
const { platform, pool, clock } = world;
const hour = 3_600_000;
const dispatcher = inPost('dispatcher', 'teplo');
const go = (role: Role, number: string, move: Move, input: MoveInput = {}) =>
  platform.work(inPost(role, 'teplo'), (work) => act(work, number, move, input));
const pause = (
  number: string,
  ground: 'no_access' | 'danger',
  note = 'Підвал замкнено, ключ у голови ОСББ',
) => platform.work(dispatcher, (work) => pauseWork(work, number, { ground, note }));
const clocks = async (number: string) =>
  (await pool.query('select kind, due, paused_at from cc_clock where request = $1 order by kind', [number]))
    .rows;
const due = async (number: string, kind: string) =>
  (await clocks(number)).find((one: { kind: string }) => one.kind === kind)!.due.getTime();
const intervals = async (number: string) =>
  (
    await pool.query('select distinct why from cc_clock_interval where request = $1 order by 1', [number])
  ).rows.map(({ why }: { why: string }) => why);
let number: string;
beforeAll(async () => {
  number = await world.report();
  await go('dispatcher', number, 'accept');
});

it('stand still from the act to its end, and the term moves by as much, with a row that says why', async () => {
  const before = await due(number, 'fix');
  await expect(pause(number, 'no_access', ' ')).rejects.toMatchObject({ code: 'invalid' });
  await pause(number, 'no_access');
  await expect(pause(number, 'danger')).rejects.toMatchObject({ code: 'paused' });
  clock.advance(5 * hour);
  await platform.work(dispatcher, (work) => resumeWork(work, number));
  expect((await due(number, 'fix')) - before).toBe(5 * hour);
  expect(await intervals(number)).toEqual(['no_access']);
  await expect(platform.work(dispatcher, (work) => resumeWork(work, number))).rejects.toMatchObject({
    code: 'not-paused',
  });
});

it('run on with the next move, whatever it is', async () => {
  await pause(number, 'danger', 'Повітряна тривога');
  clock.advance(hour);
  await go('dispatcher', number, 'dispatch', { crew: 'crew-1' });
  expect(
    (await clocks(number)).every(({ paused_at }: { paused_at: Date | null }) => paused_at === null),
  ).toBe(true);
  expect(await intervals(number)).toEqual(['danger', 'no_access']);
  const { rows } = await pool.query('select pause from cc_request where number = $1', [number]);
  expect(rows).toEqual([{ pause: null }]);
});

it('are told to each reporter, and to everybody on the page of the request and of its terms', async () => {
  const { rows } = await pool.query(
    `select template from cc_message where request = $1 and template like any(array['pause%', 'resume']) order by at, seq`,
    [number],
  );
  expect(rows.map(({ template }: { template: string }) => template)).toEqual([
    'pause_no_access',
    'resume',
    'pause_danger',
  ]);
  const visitor = world.visitor();
  const page = readable((await visitor.get(`/contact-centre/requests/${number}`)).html);
  expect(page).toContain('Роботу призупинено: немає доступу');
  expect(page).toContain('Підвал замкнено');
  const terms = readable((await visitor.get(`/contact-centre/requests/${number}/terms`)).html);
  expect(terms).toContain('Не було доступу до приміщення');
  expect(terms).toContain('Роботи зупинила небезпека');
});

it('never stop the clock of the law', async () => {
  const appeal = await world.report();
  await go('dispatcher', appeal, 'accept');
  await platform.work(inPost('operator'), (work) =>
    makeStatutory(work, appeal, { name: 'Іван Вигаданий', residence: 'м. Дніпро', kind: 'application' }),
  );
  const before = await due(appeal, 'statutory');
  await pause(appeal, 'danger', 'Повітряна тривога');
  clock.advance(hour);
  await platform.work(dispatcher, (work) => resumeWork(work, appeal));
  expect(await due(appeal, 'statutory')).toBe(before);
});

it('are not for what nobody works on, nor for people of other enterprises', async () => {
  const fresh = await world.report();
  await expect(pause(fresh, 'danger')).rejects.toMatchObject({ code: 'no-work' });
  await expect(
    platform.work(inPost('dispatcher', 'voda'), (work) =>
      pauseWork(work, number, { ground: 'danger', note: 'x' }),
    ),
  ).rejects.toMatchObject({ status: 404 });
  await expect(
    platform.work(inPost('operator'), (work) => pauseWork(work, number, { ground: 'danger', note: 'x' })),
  ).rejects.toMatchObject({ status: 403 });
});

it('are set and ended on the page of the request at the desk', async () => {
  const desk = await world.enter('dispatcher');
  const path = `/contact-centre/desk/requests/${number}`;
  await desk.get(path);
  expect(readable(desk.html)).toContain('Призупинити роботу');
  await desk.submit(`${path}/pause`, { 'pause-note': 'Ніхто не відчиняє' });
  expect(desk.status).toBe(422);
  expect(desk.html).toContain('href="#field-pause-ground"');
  expect(desk.html).toContain('Ніхто не відчиняє');
  await desk.submit(`${path}/pause`, { 'pause-ground': 'no_access', 'pause-note': 'Ніхто не відчиняє' });
  expect(readable(desk.html)).toContain('Роботу призупинено, строк стоїть.');
  await desk.submit(`${path}/pause`);
  expect(readable(desk.html)).toContain('Роботу продовжено, строк знову йде.');
});
