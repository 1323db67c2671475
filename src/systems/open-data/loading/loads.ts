import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import pg from 'pg';
import { audit } from '#platform/audit/append.ts';
import { localDate } from '#platform/calendar/index.ts';
import type { Config } from '#platform/config/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import { filesOf, keepAgain, keepStored } from '#platform/files/index.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { enqueue } from '#platform/jobs/index.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { type ChosenSchema, schemaOf } from '../checks/chosen-schema.ts';
import { describedAs } from '../column-texts.ts';
import type { Field } from '../datastore/table.ts';
import { publishViews } from '../datastore/views.ts';
import { portalOrigin } from '../origin.ts';
import { refresh } from '../served.ts';
import { nextLink } from '../version-chain.ts';
import { cityBox } from './city-box.ts';
import { hashKeyOf } from './hiding.ts';
import type { LoadFiles, LoadReport, LoadResult, LoadTask, TableBeside } from './load-run.ts';
import { runLoadInThread } from './load-thread.ts';
import { loadOfRowTable, newRowTable } from './row-table.ts';
import type { LoadRule } from './rules.ts';
import { named } from './sql.ts';
import { fillFullText, mostAtOnce } from './text-index.ts';

export type LoadState =
  | 'received'
  | 'parsed'
  | 'checked'
  | 'blocked'
  | 'staged'
  | 'switched'
  | 'indexed'
  | 'failed';

/** Where an upload came from. */
export type LoadSource = 'form' | 'api' | 'link' | 'live' | 'rows';

/** What is said about one upload. */
export interface LoadOptions {
  /** Why, or what is new: shown with the version. Left out: what was said of the file before. */
  readonly note?: string;
  /** Sheet of a workbook, name of a file in an archive. */
  readonly sheet?: string;
  readonly entry?: string;
  /** What is unusual beside the version before is meant. */
  readonly confirmed?: boolean;
  /** Columns whose values are new each time by intention: that they changed is not unusual. */
  readonly renewed?: readonly string[];
  /** The accepted report of a unit that the file comes from. */
  readonly submission?: string;
}

/** One upload and what became of it. */
export interface Load {
  readonly id: string;
  readonly resource: string;
  readonly n: number;
  readonly state: LoadState;
  readonly fileName: string;
  readonly fault: { readonly kind: string; readonly detail: Readonly<Record<string, unknown>> } | null;
  readonly report: LoadReport | null;
  readonly unchanged: boolean;
  /** File ids of the reports. */
  readonly errorsFile: string | null;
  readonly refusedFile: string | null;
  readonly repairsFile: string | null;
  readonly receivedAt: Date;
  readonly endedAt: Date | null;
}

/** A load that nobody has begun for this long is asked for again, in milliseconds. */
const silence = 15 * 60_000;
/** A load that ended its process so often has ended it by itself: it is not tried again. */
const mostTries = 5;
/** First half of the advisory locks of loads that are being worked on; the second is the hash of their id. */
const loadLock = 4_702_535;
/** Tables of replaced versions stay for readers that have begun, in milliseconds. */
const readersEnd = 10 * 60_000;
const loadJob = 'open-data.load';
const textJob = 'open-data.index-text';

/**
 * Asks for the file of a resource to be loaded, in the caller's transaction: the newest asked for wins. Who may do that is for
 * the caller to decide; what is served stays served until the new version is whole.
 *
 * @param input.resource id of an od_resource whose `file` is kept already.
 * @returns the id of the load. @throws NotFound for a resource without a file.
 */
