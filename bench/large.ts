// A city of a million requests over three years, 200 000 of them open: contact-centre.md §8 row by row.
import { sql } from 'drizzle-orm';
import { readConfig } from '#platform/config/index.ts';
import { openDb, openPool } from '#platform/database/pool.ts';
import { appRole } from '#platform/database/roles.ts';
import { toMetres } from '#platform/geo/index.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import type { Work } from '#platform/work.ts';
import { inPost } from '#systems/contact-centre/posts.ts';
import { readCity } from '../src/systems/contact-centre/city.ts';
import type { RuleData } from '../src/systems/contact-centre/city-data.ts';
import { nearby } from '../src/systems/contact-centre/duplicates.ts';
import { houseHistory, queue } from '../src/systems/contact-centre/lists/index.ts';
import { listRequests, figures as publicFigures } from '../src/systems/contact-centre/pages/reads.ts';
import { dryRun, saveDraft } from '../src/systems/contact-centre/rule-drafts.ts';
import { byOrganisation, clusters, overview } from '../src/systems/contact-centre/statistics.ts';
import { memoryOf, seconds, withLargeCity } from './city.ts';
import { record } from './figures.ts';
import { percentile } from './load.ts';

const only = process.env.ONLY;
const wanted = (name: string) => !only || only.split(',').includes(name);

export async function large(): Promise<void> {
  await withLargeCity(async (city) => {
    const pool = openPool(city.url, { role: appRole });
    const db = openDb(pool);
    const random = seeded(1);
    const now = new Date();
    const settings = (await readCity(db)).settings;
    const spots = (
      await pool.query<{ lat: number; lon: number; id: string }>(
        `select lat, lon, id from cc_building where id like 'bench-%' order by id limit 4000`,
      )
    ).rows;
    const groups = (
      await pool.query<{ duplicate_group: string }>('select distinct duplicate_group from cc_request')
    ).rows;
    const spot = () => spots[Math.floor(random() * spots.length)]!;
    const group = () => groups[Math.floor(random() * groups.length)]!.duplicate_group;

    if (wanted('duplicates')) {
      const here = () => ({
        lat: spot().lat + (random() - 0.5) / 500,
        lon: spot().lon + (random() - 0.5) / 500,
      });
      const times = await each(400, () =>
        nearby(db, { point: here(), group: group(), now, centre: settings.centre }),
      );
      record(
        'duplicates within 250 m of a point, 1M requests, p99',
        percentile(times, 0.99),
        'at most',
        5,
        ' ms',
      );
      let worst = 0;
      for (let i = 0; i < 20; i++) {
        const [point, kind] = [here(), group()];
        const at = toMetres(settings.centre, point);
        const found = await nearby(db, { point, group: kind, now, centre: settings.centre, limit: 100 });
        const { rows } = await db.execute<{ number: string; far: number }>(sql`
          select number, 2 * 6371008.8 * asin(sqrt(sin(radians(public_lat - ${point.lat}) / 2) ^ 2
              + cos(radians(${point.lat})) * cos(radians(public_lat)) * sin(radians(public_lon - ${point.lon}) / 2) ^ 2)) as far
            from cc_request where duplicate_group = ${kind} and nearby_until > ${now.toISOString()}::timestamptz
              and public_place <@ ${`<(${at.x},${at.y}),300>`}::circle`);
        const far = new Map(rows.map((row) => [row.number, Number(row.far)]));
        for (const one of found) worst = Math.max(worst, Math.abs(one.distance - far.get(one.number)!));
        const missed = [...far].filter(
          ([number, metres]) => metres < 248 && !found.some((one) => one.number === number),
        );
        if (missed.length) worst = Number.POSITIVE_INFINITY;
      }
      record('error of their distance against haversine, at worst', worst, 'at most', 2, ' m');
    }

    if (wanted('clusters')) {
      const times: number[] = [];
      let largest = 0;
      let wrong = 0;
      for (let i = 0; i < 200; i++) {
        const zoom = 10 + (i % 8);
        const width = (360 / 2 ** zoom) * 3;
        const { lat, lon } = spot();
        const bbox = {
          west: lon - width / 2,
          east: lon + width / 2,
          south: lat - width / 3,
          north: lat + width / 3,
        };
        const filter = [
          { state: 'open' },
          { state: 'open', branch: 'roads' },
          { state: 'open', class: 'emergency' as const },
        ][i % 3]!;
        const started = performance.now();
        const found = await clusters(db, {
          bbox,
          cell: (40075016 * 0.66) / 2 ** zoom / 4,
          filter,
          centre: settings.centre,
        });
        times.push(performance.now() - started);
        largest = Math.max(largest, JSON.stringify(found.clusters).length);
        if (i % 4) continue;
        const { rows } = await db.execute<{ n: number }>(sql`select count(*)::int as n from cc_request r
          where publication = 'published' and state not in ('closed', 'merged') and public_lon >= ${bbox.west} and public_lon < ${bbox.east}
            and public_lat >= ${bbox.south} and public_lat < ${bbox.north}
            ${'branch' in filter ? sql`and branch = 'roads'` : sql``} ${'class' in filter ? sql`and class = 'emergency'` : sql``}`);
        if (rows[0]!.n !== found.total) wrong += 1;
      }
      record(
        'clusters of 200k open pins in random boxes and zooms, p95',
        percentile(times, 0.95),
        'at most',
        100,
        ' ms',
      );
      record('the largest answer of clusters', largest / 1024, 'at most', 60, ' KB');
      record('boxes of 50 in which the counts differ from SQL', wrong, 'at most', 0);
    }

    if (wanted('desk')) {
      const dispatcher = inPost('dispatcher', 'teplo');
      const supervisor = inPost('supervisor');
      record(
        'dispatcher’s queue, p95',
        percentile(await each(60, () => queue(db, dispatcher, { now })), 0.95),
        'at most',
        150,
        ' ms',
      );
      record(
        'queue of a whole city, p95',
        percentile(await each(60, () => queue(db, supervisor, { now })), 0.95),
        'at most',
        150,
        ' ms',
      );
      const year = new Date(now.getTime() - 365 * 86_400_000);
      record(
        'twelve months of a house, p95',
        percentile(await each(100, () => houseHistory(db, spot().id, year)), 0.95),
        'at most',
        150,
        ' ms',
      );
      record(
        'supervisor’s dashboard, p95',
        percentile(await each(20, () => overview(db, supervisor, now)), 0.95),
        'at most',
        150,
        ' ms',
      );
      const month = { from: new Date(now.getTime() - 30 * 86_400_000), to: now };
      record(
        'league table of a month, p95',
        percentile(await each(10, () => byOrganisation(db, month)), 0.95),
        'at most',
        150,
        ' ms',
      );
      record(
        'figures of the public page, p95',
        percentile(await each(10, () => publicFigures(db, now)), 0.95),
        'at most',
        150,
        ' ms',
      );
      record(
        'public list of 50 with its total, p95',
        percentile(await each(10, () => listRequests(db, 'uk', {}, 50, 0)), 0.95),
        'at most',
        150,
        ' ms',
      );
    }

    if (wanted('bulk')) await bulkFile(city);

    if (wanted('dryrun')) {
      const secrets = secretsOf(readConfig({ MISTO_MODE: 'demo', MISTO_DATA_DIR: city.directory }));
      const supervisor = inPost('supervisor');
      const job = openPool(city.url, { role: appRole, purpose: 'job' });
      const rules = manyRules(500, (await readCity(db)).rules.rules);
      const started = performance.now();
      const { report } = await openDb(job).transaction(async (tx) => {
        const work: Work = { tx, actor: supervisor, clock: { now: () => now }, requestId: 'bench', secrets };
        return dryRun(work, await saveDraft(work, { rules }));
      });
      const took = seconds(started);
      record(
        `dry run of ${rules.length} rules, for a million requests (measured: ${report.requests} in ${took} s)`,
        (took / report.requests) * 1_000_000,
        'at most',
        120,
        ' s',
      );
      await job.end();
    }
    await pool.end();
    record('memory of the server after this', memoryOf(city.process.pid!), 'at most', 250, ' MB');
  });
}

