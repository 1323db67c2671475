import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import { createPlatform } from '../platform.ts';

const test = await testPlatform();
const keysFile = join(mkdtempSync(join(tmpdir(), 'misto-')), 'k.json');
const config = { ...test.config, mode: 'demo' as const, keysFile };
const app = createApp(
  createPlatform({
    config,
    clock: test.clock,
    pool: test.pool,
    systems: [
      {
        name: 'probe',
        title: { uk: '', en: '' },
        summary: { uk: '', en: '' },
        roles: [{ name: 'prober', title: { uk: 'Дослідник', en: 'Prober' }, permissions: ['probe:act'] }],
        personas: [
          {
            name: 'worker',
            title: { uk: 'Працівник', en: 'Worker' },
            personName: 'Іван',
            roles: [{ role: 'prober' }],
            home: '/desk',
          },
        ],
      },
    ],
  }),
);
async function enter(persona: string) {
  const browser = await new TestBrowser(app).get('/sign-in');
  return browser.submit('/sign-in/demo', { persona });
}
const newcomer = { name: 'Олег Новий', login: 'oleg', post: 'Диспетчер 2', password: 'кит їде на дачу' };

describe('an administrator', () => {
  it('opens an account, gives a role within a scope with a reason, takes it back, and blocks', async () => {
    const admin = await enter('administrator');
    expect(admin.path).toBe('/desk/people');
    await admin.submit('/desk/people', newcomer);
    const path = admin.path;
    expect(path).toMatch(/^\/desk\/people\/[0-9a-f-]{36}$/);
    await admin.submit(`${path}/grant`, { role: 'prober', district: 'soborny' });
    expect(admin.status).toBe(422);
    await admin.get(path);
    await admin.submit(`${path}/grant`, { role: 'prober', district: 'soborny', reason: 'наказ 12' });
    expect(admin.html).toContain('Дослідник (soborny)');
    await admin.submit(`${path}/revoke`);
    expect(admin.html).not.toContain('Дослідник (soborny)');
    await admin.submit(`${path}/block`);
    expect(admin.html).toContain('заблоковано');
    const { rows } = await test.pool.query(
      'select role, reason, granted_by from access_grant where district is not null',
    );
    expect(rows).toMatchObject([{ role: 'prober', reason: 'наказ 12', granted_by: expect.any(String) }]);
  });

  it('is told what is wrong with a login or a password, beside what was typed', async () => {
    const admin = await enter('administrator');
    await admin.submit('/desk/people', { ...newcomer, password: 'qwerty123456' });
    expect(admin.status).toBe(422);
    expect(admin.html).toContain('легко вгадати');
    expect(admin.html).toContain('value="Олег Новий"');
    await admin.submit('/desk/people', newcomer);
    expect(admin.html).toContain('Такий логін уже є');
  });

  it('cannot change their own rights', async () => {
    const admin = await enter('administrator');
    const { rows } = await test.pool.query(`select id from staff_account where login = 'demo-administrator'`);
    const own = `/desk/people/${rows[0].id}`;
    await admin.get(own);
    const csrf = /name="_csrf" value="([^"]+)"/.exec(admin.html)![1]!;
    await admin.post(`${own}/grant`, { _csrf: csrf, role: 'prober', reason: 'собі' });
    expect(admin.status).toBe(403);
    await admin.post(`${own}/block`, { _csrf: csrf });
    expect(admin.status).toBe(409);
  });
});

it('staff without the permission neither see nor open the page', async () => {
  const worker = await enter('worker');
  expect(worker.html).not.toContain('/desk/people');
  await worker.get('/desk/people');
  expect(worker.status).toBe(403);
});
