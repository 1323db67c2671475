import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startEmbedded } from './embedded.ts';
import { barrier, findAccount } from './owner.ts';
import { isAlive } from './processes.ts';
import { withStartLock } from './start-lock.ts';
import { elsewhere, postmaster, until } from './test-process.ts';
import { memoryDirectory } from './test-server.ts';

const root = mkdtempSync(join(memoryDirectory(), `misto-test-${process.pid}-launcher-`));
chmodSync(root, 0o755);
const children: ChildProcess[] = [];
const servers: EmbeddedServer[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of servers) await server.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A made database to copy from: initdb is the slow part. */
const made = join(root, 'made');
{
  const server = await startEmbedded({ dataDirectory: made, durable: false });
  await server.stop();
}
function freshCopy(name: string): string {
  const dataDirectory = join(root, name);
  execFileSync('cp', ['-a', made, dataDirectory]);
  return dataDirectory;
}

async function start(dataDirectory: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDirectory, durable: false });
  servers.push(server);
  return server;
}

async function startElsewhere(dataDirectory: string): Promise<ChildProcess> {
  const child = await elsewhere(dataDirectory, { durable: false });
  children.push(child);
  return child;
}

async function ask<T extends pg.QueryResultRow>(url: string, text: string): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<T>(text)).rows[0]!;
  } finally {
    await client.end();
  }
}

const answers = (server: EmbeddedServer) => () =>
  ask(server.url, 'select 1').then(
    () => true,
    () => false,
  );

describe('the embedded server', () => {
  it('speaks UTF-8 whatever the machine’s locale, on a socket that only we may use', async () => {
    const dataDirectory = freshCopy('locale');
    const server = await start(dataDirectory);
    const row = await ask(
      server.url,
      `select datlocprovider as provider, datlocale as locale, current_setting('listen_addresses') as listens,
        current_setting('fsync') as fsync, current_setting('timezone') as zone from pg_database where datname = 'misto'`,
    );
    expect(row).toEqual({ provider: 'b', locale: 'C.UTF-8', listens: '', fsync: 'off', zone: 'UTC' });
    expect(statSync(join(dataDirectory, 'database/socket')).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDirectory, 'database/password')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dataDirectory, 'database/data/pg_hba.conf'), 'utf8')).not.toMatch(
      /^local.*trust/m,
    );
  });

  it('is stopped when its Node process is killed with kill -9', async () => {
    const dataDirectory = freshCopy('guard');
    const child = await startElsewhere(dataDirectory);
    const pid = postmaster(dataDirectory);
    child.kill('SIGKILL');
    await until(() => !isAlive(pid), 10_000);
    expect(existsSync(join(dataDirectory, 'database/data/postmaster.pid'))).toBe(false);
  });

  it('comes back when the postmaster is killed with kill -9, and says so', async () => {
    const dataDirectory = freshCopy('revive');
    // Durable: without fsync and synchronous commit the last rows may go with the postmaster.
    const server = await startEmbedded({ dataDirectory });
    servers.push(server);
    await ask(server.url, 'create table kept as select 7 as n');
    let lost = 0;
    server.onExit(() => lost++);
    const before = postmaster(dataDirectory);
    process.kill(before, 'SIGKILL');
    await until(() => lost > 0, 10_000);
    await until(answers(server), 10_000);
    expect(postmaster(dataDirectory)).not.toBe(before);
    expect(await ask(server.url, 'select n from kept')).toEqual({ n: 7 });
  });

  it('comes back when a busy child outlives the killed postmaster', async () => {
    const dataDirectory = freshCopy('busy');
    const server = await start(dataDirectory);
    const busy = ask(server.url, `select count(*) from generate_series(1, 2000000000) n`).catch(() => {});
    await sleep(100);
    process.kill(postmaster(dataDirectory), 'SIGKILL');
    await sleep(20);
    await until(answers(server), 10_000);
    await busy;
  });

  it('is attached to by a second process, and started again by it when the first one stops', async () => {
    const dataDirectory = freshCopy('attach');
    const owner = await startElsewhere(dataDirectory);
    const pid = postmaster(dataDirectory);
    const server = await start(dataDirectory);
    expect(postmaster(dataDirectory)).toBe(pid);
    owner.kill('SIGTERM');
    await until(() => !isAlive(pid), 5_000);
    await until(answers(server), 2_000);
    expect(postmaster(dataDirectory)).not.toBe(pid);
  });

  it('goes on when the process that attached to it lets go', async () => {
    const dataDirectory = freshCopy('let-go');
    const server = await start(dataDirectory);
    const guest = await startEmbedded({ dataDirectory, durable: false });
    await guest.stop();
    expect(await answers(server)()).toBe(true);
  });

  it('starts although the pid file points at a live process of another program', async () => {
    const dataDirectory = freshCopy('foreign');
    const first = await startElsewhere(dataDirectory);
    const pid = postmaster(dataDirectory);
    const stale = readFileSync(join(dataDirectory, 'database/data/postmaster.pid'), 'utf8');
    first.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid), 2_000);
    const foreign = spawn('sleep', ['60'], {
      // The same account, so that PostgreSQL itself would believe in it.
      ...(process.getuid?.() === 0 ? findAccount(readFileSync('/etc/passwd', 'utf8')) : {}),
      cwd: '/',
    });
    children.push(foreign);
    writeFileSync(
      join(dataDirectory, 'database/data/postmaster.pid'),
      stale.replace(/^\d+/, String(foreign.pid)),
    );
    const server = await start(dataDirectory);
    expect(await answers(server)()).toBe(true);
    expect(isAlive(foreign.pid!)).toBe(true);
  });

  it('is made once when two processes start it for the first time at once', async () => {
    const dataDirectory = join(root, 'twice');
    const [one, two] = await Promise.all([startElsewhere(dataDirectory), startElsewhere(dataDirectory)]);
    expect(one.exitCode ?? two.exitCode).toBe(null);
    expect(readdirSync(join(dataDirectory, 'database')).filter((name) => /new|starting/.test(name))).toEqual(
      [],
    );
    const server = await start(dataDirectory);
    expect(await answers(server)()).toBe(true);
  });

  it('begins again when it was killed half-way through making the database', async () => {
    const dataDirectory = join(root, 'half');
    cpSync(made, dataDirectory, { recursive: true });
    mkdirSync(join(dataDirectory, 'database/data.new/base'), { recursive: true });
    rmSync(join(dataDirectory, 'database/data'), { recursive: true });
    const server = await start(dataDirectory);
    expect(await answers(server)()).toBe(true);
  });

  it('works on a path that is too long for a socket', async () => {
    const long = join(root, 'довга-назва-теки'.repeat(4), 'ще-одна'.repeat(6));
    mkdirSync(long, { recursive: true });
    execFileSync('cp', ['-a', made, join(long, 'var')]);
    const server = await start(join(long, 'var'));
    expect(decodeURIComponent(server.url)).toContain('host=/tmp/misto-');
    expect(await answers(server)()).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)(
    'works for root under a directory that only root may enter, or names it with the ways out',
    async () => {
      const closed = join(root, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      execFileSync('cp', ['-a', made, join(closed, 'var')]);
      const started = await start(join(closed, 'var')).then(
        (server) => answers(server)(),
        (error: Error) => error.message,
      );
      if (started !== true) expect(started).toMatch(new RegExp(`may not enter ${closed}.*DATABASE_URL`));
      expect(statSync(closed).mode & 0o777).toBe(0o700);
    },
  );

  it('says in one line what is wrong when it cannot start', async () => {
    const dataDirectory = freshCopy('broken');
    writeFileSync(join(dataDirectory, 'database/data/postgresql.conf'), 'no_such_setting = 1\n');
    await expect(start(dataDirectory)).rejects.toThrow(/^PostgreSQL ended at once: .*postgres\.log\)$/);
    writeFileSync(join(dataDirectory, 'database/data/PG_VERSION'), '17\n');
    await expect(start(dataDirectory)).rejects.toThrow(/made by PostgreSQL 17.*docs\/operations\.md/);
  });

  it('gets a new password when the file with it is gone', async () => {
    const dataDirectory = freshCopy('password');
    rmSync(join(dataDirectory, 'database/password'));
    const server = await start(dataDirectory);
    expect(await answers(server)()).toBe(true);
  });
});

