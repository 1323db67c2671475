// npm run bench: each promise of speed as a figure beside its limit, measured in one run on this machine.
// Ratios compare with raw Node http serving the same bytes, in turn, median of the rounds.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startCity } from '../e2e/server.ts';
import { median, percentile, rate, rawServer } from './load.ts';

interface Figure {
  promise: string;
  measured: number;
  limit: number;
  kind: 'at least' | 'at most';
  unit: string;
}

const figures: Figure[] = [];
function record(promise: string, measured: number, kind: Figure['kind'], limit: number, unit = ''): void {
  const kept = kind === 'at least' ? measured >= limit : measured <= limit;
  figures.push({ promise, measured, limit, kind, unit });
  console.log(
    `${kept ? 'kept  ' : 'BROKEN'} ${promise}: ${Number(measured.toPrecision(3))}${unit} (${kind} ${limit}${unit})`,
  );
}

const rounds = Number(process.env.ROUNDS ?? 3);
const data = mkdtempSync(join(tmpdir(), 'misto-bench-'));
let city = await startCity(data);
record('fresh start with the demo city', city.readyAfterMs / 1000, 'at most', 20, ' s');
await city.stop();
city = await startCity(data);
record('second start', city.readyAfterMs / 1000, 'at most', 3, ' s');

/** Ours over raw Node with the same bytes, interleaved. */
async function ratio(path: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(city.origin + path, { headers });
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
  const body = Buffer.from(await answer.arrayBuffer());
  const raw = await rawServer(body, answer.headers.get('content-type') ?? 'text/plain');
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const limit = await rate(raw.url);
    ratios.push((await rate(city.origin + path, { headers })) / limit);
  }
  await raw.stop();
  return median(ratios);
}

/** 95th percentile in milliseconds of requests one after another, each another address. */
async function p95(paths: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (const path of paths) {
    const started = performance.now();
    const answer = await fetch(city.origin + path);
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
    times.push(performance.now() - started);
  }
  return percentile(times, 0.95);
}

/** Gzipped bytes of a page's HTML and style sheets, in KB, and whether it names a script. */
async function weight(path: string): Promise<{ kilobytes: number; scripts: number }> {
  const html = await (await fetch(city.origin + path)).text();
  let bytes = gzipSync(html).length;
  for (const [, href] of html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)) {
    bytes += gzipSync(Buffer.from(await (await fetch(new URL(href!, city.origin))).arrayBuffer())).length;
  }
  return { kilobytes: bytes / 1024, scripts: (html.match(/<script/g) ?? []).length };
}

try {
  const list = '/contact-centre/requests';
  record('list page of 50 rows from the anonymous cache / raw Node', await ratio(list), 'at least', 0.4);
  record(
    'the same uncached / raw Node',
    await ratio(list, { 'cache-control': 'no-cache' }),
    'at least',
    0.03,
  );
  record(
    'Open311 request list of 100, JSON / raw Node',
    await ratio('/open311/v2/requests.json?page_size=100'),
    'at least',
    0.01,
  );
  for (const path of ['/', '/contact-centre', '/contact-centre/report', list]) {
    const page = await weight(path);
    record(`weight of ${path}, HTML and CSS`, page.kilobytes, 'at most', 30, ' KB');
    record(`scripts on ${path}`, page.scripts, 'at most', 0);
  }
  record(
    'list pages, p95',
    await p95(Array.from({ length: 60 }, (_, i) => `${list}?page=${i + 1}`)),
    'at most',
    150,
    ' ms',
  );
  const status = readFileSync(`/proc/${city.process.pid}/status`, 'utf8');
  record(
    'memory of the process after the load',
    Number(status.match(/VmRSS:\s+(\d+)/)![1]) / 1024,
    'at most',
    250,
    ' MB',
  );
} finally {
  await city.stop();
  rmSync(data, { recursive: true, force: true });
}
const broken = figures.filter(({ measured, limit, kind }) =>
  kind === 'at least' ? measured < limit : measured > limit,
);
console.log(`${figures.length - broken.length} promises kept, ${broken.length} broken`);
process.exitCode = broken.length ? 1 : 0;
