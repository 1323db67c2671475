// Keeps: a demo cut off half-way goes on where it was, and shows every state; a stop asked of npm stops everything; a taken port and two starts at once
// are one clear line and a way out each (platform.md §1, §16, §17.1).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openCluster } from '#platform/database/cluster.ts';
import { closings, states } from '../../src/systems/contact-centre/states.ts';
import { connect, freshCity, until } from './city.ts';

const root = join(import.meta.dirname, '../..');
const started: ChildProcess[] = [];
afterAll(() => {
  for (const one of started) one.kill('SIGKILL');
});

function run(
  command: string,
  args: readonly string[],
  dataDirectory: string,
  demo: 'year' | 'city',
  port: number = 0,
) {
  const child = spawn(command, args, {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      MISTO_MODE: 'demo',
      MISTO_DEMO: demo,
      MISTO_DATA_DIR: dataDirectory,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let said = '';
  let complained = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    complained += chunk;
  });
  return { child, said: () => said, complained: () => complained };
}

/** Every process that names the folder in its command: PostgreSQL's do. */
const left = (dataDirectory: string) =>
  spawnSync('pgrep', ['-f', '--', dataDirectory], { encoding: 'utf8' }).stdout.trim();

it('a demo killed while it is made goes on at the next start, its older months after a stop, and has requests in every state', async () => {
  const city = freshCity();
  const lives = async (): Promise<number> => {
    if (!existsSync(openCluster(city.dataDirectory).passwordFile)) return 0;
    const client = await connect(city.url()).catch(() => null);
    if (!client) return 0;
    const { rows } = await client
      .query<{ n: number }>('select count(*)::int as n from cc_request')
      .catch(() => ({ rows: [{ n: 0 }] }));
    await client.end();
    return rows[0]!.n;
  };
  const server = ['dist/server/main.js'];
  const killed = run('node_modules/.bin/node', server, city.dataDirectory, 'year');
  await until(async () => (await lives()) > 100, 40_000);
  killed.child.kill('SIGKILL');
  expect(killed.said()).not.toContain('ready');

  const second = run('node_modules/.bin/node', server, city.dataDirectory, 'year');
  await until(async () => second.said().includes('misto ready'), 40_000);
  const atReady = await lives();
  await until(async () => (await lives()) > atReady, 20_000);
  second.child.kill('SIGTERM');
  expect(await once(second.child, 'exit')).toEqual([0, null]);

  const third = run('node_modules/.bin/node', server, city.dataDirectory, 'year');
  await until(async () => third.said().includes('misto ready'), 20_000);
  const atThird = await lives();
  await until(async () => (await lives()) > atThird, 20_000);
  const client = await connect(city.url());
  const { rows } = await client.query(`select
    count(*)::int = count(distinct intake_key)::int as once,
    bool_and(version = (select max(seq) from cc_history h where h.request = r.number)) as whole
    from cc_request r`);
  expect(rows).toEqual([{ once: true, whole: true }]);
  // `registered` is left within the act that registers, and `in_event` comes with the outages.
  const { rows: told } = await client.query<{ state: string; closing: string | null }>(
    'select distinct state, closing from cc_request',
  );
  expect(new Set(told.map(({ state }) => state))).toEqual(
    new Set(states.filter((state) => state !== 'registered' && state !== 'in_event')),
  );
  expect(new Set(told.flatMap(({ closing }) => closing ?? []))).toEqual(new Set(closings));
  await client.end();
  third.child.kill('SIGTERM');
  await once(third.child, 'exit');
}, 150_000);

it('a stop asked of npm start stops the server and its PostgreSQL', async () => {
  const { dataDirectory } = freshCity();
  const { child, said } = run('npm', ['start'], dataDirectory, 'city');
  await until(async () => said().includes('misto ready'), 50_000);
  const origin = /misto ready (\S+)/.exec(said())![1]!;
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  expect(left(dataDirectory)).not.toBe('');
  child.kill('SIGTERM');
  await once(child, 'exit');
  await until(async () => left(dataDirectory) === '', 10_000);
  await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
});

it('a port that is taken is told in one line with the way out, before anything is started', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { dataDirectory } = freshCity();
  const { child, complained } = run(
    'node_modules/.bin/node',
    ['dist/server/main.js'],
    dataDirectory,
    'city',
    port,
  );
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(complained()).toBe(
    `misto: cannot listen on 127.0.0.1:${port}: another program listens there, perhaps a misto that runs already. Stop it, or set another PORT.\n`,
  );
  expect(readdirSync(dataDirectory)).toEqual([]);
  other.close();
});

it('of two npm start at once one opens the city, alive from its first second, and the other says in one line why it does not', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const { dataDirectory } = freshCity();
  const both = [0, 1].map(() => run('npm', ['start'], dataDirectory, 'city', port));
  const loser = await Promise.race(both.map(async (one) => (await once(one.child, 'close')) && one));
  const winner = both.find((one) => one !== loser)!;
  expect(loser.child.exitCode).toBe(1);
  expect(loser.complained().match(/^misto: .*$/gm)).toEqual([
    expect.stringMatching(/^misto: cannot listen on .* Stop it, or set another PORT\.$/),
  ]);
  const origin = `http://127.0.0.1:${port}`;
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  await until(async () => winner.said().includes('misto ready'), 50_000);
  expect((await fetch(`${origin}/`)).status).toBe(200);
  winner.child.kill('SIGTERM');
  await once(winner.child, 'exit');
  await until(async () => left(dataDirectory) === '', 10_000);
}, 150_000);
