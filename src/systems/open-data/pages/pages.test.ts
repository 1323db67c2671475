import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { officer, testPortal } from '../api/ckan/testing.ts';

const portal = await testPortal();
const get = async (path: string, token?: string) => {
  const answer = await portal.fetch(path, {
    headers: { accept: 'text/html', ...(token ? { authorization: token } : {}) },
    redirect: 'manual',
  });
  return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
};
const run = async (program: string, words: readonly string[]) =>
  (await promisify(execFile)(program, words)).stdout;
let table = '';

beforeAll(async () => {
  await portal.call('organization_create', { name: 'osvita', title: 'Департамент освіти' }, officer);
  await portal.call('organization_create', { name: 'transport', title: 'Департамент транспорту' }, officer);
  const make = (input: Record<string, unknown>) =>
    portal.call('package_create', { owner_org: 'osvita', license_id: 'CC-BY-4.0', ...input }, officer);
  for (let n = 0; n < 22; n++)
    await make({ name: `zvit-${n}`, title: `Звіт № ${n}`, owner_org: 'transport' });
  await make({
    name: 'schools',
    title: 'Школи міста',
    notes: 'Перелік шкіл <b>з адресами</b>',
    maintainer: 'Ірина Демченко',
    maintainer_email: 'data@misto.example',
    update_frequency: 'once a month',
    tags: [{ name: 'освіта' }],
    groups: [{ name: 'educ' }],
    resources: [{ url: 'https://example.org/plan.pdf', name: 'План', format: 'PDF' }],
  });
  await make({ name: 'secret', title: 'Таємні школи', private: true });
  const records = Array.from({ length: 120 }, (_, n) => ({
    назва: `Школа № ${n + 1}`,
    місць: (n * 7) % 100,
    день: '2026-09-01',
    діє: n % 2 === 0,
  }));
  table = (
    await portal.call(
      'datastore_create',
      {
        resource: { package_id: 'schools', name: 'Перелік' },
        records: [...records, { назва: '<script>alert(1)</script>', місць: null }],
        aliases: ['shkoly'],
      },
      officer,
    )
  ).result.resource_id;
});

