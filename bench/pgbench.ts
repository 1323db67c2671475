import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasPgbench = (): boolean => spawnSync('pgbench', ['--version']).status === 0;

/**
 * Transactions a second of a script that pgbench runs, prepared, over the socket of the embedded server.
 *
 * @throws Error with what pgbench says when a transaction failed.
 */
export function pgbench(
  url: string,
  script: string,
  how: { clients?: number; seconds?: number } = {},
): number {
  const folder = mkdtempSync(join(tmpdir(), 'misto-bench-'));
  const file = join(folder, 'script.sql');
  writeFileSync(file, script);
  const [, user = '', password = '', database = '', host = ''] =
    /^postgres:\/\/(.*?):(.*?)@\/(\w+)\?host=(.*)$/.exec(url)!;
  const done = spawnSync(
    'pgbench',
    [
      ...['-n', '-M', 'prepared', '-j', '2', '-f', file],
      ...['-c', String(how.clients ?? 10), '-T', String(how.seconds ?? 2)],
      ...['-h', decodeURIComponent(host), '-U', user, database],
    ],
    { encoding: 'utf8', env: { ...process.env, PGPASSWORD: password } },
  );
  const perSecond = /tps = ([\d.]+)/.exec(done.stdout)?.[1];
  if (done.status !== 0 || !perSecond || /failed transactions: [1-9]/.test(done.stdout))
    throw new Error(`pgbench: ${done.stderr.slice(0, 2_000)}\n${script.slice(0, 4_000)}`);
  rmSync(folder, { recursive: true });
  return Number(perSecond);
}
