import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export interface Report {
  /** As a person types it. */
  readonly address?: string;
  /** With an address that the city does not know: the place in words. */
  readonly words?: string;
  /** Instead of an address: where on the middle tile to press, in pixels. */
  readonly pixel?: { readonly x: number; readonly y: number };
  readonly category: string;
  readonly text: string;
  readonly flat?: string;
  readonly phone?: string;
  readonly photos?: readonly { name: string; mimeType: string; buffer: Buffer }[];
}

/** What the receipt tells. */
export interface Receipt {
  /** Eleven digits. */
  readonly number: string;
  /** Path of the reporter's own link. */
  readonly follow: string;
}

const next = (page: Page) => page.getByRole('button', { name: 'Далі', exact: true });
const at = (page: Page) => new URL(page.url()).pathname;

/** A problem is reported through the pages, one question after another, as a person would. */
export async function reportProblem(page: Page, report: Report): Promise<Receipt> {
  await page.goto('/contact-centre');
  await page.getByRole('link', { name: 'Повідомити про проблему' }).first().click();
  if (report.address) {
    await page.locator('[name=address]').fill(report.address);
    await next(page).click();
  } else {
    await page.locator('input[type=image]').nth(4).click({ position: report.pixel! });
  }
  if (report.words) {
    await page.locator('[name=words]').fill(report.words);
    await next(page).click();
  } else if (at(page).endsWith('/report')) {
    await page.getByRole('radio').first().check();
    await next(page).click();
  }
  await passNearby(page);
  expect(at(page)).toBe('/contact-centre/report/category');
  const choice = page.locator(`input[name=category][value=${report.category}]`);
  const folded = choice.locator('xpath=ancestor::details[not(@open)]');
  if (await folded.count()) await folded.first().locator('summary').first().click();
  await choice.first().check();
  await next(page).click();
  await passNearby(page);
  if (at(page).endsWith('/questions')) {
    if (await page.locator('[name=flat]').count()) await page.locator('[name=flat]').fill(report.flat ?? '5');
    for (const group of await page.locator('main fieldset').all())
      if (await group.getByRole('radio').count()) await group.getByRole('radio').first().check();
    await next(page).click();
  }
  expect(at(page)).toBe('/contact-centre/report/details');
  await page.locator('[name=text]').fill(report.text);
  if (report.photos) await page.locator('[name=photos]').setInputFiles([...report.photos]);
  await next(page).click();
  expect(at(page)).toBe('/contact-centre/report/contact');
  await page.locator('input[name=how][value=phone]').check();
  await page.locator('[name=phone]').fill(report.phone ?? '067 000 00 01');
  await next(page).click();
  expect(at(page)).toBe('/contact-centre/report/check');
  expect(await page.locator('main').textContent()).toContain(report.text);
  await page.locator('main form button[type=submit]').last().click();
  expect(at(page)).toBe('/contact-centre/report/done');
  const number = (await page.locator('main').textContent())!.match(/\d{2}-\d{4}-\d{4}-\d/)![0];
  const follow = await page.locator('a[href*="/contact-centre/follow/"]').first().getAttribute('href');
  return { number: number.replaceAll('-', ''), follow: new URL(follow!, page.url()).pathname };
}

async function passNearby(page: Page): Promise<void> {
  if (at(page).endsWith('/nearby')) await page.locator('button[name=join][value=another]').click();
}

/**
 * A member of staff makes a move on the request's own page. Fields are named as on the form, without the move before them;
 * radio buttons and selects take the value, photos a file.
 */
export async function makeMove(
  page: Page,
  number: string,
  move: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<void> {
  await page.goto(`/contact-centre/desk/requests/${number}`);
  const form = page.locator(`form:has(input[name=move][value="${move}"])`).first();
  const folded = form.locator('xpath=ancestor::details[not(@open)]');
  if (await folded.count()) await folded.first().locator('summary').first().click();
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${move}-${name}"]`).first();
    const kind = await field.evaluate(
      (element) => `${element.tagName} ${element.getAttribute('type') ?? ''}`,
    );
    if (kind.startsWith('SELECT')) await field.selectOption(value === 'any' ? { index: 1 } : value);
    else if (kind.endsWith('radio')) await form.locator(`[name="${move}-${name}"][value="${value}"]`).check();
    else await field.fill(value);
  }
  await form.locator('button[type=submit]:not([formaction])').first().click();
  expect(await page.title(), `${move} of ${number}`).not.toMatch(/^Помилка/);
  expect(new URL(page.url()).searchParams.has('done'), `${move} of ${number}`).toBe(true);
}
