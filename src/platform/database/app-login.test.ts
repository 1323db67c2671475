import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAppLogin, letAppLogIn } from './app-login.ts';
import { openPool } from './pool.ts';
import { appRole } from './roles.ts';
import { testPlatform } from './testing.ts';

const platform = await testPlatform();
let url = '';
let pool: pg.Pool;
beforeAll(async () => {
  url = await letAppLogIn(platform.url);
  pool = openPool(url, { role: appRole, max: 1 });
});
afterAll(() => pool.end());

describe('the login of pages', () => {
  it('works as pages do, and whatever it is made to say it does not become the owner', async () => {
    await pool.query(`insert into outbox (name, payload, occurred_at) values ('a', '{}', now())`);
    for (const statement of ['reset role', 'set role none', 'reset session authorization', 'discard all']) {
      await pool.query(statement);
      const { rows } = await pool.query('select current_user as now, session_user as behind');
      expect(rows, statement).toEqual([{ now: appRole, behind: appRole }]);
    }
    for (const statement of [
      'set role misto_owner',
      'set session authorization misto_owner',
      'set role misto_audit',
      'alter table outbox add x int',
      'delete from audit_pending',
      'create role mine',
      `alter role ${appRole} superuser`,
      `copy outbox to program 'cat'`,
    ])
      await expect(pool.query(statement), statement).rejects.toThrow(/permission denied|must be owner/);
  });

  it('becomes the role of public queries for one transaction, and only falls back to itself', async () => {
    const client = await pool.connect();
    await client.query('begin read only');
    await client.query(`select set_config('role', 'misto_query', true)`);
    await expect(client.query('select 1 from outbox')).rejects.toThrow(/permission denied/);
    await client.query('rollback');
    expect((await client.query('select current_user as me')).rows).toEqual([{ me: appRole }]);
    client.release();
  });

  it('is made by any number of processes at once', async () => {
    const urls = await Promise.all([1, 2, 3, 4].map(() => letAppLogIn(platform.url)));
    expect(new Set([url, ...urls]).size).toBe(1);
  });
});

describe('a login that DATABASE_APP_URL names', () => {
  const as = (login: string) => platform.url.replace(/\/\/[^@]*@/, `//${login}:x@`);
  beforeAll(async () => {
    await platform.pool.query(`
      create role login_app_test login password 'x'; grant ${appRole} to login_app_test;
      create role login_stranger_test login password 'x';
      create role login_owner_test login password 'x'; grant ${appRole}, misto_owner to login_owner_test`);
  });
  afterAll(async () => {
    await platform.pool.query('drop role login_app_test, login_stranger_test, login_owner_test');
  });

  it('is taken when it is a member of misto_app and nothing else', async () => {
    await checkAppLogin(as('login_app_test'));
    await checkAppLogin(url);
  });

  it('is refused in one line when it may not work as misto_app, or could become the owner, or does not answer', async () => {
    await expect(checkAppLogin(as('login_stranger_test'))).rejects.toThrow(
      'DATABASE_APP_URL: login_stranger_test may not work as misto_app; grant misto_app to login_stranger_test',
    );
    await expect(checkAppLogin(as('login_owner_test'))).rejects.toThrow(/may do more than pages need/);
    await expect(checkAppLogin(platform.url)).rejects.toThrow(/may do more than pages need/);
    await expect(checkAppLogin('postgres://nobody@127.0.0.1:1/none')).rejects.toThrow(
      /^DATABASE_APP_URL: the server cannot be used/,
    );
  });
});
