import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { quietHours } from '#platform/notify/quiet.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../../../city/dnipro/index.ts';
import { registerAppeal } from '../../../appeals.ts';
import { loadCityData, readCity } from '../../../city.ts';
import { previewImport, readImport, takeFile } from '../../../city-editing/import.ts';
import { cityDefaults, defaultsOf } from '../../../defaults.ts';
import { inPost } from '../../../posts.ts';
import { seedRequests } from '../../../seeding.ts';
import { filled, hiddenField } from '../test-world.ts';
import { testDesk } from '../testing.ts';

const desk = await testDesk();
const { platform } = desk;
const base = '/contact-centre/desk/administrator';
const edit = `${base}/category/edit`;
const [first, second] = contactCentreData.buildings;

const dialect = new PgDialect();
const nameOf = async (code: string) => (await readCity(platform.db)).leaves.get(code)?.leaf.name.uk;

describe('the administrator', () => {
  it('finds a category, changes it, and sees both versions and their difference', async () => {
    const browser = await desk.enter('city-data');
    expect(browser.html).toContain('Дані міста');
    await browser.get(`${base}/category?q=${encodeURIComponent('тротуар')}`);
    expect(browser.html).toContain('pavement-broken');
    await browser.get(`${edit}?id=pavement-broken`);
    await browser.submit(edit, { ...filled(browser.html, edit), 'name-uk': 'Тротуар зруйновано' });
    expect(browser.html).toContain('Збережено, тепер діє версія 2');
    expect(await nameOf('pavement-broken')).toBe('Тротуар зруйновано');
    await browser.get(`${base}/category/versions?id=pavement-broken`);
    expect(browser.html).toContain('Що змінилося між версіями 1 і 2');
    expect(browser.html).toContain('Адміністраторка контакт-центру');
    expect(browser.html).toContain('файли міста');
    expect(browser.html.match(/Тротуар зруйновано/g)!.length).toBeGreaterThan(1);
  });

  it('sends the untouched form of every category back without making a version', async () => {
    const browser = await desk.enter('city-data');
    for (const code of ['heat-none', 'road-pothole', 'heating', 'gas-smell']) {
      if (!(await readCity(platform.db)).leaves.has(code) && code !== 'heating') continue;
      await browser.get(`${edit}?id=${code}`);
      await browser.submit(edit, filled(browser.html, edit));
      expect(browser.html, code).toContain('тепер діє версія 1');
    }
  });

  it('is told every fault beside what was typed', async () => {
    const browser = await desk.enter('city-data');
    await browser.get(edit);
    await browser.submit(edit, {
      ...filled(browser.html, edit),
      code: 'Великі Літери',
      'name-uk': 'Нова <яма>',
    });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('Нова &lt;яма>');
    for (const field of ['code', 'number', 'parent', 'name-en'])
      expect(browser.html, field).toContain(`href="#field-${field}"`);
  });

  it('whose page is stale sees both and may save over the other', async () => {
    const mine = await desk.enter('city-data');
    const theirs = await desk.enter('city-data');
    await mine.get(`${edit}?id=road-sign`);
    await theirs.get(`${edit}?id=road-sign`);
    await theirs.submit(edit, { ...filled(theirs.html, edit), 'name-uk': 'Знак колеги' });
    await mine.submit(edit, { ...filled(mine.html, edit), 'name-uk': 'Мій знак' });
    expect(mine.status).toBe(409);
    expect(mine.html).toContain('Знак колеги');
    expect(mine.html).toContain('value="Мій знак"');
    expect(await nameOf('road-sign')).toBe('Знак колеги');
    await mine.submit(edit, filled(mine.html, edit));
    expect(mine.html).toContain('тепер діє версія 3');
    expect(await nameOf('road-sign')).toBe('Мій знак');
  });

  it('takes ready words and answers out of use, keeps their versions, and the city’s files do not bring them back', async () => {
    const browser = await desk.enter('city-data');
    const reload = () => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData));
    for (const [kind, code] of [
      ['template', contactCentreData.templates![0]!.code],
      ['article', contactCentreData.articles![0]!.code],
    ] as const) {
      const path = `${base}/${kind}/edit`;
      await browser.get(`${path}?id=${code}`);
      const sent = { go: 'retire', known: '1', stored: code };
      const again = await desk.enter('city-data');
      await again.get(`${path}?id=${code}`);
      await again.submit(path, {
        ...filled(again.html, path),
        ...(kind === 'template' ? { 'name-uk': 'Інакше' } : { 'title-uk': 'Інакше' }),
      });
      expect(again.html).toContain('тепер діє версія 2');
      await browser.submit(path, sent);
      expect(browser.status).toBe(409);
      expect(browser.html).toContain('Інакше');
      await browser.submit(path, { ...sent, known: '2' });
      expect(browser.path).toBe(`${base}/${kind}?retired=${code}`);
      expect(browser.html).toContain('«Інакше» вилучено з ужитку.');
      await reload();
      await browser.get(`${path}?id=${code}`);
      expect(browser.status).toBe(404);
      await browser.get(`${base}/${kind}/versions?id=${code}`);
      expect(browser.status).toBe(200);
    }
    const visitor = await new TestBrowser(createApp(platform)).get(
      `/contact-centre/help/${contactCentreData.articles![0]!.code}`,
    );
    expect(visitor.status).toBe(404);
    await browser.get(`${base}/category/edit?id=road-sign`);
    expect(browser.html).not.toContain('Вилучити з ужитку');
    await browser.submit(`${base}/category/edit`, { go: 'retire', known: '1', stored: 'road-sign' });
    expect(browser.status).toBe(404);
  });

  it('changes how much one may send in, and is told of an address that is none', async () => {
    const browser = await desk.enter('city-data');
    const form = `${base}/settings/edit`;
    await browser.get(form);
    expect(filled(browser.html, form)).toMatchObject({
      anonymousPerHour: '10',
      contactPerDay: '20',
      sharedAddresses: '',
    });
    await browser.submit(form, { ...filled(browser.html, form), sharedAddresses: '203.0.113.0/33' });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('Це не адреса й не мережа: 203.0.113.0/33');
    const sharedAddresses = '203.0.113.0/24, 2001:db8::1';
    await browser.submit(form, { ...filled(browser.html, form), anonymousPerHour: '15', sharedAddresses });
    expect((await readCity(platform.db)).settings.intakeLimits).toEqual({
      anonymousPerHour: 15,
      contactPerDay: 20,
      sharedAddresses: ['203.0.113.0/24', '2001:db8::1'],
    });
  });

  it('changes how long things are kept, when people are left alone and how many are called as a check', async () => {
    const browser = await desk.enter('city-data');
    const form = `${base}/settings/edit`;
    await browser.get(form);
    const before = filled(browser.html, form);
    expect(before).toMatchObject({
      requestKeptMonths: '12',
      callKeptMonths: '12',
      draftDays: '7',
      checkPercent: '5',
      quietFrom: '21',
      quietUntil: '8',
    });
    await browser.submit(form, { ...before, checkPercent: '101' });
    expect(browser.status).toBe(422);
    const changed = { requestKeptMonths: '2', checkPercent: '100', quietFrom: '20', quietUntil: '9' };
    await browser.submit(form, { ...before, ...changed });
    expect(browser.status).toBe(200);
    expect(defaultsOf((await readCity(platform.db)).settings)).toEqual({
      ...cityDefaults,
      requestKeptMonths: 2,
      checkPercent: 100,
      quietFrom: 20,
      quietUntil: 9,
    });
    expect(await quietHours(platform.db)).toEqual({ from: 20, until: 9 });
    await browser.get(`${base}/settings/versions?id=city`);
    expect(browser.html).toContain('Відсотків підтверджених за посиланням');
    const closed = new Date(desk.clock.now().getTime() - 70 * 86_400_000).toISOString();
    const [old] = await seedRequests(platform.db, [
      { state: 'closed', closing: 'confirmed', closed_at: closed, publication: 'hidden', text: 'Давно' },
    ]);
    await desk.runJob('contact-centre.retention', {});
    const { rows } = await platform.db.execute<{ erased: boolean }>(
      sql`select erased_at is not null as erased from cc_request where number = ${old}`,
    );
    expect(rows[0]!.erased).toBe(true);
  });

  it('changes a term of law by its reference, and only with the lawyer who has confirmed it', async () => {
    const browser = await desk.enter('city-data');
    await browser.get(`${base}/law`);
    expect(browser.html).toContain('393/96-ВР, ст. 20');
    expect(browser.html).toContain('15 календарних днів');
    expect(browser.html).toContain('чекає на юриста');
    expect(browser.html).not.toContain('Строк закону</a>');
    const form = `${base}/law/edit`;
    await browser.get(`${form}?id=appeal-answer`);
    const before = filled(browser.html, form);
    await browser.submit(form, { ...before, amount: '20', confirmed: 'yes' });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('Хто з юристів міста підтвердив');
    await browser.submit(form, {
      ...before,
      amount: '20',
      confirmed: 'yes',
      confirmedBy: 'Інна Правник, юрист',
    });
    expect(browser.status).toBe(200);
    const city = await readCity(platform.db);
    expect(city.law.get('appeal-answer')).toMatchObject({ amount: 20, confirmed: true });
    const { number } = await platform.work(anonymous, (work) =>
      registerAppeal(work, {
        source: 'web',
        intakeKey: 'law-1',
        kind: 'application',
        essence: 'Прошу встановити лавку',
        reporter: {
          channel: 'web',
          language: 'uk',
          name: 'Олена Калиногай',
          residence: 'Дніпро',
          phone: '+380670000001',
        },
      }),
    );
    const { rows } = await platform.db.execute<{ due: string }>(
      sql`select due from cc_clock where request = ${number} and kind = 'statutory'`,
    );
    expect(new Date(rows[0]!.due)).toEqual(new Date('2026-12-14T21:59:59.999Z'));
    await browser.get(form);
    await browser.post(form, {
      ...before,
      code: 'invented',
      known: '',
      stored: '',
      _csrf: hiddenField(browser.html, '_csrf'),
    });
    expect(browser.status).toBe(422);
  });

  it('opens a list, a form and a page of versions of every kind, in both languages', async () => {
    const browser = await desk.enter('city-data');
    for (const kind of [
      'organisation',
      'unit',
      'contract',
      'building',
      'district',
      'day',
      'law',
      'template',
      'article',
    ]) {
      await browser.get(`${base}/${kind}`);
      const link = /href="([^"]*\/edit\?id=[^"]*)"/.exec(browser.html)![1]!.replaceAll('&amp;', '&');
      for (const path of [link, link.replace('/edit', '/versions'), `/en${link}`]) {
        await browser.get(path);
        expect(browser.status, path).toBe(200);
      }
    }
    await browser.get(`${base}/settings/edit`);
    expect(browser.html).toContain('value="1545"');
    await browser.get(`${base}/nothing`);
    expect(browser.status).toBe(404);
  });

  it('is the only one who gets in', async () => {
    const supervisor = await desk.enter('supervisor');
    for (const path of ['', '/category', '/imports', '/settings/edit']) {
      await supervisor.get(base + path);
      expect(supervisor.status, path).toBe(403);
    }
  });
});

