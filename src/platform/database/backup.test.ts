import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { folderStore } from '../files/folder.ts';
import { BackupFault, backup, restore, verifyBackup, walBetween } from './backup.ts';
import { startEmbedded } from './embedded.ts';
import { readTar, tarWriter } from './tar.ts';
import { memoryDirectory } from './test-server.ts';

const root = mkdtempSync(join(memoryDirectory(), `misto-test-${process.pid}-backup-`));
chmodSync(root, 0o755);
const dataDirectory = join(root, 'var');
const server = await startEmbedded({ dataDirectory });
afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

const connect = async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
};

describe('a backup', () => {
  const file = join(root, 'backup.tar');
  let before = 0;
  let stored = '';

  it('is taken while eight people write, and holds every row acknowledged before it began', async () => {
    mkdirSync(join(dataDirectory, 'files/ab'), { recursive: true });
    writeFileSync(join(dataDirectory, `files/ab/${'довга-назва-'.repeat(7)}.txt`), 'лист');
    stored = (await folderStore(join(dataDirectory, 'files')).put(Buffer.from('фото ями'))).sha256;
    writeFileSync(join(dataDirectory, 'files/incoming/half'), 'фот');
    const admin = await connect(server.url);
    await admin.query(`create table audit_log (number int, text text);
      create table thing (writer int, n int, primary key (writer, n))`);
    await admin.query(
      `insert into audit_log select n, repeat('рядок', 100) from generate_series(1, 20000) n`,
    );
    let writing = true;
    const acknowledged = Array.from({ length: 8 }, () => 0);
    const writers = acknowledged.map(async (_, writer) => {
      const client = await connect(server.url);
      while (writing) {
        await client.query('insert into thing values ($1, $2)', [writer, acknowledged[writer]! + 1]);
        acknowledged[writer]!++;
      }
      await client.end();
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    before = acknowledged.reduce((sum, n) => sum + n);
    const manifest = await backup(
      server,
      dataDirectory,
      createWriteStream(file),
      new Date('2026-11-24T10:00:00Z'),
    );
    writing = false;
    await Promise.all(writers);
    await admin.end();
    expect(manifest.rows).toEqual({ audit_log: 20000 });
    expect(await verifyBackup(createReadStream(file))).toEqual(manifest);
  });

  it('holds neither keys nor the server’s password', async () => {
    const names: string[] = [];
    for await (const entry of readTar(createReadStream(file))) {
      names.push(entry.path);
      for await (const _ of entry.content);
    }
    // The system's own tar reads the same.
    const listed = execFileSync('tar', ['-tf', file], { encoding: 'utf8', maxBuffer: 1e8 });
    expect(listed.split('\n').filter((name) => name.includes('manifest'))).toEqual([
      'manifest.json',
      'manifest.digest.json',
    ]);
    expect(names.filter((name) => /keys|password|postmaster\.pid/.test(name))).toEqual([]);
    expect(readFileSync(file).includes(readFileSync(join(dataDirectory, 'database/password')))).toBe(false);
  });

  it('is restored into an empty folder, row for row and file for file', async () => {
    const target = join(root, 'restored');
    let checked = false;
    await restore(createReadStream(file), target, async (restored) => {
      checked = true;
      const client = await connect(restored.url);
      const source = await connect(server.url);
      const whole = `select count(*)::int as n, md5(string_agg(number || text, ',' order by number)) as sum from audit_log`;
      expect((await client.query(whole)).rows).toEqual((await source.query(whole)).rows);
      const { rows } = await client.query(
        'select writer, count(*)::int as n, max(n) as last from thing group by writer',
      );
      expect(rows.reduce((sum, row) => sum + row.n, 0)).toBeGreaterThanOrEqual(before);
      // One moment of the past: no writer has a gap.
      expect(rows.filter((row) => row.n !== row.last)).toEqual([]);
      await source.end();
      await client.end();
    });
    expect(checked).toBe(true);
    expect(readFileSync(join(target, `files/ab/${'довга-назва-'.repeat(7)}.txt`), 'utf8')).toBe('лист');
    const pieces: Uint8Array[] = [];
    for await (const piece of await folderStore(join(target, 'files')).open(stored)) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('фото ями');
    expect(existsSync(join(target, 'files/incoming/half'))).toBe(false);
    await expect(restore(createReadStream(file), target)).rejects.toThrow(/is not empty/);
  });

  it('names the one byte that is wrong, wherever it stands', async () => {
    const bytes = readFileSync(file);
    const { size } = statSync(file);
    const at = bytes.indexOf('рядок', Math.floor(size / 3)) + 3;
    bytes[at]! ^= 0x10;
    await expect(verifyBackup(Readable.from(chunks(bytes)))).rejects.toThrow(
      new RegExp(`^byte ${at} is wrong: in database/data/(base|pg_wal)/`),
    );
    bytes[at]! ^= 0x10;
    const inManifest = bytes.indexOf('misto-backup-1') + 2;
    bytes[inManifest]! ^= 1;
    await expect(verifyBackup(Readable.from(chunks(bytes)))).rejects.toThrow(
      `byte ${inManifest} is wrong: in manifest.json`,
    );
    bytes[inManifest]! ^= 1;
    bytes[300]! ^= 1;
    await expect(verifyBackup(Readable.from(chunks(bytes)))).rejects.toThrow(/bytes 0 to 511 is wrong/);
    bytes[300]! ^= 1;
    bytes[size - 1] = 1;
    await expect(verifyBackup(Readable.from(chunks(bytes)))).rejects.toThrow(`byte ${size - 1} is wrong`);
    await expect(verifyBackup(Readable.from(chunks(bytes.subarray(0, size / 2))))).rejects.toThrow(
      `it ends at byte ${Math.floor(size / 2)}`,
    );
  });

  it('leaves nothing behind when a damaged one is restored', async () => {
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('рядок')]! ^= 1;
    const target = join(root, 'damaged');
    await expect(restore(Readable.from(chunks(bytes)), target)).rejects.toThrow(BackupFault);
    expect(existsSync(target) || existsSync(`${target}.restoring`)).toBe(false);
  });
});

describe('the archive', () => {
  it('keeps long names, empty files and order', async () => {
    const parts: Buffer[] = [];
    const writer = tarWriter(
      new Writable({
        write(chunk, _, done) {
          parts.push(chunk);
          done();
        },
      }),
    );
    const long = `files/${'ї'.repeat(90)}/a`;
    await writer.directory('files');
    await writer.file(long, 3, [Buffer.from('abc')]);
    await writer.file('empty', 0, []);
    await writer.end();
    const seen: string[] = [];
    for await (const entry of readTar(Readable.from(chunks(Buffer.concat(parts), 7)))) {
      let text = '';
      for await (const chunk of entry.content) text += chunk;
      seen.push(`${entry.kind} ${entry.path} ${text}`);
    }
    expect(seen).toEqual(['directory files ', `file ${long} abc`, 'file empty ']);
  });

  it('knows the WAL segments from one to another', () => {
    expect(walBetween('0000000100000000000000FE', '000000010000000100000001')).toEqual([
      '0000000100000000000000FE',
      '0000000100000000000000FF',
      '000000010000000100000000',
      '000000010000000100000001',
    ]);
  });
});

function* chunks(bytes: Buffer, size = 100_000): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
