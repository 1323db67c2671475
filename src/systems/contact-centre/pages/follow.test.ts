import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import type { System } from '#platform/system.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../city/dnipro/index.ts';
import { loadCityData } from '../city.ts';
import { joinRequest } from '../joining.ts';
import { act } from '../moves.ts';
import { inPost } from '../posts.ts';
import { registerRequest } from '../requests.ts';
import { pages } from './index.ts';

const room: System = {
  name: 'contact-centre',
  title: { uk: 'Контакт-центр', en: 'Contact centre' },
  summary: { uk: '', en: '' },
  pages,
};
const platform = await testPlatform({ systems: [room] });
const app = createApp(platform);
const clock = platform.clock as ManualClock;
const house = contactCentreData.buildings[0]!;

/** A dispatcher of every enterprise. */
const dispatcher = inPost('dispatcher', null, { id: '00000000-0000-7000-8000-000000000001' });

beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

let key = 0;
async function report() {
  key += 1;
  const intakeKey = `follow-${key}`;
  return platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey,
      category: 'heat-none',
      text: 'Батареї холодні, діти мерзнуть',
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: house.id, flat: '7' },
      reporter: { channel: 'web', language: 'uk', phone: '+380670000002' },
    }),
  );
}
const join = (number: string) =>
  platform.work(anonymous, (work) => joinRequest(work, number, { channel: 'web', language: 'uk' }));
const staff = (number: string, move: 'accept' | 'dispatch' | 'claim' | 'ask', input = {}) =>
  platform.work(dispatcher, (work) => act(work, number, move, input));
async function claimed() {
  const made = await report();
  await staff(made.number, 'accept');
  await staff(made.number, 'dispatch', { crew: 'crew-1' });
  await staff(made.number, 'claim', { result: 'fixed', answer: 'Тиск відновлено' });
  return made;
}
async function open(token: string) {
  const visitor = new TestBrowser(app);
  await visitor.get(`/contact-centre/follow/${token}`);
  return visitor;
}
const stateOf = async (number: string) =>
  (await platform.pool.query('select state, closing from cc_request where number = $1', [number])).rows[0];

