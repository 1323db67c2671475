import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  type Cluster,
  ensureInitialised,
  ensurePassword,
  explain,
  openCluster,
  ownerRole,
} from './cluster.ts';
import { type ServerProcess, spawnServer } from './server-process.ts';
import { clearStale, livePostmaster } from './stale.ts';
import { StartError } from './start-error.ts';
import { withStartLock } from './start-lock.ts';

export { StartError } from './start-error.ts';

/** A PostgreSQL of our own: started here, or by another process on the same data directory. */
export interface EmbeddedServer {
  /** Connection string of the owner, over the server's unix socket. The owner is a superuser: see openPool's `role`. */
  readonly url: string;
  /** PostgreSQL's data directory, for physical backups. */
  readonly data: string;
  /** Connection string for another database of the same server. */
  urlOf(database: string): string;
  /** Calls back each time the server is lost. It comes back by itself; until then connections are refused. */
  onExit(listener: (reason: string) => void): void;
  /** Calls back each time the server answers again. */
  onReturn(listener: () => void): void;
  /** Stops the server if this process started it, else only lets go of it. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder that holds `database/`; made when missing. */
  dataDirectory: string;
  /** false only for tests: no fsync. */
  durable?: boolean;
}

/**
 * Starts the embedded server, making the database on the first run, or attaches to the one that another process has
 * started. From then on it watches over it: when the server dies, or its owner stops it, it is started again.
 *
 * @throws StartError, one line with the way out, when this machine cannot run it.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const cluster = openCluster(options.dataDirectory);
  const exitListeners: ((reason: string) => void)[] = [];
  const returnListeners: (() => void)[] = [];
  let child: ServerProcess | undefined;
  let stopping = false;

  /** One connection that is held open: its end is the news that the server is gone, whoever started it. */
  const bringUp = () =>
    withStartLock(cluster.home, async () => {
      const deadline = performance.now() + 60_000;
      for (;;) {
        const answer = await knock(cluster);
        if (answer instanceof pg.Client) return answer;
        if (performance.now() > deadline)
          throw new StartError(
            `PostgreSQL has not answered for 60 s (${child ? explain(child.said()) : 'another process started it'}): see ${cluster.logFile}`,
          );
        if (answer === 'busy' || child?.running || livePostmaster(cluster)) {
          await sleep(3);
          continue;
        }
        if (child) {
          const said = explain(child.said());
          child = undefined;
          throw new StartError(`PostgreSQL ended at once: ${said} (see ${cluster.logFile})`);
        }
        await clearStale(cluster);
        await ensureInitialised(cluster, options.durable !== false);
        await ensurePassword(cluster);
        child = spawnServer(cluster, settings(options));
      }
    });

  const watch = (monitor: pg.Client) => {
    monitor.once('end', () => {
      if (stopping) return;
      for (const listener of exitListeners) listener('the connection to PostgreSQL ended');
      void recover();
    });
  };

  const recover = async () => {
    for (let pause = 50; !stopping; pause = Math.min(pause * 2, 5_000)) {
      try {
        // A child that has ended is no failed start: forget it, so that a new one is made.
        if (child && !child.running) child = undefined;
        monitor = await bringUp();
        if (stopping) return void (await monitor.end());
        watch(monitor);
        for (const listener of returnListeners) listener();
        return;
      } catch (error) {
        for (const listener of exitListeners) listener((error as Error).message);
        await sleep(pause);
      }
    }
  };

  let monitor: pg.Client;
  try {
    monitor = await bringUp();
    const { rowCount } = await monitor.query("select 1 from pg_database where datname = 'misto'");
    if (!rowCount)
      await monitor.query('create database misto').catch((error: pg.DatabaseError) => {
        if (error.code !== '42P04' && error.code !== '23505') throw error;
      });
  } catch (error) {
    await child?.stop();
    throw error;
  }
  watch(monitor);
  return {
    url: urlOf(cluster, 'misto'),
    data: cluster.data,
    urlOf: (database) => urlOf(cluster, database),
    onExit: (listener) => void exitListeners.push(listener),
    onReturn: (listener) => void returnListeners.push(listener),
    async stop() {
      stopping = true;
      // PostgreSQL is stopped also when its farewell to this connection never comes.
      await Promise.race([monitor.end().catch(() => {}), sleep(2_000)]);
      if (child?.running) await child.stop();
    },
  };
}

function settings({ durable }: EmbeddedOptions): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_permissions: '0700',
    max_connections: '200',
    log_checkpoints: 'off',
    // mmap: shared memory lies in the data directory, so a killed test leaves none behind in the system.
    ...(durable === false
      ? {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          dynamic_shared_memory_type: 'mmap',
        }
      : {}),
  };
}

function urlOf({ passwordFile, socket }: Cluster, database: string): string {
  const password = readFileSync(passwordFile, 'utf8');
  return `postgres://${ownerRole}:${password}@/${database}?host=${encodeURIComponent(socket)}`;
}

/** Tries to connect once: a client, or `down` (nobody listens), or `busy` (starting, recovering, shutting down). */
async function knock(cluster: Cluster): Promise<pg.Client | 'down' | 'busy'> {
  let client: pg.Client;
  try {
    client = new pg.Client({
      connectionString: urlOf(cluster, 'postgres'),
      application_name: 'misto watch',
      connectionTimeoutMillis: 5_000,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'down';
    throw error;
  }
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'down';
    if (code === '28P01')
      throw new StartError(
        `the server on ${cluster.socket} does not take the password in ${cluster.passwordFile}: stop it, then start again`,
      );
    if (code === 'EACCES' || code === 'EPERM')
      throw new StartError(`${cluster.socket} may not be entered: run as the user who started the server`);
    // 57P03: starting or shutting down. 53300: no free connection. Anything else here is a connection cut in the making.
    if (code === '57P03' || code === '53300' || code === 'ECONNRESET' || code === 'EPIPE' || !code)
      return 'busy';
    throw new StartError(`PostgreSQL on ${cluster.socket} refuses: ${message}`);
  }
}
