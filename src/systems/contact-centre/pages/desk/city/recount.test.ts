import { expect, it } from 'vitest';
import { deskWorld, filled } from '../test-world.ts';

const base = '/contact-centre/desk/administrator';

it('the administrator closes a day, reads whose terms it moves and where to, and moves them with a word of why', async () => {
  const world = await deskWorld();
  const browser = await world.enter('city-data');
  await browser.get(`${base}/day`);
  for (const words of ['24 серпня', 'Великдень +49 дн.', '24.02.2022 – триває'])
    expect(browser.html).toContain(words);
  await browser.get(`${base}/recount`);
  expect(browser.html).toContain('Усі строки, що йдуть, пораховано за чинним календарем');

  // An ordinary request is accepted by the end of the next working day, which the city now closes.
  const number = await world.report({
    category: 'heat-weak',
    answers: [{ code: 'scope', values: ['house'] }],
  });
  const { rows } = await world.pool.query<{ due: Date }>(
    `select due from cc_clock where request = $1 and kind = 'accept'`,
    [number],
  );
  const day = rows[0]!.due.toISOString().slice(0, 10);
  await browser.get(`${base}/day/edit`);
  await browser.submit(`${base}/day/edit`, {
    ...filled(browser.html, `${base}/day/edit`),
    code: 'flood',
    kind: 'closed',
    on: day,
    'name-uk': 'Повінь',
    'name-en': 'Flood',
  });
  await browser.get(`${base}/recount`);
  expect(browser.html).toContain('Чиї строки зміняться');
  const { digest } = filled(browser.html, `${base}/recount`);
  await browser.submit(`${base}/recount`, { digest: digest!, note: '' });
  expect(browser.status).toBe(422);
  expect(browser.html).toContain('href="#field-note"');
  await browser.submit(`${base}/recount`, { digest: 'old', note: 'Рішення № 7' });
  expect(browser.status).toBe(409);
  expect(browser.html).toContain('Рішення № 7');
  await browser.submit(`${base}/recount`, { digest: digest!, note: 'Рішення № 7' });
  expect(browser.html).toContain('Строки перераховано, заявок: 1');

  await browser.get(`/contact-centre/requests/${number}/terms`);
  expect(browser.html).toContain('Змінився календар робочих днів');
  expect(browser.html).toContain('Рішення № 7');
});
