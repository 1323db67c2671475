// Pages and lists over HTTP against raw Node http serving the same bytes, in turn, and their weight (platform.md §13, §16).
import { gzipSync } from 'node:zlib';
import { contactCentreData } from '../city/dnipro/index.ts';
import { open311 } from '../src/systems/contact-centre/api/open311.ts';
import { cityActs } from '../src/systems/contact-centre/city-acts.ts';
import { withCity } from './city.ts';
import { record } from './figures.ts';
import { median, percentile, rate, rawServer } from './load.ts';
import { recorded } from './recorder.ts';
import { trace } from './trace.ts';

const rounds = Number(process.env.ROUNDS ?? 5);
const list = '/contact-centre/requests';

export async function pages(): Promise<void> {
  await withCity(async ({ origin, url, directory }) => {
    record(
      'list page of 50 rows from the anonymous cache / raw Node',
      await ratio(origin + list),
      'at least',
      0.4,
    );
    record('the same uncached / raw Node', await ratio(origin + list, { fresh: true }), 'at least', 0.03);
    const json = `${origin}/open311/v2/requests.json?page_size=100`;
    const statements = await recorded(url, directory, async (platform) => {
      const app = open311(platform, { city: async () => contactCentreData.city, acts: cityActs });
      await (await app.request(json)).arrayBuffer();
    });
    record(
      `list of 100 as JSON / raw Node that runs the same ${statements.length} statements for the same bytes`,
      await ratio(json, {}, { url, statements }),
      'at least',
      0.55,
    );
    for (const path of ['/', '/contact-centre', '/contact-centre/report', list]) {
      const page = await weight(origin + path);
      record(`weight of ${path}, HTML and CSS`, page.kilobytes, 'at most', 30, ' KB');
      record(`scripts on ${path}`, page.scripts, 'at most', 0);
    }
    await trace(url, directory);
    const pages = Array.from({ length: 60 }, (_, i) => `${origin}${list}?page=${i + 1}`);
    record('list pages one after another, p95', await p95(pages), 'at most', 150, ' ms');
  }, {});
}

/** Ours over raw Node with the same bytes, interleaved. */
async function ratio(
  url: string,
  how: { fresh?: boolean } = {},
  database: Parameters<typeof rawServer>[2] = {},
): Promise<number> {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`);
  const body = Buffer.from(await answer.arrayBuffer());
  const raw = await rawServer(body, answer.headers.get('content-type') ?? 'text/plain', database);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const limit = await rate(raw.url);
    ratios.push((await rate(url, how)) / limit);
  }
  await raw.stop();
  return median(ratios);
}

/** 95th percentile in milliseconds of requests one after another. */
async function p95(urls: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (const url of urls) {
    const started = performance.now();
    const answer = await fetch(url);
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
    times.push(performance.now() - started);
  }
  return percentile(times, 0.95);
}

/** Gzipped bytes of a page's HTML and style sheets, in KB, and how many scripts it names. */
async function weight(url: string): Promise<{ kilobytes: number; scripts: number }> {
  const html = await (await fetch(url)).text();
  let bytes = gzipSync(html).length;
  for (const [, href] of html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g))
    bytes += gzipSync(Buffer.from(await (await fetch(new URL(href!, url))).arrayBuffer())).length;
  return { kilobytes: bytes / 1024, scripts: (html.match(/<script/g) ?? []).length };
}
