import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { startEmbedded } from './embedded.ts';
import { findAccount } from './owner.ts';
import { isAlive } from './processes.ts';
import { elsewhere, postmaster, until } from './test-process.ts';
import { memoryDirectory } from './test-server.ts';

const root = mkdtempSync(join(memoryDirectory(), `misto-test-${process.pid}-durability-`));
chmodSync(root, 0o755);
const dataDirectory = join(root, 'var');
const pidFile = join(dataDirectory, 'database/data/postmaster.pid');
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

const first = await startEmbedded({ dataDirectory });
const { url } = first;
const admin = await connect();
await admin.query('create table acknowledged (round int, writer int, n int, primary key (round, writer, n))');
await admin.end();
await first.stop();

const rounds = ['the postmaster', 'Node', 'both', 'both, and the pid file names another live program'];

it.each(rounds.map((killed, round) => ({ killed, round })))(
  'loses no acknowledged row when $killed is killed with kill -9, and is back within 2 s',
  async ({ killed, round }) => {
    let node = await elsewhere(dataDirectory, { durable: true });
    children.push(node);
    const counts = Array.from({ length: 8 }, () => 0);
    const writers = counts.map(async (_, writer) => {
      const client = await connect();
      for (;;) {
        const answer = await client
          .query('insert into acknowledged values ($1, $2, $3)', [round, writer, counts[writer]! + 1])
          .catch(() => undefined);
        if (!answer) return;
        counts[writer]!++;
      }
    });
    await sleep(250);
    const pid = postmaster(dataDirectory);
    const written = readFileSync(pidFile, 'utf8');
    if (killed !== 'the postmaster') node.kill('SIGKILL');
    if (killed !== 'Node') process.kill(pid, 'SIGKILL');
    await Promise.all(writers);
    if (killed.includes('another')) {
      await until(() => !isAlive(pid), 10_000);
      const account = process.getuid?.() === 0 ? findAccount(readFileSync('/etc/passwd', 'utf8')) : {};
      const stranger = spawn('sleep', ['60'], { cwd: '/', ...account });
      children.push(stranger);
      writeFileSync(pidFile, written.replace(/^\d+/, String(stranger.pid)));
    }
    if (killed !== 'the postmaster') {
      node = await elsewhere(dataDirectory, { durable: true });
      children.push(node);
    }
    const client = await reconnect();
    const { rows } = await client.query(
      'select writer, max(n) as last, count(*)::int as n from acknowledged where round = $1 group by writer order by writer',
      [round],
    );
    await client.end();
    expect(counts.every((count) => count > 0)).toBe(true);
    // The last row may be there without its acknowledgement, never the other way round, and none may be missing between.
    for (const [writer, count] of counts.entries()) {
      expect(rows[writer].n).toBe(rows[writer].last);
      expect(rows[writer].n - count).toBeOneOf([0, 1]);
    }
    const ended = new Promise((resolve) => node.once('exit', resolve));
    node.kill('SIGTERM');
    await ended;
  },
);

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function reconnect(): Promise<pg.Client> {
  for (;;) {
    const client = await connect().catch(() => undefined);
    if (client) return client;
    await sleep(10);
  }
}
