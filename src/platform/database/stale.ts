import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { exists, processesIn, worksIn } from './processes.ts';

/** The postmaster that the pid file names, when it really is one of this data directory and runs. */
export function livePostmaster({ data }: Cluster): number | undefined {
  const pid = writtenPid(data);
  return pid && worksIn(pid, data) ? pid : undefined;
}

/**
 * Clears away what a killed server left, so that the next one can start: waits for its children, which end by themselves
 * when the postmaster is gone, and ends those that hang; then removes the pid file if its number belongs to another program
 * or to a zombie. Never while any process works in the data directory: the pid file is PostgreSQL's own interlock, and removing
 * it blindly would let two servers write the same files.
 */
export async function clearStale(cluster: Cluster): Promise<void> {
  const { data, socket } = cluster;
  for (let waited = 0; ; waited += 10) {
    const orphans = processesIn(data);
    if (orphans.length === 0) break;
    if (livePostmaster(cluster)) return;
    if (waited === 700) for (const pid of orphans) endOrphan(pid);
    if (waited > 5_000) return;
    await sleep(10);
  }
  const pid = writtenPid(data);
  // PostgreSQL clears up after a number that is free, but takes a zombie for a running server.
  if (pid === undefined || !exists(pid)) return;
  for (const name of [
    join(data, 'postmaster.pid'),
    join(socket, '.s.PGSQL.5432'),
    join(socket, '.s.PGSQL.5432.lock'),
  ])
    rmSync(name, { force: true });
}

function endOrphan(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended just now.
  }
}

function writtenPid(data: string): number | undefined {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return Number.isNaN(pid) ? undefined : Math.abs(pid);
}