export async function askForLoad(
  work: Work,
  input: { readonly resource: string; readonly source: LoadSource } & LoadOptions,
): Promise<string> {
  const { resource, source, ...options } = input;
  const id = randomUUID();
  const now = work.clock.now().toISOString();
  const { rows } = await work.tx.execute<{ file: string | null; file_name: string | null }>(
    sql`update od_resource set load_state = 'received' where id = ${resource} and file is not null returning file, file_name`,
  );
  if (!rows[0]) throw new NotFound('file of the resource');
  const { actor } = work;
  const author = actor.kind === 'person' || actor.kind === 'staff' ? actor.id : null;
  await work.tx.execute(
    sql`insert into od_load (id, resource, n, file, file_name, state, options, source, author, author_name, received_at, alive_at)
        select ${id}, ${resource}, coalesce(max(n), 0) + 1, ${await keepAgain(work, rows[0].file!)}, ${rows[0].file_name ?? 'data'}, 'received',
          ${options.note === undefined ? saidBefore(resource) : sql`'{}'::jsonb`} || ${JSON.stringify(options)}::jsonb, ${source}, ${author}, ${actor.name}, ${now}, ${now}
        from od_load where resource = ${resource}`,
  );
  // What a live reading hands over it loads by itself, and hands over anew when it was killed.
  if (source !== 'live') await enqueue(work, loadJob, { load: id });
  return id;
}

/** What was said of the file when it came, for a load of the same file once more. */
const saidBefore = (resource: string) =>
  sql`jsonb_strip_nulls(jsonb_build_object('note', (select l.options ->> 'note' from od_load l where l.resource = ${resource} order by l.n desc limit 1)))`;

/** @throws NotFound */
export async function findLoad(reader: Reader, id: string): Promise<Load> {
  const { rows } = await reader.execute<LoadRow>(sql`select * from od_load where id = ${id}`);
  if (!rows[0]) throw new NotFound('load');
  const row = rows[0];
  return {
    id: row.id,
    resource: row.resource,
    n: row.n,
    state: row.state,
    fileName: row.file_name,
    fault: row.fault,
    report: row.report,
    unchanged: row.unchanged,
    errorsFile: row.errors_file,
    refusedFile: row.refused_file,
    repairsFile: row.repairs_file,
    receivedAt: new Date(row.received_at),
    endedAt: row.ended_at ? new Date(row.ended_at) : null,
  };
}

/** Ids of the files that loads and versions refer to, for `System.fileReferences`. */
export const loadedFiles: readonly string[] = [
  'select file::text from od_load where ended_at is null',
  'select errors_file::text from od_load where errors_file is not null',
  'select refused_file::text from od_load where refused_file is not null',
  'select repairs_file::text from od_load where repairs_file is not null',
  'select raw_file::text from od_version where raw_file is not null',
  'select data_file::text from od_version where data_file is not null',
];

export const loadJobs: readonly JobDefinition[] = [
  { name: loadJob, run: (platform, { load }) => runOneLoad(platform, String(load)) },
  { name: textJob, run: (platform, { load }) => indexText(platform, String(load)) },
  {
    name: 'open-data.sweep-loads',
    schedule: '*/10 * * * *',
    atStart: true,
    run: (platform) => sweepLoads(platform),
  },
];

/**
 * Does a load that was asked for. It bears being called twice: what a killed process left is done anew, a load that has ended is
 * left alone, and one that a newer upload overtook ends as failed.
 */
export async function runOneLoad(platform: Platform, id: string): Promise<void> {
  const hold = await holdLoad(platform, id);
  if (!hold) return;
  try {
    await workOn(platform, id);
  } finally {
    await hold.end().catch(() => {});
  }
}

/**
 * Says in the database that this process works on a load, until the connection that comes back ends: with the process, however
 * that ends. @returns null while another works on it.
 */
async function holdLoad(platform: Platform, id: string): Promise<pg.Client | null> {
  const { url, options } = sessionOf(platform);
  const client = new pg.Client({ connectionString: url, options, application_name: 'misto load' });
  // A connection that breaks is heard of by the next statement, and lets the lock go.
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ held: boolean }>(
    'select pg_try_advisory_lock($1, hashtext($2)) as held',
    [loadLock, id],
  );
  if (rows[0]!.held) return client;
  await client.end();
  return null;
}

/** A way into the database that keeps a session, and what its sessions are given. */
function sessionOf({ config, db }: Platform): { url: string; options: string } {
  const { connectionString, options } = db.$client.options;
  return { url: config.databaseDirectUrl ?? connectionString!, options: options ?? '' };
}

