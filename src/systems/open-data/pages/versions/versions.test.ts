// Keeps: pages of versions show who, when, what and what has changed, at addresses that stay, without scripts (open-data.md 7).
import { beforeAll, describe, expect, it } from 'vitest';
import { officer, testPortal } from '../../api/ckan/testing.ts';
import { publisherOf } from '../../api/native/testing.ts';
import { profileOf } from '../../columnar/profile.ts';
import { findVersion } from '../../versions.ts';

const portal = await testPortal();
const { clock, send } = publisherOf(portal);
let at = '';
const get = async (path: string) => {
  const answer = await portal.fetch(path, { headers: { accept: 'text/html' }, redirect: 'manual' });
  return { status: answer.status, html: await answer.text() };
};

beforeAll(async () => {
  await portal.call('organization_create', { name: 'parks', title: 'Парки міста' }, officer);
  await portal.call(
    'package_create',
    { name: 'green', title: 'Зелені зони', owner_org: 'parks', license_id: 'CC-BY-4.0' },
    officer,
  );
  const id = await send('green', 'код;назва;сума\nа1;<b>Парк</b>;1 234,50\nа2;Сад;н/д\n');
  at = `/open-data/dataset/green/resource/${id}`;
  clock.advance(86_400_000);
  await send('green', 'код;назва;сума\nа1;<b>Парк</b>;1 300,00\nа3;Ліс;7,25\n', id);
  await profileOf(portal.platform, await findVersion(portal.platform.db, id, 2));
});

describe('pages of versions', () => {
  it('list who made which when, with a way to each, and a form that compares two', async () => {
    const { status, html } = await get(`${at}/versions`);
    expect(status).toBe(200);
    for (const text of [
      'Версії',
      '24.11.2026',
      '25.11.2026',
      `${at}@v1`,
      `${at}/diff?to=2`,
      'name="from"',
      'чинна',
    ])
      expect(html).toContain(text);
    expect((await get(`/en${at}/versions`)).html).toContain('Every update of the data stays here');
  });

  it('show a version as it was, to cite and to download, with its hashes and what was repaired', async () => {
    const { status, html } = await get(`${at}@v1`);
    expect(status).toBe(200);
    for (const text of [
      'версія 1',
      'Є новіша',
      'Як послатися',
      `${at}@v1</a>`,
      'export.csv?version=1&amp;for=excel',
      'versions/1/original',
      '&lt;b>Парк',
      'н/д',
      'число без пробілів',
    ])
      expect(html).toContain(text);
    expect(html).not.toContain('<b>Парк');
    expect((await get(`${at}@v2`)).html).not.toContain('Є новіша');
    expect((await get(`${at}@v7`)).status).toBe(404);
    expect((await get(`${at}@v2?page=9`)).status).toBe(200);
  });

  it('show a difference: counts, then each row with its cells before and after', async () => {
    const { html } = await get(`${at}/diff?from=1&to=2`);
    expect(html).toContain('<del>1234,5</del> → <ins>1300</ins>');
    for (const text of ['Рядки порівняно за ключем: код', 'Додано', 'Вилучено', 'Ліс', 'Сад', 'format=csv'])
      expect(html).toContain(text);
    // The row that came is named by its key, not by its place.
    expect(html).toMatch(/data-label="Рядок">(<\w+>)*а3</);
    expect((await get(`${at}/diff?from=2&to=2`)).html).toContain('Дані однакові');
    expect((await get(`${at}/diff?from=1&to=9`)).status).toBe(404);
    const only = await send('green', 'n\n1\n');
    expect((await get(`/open-data/dataset/green/resource/${only}/diff`)).html).toContain(
      'Порівнювати ще ні з чим',
    );
  });

  it('tell on the page of the resource what its columns hold, and its newest versions', async () => {
    const { html } = await get(at);
    for (const text of ['Що у стовпцях', '653,625', 'Усі версії', `${at}@v2`, 'Що виправлено'])
      expect(html).toContain(text);
  });
});
