import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import { hashPassword } from '../identity/passwords.ts';
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

const heldBy = async (login: string) =>
  (
    await test.pool.query(
      `select g.role, g.district, g.reason, g.granted_by is not null as proposed, g.approved_by is not null as approved
       from access_grant g join staff_account a on a.person_id = g.person_id where a.login = $1 and revoked_at is null`,
      [login],
    )
  ).rows;

describe('an administrator', () => {
  it('opens an account, proposes a role within a scope with a reason, and another approves it', async () => {
    const admin = await enter('administrator');
    expect(admin.path).toBe('/desk/people');
    await admin.submit('/desk/people', newcomer);
    const path = admin.path;
    expect(path).toMatch(/^\/desk\/people\/[0-9a-f-]{36}$/);
    await admin.submit(`${path}/grant`, { role: 'prober', district: 'soborny' });
    expect(admin.status).toBe(422);
    await admin.get(path);
    await admin.submit(`${path}/grant`, { role: 'prober', district: 'soborny', reason: 'наказ 12' });
    expect(admin.html).toContain('Дослідник (soborny): наказ 12; ви запропонували');
    expect(admin.html).not.toContain('>Погодити<');
    expect(await heldBy('oleg')).toEqual([]);
    const approve = `${path}/proposals/${/proposals\/([0-9a-f-]{36})/.exec(admin.html)![1]}/approve`;
    const csrf = /name="_csrf" value="([^"]+)"/.exec(admin.html)![1]!;
    await admin.post(approve, { _csrf: csrf });
    expect(admin.status).toBe(409);
    expect(await heldBy('oleg')).toEqual([]);

    const deputy = await enter('administrator-deputy');
    expect(deputy.html).toContain('Чекає на погодження');
    await deputy.get(path);
    expect(deputy.html).toContain('пропонує: Адміністраторка');
    await deputy.submit(approve);
    expect(await heldBy('oleg')).toEqual([
      { role: 'prober', district: 'soborny', reason: 'наказ 12', proposed: true, approved: true },
    ]);
    await admin.get(path);
    await admin.submit(`${path}/revoke`);
    expect(await heldBy('oleg')).toEqual([]);
    await admin.submit(`${path}/block`);
    expect(admin.html).toContain('заблоковано');
  });

  it('gives a role from a day to a day; outside of them it is not held', async () => {
    const admin = await enter('administrator');
    await admin.submit('/desk/people', { ...newcomer, login: 'dated' });
    const path = admin.path;
    const role = { role: 'prober', reason: 'заміна у відпустці' };
    for (const [from, until] of [
      ['2026-12-10', '2026-12-01'],
      ['', '2026-11-01'],
      ['2026-13-01', ''],
    ]) {
      await admin.get(path);
      await admin.submit(`${path}/grant`, { ...role, from: from!, until: until! });
      expect(admin.status).toBe(422);
    }
    await admin.get(path);
    await admin.submit(`${path}/grant`, { ...role, from: '2026-12-01', until: '2026-12-14' });
    const deputy = await enter('administrator-deputy');
    await deputy.get(path);
    await deputy.submit(`${path}/proposals/${/proposals\/([0-9a-f-]{36})/.exec(deputy.html)![1]}/approve`);
    expect(deputy.html).toContain('усюди; з 01.12.2026 до 14.12.2026');
    const { rows } = await test.pool.query(
      'select valid_from, valid_until from access_grant where reason = $1',
      [role.reason],
    );
    expect(rows[0].valid_from.toISOString()).toBe('2026-11-30T22:00:00.000Z');
    expect(rows[0].valid_until.toISOString()).toBe('2026-12-14T21:59:59.999Z');
  });

  it('takes back what one proposed oneself, and refuses what another did', async () => {
    const admin = await enter('administrator');
    await admin.submit('/desk/people', { ...newcomer, login: 'refused' });
    const path = admin.path;
    for (const who of ['administrator', 'administrator-deputy']) {
      await admin.get(path);
      await admin.submit(`${path}/grant`, { role: 'prober', reason: 'наказ' });
      const other = await enter(who);
      await other.get(path);
      await other.submit(`${path}/proposals/${/proposals\/([0-9a-f-]{36})/.exec(other.html)![1]}/refuse`);
      expect(other.html).not.toContain('Чекає на погодження');
    }
    expect(await heldBy('refused')).toEqual([]);
  });

  it('resets a lost password and a lost second step only together with another administrator', async () => {
    const admin = await enter('administrator');
    await admin.submit('/desk/people', { ...newcomer, login: 'lost' });
    const path = admin.path;
    await test.pool.query(`update staff_account set totp_secret = 'x' where login = 'lost'`);
    const reset = () => /resets\/([0-9a-f-]{36})/.exec(admin.html)![1];
    await admin.submit(`${path}/reset`, { what: 'password', 'reset-reason': 'забув' });
    const first = `${path}/resets/${reset()}/approve`;
    const csrf = /name="_csrf" value="([^"]+)"/.exec(admin.html)![1]!;
    await admin.post(first, { _csrf: csrf });
    expect(admin.status).toBe(409);
    await admin.get(path);
    await admin.submit(`${path}/reset`, { what: 'password', 'reset-reason': 'ще раз' });
    expect(admin.status).toBe(422);
    const deputy = await enter('administrator-deputy');
    await deputy.get(path);
    await deputy.submit(first);
    const password = /<code>([^<]+)<\/code>/.exec(deputy.html)![1]!;
    await admin.get(path);
    await admin.submit(`${path}/reset`, { what: 'second-factor', 'reset-reason': 'загубив телефон' });
    await deputy.get(path);
    await deputy.submit(`${path}/resets/${reset()}/approve`);
    const { rows } = await test.pool.query(
      `select totp_secret, password_temporary from staff_account where login = 'lost'`,
    );
    expect(rows).toEqual([{ totp_secret: null, password_temporary: true }]);

    const back = await new TestBrowser(app).get('/sign-in/staff');
    await back.submit('/sign-in/staff', { login: 'lost', password });
    expect(back.html).toContain('Налаштуйте другий крок входу');
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
    await admin.post(`${own}/reset`, { _csrf: csrf, what: 'password', 'reset-reason': 'собі' });
    expect(admin.status).toBe(403);
    await admin.post(`${own}/block`, { _csrf: csrf });
    expect(admin.status).toBe(409);
  });
});