async function workOn(platform: Platform, id: string): Promise<void> {
  const asked = await begin(platform, id);
  if (!asked) return;
  const move = (state: LoadState) =>
    platform.db.execute(sql`with moved as (
        update od_load set state = ${state}, alive_at = ${platform.clock.now().toISOString()} where id = ${id} returning resource)
      update od_resource set load_state = ${state} where id in (select resource from moved)`);
  let told: Promise<unknown> = Promise.resolve();
  const result = await runLoadInThread(taskOf(platform, asked), (state) => {
    // Only progress: while the database is away the load goes on, and its end says what came of it, or the job begins anew.
    told = told.then(() => move(state)).catch(() => {});
  });
  await told;
  await patiently(() =>
    platform.work(systemActor('open data'), (work) => end(work, platform, asked, result)),
  );
}

/** The switch waits for readers of the view before it; a few long ones do not cost the load. */
async function patiently(act: () => Promise<void>, tries = 5): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isLocked(error) || tries === 1) throw error;
    await patiently(act, tries - 1);
  }
}

/** Takes a load up. @returns null when it has ended or was overtaken. */
async function begin(platform: Platform, id: string): Promise<Asked | null> {
  const now = platform.clock.now().toISOString();
  const { rows } = await platform.db.execute<Asked & Record<string, unknown>>(sql`
    update od_load l set alive_at = ${now}, tries = l.tries + 1
    from od_resource r join od_dataset d on d.id = r.dataset left join od_organisation o on o.id = d.organisation
      left join od_version v on v.resource = r.id and v.n = r.current_version
    where l.id = ${id} and l.ended_at is null and r.id = l.resource
    returning l.id, l.resource, l.n, l.file::text, l.file_name, l.options, l.source, l.author::text, l.author_name,
      r.load_rules, r.table_schema, v.data_sha256 as served, v.rows::float8 as served_rows,
      v.columns as served_fields, (select f.sha256 from file f where f.id = v.data_file) as served_parquet, coalesce(o.pii_mode, 'block') as pii_mode,
      (select f.sha256 from file f where f.id = l.file) as sha256, (select f.bytes from file f where f.id = l.file) as bytes,
      (select coalesce(jsonb_agg(jsonb_build_object('origin', s.table_schema ->> 'origin', 'sha256', f.sha256,
          'columns', jsonb_path_query_array(sv.columns, '$[*].id'))), '[]')
        from od_resource s join od_version sv on sv.resource = s.id and sv.n = s.current_version join file f on f.id = sv.data_file
        where s.dataset = r.dataset and s.id <> r.id and s.state = 'active' and s.table_schema ? 'origin') as beside,
      l.tries, exists (select from od_load newer where newer.resource = l.resource and newer.n > l.n) as overtaken`);
  const asked = rows[0];
  if (!asked) return null;
  const fault = asked.overtaken
    ? 'overtaken'
    : !asked.sha256
      ? 'file-gone'
      : asked.tries > mostTries
        ? 'interrupted'
        : null;
  if (!fault) return asked;
  await platform.db.execute(sql`with failed as (
      update od_load set state = 'failed', ended_at = ${now}, fault = ${JSON.stringify({ kind: fault, detail: {} })}::jsonb
      where id = ${id} returning resource)
    update od_resource set load_state = 'failed' where ${fault !== 'overtaken'} and id in (select resource from failed)`);
  return null;
}

const foldersOf = (config: Config) => join(config.dataDirectory, 'loading');

function taskOf(platform: Platform, asked: Asked): LoadTask {
  const { config } = platform;
  const schema = schemaOf(asked.table_schema);
  return {
    rowTable: newRowTable(asked.id),
    config,
    database: sessionOf(platform),
    raw: { sha256: asked.sha256!, name: asked.file_name },
    folder: join(foldersOf(config), `${asked.id}.${randomUUID()}`),
    schema,
    strictness: asked.table_schema?.strictness ?? 'tolerant',
    beside: asked.beside,
    rules: asked.load_rules,
    personal: asked.pii_mode === 'warn' && asked.source !== 'live' ? 'warning' : 'error',
    city: cityBox,
    today: localDate(platform.clock.now()),
    hashKey: hashKeyOf(secretsOf(config), asked.resource),
    served: asked.served
      ? {
          sha256: asked.served,
          parquet: asked.served_parquet,
          rows: asked.served_rows!,
          fields: asked.served_fields!,
        }
      : null,
    hold: (asked.source === 'form' || asked.source === 'live') && !asked.options.confirmed,
    renewed: asked.options.renewed ?? [],
    ...(asked.options.sheet && { sheet: asked.options.sheet }),
    ...(asked.options.entry && { entry: asked.options.entry }),
  };
}

