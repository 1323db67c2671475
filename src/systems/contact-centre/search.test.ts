import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { contactCentre } from './index.ts';
import { fillWords } from './request-words.ts';
import { type NewRequest, registerRequest } from './requests.ts';
import { searchContactCentre } from './search.ts';

const platform = await testPlatform({ systems: [contactCentre] });
const visitor = new TestBrowser(createApp(platform));
const house = contactCentreData.buildings[0]!;

let keys = 0;
const register = async (text: string, more: Partial<NewRequest> = {}) =>
  (
    await platform.work(anonymous, (work) =>
      registerRequest(work, {
        source: 'web',
        intakeKey: `key-${++keys}`,
        category: 'road-pothole',
        text,
        answers: [{ code: 'danger', values: ['no'] }],
        place: { building: house.id },
        reporter: { channel: 'web', language: 'uk' },
        ...more,
      }),
    )
  ).number;

let hole: string;
let hidden: string;
beforeAll(async () => {
  await platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData));
  hole = await register('Глибока вибоїна на перехресті, телефон 067 123 45 67');
  hidden = await register('Вибоїна біля гаража, секретне слово кавомашина', { private: true });
});

const found = async (query: string) =>
  (await searchContactCentre(platform.db, query, 'uk', 20)).map((hit) => hit.href);
const page = (number: string) => `/contact-centre/requests/${number}`;

describe('the search of the city finds', () => {
  it.each(['вибоїни', 'перехрестям глибокою', '«глибока вибоїна»'])('a request by «%s»', async (query) =>
    expect(await found(query)).toContain(page(hole)),
  );

  it('a request by its number, as it is shown', async () =>
    expect(
      await found(`${hole.slice(0, 2)}-${hole.slice(2, 6)}-${hole.slice(6, 10)}-${hole.slice(10)}`),
    ).toContain(page(hole)));

  it('a request by its street', async () =>
    expect(await found(house.street.split(' ').at(-1)!)).toContain(page(hole)));

  it('nothing by words that were masked or are private, and no phrase that does not stand so', async () => {
    expect(await found('0671234567')).not.toContain(page(hole));
    expect(await found('067')).not.toContain(page(hole));
    expect(await found('кавомашина')).toEqual([]);
    expect(await found('вибоїна')).not.toContain(page(hidden));
    expect(await found('«вибоїна глибока»')).not.toContain(page(hole));
  });

  it('what can be reported, in any form of the word', async () =>
    expect(await found('ямами')).toContain('/contact-centre/report?category=road-pothole'));

  it('an answer of the knowledge base, with the place of its text that speaks of it', async () => {
    const [article] = contactCentreData.articles!;
    const hits = await searchContactCentre(platform.db, article!.title.uk, 'uk', 20);
    expect(hits).toContainEqual({
      title: article!.title.uk,
      href: `/contact-centre/help/${article!.code}`,
      summary: expect.stringMatching(/./),
      kind: { uk: 'Довідка', en: 'Answer' },
    });
  });

  it('what was meant by a misspelt word, as a question', async () => {
    const [hit] = await searchContactCentre(platform.db, 'опланення', 'uk', 20);
    expect(hit).toMatchObject({ title: 'опалення', kind: { uk: 'Можливо, ви шукали' }, offer: true });
    await visitor.get(`/search?q=${encodeURIComponent('опланення')}`);
    expect(visitor.html).toMatch(/Можливо, ви шукали: <a href="\/search\?q=[^"]+">опалення<\/a>/);
    expect(visitor.html).toContain('нічого не знайдено');
    expect(visitor.html).not.toMatch(/\d результат/);
  });
});

describe('the words of requests', () => {
  it('are made anew by the job when the public text is changed or they are missing', async () => {
    await platform.pool.query(`update cc_request set public_text = 'Зовсім інша калюжа' where number = $1`, [
      hole,
    ]);
    expect(await found('перехрестя')).not.toContain(page(hole));
    await platform.pool.query('delete from cc_request_words');
    expect(await fillWords(platform.db)).toBe(1);
    expect(await found('калюжею')).toContain(page(hole));
    expect(await fillWords(platform.db)).toBe(0);
  });

  it('are made batch by batch, to the last', async () => {
    const numbers = [await register('Калюжа'), await register('Калюжа'), await register('Калюжа')];
    await platform.pool.query('delete from cc_request_words');
    expect(await fillWords(platform.db, 2)).toBe(4);
    expect(await found('калюжею')).toEqual(expect.arrayContaining(numbers.map(page)));
    expect(await fillWords(platform.db, 2)).toBe(0);
  });
});

describe('a category that the search found', () => {
  it('is kept through the page of the place', async () => {
    await visitor.get('/contact-centre/report?category=road-pothole');
    const { street, house: number } = contactCentreData.buildings.at(-1)!;
    await visitor.submit('/contact-centre/report?category=road-pothole', { address: `${street}, ${number}` });
    expect(visitor.path).toBe('/contact-centre/report/questions');
  });
});
