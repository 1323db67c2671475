import { sql } from 'drizzle-orm';
import { filesOf, keepStored } from '#platform/files/index.ts';
import { fetchOutside, OutsideFault } from '#platform/http/outside.ts';
import { enqueue } from '#platform/jobs/index.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { guessFormat, isTable } from '../formats.ts';
import { mungedName } from '../names.ts';
import { frequencyOf, type Period } from '../passport.ts';
import { largestUpload } from './load-run.ts';
import { askForLoad } from './loads.ts';

const linkJob = 'open-data.fetch-link';
const hour = 3_600_000;
/** A link is given so long, in milliseconds: nine minutes, for a job ends after ten. */
const longest = 9 * 60_000;
/** Links that one round asks for. */
const mostAtOnce = 200;

export const linkJobs: readonly JobDefinition[] = [
  { name: linkJob, run: (platform, { resource }) => fetchLink(platform, String(resource)) },
  { name: 'open-data.fetch-links', schedule: '*/10 * * * *', run: (platform) => fetchDueLinks(platform) },
];

/** What its publisher calls an API answers questions: it is no file to be kept here. */
const isFile = sql`r.resource_type is distinct from 'api'`;

/** Asks for the file behind a link in the caller's transaction, because the link is new or leads elsewhere now. */
export async function askForLink(work: Work, resource: string): Promise<void> {
  await work.tx.execute(sql`
    insert into od_link (resource, url, next_at) select id, url, ${work.clock.now().toISOString()} from od_resource where id = ${resource}
    on conflict (resource) do update set url = excluded.url, etag = null, last_modified = null, sha256 = null, fetched_at = null,
      next_at = excluded.next_at, fault = null, failures = 0`);
  await enqueue(work, linkJob, { resource }, { singletonKey: resource });
}

/** Asks for the files of links whose time has come. */
export async function fetchDueLinks(platform: Platform): Promise<void> {
  await platform.work(systemActor('open data'), async (work) => {
    const { rows } = await work.tx.execute<{ resource: string }>(sql`
      select l.resource from od_link l join od_resource r on r.id = l.resource join od_dataset d on d.id = r.dataset
      where l.next_at <= ${work.clock.now().toISOString()} and r.kind = 'link' and ${isFile} and r.state = 'active' and d.state in ('published', 'review', 'draft')
      order by l.next_at limit ${mostAtOnce}`);
    for (const { resource } of rows) await enqueue(work, linkJob, { resource }, { singletonKey: resource });
  });
}

interface LinkRow extends Record<string, unknown> {
  readonly url: string;
  readonly format: string;
  readonly frequency: string | null;
  readonly etag: string | null;
  readonly last_modified: string | null;
  readonly sha256: string | null;
}

/**
 * Gets the file behind a link and has it loaded, unless it is the one that was got before: by its mark (ETag), its date, or its
 * hash. What went wrong is kept with the link, and it is tried again in an hour; what was loaded before stays served.
 */
export async function fetchLink(platform: Platform, resource: string): Promise<void> {
  const { rows } = await platform.db.execute<LinkRow>(sql`
    select r.url, r.format, d.update_frequency as frequency, l.etag, l.last_modified, l.sha256
    from od_link l join od_resource r on r.id = l.resource and r.url = l.url join od_dataset d on d.id = r.dataset
    where l.resource = ${resource} and r.kind = 'link' and ${isFile} and r.state = 'active'`);
  const [link] = rows;
  if (!link || !isTable(link.format, link.url)) return;
  const now = platform.clock.now();
  try {
    const got = await fetchOutside(link.url, {
      headers: {
        ...(link.etag && { 'if-none-match': link.etag }),
        ...(link.last_modified && { 'if-modified-since': link.last_modified }),
      },
      largest: largestUpload,
      longest,
      allowed: platform.config.outsideHosts,
    });
    if (got.status === 304) return await remain(platform, resource, link);
    if (got.status !== 200) {
      await drop(got.body);
      return await fail(platform, resource, { kind: 'status', status: got.status }, now);
    }
    const store = filesOf(platform.config);
    const content = await store.put(got.body, largestUpload);
    const mark = { etag: got.headers.etag ?? null, last_modified: got.headers['last-modified'] ?? null };
    if (content.sha256 === link.sha256) return await remain(platform, resource, link, mark);
    await platform.work(systemActor('open data'), async (work) => {
      const name = fileName(got.url, link);
      const file = await keepStored(work, store, content, {
        name,
        type: guessFormat(name).mediaType ?? 'application/octet-stream',
      });
      const { rowCount } =
        await work.tx.execute(sql`update od_resource set file = ${file}, file_name = ${name}
        where id = ${resource} and kind = 'link' and url = ${link.url} and state = 'active'`);
      // Somebody has changed the link meanwhile, and asked for the other one.
      if (rowCount === 0) return;
      await askForLoad(work, { resource, source: 'link' });
      await keepMark(work, resource, link, { ...mark, sha256: content.sha256 });
    });
  } catch (error) {
    if (!(error instanceof OutsideFault)) throw error;
    await fail(platform, resource, { kind: error.kind }, now);
  }
}

/** The name under which the file goes on: of the address, with the ending of its format. */
function fileName(url: string, { format }: LinkRow): string {
  const name = mungedName(decodeURIComponent(new URL(url).pathname.split('/').at(-1) || 'data'));
  return guessFormat(name).format === null && format !== '' ? `${name}.${format.toLowerCase()}` : name;
}

async function drop(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body) break;
}

interface Mark {
  readonly etag?: string | null;
  readonly last_modified?: string | null;
  readonly sha256?: string;
}

/** The file is the one that was got before. */
async function remain(platform: Platform, resource: string, link: LinkRow, mark: Mark = {}): Promise<void> {
  await platform.work(systemActor('open data'), (work) => keepMark(work, resource, link, mark));
}

async function keepMark(work: Work, resource: string, link: LinkRow, mark: Mark): Promise<void> {
  const now = work.clock.now();
  const { etag = link.etag, last_modified = link.last_modified, sha256 = link.sha256 } = mark;
  await work.tx.execute(sql`update od_link set etag = ${etag}, last_modified = ${last_modified}, sha256 = ${sha256},
    fetched_at = ${now.toISOString()}, next_at = ${nextOf(now, frequencyOf(link.frequency).period).toISOString()}, fault = null, failures = 0
    where resource = ${resource} and url = ${link.url}`);
}

async function fail(
  platform: Platform,
  resource: string,
  fault: { readonly kind: string; readonly status?: number },
  now: Date,
): Promise<void> {
  await platform.db.execute(sql`update od_link set fault = ${JSON.stringify(fault)}::jsonb, failures = failures + 1,
    next_at = ${new Date(now.getTime() + hour).toISOString()} where resource = ${resource}`);
}

/**
 * When a link is asked again: within the promised period, an hour at least and a day at most. Whoever promises a year may correct
 * the file tomorrow, and asking whether it has changed costs little.
 */
export function nextOf(now: Date, period: Period): Date {
  const hours = period !== null && 'hours' in period ? period.hours : 24;
  return new Date(now.getTime() + Math.max(1, hours) * hour);
}