/** Ends a load in one transaction: readers see the version before or the new one, whole. */
async function end(work: Work, platform: Platform, asked: Asked, result: LoadResult): Promise<void> {
  const now = work.clock.now().toISOString();
  // First the locks, then the questions: what an end before this one has done must be seen. The dataset first, as whoever
  // changes it takes them: two that wait for each other would both be lost.
  await work.tx.execute(sql`select from od_dataset where id = (select dataset from od_resource where id = ${asked.resource})
    for no key update`);
  await work.tx.execute(sql`select from od_resource where id = ${asked.resource} for update`);
  const { rows } = await work.tx.execute<{
    current_version: number | null;
    overtaken: boolean;
    ended: boolean;
    dataset: string;
  }>(sql`
    select r.current_version, r.dataset::text, l.ended_at is not null as ended,
      exists (select from od_version v join od_load newer on newer.id = v.load
        where v.resource = r.id and newer.n > l.n) as overtaken
    from od_resource r join od_load l on l.id = ${asked.id} where r.id = ${asked.resource}`);
  const resource = rows[0];
  if (!resource || resource.ended) return;
  const files = result.state === 'failed' ? {} : await keepFiles(work, platform, result.files);
  const state = resource.overtaken ? 'failed' : endState(result);
  const fault = resource.overtaken
    ? { kind: 'overtaken', detail: {} }
    : result.state === 'failed'
      ? result.fault
      : null;
  await work.tx.execute(sql`update od_load set state = ${state}, ended_at = ${now}, alive_at = ${now},
    unchanged = ${result.state === 'unchanged'}, fault = ${fault ? JSON.stringify(fault) : null}::jsonb,
    report = ${result.state === 'failed' ? null : JSON.stringify(result.report)}::jsonb,
    rows_read = ${result.state === 'failed' ? 0 : result.report.rows.read},
    errors_file = ${files.errors ?? null}, refused_file = ${files.refused ?? null}, repairs_file = ${files.repairs ?? null}
    where id = ${asked.id}`);
  if (resource.overtaken) return;
  const closed = result.state !== 'failed' && result.report.originalHolds;
  await work.tx.execute(
    sql`update od_resource set load_state = ${state}, raw_closed = ${closed} where id = ${asked.resource}`,
  );
  if (result.state === 'staged')
    await makeVersion(work, asked, result, files.data!, { ...resource, site: portalOrigin(platform) });
  await refresh(work, [resource.dataset]);
}

function endState(result: LoadResult): LoadState {
  if (result.state === 'unchanged') return 'indexed';
  if (result.state !== 'staged') return result.state;
  return result.report.rows.published > mostAtOnce ? 'switched' : 'indexed';
}

