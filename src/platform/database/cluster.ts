import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Binaries, findBinaries } from './binaries.ts';
import { chooseRunner, giveTo, type Runner } from './owner.ts';
import { StartError } from './start-error.ts';

/** The name of the superuser that owns the database and runs the migrations. */
export const ownerRole = 'misto_owner';

/** The folders of one embedded database, and how to run its server. */
export interface Cluster {
  /** `database/` in the data directory: everything below is ours. */
  readonly home: string;
  /** What PostgreSQL calls its data directory. */
  readonly data: string;
  /** Folder of the unix socket. */
  readonly socket: string;
  readonly passwordFile: string;
  readonly logFile: string;
  readonly binaries: Binaries;
  readonly runner: Runner;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Finds out how a database can live in the data directory, and makes the folders that are missing.
 *
 * @throws StartError when it cannot.
 */
export function openCluster(dataDirectory: string): Cluster {
  const binaries = findBinaries();
  mkdirSync(dataDirectory, { recursive: true });
  mkdirSync(join(dataDirectory, 'database'), { recursive: true, mode: 0o700 });
  const home = realpathSync(join(dataDirectory, 'database'));
  const uid = process.getuid?.();
  if (uid !== 0 && statSync(home).uid !== uid)
    throw new StartError(
      `${home} belongs to user ${statSync(home).uid}, not to you (${uid}): run as that user, or give it to you with chown -R`,
    );
  if (uid === 0) {
    // The data directory is ours: letting the account pass through it shows nothing of what lies inside.
    const passable = statSync(dataDirectory).mode | 0o011;
    chmodSync(dataDirectory, passable & 0o7777);
  }
  const runner = chooseRunner(binaries, join(home, '..'));
  const socket = socketFolder(home);
  mkdirSync(socket, { recursive: true, mode: 0o700 });
  if (!socket.startsWith(home)) requireOurs(socket, runner);
  giveTo(home, runner);
  giveTo(socket, runner);
  return {
    home,
    socket,
    data: join(home, 'data'),
    passwordFile: join(home, 'password'),
    logFile: join(home, 'postgres.log'),
    binaries,
    runner,
    environment: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      LC_ALL: 'C',
      TZ: 'UTC',
      LD_LIBRARY_PATH: binaries.libraries,
    },
  };
}

/** A unix socket's path has at most 107 bytes (103 on macOS): a long one moves to a short folder named after the data's path. */
export function socketFolder(home: string): string {
  const beside = join(home, 'socket');
  if (Buffer.byteLength(join(beside, '.s.PGSQL.5432')) <= 103) return beside;
  const temporary = existsSync('/tmp') ? '/tmp' : tmpdir();
  return join(temporary, `misto-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`);
}

/** In a folder that everyone may write to, someone else may have made ours first. */
function requireOurs(folder: string, { owner }: Runner): void {
  const entry = lstatSync(folder);
  const allowed = [process.getuid?.(), owner?.uid];
  if (!entry.isDirectory() || !allowed.includes(entry.uid) || entry.mode & 0o077)
    throw new StartError(
      `${folder} should hold the database's socket but is not ours alone: remove it, or use a shorter MISTO_DATA_DIR`,
    );
}

/**
 * Makes the database files where there are none: in a sibling folder that gets its name only when whole, so being killed
 * half-way leaves nothing that looks like a database.
 */
export async function ensureInitialised(cluster: Cluster, durable: boolean): Promise<void> {
  const { data, home, passwordFile, runner } = cluster;
  for (const name of readdirSync(home))
    if (name.startsWith('data.new')) rmSync(join(home, name), { recursive: true, force: true });
  if (existsSync(data)) return requireVersion(data);
  writePassword(cluster, randomBytes(24).toString('hex'));
  const sibling = `${data}.new`;
  const made = await run(cluster, cluster.binaries.initdb, [
    ...['-D', sibling, '-U', ownerRole, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
    ...['-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
    ...(durable ? [] : ['--no-sync']),
  ]);
  if (made.status !== 0) {
    rmSync(sibling, { recursive: true, force: true });
    throw new StartError(`the database could not be made: ${explain(made.output)}`);
  }
  giveTo(sibling, runner);
  renameSync(sibling, data);
}

/** Files that came without their password (a restored backup) get a new one, set without a server. */
export async function ensurePassword(cluster: Cluster): Promise<void> {
  if (existsSync(cluster.passwordFile)) return;
  const password = randomBytes(24).toString('hex');
  const set = await run(
    cluster,
    cluster.binaries.postgres,
    ['--single', '-D', cluster.data, 'postgres'],
    `alter role ${ownerRole} password '${password}'\n`,
  );
  if (set.status !== 0 || /ERROR|FATAL/.test(set.output))
    throw new StartError(`the database did not take a new password: ${explain(set.output)}`);
  writePassword(cluster, password);
}

function writePassword({ passwordFile, runner }: Cluster, password: string): void {
  // By rename: a file cut short by a full disk or a kill would lock us out.
  const draft = `${passwordFile}.new`;
  writeFileSync(draft, password, { mode: 0o600 });
  if (runner.owner) chownSync(draft, runner.owner.uid, runner.owner.gid);
  renameSync(draft, passwordFile);
}

function requireVersion(data: string): void {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version !== '18')
    throw new StartError(
      `${data} was made by PostgreSQL ${version}, this version of misto brings 18: dump it with the old version and load it into the new one (docs/operations.md)`,
    );
}

/** Runs one program of the cluster to its end. */
function run(
  { runner, environment }: Cluster,
  program: string,
  args: readonly string[],
  input = '',
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const words = [...runner.prefix, program, ...args];
    const child = spawn(words[0]!, words.slice(1), {
      env: { ...environment },
      cwd: '/',
      stdio: 'pipe',
      ...runner.identity,
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output = (output + chunk).slice(-8000);
    });
    child.stderr.on('data', (chunk) => {
      output = (output + chunk).slice(-8000);
    });
    child.on('error', (error) => resolve({ status: null, output: error.message }));
    child.on('close', (status) => resolve({ status, output }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** What a server or initdb said, cut down to the line that matters and the way out. */
export function explain(output: string): string {
  if (/ENOENT|not found.*GLIBC|GLIBC.*not found/.test(output))
    return 'its programs need glibc 2.27 or newer (not musl): set DATABASE_URL to a PostgreSQL 18 server';
  const nameless = /effective user ID (\d+)/.exec(output)?.[1];
  if (nameless)
    return `user ${nameless} has no name in /etc/passwd: give it one, run as another user, or set DATABASE_URL`;
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const line = lines.findLast((text) => /FATAL|PANIC|error:/.test(text)) ?? lines.at(-1) ?? 'it said nothing';
  const text = line.replace(/^.*?(FATAL|PANIC|error):\s*/, '');
  return /No space left/.test(output) ? `${text}: free some space on the disk` : text;
}
