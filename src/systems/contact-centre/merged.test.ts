// Keeps: a merged request mirrors its master and has no clock; who leaves, leaves alone; taken out again it goes on from
// where it stood (contact-centre.md §3 moves withdraw, link, unlink; invariants 1, 4, 5; §5 status table "then mirrored").
import { beforeAll, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { createPlatform } from '#platform/platform.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { entryHash, type HistoryEntry } from './history.ts';
import { contactCentre } from './index.ts';
import { joinRequest } from './joining.ts';
import { act, type MoveInput } from './moves.ts';
import { permissions, roleName } from './permissions.ts';
import { registerRequest } from './requests.ts';
import type { Move, Role } from './states.ts';
import { extendTerm } from './supervising.ts';

const base = await testPlatform();
const platform = createPlatform({ ...base, systems: [contactCentre] });
const { pool } = base;
const clock = platform.clock as ManualClock;
const app = createApp(platform, { cache: false, limits: false });
beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

const staff = (role: Role): Actor => ({
  kind: 'staff',
  id: '0197c000-0000-7000-8000-000000000001',
  name: role,
  organisation: null,
  assurance: 1,
  grants: [
    {
      role: roleName(role),
      permissions: new Set(permissions),
      organisation: null,
      district: null,
      branch: null,
    },
  ],
});
const go = (actor: Actor, number: string, move: Move, input: MoveInput = {}) =>
  platform.work(actor, (work) => act(work, number, move, input));
let key = 0;
const register = () =>
  platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `merged-${key++}`,
      category: 'heat-weak',
      text: 'Ледь теплі',
      answers: [{ code: 'scope', values: ['flat'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { channel: 'web', language: 'uk' },
    }),
  );
const join = (number: string) =>
  platform.work(anonymous, (work) => joinRequest(work, number, { channel: 'web', language: 'uk' }));
const leave = (number: string, reporterToken: string) => go(anonymous, number, 'withdraw', { reporterToken });
/** A request and another one merged into it. */
async function pair() {
  const [master, twin] = [await register(), await register()];
  await go(staff('operator'), twin.number, 'link', { master: master.number });
  return { master, twin };
}
const row = async (number: string) =>
  (await pool.query('select * from cc_request where number = $1', [number])).rows[0];
const clocks = async (number: string) =>
  (await pool.query('select kind, due, stopped_at from cc_clock where request = $1 order by kind', [number]))
    .rows as { kind: string; due: Date; stopped_at: Date | null }[];
const updates = async (number: string) =>
  (
    (await (await app.request('/open311/v2/servicerequestupdates.json')).json()) as Record<string, string>[]
  ).filter((one) => one.service_request_id === number);
const feed = async (after: Date) =>
  (await (
    await app.request(`/open311/bulk/requests.json?updated_after=${encodeURIComponent(after.toISOString())}`)
  ).json()) as Record<string, string>[];

it('is not closed by the one who reported it first while people merged into it are left', async () => {
  const { master, twin } = await pair();
  expect(await leave(master.number, master.followToken)).toMatchObject({ state: 'assigned' });
  await go(staff('dispatcher'), master.number, 'accept');
  await go(staff('crew'), master.number, 'claim', { result: 'fixed', answer: 'Готово' });
  // Whoever is left judges it alone.
  expect(await go(anonymous, master.number, 'confirm', { reporterToken: twin.followToken })).toMatchObject({
    closing: 'confirmed',
  });
});

it('loses a reporter of a merged one without losing one of its own, and closes when nobody is left', async () => {
  const { master, twin } = await pair();
  const second = await join(master.number);
  await leave(master.number, twin.followToken);
  expect(await row(master.number)).toMatchObject({ state: 'assigned', reporters: 2 });
  expect(await row(twin.number)).toMatchObject({ state: 'merged', reporters: 0 });
  await leave(master.number, master.followToken);
  const { rows } = await pool.query(
    'select withdrawn_at is null as here, lead from cc_reporter where request = $1 order by joined_at, id',
    [master.number],
  );
  expect(rows).toEqual([
    { here: false, lead: false },
    { here: true, lead: true },
  ]);
  expect(await leave(master.number, second.followToken)).toMatchObject({ closing: 'withdrawn' });
  expect(await updates(twin.number)).toContainEqual(expect.objectContaining({ status: 'cancelled' }));
});

it('tells in each merged history what becomes of the master, in updates and in the change feed', async () => {
  const { master, twin } = await pair();
  const quiet = await updates(twin.number);
  expect(quiet.at(-1)!.status).toBe('open');
  clock.advance(3_600_000);
  const before = clock.now();
  await go(staff('dispatcher'), master.number, 'accept');
  await go(staff('dispatcher'), master.number, 'dispatch', { crew: 'crew-1', note: 'Виїхали' });
  await platform.work(staff('supervisor'), (work) =>
    extendTerm(work, master.number, {
      kind: 'fix',
      until: '2026-12-20',
      reason: 'Насос',
      note: 'Чекаємо на насос',
    }),
  );
  await go(staff('crew'), master.number, 'claim', { result: 'fixed', answer: 'Готово' });
  await go(anonymous, master.number, 'confirm', { reporterToken: twin.followToken });
  await go(anonymous, master.number, 'confirm', { reporterToken: master.followToken });
  const told = (await updates(twin.number)).slice(quiet.length);
  expect(told.map(({ status, description }) => [status, description])).toEqual([
    ['investigating', null],
    ['in_progress', 'Виїхали'],
    ['in_progress', 'Чекаємо на насос'],
    ['in_progress', 'Готово'],
    ['fixed', null],
  ]);
  expect((await feed(before)).find((one) => one.service_request_id === twin.number)).toMatchObject({
    status_description: 'closed',
  });
  // The history is whole, and one message to each reporter was owed by the change of the master alone.
  const { rows } = await pool.query('select * from cc_history where request = $1 order by seq', [
    twin.number,
  ]);
  let prev: string | null = null;
  for (const one of rows) {
    const entry = {
      request: one.request,
      seq: one.seq,
      at: one.at.toISOString(),
      move: one.move,
      from: one.from_state,
      to: one.to_state,
      actor: one.actor,
      data: one.data,
      note: one.public_note,
      prev,
    } as HistoryEntry;
    expect(entryHash(entry)).toBe(one.hash);
    prev = one.hash;
  }
  expect(await row(twin.number)).toMatchObject({ version: rows.length, history_head: prev, state: 'merged' });
  const { rows: owed } = await pool.query(
    `select m.template from cc_message m join cc_reporter p on p.id = m.reporter where p.request = $1 order by m.at, m.seq`,
    [twin.number],
  );
  expect(owed.map(({ template }: { template: string }) => template)).toEqual([
    'registered',
    'link',
    'accept',
    'dispatch',
    'extend',
    'claim',
    'confirm',
  ]);
});

it('lets nothing of a private master’s words out through what is merged into it', async () => {
  const { master, twin } = await pair();
  await pool.query(`update cc_request set publication = 'hidden' where number = $1`, [master.number]);
  await go(staff('dispatcher'), master.number, 'accept');
  await go(staff('dispatcher'), master.number, 'dispatch', { crew: 'crew-1', note: 'Виїхали' });
  expect((await updates(twin.number)).at(-1)).toMatchObject({ status: 'in_progress', description: null });
});

it('follows the new master when its own is merged further', async () => {
  const { master, twin } = await pair();
  const top = await register();
  await go(staff('dispatcher'), top.number, 'accept');
  await go(staff('operator'), master.number, 'link', { master: top.number });
  expect(await row(twin.number)).toMatchObject({ master: top.number });
  expect((await updates(twin.number)).at(-1)).toMatchObject({ status: 'investigating' });
});

it('taken out again goes to triage, and its clocks run on from where they stood', async () => {
  const { master, twin } = await pair();
  const before = await clocks(twin.number);
  expect(before.every(({ stopped_at }) => stopped_at !== null)).toBe(true);
  const hour = 3_600_000;
  clock.advance(30 * hour);
  expect(await go(staff('operator'), twin.number, 'unlink')).toMatchObject({ state: 'triage' });
  expect((await clocks(twin.number)).map(({ due, stopped_at }) => [due.getTime(), stopped_at])).toEqual(
    before.map(({ due }) => [due.getTime() + 30 * hour, null]),
  );
  const { rows } = await pool.query('select distinct why from cc_clock_interval where request = $1', [
    twin.number,
  ]);
  expect(rows).toEqual([{ why: 'merged' }]);
  const nearest = Math.min(...(await clocks(twin.number)).map(({ due }) => due.getTime()));
  expect(await row(twin.number)).toMatchObject({ next_due: new Date(nearest), master: null });
  expect(await row(master.number)).toMatchObject({ state: 'assigned' });
});

it('accepted before it was merged, it is not accepted anew; a question that stood is not counted twice', async () => {
  const [master, twin] = [await register(), await register()];
  await go(staff('dispatcher'), twin.number, 'accept');
  await go(staff('dispatcher'), twin.number, 'ask', { question: 'Поверх?' });
  const [, fix] = await clocks(twin.number);
  clock.advance(3_600_000);
  await go(staff('operator'), twin.number, 'link', { master: master.number });
  clock.advance(3_600_000);
  await go(staff('operator'), twin.number, 'unlink');
  const [accept, later] = await clocks(twin.number);
  expect(accept!.stopped_at).not.toBeNull();
  expect(later!.due.getTime() - fix!.due.getTime()).toBe(2 * 3_600_000);
});