async function makeVersion(
  work: Work,
  asked: Asked,
  result: Extract<LoadResult, { state: 'staged' }>,
  dataFile: string,
  {
    current_version: before,
    dataset,
    site,
  }: { current_version: number | null; dataset: string; site: string },
): Promise<void> {
  const now = work.clock.now().toISOString();
  const { rows: tables } = await work.tx.execute<{ fields: Field[] }>(
    sql`select fields from od_table where resource = ${asked.resource}`,
  );
  const fields = JSON.stringify(describedAs(result.fields, tables[0]?.fields ?? []));
  const key = sql`array[${sql.join(
    result.key.map((id) => sql`${id}`),
    sql`, `,
  )}]::text[]`;
  const { rows } = await work.tx.execute<{ n: number }>(sql`
    insert into od_version (resource, n, load, raw_file, raw_sha256, raw_bytes, raw_name, data_file, data_sha256, rows, refused, columns,
      key, source, author, author_name, note, row_table, made_at, raw_closed, prev_hash)
    select ${asked.resource}, coalesce(max(n), 0) + 1, ${asked.id}, ${asked.file}, ${asked.sha256}, ${asked.bytes}, ${asked.file_name},
      ${dataFile}, ${result.dataSha256}, ${result.report.rows.published}, ${result.report.rows.refused},
      ${fields}::jsonb, ${key}, ${asked.source}, ${asked.author}, ${asked.author_name},
      ${asked.options.note ?? ''}, ${result.rowTable}, ${now}, ${result.report.originalHolds}, ${nextLink(asked.resource)}
    from od_version where resource = ${asked.resource} returning n`);
  const n = rows[0]!.n;
  await work.tx.execute(
    sql`update od_version set replaced_at = ${now} where resource = ${asked.resource} and n = ${before}`,
  );
  await work.tx.execute(sql`update od_resource set current_version = ${n}, rows = ${result.report.rows.published},
    datastore_active = true, last_modified = ${now}, modified_at = ${now} where id = ${asked.resource}`);
  await work.tx.execute(sql`insert into od_table (resource, name, fields, primary_key, rows, is_dense, changed_at)
    values (${asked.resource}, ${result.rowTable}, ${fields}::jsonb, '[]', ${result.report.rows.published},
      true, ${now})
    on conflict (resource) do update set name = excluded.name, fields = excluded.fields, primary_key = excluded.primary_key,
      rows = excluded.rows, is_dense = true, changed_at = excluded.changed_at, uncut = 0`);
  await work.tx.execute(sql`update od_dataset set modified_at = ${now} where id = ${dataset}`);
  await publishViews(work, asked.resource);
  if (result.report.rows.published > mostAtOnce) await enqueue(work, textJob, { load: asked.id });
  if (result.report.unusual.length > 0)
    await emit(work, 'open-data.version.unusual', { dataset, resource: asked.resource, version: n });
  await audit(work, {
    action: 'open-data:publish_version',
    resource: `open-data:resource:${asked.resource}`,
    detail: { n, sha256: result.dataSha256 },
  });
  await emit(work, 'open-data.version.published', {
    dataset,
    resource: asked.resource,
    version: n,
    url: `${site}/dataset/${dataset}/resource/${asked.resource}@v${n}`,
    sha256: result.dataSha256,
    ...(asked.options.submission && { submission: asked.options.submission }),
  });
}

async function keepFiles(
  work: Work,
  platform: Platform,
  files: LoadFiles,
): Promise<{ -readonly [K in keyof LoadFiles]?: string }> {
  const kinds = {
    data: ['data.parquet', 'application/vnd.apache.parquet'],
    errors: ['errors.csv', 'text/csv'],
    refused: ['refused.ndjson', 'application/x-ndjson'],
    repairs: ['repairs.parquet', 'application/vnd.apache.parquet'],
  } as const;
  const kept: { -readonly [K in keyof LoadFiles]?: string } = {};
  for (const [kind, [name, type]] of Object.entries(kinds) as [
    keyof LoadFiles,
    readonly [string, string],
  ][]) {
    const content = files[kind];
    if (content) kept[kind] = await keepStored(work, filesOf(platform.config), content, { name, type });
  }
  return kept;
}

/** Makes the rows of a served version findable by words, when they were too many to do it before the switch. */
export async function indexText(platform: Platform, load: string): Promise<void> {
  const { rows } = await platform.db.execute<{ row_table: string; columns: Field[]; resource: string }>(
    sql`select row_table, columns, resource from od_version where load = ${load} and replaced_at is null and row_table is not null`,
  );
  const [version] = rows;
  if (!version) return;
  await fillFullText(
    (text, values) => platform.db.$client.query(text, values),
    version.row_table,
    version.columns,
  );
  await platform.db.execute(sql`update od_load set state = 'indexed' where id = ${load}`);
  await platform.db.execute(
    sql`update od_resource set load_state = 'indexed' where id = ${version.resource} and load_state = 'switched'`,
  );
}

