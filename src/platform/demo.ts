import { sql } from 'drizzle-orm';
import { manualClock } from './clock.ts';
import type { Platform } from './system.ts';

const lock = 4_702_517_002;

/**
 * Fills an empty demo city, once for the installation: of several processes that start together one fills and the others
 * wait for it. The systems make their parts by the functions that people's clicks call, on a clock of their own.
 *
 * @returns whether it was filled now.
 */
export async function fillDemo(platform: Platform): Promise<boolean> {
  if (platform.config.mode !== 'demo') return false;
  const client = await platform.db.$client.connect();
  try {
    // Filling takes longer than the limits of a web statement; only the waiting for the lock needs this connection.
    await client.query('set statement_timeout = 0; set lock_timeout = 0');
    await client.query('select pg_advisory_lock($1)', [lock]);
    const { rows } = await platform.db.execute<{ filled: boolean }>(
      sql`select demo_filled_at is not null as filled from installation where id = 1`,
    );
    if (rows[0]?.filled) return false;
    for (const system of platform.systems)
      if (system.demo) await system.demo(platform, manualClock(platform.clock.now()));
    await platform.db.execute(
      sql`update installation set demo_filled_at = ${platform.clock.now().toISOString()} where id = 1`,
    );
    return true;
  } finally {
    // The connection goes with its lock and its settings.
    client.release(true);
  }
}
