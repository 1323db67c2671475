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
  return locked(platform, 'select pg_advisory_lock($1)', async () => {
    const { filled } = await reached(platform);
    if (filled) return false;
    const now = platform.clock.now();
    // Beside each other, each on a clock of its own: one waits for the database while another's files are read.
    const parts = await Promise.allSettled(
      platform.systems.map((system) => system.demo?.(platform, manualClock(now))),
    );
    for (const part of parts) if (part.status === 'rejected') throw part.reason;
    await platform.db.execute(
      sql`update installation set demo_filled_at = ${now.toISOString()} where id = 1`,
    );
    return true;
  });
}

/**
 * Makes the demo city's older past while the city is open: one process does, the others go on without it. What is cut off
 * goes on at the next start.
 *
 * @returns whether the past was completed now.
 */
export async function fillDemoPast(platform: Platform, stopping: AbortSignal): Promise<boolean> {
  if (platform.config.mode !== 'demo') return false;
  return locked(platform, 'select pg_try_advisory_lock($1) as held', async () => {
    const { filled, past } = await reached(platform);
    if (!filled || past) return false;
    for (const system of platform.systems)
      if (system.demoPast && !stopping.aborted)
        await system.demoPast(platform, manualClock(new Date(filled)), stopping);
    if (stopping.aborted) return false;
    await platform.db.execute(
      sql`update installation set demo_past_at = ${platform.clock.now().toISOString()} where id = 1`,
    );
    return true;
  });
}

async function reached(platform: Platform): Promise<{ filled: string | null; past: string | null }> {
  const { rows } = await platform.db.execute<{ filled: string | null; past: string | null }>(
    sql`select demo_filled_at as filled, demo_past_at as past from installation where id = 1`,
  );
  return rows[0]!;
}

async function locked(platform: Platform, how: string, fill: () => Promise<boolean>): Promise<boolean> {
  const client = await platform.db.$client.connect();
  try {
    // Filling takes longer than the limits of a web statement; only the waiting for the lock needs this connection.
    await client.query('set statement_timeout = 0; set lock_timeout = 0');
    const { rows } = await client.query<{ held?: boolean }>(how, [lock]);
    return rows[0]?.held === false ? false : await fill();
  } finally {
    // The connection goes with its lock and its settings.
    client.release(true);
  }
}
