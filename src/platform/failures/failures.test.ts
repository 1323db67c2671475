import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import { createPlatform } from '../platform.ts';

const test = await testPlatform();
const keysFile = join(mkdtempSync(join(tmpdir(), 'misto-')), 'keys.json');
const config = { ...test.config, mode: 'demo' as const, keysFile };
const app = createApp(createPlatform({ config, clock: test.clock, pool: test.pool, systems: [] }));

async function enter(persona: string) {
  const browser = await new TestBrowser(app).get('/sign-in');
  return browser.submit('/sign-in/demo', { persona });
}

it('the administrator sees dead letters, has one tried again and drops another, and the log says so', async () => {
  await test.pool.query(`
    insert into event_log (number, id, name, payload, occurred_at)
      select n, uuidv7(), 'a.happened', '{}', now() from generate_series(1, 2) n;
    insert into event_dead_letter (consumer, number, error, attempts, at)
      select 'weak.system', n, 'Error at (weak.ts:1)', 5, now() from generate_series(1, 2) n`);
  const browser = await enter('administrator');
  await browser.get('/desk');
  expect(browser.html).toContain('href="/desk/failures"');
  await browser.get('/desk/failures');
  expect(browser.html).toContain('Усі роботи виконано');
  expect(browser.html).toContain('a.happened 2');
  await browser.submit('/desk/failures/events/weak.system/1', { act: 'revive' });
  expect(browser.html).toContain('чекає на спробу');
  await browser.submit('/desk/failures/events/weak.system/2', { act: 'drop' });
  expect(browser.html).not.toContain('a.happened 2');
  const { rows } = await test.pool.query(
    `select entry->>'action' as action, entry->>'resource' as resource from audit_pending
     where entry->>'resource' like 'event:%' order by id`,
  );
  expect(rows).toEqual([
    { action: 'platform:revive-event', resource: 'event:1' },
    { action: 'platform:drop-event', resource: 'event:2' },
  ]);
});

it('nobody else does', async () => {
  const browser = await enter('privacy-officer');
  expect((await browser.get('/desk/failures')).status).toBe(403);
});
