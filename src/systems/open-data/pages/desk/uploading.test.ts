// Keeps: files of any size come by a form, streamed into the store, and in pieces that a broken connection goes on from (open-data.md 4.1).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { personaActor } from '#platform/identity/personas.ts';
import { createPlatform } from '#platform/platform.ts';
import { openDataCity } from '../../../../../city/dnipro/index.ts';
import { openData } from '../../index.ts';
import { demoOfficer } from '../../tokens.ts';
import { createUnit } from '../../units.ts';

const base = await testPlatform({ systems: [openData] });
const platform = createPlatform({
  config: { ...base.config, mode: 'demo' },
  clock: base.clock,
  pool: base.pool,
  systems: [openData],
});
const app = createApp(platform, { cache: false, limits: false, log: () => {} });
const csrf = (browser: TestBrowser) => /name="_csrf" value="([^"]*)"/.exec(browser.html)?.[1] ?? '';

async function signedIn(persona: string): Promise<{ browser: TestBrowser; token: string }> {
  const browser = new TestBrowser(app);
  await browser.get('/sign-in');
  await browser.post('/sign-in/demo', { persona, _csrf: csrf(browser) });
  await browser.get('/open-data/desk/new');
  return { browser, token: csrf(browser) };
}
let publisher: { browser: TestBrowser; token: string };
let officer: { browser: TestBrowser; token: string };
beforeAll(async () => {
  const actor = await personaActor(platform, demoOfficer);
  for (const one of openDataCity.publishers)
    await platform.work(actor, (work) => createUnit(work, 'organization', { ...one }));
  publisher = await signedIn('publisher');
  officer = await signedIn('data-officer');
});

const passport = (title: string) => ({
  title,
  notes: 'Опис',
  organisation: openDataCity.demoPublisher,
  frequency: 'once a month',
  purpose: 'Закон',
  keywords: 'ключ',
  maintainer: 'Ірина Демченко',
  email: 'data@misto.example',
});
/** Sends a form of the file field's script. */
async function say(
  who: typeof publisher,
  path: string,
  fields: Record<string, string | readonly File[]>,
): Promise<{ id: string; at: number; ticket?: string }> {
  await who.browser.post(path, { _csrf: who.token, ...fields });
  return who.browser.status < 400 ? JSON.parse(who.browser.html) : { id: '', at: who.browser.status };
}
const piece = (text: string) => [new File([text], 'blob')];

async function sent(who: typeof publisher, name: string, pieces: readonly string[]): Promise<string> {
  const bytes = String(Buffer.byteLength(pieces.join('')));
  let told = await say(who, '/open-data/desk/upload', { name, bytes });
  for (const text of pieces)
    told = await say(who, `/open-data/desk/upload/${told.id}`, { at: String(told.at), piece: piece(text) });
  return told.ticket!;
}

it('a file comes in pieces, goes on where it was, and becomes the file of a dataset', async () => {
  const text = 'n,t\n1,парк\n2,сад\n';
  const [one, two] = [text.slice(0, 7), text.slice(7)];
  const begun = await say(publisher, '/open-data/desk/upload', {
    name: 'дані.csv',
    bytes: String(Buffer.byteLength(text)),
  });
  expect(begun.at).toBe(0);
  const path = `/open-data/desk/upload/${begun.id}`;
  const first = await say(publisher, path, { at: '0', piece: piece(one) });
  expect(first).toEqual({ id: begun.id, at: Buffer.byteLength(one) });
  // The answer was lost: the same piece again changes nothing, and one beyond a gap is not taken.
  expect(await say(publisher, path, { at: '0', piece: piece(one) })).toEqual(first);
  expect(await say(publisher, path, { at: '12', piece: piece(two) })).toEqual(first);
  expect(JSON.parse((await publisher.browser.get(path)).html)).toEqual(first);
  const whole = await say(publisher, path, { at: String(first.at), piece: piece(two) });
  expect(whole.ticket).toMatch(/^[0-9a-f]{64}\./);

  await publisher.browser.post('/open-data/desk/new', {
    ...passport('Дані частинами'),
    _csrf: publisher.token,
    _stored_file: whole.ticket!,
  });
  expect(publisher.browser.html).toContain('Дані оприлюднено');
  const { rows } = await platform.db.execute<{ file_name: string }>(
    sql`select r.file_name, r.rows::int as rows from od_resource r join od_dataset d on d.id = r.dataset where d.title = 'Дані частинами'`,
  );
  expect(rows).toEqual([{ file_name: 'dani.csv', rows: 2 }]);
});

