// Keeps: rows of programs are looked through before they are written, files before they are handed out (open-data.md 4.4, point 2).
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
beforeAll(async () => {
  await portal.call('organization_create', { name: 'osvita', title: 'Освіта' }, officer);
  await portal.call('package_create', { name: 'schools', title: 'Школи', owner_org: 'osvita' }, officer);
});

const create = (records: unknown, more: Record<string, unknown> = {}) =>
  portal.call(
    'datastore_create',
    { resource: { package_id: 'schools', name: 'rows' }, records, ...more },
    officer,
  );

describe('rows of a program', () => {
  it.each([
    ['a telephone', '+380671112233'],
    ['a telephone with spaces', '(050) 111-22-33'],
    ['a telephone of digits alone', '0501112233'],
    ['an address of letters', 'test.testenko@example.org'],
    ['a tax number', '9123456783'],
    ['a tax number within words', 'код 9123456783 зазначено'],
    ['a number of the register', '19910824-00026'],
    ['a passport', 'АЕ 123456'],
    ['a card', '4242 4242 4242 4242'],
  ])('with %s are refused, row and column named, and nothing is written', async (_, cell) => {
    const made = await create([{ n: 1, note: 'парк' }], {
      fields: [{ id: 'n', type: 'int4' }, { id: 'note' }],
    });
    const refused = await portal.call(
      'datastore_upsert',
      {
        resource_id: made.result.resource_id,
        method: 'insert',
        records: [{ n: 2, note: 'сад' }, { n: 3 }, { n: 4, note: cell }],
      },
      officer,
    );
    expect([refused.status, refused.error]).toMatchObject([
      409,
      { __type: 'Validation Error', personal_data: ['row 3, column note'] },
    ]);
    const { result } = await portal.call('datastore_search', { resource_id: made.result.resource_id });
    expect(result.total).toBe(1);
  });

  it('with a full name beside a birth day or a flat are refused as well', async () => {
    const refused = await create(
      [
        { піб: 'Тестенко Тест', 'дата народження': '1990-02-01', адреса: '' },
        { піб: 'Тестенко Тест', 'дата народження': null, адреса: 'вул. Соборна, 5, кв. 12' },
        { піб: 'Тестенко Тест', 'дата народження': null, адреса: 'вул. Соборна, 5' },
      ],
      { fields: [{ id: 'піб' }, { id: 'дата народження', type: 'date' }, { id: 'адреса' }] },
    );
    expect(refused.error.personal_data).toEqual(['row 1, column піб', 'row 2, column піб']);
  });

  it('with codes of institutions, sums, dates and coordinates pass', async () => {
    const passed = await create([
      {
        ЄДРПОУ: '43395033',
        'кадастровий номер': '1210100000:02:123:0001',
        сума: 1234567890.12,
        дата: '2026-03-12T10:20:30',
        lat: 48.4647123456,
        посилання: 'https://city.example/doc/9123456783',
      },
    ]);
    expect(passed.status).toBe(200);
  });

  it('pass in a column that the officer has approved, and where the publisher only warns', async () => {
    const made = await create([{ договір: 'а' }]);
    const id = made.result.resource_id;
    const upsert = () =>
      portal.call(
        'datastore_upsert',
        { resource_id: id, method: 'insert', records: [{ договір: '0501112233' }] },
        officer,
      );
    expect((await upsert()).status).toBe(409);
    const rule = (approvedBy: string | null) =>
      JSON.stringify([
        {
          id: 'a',
          on: true,
          author: 'x',
          fix: { do: 'not-personal', column: 'Договір', because: 'номери', approvedBy },
        },
      ]);
    const keep = (rules: string) =>
      portal.platform.db.execute(sql`update od_resource set load_rules = ${rules}::jsonb where id = ${id}`);
    await keep(rule(null));
    expect((await upsert()).status).toBe(409);
    await keep(rule('00000000-0000-4000-8000-000000000001'));
    expect((await upsert()).status).toBe(200);
    await keep('[]');
    await portal.platform.db.execute(sql`update od_organisation set pii_mode = 'warn' where name = 'osvita'`);
    expect((await upsert()).status).toBe(200);
    await portal.platform.db.execute(
      sql`update od_organisation set pii_mode = 'block' where name = 'osvita'`,
    );
  });
});

