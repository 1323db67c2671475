// Keeps: what a publisher fixes once is remembered and applied to the next file; what gives people away is not published until it is
// hidden, or the officer has agreed that it is not personal (open-data.md 4.3, 4.4).
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { personaActor } from '#platform/identity/personas.ts';
import { createPlatform } from '#platform/platform.ts';
import { openDataCity } from '../../../../../city/dnipro/index.ts';
import { packWorkbook } from '../../checks/workbook-writer.ts';
import { openData } from '../../index.ts';
import { zipOf } from '../../loading/testing.ts';
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

async function signedIn(persona: string): Promise<TestBrowser> {
  const browser = new TestBrowser(app);
  await browser.get('/sign-in');
  await browser.post('/sign-in/demo', {
    persona,
    _csrf: /name="_csrf" value="([^"]*)"/.exec(browser.html)?.[1] ?? '',
  });
  return browser;
}
let publisher: TestBrowser;
let officer: TestBrowser;
beforeAll(async () => {
  const actor = await personaActor(platform, demoOfficer);
  for (const one of openDataCity.publishers)
    await platform.work(actor, (work) => createUnit(work, 'organization', { ...one }));
  publisher = await signedIn('publisher');
  officer = await signedIn('data-officer');
});

let made = 0;
const name = () => `dataset-${made}`;
/** Publishes a file in a dataset of its own. @returns the address of the resource at the desk; the browser shows the report. */
async function send(content: string | Buffer, fileName = 'data.csv'): Promise<string> {
  made += 1;
  await publisher.get('/open-data/desk/new');
  await publisher.submit('/open-data/desk/new', {
    title: name(),
    notes: 'Опис',
    organisation: openDataCity.demoPublisher,
    frequency: 'once a month',
    purpose: 'Закон',
    keywords: 'ключ',
    maintainer: 'Ірина Демченко',
    email: 'data@misto.example',
    file: [new File([content as string], fileName)],
  });
  const { rows } = await platform.db.execute<{ id: string }>(
    sql`select r.id from od_resource r join od_dataset d on d.id = r.dataset where d.name = ${name()}`,
  );
  return `/open-data/desk/resource/${rows[0]!.id}`;
}
/** The next file of the same resource. */
async function next(resource: string, content: string): Promise<void> {
  await publisher.get(`/open-data/desk/dataset/${name()}`);
  await publisher.post(`/open-data/desk/dataset/${name()}/files`, {
    _csrf: csrf(publisher),
    resource: idOf(resource),
    next: [new File([content], 'data.csv')],
  });
}
const csrf = (browser: TestBrowser) => /name="_csrf" value="([^"]*)"/.exec(browser.html)![1]!;
const idOf = (resource: string) => resource.split('/').at(-1)!;
const fix = (resource: string, fields: Record<string, string>) =>
  publisher.post(`${resource}/fix`, { _csrf: csrf(publisher), ...fields });

async function rowsOf(resource: string): Promise<Record<string, unknown>[]> {
  const answer = await app.request(`/api/3/action/datastore_search?resource_id=${idOf(resource)}`);
  const { result } = (await answer.json()) as { result?: { records: Record<string, unknown>[] } };
  return result?.records ?? [];
}
const rulesOf = async (resource: string) => {
  const { rows } = await platform.db.execute<{ fix: { do: string } }>(
    sql`select rule -> 'fix' as fix from od_resource, jsonb_array_elements(load_rules) as rule where id = ${idOf(resource)}`,
  );
  return rows.map((row) => row.fix);
};
const download = async (resource: string) => {
  const answer = await app.request(`/dataset/${name()}/resource/${idOf(resource)}/download/data.csv`);
  return [answer.status, await answer.text()] as const;
};

