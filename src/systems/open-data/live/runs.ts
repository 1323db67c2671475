import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import { localDate } from '#platform/calendar/index.ts';
import { NotFound } from '#platform/errors.ts';
import { filesOf, keepStored } from '#platform/files/index.ts';
import { placeOf } from '#platform/http/log.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { enqueue } from '#platform/jobs/index.ts';
import type { LiveDataset } from '#platform/live-data.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { askForLoad, findLoad, type Load, runOneLoad } from '../loading/loads.ts';
import { mustBeOfficer } from '../rights.ts';
import { alertOfficers } from './alerts.ts';
import { type LiveTable, liveTableOf } from './columns.ts';
import { passportOf, putDataset } from './dataset.ts';
import type { LiveFault, TroubledState } from './faults.ts';
import type { Anonymised } from './k-anonymity.ts';
import { keepChanges, keptRows } from './kept-rows.ts';
import { batch, publishedFile, RowFile, readSystem } from './reading.ts';
import { RowFault, treatment } from './treat.ts';
import { nextReading } from './when.ts';

/** How a reading ended. `empty`: there is nothing to begin a dataset with yet. */
export type LiveState = 'published' | 'unchanged' | 'empty' | 'withdrawn' | TroubledState;

const readJob = 'open-data.read-live';
const actor = systemActor('open data');
/** A reading that gave no sign of life for this long is taken over, in milliseconds. */
const silence = 120_000;
const heartbeat = 20_000;
/** What could not be read is tried again so much later, in milliseconds. */
const patience = 15 * 60_000;

/** What the systems publish, by key. */
export const liveDatasets = (platform: Pick<Platform, 'systems'>): ReadonlyMap<string, LiveDataset> =>
  new Map(platform.systems.flatMap(({ datasets = [] }) => datasets).map((one) => [one.key, one]));

export const liveJobs: readonly JobDefinition[] = [
  {
    name: readJob,
    run: (platform, { key, confirmed }) => readLive(platform, String(key), { confirmed: confirmed === true }),
  },
  { name: 'open-data.live-due', schedule: '*/5 * * * *', run: askForDue },
];

/** Asks for a reading in the caller's transaction; while one of the same dataset waits, another is not added. */
export async function askForReading(
  work: Work,
  key: string,
  how: { confirmed?: boolean } = {},
): Promise<void> {
  await enqueue(work, readJob, { key, ...how }, { singletonKey: key });
}

/** Asks for every live dataset to be read now, such as when the demo city has been filled. */
export async function askForAll(platform: Platform): Promise<void> {
  await platform.work(actor, async (work) => {
    for (const key of liveDatasets(platform).keys()) await askForReading(work, key);
  });
}

/** Asks for what is due, new datasets among it, and for what a killed process left. */
export async function askForDue(platform: Platform): Promise<void> {
  const now = platform.clock.now().toISOString();
  const keys = JSON.stringify([...liveDatasets(platform).keys()]);
  const known = sql`key in (select jsonb_array_elements_text(${keys}::jsonb))`;
  await platform.work(actor, async (work) => {
    await work.tx.execute(sql`insert into od_live (key, next_at)
      select jsonb_array_elements_text(${keys}::jsonb), ${now} on conflict do nothing`);
    const { rows } = await work.tx.execute<{ key: string }>(
      sql`select key from od_live where ${known} and next_at <= ${now} and ${isFree(now)} order by next_at, key`,
    );
    for (const { key } of rows) await askForReading(work, key);
  });
  await sweepFolders(platform);
}

/**
 * The officer wants a dataset to be read now.
 *
 * @param how.confirmed what was held back is meant.
 * @throws Denied, NotFound
 */
export async function readNow(
  work: Work,
  platform: Platform,
  key: string,
  how: { readonly confirmed: boolean },
): Promise<void> {
  mustBeOfficer(work.actor);
  if (!liveDatasets(platform).has(key)) throw new NotFound('live dataset');
  await audit(work, {
    action: 'open-data:read_live',
    resource: `open-data-live:${key}`,
    detail: { confirmed: how.confirmed },
  });
  await askForReading(work, key, how);
}

