// The portal's tables: a file from upload to queryable, then rows, totals, dumps and groups of it (open-data.md §10). `ROWS` is a million
// unless told; the promises speak of ten.
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, memoryOf, type Running, withCity } from './city.ts';
import { record } from './figures.ts';
import { median, percentile } from './load.ts';

const rows = Number(process.env.ROWS ?? 1_000_000);
const clients = 20;

export async function datastore(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'misto-bench-csv-'));
  try {
    const path = join(folder, 'rows.csv');
    await writeCsv(path);
    await withCity(async (city) => {
      await sleep(5_000);
      const resource = await load(city, path);
      await copied(city.url, resource);
      await asked(city.origin, resource);
      await dumped(city, resource);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seven columns such as registers have: a number, texts, a decimal with a comma, a local date, yes and no. */
async function writeCsv(path: string): Promise<void> {
  const file = createWriteStream(path);
  file.write('№;Назва;Район;Сума, грн;Дата;Діє;Код\r\n');
  const districts = ['Соборний', 'Шевченківський', 'Центральний', 'Чечелівський', 'Самарський'];
  for (let n = 1; n <= rows; n += 1) {
    const day = `${String((n % 28) + 1).padStart(2, '0')}.${String((n % 12) + 1).padStart(2, '0')}.20${String((n % 26) + 1).padStart(2, '0')}`;
    const line = `${n};Договір на ремонт дороги № ${n};${districts[n % 5]};${n % 100_000},${n % 10}5;${day};${n % 3 ? 'так' : 'ні'};UA${String(n % 1_000).padStart(4, '0')}\r\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  await new Promise<void>((resolve) => file.end(resolve));
}

const actionOf = (origin: string, name: string) => `${origin}/open-data/api/3/action/${name}`;

async function call(origin: string, name: string, body: unknown): Promise<Record<string, never>> {
  const answer = await fetch(actionOf(origin, name), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'demo' },
    body: JSON.stringify(body),
  });
  const { success, result, error } = (await answer.json()) as {
    success: boolean;
    result: Record<string, never>;
    error: unknown;
  };
  if (!success) throw new Error(`${name}: ${JSON.stringify(error)}`);
  return result;
}

async function load({ origin, process: server }: Running, path: string): Promise<string> {
  const idle = memoryOf(server.pid!);
  const form = new FormData();
  form.set('package_id', 'parks');
  form.set('name', 'Мільйон рядків');
  form.set('upload', await openAsBlob(path), 'rows.csv');
  const sent = await fetch(actionOf(origin, 'resource_create'), {
    method: 'POST',
    headers: { authorization: 'demo' },
    body: form,
  });
  const { result } = (await sent.json()) as { result: { id: string } };
  const started = performance.now();
  let most = idle;
  let queryable = 0;
  for (;;) {
    await sleep(250);
    most = Math.max(most, memoryOf(server.pid!));
    const { load_status: state, version } = await call(origin, 'resource_show', { id: result.id });
    if (state === 'failed' || state === 'blocked') throw new Error(`the load ended as ${String(state)}`);
    if (!queryable && version) queryable = performance.now() - started;
    if (state === 'indexed') break;
  }
  record('CSV to queryable', rows / (queryable / 1000), 'at least', 100_000, ' rows/s');
  record(
    'text index after the switch',
    (performance.now() - started - queryable) / 1000,
    'at most',
    300,
    ' s',
  );
  record('memory of the server during the load, at most', most, 'at most', 1_024, ' MB');
  return result.id;
}

/** What PostgreSQL alone needs for the same rows: COPY out of the table and into another one. */
async function copied(url: string, resource: string): Promise<void> {
  const client = await connect(url);
  const { rows: found } = await client.query<{ name: string }>(
    'select name from od_table where resource = $1',
    [resource],
  );
  const started = performance.now();
  await client.query(
    `create table open_data_rows.bench_copy as select * from open_data_rows."${found[0]!.name}"`,
  );
  const seconds = (performance.now() - started) / 1000;
  await client.query('drop table open_data_rows.bench_copy');
  await client.end();
  console.log(`       PostgreSQL alone copies the table at ${Math.round(rows / seconds)} rows/s`);
}

async function asked(origin: string, resource: string): Promise<void> {
  const search = (body: Record<string, unknown>) =>
    call(origin, 'datastore_search', { resource_id: resource, ...body });
  const p95 = async (act: () => Promise<unknown>, times = 40) => {
    const took: number[] = [];
    for (let n = 0; n < times; n += 1) {
      const started = performance.now();
      await act();
      took.push(performance.now() - started);
    }
    return percentile(took, 0.95);
  };
  record('first page and total, p95', await p95(() => search({})), 'at most', 50, ' ms');
  record(
    'page near the end, p95',
    await p95(() => search({ offset: Math.floor(rows * 0.99) })),
    'at most',
    50,
    ' ms',
  );
  const filters = () => ({
    Район: 'Соборний',
    Код: `UA${String(Math.floor(Math.random() * 1_000)).padStart(4, '0')}`,
  });
  const all: number[] = [];
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let n = 0; n < 10; n += 1) {
        const started = performance.now();
        await search({ filters: filters(), sort: '№ desc' });
        all.push(performance.now() - started);
      }
    }),
  );
  record(
    `filter, sort, page and exact total for ${clients} at once, p95`,
    percentile(all, 0.95),
    'at most',
    150,
    ' ms',
  );
  record('words, p95', await p95(() => search({ q: 'дороги 77' }), 10), 'at most', 1_000, ' ms');
  const group = `select "Район", count(*), sum("Сума, грн") from "${resource}" group by 1`;
  record(
    'groups with a sum, cold',
    await p95(() => call(origin, 'datastore_search_sql', { sql: group }), 3),
    'at most',
    600,
    ' ms',
  );
}

async function dumped({ origin, process: server }: Running, resource: string): Promise<void> {
  const before = memoryOf(server.pid!);
  const rates: number[] = [];
  const firsts: number[] = [];
  let most = before;
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now();
    const answer = await fetch(`${origin}/open-data/datastore/dump/${resource}`);
    let lines = 0;
    let first = 0;
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      first ||= performance.now() - started;
      for (const byte of chunk) if (byte === 10) lines += 1;
      most = Math.max(most, memoryOf(server.pid!));
    }
    if (lines !== rows + 1) throw new Error(`the dump has ${lines} lines`);
    firsts.push(first);
    rates.push(rows / ((performance.now() - started) / 1000));
  }
  record('dump', median(rates), 'at least', 100_000, ' rows/s');
  record('first byte of a dump', median(firsts), 'at most', 300, ' ms');
  record('memory that a dump takes', most - before, 'at most', 100, ' MB');
}
