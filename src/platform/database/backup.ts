import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import pg from 'pg';
import { type Digest, digester, firstDifference } from './digest.ts';
import { type EmbeddedServer, startEmbedded } from './embedded.ts';
import { readTar, TarFault, type TarWriter, tarWriter } from './tar.ts';

/** What a backup holds, for people and programs. The key ring and the server's password are never in it. */
export interface Manifest {
  readonly format: 'misto-backup-1';
  readonly madeAt: string;
  readonly postgres: string;
  /** WAL positions between which the copy was taken; the restored database stands at the second one. */
  readonly from: string;
  readonly to: string;
  /** Rows of the append-only tables when the copy began: the restored database has at least these. */
  readonly rows: Readonly<Record<string, number>>;
  readonly files: readonly ({ readonly path: string } & Digest)[];
}

/** The backup is not what was written. The message names the first wrong byte. */
export class BackupFault extends Error {
  override name = 'BackupFault';
}

/** Tables that only grow: their rows can be counted before and after. */
const growing = ['schema_migration', 'audit_log', 'event_log'];

/**
 * Writes an online copy of the database and the file store as one tar stream, while people go on working: the data files
 * as they are being changed, and the WAL that makes one consistent state of them.
 *
 * @param dataDirectory the folder that holds `database/` and `files/`.
 */
export async function backup(
  server: EmbeddedServer,
  dataDirectory: string,
  to: Writable,
  now: Date,
): Promise<Manifest> {
  const session = new pg.Client({ connectionString: server.url, application_name: 'misto backup' });
  session.on('error', () => {});
  await session.connect();
  try {
    const tar = tarWriter(to);
    const files: ({ path: string } & Digest)[] = [];
    const rows = await countRows(session);
    // The slot keeps the WAL from being recycled while we copy; it goes with the session.
    await session.query(`select pg_create_physical_replication_slot($1, true, true)`, [
      `misto_${process.pid}`,
    ]);
    const began = await one(session, `select pg_backup_start('misto', true)::text as lsn`);
    const first = await one(session, 'select pg_walfile_name($1::pg_lsn) as name', [began.lsn]);
    await copyTree(tar, files, server.data, 'database/data', partOfBackup);
    await copyFile(tar, files, join(server.data, 'global/pg_control'), 'database/data/global/pg_control');
    const ended = await one(
      session,
      `select lsn::text, labelfile as label, pg_walfile_name(lsn) as name, current_setting('server_version') as version
       from pg_backup_stop(false)`,
    );
    await addText(tar, files, 'database/data/backup_label', ended.label!);
    for (const name of walBetween(first.name!, ended.name!))
      await copyFile(tar, files, join(server.data, 'pg_wal', name), `database/data/pg_wal/${name}`, true);
    // After the database: a file is stored before the row that speaks of it, so each row of the copy finds its file.
    const store = join(dataDirectory, 'files');
    if (existsSync(store)) await copyTree(tar, files, store, 'files', isStored);
    const manifest: Manifest = {
      format: 'misto-backup-1',
      madeAt: now.toISOString(),
      postgres: ended.version!,
      from: began.lsn!,
      to: ended.lsn!,
      rows,
      files,
    };
    const about = await addText(tar, [], 'manifest.json', JSON.stringify(manifest));
    await addText(tar, [], 'manifest.digest.json', JSON.stringify(about));
    await tar.end();
    return manifest;
  } finally {
    await session.end();
  }
}

/**
 * Reads a backup to its end and compares every byte with what was written.
 *
 * @throws BackupFault naming the first wrong byte, its place in the stream and the file in it.
 */
export async function verifyBackup(from: Readable): Promise<Manifest> {
  return readBackup(from, async () => undefined);
}

/**
 * Restores a backup into an empty or missing data folder, starts it, and compares it with the manifest. Nothing appears
 * under the folder's name before the whole backup has been proved.
 *
 * @param check looks into the restored database, such as at the audit chain; it throws when something is wrong.
 * @throws BackupFault
 */
