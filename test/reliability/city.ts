import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll } from 'vitest';
import { openCluster, ownerRole } from '#platform/database/cluster.ts';
import { startCity } from '../../e2e/server.ts';

export type Running = Awaited<ReturnType<typeof startCity>>;

/** A data folder of its own, removed with everything still running in it when the file ends. */
export function freshCity() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'misto-reliability-'));
  chmodSync(dataDirectory, 0o755);
  const running: Running[] = [];
  afterAll(async () => {
    await Promise.all(running.map((one) => one.stop()));
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  return {
    dataDirectory,
    /** One more server process over the folder; the city has its data and no request yet. */
    async start(env: Record<string, string> = {}): Promise<Running> {
      const one = await startCity(dataDirectory, { MISTO_DEMO: 'city', ...env });
      running.push(one);
      one.process.once('exit', (code, signal) => {
        if (code) console.error(`a server ended with ${code} ${signal}:\n${one.said().slice(-4_000)}`);
      });
      return one;
    },
    url: () => databaseUrl(dataDirectory),
    postmaster: () =>
      Number.parseInt(readFileSync(join(dataDirectory, 'database/data/postmaster.pid'), 'utf8'), 10),
  };
}

/** The owner's way into the embedded database of the folder. */
function databaseUrl(dataDirectory: string): string {
  const { passwordFile, socket } = openCluster(dataDirectory);
  return `postgres://${ownerRole}:${readFileSync(passwordFile, 'utf8')}@/misto?host=${encodeURIComponent(socket)}`;
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Keys for writing: each has its own limit of posts a minute, so a load needs several. */
export async function makeKeys(client: pg.Client, count: number): Promise<string[]> {
  const keys = Array.from({ length: count }, () => randomBytes(12).toString('base64url'));
  await client.query(
    `insert into open311_key (key_hash, label, kind, made_at)
     select hash, 'load', 'app', now() from unnest($1::text[]) as hash`,
    [keys.map((key) => createHash('sha256').update(key).digest('hex'))],
  );
  return keys;
}

/** A report as an app posts it. */
export function report(key: string, id: string, more: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({
    api_key: key,
    client_request_id: id,
    service_code: 'road-collapse',
    lat: '48.464',
    long: '35.046',
    description: `Яма на дорозі ${id}`,
    ...more,
  });
}

/** The number that the city gave, or null when it did not say that the report was taken. */
export async function post(origin: string, body: URLSearchParams): Promise<string | null> {
  try {
    const answer = await fetch(`${origin}/open311/v2/requests.json`, { method: 'POST', body });
    if (!answer.ok) {
      if (answer.status < 500) throw new Error(`${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
      return null;
    }
    const [taken] = (await answer.json()) as { service_request_id: string }[];
    return taken!.service_request_id;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

export async function until(what: () => Promise<boolean>, milliseconds: number): Promise<number> {
  const began = performance.now();
  while (!(await what())) {
    if (performance.now() - began > milliseconds) throw new Error(`not within ${milliseconds} ms`);
    await sleep(20);
  }
  return performance.now() - began;
}
