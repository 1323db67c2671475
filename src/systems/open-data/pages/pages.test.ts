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

  it('has one address: an id leads there', async () => {
    const { id } = (await portal.call('package_show', { id: 'schools' })).result;
    const answer = await get(`/open-data/dataset/${id}`);
    expect([answer.status, answer.location]).toEqual([301, '/open-data/dataset/schools']);
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

  it('has snippets that run as they are copied, with the filter', async () => {
    const { html } = await at(`?c1=${encodeURIComponent('назва')}&v1=${encodeURIComponent('Школа № 7')}`);
    const text = html
      .slice(html.indexOf('<summary>curl</summary>'), html.indexOf('<summary>Python</summary>'))
      .replaceAll('&amp;', '&')
      .replaceAll('&quot;', '"');
    const body = /-d '([\s\S]*?)'</.exec(text)![1]!;
    const answer = await portal.fetch('/open-data/api/3/action/datastore_search', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(((await answer.json()) as { result: { total: number } }).result.total).toBe(1);
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
    expect((await at('')).html).toContain('&quot;shkoly&quot;');
  });
});

describe('publishers and themes', () => {
  it('are listed with counts and lead to their datasets', async () => {
    expect((await get('/open-data/organization')).html).toMatch(/Департамент транспорту[\s\S]*?22 набори/);
    expect((await get('/open-data/organization/osvita')).html).toContain('Школи міста');
    expect((await get('/open-data/group/educ')).html).toContain('Школи міста');
    expect((await get('/open-data/group')).html).toContain('Освіта, культура та спорт');
    expect((await get('/open-data/organization/nobody')).status).toBe(404);
  });
});
