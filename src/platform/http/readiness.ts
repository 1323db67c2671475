import { signingKeyOf } from '../audit/heads.ts';
import { migrations } from '../database/migrate.ts';
import { secretsOf } from '../identity/secrets.ts';
import { readLag } from '../lag.ts';
import type { Platform } from '../system.ts';
import type { Lifecycle } from './lifecycle.ts';

/** Seconds after which what waits behind the scenes is worth a word. */
const late = 60;

export interface Readiness {
  /** Why this process must get no visitors; null: it can serve. */
  readonly problem: string | null;
  /** What somebody should look at while the city serves on. */
  readonly warnings: readonly string[];
}

/**
 * Whether this process can serve: its database answers and has every migration, and its key ring is the one under which that
 * database was written. Work that waits behind the scenes is a warning: taking the pages away would not make it faster.
 */
export async function readinessOf(platform: Platform, lifecycle: Lifecycle): Promise<Readiness> {
  if (lifecycle.stopping) return { problem: 'stopping', warnings: [] };
  try {
    const { rows } = await platform.db.$client.query<{ n: number; signed_by: string | null }>({
      name: 'readiness',
      text: `select count(*)::int as n, (select public_key from audit_head order by size desc limit 1) as signed_by
             from schema_migration where name = any($1)`,
      values: [migrations.map((step) => step.name)],
    });
    const { n, signed_by: signedBy } = rows[0]!;
    if (n !== migrations.length) return { problem: 'migrations are missing', warnings: [] };
    if (signedBy && signedBy !== signingKeyOf(secretsOf(platform.config)).publicKey)
      return { problem: 'the key ring is not that of this database', warnings: [] };
    const lag = await readLag(platform.db);
    return {
      problem: null,
      warnings: [
        ...(lag.events > late ? [`events have waited for ${Math.round(lag.events)} s`] : []),
        ...(lag.audit > late ? [`audit entries have waited for ${Math.round(lag.audit)} s`] : []),
      ],
    };
  } catch {
    return { problem: 'the database does not answer', warnings: [] };
  }
}