describe('the account PostgreSQL runs as', () => {
  it('is postgres, else nobody', () => {
    const passwd =
      'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\npostgres:x:70:71::/:/bin/sh\n';
    expect(findAccount(passwd)).toEqual({ uid: 70, gid: 71 });
    expect(findAccount(passwd.replace('postgres', 'other'))).toEqual({ uid: 65534, gid: 65534 });
    expect(findAccount('root:x:0:0::/root:/bin/sh\n')).toBeUndefined();
  });

  it('is stopped by the first directory that it may not enter', () => {
    const closed = join(root, 'one', 'closed');
    mkdirSync(join(closed, 'inner'), { recursive: true });
    chmodSync(closed, 0o700);
    const stranger = { uid: 54321, gid: 54321 };
    expect(barrier(join(closed, 'inner'), stranger)).toBe(closed);
    chmodSync(closed, 0o711);
    expect(barrier(join(closed, 'inner'), stranger)).toBeUndefined();
  });
});

describe('the start lock', () => {
  it('lets one in at a time, and is taken over from a holder that died', async () => {
    const home = join(root, 'lock');
    mkdirSync(join(home, 'starting'), { recursive: true });
    writeFileSync(join(home, 'starting', '999999999-1'), '');
    let inside = 0;
    let most = 0;
    const act = () =>
      withStartLock(home, async () => {
        most = Math.max(most, ++inside);
        await sleep(5);
        inside--;
      });
    await Promise.all(Array.from({ length: 8 }, act));
    expect(most).toBe(1);
    expect(readdirSync(home)).toEqual([]);
  });
});
