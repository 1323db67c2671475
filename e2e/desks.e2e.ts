import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { contactCentreData } from '../city/dnipro/index.ts';
import { expectAccessible, expectNoSideways, sharedBrowser, signIn, visitor } from './browser.ts';
import { makeMove, reportProblem } from './steps.ts';

const origin = inject('origin');
const desk = '/contact-centre/desk';
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser(inject('browser'));
});
afterAll(() => browser.close());

/** What a program of a resident sends; the number that it got. */
async function sent(fields: Readonly<Record<string, string>>, picture?: Buffer): Promise<string> {
  const body = new FormData();
  for (const [name, value] of Object.entries({
    api_key: 'demo',
    client_request_id: crypto.randomUUID(),
    ...fields,
  }))
    body.set(name, value);
  if (picture) body.set('media', new File([new Uint8Array(picture)], 'photo.jpg', { type: 'image/jpeg' }));
  const answer = await fetch(`${origin}/open311/v2/requests.json`, { method: 'POST', body });
  const [taken] = (await answer.json()) as { service_request_id: string }[];
  return taken!.service_request_id;
}

const main = (page: Page) => page.locator('main').textContent();

describe.each([
  ['scripts off, on a phone', false, 'phone'],
  ['scripts on, on a desk', true, 'desk'],
] as const)('%s', (_, scripts, width) => {
  const open: BrowserContext[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((context) => context.close()));
  });
  async function enter(persona?: string): Promise<Page> {
    const context = await visitor(browser, origin, { scripts, width });
    open.push(context);
    const page = await context.newPage();
    if (persona) await signIn(page, persona);
    return page;
  }

  it('a resident reports by description what has no address, and reads that an operator will find the place', async () => {
    const page = await enter();
    const { number } = await reportProblem(page, {
      address: 'Вигадана 999',
      words: 'За гаражами біля старої котельні, де закінчується асфальт',
      category: 'road-pothole',
      text: 'Яма на всю ширину проїзду',
    });
    expect(await main(page)).toContain('Адресу не знайдено в реєстрі міста');
    await page.goto(`/contact-centre/requests/${number}`);
    expect(await main(page)).toContain('За гаражами біля старої котельні');
  });

  it('a controller calls the reporter back and takes the grade', async () => {
    const house = contactCentreData.buildings.find(({ owner }) => owner !== 'osbb-sonechko')!;
    const number = await sent({
      service_code: 'heat-none',
      address_id: house.id,
      'attribute[scope]': 'house',
      description: 'Батареї холодні в усьому будинку',
      phone: '0670000001',
    });
    const dispatcher = await enter('dispatcher');
    await makeMove(dispatcher, number, 'accept');
    await makeMove(dispatcher, number, 'claim', { result: 'fixed', answer: 'Замінено ділянку труби' });
    const page = await enter('controller');
    await page.goto(`${desk}/controller?building=${house.id}`);
    await page.locator(`a[href*="/calls/${number}/"]`).first().click();
    expect(await main(page)).toContain('Замінено ділянку труби');
    await page.locator('[name=verdict][value=yes]').check();
    await page.locator('[name=grade][value="4"]').check();
    await page.locator('main form:has([name=verdict]) button[type=submit]').click();
    expect(await main(page)).toContain('записано');
    await page.goto(`/contact-centre/requests/${number}`);
    expect((await page.locator('.badge').first().textContent())!.trim()).toBe('Підтверджено заявником');
  });

  it('rules are tried out on the past year, read, published by somebody else, and taken back', async () => {
    const author = await enter('city-data');
    await author.goto(`${desk}/rules`);
    await author.locator('form[action$="/drafts"] button').click();
    const draft = new URL(author.url()).pathname;
    await author.goto(`${draft}/rule`);
    await author.locator('[name=id]').fill('R-90');
    await author.locator('[name=name-uk]').fill('Знаки – водоканалу');
    await author.locator('[name=name-en]').fill('Signs to the water works');
    await author.locator('details:has([name=categories]) > summary').click();
    await author.locator('[name=categories][value=road-sign]').check();
    await author.locator('[name=organisation]').selectOption('voda');
    await author.locator(`main form[action$="${draft}/rule"] button[type=submit]`).first().click();
    expect(await main(author)).toContain('R-90');
    await author.locator('form[action$="/dry-run"] button').click();
    const read = author.locator('form[action$="/read"] button');
    await read.waitFor({ timeout: 45_000 });
    expect(await main(author)).toContain('Пішли б до іншого');
    await read.click();
    const publisher = await enter('supervisor');
    await publisher.goto(draft);
    await publisher.locator('form[action$="/publish"] button').click();
    expect(await main(publisher)).toContain('Правила оприлюднено');
    const number = await sent({
      service_code: 'road-sign',
      lat: '48.464',
      long: '35.046',
      description: 'Знак погнуто вітром',
    });
    const [request] = (await (await fetch(`${origin}/open311/v2/requests/${number}.json`)).json()) as {
      agency_responsible: string;
    }[];
    expect(request!.agency_responsible).toContain('водомережі');
    await publisher.goto(`${desk}/rules`);
    await publisher.locator('details:has(form[action$="/roll-back"]) > summary').click();
    await publisher.locator('form[action$="/roll-back"] button').click();
    expect(await main(publisher)).toContain('Знову діють правила');
  });

  it('a moderator blackens a number plate on a photo before anybody sees it', async () => {
    const white = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer();
    const number = await sent(
      { service_code: 'road-sign', lat: '48.466', long: '35.04', description: 'Знак погнуто' },
      white,
    );
    const guest = await enter();
    const pictures = guest.locator('main img[src*="/photos/"]');
    await guest.goto(`/contact-centre/requests/${number}`);
    expect(await pictures.count()).toBe(0);
    const page = await enter('moderator');
    await page.goto(`${desk}/moderator/${number}`);
    await page.locator('details:has([name=cell]) > summary').click();
    await page.locator('[name=cell][value="0"]').check();
    await page.locator('form[action$="/cover"] button').click();
    await expectAccessible(browser, page);
    await expectNoSideways(page);
    await guest.goto(`/contact-centre/requests/${number}`);
    expect(await pictures.count()).toBe(1);
    const shown = await guest.request.get((await pictures.first().getAttribute('src'))!);
    const { data, info } = await sharp(await shown.body())
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data[0]).toBeLessThan(20);
    expect(data[data.length - info.channels]).toBeGreaterThan(235);
  });

  it('an appeal under the law goes from its form to a signed answer that can be printed', async () => {
    const page = await enter();
    await page.goto('/contact-centre/appeal');
    await page.locator('[name=kind][value=application]').check();
    await page.locator('[name=essence]').fill('Прошу пояснити, чому закрито наскрізний прохід');
    await page.locator('[name=name]').fill('Оксана Вигадана-Тестова');
    await page.locator('[name=residence]').fill('м. Дніпро, вул. Робоча, 23, кв. 7');
    await page.locator('[name=phone]').fill('067 000 00 03');
    await page.locator('button[value=check]').click();
    await page.locator('button[value=send]').click();
    const number = (await main(page))!.match(/\d{2}-\d{4}-\d{4}-\d/)![0].replaceAll('-', '');
    const follow = await page.locator('a[href*="/contact-centre/follow/"]').first().getAttribute('href');
    const officer = await enter('appeals');
    await officer.goto(`${desk}/appeals/${number}`);
    await officer.locator('[name=answer]').fill('Прохід закрито на час ремонту до 1 грудня.');
    await officer.locator('[name=grounds]').fill('Стаття 15 Закону про звернення громадян');
    await officer.locator('button[value=answer]').click();
    expect(new URL(officer.url()).searchParams.get('done')).toBe('answer');
    await page.goto(`${new URL(follow!, origin).pathname}/answer`);
    expect(await main(page)).toContain('Прохід закрито на час ремонту до 1 грудня.');
    expect(await main(page)).toContain('Оксана Вигадана-Тестова');
    await expectAccessible(browser, page);
    await expectNoSideways(page);
    expect((await page.goto(`/contact-centre/requests/${number}`))!.status()).toBe(404);
  });
});

it('a crew’s list puts the nearest first from where the phone says it is', async () => {
  const context = await visitor(browser, origin, { scripts: true, width: 'phone' });
  await context.grantPermissions(['geolocation'], { origin });
  await context.setGeolocation({ latitude: 48.4647, longitude: 35.0462 });
  const page = await context.newPage();
  await signIn(page, 'crew');
  await page.goto(`${desk}/crew`);
  await page.locator('[data-island=find-position] button').click();
  await page.waitForURL((url) => url.searchParams.has('lat'));
  expect(await main(page)).toMatch(/\d[,\d]* (м|км)/);
  await context.close();
});