describe('the link of a reporter', () => {
  it('shows the request to its holder in both languages and to nobody who guesses', async () => {
    const made = await report();
    const visitor = await open(made.followToken);
    expect(visitor.status).toBe(200);
    expect(visitor.html).toContain('діти мерзнуть');
    expect(visitor.html).toContain('noindex');
    expect(visitor.headers.get('cache-control')).toContain('no-store');
    await visitor.get(`/en/contact-centre/follow/${made.followToken}`);
    expect(visitor.html).toContain('Withdraw the request');
    expect((await open('AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404);
    expect((await open("x' or 1=1")).status).toBe(404);
  });

  it('takes “in part” for a no, with a grade', async () => {
    const made = await claimed();
    const visitor = await open(made.followToken);
    expect(visitor.html).toContain('Виправлено лише частково');
    await visitor.submit(`/contact-centre/follow/${made.followToken}`, {
      move: 'veto',
      'veto-comment': 'Одна батарея холодна',
      'veto-grade': '2',
      partly: '1',
    });
    expect((await stateOf(made.number)).state).toBe('rework');
    const { rows } = await platform.pool.query(
      'select verdict, grade from cc_verification where request = $1',
      [made.number],
    );
    expect(rows).toEqual([{ verdict: 'partly', grade: 2 }]);
  });

  it('leads after 30 days to a new request that is linked to the old one', async () => {
    const made = await claimed();
    const path = `/contact-centre/follow/${made.followToken}`;
    const visitor = await open(made.followToken);
    await visitor.submit(path, { move: 'confirm' });
    await visitor.get(path);
    expect(visitor.html).toContain('протягом 30 днів');
    clock.advance(31 * 86_400_000);
    await visitor.get(path);
    expect(visitor.html).not.toContain('протягом 30 днів');
    expect(visitor.html).toContain('Надіслати нову заявку');
    await visitor.submit(path, { move: 'again' });
    const base = '/contact-centre/report';
    expect(visitor.path).toBe(`${base}/questions`);
    await visitor.submit(`${base}/questions`, { 'answers.scope': 'house', flat: '7' });
    await visitor.submit(`${base}/details`, { text: 'Знову холодно' });
    await visitor.submit(`${base}/contact`, { how: 'none', visibility: 'public' });
    expect(visitor.html).toContain(house.street);
    await visitor.submit(`${base}/check`);
    expect(visitor.path).toBe(`${base}/done`);
    const { rows } = await platform.pool.query(
      'select follows, category, building from cc_request where follows is not null',
    );
    expect(rows).toEqual([{ follows: made.number, category: 'heat-none', building: house.id }]);
    expect((await stateOf(made.number)).state).toBe('closed');
  });

  it('asks whether it is really fixed and closes with a grade', async () => {
    const made = await claimed();
    const visitor = await open(made.followToken);
    expect(visitor.html).toContain('Чи справді все виправлено?');
    expect(visitor.html).toContain('Тиск відновлено');
    await visitor.submit(`/contact-centre/follow/${made.followToken}`, { grade: '5' });
    expect(visitor.html).toContain('Ваше підтвердження записано');
    expect(await stateOf(made.number)).toEqual({ state: 'closed', closing: 'confirmed' });
    const { rows } = await platform.pool.query(
      'select grade, method from cc_verification where request = $1',
      [made.number],
    );
    expect(rows).toEqual([{ grade: 5, method: 'link' }]);
  });

  it('sends it back with a comment, which is asked for and kept', async () => {
    const made = await claimed();
    const path = `/contact-centre/follow/${made.followToken}`;
    const visitor = await open(made.followToken);
    await visitor.submit(path, { move: 'veto' });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('href="#field-veto-comment"');
    await visitor.submit(path, { move: 'veto', 'veto-comment': 'У крайній кімнаті досі холодно' });
    expect(visitor.html).toContain('повернуто виконавцю');
    expect((await stateOf(made.number)).state).toBe('rework');
  });

  it('waits for every reporter and lets a second one object', async () => {
    const made = await report();
    const { followToken } = await join(made.number);
    await staff(made.number, 'accept');
    await staff(made.number, 'dispatch', { crew: 'crew-1' });
    await staff(made.number, 'claim', { result: 'fixed', answer: 'Зроблено' });
    const first = await open(made.followToken);
    await first.submit(`/contact-centre/follow/${made.followToken}`, {});
    expect(first.html).toContain('Чекаємо на відповідь інших');
    const second = await open(followToken);
    expect(second.html).toContain('Ви приєдналися');
    await second.submit(`/contact-centre/follow/${followToken}`, {
      move: 'veto',
      'veto-comment': 'Ні, холодно',
    });
    expect((await stateOf(made.number)).state).toBe('rework');
  });

  it('shows a stale page both what was typed and how the request stands now', async () => {
    const made = await report();
    const path = `/contact-centre/follow/${made.followToken}`;
    const visitor = await open(made.followToken);
    await staff(made.number, 'accept');
    await visitor.submit(path, {});
    expect(visitor.status).toBe(409);
    expect(visitor.html).toContain('тим часом змінилася');
    expect((await stateOf(made.number)).state).toBe('accepted');
  });

  it('answers a question, withdraws, and reopens within 30 days only', async () => {
    const asked = await report();
    const path = `/contact-centre/follow/${asked.followToken}`;
    await staff(asked.number, 'accept');
    await staff(asked.number, 'ask', { question: 'Який під’їзд?' });
    const visitor = await open(asked.followToken);
    expect(visitor.html).toContain('Який під’їзд?');
    await visitor.submit(path, { 'reply-comment': 'Другий' });
    expect((await stateOf(asked.number)).state).toBe('accepted');
    await visitor.submit(path, { move: 'withdraw' });
    expect(await stateOf(asked.number)).toEqual({ state: 'closed', closing: 'withdrawn' });
    expect(visitor.html).toContain('лише переглядати');

    const fixed = await claimed();
    const mine = `/contact-centre/follow/${fixed.followToken}`;
    const owner = await open(fixed.followToken);
    await owner.submit(mine, {});
    await owner.submit(mine, { 'reopen-comment': 'Знову холодно' });
    expect((await stateOf(fixed.number)).state).toBe('rework');

    const old = await claimed();
    const late = await open(old.followToken);
    await late.submit(`/contact-centre/follow/${old.followToken}`, {});
    clock.advance(31 * 86_400_000);
    await late.submit(`/contact-centre/follow/${old.followToken}`, { 'reopen-comment': 'Знову' });
    expect(late.status).toBe(409);
    expect(late.html).toContain('понад 30 днів');
  });
});
