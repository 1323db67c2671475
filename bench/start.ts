// How long a start takes and what an idle city holds in memory (platform.md §16).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { startCity } from '../e2e/server.ts';
import { connect, databaseUrl, memoryOf } from './city.ts';
import { record } from './figures.ts';

export async function start(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'misto-bench-'));
  try {
    let city = await startCity(directory);
    record('fresh start with the demo city', city.readyAfterMs / 1000, 'at most', 20, ' s');
    const opened = performance.now();
    while (!city.said().includes('misto demo year complete')) await sleep(200);
    const whole = city.readyAfterMs + performance.now() - opened;
    console.log(`       its older months were there after ${Math.round(whole / 1000)} s`);
    await city.stop();
    city = await startCity(directory);
    record('second start', city.readyAfterMs / 1000, 'at most', 3, ' s');
    // Idle is when nobody has come for a while: the pool lets its connections go after ten seconds.
    await sleep(15_000);
    record('memory of an idle server', memoryOf(city.process.pid!), 'at most', 250, ' MB');
    record('memory of an idle PostgreSQL', await whenIdle(directory), 'at most', 64, ' MB');
    record(
      'database back after kill -9 of PostgreSQL',
      (await revival(directory)) / 1000,
      'at most',
      2,
      ' s',
    );
    await growth(city.origin, city.process.pid!);
    await city.stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Milliseconds until PostgreSQL, killed under the running city, answers again. */
async function revival(directory: string): Promise<number> {
  const killed = performance.now();
  process.kill(postmasterOf(directory), 'SIGKILL');
  for (;;) {
    const client = await connect(databaseUrl(directory)).catch(() => null);
    if (client) {
      await client.end();
      return performance.now() - killed;
    }
    await sleep(20);
  }
}

/** Pages at 200 a second, half of them in no cache, for `GROWTH_MINUTES` (the promise speaks of 60) after two to warm up. */
async function growth(origin: string, pid: number): Promise<void> {
  const minutes = Number(process.env.GROWTH_MINUTES ?? 5);
  let asked = 0;
  const visit = (duration: number) =>
    autocannon({
      url: origin,
      connections: 8,
      overallRate: 200,
      duration,
      requests: [
        { path: '/contact-centre' },
        {
          setupRequest: (request) => ({
            ...request,
            path: `/contact-centre/requests?page=${(asked++ % 80) + 1}&fresh=${asked}`,
          }),
        },
      ],
    });
  await visit(120);
  const before = memoryOf(pid);
  const { non2xx, errors } = await visit(minutes * 60);
  if (non2xx || errors) throw new Error(`${non2xx} answers were not 2xx, ${errors} failed`);
  record(
    `growth of the server's memory in ${minutes} min at 200 pages a second`,
    (memoryOf(pid) / before - 1) * 100,
    'at most',
    10,
    ' %',
  );
}

/** A worker of autovacuum is no idleness: it is waited for, at most a minute. */
async function whenIdle(directory: string): Promise<number> {
  for (let tries = 0; tries < 60 && children(directory).some(isVacuuming); tries++) await sleep(1_000);
  return privateMemory(directory);
}

const isVacuuming = (pid: number) =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('autovacuum worker');

/** What the postmaster and its children hold for themselves: shared pages counted once for each that shares them. */
function privateMemory(directory: string): number {
  let kilobytes = 0;
  for (const pid of [postmasterOf(directory), ...children(directory)]) {
    const smaps = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    kilobytes += Number(smaps.match(/^Pss:\s+(\d+)/m)![1]);
  }
  return kilobytes / 1024;
}

const postmasterOf = (directory: string): number =>
  Number.parseInt(readFileSync(join(directory, 'database/data/postmaster.pid'), 'utf8'), 10);

const children = (directory: string): number[] =>
  spawnSync('pgrep', ['-P', String(postmasterOf(directory))], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .filter(Boolean)
    .map(Number);
