// Keeps: processes are replaced one by one under load and no request fails (platform.md §12, §17.1), and a database that is away
// for a while costs nothing that was confirmed: meanwhile the processes live and say 503 (§15).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '#platform/database/embedded.ts';
import { startCity } from '../../e2e/server.ts';
import { connect, makeKeys, type Running, report, until } from './city.ts';

/** How long the database is away, in seconds; 30 were tried by hand. */
const away = Number(process.env.AWAY ?? 5);

const folder = mkdtempSync(join(tmpdir(), 'misto-rolling-'));
const members: Running[] = [];
let database: EmbeddedServer;
let env: Record<string, string>;
let keys: string[];

const startDatabase = () => startEmbedded({ dataDirectory: join(folder, 'server') });
const startMember = () => startCity(join(folder, 'data'), env);

beforeAll(async () => {
  database = await startDatabase();
  const admin = await connect(database.urlOf('postgres'));
  await admin.query('create database city');
  await admin.end();
  env = {
    MISTO_DEMO: 'city',
    DATABASE_URL: database.urlOf('city').replace('@/', '@localhost/'),
    STOP_NOTICE: '2',
  };
  members.push(await startMember(), await startMember());
  const client = await connect(database.urlOf('city'));
  keys = await makeKeys(client, 20);
  await client.end();
});
afterAll(async () => {
  await Promise.all(members.map((one) => one.stop()));
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A balancer that asks each member five times a second whether it is ready, and never tries a request twice. */
function balancer() {
  const ready = new Set<Running>();
  const watched = new Map<Running, Promise<void>>();
  const ending = new AbortController();
  let turn = 0;
  const watch = async (one: Running) => {
    while (!ending.signal.aborted && one.process.exitCode === null) {
      const answer = await fetch(`${one.origin}/readyz`).catch(() => null);
      await answer?.arrayBuffer();
      if (answer?.status === 200) ready.add(one);
      else ready.delete(one);
      await sleep(200);
    }
    ready.delete(one);
  };
  return {
    add: (one: Running) => void watched.set(one, watch(one)),
    has: (one: Running) => ready.has(one),
    pick: () => [...ready][turn++ % ready.size]!.origin,
    async stop() {
      ending.abort();
      await Promise.all(watched.values());
    },
  };
}

it('a city whose processes are replaced one by one under load fails no request and loses none', async () => {
  const front = balancer();
  for (const one of members) front.add(one);
  await until(async () => members.every(front.has), 5_000);
  const failed: string[] = [];
  const taken: string[] = [];
  let asked = 0;
  let isOver = false;
  const visitor = async (n: number) => {
    for (let turn = 0; !isOver; turn++) {
      const isPost = turn % 4 === 0;
      const path = isPost
        ? '/open311/v2/requests.json'
        : ['/', '/contact-centre/requests', '/open311/v2/requests.json'][turn % 3]!;
      const body = isPost
        ? report(keys[(n * 5 + (turn % 5)) % keys.length]!, `roll-${n}-${turn}`)
        : undefined;
      asked += 1;
      const answer = await fetch(front.pick() + path, body ? { method: 'POST', body } : {}).catch(
        (error: Error) => String(error.cause ?? error),
      );
      if (typeof answer === 'string') failed.push(`${path}: ${answer}`);
      else if (answer.status !== 200) failed.push(`${path}: ${answer.status} ${await answer.text()}`);
      else if (isPost)
        taken.push(((await answer.json()) as { service_request_id: string }[])[0]!.service_request_id);
      else await answer.arrayBuffer();
      await sleep(40);
    }
  };
  const visitors = [0, 1, 2, 3].map(visitor);
  for (const old of [...members]) {
    const fresh = await startMember();
    members.push(fresh);
    front.add(fresh);
    await until(async () => front.has(fresh), 5_000);
    await old.stop();
    expect(old.process.exitCode).toBe(0);
    members.splice(members.indexOf(old), 1);
  }
  await sleep(500);
  isOver = true;
  await Promise.all(visitors);
  await front.stop();
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(100);
  const client = await connect(database.urlOf('city'));
  const { rows } = await client.query<{ number: string }>(
    `select number from cc_request where intake_key like '%:roll-%' order by number`,
  );
  await client.end();
  expect(rows.map(({ number }) => number)).toEqual([...taken].sort());
}, 150_000);

it('while the database is away the processes live and say so, and afterwards everything goes on', async () => {
  const { origin } = members[0]!;
  const status = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(origin + path, init);
    await answer.arrayBuffer();
    return answer;
  };
  const send = (id: string) => ({ method: 'POST', body: report(keys[0]!, id) });
  expect((await status('/open311/v2/requests.json', send('before'))).status).toBe(200);

  await database.stop();
  const since = performance.now();
  while (performance.now() - since < away * 1_000) {
    expect((await status('/healthz')).status).toBe(200);
    expect((await status('/readyz')).status).toBe(503);
    const page = await status(`/contact-centre/requests?page=${Math.ceil(performance.now())}`);
    expect(page.status).toBe(503);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await status('/open311/v2/requests.json', send('away'))).status).toBe(503);
    await sleep(250);
  }
  database = await startDatabase();
  const back = await until(
    async () => (await status('/open311/v2/requests.json', send('after'))).status === 200,
    5_000,
  );
  console.log(`back ${Math.round(back)} ms after the database`);

  const client = await connect(database.urlOf('city'));
  const { rows } = await client.query(
    `select substring(intake_key from '[^:]*$') as id from cc_request where intake_key ~ ':(before|away|after)$' order by 1 desc`,
  );
  expect(rows).toEqual([{ id: 'before' }, { id: 'after' }]);
  // What happens behind the scenes is back as well: the relay has numbered the event, and workers have taken the jobs that it
  // asked for. One that was running when the database went is tried again after its ten minutes.
  await until(async () => (await client.query('select 1 from outbox')).rowCount === 0, 10_000);
  await until(
    async () =>
      (await client.query(`select 1 from pgboss.job where state = 'created' and start_after <= now()`))
        .rowCount === 0,
    20_000,
  );
  await client.end();
  expect(members.map((one) => one.process.exitCode)).toEqual([null, null]);
}, 150_000);
