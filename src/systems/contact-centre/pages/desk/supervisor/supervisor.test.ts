import { beforeAll, describe, expect, it } from 'vitest';
import { personaActor } from '#platform/identity/personas.ts';
import { anonymous } from '#platform/work.ts';
import { contactCentreData } from '../../../../../../city/dnipro/index.ts';
import { act, type MoveInput } from '../../../moves.ts';
import { registerRequest } from '../../../requests.ts';
import { seed, seedRequests } from '../../../seeding.ts';
import type { Move } from '../../../states.ts';
import { testDesk } from '../testing.ts';

const desk = await testDesk();
const { platform, clock } = desk;
const base = '/contact-centre/desk/supervisor';
const now = new Date('2026-11-24T10:00:00Z');
const hours = (amount: number) => new Date(now.getTime() + amount * 3_600_000).toISOString();
const one = async (text: string, values: unknown[] = []) =>
  (await platform.db.$client.query(text, values)).rows[0];
const dispatcher = await personaActor(platform, 'dispatcher');
const go = (number: string, move: Move, input: MoveInput = {}) =>
  platform.work(dispatcher, (work) => act(work, number, move, input));

let key = 0;
const register = async () => {
  key += 1;
  const intakeKey = `v${key}`;
  const born = await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey,
      category: 'heat-weak',
      text: 'Батареї ледь теплі',
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { channel: 'web', language: 'uk' },
    }),
  );
  return born.number;
};

beforeAll(async () => {
  const many = (n: number, row: Record<string, unknown>) => Array.from({ length: n }, () => row);
  const numbers = await seedRequests(platform.db, [
    ...many(57, { organisation: 'teplo', next_due: hours(-2) }),
    ...many(4, { organisation: 'voda', next_due: hours(3) }),
    ...many(3, { organisation: 'voda', state: 'rework', rework_count: 3, next_due: hours(60) }),
    ...many(2, { state: 'triage', return_count: 2, created_at: hours(-30) }),
    ...many(2, { organisation: 'voda', state: 'planned', planned_for: hours(-5) }),
    { organisation: 'voda', state: 'planned', planned_for: hours(500), fix_due: hours(48) },
    ...many(3, { organisation: 'voda', state: 'closed', closing: 'unverified', closed_at: hours(-50) }),
    ...many(2, { organisation: 'voda', state: 'closed', closing: 'confirmed', closed_at: hours(-5) }),
    { state: 'closed', closing: 'withdrawn', closed_at: hours(-2) },
    { sandbox: true, next_due: hours(-9) },
  ]);
  const clockOf = { kind: 'fix', started_at: hours(-9), warn_at: hours(-9), explanation: {} };
  const planned = numbers[57 + 4 + 3 + 2 + 2]!;
  await seed(platform.db, 'cc_clock', [
    { ...clockOf, request: numbers[57], due: hours(3) },
    { ...clockOf, request: planned, due: hours(48) },
    // More than a page, and each ends at the same moment.
    ...numbers.slice(0, 57).map((request) => ({ ...clockOf, request, due: hours(2) })),
  ]);
});

