import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openCluster, ownerRole } from '#platform/database/cluster.ts';
import { startCity } from '../e2e/server.ts';

export type Running = Awaited<ReturnType<typeof startCity>>;

/** The built server over a folder of its own, removed afterwards. */
export async function withCity(
  act: (city: Running & { directory: string; url: string }) => Promise<void>,
  env: Record<string, string> = { MISTO_DEMO: 'city' },
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'misto-bench-'));
  const city = await startCity(directory, env);
  try {
    // A demo year has its older months only some time after the city has opened.
    while (!env.MISTO_DEMO && !city.said().includes('misto demo year complete')) await sleep(250);
    await act({ ...city, directory, url: databaseUrl(directory) });
  } finally {
    await city.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The built server over a city of a million requests (`REQUESTS` changes that). Filling takes minutes: with
 * `BENCH_DATA=folder` it is kept there and used again.
 */
export async function withLargeCity(
  act: (city: Running & { directory: string; url: string }) => Promise<void>,
): Promise<void> {
  const kept = process.env.BENCH_DATA;
  const directory = kept ?? mkdtempSync(join(tmpdir(), 'misto-bench-'));
  const isFilled = existsSync(join(directory, 'database'));
  const city = await startCity(directory, { MISTO_DEMO: 'city' });
  try {
    const url = databaseUrl(directory);
    if (!isFilled) await fill(url);
    await act({ ...city, directory, url });
  } finally {
    await city.stop();
    if (!kept) rmSync(directory, { recursive: true, force: true });
  }
}

async function fill(url: string): Promise<void> {
  const requests = Number(process.env.REQUESTS ?? 1_000_000);
  const started = performance.now();
  const client = await connect(url);
  const text = readFileSync(new URL('./large-city.sql', import.meta.url), 'utf8');
  await client.query(
    text.replaceAll(':requests', String(requests)).replaceAll(':entries', process.env.ENTRIES ?? '5'),
  );
  await client.end();
  const other = await connect(url);
  await other.query('vacuum analyze');
  await other.end();
  console.log(`       a city of ${requests} requests was made in ${seconds(started)} s`);
}

export const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10;

export function databaseUrl(directory: string): string {
  const { passwordFile, socket } = openCluster(directory);
  return `postgres://${ownerRole}:${readFileSync(passwordFile, 'utf8')}@/misto?host=${encodeURIComponent(socket)}`;
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Keys for writing; each may post 60 times a minute. */
export async function makeKeys(client: pg.Client, count: number): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, n) => `bench-${process.pid}-${n}-${Math.random()}`);
  await client.query(
    `insert into open311_key (key_hash, label, kind, made_at)
     select hash, 'bench', 'app', now() from unnest($1::text[]) as hash`,
    [keys.map((key) => createHash('sha256').update(key).digest('hex'))],
  );
  return keys;
}

/** Memory of a process in MB. */
export function memoryOf(pid: number, what: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(new RegExp(`${what}:\\s+(\\d+)`))![1]) / 1024;
}
