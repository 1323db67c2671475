import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import { createPlatform } from '../platform.ts';
import type { System } from '../system.ts';

const kind = { uk: 'Звернення', en: 'Request' };
const system: System = {
  name: 'probe',
  title: { uk: 'Проба міста', en: 'City probe' },
  summary: { uk: 'Про пробу', en: 'About the probe' },
  menu: {
    site: [{ title: { uk: 'Список проб', en: 'List of probes' }, href: '/probe/list' }],
    cabinet: [{ title: { uk: 'Мої проби', en: 'My probes' }, href: '/probe/mine' }],
    desk: [
      { title: { uk: 'Черга проб', en: 'Queue' }, href: '/probe/queue', permission: 'probe:act' },
      { title: { uk: 'Налаштування проб', en: 'Settings' }, href: '/probe/set', permission: 'probe:set' },
    ],
  },
  roles: [{ name: 'prober', title: { uk: '', en: '' }, permissions: ['probe:act'] }],
  personas: [
    {
      name: 'resident',
      title: { uk: 'Мешканка', en: 'Resident' },
      personName: 'Олена',
      roles: [],
      home: '/',
    },
    {
      name: 'worker',
      title: { uk: 'Працівник', en: 'Worker' },
      personName: 'Іван',
      roles: [{ role: 'prober' }],
      home: '/desk',
    },
  ],
  figures: [
    { name: 'open', title: { uk: 'Відкрито', en: 'Open' }, href: '/probe/list', read: async () => 12480 },
    {
      name: 'share',
      title: { uk: 'вчасно', en: 'on time' },
      href: '/probe/list',
      read: async () => 93,
      isPercent: true,
    },
    {
      name: 'done',
      title: { uk: 'проб зроблено', en: 'probes done' },
      href: '/probe/list',
      read: async () => 7,
      outOf: async () => 74,
    },
  ],
  acts: [
    {
      title: { uk: 'Подати пробу', en: 'Send a probe' },
      summary: { uk: 'За хвилину', en: 'In a minute' },
      href: '/probe/new',
      icon: 'plus',
    },
  ],
  happenings: async () => [
    { at: new Date('2026-11-24T08:00:00Z'), title: 'Пробу взято', summary: 'Учора', href: '/probe/7' },
  ],
  waiting: async (_, actor) => ({
    queues: actor.grants.length ? [{ title: 'Нові проби', size: 3, href: '/probe/queue?new=1' }] : [],
    deadlines: [
      {
        title: 'Проба друга',
        place: 'вул. Пізня, 2',
        href: '/probe/2',
        due: new Date('2026-11-25T08:00:00Z'),
      },
      {
        title: 'Проба перша',
        place: 'вул. Рання, 1',
        href: '/probe/1',
        due: new Date('2026-11-24T08:00:00Z'),
      },
    ],
  }),
  search: async (_, query, __, limit) =>
    Array.from({ length: query === 'яма' ? Math.min(45, limit) : 0 }, (___, n) => ({
      title: `Яма ${n + 1}`,
      href: `/probe/${n}`,
      summary: 'опис',
      kind: n < 40 ? kind : { uk: 'Дані', en: 'Data' },
    })),
};
const test = await testPlatform();
const config = {
  ...test.config,
  mode: 'demo' as const,
  keysFile: join(mkdtempSync(join(tmpdir(), 'misto-')), 'k.json'),
};
const app = createApp(createPlatform({ config, clock: test.clock, pool: test.pool, systems: [system] }));
const browser = () => new TestBrowser(app);
async function enter(persona: string) {
  const own = await browser().get('/sign-in');
  return own.submit('/sign-in/demo', { persona });
}

describe('the start page', () => {
  it('shows each system with its entries and live figures, labelled as of a demonstration', async () => {
    const { html, status } = await browser().get('/');
    expect(status).toBe(200);
    for (const words of [
      'Проба міста',
      'Про пробу',
      'href="/probe"',
      'Цифри демонстраційні',
      'Подати пробу',
      'href="/probe/new"',
      'Пробу взято',
      'href="/probe/7"',
    ])
      expect(html).toContain(words);
    expect(html.replace(/\s/g, '')).toContain('12480');
    for (const figure of ['<strong>93%</strong>', '<strong>7 з 74</strong>']) expect(html).toContain(figure);
    const english = await browser().get('/en');
    for (const words of ['City probe', 'href="/en/probe/new"', 'lang="en"'])
      expect(english.html).toContain(words);
  });
});

describe('search', () => {
  it('shows hits of all systems by pages and kinds, and says when there are none', async () => {
    const first = await browser().get(`/search?q=${encodeURIComponent('яма')}`);
    expect(first.html).toContain('45 результатів');
    expect(first.html.match(/<h2>/g)).toHaveLength(20);
    const last = await browser().get(`/search?q=${encodeURIComponent('яма')}&page=3`);
    expect(last.html.match(/<h2>/g)).toHaveLength(5);
    const kindOnly = await browser().get(
      `/search?q=${encodeURIComponent('яма')}&kind=${encodeURIComponent('Дані')}`,
    );
    expect(kindOnly.html).toContain('5 результатів');
    expect((await browser().get('/search?q=%3Cb%3E')).html).toContain('«&lt;b>» нічого не знайдено');
    expect((await browser().get('/search?q=%00&page=-1')).status).toBe(200);
  });
});

describe('cabinet and desk', () => {
  it('ask visitors to sign in', async () => {
    const visitor = await browser().get('/desk');
    expect(visitor.path).toBe('/sign-in?back=%2Fdesk');
  });

  it('the desk is for staff and shows only what the permissions allow', async () => {
    expect((await (await enter('resident')).get('/desk')).status).toBe(403);
    const worker = await enter('worker');
    expect(worker.path).toBe('/desk');
    expect(worker.html).toContain('Черга проб');
    expect(worker.html).not.toContain('Налаштування проб');
  });

  it('the desk begins with what waits and the nearest deadlines, the past ones named so', async () => {
    const { html } = await enter('worker');
    expect(html).toContain('href="/probe/queue?new=1"');
    expect(html.indexOf('Проба перша')).toBeLessThan(html.indexOf('Проба друга'));
    expect(html.match(/прострочено/g)).toHaveLength(1);
  });

  it('the cabinet shows what the systems keep for the person, who can sign out', async () => {
    const resident = await enter('resident');
    await resident.get('/cabinet');
    expect(resident.html).toContain('Мої проби');
    expect(resident.headers.get('cache-control')).toBe('private, no-store');
    await resident.submit('/sign-out');
    expect(resident.path).toBe('/');
    await resident.get('/cabinet');
    expect(resident.path).toContain('/sign-in');
  });

  it.each(['accessibility', 'privacy', 'about'])('the page %s is there in both languages', async (name) => {
    expect((await browser().get(`/${name}`)).status).toBe(200);
    expect((await browser().get(`/en/${name}`)).status).toBe(200);
  });

  it('the pages of the footer lead on: to the register of purposes, to one’s data, to where one tells what is in the way', async () => {
    const privacy = (await browser().get('/privacy')).html;
    for (const href of ['/privacy/purposes', '/cabinet/data', '/privacy/certificate'])
      expect(privacy).toContain(`href="${href}"`);
    const { html } = await browser().get('/accessibility');
    expect(html).toContain('Повідомити, що заважає');
  });
});
