import { expect, it } from 'vitest';
import { systemActor } from '#platform/work.ts';
import { act, type MoveInput } from '../moves.ts';
import type { Move } from '../states.ts';
import { deskWorld, readable } from './desk/test-world.ts';

const world = await deskWorld();
const { platform, pool } = world;
const resident = await world.enter('resident');
const { rows } = await pool.query(`select id from person where handle = 'demo:resident'`);
const person = rows[0].id as string;
const mine = () => world.report({ reporter: { person, channel: 'web', language: 'uk' } });
const dispatcher = {
  ...systemActor('Пост'),
  kind: 'staff' as const,
  id: '0197c000-0000-7000-8000-00000000000d',
  grants: [
    {
      role: 'contact-centre.dispatcher',
      permissions: new Set(
        ['accept', 'dispatch', 'ask', 'claim', 'read_desk'].map((one) => `contact-centre:${one}`),
      ),
      organisation: null,
      district: null,
      branch: null,
    },
  ],
};
const go = (number: string, move: Move, input: MoveInput = {}) =>
  platform.work(dispatcher, (work) => act(work, number, move, input));

it('shows a resident the own requests, what waits for an answer on top, and nobody else’s', async () => {
  await resident.get('/contact-centre/my');
  expect(resident.html).toContain('Заявок ще немає');
  const other = await world.report();
  const asked = await mine();
  await mine();
  await go(asked, 'accept');
  await go(asked, 'ask', { question: 'Який під’їзд?' });
  await resident.get('/contact-centre/my');
  const text = readable(resident.html);
  expect(text.indexOf('Виконавець питає вас')).toBeGreaterThan(0);
  expect(text.indexOf('Виконавець питає вас')).toBeLessThan(text.indexOf('Усі заявки'));
  expect(resident.html.match(/class="mono"/g)).toHaveLength(3);
  expect(resident.html).not.toContain(other);
  expect((await resident.get(`/contact-centre/my/${other}`)).status).toBe(404);
  const stranger = await world.visitor().get(`/contact-centre/my/${asked}`);
  expect(stranger.html).not.toContain('Який під’їзд?');
});

it('lets the resident answer, refuse and confirm from the cabinet, and end the letters', async () => {
  const number = await mine();
  const path = `/contact-centre/my/${number}`;
  await go(number, 'accept');
  await go(number, 'ask', { question: 'Який під’їзд?' });
  await resident.get(path);
  expect(resident.html).toContain('data-shell="cabinet"');
  await resident.submit(path, { move: 'reply', 'reply-comment': 'Другий' });
  expect(resident.html).toContain('Відповідь надіслано');
  await go(number, 'claim', { result: 'explained', answer: 'Пояснили' });
  await resident.get(path);
  await resident.submit(path, { move: 'veto', 'veto-comment': 'Досі холодно' });
  expect(await world.stateOf(number)).toBe('rework');
  await go(number, 'claim', { result: 'explained', answer: 'Пояснили ще раз' });
  await resident.get(path);
  await resident.submit(path, { move: 'confirm', grade: '4' });
  expect(await world.stateOf(number)).toBe('closed');
  const { rows: verdicts } = await pool.query(
    `select method, verdict from cc_verification where request = $1 order by at, id`,
    [number],
  );
  expect(verdicts).toEqual([
    { method: 'cabinet', verdict: 'no' },
    { method: 'cabinet', verdict: 'yes' },
  ]);
  await resident.submit(path, { move: 'no-letters' });
  expect(resident.html).toContain('більше не буде');
  const { rows: reporters } = await pool.query('select notify from cc_reporter where request = $1', [number]);
  expect(reporters).toEqual([{ notify: false }]);
});

it('takes the voice of a person whose request was merged as a voice about the one that leads', async () => {
  const lead = await world.report();
  const own = await mine();
  const operator = {
    ...dispatcher,
    grants: [{ ...dispatcher.grants[0]!, role: 'contact-centre.operator' }],
  };
  await platform.work(operator, (work) => act(work, own, 'link', { master: lead }));
  await go(lead, 'accept');
  await go(lead, 'claim', { result: 'explained', answer: 'Пояснили' });
  await resident.get(`/contact-centre/my/${own}`);
  await resident.submit(`/contact-centre/my/${own}`, { move: 'veto', 'veto-comment': 'Досі холодно' });
  expect(await world.stateOf(lead)).toBe('rework');
});