/** As the office programs of old write it. */
const cp1251 = (text: string) =>
  Uint8Array.from([...text], (character) => {
    const code = character.charCodeAt(0);
    if (character === 'і') return 0xb3;
    if (character === 'І') return 0xb2;
    if (character === 'ї') return 0xbf;
    if (character === 'є') return 0xba;
    if (character === '№') return 0xb9;
    return code >= 0x410 && code <= 0x44f ? code - 0x350 : code;
  });

describe('a file of buildings', () => {
  const rows = [
    'Код;Вулиця;Будинок №;Район;Широта;Довгота;Балансоутримувач',
    'n-1;вулиця Тестова;1;sobornyi;48,45;35,05;',
    'n-2;"вулиця ""Тиха""; стара";2а;sobornyi;48.451;35.051;osbb-sonechko',
    'n-3;вулиця Тестова;3;nowhere;48.45;35.05;',
    'n-4;вулиця Тестова;4;sobornyi;0;0;',
    'n-1;вулиця Інша;1;sobornyi;48.45;35.05;',
    'n-5;вулиця Тестова',
    `${first!.id};${first!.street};${first!.house};${first!.district};${first!.lat};${first!.lon};${first!.owner}`,
  ];
  const upload = async () => {
    const browser = await desk.enter('city-data');
    await browser.get(`${base}/imports?kind=building`);
    await browser.submit(`${base}/imports`, {
      kind: 'building',
      file: [new File([cp1251(`${rows.join('\r\n')}\r\n`)], 'будинки.csv')],
    });
    const path = /\/imports\/[0-9a-f-]{36}/.exec(browser.path)![0];
    await browser.submit(
      `${base.replace('/imports', '')}${path}/preview`,
      filled(browser.html, `${base}${path}/preview`),
    );
    return { browser, path: base + path };
  };
  const count = async () =>
    (await platform.db.execute<{ n: number }>(sql`select count(*)::int as n from cc_building`)).rows[0]!.n;

  it('is previewed before anything changes, brought in, and adds nothing when it comes again', async () => {
    const before = await count();
    const { browser, path } = await upload();
    expect(browser.html).toContain('WINDOWS-1251');
    expect(browser.html).toContain('2 прийнято + 4 відхилено + 1 уже відомі = 7 рядків');
    for (const reason of [
      'Немає такого району: nowhere',
      'Точка за межами міста',
      'Цей код уже є в рядку 2',
      'Інша кількість стовпців',
    ])
      expect(browser.html).toContain(reason);
    expect(await count()).toBe(before);
    await browser.submit(`${path}/apply`);
    expect(browser.html).toContain('Внесено');
    expect(await count()).toBe(before + 2);
    const { rows: made } = await platform.db.execute(
      sql`select address, owner, lat from cc_building where id = 'n-2'`,
    );
    expect(made).toEqual([{ address: 'вулиця "Тиха"; стара, 2а', owner: 'osbb-sonechko', lat: 48.451 }]);

    const again = await upload();
    expect(again.browser.html).toContain('0 прийнято + 4 відхилено + 3 уже відомі = 7 рядків');
    expect(again.browser.html).toContain('Вносити нічого');
    expect(await count()).toBe(before + 2);
  });

  it('gives its rejected rows back with line and reason', async () => {
    const { browser, path } = await upload();
    await browser.get(`${path}/rejects.csv`);
    expect(browser.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = browser.html.split('\r\n');
    expect(lines[0]).toMatch(/^Рядок,Причина,Код,Вулиця/);
    expect(lines.find((line) => line.includes('n-3'))).toMatch(/^4,/);
  });

  it('may fill one field of known buildings alone', async () => {
    const browser = await desk.enter('city-data');
    await browser.get(`${base}/imports`);
    await browser.submit(`${base}/imports`, {
      kind: 'building',
      file: [new File([`id,flats\n${second!.id},99\n`], 'flats.csv')],
    });
    const path = /\/imports\/[0-9a-f-]{36}/.exec(browser.path)![0];
    await browser.submit(`${base}${path}/preview`, { 'column-id': '0', 'column-flats': '1' });
    expect(browser.html).toContain('1 прийнято + 0 відхилено + 0 уже відомі = 1 рядків');
    await browser.submit(`${base}${path}/apply`);
    const { rows: kept } = await platform.db.execute(
      sql`select flats, street from cc_building where id = ${second!.id}`,
    );
    expect(kept).toEqual([{ flats: 99, street: second!.street }]);
  });

  it('without a row, or of no kind, is refused in words', async () => {
    const browser = await desk.enter('city-data');
    await browser.get(`${base}/imports`);
    await browser.submit(`${base}/imports`, { kind: '', file: [new File([''], 'x.csv')] });
    expect(browser.status).toBe(422);
    await browser.submit(`${base}/imports`, { kind: 'contract', file: [new File(['id;number\n'], 'x.csv')] });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('немає жодного рядка');
  });
});

it('the rows of a file are forgotten after 90 days; what it brought stays', async () => {
  const left = async () =>
    (await platform.db.execute<{ n: number }>(sql`select count(*)::int as n from cc_import_row`)).rows[0]!.n;
  expect(await left()).toBeGreaterThan(0);
  await desk.runJob('contact-centre.forget-imports', {});
  expect(await left()).toBeGreaterThan(0);
  desk.clock.advance(91 * 86_400_000);
  await desk.runJob('contact-centre.forget-imports', {});
  expect(await left()).toBe(0);
  const { rows } = await platform.db.execute(sql`select 1 from cc_building where id = 'n-2'`);
  expect(rows).toHaveLength(1);
});

it('boundaries of districts come from GeoJSON with their parts and holes; what is no area is told', async () => {
  const ring = [
    [35.0, 48.45],
    [35.1, 48.45],
    [35.1, 48.5],
    [35.0, 48.45],
  ];
  const feature = (code: string, geometry: object) => ({
    type: 'Feature',
    properties: { code, name: `Район ${code} {"[` },
    geometry,
  });
  const file = JSON.stringify(
    {
      type: 'FeatureCollection',
      name: 'features',
      features: [
        feature('north', { type: 'Polygon', coordinates: [ring] }),
        feature('islands', { type: 'MultiPolygon', coordinates: [[ring, ring], [ring]] }),
        feature('road', { type: 'LineString', coordinates: ring }),
        feature('open', { type: 'Polygon', coordinates: [ring.slice(0, 3)] }),
      ],
    },
    null,
    1,
  );
  const browser = await desk.enter('city-data');
  await browser.get(`${base}/imports`);
  await browser.submit(`${base}/imports`, { kind: 'district', file: [new File([file], 'd.geojson')] });
  const path = /\/imports\/[0-9a-f-]{36}/.exec(browser.path)![0];
  await browser.submit(`${base}${path}/preview`, {
    'column-code': '0',
    'column-name-uk': '1',
    'column-name-en': '1',
    'column-rings': '2',
  });
  expect(browser.html).toContain('2 прийнято + 2 відхилено + 0 уже відомі = 4 рядків');
  for (const reason of ['потрібен Polygon', 'замкнені контури']) expect(browser.html).toContain(reason);
  await browser.submit(`${base}${path}/apply`);
  const { districts } = await readCity(platform.db);
  expect(districts.find(({ code }) => code === 'north')?.name.uk).toBe('Район north {"[');
  expect(districts.find(({ code }) => code === 'islands')?.rings).toEqual([
    { ring, hole: false },
    { ring, hole: true },
    { ring, hole: false },
  ]);
});

describe('a file of requests of another system', () => {
  const rows = [
    'Номер там;Зареєстровано;Закрито;Категорія;Зміст;Адреса;Виконавець;Відповідь;Заявник;Телефон',
    `2023/1;01.03.2023 14:20;03.03.2023;Немає опалення;"Холодно, дзвоніть 067 123 45 67";${first!.street} ${first!.house};teplo;Запущено котельню;Олена Калиногай;0671234567`,
    '2026/7;2026-11-20;;heat-none;Знову холодно;за гаражами;;;;',
    '2023/2;31.02.2023;;heat-none;Без дати;десь;;;;',
    '2023/3;01.03.2023;28.02.2023;такої немає;Закрито раніше;десь;невідомо хто;;;',
    '2023/1;01.03.2023;;heat-none;Двічі;десь;;;;',
    '2023/4;01.03.2023;;heat-none;Замало',
  ];
  const upload = async (kind: string) => {
    const browser = await desk.enter('city-data');
    await browser.get(`${base}/imports?kind=${kind}`);
    await browser.submit(`${base}/imports`, {
      kind,
      file: [new File([cp1251(`${rows.join('\r\n')}\r\n`)], 'заявки.csv')],
    });
    const path = base + /\/imports\/[0-9a-f-]{36}/.exec(browser.path)![0];
    await browser.submit(`${path}/preview`, filled(browser.html, `${path}/preview`));
    return { browser, path };
  };
  const brought = async () =>
    (
      await platform.db.execute<Record<string, unknown>>(sql`
        select r.source, r.intake_key, r.state, r.closing, r.text, r.building, r.organisation, r.created_at, r.number,
          (select count(*)::int from cc_clock k where k.request = r.number) as clocks,
          (select count(*)::int from cc_message m where m.request = r.number) as letters,
          (select count(*)::int from cc_history h where h.request = r.number) as steps
        from cc_request r where r.source in ('import', '1545') order by r.source, r.created_at`)
    ).rows;

  it('is mapped and previewed, brings closed ones as history and open ones into triage, and adds nothing when it comes again', async () => {
    const { browser, path } = await upload('request');
    expect(browser.html).toContain('WINDOWS-1251');
    expect(browser.html).toContain('2 прийнято + 4 відхилено + 0 уже відомі = 6 рядків');
    for (const reason of [
      'Зареєстровано: Дата як 2025-03-01',
      'Немає такої категорії: такої немає',
      'Немає такої організації: невідомо хто',
      'Закрито: Кінець раніше за початок',
      'Цей код уже є в рядку 2',
      'Інша кількість стовпців',
    ])
      expect(browser.html).toContain(reason);
    expect(await brought()).toEqual([]);
    await browser.submit(`${path}/apply`);
    expect(browser.html).toContain('Внесено');
    const [old, open] = await brought();
    expect(old).toMatchObject({
      source: 'import',
      intake_key: '2023/1',
      state: 'closed',
      closing: 'unverified',
      building: first!.id,
      organisation: null,
      clocks: 0,
      letters: 0,
      steps: 2,
    });
    expect(String(old!.number)).toMatch(/^23\d{9}$/);
    expect(String(old!.text)).not.toContain('067');
    expect(new Date(String(old!.created_at))).toEqual(new Date('2023-03-01T12:20:00Z'));
    expect(open).toMatchObject({
      intake_key: '2026/7',
      state: 'triage',
      closing: null,
      clocks: 3,
      letters: 0,
    });
    await browser.get(`${path}/rejects.csv`);
    expect(browser.html.split('\r\n').filter(Boolean)).toHaveLength(5);
    const again = await upload('request');
    expect(again.browser.html).toContain('0 прийнято + 4 відхилено + 2 уже відомі = 6 рядків');
    expect(again.browser.html).toContain('Вносити нічого');
    expect(await brought()).toHaveLength(2);
    const supervisor = await desk.enter('supervisor');
    await supervisor.get(`/contact-centre/desk/requests/${old!.number}`);
    expect(supervisor.html).toContain('Перенесено з іншої системи');
    expect(supervisor.html).toContain('Запущено котельню');
  });

  it('of the government line 1545 are kept apart from those of the system before', async () => {
    const { browser, path } = await upload('line1545');
    expect(browser.html).toContain('2 прийнято');
    await browser.submit(`${path}/apply`);
    expect((await brought()).map(({ source, intake_key }) => `${source} ${intake_key}`)).toEqual([
      '1545 2023/1',
      '1545 2026/7',
      'import 2023/1',
      'import 2026/7',
    ]);
    await browser.get(`/en${base}/imports?kind=line1545`);
    expect(browser.html).toContain('Requests of the government line 1545');
  });

  it('is read and judged a thousand rows at a time, however long it is', async () => {
    const actor = inPost('administrator');
    const largestOf = async (count: number): Promise<number> => {
      const encoder = new TextEncoder();
      const bytes = () => {
        let no = -1;
        return new ReadableStream<Uint8Array>({
          pull(controller) {
            no += 1;
            if (no > count) return controller.close();
            const row =
              no === 0
                ? 'id;registered;closed;category;text;address'
                : `${count}-${no};01.03.2023;02.03.2023;heat-none;Холодно;десь`;
            controller.enqueue(encoder.encode(`${row}\n`));
          },
        });
      };
      let largest = 0;
      await platform.work(actor, async (work) => {
        const tx = new Proxy(work.tx, {
          get(target, name) {
            if (name !== 'execute') return Reflect.get(target, name);
            return (statement: SQL) => {
              largest = Math.max(largest, JSON.stringify(dialect.sqlToQuery(statement).params).length);
              return target.execute(statement);
            };
          },
        });
        const held = { ...work, tx };
        const id = await takeFile(held, { kind: 'request', name: 'old.csv', bytes }, 'uk');
        const columns = { id: 0, registered: 1, closed: 2, category: 3, text: 4, address: 5 };
        await previewImport(held, id, columns, 'uk');
        expect(await readImport(work.tx, id)).toMatchObject({ rows: count, accepted: count });
      });
      return largest;
    };
    const thousand = await largestOf(1_000);
    expect(await largestOf(1_200)).toBeLessThan(thousand * 1.05);
  });
});

it('ready words are shown as the reporter reads them, in both languages; those for colleagues are not', async () => {
  const browser = await desk.enter('city-data');
  const words = contactCentreData.templates!.find(({ move }) => move === 'claim')!;
  await browser.get(`${base}/template/edit?id=${words.code}`);
  const preview = browser.html.slice(browser.html.indexOf('id="preview"'));
  for (const language of ['uk', 'en'] as const) expect(preview).toContain(`«${words.text[language].trim()}»`);
  const own = contactCentreData.templates!.findLast(({ move }) => move === 'return')!;
  await browser.get(`${base}/template/edit?id=${own.code}`);
  expect(browser.html).toContain('бачать лише колеги');
  expect(browser.html.slice(browser.html.indexOf('id="preview"'))).not.toContain(own.text.uk.trim());
});

it('objects of the city come from a table, areas from GeoJSON', async () => {
  const browser = await desk.enter('city-data');
  const bring = async (kind: string, file: File, columns: Record<string, string>) => {
    await browser.get(`${base}/imports`);
    await browser.submit(`${base}/imports`, { kind, file: [file] });
    const path = /\/imports\/[0-9a-f-]{36}/.exec(browser.path)![0];
    await browser.submit(`${base}${path}/preview`, columns);
    const preview = browser.html;
    await browser.submit(`${base}${path}/apply`);
    return preview;
  };
  const [lon, lat] = contactCentreData.city.centre;
  const table = [
    'id;number;name;branch;keeper;lat;lon',
    `stop-1;З-1;Зупинка «Центр»;transport;transport;${String(lat).replace('.', ',')};${String(lon).replace('.', ',')}`,
    'stop-2;З-2;Зупинка «Море»;transport;nobody;46,5;30,7',
  ].join('\r\n');
  const preview = await bring('asset', new File([table], 'stops.csv'), {
    'column-id': '0',
    'column-number': '1',
    'column-name-uk': '2',
    'column-name-en': '2',
    'column-branch': '3',
    'column-keeper': '4',
    'column-lat': '5',
    'column-lon': '6',
  });
  expect(preview).toContain('1 прийнято + 1 відхилено');
  expect(preview).toContain('Немає такої організації: nobody');
  await browser.get(`${base}/asset?q=stop-1`);
  expect(browser.html).toContain('Зупинка «Центр»');
  const ring = [
    [lon, lat],
    [lon + 0.01, lat],
    [lon + 0.01, lat + 0.01],
    [lon, lat],
  ];
  const feature = {
    type: 'Feature',
    properties: { code: 'market', uk: 'Ринок', en: 'Market' },
    geometry: { type: 'Polygon', coordinates: [ring] },
  };
  await bring(
    'zone',
    new File([JSON.stringify({ type: 'FeatureCollection', features: [feature] })], 'z.geojson'),
    {
      'column-code': '0',
      'column-name-uk': '1',
      'column-name-en': '2',
      'column-rings': '3',
    },
  );
  expect((await readCity(platform.db)).zones.map(({ code }) => code)).toContain('market');
  await browser.get(`${base}/zone.geojson`);
  expect(JSON.parse(browser.html).features).toHaveLength(2);
});

it('districts go out as GeoJSON and come back by the import as they were', async () => {
  const browser = await desk.enter('city-data');
  await browser.get(`${base}/district`);
  expect(browser.html).toContain(`href="${base}/district.geojson"`);
  await browser.get(`${base}/district.geojson`);
  expect(browser.headers.get('content-type')).toContain('application/geo+json');
  const file = browser.html;
  const { districts } = await readCity(platform.db);
  await browser.get(`${base}/imports`);
  await browser.submit(`${base}/imports`, { kind: 'district', file: [new File([file], 'd.geojson')] });
  const path = /\/imports\/[0-9a-f-]{36}/.exec(browser.path)![0];
  await browser.submit(`${base}${path}/preview`, {
    'column-code': '0',
    'column-name-uk': '1',
    'column-name-en': '2',
    'column-rings': '3',
  });
  expect(browser.html).toMatch(/\d+ прийнято \+ 0 відхилено \+ \d+ уже відомі = /);
  await browser.submit(`${base}${path}/apply`);
  // RFC 7946 turns outer lines one way and holes the other: the same places, perhaps in another direction.
  const places = (all: typeof districts) =>
    // The made-up one has two parts on one place, so its hole lies in both.
    all
      .filter(({ code }) => code !== 'islands')
      .map(({ code, name, rings }) => ({
        code,
        name,
        rings: rings.map(({ ring, hole }) => ({ hole, ring: [...new Set(ring.map(String))].toSorted() })),
      }));
  expect(places((await readCity(platform.db)).districts)).toEqual(places(districts));
});