describe('cells that give people away', () => {
  const people = 'назва,контакт\nпарк,050 111 22 33\nсад,067 222 33 44\n';

  it('are shown to the publisher, and the file is published once the column is masked; the original stays closed', async () => {
    const resource = await send(people);
    for (const text of ['Дані не оприлюднено', 'телефон (2)', '050 111 22 33', 'B3'])
      expect(publisher.html).toContain(text);
    expect((await download(resource))[0]).toBe(403);
    await fix(resource, { do: 'mask', column: 'контакт' });
    expect(publisher.html).toContain('Дані оприлюднено');
    expect(publisher.html).toContain('Застосовано запамʼятованих виправлень: 1');
    expect(await rowsOf(resource)).toEqual([
      { _id: 1, назва: 'парк', контакт: '•••' },
      { _id: 2, назва: 'сад', контакт: '•••' },
    ]);
    const [status, text] = await download(resource);
    expect([status, text]).toEqual([403, expect.stringContaining('/datastore/dump/')]);
    expect(text).not.toContain('050');
  });

  it('of a column that is left out do not open the original either, and equal values of a hashed one stay equal', async () => {
    const left = await send(people);
    await fix(left, { do: 'drop', column: 'контакт' });
    expect(await rowsOf(left)).toEqual([
      { _id: 1, назва: 'парк' },
      { _id: 2, назва: 'сад' },
    ]);
    expect((await download(left))[0]).toBe(403);
    const hashed = await send('назва,контакт\nпарк,050 111 22 33\nсад,050 111 22 33\n');
    await fix(hashed, { do: 'hash', column: 'контакт' });
    const [one, two] = (await rowsOf(hashed)).map(({ контакт }) => контакт);
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(two).toBe(one);
  });

  it('are published when the publisher says why they are not personal and the officer, nobody else, approves', async () => {
    const resource = await send(people);
    await fix(resource, { do: 'not-personal', column: 'контакт', because: 'коротко' });
    expect(publisher.html).toContain('хоча б десять знаків');
    await fix(resource, {
      do: 'not-personal',
      column: 'контакт',
      because: 'це номери договорів, не телефони',
    });
    expect(publisher.html).toContain('чекає погодження');
    expect(await rowsOf(resource)).toEqual([]);
    await publisher.get('/open-data/desk/approvals');
    expect(publisher.status).toBe(403);

    await officer.get('/open-data/desk/approvals');
    for (const text of ['це номери договорів', '050 111 22 33']) expect(officer.html).toContain(text);
    const [, rule] = /approvals\/[^"/]+\/([^"]+)"/.exec(officer.html)!;
    await officer.post(`/open-data/desk/approvals/${idOf(resource)}/${rule}`, {
      _csrf: csrf(officer),
      act: 'approve',
    });
    expect(officer.html).toContain('Нічого не чекає погодження');
    expect(await rowsOf(resource)).toHaveLength(2);
    expect((await download(resource))[0]).toBe(200);
    const { rows } = await platform.db.execute<{ entry: { detail: unknown } }>(
      sql`select entry from audit_pending where entry ->> 'action' = 'open-data:approve_rule'`,
    );
    expect(rows.at(-1)!.entry.detail).toMatchObject({ do: 'not-personal', column: 'контакт' });
  });

  it('stay closed when the officer does not approve, and the publisher reads why', async () => {
    const resource = await send(people);
    await fix(resource, { do: 'not-personal', column: 'контакт', because: 'здається, можна показати' });
    await officer.get('/open-data/desk/approvals');
    const [, rule] = /approvals\/[^"/]+\/([^"]+)"/.exec(officer.html)!;
    const answer = `/open-data/desk/approvals/${idOf(resource)}/${rule}`;
    await officer.post(answer, { _csrf: csrf(officer), act: 'refuse', reason: '' });
    expect(officer.html).toContain('Заповніть це поле');
    await officer.post(answer, { _csrf: csrf(officer), act: 'refuse', reason: 'це мобільні мешканців' });
    await publisher.get(`${resource}/rules`);
    expect(publisher.html).toContain('не погоджено: це мобільні мешканців');
    expect(await rowsOf(resource)).toEqual([]);
  });

  it('that nobody but another person may approve: the officer does not approve an own request', async () => {
    const resource = await send(people);
    await officer.get(`${resource}/rules`);
    await officer.post(`${resource}/fix`, {
      _csrf: csrf(officer),
      do: 'not-personal',
      column: 'контакт',
      because: 'я так вважаю й погоджу сам',
    });
    await officer.get('/open-data/desk/approvals');
    expect(officer.html).toContain('погодити має інша людина');
    const { rows } = await platform.db.execute<{ id: string }>(
      sql`select load_rules -> 0 ->> 'id' as id from od_resource where id = ${idOf(resource)}`,
    );
    await officer.post(`/open-data/desk/approvals/${idOf(resource)}/${rows[0]!.id}`, {
      _csrf: csrf(officer),
      act: 'approve',
    });
    expect(officer.status).toBe(403);
    expect(await rowsOf(resource)).toEqual([]);
  });

  it('of official contacts are confirmed once, and the next file passes by itself', async () => {
    const resource = await send('назва,телефон закладу\nшкола 1,056 111 22 33\n');
    expect(publisher.html).toMatch(/<details class="details" open[^>]*><summary>Це службові контакти/);
    await fix(resource, { do: 'official-contact', column: 'телефон закладу' });
    await officer.get('/open-data/desk/approvals');
    const rule = new RegExp(`approvals/${idOf(resource)}/([^"]+)"`).exec(officer.html)![1];
    await officer.post(`/open-data/desk/approvals/${idOf(resource)}/${rule}`, {
      _csrf: csrf(officer),
      act: 'approve',
    });
    await next(resource, 'назва,телефон закладу\nшкола 1,056 111 22 33\nшкола 2,056 111 22 44\n');
    expect(await rowsOf(resource)).toHaveLength(2);
    expect((await download(resource))[0]).toBe(200);
  });
});

