import { describe, expect, it } from 'vitest';
import { openPool } from './pool.ts';
import { appendOnlyTables, appRole } from './roles.ts';
import { testPlatform } from './testing.ts';

const platform = await testPlatform();

describe('the role that pages work as', () => {
  it('may neither change nor delete nor empty what only grows', async () => {
    const { rows } = await platform.pool.query(
      `select c.relname as table, privilege from pg_class c, unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) privilege
       where c.relnamespace = 'public'::regnamespace and c.relname = any($1)
         and has_table_privilege($2, c.oid, privilege)`,
      [appendOnlyTables, appRole],
    );
    expect(rows).toEqual([]);
  });

  it('may write what changes, and empty or alter nothing', async () => {
    const pool = openPool(platform.url, { role: appRole, max: 1 });
    try {
      expect((await pool.query('select current_user as me')).rows).toEqual([{ me: appRole }]);
      await pool.query(`insert into outbox (name, payload, occurred_at) values ('a', '{}', now())`);
      expect((await pool.query('delete from outbox')).rowCount).toBe(1);
      await expect(pool.query('truncate outbox')).rejects.toThrow(/permission denied/);
      await expect(pool.query('alter table outbox add x int')).rejects.toThrow(/must be owner/);
      await expect(pool.query('create table mine (x int)')).rejects.toThrow(/permission denied/);
      await expect(pool.query('delete from schema_migration')).rejects.toThrow(/permission denied/);
    } finally {
      await pool.end();
    }
  });

  it('may only read and add in a partition made while the city runs', async () => {
    await platform.pool.query('create table made_later (x int)');
    const { rows } = await platform.pool.query(
      `select p, has_table_privilege($1, 'made_later', p) as may from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p`,
      [appRole],
    );
    expect(Object.fromEntries(rows.map((row) => [row.p, row.may]))).toEqual({
      SELECT: true,
      INSERT: true,
      UPDATE: false,
      DELETE: false,
    });
  });
});
