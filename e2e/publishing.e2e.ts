// Keeps: a newcomer publishes messy files through the pages, sees what was repaired, and asks them by API and SQL; scripts off (issue 3,
// "Done means"). Files of any size come by a form, in pieces where there are scripts (open-data.md 4.1).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { packWorkbook } from '../src/systems/open-data/checks/workbook-writer.ts';
import { encode } from '../src/systems/open-data/loading/testing.ts';
import { expectAccessible, sharedBrowser, signIn, visitor } from './browser.ts';

const origin = inject('origin');
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

interface Sent {
  readonly title: string;
  /** Its bytes, or its path on the disk. */
  readonly file: string | { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };
  /** Words of the report that say what was repaired. */
  readonly repaired: readonly string[];
  readonly rows: number;
  /** A value of a cell as it is served. */
  readonly holds: unknown;
}

const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
const sent: readonly Sent[] = [
  {
    title: 'Мережа клубів (журнал)',
    file: file(
      'kluby.csv',
      encode(
        'Мережа клубів;;\r\nКлуб;;Відкрито\r\nназва;місць;дата\r\nКлуб  «Юність»; 1 250 ;01.09.2001\r\nКлуб «Дніпро»;н/д;15.10.2010\r\nВсього;1250;\r\n',
        'windows-1251',
      ),
    ),
    repaired: ['windows-1251', 'число без пробілів', 'слово замість порожньої клітинки'],
    rows: 2,
    holds: 1250,
  },
  {
    title: 'Ремонт дворів (книга)',
    file: file(
      'dvory.xlsx',
      packWorkbook([
        {
          name: 'Двори',
          rows: [
            ['Ремонт дворів', '', ''],
            ['район', 'двір', 'площа'],
            ['Соборний', 'Двір 1', 120.5],
            ['', 'Двір 2', 80],
            ['Самарський', 'Двір 3', 64],
          ],
          merged: ['A1:C1', 'A3:A4'],
        },
      ]),
    ),
    repaired: ['Обʼєднані клітинки заповнено'],
    rows: 3,
    holds: 'Соборний',
  },
  {
    title: 'Фонтани (карта)',
    file: file(
      'fontany.geojson',
      Buffer.from(
        JSON.stringify({
          type: 'FeatureCollection',
          features: [
            {
              type: 'Feature',
              properties: { назва: 'Фонтан 1', діаметр: 12 },
              geometry: { type: 'Point', coordinates: [35.04, 48.46] },
            },
            {
              type: 'Feature',
              properties: { назва: 'Фонтан 2', діаметр: 8 },
              geometry: { type: 'Point', coordinates: [35.06, 48.45] },
            },
          ],
        }),
      ),
    ),
    repaired: ['GEOJSON'],
    rows: 2,
    holds: 'Фонтан 2',
  },
];

it('a newcomer publishes three messy files, sees what was repaired, and asks them by the API and by SQL', async () => {
  const context = await visitor(browser, origin, { scripts: false, width: 'phone' });
  const page = await context.newPage();
  await signIn(page, 'publisher');
  const reports: string[] = [];
  for (const one of sent) reports.push(await publish(page, one));
  const ids: string[] = [];
  for (const [n, one] of sent.entries()) {
    await page.goto(reports[n]!);
    ids.push(await queryByApi(await seeReport(page, one), one));
  }
  await expectAccessible(browser, page);
  await page.goto('/open-data/query');
  const counts = ids.map((id) => `select count(*) as n from "${id}"`).join(' union all ');
  await page.fill('[name=sql]', `select sum(n) as "разом" from (${counts}) as every_table`);
  await page.getByRole('button', { name: 'Виконати' }).click();
  const all = sent.reduce((sum, { rows }) => sum + rows, 0);
  expect((await page.locator('main table tbody').first().textContent())!.trim()).toBe(String(all));
  await context.close();
}, 150_000);