describe('a fix', () => {
  it('of one cell holds for all like it, and for the next file', async () => {
    const resource = await send('район,сума\nСоб.,1\nЦентр.,2\nСоб.,3\n');
    await fix(resource, { do: 'dictionary', column: 'район', from: 'Соб.', to: 'Соборний' });
    await fix(resource, { do: 'dictionary', column: 'район', from: 'Центр.', to: 'Центральний' });
    expect((await rowsOf(resource)).map(({ район }) => район)).toEqual([
      'Соборний',
      'Центральний',
      'Соборний',
    ]);
    await next(resource, 'район,сума\nСоб.,4\n');
    // Fewer rows than before are asked about.
    expect(publisher.html).toContain('Рядків стало значно менше');
    await publisher.post(publisher.path.replace(/$/, '/say'), { _csrf: csrf(publisher), act: 'confirm' });
    expect(await rowsOf(resource)).toEqual([{ _id: 1, район: 'Соборний', сума: 4 }]);
  });

  it('makes another type of a column, a word mean nothing, a name another, two columns of one', async () => {
    const resource = await send('код,сума,місце,зайве\n1,10,48.4;35.0,x\n2,немає,48.5;35.1,y\n');
    await fix(resource, { do: 'type', column: 'сума', type: 'integer' });
    expect(publisher.html).toContain('немає');
    await fix(resource, { do: 'nulls', column: 'сума', word: 'немає' });
    await fix(resource, { do: 'rename', column: 'код', to: 'номер' });
    await fix(resource, { do: 'split', column: 'місце', by: ';', first: 'широта', second: 'довгота' });
    await fix(resource, { do: 'drop', column: 'зайве' });
    expect(await rowsOf(resource)).toEqual([
      { _id: 1, номер: '1', сума: 10, широта: '48.4', довгота: '35.0' },
      { _id: 2, номер: '2', сума: null, широта: '48.5', довгота: '35.1' },
    ]);
  });

  it('is listed, switched off and on, forgotten; one that finds nothing in a file says so', async () => {
    const resource = await send('а,б\n1,2\n');
    await fix(resource, { do: 'drop', column: 'б' });
    await next(resource, 'а,в\n1,2\n');
    expect(publisher.html).toContain('нічого не знайшло в цьому файлі');
    await publisher.get(`${resource}/rules`);
    expect(publisher.html).toContain('«б» не публікується');
    const [, rule] = /rules\/([^"]+)"/.exec(publisher.html)!;
    const act = (what: string) =>
      publisher.post(`${resource}/rules/${rule}`, { _csrf: csrf(publisher), act: what });
    await act('off');
    expect(publisher.html).toContain('вимкнено');
    await act('on');
    await act('forget');
    expect(publisher.html).toContain('Ще нічого не запамʼятовано');
    await act('on');
    expect(publisher.status).toBe(404);
  });

  it('of the whole table says where it begins and how many rows its header has', async () => {
    const resource = await send('а,б\n1,2\nв,г\n3,4\n');
    await publisher.get(`${resource}/rules`);
    await fix(resource, { do: 'skip-rows', rows: 'два' });
    expect(publisher.html).toContain('Так не можна');
    await fix(resource, { do: 'skip-rows', rows: '2' });
    if (publisher.html.includes('Так і має бути'))
      await publisher.post(`${publisher.path}/say`, { _csrf: csrf(publisher), act: 'confirm' });
    expect(await rowsOf(resource)).toEqual([{ _id: 1, в: 3, г: 4 }]);
  });

  it('swaps latitude and longitude, and leaves rows of totals out', async () => {
    const resource = await send('назва,lat,lon\nпарк,35.04,48.46\nсад,35.05,48.47\nкінець звіту,1,2\n');
    await publisher.get(`${resource}/rules`);
    await fix(resource, { do: 'swap-coordinates', lat: 'lat', lon: 'lon' });
    await fix(resource, { do: 'footer', rows: '1' });
    expect(await rowsOf(resource)).toEqual([
      { _id: 1, назва: 'парк', lat: 48.46, lon: 35.04 },
      { _id: 2, назва: 'сад', lat: 48.47, lon: 35.05 },
    ]);
    for (const what of ['footer', 'swap-coordinates'])
      expect((await rulesOf(resource)).some((rule) => rule.do === what)).toBe(true);
  });

  it('says which part of a date comes first', async () => {
    const resource = await send('n,дата\n1,03/04/2026\n2,05/06/2026\n');
    expect((await rowsOf(resource)).map(({ дата }) => дата)).toEqual(['2026-04-03', '2026-06-05']);
    await fix(resource, { do: 'date-pattern', column: 'дата', order: 'mdy' });
    expect((await rowsOf(resource)).map(({ дата }) => дата)).toEqual(['2026-03-04', '2026-05-06']);
  });

  it('makes another sheet of a workbook a resource of its own, which stays with its sheet', async () => {
    const sheet = (name: string, ...rows: (string | number)[][]) => ({ name, rows });
    const book = packWorkbook([
      sheet('Парки', ['назва', 'площа'], ['парк', 5], ['сад', 7]),
      sheet('Двори', ['двір', 'район'], ['Двір 1', 'Соборний'], ['Двір 2', 'Самарський']),
      { ...sheet('Службовий', ['x'], ['y']), hidden: true },
    ]);
    const resource = await send(book, 'book.xlsx');
    for (const words of ['Додати аркуш «Двори»', 'Приховані аркуші пропущено'])
      expect(publisher.html).toContain(words);
    const report = publisher.path;
    await publisher.post(`${report}/say`, { _csrf: csrf(publisher), act: 'sheet', sheet: 'Службовий' });
    expect(publisher.status).toBe(404);
    await publisher.get(report);
    await publisher.post(`${report}/say`, { _csrf: csrf(publisher), act: 'sheet', sheet: 'Двори' });
    expect(publisher.html).toContain('Дані оприлюднено');
    const { rows } = await platform.db.execute<{ id: string; name: string }>(
      sql`select r.id, r.name from od_resource r join od_dataset d on d.id = r.dataset where d.name = ${name()} order by r.position`,
    );
    expect(rows.map((row) => row.name).slice(1)).toEqual(['Двори']);
    expect((await rowsOf(resource)).map(({ назва }) => назва)).toEqual(['парк', 'сад']);
    expect(await rowsOf(rows[1]!.id)).toEqual([
      { _id: 1, двір: 'Двір 1', район: 'Соборний' },
      { _id: 2, двір: 'Двір 2', район: 'Самарський' },
    ]);
    expect((await rulesOf(rows[1]!.id)).map((rule) => rule)).toEqual([{ do: 'sheet', name: 'Двори' }]);
  });

  it('with signs that nobody can see is refused by its field', async () => {
    const resource = await send('а,б\n1,2\n');
    const unseen: Record<string, string>[] = [
      { do: 'rename', column: 'а', to: 'в\0г' },
      { do: 'dictionary', column: 'а', from: '1', to: '\u202e2' },
      { do: 'not-personal', column: 'а', because: 'це номери договорів\0' },
    ];
    for (const fields of unseen) {
      await fix(resource, fields);
      expect(publisher.html).toContain('Так не можна');
    }
    expect(await rulesOf(resource)).toEqual([]);
  });

  it('that repairs made by themselves are remembered as such', async () => {
    const resource = await send('сума;дата\n1 250,50;01.02.2026\n2,25;03.02.2026\n');
    await publisher.post(`${publisher.path}/say`, { _csrf: csrf(publisher), act: 'accept' });
    for (const text of ['«сума»: тип число', '«сума»: десятковий знак «,»', '«дата»: день/місяць/рік'])
      expect(publisher.html).toContain(text);
    await next(resource, 'сума;дата\nбагато;04.02.2026\n1,5;05.02.2026\n');
    expect(publisher.html).toContain('багато');
    expect((await rowsOf(resource)).map(({ сума }) => сума)).toEqual([null, 1.5]);
  });

  it('chooses the table of an archive, and is kept', async () => {
    const resource = await send(zipOf({ 'a.csv': 'а\n1\n', 'b.csv': 'б\n2\n' }), 'pack.csv');
    expect(publisher.html).toContain('В архіві кілька таблиць: a.csv, b.csv');
    await publisher.submit(`${resource}/fix`, { name: 'b.csv' });
    expect(await rowsOf(resource)).toEqual([{ _id: 1, б: 2 }]);
    await publisher.get(`${resource}/rules`);
    expect(publisher.html).toContain('бере з архіву «b.csv»');
  });
});

it('a dataset of another unit has no fixes for a publisher', async () => {
  const resource = await send('а\n1\n');
  await platform.db.execute(
    sql`update od_dataset set organisation = (select id from od_organisation where name <> ${openDataCity.demoPublisher} limit 1) where name = ${name()}`,
  );
  for (const path of ['rules', 'fix?column=а', 'takedown'])
    expect([path, (await publisher.get(`${resource}/${path}`)).status]).toEqual([
      path,
      path === 'takedown' ? 403 : 404,
    ]);
  await fix(resource, { do: 'drop', column: 'а' });
  expect(publisher.status).toBe(404);
});