const isFree = (now: string) =>
  sql`(run is null or alive_at < ${now}::timestamptz - make_interval(secs => ${silence / 1_000}))`;

interface Held extends Record<string, unknown> {
  readonly resource: string | null;
  readonly fingerprint: string | null;
  readonly passport: string | null;
  readonly cursor: string | null;
  readonly key_year: number | null;
  readonly state: string;
  readonly fault: LiveFault | null;
  readonly run: string;
}

/**
 * Reads a live dataset and publishes what has changed: treated, checked, as the next version. One process does, the others leave it
 * alone; what a killed one left is begun anew, and readers see the version before until the new one is whole.
 */
export async function readLive(
  platform: Platform,
  key: string,
  how: { readonly confirmed?: boolean } = {},
): Promise<void> {
  const live = liveDatasets(platform).get(key);
  const held = live && (await hold(platform, key));
  if (!held) return;
  const startedAt = platform.clock.now();
  const lost = new AbortController();
  const beat = setInterval(() => {
    platform.db
      .execute(
        sql`update od_live set alive_at = ${platform.clock.now().toISOString()} where key = ${key} and run = ${held.run}`,
      )
      .then(({ rowCount }) => rowCount || lost.abort(new Error('another process reads it')))
      .catch(() => {});
  }, heartbeat);
  const folder = join(foldersOf(platform), held.run);
  try {
    const ended = await publish(platform, live, held, {
      folder,
      signal: lost.signal,
      confirmed: how.confirmed ?? false,
    });
    await record(platform, live, held, startedAt, ended);
  } finally {
    clearInterval(beat);
    await rm(folder, { recursive: true, force: true });
  }
}

async function hold(platform: Platform, key: string): Promise<Held | null> {
  const now = platform.clock.now().toISOString();
  await platform.db.execute(
    sql`insert into od_live (key, next_at) values (${key}, ${now}) on conflict do nothing`,
  );
  const { rows } = await platform.db.execute<Held>(sql`
    update od_live set run = ${randomUUID()}, alive_at = ${now} where key = ${key} and ${isFree(now)}
    returning resource, fingerprint, passport, cursor, key_year, state, fault, run`);
  return rows[0] ?? null;
}

interface Ended {
  readonly state: LiveState;
  readonly fault: LiveFault | null;
  readonly counts: Anonymised;
  readonly load?: string;
  readonly table?: LiveTable;
}

const nothing: Anonymised = { read: 0, published: 0, suppressed: 0, merged: 0 };

async function publish(
  platform: Platform,
  live: LiveDataset,
  held: Held,
  how: { readonly folder: string; readonly signal: AbortSignal; readonly confirmed: boolean },
): Promise<Ended> {
  // What was purged does not come back by itself.
  const isPurged = held.resource === null && held.passport !== null && !how.confirmed;
  if (isPurged || (held.resource && (await isWithdrawn(platform, held.resource))))
    return { state: 'withdrawn', fault: null, counts: nothing };
  let counts = nothing;
  try {
    const table = liveTableOf(live);
    if (held.fingerprint && held.fingerprint !== table.fingerprint && !how.confirmed)
      return { state: 'held', fault: { kind: 'table-changed' }, counts };
    const rowsPath = await stage(platform, live, table, held, how);
    const file = await publishedFile(how.folder, rowsPath, table, live);
    counts = file.counts;
    // A dataset begins with its first rows; that all rows have gone later is a version like others.
    if (counts.published === 0 && !held.resource) return { state: 'empty', fault: null, counts };
    const load = await receive(platform, live, table, held, { path: file.path, confirmed: how.confirmed });
    await runOneLoad(platform, load);
    return { ...endOf(await findLoad(platform.db, load)), counts, load, table };
  } catch (error) {
    if (how.signal.aborted) throw error;
    const fault: LiveFault =
      error instanceof RowFault
        ? { kind: 'row', detail: [error.column] }
        : { kind: 'provider', detail: [placeOf(error)] };
    return { state: 'failed', fault, counts };
  }
}

