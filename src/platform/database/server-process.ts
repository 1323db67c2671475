import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { Cluster } from './cluster.ts';

/** A postmaster that this process has started. */
export interface ServerProcess {
  readonly running: boolean;
  /** Ends when the postmaster has. */
  readonly ended: Promise<void>;
  /** What it wrote to the log since its start. */
  said(): string;
  /** Disconnects everyone, writes everything down, ends. */
  stop(): Promise<void>;
}

/**
 * The guard: a shell beside the server that reads a pipe held by Node. When Node is gone, in whatever way, the pipe ends
 * and the guard stops the server; a line on the pipe tells it that the server has ended already. It forks twice, because
 * a postmaster wonders about children that it does not know. `$$` stays the number of the process that becomes PostgreSQL.
 */
const guard = `
( { trap '' INT TERM HUP QUIT
    read -r told <&3 || kill -INT $$
  } >/dev/null 2>&1 & )
exec "$@" 3<&-`;

const logLimit = 10 * 1024 * 1024;

/** Starts PostgreSQL on the cluster, with a guard. It listens on the unix socket only. */
export function spawnServer(cluster: Cluster, settings: Readonly<Record<string, string>>): ServerProcess {
  const { runner, logFile } = cluster;
  if (existsSync(logFile) && statSync(logFile).size > logLimit) renameSync(logFile, `${logFile}.old`);
  const log = openSync(logFile, 'a', 0o600);
  const from = statSync(logFile).size;
  const words = [
    ...runner.prefix,
    ...['/bin/sh', '-c', guard, 'sh', cluster.binaries.postgres],
    ...['-D', cluster.data, '-k', cluster.socket],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const child: ChildProcess = spawn(words[0]!, words.slice(1), {
    env: { ...cluster.environment },
    cwd: '/',
    // Its own session: Ctrl+C in the terminal reaches Node, and Node stops the server in good order.
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
    ...runner.identity,
  });
  closeSync(log);
  const leash = child.stdio[3] as Writable;
  leash.on('error', () => {});
  let running = true;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      running = false;
      leash.end('ended\n');
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  return {
    get running() {
      return running;
    },
    ended,
    said: () => readFileSync(logFile).subarray(from).toString('utf8'),
    async stop() {
      child.kill('SIGINT');
      const impatient = setTimeout(() => child.kill('SIGQUIT'), 30_000);
      await ended;
      clearTimeout(impatient);
    },
  };
}
