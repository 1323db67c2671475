// Keeps: files are checked against an official table or an own one that the publisher chose, strictly or not, keys between tables of an
// appendix too; empty templates are there for everybody; columns are described in words (open-data.md 4.4.1, 9).
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { officer, testPortal } from '../../api/ckan/testing.ts';
import { publisherOf } from '../../api/native/testing.ts';
import { officialTable } from '../../checks/official-tables.ts';
import { csvTemplate } from '../../checks/templates.ts';

const portal = await testPortal();
const { send, ask } = publisherOf(portal);
const app = createApp(portal.platform, { cache: false, limits: false, log: () => {} });
const browser = new TestBrowser(app);
const csrf = () => /name="_csrf" value="([^"]*)"/.exec(browser.html)?.[1] ?? '';

beforeAll(async () => {
  await portal.call('organization_create', { name: 'osvita', title: 'Освіта' }, officer);
  for (const name of ['parking', 'roads', 'clubs'])
    await portal.call('package_create', { name, title: 'Паркування', owner_org: 'osvita' }, officer);
  await browser.get('/sign-in');
  await browser.post('/sign-in/demo', { persona: 'data-officer', _csrf: csrf() });
});

const place = (id: string, page: string) => `/open-data/desk/resource/${id}/${page}`;
async function choose(id: string, fields: Record<string, string>): Promise<void> {
  await browser.get(place(id, 'table'));
  await browser.post(place(id, 'table'), { _csrf: csrf(), strictness: 'tolerant', ...fields });
}
const rows = async (id: string): Promise<Record<string, unknown>[]> =>
  (await ask(id, '/rows')).body.records ?? [];

/** Lines of an official table: the given cells, and in the others what their columns take. */
function lines(table: string, ...given: Record<string, string>[]): string {
  const { schema } = officialTable(table)!;
  const usual = {
    integer: '1',
    numeric: '1.5',
    date: '2025-01-02',
    timestamp: '2025-01-02T10:00:00',
    url: 'https://city.example/a',
  };
  const cells = given.map((row) =>
    schema.columns
      .map(
        ({ id, type, role }) =>
          row[id] ?? (role ? ROLES[role] : undefined) ?? usual[type as 'date'] ?? 'текст',
      )
      .map((cell) => `"${cell}"`)
      .join(','),
  );
  return `${csvTemplate(schema)}${cells.join('\r\n')}\r\n`;
}
const ROLES: Readonly<Record<string, string>> = {
  edrpou: '43395033',
  katottg: 'UA12020010010037010',
  'post-code': '49000',
  lat: '48.46',
  lon: '35.04',
  currency: 'UAH',
};

describe('the table that a file is checked against', () => {
  it('is proposed by its columns, chosen, and checks the file at once: bad rows stay out, or hold all back', async () => {
    const id = await send('parking', lines('835/36/operators', { id: '43395033' }, { id: '' }));
    await browser.get(place(id, 'table'));
    expect(browser.html).toContain('ні з чим');
    // Two official tables have the same columns: both are proposed before all others.
    expect(browser.html).toMatch(/Схоже на: Додаток (21|36)\./);
    const proposed = [...browser.html.matchAll(/<option value="(835[^"]*)"/g)]
      .slice(0, 2)
      .map(([, table]) => table);
    expect(proposed.sort()).toEqual(['835/21/distributors', '835/36/operators']);
    await choose(id, { table: '835/36/operators' });
    expect(browser.html).toContain('порожнє обовʼязкове значення');
    expect((await rows(id)).map((row) => row.id)).toEqual(['43395033']);
    await choose(id, { table: '835/36/operators', strictness: 'strict' });
    expect(browser.html).toContain('Дані не оприлюднено');
    await choose(id, { table: '' });
    expect(await rows(id)).toHaveLength(2);
    await choose(id, { table: '835/36/none' });
    expect(browser.html).toContain('Оберіть таблицю з переліку');
    await choose(id, { table: '835/36/operators' });
  });

  it('may name rows of another table of its appendix: who is not there is reported, and stays out', async () => {
    const id = await send(
      'parking',
      lines('835/36/parkingLots', { uid: '1', operatorId: '43395033' }, { uid: '2', operatorId: '39787008' }),
    );
    expect(await rows(id)).toHaveLength(2);
    await choose(id, { table: '835/36/parkingLots' });
    for (const text of ['немає в таблиці, на яку посилається', '39787008', '835/36/operators'])
      expect(browser.html).toContain(text);
    expect((await rows(id)).map((row) => row.uid)).toEqual(['1']);
    // In a dataset without the other table there is nothing to compare with.
    const alone = await send('roads', lines('835/36/parkingLots', { uid: '2', operatorId: '39787008' }));
    await choose(alone, { table: '835/36/parkingLots', strictness: 'strict' });
    expect(browser.html).toContain('Дані оприлюднено');
  });

  it('may be an own one, as Table Schema; what is wrong with it is said by its column', async () => {
    const id = await send('clubs', 'код,стан\n1,так\n2,може\n');
    const schema = (fields: unknown[]) => JSON.stringify({ fields, primaryKey: 'код' });
    await choose(id, { schema: schema([{ name: 'код' }, { name: 'стан', type: 'slovo' }]) });
    expect(browser.html).toContain('Стовпець 2: такого типу немає');
    await choose(id, {
      schema: schema([
        { name: 'код', type: 'integer' },
        { name: 'стан', constraints: { enum: ['так', 'ні'] } },
      ]),
    });
    expect(browser.html).toContain('немає в переліку');
    expect(await rows(id)).toEqual([{ _id: 1, код: 1, стан: 'так' }]);
    await browser.get(place(id, 'table'));
    expect(browser.html).toContain('власна таблиця, стовпців: 2');
    // As the resource tells it, it can be sent back.
    const told = (await ask(id, '/schema.json')).text;
    await choose(id, { schema: told, strictness: 'strict' });
    expect(browser.html).toContain('Дані не оприлюднено');
  });
});