it('a file and a ticket are of the one who brought them', async () => {
  const ticket = await sent(publisher, 'a.csv', ['n\n', '1\n']);
  const begun = await say(publisher, '/open-data/desk/upload', { name: 'b.csv', bytes: '4' });
  expect((await officer.browser.get(`/open-data/desk/upload/${begun.id}`)).status).toBe(404);
  expect(
    (await say(officer, `/open-data/desk/upload/${begun.id}`, { at: '0', piece: piece('n\n') })).at,
  ).toBe(404);
  await officer.browser.post('/open-data/desk/new', {
    ...passport('Чужий квиток'),
    _csrf: officer.token,
    _stored_file: ticket,
  });
  expect(officer.browser.html).toContain('Оберіть файл');
  const wrong = ticket.replace(/^[0-9a-f]{64}/, 'a'.repeat(64));
  await publisher.browser.post('/open-data/desk/new', {
    ...passport('Підроблений квиток'),
    _csrf: publisher.token,
    _stored_file: wrong,
  });
  expect(publisher.browser.html).toContain('Оберіть файл');
});

it('a name with signs that nobody can see is kept without them, and the name of a ticket is not another', async () => {
  const ticket = await sent(publisher, 'да\0ні\u202e.csv', ['n\n', '5\n']);
  const make = async (title: string, stored: string) => {
    await publisher.browser.post('/open-data/desk/new', {
      ...passport(title),
      _csrf: publisher.token,
      _stored_file: stored,
    });
    return publisher.browser.html;
  };
  expect(await make('Інша назва', `${ticket}.exe`)).toContain('Оберіть файл');
  expect(await make('Хибна назва', ticket.replace(/[^.]*$/, '%E0%A4%A'))).toContain('Оберіть файл');
  expect(await make('Чиста назва', ticket)).toContain('Дані оприлюднено');
  const { rows } = await platform.db.execute(
    sql`select r.name, r.file_name from od_resource r join od_dataset d on d.id = r.dataset where d.title = 'Чиста назва'`,
  );
  expect(rows).toEqual([{ name: 'дані.csv', file_name: 'dani.csv' }]);
});

it('more than was announced, nothing, and more than two gigabytes are refused', async () => {
  const begun = await say(publisher, '/open-data/desk/upload', { name: 'a.csv', bytes: '3' });
  expect(
    (await say(publisher, `/open-data/desk/upload/${begun.id}`, { at: '0', piece: piece('n\n1\n') })).at,
  ).toBe(409);
  for (const bytes of ['0', '-1', 'x', String(2 * 1024 ** 3 + 1)])
    expect([bytes, (await say(publisher, '/open-data/desk/upload', { name: 'a.csv', bytes })).at]).toEqual([
      bytes,
      409,
    ]);
});

it('of a form without its token, or of a stranger, nothing is kept', async () => {
  const stored = () => readdirSync(join(platform.config.dataDirectory, 'files'), { recursive: true }).length;
  const before = stored();
  const file = [new File(['таємне вмістом своїм'], 'a.csv')];
  await publisher.browser.post('/open-data/desk/new', { ...passport('Без знака'), _csrf: 'хибний', file });
  expect(publisher.browser.status).toBe(403);
  const stranger = new TestBrowser(app);
  await stranger.post('/open-data/desk/new', { ...passport('Чужинець'), file });
  expect(stranger.status).toBe(413);
  expect(stored()).toBe(before);
});