describe('the desk of the supervisor', () => {
  it('leads from every figure to a list of as many requests, which is what SQL counts', async () => {
    const supervisor = await desk.enter('supervisor');
    await supervisor.get(base);
    const open = `not sandbox and state not in ('closed', 'merged', 'in_event')`;
    const expected: Record<string, string> = {
      overdue: `${open} and next_due < $1`,
      breaches: `number in (select request from cc_clock where stopped_at is null and paused_at is null
        and breached_at is null and due <= $1::timestamptz + interval '24 hours') and ${open}`,
      returnedTwice: `${open} and return_count >= 2 and state in ('registered', 'triage', 'assigned')`,
      thirdRework: `${open} and rework_count >= 3`,
      planOverdue: `${open} and state = 'planned' and planned_for < $1`,
      planToApprove: `${open} and state = 'planned' and planned_for > fix_due and planned_for > $1`,
      triage: `${open} and state in ('registered', 'triage')`,
      open,
      rework: `${open} and state = 'rework'`,
      unverified: `not sandbox and closing = 'unverified' and closed_at > $1::timestamptz - interval '30 days'`,
      closedToday: `not sandbox and closed_at > $1::timestamptz - interval '1 day'`,
    };
    const overview = supervisor.html;
    for (const [view, where] of Object.entries(expected)) {
      const { n } = await one(
        `select count(*)::int as n from cc_request where ${where} and $1::timestamptz is not null`,
        [now],
      );
      expect(n, view).toBeGreaterThan(0);
      const figure = new RegExp(
        `href="${base}/list/${view}"[^>]*>[^<]*</a></p><p class="stat-value">(\\d+)</p>`,
      ).exec(overview)?.[1];
      expect(Number(figure), `figure of ${view}`).toBe(n);
      const listed = new Set<string>();
      let next: string | undefined = `${base}/list/${view}`;
      while (next) {
        await supervisor.get(next.replaceAll('&amp;', '&'));
        expect(supervisor.html).toContain(`Усього: ${n}`);
        for (const [, number] of supervisor.html.matchAll(/desk\/requests\/(\d{11})"/g)) listed.add(number!);
        next = /<a href="([^"]*after=[^"]*)" rel="next"/.exec(supervisor.html)?.[1];
      }
      expect(listed.size, `list of ${view}`).toBe(n);
    }
    expect(overview).toContain('найстарша чекає 30');
    expect(overview).toContain('60% із 5 закритих');
  });

  it('shows the load of each executor, and every number of it leads to its list', async () => {
    const supervisor = await desk.enter('supervisor');
    await supervisor.get(base);
    const found = [
      ...supervisor.html.matchAll(/href="([^"]*\/list\/(\w+)\?organisation=(\w+))">(\d+)<\/a>/g),
    ];
    expect(found.length).toBeGreaterThanOrEqual(8);
    for (const [, href, , , count] of found) {
      await supervisor.get(href!);
      expect(supervisor.html, href).toContain(`Усього: ${count}`);
    }
  });

  it('offers work only to enterprises that are active, and looks at that of all', async () => {
    const supervisor = await desk.enter('supervisor');
    const pool = platform.db.$client;
    await pool.query(
      "with put as (update cc_organisation set active = false where id = 'voda') update cc_data set version = version + 1",
    );
    await supervisor.get(`${base}/list/open`);
    expect(supervisor.html.match(/<option value="voda"/g)).toHaveLength(1);
    await pool.query(
      "with put as (update cc_organisation set active = true where id = 'voda') update cc_data set version = version + 1",
    );
    await supervisor.get(`${base}/list/open`);
    expect(supervisor.html.match(/<option value="voda"/g)).toHaveLength(2);
  });

  it('reassigns ticked requests, each on its own, and names those that have changed', async () => {
    const [mine, other] = [await register(), await register()];
    const supervisor = await desk.enter('supervisor');
    const path = `${base}/list/open`;
    await supervisor.get(path);
    await supervisor.submit(`${path}/reassign`, { organisation: '', reason: '' });
    expect(supervisor.status).toBe(422);
    expect(supervisor.html).toContain('Позначте хоча б одну заявку');
    await platform.db.$client.query("update cc_request set state = 'claimed' where number = $1", [other]);
    await supervisor.get(path);
    const form = { organisation: 'voda', reason: 'Аварія на мережі' };
    await supervisor.submit(`${path}/reassign`, { ...form, number: other });
    expect(supervisor.html).toContain('Передано заявок: 0');
    expect(supervisor.html).toContain('Не передано, бо стан змінився');
    await supervisor.submit(`${path}/reassign`, { ...form, number: mine });
    expect(supervisor.html).toContain('Передано заявок: 1');
    expect((await one('select organisation from cc_request where number = $1', [mine])).organisation).toBe(
      'voda',
    );
  });

  it('extends a term with a reason and words, and keeps what was typed when a date is wrong', async () => {
    clock.set(now);
    const number = await register();
    const path = `${base}/requests/${number}`;
    const supervisor = await desk.enter('supervisor');
    await supervisor.get(path);
    const typed = { kind: 'fix', reason: 'Немає насоса', note: 'Чекаємо на насос' };
    await supervisor.submit(path, { ...typed, go: 'extend', until: '2026-11-25' });
    expect(supervisor.status).toBe(422);
    expect(supervisor.html).toContain('Дата має бути пізнішою');
    expect(supervisor.html).toContain('Чекаємо на насос');
    await supervisor.submit(path, { ...typed, go: 'extend', until: '2026-12-10' });
    expect(supervisor.html).toContain('Строк продовжено');
    await supervisor.get(`/contact-centre/requests/${number}/terms`);
    expect(supervisor.html).toContain('Чекаємо на насос');
    expect(supervisor.html).toContain('був 01.12.2026, 23:59, став 10.12.2026, 23:59');
  });

  it('approves a plan that is later than the term', async () => {
    clock.set(now);
    const number = await register();
    await go(number, 'accept');
    await go(number, 'plan', { date: new Date(hours(600)), reason: 'Чекаємо на насос' });
    const path = `${base}/requests/${number}`;
    const supervisor = await desk.enter('supervisor');
    await supervisor.get(`${base}/list/planToApprove`);
    expect(supervisor.html).toContain(path);
    await supervisor.get(path);
    await supervisor.submit(path, { go: 'approve' });
    expect(supervisor.html).toContain('План погоджено');
    await supervisor.get(`${base}/list/planToApprove`);
    expect(supervisor.html).not.toContain(path);
  });

  it('is closed to those who do not see the load, and says of an unknown list that there is none', async () => {
    const other = await desk.enter('dispatcher');
    for (const path of [base, `${base}/list/open`, `${base}/requests/26000000001`]) {
      await other.get(path);
      expect(other.status, path).toBe(403);
    }
    const supervisor = await desk.enter('supervisor');
    expect((await supervisor.get(`${base}/list/nothing`)).status).toBe(404);
    expect((await supervisor.get(`${base}/list/toString`)).status).toBe(404);
    expect((await supervisor.get(`${base}/requests/26999999999`)).status).toBe(404);
    await supervisor.get(`/en${base}`);
    expect(supervisor.html).toContain('Load of executors');
  });
});
