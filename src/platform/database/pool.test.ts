import { expect, it } from 'vitest';
import { openPool } from './pool.ts';
import { testDatabase } from './testing.ts';

const { url } = await testDatabase();

it('bears that PostgreSQL ends a connection between two statements of a transaction', async () => {
  const pool = openPool(url);
  const lent = await pool.connect();
  await lent.query('begin');
  const { rows } = await lent.query<{ pid: number }>('select pg_backend_pid() as pid');
  await pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
  // Without a listener the error would end this very process.
  await expect
    .poll(() =>
      lent.query('select 1').then(
        () => 'fine',
        () => 'refused',
      ),
    )
    .toBe('refused');
  lent.release(true);
  await pool.end();
});
