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

/**
 * Keys for writing: each has its own limit of posts a minute, so a load needs several.
 *
 * @param organisation makes them keys of this enterprise's own program.
 */
export async function makeKeys(
  client: pg.Client,
  count: number,
  organisation: string | null = null,
): Promise<string[]> {
  const keys = Array.from({ length: count }, () => randomBytes(12).toString('base64url'));
  await client.query(
    `insert into open311_key (key_hash, label, kind, organisation, made_at)
     select hash, 'load', case when $2::text is null then 'app' else 'agency' end, $2, now()
       from unnest($1::text[]) as hash`,
    [keys.map((key) => createHash('sha256').update(key).digest('hex')), organisation],
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

/** Listens to server-sent events until told to stop, and comes back by itself where it was, as a browser does. */
export function listen(url: () => string) {
  const ending = new AbortController();
  const seen: { id: number; name: string }[] = [];
  let last: string | null = null;
  let opened = () => {};
  const open = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const reading = (async () => {
    while (!ending.signal.aborted) {
      try {
        const answer = await fetch(url(), {
          signal: ending.signal,
          headers: last ? { 'last-event-id': last } : {},
        });
        let text = '';
        for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          const blocks = text.split('\n\n');
          text = blocks.pop()!;
          for (const block of blocks) {
            last = /^id: (\d+)$/m.exec(block)?.[1] ?? last;
            const name = /^event: (.*)$/m.exec(block)?.[1];
            if (name) seen.push({ id: Number(last), name });
            else if (last) opened();
          }
        }
      } catch {
        // The stream was cut: again, from the last event on.
      }
      await sleep(100);
    }
  })();
  return {
    seen,
    open,
    async stop() {
      ending.abort();
      await reading;
    },
  };
}
