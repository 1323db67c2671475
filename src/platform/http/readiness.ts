import { signingKeyOf } from '../audit/heads.ts';
import { migrations } from '../database/migrate.ts';
import { oldMinor } from '../database/minor-release.ts';
import { diskState, littleSpace } from '../disk.ts';
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
 * database was written. Work that waits behind the scenes, a disk without room and an old
 * PostgreSQL are warnings: taking the pages away would mend none of them, and with a full disk reading goes on.
 */
export async function readinessOf(platform: Platform, lifecycle: Lifecycle): Promise<Readiness> {
  if (lifecycle.stopping) return { problem: 'stopping', warnings: [] };
  try {
    const { rows } = await platform.db.$client.query<{
      n: number;
      signed_by: string | null;
      version: number;
    }>({
      name: 'readiness',
      text: `select count(*)::int as n, (select public_key from audit_head order by size desc limit 1) as signed_by,
               current_setting('server_version_num')::int as version
             from schema_migration where name = any($1)`,
      values: [migrations.map((step) => step.name)],
    });
    const { n, signed_by: signedBy, version } = rows[0]!;
    if (n !== migrations.length) return { problem: 'migrations are missing', warnings: [] };
    if (signedBy && signedBy !== signingKeyOf(secretsOf(platform.config)).publicKey)
      return { problem: 'the key ring is not that of this database', warnings: [] };
    const lag = await readLag(platform.db);
    const disk = await diskState(platform.config.dataDirectory);
    const old = oldMinor(version, platform.clock.now());
    return {
      problem: null,
      warnings: [
        ...(disk.isFull ? ['the disk is full: writes were refused in the last ten minutes'] : []),
        ...(disk.free !== null && disk.free < littleSpace
          ? [`the disk of the data folder has ${Math.round(disk.free / 1024 ** 2)} MB left`]
          : []),
        ...(lag.events > late ? [`events have waited for ${Math.round(lag.events)} s`] : []),
        ...(lag.audit > late ? [`audit entries have waited for ${Math.round(lag.audit)} s`] : []),
        ...(old ? [old] : []),
      ],
    };
  } catch {
    return { problem: 'the database does not answer', warnings: [] };
  }
}