describe('the catalogue', () => {
  it('lists public datasets by pages with the exact count, in both languages', async () => {
    const first = await get('/open-data');
    expect(first.html).toContain('<strong>23</strong> набори');
    expect(first.html).toContain('1–20 з 23');
    expect(first.html).not.toContain('Таємні школи');
    expect((await get('/open-data?page=2')).html).toContain('21–23 з 23');
    expect((await get('/en/open-data')).html).toContain('Open data');
  });

  it('finds by words in any form, and says what to do when nothing is found', async () => {
    const found = await get(`/open-data?q=${encodeURIComponent('школа')}`);
    expect(found.html).toContain('Школи міста');
    expect(found.html).not.toContain('Звіт № 1');
    expect((await get(`/open-data?q=${encodeURIComponent('бегемот')}`)).html).toContain('Нічого не знайдено');
    expect((await get(`/open-data?q=${encodeURIComponent('title:[')}`)).status).toBe(200);
  });

  it('narrows by facets that are links with counts: alternatives within one, all of them together', async () => {
    const html = (await get('/open-data?organization=osvita')).html;
    expect(html).toContain('<strong>1</strong> набір');
    // The other publisher can still be added.
    expect(html).toMatch(/organization=osvita&amp;organization=transport"[^>]*>Департамент транспорту/);
    expect((await get('/open-data?organization=osvita&organization=transport')).html).toContain(
      '<strong>23</strong>',
    );
    expect((await get('/open-data?organization=transport&groups=educ')).html).toContain('Нічого не знайдено');
    expect((await get('/open-data?organization=%22%29%20OR%20x')).status).toBe(200);
    // What can be done with the data, and how good they are.
    expect((await get('/open-data?has=api')).html).toContain('<strong>1</strong> набір');
    expect((await get('/open-data?quality=good&quality=excellent')).html).toContain('Школи міста');
    expect((await get('/open-data?sort=quality')).html).toMatch(/<h2[^>]*>[\s\S]*?Школи міста[\s\S]*?Звіт/);
  });

  it('has a feed of just what it lists', async () => {
    const { html } = await get('/open-data?organization=osvita&q=школи');
    const [, href] = /href="([^"]*\/feeds\/custom\.atom[^"]*)"/.exec(html)!;
    const feed = await (await fetch(href!.replaceAll('&amp;', '&'))).text();
    expect(feed).toContain('Школи міста');
    expect(feed).not.toContain('Звіт');
    expect((await get('/open-data')).html).toContain('/feeds/dataset.rss');
  });

  it('asks whether a mistyped word was meant otherwise, and tells what the filters hide', async () => {
    const { html } = await get(`/open-data?q=${encodeURIComponent('шкколи')}`);
    expect(html).toContain('Можливо, ви шукали');
    const hidden = await get(`/open-data?q=${encodeURIComponent('школи')}&organization=transport`);
    expect(hidden.html).toContain('Без фільтрів знайдеться 1');
    expect(hidden.html).toContain('пʼять робочих днів');
  });
});

describe('a dataset', () => {
  it('shows its passport and each file with its way to the data', async () => {
    const { html } = await get('/open-data/dataset/schools');
    for (const text of [
      'Школи міста',
      'Департамент освіти',
      'Ірина Демченко',
      'mailto:data@misto.example',
      'Щомісяця',
      'План',
      'https://example.org/plan.pdf',
      'Creative Commons',
    ])
      expect(html).toContain(text);
    expect(html).toContain('Перелік шкіл &lt;b>з адресами');
  });

  it('shows its quality with every missing point and what would earn it, the same by API', async () => {
    const { html } = await get('/open-data/dataset/schools');
    expect(html).toContain('Кожне виправлення додає бали');
    expect(html).toMatch(/<strong>\+20<\/strong> Вказати, за який час дані/);
    const { id } = (await portal.call('package_show', { id: 'schools' })).result;
    const api = async (path: string) => {
      const answer = await portal.fetch(`/api/v1/open-data/${path}/quality`);
      return {
        status: answer.status,
        body: (await answer.json()) as { mqa: number; points: { id: string; met: boolean }[] },
      };
    };
    const { body } = await api(`datasets/${id}`);
    expect(html).toContain(`<strong>${body.mqa} з 405</strong>`);
    expect(body.points).toHaveLength(28);
    // The link to a picture of a text drags the dataset, the table alone is better.
    const one = await api(`resources/${table}`);
    expect(one.body.mqa).toBeGreaterThan(body.mqa);
    expect((await api('datasets/secret')).status).toBe(404);
    expect((await api('datasets/nothing')).status).toBe(404);
    expect((await api('resources/nothing')).status).toBe(404);
  });

  it('has one address: an id leads there', async () => {
    const { id } = (await portal.call('package_show', { id: 'schools' })).result;
    const answer = await get(`/open-data/dataset/${id}`);
    expect([answer.status, answer.location]).toEqual([301, '/open-data/dataset/schools']);
  });

  it('that was renamed is found under its old address, and so are its tables and its publisher', async () => {
    const rename = (id: string, name: string) => portal.call('package_patch', { id, name }, officer);
    const { resource_id: rows } = (
      await portal.call(
        'datastore_create',
        { resource: { package_id: 'zvit-0', name: 'Рядки' }, records: [{ a: 1 }] },
        officer,
      )
    ).result;
    await rename('zvit-0', 'zvit-novyi');
    expect(await get('/open-data/dataset/zvit-0')).toMatchObject({
      status: 301,
      location: '/open-data/dataset/zvit-novyi',
    });
    for (const rest of [`/resource/${rows}?view=chart`, `/resource/${rows}/versions`])
      expect(await get(`/en/open-data/dataset/zvit-0${rest}`)).toMatchObject({
        status: 301,
        location: `/en/open-data/dataset/zvit-novyi${rest}`,
      });
    await portal.call('organization_patch', { id: 'transport', name: 'ruh' }, officer);
    expect((await get('/open-data/organization/transport')).location).toBe('/open-data/organization/ruh');
    await portal.call('organization_patch', { id: 'ruh', name: 'transport' }, officer);
    expect((await get('/open-data/organization/transport')).status).toBe(200);
    // Whoever bears a name now has its address.
    await rename('zvit-novyi', 'zvit-0');
    expect((await get('/open-data/dataset/zvit-0')).status).toBe(200);
    await portal.call('package_patch', { id: 'secret', name: 'secret-2' }, officer);
    expect((await get('/open-data/dataset/secret')).status).toBe(404);
    await portal.call('package_patch', { id: 'secret', name: 'secret' }, officer);
  });

  it('that is private is not there for a stranger, nor one that never was', async () => {
    expect((await get('/open-data/dataset/secret')).status).toBe(404);
    expect((await get('/open-data/dataset/nothing')).status).toBe(404);
    expect((await get(`/open-data/dataset/secret/resource/${table}`)).status).toBe(404);
    expect(
      (await get('/open-data/dataset/schools/resource/00000000-0000-4000-8000-000000000000')).status,
    ).toBe(404);
  });
});

describe('a table', () => {
  const at = (query = '') => get(`/open-data/dataset/schools/resource/${table}${query}`);

  it('is shown by pages with the exact total, values as people read them', async () => {
    const { html } = await at();
    expect(html).toContain('1–50 з 121');
    expect(html).toContain('Школа № 50');
    expect(html).toContain('так');
    expect((await at('?page=3')).html).toContain('&lt;script>alert(1)');
    expect((await at('?page=3')).html).not.toContain('<script>alert(1)');
  });

  it('is sorted and narrowed by what stands in the address, and downloads just that', async () => {
    const { html } = await at(
      `?c1=${encodeURIComponent('місць')}&o1=gte&v1=90&c2=${encodeURIComponent('діє')}&v2=true&sort=-${encodeURIComponent('місць')}`,
    );
    const expected = Array.from({ length: 120 }, (_, n) => n).filter(
      (n) => (n * 7) % 100 >= 90 && n % 2 === 0,
    ).length;
    expect(html).toContain(`1–${expected} з ${expected}`);
    const [, href] = /href="([^"]*datastore\/dump\/[^"]*format=csv[^"]*)"/.exec(html)!;
    const file = await (await fetch(href!.replaceAll('&amp;', '&'))).text();
    expect(file.trim().split('\n').length).toBe(expected + 1);
    expect(Number(file.split('\n')[1]!.split(',')[2])).toBeGreaterThanOrEqual(98);
  });

  it('says what is wrong with a condition and keeps it', async () => {
    const { status, html } = await at(
      `?c1=${encodeURIComponent('місць')}&o1=gt&v1=${encodeURIComponent('багато')}`,
    );
    expect(status).toBe(200);
    expect(html).toContain('Invalid value for field: місць');
    expect(html).toContain('value="багато"');
    expect((await at(`?c1=${encodeURIComponent('місць')}&o1=gt&v1=1000`)).html).toContain(
      'Жоден рядок не відповідає умовам',
    );
    expect((await at('?sort=%22%3Bdrop')).status).toBe(200);
  });

  it('has snippets for curl and JavaScript that run as they are copied, with the filter', async () => {
    const { html } = await at(`?c1=${encodeURIComponent('назва')}&v1=${encodeURIComponent('Школа № 7')}`);
    const snippet = (name: string) =>
      new RegExp(`<summary>${name}</summary><pre><code>([\\s\\S]*?)</code>`)
        .exec(html)![1]!
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&');
    const [curl, node] = await Promise.all([
      run('sh', ['-c', snippet('curl')]),
      run(process.execPath, ['--input-type=module', '-e', snippet('JavaScript')]),
    ]);
    expect(JSON.parse(curl).result).toMatchObject({ total: 1, records: [{ назва: 'Школа № 7', місць: 42 }] });
    expect(node).toContain('Школа № 7');
    expect(node).not.toContain('Школа № 70');
  });

  it('is one more question in SQL, the same rows', async () => {
    const { html } = await at(
      `?q=${encodeURIComponent('школи')}&c1=${encodeURIComponent('місць')}&o1=gte&v1=90&sort=-${encodeURIComponent('місць')}`,
    );
    const [, total] = /1–\d+ з (\d+)/.exec(html)!;
    const [, href] = /href="(\/open-data\/query\?sql=[^"]+)"/.exec(html)!;
    const asked = await get(href!.replaceAll('&amp;', '&'));
    expect(asked.html).toContain(`${total} рядк`);
    expect(asked.html).not.toContain('Запит не виконано');
  });

  it('gives all chosen rows as CSV that Excel opens, formulas made harmless', async () => {
    const answer = await portal.fetch(
      `/open-data/dataset/schools/resource/${table}/excel.csv?c1=${encodeURIComponent('місць')}&o1=gte&v1=98`,
    );
    const text = Buffer.from(await answer.arrayBuffer()).toString();
    expect(text.startsWith('\uFEFFназва;місць;день;діє\r\n')).toBe(true);
    expect(text.trim().split('\r\n').length).toBe(
      1 + Array.from({ length: 120 }, (_, n) => (n * 7) % 100).filter((places) => places >= 98).length,
    );
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect((await get(`/open-data/dataset/secret/resource/${table}/excel.csv`)).status).toBe(404);
  });

  it('gives the chosen rows as a workbook and as Parquet as well', async () => {
    const { html } = await at(
      `?c1=${encodeURIComponent('місць')}&o1=gte&v1=98&sort=-${encodeURIComponent('місць')}`,
    );
    for (const [title, start] of [
      ['XLSX', 'PK'],
      ['Parquet', 'PAR1'],
    ]) {
      const [, href] = new RegExp(`href="([^"]*)">${title}<`).exec(html)!;
      const answer = await fetch(href!.replaceAll('&amp;', '&'));
      expect([title, answer.status]).toEqual([title, 200]);
      expect((await answer.text()).startsWith(start!)).toBe(true);
    }
    expect(html).not.toContain('>GeoJSON<');
  });

  it('has its structure, and its dataset the passport, as CSV, a workbook and JSON', async () => {
    const { html } = await at();
    const dataset = (await get('/open-data/dataset/schools')).html;
    for (const [page, part] of [
      [html, 'structure'],
      [dataset, 'passport'],
    ] as const)
      for (const form of ['csv', 'xlsx', 'json']) {
        const [, href] = new RegExp(`href="([^"]*/${part}\\.${form})"`).exec(page)!;
        const answer = await portal.fetch(href!);
        expect([href, answer.status]).toEqual([href, 200]);
        const text = await answer.text();
        if (form === 'json')
          expect(JSON.parse(text)).toMatchObject(
            part === 'passport'
              ? { title: 'Школи міста', maintainer: 'Ірина Демченко', update_frequency: 'Щомісяця' }
              : { 0: { id: 'назва', type: 'текст' }, 1: { id: 'місць', type: 'ціле число' } },
          );
        if (form === 'csv')
          expect(text).toContain(
            part === 'passport' ? 'Відповідальна особа,Ірина Демченко' : 'місць,,ціле число,',
          );
      }
    expect((await get('/open-data/dataset/secret/passport.csv')).status).toBe(404);
  });

  it('is drawn as a chart: group, measure and figure stand in the address, the table is beside it', async () => {
    const chart = (query: string) => at(`?view=chart&${query}`);
    const { html } = await chart(
      `x=${encodeURIComponent('діє')}&y=${encodeURIComponent('місць')}&measure=sum`,
    );
    const sum = (odd: number) =>
      Array.from({ length: 120 }, (_, n) => (n % 2 === odd ? (n * 7) % 100 : 0)).reduce((a, b) => a + b, 0);
    for (const figure of [sum(0), sum(1)]) expect(html.replaceAll('\u00a0', '')).toContain(`>${figure}<`);
    expect(html).toContain('Сума «місць» за стовпцем «діє»');
    expect(html).toContain('<svg class="bar');
    // A time gets a line by months; the conditions hold for the chart too.
    const narrowed = await chart(`x=${encodeURIComponent('день')}&c1=${encodeURIComponent('діє')}&v1=true`);
    expect(narrowed.html).toContain('2026-09');
    expect(narrowed.html).toContain('>60<');
    // Groups that are not drawn are told, with the way to all of them.
    const many = await chart(`x=${encodeURIComponent('назва')}`);
    expect(many.html).toContain('Показано 30 груп з 121');
    const [, href] = /href="(\/open-data\/query\?sql=[^"]+)"[^>]*>Усі групи/.exec(many.html)!;
    expect((await get(href!.replaceAll('&amp;', '&'))).html).toContain('121 рядок');
  });

  it('says how to cite it, and gives the code of a frame with what is shown now', async () => {
    const { html } = await at(`?c1=${encodeURIComponent('діє')}&v1=true&view=chart`);
    expect(html).toContain('Як послатися');
    const [, src] = /&lt;iframe src="([^"]+)"/.exec(html.replaceAll('&quot;', '"'))!;
    const url = src!.replaceAll('&amp;', '&').replaceAll('&amp;', '&');
    const frame = await fetch(url);
    expect(frame.status).toBe(200);
    expect(await frame.text()).toContain('за стовпцем');
  });

  it('that is none tells so and can be downloaded', async () => {
    const { resources } = (await portal.call('package_show', { id: 'schools' })).result;
    const { html } = await get(`/open-data/dataset/schools/resource/${resources[0].id}`);
    expect(html).toContain('не є таблицею');
    expect(html).toContain('https://example.org/plan.pdf');
  });
});