describe('the empty templates', () => {
  it('of the official tables are there for everybody, to be found by a word', async () => {
    const stranger = new TestBrowser(app);
    await stranger.get('/open-data/tables?q=паркування');
    expect(stranger.html).toContain('/open-data/tables/36/parkingLots.xlsx');
    expect(stranger.html).not.toContain('/tables/33/appeals');
    const csv = await app.request('/open-data/tables/36/operators.csv');
    expect(await csv.text()).toContain('id,name,CATUTTC');
    expect(csv.headers.get('content-disposition')).toContain('36-operators.csv');
    const book = await app.request('/open-data/tables/36/operators.xlsx');
    expect(Buffer.from(await book.arrayBuffer()).toString('latin1', 0, 2)).toBe('PK');
    expect((await app.request('/open-data/tables/36/nothing.csv')).status).toBe(404);
    await stranger.get('/open-data/tables?q=слон');
    expect(stranger.html).toContain('Такої таблиці немає');
  });
});

describe('columns', () => {
  const tell = async (id: string, fields: Record<string, string>) => {
    await browser.get(place(id, 'columns'));
    await browser.post(place(id, 'columns'), { _csrf: csrf(), ...fields });
  };
  const infos = async (id: string) =>
    (await portal.call('datastore_info', { id })).result.fields.map(
      (field: { id: string; info?: unknown }) => field.info,
    );

  it('are described in words that the pages and the programs show, and that the next file leaves as they are', async () => {
    const id = await send('roads', 'код,довга назва\n1,а\n2,б\n');
    await tell(id, {
      'label:код': 'Код дороги',
      'notes:код': 'за переліком 2020 року',
      'label:довга назва': '',
      'notes:довга назва': '',
    });
    expect(browser.html).toContain('Опис збережено');
    expect((await infos(id))[0]).toMatchObject({ label: 'Код дороги', notes: 'за переліком 2020 року' });
    await browser.get(`/open-data/dataset/roads/resource/${id}`);
    expect(browser.html).toContain('Код дороги');
    expect((await ask(id, '/schema.json')).body.fields[1]).toMatchObject({
      name: 'код',
      title: 'Код дороги',
      description: 'за переліком 2020 року',
    });
    expect((await ask(id, '/versions')).body.total).toBe(1);
    await send('roads', 'код,довга назва\n1,а\n2,в\n3,г\n', id);
    expect((await infos(id))[0]).toMatchObject({ label: 'Код дороги', notes: 'за переліком 2020 року' });
    await tell(id, { 'label:код': '', 'notes:код': '' });
    expect((await infos(id))[0]?.label).toBeUndefined();
    const { rows: log } = await portal.platform.db.execute(
      sql`select from audit_pending where entry ->> 'action' = 'open-data:describe_columns'`,
    );
    expect(log).toHaveLength(2);
  });

  it('whose text is too long or cannot be read are said by their field, with what was typed kept', async () => {
    const id = await send('roads', 'а,б\n1,2\n');
    await tell(id, { 'label:а': 'я'.repeat(255), 'label:б': 'добре' });
    expect(browser.html).toContain('Задовгий текст');
    expect(browser.html).toContain('value="добре"');
    await tell(id, { 'label:а': 'а\0б' });
    expect(browser.html).toContain('невидимі керівні символи');
    expect((await infos(id))[0]?.label).toBeUndefined();
  });

  it('of a resource without rows are none yet', async () => {
    const made = await portal.call(
      'resource_create',
      { package_id: 'roads', name: 'порожній', url: '' },
      officer,
    );
    await browser.get(place(made.result.id, 'columns'));
    expect(browser.html).toContain('Стовпців ще немає');
    await browser.post(place(made.result.id, 'columns'), { _csrf: csrf(), 'label:а': 'б' });
    expect(browser.status).toBe(404);
  });
});
