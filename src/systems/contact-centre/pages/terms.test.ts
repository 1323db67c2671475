import { beforeAll, describe, expect, it } from 'vitest';
import { instantAt } from '#platform/calendar/index.ts';
import { type ManualClock, manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import type { System } from '#platform/system.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../city/dnipro/index.ts';
import { loadCityData } from '../city.ts';
import { type NewRequest, registerRequest } from '../requests.ts';
import { pages } from './index.ts';

const room: System = {
  name: 'contact-centre',
  title: { uk: 'Контакт-центр', en: 'Contact centre' },
  summary: { uk: '', en: '' },
  pages,
};
const platform = await testPlatform({ systems: [room], clock: manualClock('2026-08-21T12:30:00Z') });
const app = createApp(platform);
const clock = platform.clock as ManualClock;
const house = contactCentreData.buildings[0]!;

beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

let key = 0;
const report = (more: Partial<NewRequest> = {}) => {
  key += 1;
  const intakeKey = `terms-${key}`;
  return platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey,
      category: 'heat-weak',
      text: 'Батареї ледь теплі',
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: house.id, flat: '7' },
      reporter: { channel: 'web', language: 'uk', phone: '+380670000002' },
      ...more,
    }),
  );
};
const see = (path: string) => new TestBrowser(app).get(`/contact-centre${path}`);

describe('how a term was computed', () => {
  it('tells the trigger, the rule of the start, the end and the calendar of each clock, and is linked from the request', async () => {
    clock.set(instantAt('2026-08-21', '15:30'));
    const { number, followToken } = await report();
    expect((await see(`/requests/${number}`)).html).toContain(`/contact-centre/requests/${number}/terms`);
    const { html, status } = await see(`/requests/${number}/terms`);
    expect(status).toBe(200);
    expect(html).toContain('Відлік від події: 21.08.2026, 15:30.');
    // One working day to accept, from a Friday: the weekend is skipped and Monday 24.08 counts in martial law.
    expect(html).toContain('Не рахується 22.08.2026 (субота) – 23.08.2026 (неділя): вихідний.');
    expect(html).toContain('Останній день: 24.08.2026 (понеділок), до 24:00.');
    // Seven days to fix.
    expect(html).toContain('Строк рахується з наступного дня: 22.08.2026 (субота).');
    expect(html).toContain('Останній день: 28.08.2026 (п’ятниця), до 24:00.');
    expect(html).toContain('версія 1');
    const own = await see(`/follow/${followToken}/terms`);
    expect(own.html).toContain('Останній день: 28.08.2026');
    expect(own.headers.get('cache-control')).toContain('no-store');
    expect((await see(`/follow/${followToken}`)).html).toContain(`/follow/${followToken}/terms`);
    expect((await new TestBrowser(app).get(`/en/contact-centre/requests/${number}/terms`)).html).toContain(
      'Last day: Friday 28 Aug 2026, until midnight.',
    );
  });

  it('names the article of a statutory term and why its end moves from a day off, to its reporter only', async () => {
    clock.set(instantAt('2026-11-20', '09:00'));
    const { number, followToken } = await report({
      regime: 'statutory',
      reporter: {
        channel: 'web',
        language: 'uk',
        name: 'Олена Калиногай',
        residence: 'Дніпро',
        phone: '+380670000002',
      },
    });
    const { html } = await see(`/follow/${followToken}/terms`);
    expect(html).toContain('393/96-ВР, ст. 20');
    expect(html).toContain(
      'Останній день 05.12.2026 (субота) – вихідний, тому кінець переноситься на 07.12.2026 (понеділок).',
    );
    expect((await see(`/requests/${number}/terms`)).status).toBe(404);
    expect((await see('/requests/26000000000/terms')).status).toBe(404);
    expect((await see('/follow/AAAAAAAAAAAAAAAAAAAAAA/terms')).status).toBe(404);
  });

  it('shows a pause with its reason and the dates before and after it', async () => {
    clock.set(instantAt('2026-08-21', '15:30'));
    const { number } = await report();
    await platform.pool.query(
      `insert into cc_clock_interval (request, kind, why, from_at, to_at, due_before, due_after, actor, note)
       values ($1, 'fix', 'plan', '2026-08-22T06:00:00Z', '2026-08-24T06:00:00Z', '2026-08-28T20:59:59Z', '2026-08-30T20:59:59Z', '{}', null)`,
      [number],
    );
    await platform.pool.query(
      "update cc_clock set due = '2026-08-30T20:59:59Z' where request = $1 and kind = 'fix'",
      [number],
    );
    const { html } = await see(`/requests/${number}/terms`);
    expect(html).toContain('Діяв погоджений план робіт');
    expect(html).toContain('з 22.08.2026, 09:00 до 24.08.2026, 09:00');
    expect(html).toContain('Кінець строку: був 28.08.2026, 23:59, став 30.08.2026, 23:59.');
  });
});
