import { gzipSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import type { System } from '#platform/system.ts';
import { systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../city/dnipro/index.ts';
import { loadCityData } from '../city.ts';
import { pages } from './index.ts';

const room: System = {
  name: 'contact-centre',
  title: { uk: 'Контакт-центр', en: 'Contact centre' },
  summary: { uk: '', en: '' },
  pages,
};
const platform = await testPlatform({ systems: [room] });
const app = createApp(platform);
const get = async (path: string) => {
  const answer = await app.request(path, { headers: { accept: 'text/html' } });
  return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
};

/** Rows as the domain would leave them: three published requests and one that nobody may see. */
beforeAll(async () => {
  await platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData));
  for (let n = 0; n < 60; n++)
    await platform.db.execute(sql`insert into cc_request (number, source, intake_key, payload_hash, regime, category,
      category_version, branch, class, text, public_text, public_address, public_lat, public_lon, public_place, publication, duplicate_group, state, history_head,
      created_at, updated_at, fix_due)
      values (${`2600000000${n}`.slice(-11).padStart(11, '2')}, 'web', ${`k${n}`}, 'h', 'service', 'heat-none', 1, 'heating', 'emergency',
        'Прихований Степан, кв. 7', ${n === 59 ? null : `Батареї холодні ${n}`}, 'вулиця Робоча, 15', ${48.46 + n / 10_000}, 35.02, point(${n}, ${n}),
        ${n === 28 ? 'hidden' : 'published'}, 'heat', 'assigned', 'x',
        ${new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString()}, '2026-11-02T00:00:00Z', '2026-11-03T08:00:00Z')`);
});

const number = (n: number) => `2600000000${n}`.slice(-11).padStart(11, '2');

