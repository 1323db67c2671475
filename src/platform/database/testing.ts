import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { type Clock, manualClock } from '../clock.ts';
import { readConfig } from '../config/index.ts';
import { createPlatform } from '../platform.ts';
import type { Platform, System } from '../system.ts';
import { openPool } from './pool.ts';

/** A fresh migrated database for one test file, dropped when the file ends. */
export async function testDatabase(): Promise<{ url: string; pool: pg.Pool }> {
  const adminUrl = inject('databaseUrl');
  const name = `t_${randomBytes(8).toString('hex')}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${name} template misto_template`);
  await admin.end();
  const url = adminUrl.replace('/postgres?', `/${name}?`);
  const pool = openPool(url);
  afterAll(async () => {
    await pool.end();
    const cleaner = new pg.Client({ connectionString: adminUrl });
    await cleaner.connect();
    await cleaner.query(`drop database ${name} with (force)`);
    await cleaner.end();
  });
  return { url, pool };
}

/** A platform in test mode over a fresh database. The clock stands at noon of a working day in Kyiv unless one is given. */
export async function testPlatform(
  options: { systems?: readonly System[]; clock?: Clock } = {},
): Promise<Platform & { url: string; pool: pg.Pool }> {
  const { url, pool } = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'misto-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const platform = createPlatform({
    config: readConfig({ MISTO_MODE: 'test', PUBLIC_URL: 'http://misto.test', MISTO_DATA_DIR: folder }),
    clock: options.clock ?? manualClock('2026-11-24T10:00:00Z'),
    pool,
    systems: options.systems ?? [],
  });
  return Object.assign(platform, { url, pool });
}