describe('a member of staff', () => {
  it('changes the own password, which ends the other sessions and keeps this one', async () => {
    const worker = await enter('worker');
    const elsewhere = await enter('worker');
    await test.pool.query(`update staff_account set password = $1 where login = 'demo-worker'`, [
      await hashPassword('кит їде на дачу'),
    ]);
    await worker.get('/desk/password');
    await worker.submit('/desk/password', { present: 'не той пароль', password: 'дача їде на кита' });
    expect(worker.html).toContain('Нинішній пароль неправильний');
    await worker.submit('/desk/password', { present: 'кит їде на дачу', password: 'коротко' });
    expect(worker.html).toContain('не коротший за 12');
    await worker.submit('/desk/password', { present: 'кит їде на дачу', password: 'кит їде на дачу' });
    expect(worker.html).toContain('Оберіть інший');
    await worker.submit('/desk/password', { present: 'кит їде на дачу', password: 'дача їде на кита' });
    expect(worker.html).toContain('Пароль змінено');
    await elsewhere.get('/desk');
    expect(elsewhere.html).toContain('Вхід');
  });
});

it('staff without the permission neither see nor open the page', async () => {
  const worker = await enter('worker');
  expect(worker.html).not.toContain('/desk/people');
  await worker.get('/desk/people');
  expect(worker.status).toBe(403);
});