/** Reads the system and writes the treated rows down. @returns the path of their file */
async function stage(
  platform: Platform,
  live: LiveDataset,
  table: LiveTable,
  held: Held,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<string> {
  const asOf = platform.clock.now();
  const secrets = secretsOf(platform.config);
  const year = Number(localDate(asOf).slice(0, 4));
  const treat = treatment({
    columns: table.columns,
    privacy: live.privacy,
    hashKey: secrets.blind('open-data.live', `${live.key} ${year}`),
  });
  const file = await RowFile.in(folder);
  try {
    if (live.mode === 'snapshot')
      await readSystem(platform, live, {
        since: null,
        asOf,
        signal,
        take: ({ rows }) => file.add(rows.map(treat)),
      });
    else {
      // Hashes of another year, or rows treated otherwise, cannot stand beside new ones.
      const goesOn = held.key_year === year && held.fingerprint === table.fingerprint;
      let anew = !(goesOn && held.cursor);
      await readSystem(platform, live, {
        since: anew ? null : held.cursor,
        asOf,
        signal,
        take: (page) =>
          platform.work(actor, async (work) => {
            const { rowCount } = await work.tx.execute(
              sql`update od_live set cursor = ${page.cursor}, key_year = ${year} where key = ${live.key} and run = ${held.run}`,
            );
            if (!rowCount) throw new Error('another process reads it');
            const secret = secrets.blind('open-data.live-key', live.key);
            await keepChanges(work, { live: live.key, page, key: table.key, treat, secret, anew });
            anew = false;
          }),
      });
      for await (const rows of keptRows(platform.db, live.key, batch)) await file.add(rows);
    }
  } finally {
    await file.end();
  }
  return file.path;
}

/** Puts the dataset in order and hands the file over, in one transaction. @returns the id of the load */
async function receive(
  platform: Platform,
  live: LiveDataset,
  table: LiveTable,
  held: Held,
  { path, confirmed }: { readonly path: string; readonly confirmed: boolean },
): Promise<string> {
  const store = filesOf(platform.config);
  const content = await store.put(createReadStream(path));
  const name = `${live.passport.name}.parquet`;
  return platform.work(actor, async (work) => {
    const { rowCount } = await work.tx.execute(
      sql`select from od_live where key = ${live.key} and run = ${held.run} for update`,
    );
    if (!rowCount) throw new Error('another process reads it');
    const known = held.resource === null ? null : { resource: held.resource, passport: held.passport ?? '' };
    const resource = await putDataset(work, platform, live, table, known);
    const file = await keepStored(work, store, content, { name, type: 'application/vnd.apache.parquet' });
    await work.tx.execute(
      sql`update od_resource set file = ${file}, file_name = ${name} where id = ${resource}`,
    );
    await work.tx.execute(
      sql`update od_live set resource = ${resource}, passport = ${passportOf(live)} where key = ${live.key}`,
    );
    return askForLoad(work, { resource, source: 'live', confirmed, renewed: live.privacy.hash ?? [] });
  });
}

function endOf({ state, unchanged, report, fault }: Load): Pick<Ended, 'state' | 'fault'> {
  if (state === 'indexed' || state === 'switched')
    return { state: unchanged ? 'unchanged' : 'published', fault: null };
  if (state !== 'blocked')
    return { state: 'failed', fault: { kind: 'load', detail: fault ? [fault.kind] : [] } };
  const counts = report?.errorCounts ?? [];
  const cells = [...new Set(counts.map(({ code, column }) => `${column} (${code})`))];
  if (counts.some(({ code }) => code.startsWith('personal-')))
    return { state: 'blocked', fault: { kind: 'personal', detail: cells } };
  if (counts.some(({ severity }) => severity === 'error') || report?.missing.length)
    return { state: 'blocked', fault: { kind: 'schema', detail: [...cells, ...(report?.missing ?? [])] } };
  return { state: 'held', fault: { kind: 'unusual', detail: report?.unusual.map(sayUnusual) ?? [] } };
}

const sayUnusual = (one: { readonly code: string; readonly column?: string }) =>
  one.column === undefined ? one.code : `${one.code} ${one.column}`;

const troubles: readonly string[] = ['held', 'blocked', 'failed'] satisfies TroubledState[];

/** Writes down how the reading ended, when the next one is, and tells the officers of a trouble that is new. */
async function record(
  platform: Platform,
  live: LiveDataset,
  held: Held,
  startedAt: Date,
  ended: Ended,
): Promise<void> {
  await platform.work(actor, async (work) => {
    const now = work.clock.now();
    const { rows } = await work.tx.execute<{ frequency: string | null; version: number | null }>(sql`
      select d.update_frequency as frequency, r.current_version as version from od_live l
        left join od_resource r on r.id = l.resource left join od_dataset d on d.id = r.dataset
      where l.key = ${live.key} and l.run = ${held.run} for update of l`);
    const found = rows[0];
    if (!found) return;
    const usual = nextReading(found.frequency ?? live.passport.updateFrequency, now);
    const soon = new Date(now.getTime() + patience);
    const next = ended.state === 'failed' && (!usual || soon < usual) ? soon : usual;
    const accepted = ended.state === 'published' || ended.state === 'unchanged';
    const fault = ended.fault && JSON.stringify(ended.fault);
    await work.tx.execute(sql`update od_live set run = null, alive_at = null, state = ${ended.state}, fault = ${fault}::jsonb,
      next_at = ${next?.toISOString() ?? null},
      fingerprint = ${accepted ? (ended.table?.fingerprint ?? null) : held.fingerprint} where key = ${live.key}`);
    const { counts } = ended;
    await work.tx.execute(sql`insert into od_live_run (id, key, started_at, ended_at, state, rows_read, rows, suppressed, merged,
        version, fault, load)
      values (${held.run}, ${live.key}, ${startedAt.toISOString()}, ${now.toISOString()}, ${ended.state}, ${counts.read},
        ${counts.published}, ${counts.suppressed}, ${counts.merged}, ${accepted ? found.version : null}, ${fault}::jsonb,
        ${ended.load ?? null})`);
    const isNew = ended.state !== held.state || ended.fault?.kind !== held.fault?.kind;
    if (isNew && troubles.includes(ended.state))
      await alertOfficers(work, live, {
        run: held.run,
        state: ended.state as TroubledState,
        fault: ended.fault,
      });
  });
}

async function isWithdrawn(platform: Platform, resource: string): Promise<boolean> {
  const { rows } = await platform.db.execute<{ gone: boolean }>(sql`
    select r.state = 'deleted' or d.state = 'withdrawn' as gone
    from od_resource r join od_dataset d on d.id = r.dataset where r.id = ${resource}`);
  return rows[0]?.gone ?? false;
}

const foldersOf = ({ config }: Platform) => join(config.dataDirectory, 'live');

/** Clears away what readings of killed processes left on the disk. */
async function sweepFolders(platform: Platform): Promise<void> {
  const folders = await readdir(foldersOf(platform)).catch((): string[] => []);
  if (folders.length === 0) return;
  const { rows } = await platform.db.execute<{ run: string }>(
    sql`select run::text from od_live where run is not null and not ${isFree(platform.clock.now().toISOString())}`,
  );
  const alive = new Set(rows.map(({ run }) => run));
  for (const name of folders.filter((one) => !alive.has(one)))
    await rm(join(foldersOf(platform), name), { recursive: true, force: true });
}
