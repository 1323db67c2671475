import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  expectAccessible,
  expectNoSideways,
  sharedBrowser,
  signIn,
  visitor,
  type widths,
} from './browser.ts';
import { makeMove, reportProblem } from './steps.ts';

const origin = inject('origin');
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

describe.each([
  ['scripts off, on a phone', false, 'phone', true],
  ['scripts off, on a desk', false, 'desk', false],
  ['scripts on, on a phone', true, 'phone', false],
  ['scripts on, on a desk', true, 'desk', true],
] as const)('the life of a communal problem, %s', (_, scripts, width, lookedAt) => {
  it('goes from the resident over operator, dispatcher, crew and controller, back by a veto, to a confirmation', async () => {
    // Each page is looked at with scripts and without, on both screens; twice, not four times.
    const check = (page: Page) => (lookedAt ? expectReadableNow(page) : undefined);
    const people = await crowd({ scripts, width });
    const { resident, operator, dispatcher, crew, controller } = people;
    const { number, follow } = await reportProblem(resident, {
      address: 'Батумська 12',
      category: 'heat-weak',
      text: 'Батареї ледь теплі, вдома 14 градусів',
      flat: '7',
    });
    const stateFor = async (page: Page) => {
      await page.goto(`/contact-centre/requests/${number}`);
      return (await page.locator('.badge').first().textContent())!.trim();
    };

    await makeMove(operator, number, 'assign', {
      organisation: 'teplo',
      reason: 'За договором теплопостачання',
    });
    await check(operator);

    await makeMove(dispatcher, number, 'accept');
    await check(dispatcher);
    expect(await stateFor(resident)).toBe('Прийнято виконавцем');
    await makeMove(dispatcher, number, 'dispatch', { crew: 'any' });

    await makeMove(crew, number, 'arrive');
    await makeMove(crew, number, 'claim', { result: 'fixed', answer: 'Видалено повітря зі стояка' });
    await check(crew);
    expect(await stateFor(resident)).toBe('Виконавець повідомив про виконання');

    await makeMove(controller, number, 'reject', { comment: 'Немає фото після робіт' });
    await check(controller);
    await makeMove(dispatcher, number, 'dispatch', { crew: 'any' });
    await makeMove(crew, number, 'claim', { result: 'fixed', answer: 'Промито стояк, фото додано' });

    await resident.goto(follow);
    await check(resident);
    await resident.locator('[name=veto-comment]').fill('Так само холодно');
    await resident.getByRole('button', { name: /Ні/ }).click();
    expect(await stateFor(resident)).toBe('На доопрацюванні');

    await makeMove(dispatcher, number, 'dispatch', { crew: 'any' });
    await makeMove(crew, number, 'claim', { result: 'fixed', answer: 'Замінено засувку, тиск у нормі' });
    await resident.goto(follow);
    await resident.locator('input[name=grade][value="5"]').check();
    await resident.getByRole('button', { name: /Так/ }).click();
    expect(await stateFor(resident)).toBe('Підтверджено заявником');

    await resident.goto(`/contact-centre/requests/${number}`);
    const story = await resident.locator('main').textContent();
    for (const words of ['Видалено повітря зі стояка', 'Промито стояк', 'Замінено засувку'])
      expect(story).toContain(words);
    expect(story).not.toContain('067');
    await people.leave();
  });
});

describe.each([
  ['scripts off, on a phone', false, 'phone'],
  ['scripts on, on a desk', true, 'desk'],
] as const)('the people of the contact centre, %s', (_, scripts, width) => {
  it('shows each post its own desk, without a fault for those who listen or enlarge', async () => {
    for (const persona of ['operator', 'dispatcher', 'crew', 'controller', 'supervisor', 'moderator']) {
      const context = await visitor(browser, origin, { scripts, width, dark: width === 'desk' });
      const page = await context.newPage();
      const home = await signIn(page, persona);
      expect(home).toBe(`/contact-centre/desk/${persona}`);
      await page.goto(home);
      expect(await page.locator('h1').count(), persona).toBe(1);
      await expectReadableNow(page);
      await page.goto('/desk');
      await expectReadableNow(page);
      await context.close();
    }
  });
});

async function expectReadableNow(page: Page): Promise<void> {
  await expectAccessible(browser, page);
  await expectNoSideways(page);
}

/** Everybody with a browser of their own. */
async function crowd(options: { scripts: boolean; width: keyof typeof widths }) {
  const contexts: BrowserContext[] = [];
  const enter = async (persona?: string): Promise<Page> => {
    const context = await visitor(browser, origin, options);
    contexts.push(context);
    const page = await context.newPage();
    if (persona) await signIn(page, persona);
    return page;
  };
  return {
    resident: await enter(),
    operator: await enter('operator'),
    dispatcher: await enter('dispatcher'),
    crew: await enter('crew'),
    controller: await enter('controller'),
    leave: () => Promise.all(contexts.map((context) => context.close())),
  };
}
