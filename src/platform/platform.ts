import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from './clock.ts';
import type { Config } from './config/index.ts';
import { isPlanOutdated, openDb } from './database/pool.ts';
import { secretsOf } from './identity/secrets.ts';
import type { Platform, System } from './system.ts';

export interface PlatformParts {
  config: Config;
  clock: Clock;
  pool: pg.Pool;
  systems: readonly System[];
  /** Called after each commit, so the relay need not wait for its next round. */
  afterCommit?: () => void;
}

/** Puts the platform together around an open, migrated database. */
export function createPlatform(parts: PlatformParts): Platform {
  const db = openDb(parts.pool);
  return {
    config: parts.config,
    clock: parts.clock,
    db,
    systems: parts.systems,
    async work(actor, act, options = {}) {
      const requestId = options.requestId ?? randomUUID();
      const clock = options.clock ?? parts.clock;
      const once = () =>
        db.transaction((tx) => act({ tx, actor, clock, requestId, secrets: secretsOf(parts.config) }));
      const result = await once().catch((error) => {
        // A newer process has changed a table meanwhile; nobody's request is lost by that.
        if (isPlanOutdated(error)) return once();
        throw error;
      });
      parts.afterCommit?.();
      return result;
    },
  };
}