/**
 * Clears away what loads left: tables of rows that no version serves any more or ever did, folders and loads whose process died;
 * those loads are asked for again.
 */
export async function sweepLoads(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  const before = (age: number) => new Date(now.getTime() - age).toISOString();
  const { rows } = await platform.db.execute<{
    name: string;
    served: boolean;
    busy: boolean;
    reading: boolean;
  }>(sql`
    select t.tablename as name, v.n is not null and v.replaced_at is null as served,
      coalesce(v.replaced_at > ${before(readersEnd)}, false) as reading
    from pg_tables t left join od_version v on v.row_table = t.tablename
    where t.schemaname = 'open_data_rows' and t.tablename like 'r\_%' and t.tablename not in (select name from od_table)`);
  for (const { name, served, reading } of rows) {
    if (served || reading) continue;
    const load = loadOfRowTable(name);
    if (load && (await isHeld(platform, load))) continue;
    await dropRowTable(platform, name);
  }
  const folders = foldersOf(platform.config);
  for (const name of await readdir(folders).catch((): string[] => []))
    if (!(await isHeld(platform, name.split('.')[0]!)))
      await rm(join(folders, name), { recursive: true, force: true });
  await askAgain(platform, before(silence));
}

/** Whether a lock of `holdLoad` is held for this id (SQL). */
const held = (
  load: SQL,
) => sql`exists (select from pg_locks where locktype = 'advisory' and objsubid = 2 and granted
  and database = (select oid from pg_database where datname = current_database())
  and classid::int8 = ${loadLock} and objid::int8 = (hashtext(${load})::int8 & 4294967295))`;

/** Whether some process works on a load now. */
async function isHeld(platform: Platform, load: string): Promise<boolean> {
  const { rows } = await platform.db.execute<{ held: boolean }>(sql`select ${held(sql`${load}`)} as held`);
  return rows[0]!.held;
}

/** Drops a table when its readers have ended; while one reads, it stays for the next round. */
async function dropRowTable(platform: Platform, table: string): Promise<void> {
  const name: SQL = sql.raw(`open_data_rows.${named(table)}`);
  await platform.db
    .transaction(async (tx) => {
      await tx.execute(sql`set local lock_timeout = '200ms'`);
      await tx.execute(sql`update od_version set row_table = null where row_table = ${table}`);
      await tx.execute(sql`drop table if exists ${name}`);
    })
    .catch((error) => {
      if (!isLocked(error)) throw error;
    });
}

const isLocked = (error: unknown): boolean => {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown };
  return code === '55P03' || (cause ? isLocked(cause) : false);
};

/** Loads that were begun and that nobody works on any more, and those that waited too long. */
async function askAgain(platform: Platform, since: string): Promise<void> {
  await platform.work(systemActor('open data'), async (work) => {
    const { rows } = await work.tx.execute<{ id: string }>(
      sql`update od_load set alive_at = ${work.clock.now().toISOString()}
        where ended_at is null and (tries > 0 or alive_at < ${since}) and not ${held(sql`id::text`)} returning id`,
    );
    for (const { id } of rows) await enqueue(work, loadJob, { load: id }, { singletonKey: id });
  });
}

interface Asked {
  id: string;
  resource: string;
  n: number;
  file: string;
  file_name: string;
  options: LoadOptions;
  source: LoadSource;
  author: string | null;
  author_name: string;
  load_rules: LoadRule[];
  table_schema: ChosenSchema | null;
  served: string | null;
  served_rows: number | null;
  served_fields: Field[] | null;
  served_parquet: string | null;
  pii_mode: 'block' | 'warn';
  beside: TableBeside[];
  sha256: string | null;
  bytes: string | null;
  tries: number;
  overtaken: boolean;
}

interface LoadRow extends Record<string, unknown> {
  id: string;
  resource: string;
  n: number;
  file_name: string;
  state: LoadState;
  fault: Load['fault'];
  report: LoadReport | null;
  unchanged: boolean;
  errors_file: string | null;
  refused_file: string | null;
  repairs_file: string | null;
  received_at: string;
  ended_at: string | null;
}