describe('the public pages of the contact centre', () => {
  it('greet in both languages with figures and the latest requests', async () => {
    const uk = await get('/contact-centre');
    expect(uk.status).toBe(200);
    expect(uk.html).toContain('Перевірити заявку');
    expect((await get('/en/contact-centre')).html).toContain('Check a request');
  });

  it('list published requests by pages and never show the original text', async () => {
    const first = await get('/contact-centre/requests');
    expect(first.html).toContain('1–50 з 59');
    expect(first.html).not.toContain('Степан');
    expect((await get('/contact-centre/requests?page=2')).html).toContain('51–59 з 59');
    expect((await get('/contact-centre/requests?q=%25')).html).toContain('Нічого не знайдено');
    expect((await get('/en/contact-centre/requests?state=closed:confirmed')).html).toContain('Nothing found');
  });

  it('show one request with its number and that it is overdue; a hidden one looks like none', async () => {
    const one = await get(`/contact-centre/requests/${number(3)}`);
    expect(one.status).toBe(200);
    expect(one.html).toContain('Батареї холодні 3');
    expect(one.html).toContain('Строк минув');
    expect((await get(`/contact-centre/requests/${number(28)}`)).status).toBe(404);
    expect((await get('/contact-centre/requests/99999999999')).status).toBe(404);
  });

  it('find a request by a number typed with dashes and tell what is wrong with others, keeping them', async () => {
    const typed = `${number(3).slice(0, 2)}-${number(3).slice(2)}`;
    const found = await get(`/contact-centre/track?number=${typed}`);
    expect(found.status).toBe(303);
    expect(found.location).toBe(`/contact-centre/requests/${number(3)}`);
    const wrong = await get('/contact-centre/track?number=12-3');
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('12-3');
    expect(wrong.html).toContain('Введіть 11 цифр');
  });

  it('show the map with counts that add up, without scripts, and lead from a cluster closer', async () => {
    const whole = await get('/contact-centre/map');
    expect(whole.status).toBe(200);
    expect(whole.html).toContain('На цій ділянці 59 заявок');
    expect(whole.html).toMatch(/href="\/contact-centre\/map\?z=14&amp;x=\d+&amp;y=\d+"/);
    expect(whole.html).toContain('/contact-centre/tiles/12/');
    expect(whole.html).toContain('Немає опалення');
    const none = await get('/en/contact-centre/map?z=18&x=0&y=0');
    expect(none.html).toContain('No requests in this area');
    expect((await get('/contact-centre/map?z=99&x=-1&y=abc&state=%27')).status).toBe(200);
    const tile = await app.request('/contact-centre/tiles/12/2446/1416');
    expect(tile.headers.get('content-type')).toContain('image/svg+xml');
    expect((await app.request('/contact-centre/tiles/12/99999/1')).status).toBe(404);
  });

  it('weigh at most 30 KB with their styles, as they are sent', async () => {
    const styles = await Promise.all(
      [...(await get('/contact-centre')).html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(
        async ([, href]) => Buffer.from(await (await app.request(href!)).arrayBuffer()),
      ),
    );
    const style = gzipSync(Buffer.concat(styles)).length;
    for (const path of ['', '/requests', '/map', '/performance', '/subscribe', '/report', '/track'])
      expect(gzipSync((await get(`/contact-centre${path}`)).html).length + style).toBeLessThan(30 * 1024);
  });

  it('compare enterprises and tell how, also before anything was finished', async () => {
    expect((await get('/contact-centre/performance')).html).toContain('Як це обчислено');
    await platform.db.execute(sql`update cc_request set organisation = 'teplo', state = 'closed', closing = 'confirmed',
      closed_at = '2026-11-20T00:00:00Z', claimed_at = '2026-11-02T00:00:00Z' where number <> ${number(0)}`);
    const table = await get('/contact-centre/performance?period=30');
    expect(table.html).toContain('100');
    expect(table.html).toContain('requests?organisation=teplo');
    expect((await get('/en/contact-centre/performance?period=365')).html).toContain('Truthfulness');
  });

  it('tell by which version of the methodology figures are computed, and what was before', async () => {
    const { html } = await get('/contact-centre/performance/methodology');
    expect(html).toContain('Версія 2, діє з 24.11.2026');
    expect(html).toContain('Версія 1, діє з 01.09.2026');
    expect((await get('/en/contact-centre/performance/methodology')).html).toContain(
      'the share of claims after which',
    );
    expect((await get('/contact-centre/performance')).html).toContain(
      'href="/contact-centre/performance/methodology"',
    );
    const file = await (await app.request('/contact-centre/performance.csv?period=2026-11')).text();
    const [head, line] = file.split('\r\n').map((one) => one.split(','));
    expect(line![head!.indexOf('methodology')]).toBe('2');
  });

  it('lead from each figure of an enterprise to as many requests, and say how many are not public', async () => {
    const table = (await get('/contact-centre/performance?period=2026-11')).html;
    const links = [
      ...table.matchAll(/href="([^"]*\/performance\/(\w+)\?[^"]*organisation=teplo)">([^<]*)<\/a>/g),
    ];
    expect(links.map(([, , figure]) => figure)).toEqual(
      expect.arrayContaining(['claims', 'due', 'onTime', 'confirmed', 'unverified', 'vetoed', 'once']),
    );
    const { rows } = await platform.db.execute<{ n: number; open: number }>(sql`select count(*)::int as n,
      count(*) filter (where publication = 'published')::int as open from cc_request
      where closing = 'confirmed' and organisation = 'teplo'`);
    const { n, open } = rows[0]!;
    expect(n).toBeGreaterThan(open);
    const [, href, , text] = links.find(([, , figure]) => figure === 'confirmed')!;
    expect(text).toContain(`(${n})`);
    const list = await get(href!.replaceAll('&amp;', '&'));
    expect(list.html).toContain(`Пораховано: ${n}.`);
    expect(list.html).toContain(`Ще ${n - open} тут не показано`);
    expect(list.html).not.toContain(number(28));
    const rest = [2, 3].map((page) => get(`${href!.replaceAll('&amp;', '&')}&page=${page}`));
    const pages = [list, ...(await Promise.all(rest))].map(({ html }) => html);
    const shown = new Set([...pages.join('').matchAll(/\/requests\/(\d{11})"/g)].map(([, one]) => one));
    expect(shown.size).toBe(open);
    expect((await get('/contact-centre/performance/confirmed?organisation=nobody')).status).toBe(404);
    expect((await get('/en/contact-centre/performance/onTime')).html).toContain(
      'Done on time: all enterprises',
    );
  });

  it('give the same table as a file, which no spreadsheet takes for formulas', async () => {
    await platform.db.execute(
      sql`update cc_organisation set name = '{"uk":"=HYPERLINK(1)","en":"Heat, \\"warm\\""}' where id = 'teplo'`,
    );
    const bytes = async (path: string) => Buffer.from(await (await app.request(path)).arrayBuffer());
    const answer = await app.request('/contact-centre/performance.csv?period=2026-11');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const [head, line] = (await answer.text()).split('\r\n').map((one) => one.split(','));
    expect(head!.slice(0, 6)).toEqual(['from', 'to', 'organisation', 'name', 'place', 'rank']);
    expect(line!.slice(0, 4)).toEqual([
      '2026-10-31T22:00:00.000Z',
      '2026-11-30T22:00:00.000Z',
      'teplo',
      "'=HYPERLINK(1)",
    ]);
    expect(line![head!.indexOf('confirmed')]).toBe('59');
    const english = await bytes('/en/contact-centre/performance.csv?bom=1&period=2026-11');
    expect([...english.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(english.toString()).toContain('"Heat, ""warm"""');
    const none = await bytes('/contact-centre/performance.csv?period=2026-11&district=nowhere');
    expect(none.toString().trim().split('\r\n')).toHaveLength(1);
  });
});