describe('the query page', () => {
  const at = (sql: string) => get(`/open-data/query?sql=${encodeURIComponent(sql)}`);

  it('runs SQL over public tables without an account and shows the rows', async () => {
    const { html } = await at(
      'select "діє", count(*) as n from shkoly where "діє" is not null group by 1 order by 1',
    );
    expect(html).toContain('2 рядки');
    expect(html).toContain('60');
    expect((await at('select g from generate_series(1, 500) g')).html).toContain(
      'Перші 200 з 500 рядків відповіді.',
    );
  });

  it('says why a query was refused, and keeps it', async () => {
    const { status, html } = await at('select * fro shkoly');
    expect(status).toBe(200);
    expect(html).toContain('syntax error at or near &quot;fro&quot;');
    expect(html).toContain('select * fro shkoly');
    expect((await at('select * from pg_class')).html).toContain('Not authorized to access system tables');
    expect((await at('select * from nowhere')).html).toContain('Resource &quot;nowhere&quot; was not found.');
    expect((await at('')).html).toContain('Напишіть запит');
  });

  it('lists the tables that can be asked', async () => {
    const { html } = await at('');
    expect(html).toContain('&quot;shkoly&quot;');
    expect(html).toContain('&quot;місць&quot;');
    expect(html).not.toContain('Таємні');
    expect((await get(`/open-data/query?tables=${encodeURIComponent('нічого такого')}`)).html).toContain(
      'Таблиці з такою назвою немає',
    );
  });

  it('tells what a query takes before it runs, and refuses one that is too dear, saying how to narrow it', async () => {
    const cost = await get(`/open-data/query?act=cost&sql=${encodeURIComponent('select * from shkoly')}`);
    expect(cost.html).toContain('Оцінка до виконання: легкий запит');
    expect(cost.html).not.toContain('id="answer"');
    const dear = await at('select count(*) from shkoly a, shkoly b, shkoly c, shkoly d, shkoly e, shkoly f');
    expect(dear.html).toContain('Додайте умову (where)');
    expect(dear.html).toContain('завеликий запит');
  });

  it('gives the answer as a chart and as files', async () => {
    const sql = encodeURIComponent(
      'select "діє", sum("місць") as "разом" from shkoly where "діє" is not null group by 1 order by 1',
    );
    const { html } = await get(`/open-data/query?sql=${sql}&view=chart`);
    expect(html).toContain('<svg class="bar');
    const csv = await portal.fetch(`/open-data/query/rows.csv?sql=${sql}`);
    expect((await csv.text()).split('\r\n')[0]).toBe('діє,разом');
    expect((await portal.fetch(`/open-data/query/rows-excel.csv?sql=${sql}`)).status).toBe(200);
  });

  it('gives the answer as a workbook and as Parquet too', async () => {
    const text = 'select "назва", "місць" from shkoly order by _id limit 2';
    const { html } = await at(text);
    for (const [form, start] of [
      ['parquet', 'PAR1'],
      ['xlsx', 'PK'],
    ]) {
      const [, href] = new RegExp(`href="([^"]*rows\\.${form}[^"]*)"`).exec(html)!;
      const answer = await portal.fetch(href!.replaceAll('&amp;', '&'));
      expect(answer.headers.get('content-disposition')).toContain(`query.${form}`);
      expect((await answer.text()).startsWith(start!)).toBe(true);
      expect(
        (
          await portal.fetch(
            `/open-data/query/rows.${form}?sql=${encodeURIComponent('select 1 from pg_class')}`,
          )
        ).status,
      ).toBe(403);
    }
  });

  it('writes SQL from a form, over one table or two that share a column', async () => {
    const other = (
      await portal.call(
        'datastore_create',
        {
          resource: { package_id: 'schools', name: 'Директори' },
          records: [{ назва: 'Школа № 7', учнів: 300 }],
        },
        officer,
      )
    ).result.resource_id;
    const form = await get(`/open-data/query?from=${table}&join=${other}`);
    expect(form.html).toContain('учнів');
    const parameters = new URLSearchParams({
      from: table,
      join: other,
      on_left: 'назва',
      on_right: 'назва',
      c1: 'учнів',
      o1: 'gt',
      v1: '100',
      limit: '5',
    });
    const built = await get(`/open-data/query/build?${parameters}`);
    expect(built.status).toBe(303);
    const answer = await get(built.location!);
    expect(answer.html).toContain('1 рядок');
    expect(answer.html).toContain('300');
    parameters.delete('on_left');
    expect((await get(`/open-data/query/build?${parameters}`)).location).toContain('fault=');
    const grouped = new URLSearchParams({ from: table, group: 'діє', measure: 'avg', of: 'місць' });
    expect((await get((await get(`/open-data/query/build?${grouped}`)).location!)).html).toContain('3 рядки');
  });
});

