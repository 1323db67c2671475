import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
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
const visit = (path: string) => new TestBrowser(app).get(`/contact-centre/help${path}`);

beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

describe('answers for residents', () => {
  it('stand under their branches, without scripts and without the operator’s own words', async () => {
    const { html, status } = await visit('');
    expect(status).toBe(200);
    expect(html).toContain('Коли починається опалення');
    expect(html).not.toContain('<script');
    const article = await visit('/gas-smell');
    expect(article.html).toContain('телефонуйте 104');
    expect(article.html).not.toContain('Заявку не приймаємо');
  });

  it('are found by any form of a word, in both languages', async () => {
    expect((await visit(`?q=${encodeURIComponent('субсидією')}`)).html).toContain('Як оформити субсидію');
    const english = await new TestBrowser(app).get('/en/contact-centre/help?q=subsidy');
    expect(english.html).toContain('How to apply for a housing subsidy');
  });

  it('say what to do when there is none, and are missing as any other page', async () => {
    const { html } = await visit(`?q=${encodeURIComponent('<b>квазіпульсар')}`);
    expect(html).toContain('Такої відповіді ще немає');
    expect(html).toContain('/contact-centre/report');
    expect(html).not.toContain('<b>квазі');
    expect((await visit('/nothing')).status).toBe(404);
  });
});
