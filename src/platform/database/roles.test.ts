import { describe, expect, it } from 'vitest';
import { openPool } from './pool.ts';
import { appendOnlyTables, appRole, auditRole } from './roles.ts';
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

  it('may add to what waits for the audit log, and neither take it back nor move the end of the chain', async () => {
    const pool = openPool(platform.url, { role: appRole, max: 1 });
    try {
      await pool.query(`insert into audit_pending (entry) values ('{}')`);
      for (const statement of [
        'delete from audit_pending',
        `update audit_pending set entry = '{}'`,
        'update audit_state set size = 0',
        'delete from audit_state',
        `insert into audit_state values (2, 0, '', '{}')`,
      ])
        await expect(pool.query(statement), statement).rejects.toThrow(/permission denied/);
    } finally {
      await pool.end();
      await platform.pool.query('delete from audit_pending');
    }
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

describe('the role of the audit’s sequencer', () => {
  it('may do what chaining needs, and nothing else anywhere', async () => {
    const { rows } = await platform.pool.query<{ may: string }>(
      `select c.relname || ' ' || privilege as may
       from pg_class c, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) privilege
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
         and has_table_privilege($1, c.oid, privilege) order by 1`,
      [auditRole],
    );
    expect(rows.map(({ may }) => may)).toEqual([
      'audit_head INSERT',
      'audit_head SELECT',
      'audit_log INSERT',
      'audit_log SELECT',
      'audit_pending DELETE',
      'audit_pending SELECT',
      'audit_state SELECT',
      'audit_state UPDATE',
    ]);
  });
});