describe('a table with places', () => {
  let places = '';
  beforeAll(async () => {
    const records = [
      ...Array.from({ length: 40 }, (_, n) => ({
        назва: `Зупинка ${n}`,
        lat: 48.46 + n * 0.0001,
        lon: 35.04,
        вид: n % 2 ? 'трамвай' : 'автобус',
      })),
      { назва: 'Далека зупинка', lat: 48.5, lon: 35.1, вид: 'трамвай' },
      { назва: 'Без місця', lat: null, lon: null, вид: 'трамвай' },
    ];
    places = (
      await portal.call(
        'datastore_create',
        { resource: { package_id: 'schools', name: 'Зупинки' }, records },
        officer,
      )
    ).result.resource_id;
  });
  const map = (query = '') => get(`/open-data/dataset/schools/resource/${places}?view=map${query}`);

  it('lies on a map: rows gathered where they are dense, each place in the list, those without one counted', async () => {
    const { html } = await map();
    expect(html).toContain('На цій ділянці 41 з 41 рядків');
    expect(html).toContain('Без координат: 1.');
    expect(html).toContain('Далека зупинка');
    expect(html).toContain('Наблизити');
    // Closer, by the address of a cluster.
    const [, closer] = /href="([^"]*view=map[^"]*z=[^"]*)"/.exec(html)!;
    expect((await get(closer!.replaceAll('&amp;', '&'))).html).toMatch(/На цій ділянці \d+ з 41/);
    expect((await map('&z=18&x=1&y=1')).html).toContain('На цій ділянці немає рядків');
  });

  it('holds the conditions, and leads to the rows of the part that is shown', async () => {
    const { html } = await map(`&c1=${encodeURIComponent('вид')}&v1=${encodeURIComponent('трамвай')}`);
    expect(html).toContain('На цій ділянці 21 з 21 рядків');
    const [, rows] = /href="([^"]*)"[^>]*>Рядки цієї ділянки/.exec(html)!;
    expect((await get(rows!.replaceAll('&amp;', '&'))).html).toContain('1–21 з 21');
  });

  it('is offered on a map only where it has places', async () => {
    expect((await map()).html).toContain('>Мапа<');
    expect((await get(`/open-data/dataset/schools/resource/${table}`)).html).not.toContain('>Мапа<');
  });

  it('is shown in a frame of another site, without a cookie, with source and licence', async () => {
    for (const view of ['grid', 'chart', 'map']) {
      const answer = await portal.fetch(`/open-data/embed/${places}?view=${view}`, {
        headers: { cookie: 'misto=anything' },
      });
      const html = await answer.text();
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-security-policy')).toContain('frame-ancestors *');
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(html).toContain('Джерело: Департамент освіти, «Школи міста»');
      expect(html).toContain('Creative Commons');
      expect(html).not.toContain('<script');
    }
    await portal.call('config_option_update', { 'misto.embed_ancestors': 'https://news.example' }, officer);
    const answer = await portal.fetch(`/open-data/embed/${places}`);
    expect(answer.headers.get('content-security-policy')).toContain('frame-ancestors https://news.example;');
    expect((await portal.fetch('/open-data/embed/nothing')).status).toBe(404);
    expect((await portal.fetch(`/en/open-data/embed/${places}`)).status).toBe(200);
  });
});

describe('publishers and themes', () => {
  it('are listed with counts and lead to their datasets', async () => {
    expect((await get('/open-data/organization')).html).toMatch(/Департамент транспорту[\s\S]*?22 набори/);
    expect((await get('/open-data/organization/osvita')).html).toContain('Школи міста');
    expect((await get('/open-data/group/educ')).html).toContain('Школи міста');
    expect((await get('/open-data/group')).html).toContain('Освіта, культура та спорт');
    expect((await get('/open-data/organization/nobody')).status).toBe(404);
    const { html } = await get('/open-data/organization/osvita');
    const [, feed] = /<link rel="alternate" type="application\/atom\+xml" href="([^"]*)"/.exec(html)!;
    expect(await (await fetch(feed!)).text()).toContain('Школи міста');
  });
});