describe('columns that a remembered fix hides', () => {
  const rules = (...fixes: object[]) =>
    JSON.stringify(fixes.map((fix, n) => ({ id: String(n), on: true, author: 'x', fix })));

  it('are hidden in the rows of programs as in files: masked, hashed, left out', async () => {
    const made = await create([{ n: 1, телефон: null, пошта: null, код: null, дата: null }], {
      fields: [
        { id: 'n', type: 'int4' },
        { id: 'телефон' },
        { id: 'пошта' },
        { id: 'код' },
        { id: 'дата', type: 'date' },
      ],
    });
    const id = made.result.resource_id;
    const row = { телефон: '050 111 22 33', пошта: 'a@example.org', код: '9123456783', дата: '1990-02-01' };
    const upsert = (records: unknown[]) =>
      portal.call('datastore_upsert', { resource_id: id, method: 'insert', records }, officer);
    expect((await upsert([{ n: 2, ...row }])).status).toBe(409);
    await portal.platform.db.execute(
      sql`update od_resource set load_rules = ${rules(
        { do: 'mask', column: 'Телефон' },
        { do: 'drop', column: 'пошта' },
        { do: 'hash', column: 'код' },
        { do: 'mask', column: 'дата' },
      )}::jsonb where id = ${id}`,
    );
    expect((await upsert([{ n: 2, ...row }, { n: 3, ...row, пошта: null }, { n: 4 }])).status).toBe(200);
    const { records } = (await portal.call('datastore_search', { resource_id: id })).result;
    const hidden = { телефон: '•••', пошта: null, код: expect.stringMatching(/^[0-9a-f]{16}$/), дата: null };
    expect(records.slice(1, 3)).toEqual([
      { _id: 2, n: 2, ...hidden },
      { _id: 3, n: 3, ...hidden },
    ]);
    expect(records[1].код).toBe(records[2].код);
    expect(records[3]).toMatchObject({ n: 4, телефон: null, код: null });
    // What is not hidden is looked through as before.
    expect((await upsert([{ n: 5, телефон: 'a@example.org', код: '', пошта: '', дата: null }])).status).toBe(
      200,
    );
  });
});

describe('a file and the rows of a program', () => {
  it.each<[string, string, string]>([
    ['телефон', 'Примітка', 'дзвонити (050) 111-22-33'],
    ['пошта', 'Примітка', 'пишіть на test@example.org'],
    ['податковий номер', 'n', '9123456783'],
    ['УНЗР', 'n', '19910824-00026'],
    ['паспорт', 'Документ', 'паспорт серії АК № 654321'],
    ['паспорт за заголовком', 'Номер паспорта', '123456789'],
    ['картка', 'Оплата', '4242 4242 4242 4242'],
    ['ЄДРПОУ', 'Код ЄДРПОУ', '43395033'],
    ['десять цифр ЄДРПОУ', 'Код ЄДРПОУ', '9123456783'],
    ['кадастровий номер', 'Кадастровий номер', '1210100000:02:123:0001'],
    ['КАТОТТГ', 'CATUTTC', 'UA12020010010037010'],
    ['договір', 'Договір', '№ 123/45-2024'],
    ['рахунок', 'Рахунок', 'UA213223130000026007233566001'],
    ['посилання з цифрами', 'Посилання', 'https://city.example/0501112233'],
    ['адреса', 'Адреса', 'просп. Науки, 100, оф. 123456'],
    ['сума', 'Сума', '1234567890.12'],
  ])('are judged alike: %s', async (_, column, cell) => {
    const rows = await create([{ [column]: cell, інше: 'парк' }]);
    const form = new FormData();
    form.set('package_id', 'schools');
    form.set('upload', new Blob([`"${column}";"інше"\n"${cell}";"парк"\n`]), 'a.csv');
    const answer = await portal.fetch('/open-data/api/3/action/resource_create', {
      method: 'POST',
      headers: { authorization: officer },
      body: form,
    });
    const { id } = ((await answer.json()) as { result: { id: string } }).result;
    const { load_status } = (await portal.call('resource_show', { id }, officer)).result;
    expect(load_status).toBe(rows.status === 200 ? 'indexed' : 'blocked');
  });
});

describe('a file', () => {
  async function send(content: string | Uint8Array, name = 'a.csv') {
    const form = new FormData();
    form.set('package_id', 'schools');
    form.set('upload', new Blob([content as string]), name);
    const answer = await portal.fetch('/open-data/api/3/action/resource_create', {
      method: 'POST',
      headers: { authorization: officer },
      body: form,
    });
    return ((await answer.json()) as { result: { id: string; url: string } }).result;
  }

  it('of up to 5 MB is looked through within the request: its address is right from the first moment', async () => {
    const open = await send('n,t\n1,парк\n');
    expect((await fetch(open.url)).status).toBe(200);
    const closed = await send('n,t\n1,050 111 22 33\n');
    const answer = await fetch(closed.url);
    expect([answer.status, await answer.text()]).toEqual([403, 'This file is not open to the public']);
    // Its publishers see what they sent.
    expect((await fetch(closed.url, { headers: { authorization: officer } })).status).toBe(200);
  });

  it('that is larger is answered 503 with Retry-After until it is looked through', async () => {
    const row = `1,${'парк '.repeat(200)}\n`;
    const large = await send(`n,t\n${row.repeat(5_200)}`);
    const answer = await fetch(large.url);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    await portal.platform.db.execute(
      sql`update od_resource set load_state = 'indexed' where id = ${large.id}`,
    );
    expect((await fetch(large.url)).status).toBe(200);
  });
});
