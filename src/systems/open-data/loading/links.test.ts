// Keeps: a link is got when it is saved and by its period, only when it has changed, and what goes wrong changes nothing that is
// served (open-data.md 4).
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, beforeEach, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createPlatform } from '#platform/platform.ts';
import { systemActor } from '#platform/work.ts';
import { servedVersion } from '../versions.ts';
import { askForLink, fetchDueLinks, fetchLink } from './links.ts';
import { runOneLoad } from './loads.ts';

let answer: RequestListener = () => {};
const asked: { path: string; mark: string | undefined }[] = [];
const server = createServer((request, out) => {
  asked.push({ path: request.url!, mark: request.headers['if-none-match'] });
  answer(request, out);
});
await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

const base = await testPlatform();
const clock = base.clock as ManualClock;
const platform = createPlatform({
  config: { ...base.config, outsideHosts: [host] },
  clock,
  pool: base.pool,
  systems: [],
});

let resource = '';
async function link(url = `http://${host}/dani.csv`, frequency = 'once a day'): Promise<void> {
  const dataset = randomUUID();
  resource = randomUUID();
  const now = clock.now().toISOString();
  await platform.db.execute(sql`insert into od_dataset (id, name, state, extras, created_at, modified_at)
    values (${dataset}, ${`d-${dataset}`}, 'draft', ${JSON.stringify({ update_frequency: frequency })}::jsonb, ${now}, ${now})`);
  await platform.db.execute(sql`insert into od_resource (id, dataset, position, kind, format, url, created_at, modified_at)
    values (${resource}, ${dataset}, 0, 'link', 'CSV', ${url}, ${now}, ${now})`);
  await platform.work(systemActor('test'), (work) => askForLink(work, resource));
}
beforeEach(() => {
  asked.length = 0;
});
const known = async () =>
  (
    await platform.db.execute<{ next_at: number; failures: number; fault: unknown }>(
      sql`select (extract(epoch from next_at - ${clock.now().toISOString()}::timestamptz) / 3600)::int as next_at, failures, fault from od_link where resource = ${resource}`,
    )
  ).rows[0]!;
async function load(): Promise<number> {
  const { rows } = await platform.db.execute<{ id: string }>(
    sql`select id from od_load where resource = ${resource} and ended_at is null`,
  );
  for (const { id } of rows) await runOneLoad(platform, id);
  return rows.length;
}

it('a link is got and loaded; the same file by its mark or by its bytes makes no load, another one the next version', async () => {
  answer = (_, out) => void out.writeHead(200, { etag: '"1"' }).end('n\n1\n2\n');
  await link();
  await fetchLink(platform, resource);
  expect(await load()).toBe(1);
  expect(await servedVersion(platform.db, resource)).toMatchObject({ n: 1, rows: 2, source: 'link' });
  expect(await known()).toEqual({ next_at: 24, failures: 0, fault: null });

  answer = (request, out) =>
    void (request.headers['if-none-match'] === '"1"' ? out.writeHead(304) : out.writeHead(200)).end();
  await fetchLink(platform, resource);
  expect([asked.at(-1)!.mark, await load()]).toEqual(['"1"', 0]);

  answer = (_, out) => void out.writeHead(200, { etag: '"2"' }).end('n\n1\n2\n');
  await fetchLink(platform, resource);
  expect(await load()).toBe(0);

  answer = (_, out) => out.end('n\n1\n2\n3\n');
  await fetchLink(platform, resource);
  expect(await load()).toBe(1);
  expect(await servedVersion(platform.db, resource)).toMatchObject({ n: 2, rows: 3 });
});

it('what goes wrong is kept with the link and tried again in an hour, while the last version stays', async () => {
  answer = (_, out) => out.end('n\n1\n');
  await link();
  await fetchLink(platform, resource);
  await load();
  answer = (_, out) => void out.writeHead(500).end('тимчасово');
  await fetchLink(platform, resource);
  expect(await known()).toEqual({ next_at: 1, failures: 1, fault: { kind: 'status', status: 500 } });
  answer = (request) => request.destroy();
  await fetchLink(platform, resource);
  expect(await known()).toMatchObject({ failures: 2, fault: { kind: 'unreachable' } });
  expect(await servedVersion(platform.db, resource)).toMatchObject({ n: 1 });
});

it('a link that leads behind the walls is not followed, and says why', async () => {
  answer = (_, out) => void out.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end();
  await link();
  await fetchLink(platform, resource);
  expect(await known()).toMatchObject({ failures: 1, fault: { kind: 'private' } });
  await link('http://127.0.0.1:5432/x.csv');
  await fetchLink(platform, resource);
  expect(await known()).toMatchObject({ fault: { kind: 'port' } });
});

it('links are asked for when their time has come: by the period that is promised, an hour at least', async () => {
  answer = (_, out) => out.end('n\n1\n');
  await link(undefined, 'more than once a day');
  await fetchLink(platform, resource);
  expect(await known()).toMatchObject({ next_at: 12 });
  await platform.db.execute(sql`delete from outbox`);
  const due = async () => {
    await fetchDueLinks(platform);
    const { rows } = await platform.db.execute<{ payload: { data: { resource: string } } }>(
      sql`select payload from outbox where payload ->> 'job' = 'open-data.fetch-link'`,
    );
    return rows.some(({ payload }) => payload.data.resource === resource);
  };
  expect(await due()).toBe(false);
  clock.advance(12 * 3_600_000);
  expect(await due()).toBe(true);
});

it('a link to what is no table is not got', async () => {
  await link(`http://${host}/page.pdf`);
  await platform.db.execute(sql`update od_resource set format = 'PDF' where id = ${resource}`);
  await fetchLink(platform, resource);
  expect(asked).toEqual([]);
});
