import pg from 'pg';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config/index.ts';
import { openPool } from '#platform/database/pool.ts';
import { appRole } from '#platform/database/roles.ts';
import { createPlatform } from '#platform/platform.ts';
import type { Platform } from '#platform/system.ts';

export interface Recorded {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What an act says to PostgreSQL when it is done a second time, begin and commit included. */
export async function recorded(
  url: string,
  directory: string,
  act: (platform: Platform) => Promise<void>,
): Promise<Recorded[]> {
  const config = readConfig({ MISTO_MODE: 'demo', MISTO_DATA_DIR: directory });
  const said: Recorded[] = [];
  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [what, values] = args as [string | { text: string; values?: unknown[] }, unknown];
    if (typeof what === 'string') said.push({ text: what, values: Array.isArray(values) ? values : [] });
    else said.push({ text: what.text, values: Array.isArray(values) ? values : (what.values ?? []) });
    return Reflect.apply(query, this, args);
  } as typeof query;
  const pool = openPool(url, { role: appRole, max: 1 });
  try {
    const platform = createPlatform({ config, clock: systemClock, pool, systems: [] });
    await act(platform);
    said.length = 0;
    await act(platform);
  } finally {
    pg.Client.prototype.query = query;
    await pool.end();
  }
  return said;
}
