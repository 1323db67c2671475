// Keeps: the way of an erasure through the pages (platform.md §14): asked in the cabinet, dry run, two people, certificate.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import type { Mail } from '../notify/mailer.ts';
import { createPlatform } from '../platform.ts';

const test = await testPlatform();
const keysFile = join(mkdtempSync(join(tmpdir(), 'misto-')), 'k.json');
const config = { ...test.config, mode: 'demo' as const, keysFile };
const platform = createPlatform({ config, clock: test.clock, pool: test.pool, systems: [] });
const mails: Mail[] = [];
const app = createApp(platform, {
  cache: false,
  limits: false,
  mailer: { send: async (mail) => void mails.push(mail) },
});

async function resident(email: string): Promise<TestBrowser> {
  const browser = await new TestBrowser(app).get('/sign-in');
  await browser.submit('/sign-in', { email });
  return browser.submit('/sign-in/code', { code: /\d{6}/.exec(mails.at(-1)!.text)![0] });
}
async function persona(name: string): Promise<TestBrowser> {
  const browser = await new TestBrowser(app).get('/sign-in');
  return browser.submit('/sign-in/demo', { persona: name });
}
const caseIn = (browser: TestBrowser) => /\/desk\/privacy\/erasures\/[0-9a-f-]{36}/.exec(browser.html)![0];

it('a resident asks, one officer looks at the dry run and prepares, the other approves, and the certificate proves it', async () => {
  const olena = await resident('olena@example.test');
  await olena.get('/cabinet/data/erasure');
  expect(olena.html).toContain('30 календарних днів');
  await olena.submit('/cabinet/data/erasure', { words: 'переїжджаю до Львова' });
  expect(olena.html).toContain('чекає на розгляд');
  expect(olena.html).toContain('24.12.2026');
  const link = /\/privacy\/erasure\/[\w.-]+/.exec(olena.html)![0];

  const officer = await persona('privacy-officer');
  expect(officer.path).toBe('/desk/privacy');
  const path = caseIn(officer);
  await officer.get(path);
  expect(officer.html).toContain('переїжджаю до Львова');
  expect(officer.html).toContain('Пробний прогін');
  expect(officer.html).toContain('Контакти: 1');
  expect(officer.html).toContain('Журнал аудиту');
  await officer.submit(`${path}/prepare`, { reason: '' });
  expect(officer.status).toBe(422);
  await officer.submit(`${path}/prepare`, { reason: '2297-VI, ст. 15' });
  expect(officer.html).toContain('погодити має інша особа');
  expect(officer.html).not.toContain('Погодити й видалити');

  const deputy = await persona('privacy-deputy');
  await deputy.get(path);
  await deputy.submit(`${path}/approve`);
  expect(deputy.html).toContain('дані видалено');

  await olena.get('/cabinet/data');
  expect(olena.html).toContain('Вхід');
  const stranger = await new TestBrowser(app).get(link);
  expect(stranger.html).toContain('Що видалено');
  await stranger.get(`${link}/certificate.json`);
  expect(stranger.headers.get('content-disposition')).toContain('attachment');
  const certificate = stranger.html;
  expect(certificate).not.toContain('olena');
  await stranger.get('/privacy/certificate');
  await stranger.submit('/privacy/certificate', { certificate });
  expect(stranger.html).toContain('Свідоцтво справжнє');
  await stranger.submit('/privacy/certificate', {
    certificate: certificate.replace('Контакти: 1', 'Контакти: 2'),
  });
  expect(stranger.html).toContain('не свідоцтво цього міста');
  await stranger.get(`${link.slice(0, -1)}x`);
  expect(stranger.status).toBe(404);
});

it('a refusal gives its ground in an official letter, and who thought better of it takes it back', async () => {
  const taras = await resident('taras@example.test');
  await taras.get('/cabinet/data/erasure');
  await taras.submit('/cabinet/data/erasure');
  await taras.submit('/cabinet/data/erasure/withdraw');
  expect(taras.html).toContain('прохання відкликано');
  await taras.submit('/cabinet/data/erasure');
  const officer = await persona('privacy-officer');
  const path = caseIn(officer);
  await officer.get(path);
  await officer.submit(`${path}/refuse`, { why: 'триває судова справа' });
  expect(officer.html).toContain('відмовлено');
  await taras.get('/cabinet/messages');
  expect(taras.html).toContain('триває судова справа');
});

it('who asked on paper is found by a confirmed contact', async () => {
  await resident('paper@example.test');
  const officer = await persona('privacy-officer');
  await officer.submit('/desk/privacy/find', { contact: 'nobody@example.test' });
  expect(officer.html).toContain('Людини з таким підтвердженим контактом немає');
  await officer.submit('/desk/privacy/find', { contact: 'Paper@example.test' });
  expect(officer.path).toMatch(/^\/desk\/privacy\/erasures\//);
});