/** The whole file by a fast reader against COPY of the same columns, and its memory with a slow one. */
async function bulkFile(city: {
  origin: string;
  url: string;
  process: { pid?: number | undefined };
}): Promise<void> {
  const before = memoryOf(city.process.pid!);
  const started = performance.now();
  const answer = await fetch(`${city.origin}/open311/bulk/requests.csv?start_date=2000-01-01T00:00:00Z`);
  let first = 0;
  let bytes = 0;
  let peak = before;
  for await (const chunk of answer.body!) {
    first ||= performance.now() - started;
    bytes += chunk.length;
    peak = Math.max(peak, memoryOf(city.process.pid!));
  }
  const ours = performance.now() - started;
  record('first byte of the bulk file', first / 1000, 'at most', 1, ' s');
  const { spawnSync } = await import('node:child_process');
  const copyStarted = performance.now();
  const copied = spawnSync(
    'psql',
    [
      city.url,
      '-qc',
      `copy (select number, created_at, updated_at, closed_at, state, public_note, source, category, branch, public_text,
       organisation, public_address, public_lat, public_lon from cc_request where not sandbox and regime = 'service' order by created_at, number) to stdout csv`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const copy = performance.now() - copyStarted;
  if (copied.status === 0)
    record(
      `bulk CSV (${Math.round(bytes / 1e6)} MB in ${Math.round(ours / 1000)} s) / COPY TO STDOUT`,
      copy / ours,
      'at least',
      0.4,
    );
  record('memory that the bulk file adds', peak - before, 'at most', 100, ' MB');

  const slow = await fetch(`${city.origin}/open311/bulk/requests.csv?start_date=2000-01-01T00:00:00Z`);
  const reader = slow.body!.getReader();
  const idle = memoryOf(city.process.pid!);
  let most = idle;
  for (let i = 0; i < 20; i++) {
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 100));
    most = Math.max(most, memoryOf(city.process.pid!));
  }
  await reader.cancel();
  record('memory that a slow reader of it adds', most - idle, 'at most', 100, ' MB');
}

function manyRules(count: number, given: readonly RuleData[]): RuleData[] {
  return Array.from({ length: count }, (_, n) => {
    const rule = given[n % given.length]!;
    return { ...rule, id: `${rule.id}-${n}` };
  });
}

async function each(times: number, act: () => Promise<unknown>): Promise<number[]> {
  await act();
  await act();
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await act();
    took.push(performance.now() - started);
  }
  return took;
}

function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (Math.imul(a, 1_664_525) + 1_013_904_223) | 0;
    return (a >>> 0) / 4_294_967_296;
  };
}