/** A table of so many megabytes in few rows, so that it is loaded in a moment. */
const large = (megabytes: number): Buffer =>
  Buffer.from(
    `n,текст\n${Array.from({ length: megabytes }, (_, n) => `${n},${'ш'.repeat(512 * 1024)}\n`).join('')}`,
  );

it('a large file comes in pieces past a broken connection with scripts, and as one form without', async () => {
  const with9 = { title: 'Великий файл частинами', file: file('velykyi.csv', large(9)), rows: 9 };
  const scripted = await visitor(browser, origin, { scripts: true, width: 'desk' });
  const page = await scripted.newPage();
  await signIn(page, 'publisher');
  let pieces = 0;
  await page.route('**/open-data/desk/upload/*', (route) => {
    pieces += 1;
    return pieces === 2 ? route.abort('connectionreset') : route.continue();
  });
  const report = await publish(page, { ...with9, repaired: [], holds: null });
  // Two pieces, and the second once more.
  expect(pieces).toBe(3);
  await page.goto(report);
  await seeReport(page, { ...with9, repaired: [], holds: null });
  await scripted.close();

  const directory = mkdtempSync(join(tmpdir(), 'misto-large-'));
  const path = join(directory, 'velykyi.csv');
  writeFileSync(path, large(52));
  const plain = await visitor(browser, origin, { scripts: false, width: 'phone' });
  const form = await plain.newPage();
  await signIn(form, 'publisher');
  const sent52 = { title: 'Великий файл однією формою', file: path, rows: 52, repaired: [], holds: null };
  await form.goto(await publish(form, sent52));
  await seeReport(form, sent52);
  await plain.close();
  rmSync(directory, { recursive: true });
}, 150_000);

/** Fills the form in, as it stands. @returns the path of the report */
async function publish(page: Page, { title, file }: Sent): Promise<string> {
  await page.goto('/open-data/desk/new');
  await page.fill('[name=title]', `${title} ${Date.now()}`);
  await page.fill('[name=notes]', 'Дані для перевірки шляху публікації.');
  await page.selectOption('[name=frequency]', 'once a year');
  await page.fill('[name=purpose]', 'Облік');
  await page.fill('[name=keywords]', 'перевірка');
  await page.fill('[name=maintainer]', 'Ірина Тополенчук');
  await page.fill('[name=email]', 'data@misto.example');
  await page.setInputFiles('[name=file]', file);
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(/\/desk\/load\//, { timeout: 60_000 });
  const path = new URL(page.url()).pathname;
  expect(path).toMatch(/^\/open-data\/desk\/load\//);
  return path;
}

/** @returns the name of the dataset */
async function seeReport(page: Page, { repaired }: Sent): Promise<string> {
  const main = page.locator('main');
  await expect
    .poll(
      async () => {
        await page.reload();
        return main.textContent();
      },
      { timeout: 100_000, interval: 500 },
    )
    .toContain('Дані оприлюднено');
  for (const words of repaired) expect(await main.textContent()).toContain(words);
  const desk = await page.locator('a[href*="/open-data/desk/dataset/"]').first().getAttribute('href');
  return desk!.split('/').at(-1)!;
}

/** @returns the id of the resource */
async function queryByApi(name: string, { rows, holds }: Sent): Promise<string> {
  const ask = async (action: string, query: Record<string, string>) => {
    const answer = await fetch(`${origin}/api/3/action/${action}?${new URLSearchParams(query)}`);
    return ((await answer.json()) as { result: Record<string, unknown> }).result;
  };
  const { resources } = (await ask('package_show', { id: name })) as { resources: { id: string }[] };
  const { id } = resources[0]!;
  const found = (await ask('datastore_search', { resource_id: id })) as {
    total: number;
    records: Record<string, unknown>[];
  };
  expect(found.total).toBe(rows);
  expect(found.records.flatMap((record) => Object.values(record))).toContain(holds);
  return id;
}