export async function restore(
  from: Readable,
  dataDirectory: string,
  check?: (server: EmbeddedServer) => Promise<void>,
): Promise<Manifest> {
  if (existsSync(dataDirectory) && readdirSync(dataDirectory).length > 0)
    throw new BackupFault(`${dataDirectory} is not empty: name a new folder`);
  const draft = `${dataDirectory}.restoring`;
  if (existsSync(draft))
    throw new BackupFault(`${draft} is left from a restore that did not end: remove it first`);
  mkdirSync(join(draft, 'database/data'), { recursive: true, mode: 0o700 });
  let manifest: Manifest;
  try {
    manifest = await readBackup(from, async (path, kind) => {
      if (!/^(database\/data|files)(\/|$)/.test(path) || path.split('/').includes('..')) return undefined;
      const at = join(draft, path);
      mkdirSync(kind === 'directory' ? at : dirname(at), { recursive: true, mode: 0o700 });
      return kind === 'directory' ? undefined : open(at, 'wx', 0o600);
    });
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  spawnSync('sync');
  renameSync(draft, dataDirectory);
  const server = await startEmbedded({ dataDirectory });
  try {
    await compareRows(server, manifest);
    await check?.(server);
  } finally {
    await server.stop();
  }
  return manifest;
}

type Sink = (path: string, kind: 'file' | 'directory') => Promise<FileHandle | undefined>;

async function readBackup(from: Readable, sink: Sink): Promise<Manifest> {
  const read: { path: string; digest: Digest; offset: number }[] = [];
  const kept = new Map<string, string>();
  try {
    for await (const entry of readTar(from)) {
      const out = await sink(entry.path, entry.kind);
      const digest = digester();
      const parts: Buffer[] = [];
      try {
        for await (const chunk of entry.content) {
          digest.add(chunk);
          if (entry.path.startsWith('manifest.')) parts.push(chunk);
          await out?.writeFile(chunk);
        }
      } finally {
        await out?.close();
      }
      if (entry.path.startsWith('manifest.')) kept.set(entry.path, Buffer.concat(parts).toString('utf8'));
      if (entry.kind === 'file') read.push({ path: entry.path, digest: digest.end(), offset: entry.offset });
    }
  } catch (error) {
    if (error instanceof TarFault) throw new BackupFault(error.message);
    throw error;
  }
  return prove(read, kept);
}

/** Compares what was read with what the manifest says, in the order of the stream. */
function prove(
  read: readonly { path: string; digest: Digest; offset: number }[],
  kept: ReadonlyMap<string, string>,
): Manifest {
  const about = read.find(({ path }) => path === 'manifest.json');
  const seal = read.find(({ path }) => path === 'manifest.digest.json');
  if (!about || !seal) throw new BackupFault('this is no backup of misto: it has no manifest');
  const was = parse<Digest>(kept.get('manifest.digest.json')!, seal);
  const fault = (path: string, offset: number, place: { from: number; to: number }) => {
    const inFile =
      place.from === place.to ? `byte ${place.from}` : `one of the bytes ${place.from} to ${place.to}`;
    const inStream =
      place.from === place.to
        ? `byte ${offset + place.from} is wrong`
        : `one of the bytes ${offset + place.from} to ${offset + place.to} is wrong`;
    return new BackupFault(`${inStream}: in ${path}, ${inFile}`);
  };
  const broken = firstDifference(was, about.digest);
  if (broken) throw fault('manifest.json', about.offset, broken);
  const manifest = parse<Manifest>(kept.get('manifest.json')!, about);
  const files = read.filter((entry) => entry !== about && entry !== seal);
  for (const [index, file] of manifest.files.entries()) {
    const found = files[index];
    if (found?.path !== file.path)
      throw new BackupFault(`${file.path} is missing: ${found?.path ?? 'the end'} stands in its place`);
    if (found.digest.size !== file.size)
      throw new BackupFault(`${file.path} has ${found.digest.size} bytes instead of ${file.size}`);
    const place = firstDifference(file, found.digest);
    if (place) throw fault(file.path, found.offset, place);
  }
  if (files.length > manifest.files.length)
    throw new BackupFault(`${files[manifest.files.length]!.path} does not belong to this backup`);
  return manifest;
}

function parse<T>(
  text: string,
  { path, offset, digest }: { path: string; offset: number; digest: Digest },
): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new BackupFault(
      `one of the bytes ${offset} to ${offset + digest.size - 1} is wrong: in ${path}, which is no JSON`,
    );
  }
}

/** What is still being written is nobody's file yet. */
function isStored(path: string): boolean {
  return !path.startsWith('incoming/');
}

