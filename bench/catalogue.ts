// The catalogue of open data over HTTP at twenty thousand datasets (open-data.md §10); `DATASETS` changes that.
import { readFileSync } from 'node:fs';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config/index.ts';
import { openPool } from '#platform/database/pool.ts';
import { createPlatform } from '#platform/platform.ts';
import { systemActor } from '#platform/work.ts';
import { refresh } from '#systems/open-data/served.ts';
import { connect, memoryOf, seconds, withCity } from './city.ts';
import { record } from './figures.ts';
import { percentile } from './load.ts';

const datasets = Number(process.env.DATASETS ?? 20_000);
const facets = ['organization', 'groups', 'tags', 'res_format', 'license_id'];
const words =
  'школа лікарня маршрут зупинка парк будинок реєстр перелік звіт вода дерево бібліотека тариф графік ліфт'.split(
    ' ',
  );
const clients = 20;

export async function catalogue(): Promise<void> {
  await withCity(async ({ origin, url, directory, process: server }) => {
    await fill(url, directory);
    const action = `${origin}/open-data/api/3/action`;
    const asked = (n: number) => {
      const [a, b] = [words[n % words.length]!, words[(n * 7) % words.length]!];
      // A third look for one word, a third for two, a third for one with a filter; no two questions are the same.
      const q = n % 3 === 1 ? `${a} ${b}` : a;
      const fq = n % 3 === 2 ? `&fq=res_format:CSV` : '';
      const list = encodeURIComponent(JSON.stringify(facets));
      return `${action}/package_search?q=${encodeURIComponent(q)}${fq}&start=${n % 40}&facet.field=${list}`;
    };
    const first = performance.now();
    await take(asked(0));
    console.log(`       the first search of the process took ${Math.round(performance.now() - first)} ms`);
    const times: number[] = [];
    let n = 0;
    const worker = async () => {
      while (n < 1_500) {
        const at = performance.now();
        n += 1;
        await take(asked(n));
        times.push(performance.now() - at);
      }
    };
    await Promise.all(Array.from({ length: clients }, worker));
    record(
      `package_search of ${datasets} datasets, q and 5 facets, ${clients} clients, p95`,
      percentile(times, 0.95),
      'at most',
      100,
      ' ms',
    );
    const thousand: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      const at = performance.now();
      await take(`${action}/package_search?rows=1000&start=${round * 1000}`);
      thousand.push(performance.now() - at);
    }
    record('rows=1000 of the catalogue, p95', percentile(thousand, 0.95), 'at most', 150, ' ms');
    const harvest = performance.now();
    let found = 0;
    for (let start = 0; ; start += 100) {
      const page = await take(`${action}/package_search?rows=100&start=${start}&sort=id+asc`);
      if (page.result.results.length === 0) break;
      found += page.result.results.length;
    }
    console.log(`       ${found} datasets were harvested`);
    record(
      `harvest of ${datasets} datasets by 100`,
      (performance.now() - harvest) / 1000,
      'at most',
      60,
      ' s',
    );
    console.log(`       the server holds ${Math.round(memoryOf(server.pid!))} MB`);
  });
}

async function take(url: string): Promise<{ result: { count: number; results: unknown[] } }> {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`);
  return (await answer.json()) as { result: { count: number; results: unknown[] } };
}

async function fill(url: string, directory: string): Promise<void> {
  const started = performance.now();
  const client = await connect(url);
  await client.query(
    readFileSync(new URL('./catalogue.sql', import.meta.url), 'utf8').replaceAll(
      ':datasets',
      String(datasets),
    ),
  );
  const { rows } = await client.query<{ id: string }>(
    `select id from od_dataset where name like 'bench-set-%' order by id`,
  );
  await client.end();
  const pool = openPool(url, { max: 2, purpose: 'job' });
  const platform = createPlatform({
    config: readConfig({ MISTO_MODE: 'demo', MISTO_DATA_DIR: directory }),
    clock: systemClock,
    pool,
    systems: [],
  });
  for (let from = 0; from < rows.length; from += 500)
    await platform.work(systemActor('bench'), (work) =>
      refresh(
        work,
        rows.slice(from, from + 500).map((row) => row.id),
      ),
    );
  await pool.end();
  console.log(`       a catalogue of ${datasets} datasets was made in ${seconds(started)} s`);
}
