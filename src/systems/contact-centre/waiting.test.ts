import { beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { figures, happenings } from './front.ts';
import { act } from './moves.ts';
import { inPost } from './posts.ts';
import { registerRequest } from './requests.ts';
import { waiting } from './waiting.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });

let key = 0;
const report = () =>
  platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `w${key++}`,
      category: 'heat-weak',
      text: 'Батареї ледь теплі',
      answers: [{ code: 'scope', values: ['flat'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { phone: '+380671234567', channel: 'web', language: 'uk' },
    }),
  );

beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

describe('the start pages', () => {
  it('tell each post of its own queues and deadlines, and nobody of those of others', async () => {
    const { number } = await report();
    const done = await report();
    await platform.work(inPost('dispatcher', 'teplo'), (work) => act(work, done.number, 'accept'));
    await platform.work(inPost('dispatcher', 'teplo'), (work) =>
      act(work, done.number, 'claim', { result: 'fixed', answer: 'Видалено повітря' }),
    );
    const at = clock.now();
    const mine = await waiting(platform.db, inPost('dispatcher', 'teplo'), 'uk', at);
    expect(mine.queues.map(({ title, size }) => [title, size])).toEqual([
      ['Нові, ще не прийняті', 1],
      ['Минуло три чверті строку', 0],
      ['Прострочені', 0],
      ['Повернуто мешканцями', 0],
      ['Звернення: спливає строк', 0],
    ]);
    expect(mine.deadlines.map(({ href }) => href)).toEqual([`/contact-centre/desk/requests/${number}`]);
    const others = await waiting(platform.db, inPost('dispatcher', 'voda'), 'uk', at);
    expect(others.queues.every(({ size }) => size === 0)).toBe(true);
    expect(others.deadlines).toEqual([]);
    const controller = await waiting(platform.db, inPost('controller'), 'uk', at);
    expect(controller.queues).toEqual([
      { title: 'Чекають перевірки', size: 1, href: '/contact-centre/desk/controller', urgent: false },
    ]);
    expect(await waiting(platform.db, anonymous, 'uk', at)).toEqual({ queues: [], deadlines: [] });
  });

  it('show the city what is in work and what has just been claimed or confirmed', async () => {
    const open = figures.find(({ name }) => name === 'open')!;
    expect(await open.read(platform.db, clock.now())).toBe(2);
    const [latest, ...rest] = await happenings(platform.db, 'uk', 6);
    expect(rest).toEqual([]);
    expect(latest!.summary).toContain('слово за мешканцями');
  });
});