/** What a server makes anew, or holds only while it runs; and what we add ourselves at the right moment. */
function partOfBackup(path: string): boolean {
  const name = path.split('/').at(-1)!;
  const [top, ...below] = path.split('/');
  const emptied = [
    'pg_dynshmem',
    'pg_notify',
    'pg_replslot',
    'pg_serial',
    'pg_snapshots',
    'pg_stat_tmp',
    'pg_subtrans',
  ];
  if (emptied.includes(top!) && below.length > 0) return false;
  if (top === 'pg_wal' && below.length > 0)
    return below.length === 1 && /^(archive_status|summaries)$/.test(name);
  if (/^pgsql_tmp|^pg_internal\.init|^t\d+_\d+/.test(name)) return false;
  return ![
    'postmaster.pid',
    'postmaster.opts',
    'backup_label',
    'tablespace_map',
    'current_logfiles',
    'global/pg_control',
  ].includes(path);
}

async function copyTree(
  tar: TarWriter,
  files: ({ path: string } & Digest)[],
  root: string,
  under: string,
  included: (path: string) => boolean,
): Promise<void> {
  await tar.directory(under);
  const walk = async (relative: string): Promise<void> => {
    const entries = await readdir(join(root, relative), { withFileTypes: true }).catch(ifGone([]));
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = relative ? `${relative}/${entry.name}` : entry.name;
      if (!included(path)) continue;
      if (entry.isDirectory()) {
        await tar.directory(`${under}/${path}`);
        await walk(path);
      } else if (entry.isFile()) await copyFile(tar, files, join(root, path), `${under}/${path}`);
    }
  };
  await walk('');
}

/** Copies as many bytes as the file has now: what grows is cut and what shrinks is filled up, the WAL mends both. */
async function copyFile(
  tar: TarWriter,
  files: ({ path: string } & Digest)[],
  from: string,
  path: string,
  required = false,
): Promise<void> {
  const handle = await open(from).catch(required ? rethrow : ifGone(undefined));
  if (!handle) return;
  try {
    const { size } = await handle.stat();
    const digest = digester();
    const buffer = Buffer.allocUnsafe(256 * 1024);
    const content = async function* () {
      for (let done = 0; done < size; ) {
        const wanted = Math.min(buffer.length, size - done);
        const { bytesRead } = await handle.read(buffer, 0, wanted, done);
        const chunk = Buffer.from(bytesRead === 0 ? Buffer.alloc(wanted) : buffer.subarray(0, bytesRead));
        digest.add(chunk);
        done += chunk.length;
        yield chunk;
      }
    };
    await tar.file(path, size, content());
    files.push({ path, ...digest.end() });
  } finally {
    await handle.close();
  }
}

async function addText(
  tar: TarWriter,
  files: ({ path: string } & Digest)[],
  path: string,
  text: string,
): Promise<Digest> {
  const bytes = Buffer.from(text);
  const digest = digester();
  digest.add(bytes);
  await tar.file(path, bytes.length, [bytes]);
  const about = digest.end();
  files.push({ path, ...about });
  return about;
}

function rethrow(error: unknown): never {
  throw error;
}

function ifGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}

/** The names of the WAL segments from one to another, both included, on one timeline. */
export function walBetween(first: string, last: string): string[] {
  const timeline = first.slice(0, 8);
  // 16 MiB segments: 256 of them make one step of the middle number.
  const number = (name: string) =>
    Number.parseInt(name.slice(8, 16), 16) * 256 + Number.parseInt(name.slice(16), 16);
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, '0');
  const names: string[] = [];
  for (let at = number(first); at <= number(last); at++)
    names.push(timeline + hex(Math.floor(at / 256)) + hex(at % 256));
  return names;
}

async function countRows(session: pg.Client): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const table of growing) {
    const { name } = await one(session, 'select to_regclass($1)::text as name', [table]);
    if (name) rows[table] = Number((await one(session, `select count(*)::text as n from ${table}`)).n);
  }
  return rows;
}

async function compareRows(server: EmbeddedServer, manifest: Manifest): Promise<void> {
  const session = new pg.Client({ connectionString: server.url });
  await session.connect();
  try {
    const found = await countRows(session);
    for (const [table, count] of Object.entries(manifest.rows))
      if ((found[table] ?? -1) < count)
        throw new BackupFault(`${table} has ${found[table] ?? 'no'} rows instead of at least ${count}`);
  } finally {
    await session.end();
  }
}

async function one(
  session: pg.Client,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, string | undefined>> {
  return (await session.query(text, values)).rows[0] ?? {};
}
