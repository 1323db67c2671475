import { XMLValidator } from 'fast-xml-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import type { System } from '#platform/system.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../city/dnipro/index.ts';
import { loadCityData } from '../city.ts';
import { registerRequest } from '../requests.ts';
import { pages } from './index.ts';
import { areaNews } from './subscribe.tsx';

const room: System = {
  name: 'contact-centre',
  title: { uk: 'Контакт-центр', en: 'Contact centre' },
  summary: { uk: '', en: '' },
  pages,
};
const platform = await testPlatform({ systems: [room] });
const app = createApp(platform);
const clock = platform.clock as ManualClock;
const house = contactCentreData.buildings[0]!;
const base = '/contact-centre/subscribe';

beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

const report = (text: string) =>
  platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: text,
      category: 'heat-none',
      text,
      answers: [{ code: 'scope', values: ['house'] }],
      place: { building: house.id, flat: '7' },
      reporter: { channel: 'web', language: 'uk' },
    }),
  );
const secrets = secretsOf(platform.config);
/** With the link that the mail carries; the database holds it sealed. */
const letters = async () => {
  const { rows } = await platform.pool.query(
    'select id, template, href, link, lines from message order by created_at, id',
  );
  return rows.map((row) => ({
    ...row,
    path: secrets.decrypt(row.link, { table: 'message', column: 'link', row: row.id }) as string,
  }));
};

describe('following an area', () => {
  it('is a valid Atom feed without personal data, narrowed by district', async () => {
    await report('Холодно <дуже> & тел. 067 123 45 67');
    const answer = await app.request(`/contact-centre/feed.atom?district=${house.district}`);
    const xml = await answer.text();
    expect(answer.headers.get('content-type')).toContain('application/atom+xml');
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).toContain('&lt;дуже&gt; &amp;');
    expect(xml).not.toContain('123 45 67');
    const empty = await (await app.request('/en/contact-centre/feed.atom?district=nowhere')).text();
    expect(empty).not.toContain('<entry>');
    expect(XMLValidator.validate(empty)).toBe(true);
  });

  it('begins by a confirmed letter, tells news once a day, once, and ends by a button', async () => {
    const visitor = new TestBrowser(app);
    await visitor.get(base);
    await visitor.submit(base, { email: 'not an address', district: 'nowhere' });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('value="not an address"');
    await visitor.submit(base, { email: 'olena@example.org', district: house.district });
    expect(visitor.html).toContain('вже йде лист');
    await visitor.submit(base, { email: 'olena@example.org', district: house.district });
    const sent = await letters();
    expect(sent.map((one) => one.template)).toEqual(['contact-centre.area-confirm@1']);

    await areaNews.run(platform, {});
    expect(await letters()).toHaveLength(1);
    const { path } = sent[0]!;
    expect(path).toMatch(/^\/contact-centre\/subscribe\/[\w-]+\.[\w-]+$/);
    expect(sent[0]!.href).toBeNull();
    expect(sent[0]!.link).not.toContain('subscribe');
    expect((await new TestBrowser(app).get(`${base}/guess`)).status).toBe(404);
    await visitor.get(path);
    await visitor.submit(path);
    expect(visitor.html).toContain('підписку ввімкнено');

    clock.advance(60_000);
    const made = await report('Знову холодно');
    clock.advance(60_000);
    await areaNews.run(platform, {});
    await areaNews.run(platform, {});
    const all = await letters();
    expect(all).toHaveLength(2);
    expect(all[1]!.lines[0]).toContain(made.number.slice(2, 6));

    expect(all[1]!.href).toBeNull();
    await visitor.get(all[1]!.path);
    await visitor.submit(path);
    expect(visitor.html).toContain('Вас відписано');
    const { rows } = await platform.pool.query('select key, sealed, email_blind from cc_subscription');
    expect(rows).toEqual([{ key: null, sealed: null, email_blind: null }]);
    clock.advance(60_000);
    await report('І ще раз');
    await areaNews.run(platform, {});
    expect(await letters()).toHaveLength(2);
  });
});
