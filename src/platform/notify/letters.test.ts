import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import { createPlatform } from '../platform.ts';
import { systemActor } from '../work.ts';
import { defineTemplate, notify } from './index.ts';

const test = await testPlatform();
const keysFile = join(mkdtempSync(join(tmpdir(), 'misto-')), 'keys.json');
const platform = createPlatform({ ...test, config: { ...test.config, mode: 'demo', keysFile } });
const app = createApp(platform);
const answer = defineTemplate<{ number: string }>('test.answer', 1, {
  uk: ({ number }) => ({ subject: `Відповідь на звернення ${number}`, lines: ['Порушень не виявлено.'] }),
  en: ({ number }) => ({ subject: `Answer to appeal ${number}`, lines: ['No fault was found.'] }),
});

async function enter(persona: string) {
  const browser = await new TestBrowser(app).get('/sign-in');
  return browser.submit('/sign-in/demo', { persona });
}

let last = 0;
/** A letter that is to be posted, or one whose fate nobody knows. @returns the delivery's id. */
async function letter(kind: 'post' | 'uncertain'): Promise<string> {
  last += 1;
  const message = await platform.work(systemActor('test'), (work) =>
    notify(work, {
      to: { post: 'Олена Приклад\nсело Забудькове, 3', language: 'uk', secrets: work.secrets },
      event: `e${last}`,
      template: answer,
      variables: { number: String(last) },
      weight: 'legal',
    }),
  );
  if (kind === 'uncertain')
    await test.pool.query(
      `update delivery set channel = 'email', state = 'uncertain' where message_id = $1`,
      [message],
    );
  const { rows } = await test.pool.query('select id from delivery where message_id = $1', [message]);
  return rows[0].id;
}

const stateOf = async (id: string) =>
  (
    await test.pool.query(
      `select state, (select json_agg(outcome || ' ' || detail) from delivery_attempt where delivery_id = d.id) as evidence
       from delivery d where id = $1`,
      [id],
    )
  ).rows[0];

describe('letters that wait for people', () => {
  it('are listed for the office, opened with their address, posted and written down as evidence', async () => {
    const id = await letter('post');
    const office = await enter('letters');
    await office.get('/desk');
    expect(office.html).toContain('href="/desk/letters"');
    await office.get('/desk/letters');
    expect(office.html).toContain(`Відповідь на звернення ${last}`);
    expect(office.html).not.toContain('Забудькове');
    await office.get(`/desk/letters/${id}`);
    expect(office.html).toContain('<p>село Забудькове, 3</p>');
    expect(office.html).toContain('Порушень не виявлено.');
    expect(office.html).not.toContain('value="again"');
    await office.submit(`/desk/letters/${id}`, { outcome: 'sent' });
    expect(office.html).toContain('Поштою надсилати нічого');
    expect(await stateOf(id)).toEqual({ state: 'sent', evidence: ['sent by hand'] });
    const { rows } = await test.pool.query(
      `select entry->>'action' as action from audit_pending where entry->>'resource' = $1 order by id`,
      [`delivery:${id}`],
    );
    expect(rows.map(({ action }) => action)).toEqual(['personal-data:read', 'platform:settle-letter']);
    expect((await office.get(`/desk/letters/${id}`)).status).toBe(404);
  });

  it('that may have gone out are sent again only when people say so', async () => {
    const [again, arrived] = [await letter('uncertain'), await letter('uncertain')];
    const office = await enter('letters');
    await office.get(`/desk/letters/${again}`);
    await office.submit(`/desk/letters/${again}`, { outcome: 'again' });
    expect(await stateOf(again)).toEqual({ state: 'queued', evidence: null });
    await office.get(`/desk/letters/${arrived}`);
    await office.submit(`/desk/letters/${arrived}`, { outcome: 'sent' });
    expect(await stateOf(arrived)).toEqual({ state: 'sent', evidence: ['sent by hand'] });
  });

  it('show nobody’s data while the look cannot be written down', async () => {
    const id = await letter('post');
    const office = await enter('letters');
    await test.pool.query('alter table audit_pending rename to audit_elsewhere');
    await office.get(`/desk/letters/${id}`);
    await test.pool.query('alter table audit_elsewhere rename to audit_pending');
    expect(office.status).toBe(503);
    expect(office.headers.get('retry-after')).toBe('60');
    expect(office.html).not.toContain('Забудькове');
    expect((await office.get(`/desk/letters/${id}`)).html).toContain('Забудькове');
  });

  it('are for the office alone', async () => {
    const id = await letter('post');
    for (const path of ['/desk/letters', `/desk/letters/${id}`])
      expect((await (await enter('administrator')).get(path)).status).toBe(403);
  });
});
