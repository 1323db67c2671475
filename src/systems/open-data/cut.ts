import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { emit } from '#platform/events/outbox.ts';
import { filesOf, keepStored } from '#platform/files/index.ts';
import { enqueue } from '#platform/jobs/index.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import { type Actor, systemActor, type Work } from '#platform/work.ts';
import { sweepCopies } from './columnar/copies.ts';
import { profileOf } from './columnar/profile.ts';
import { type Snapshot, snapshotOf, writeSnapshot } from './columnar/snapshot.ts';
import { tablesNamed } from './datastore/tables.ts';
import { cutJob, mostUncut } from './datastore/uncut.ts';
import { largestUpload } from './loading/load-run.ts';
import { portalOrigin } from './origin.ts';
import { refresh } from './served.ts';
import { nextLink } from './version-chain.ts';
import { findVersion, servedVersion, type Version } from './versions.ts';

/** Nobody has written for so long, in milliseconds: with the rounds of the job a version is there within fifteen minutes. */
const silence = 8 * 60_000;

const profileJob = 'open-data.profile';

export const cutJobs: readonly JobDefinition[] = [
  {
    name: cutJob,
    run: async (platform, { resource }) => void (await cutVersion(platform, String(resource))),
  },
  { name: 'open-data.cut-versions', schedule: '*/5 * * * *', run: (platform) => cutVersions(platform) },
  {
    name: profileJob,
    async run(platform, { resource, version }) {
      const found = await findVersion(platform.db, String(resource), Number(version));
      if (found.parquetSha256) await profileOf(platform, found);
    },
  },
  { name: 'open-data.sweep-columns', schedule: '* * * * *', run: (platform) => sweepColumns(platform) },
];

/** What columns hold is looked at when their version is there, not when somebody asks. */
export async function askForProfile(
  work: Work,
  { payload }: { readonly payload: Record<string, unknown> },
): Promise<void> {
  await enqueue(work, profileJob, { resource: payload.resource, version: payload.version });
}

/** Cuts a version of each table that nobody has written to for a while. */
export async function cutVersions(platform: Platform): Promise<void> {
  const before = new Date(platform.clock.now().getTime() - silence).toISOString();
  const { rows } = await platform.db.execute<{ resource: string }>(
    sql`select resource from od_table where uncut > 0 and (changed_at <= ${before} or uncut >= ${mostUncut}) order by changed_at`,
  );
  for (const { resource } of rows) await cutVersion(platform, resource);
}

/** What became of a cut. */
export interface Cut {
  readonly version: Version;
  /** The rows are those of the version before, which stays. */
  readonly unchanged: boolean;
}

/**
 * Makes a version of the rows of a resource as they stand now, those that programs have written among them. Who may do that is for
 * the caller to decide. Writers go on meanwhile; what they write is for the next version.
 *
 * @param by.actor who is named as its author; the system unless given.
 * @param by.note why, or what is new: shown with the version.
 * @returns null when the resource has no rows to cut.
 */
export async function cutVersion(
  platform: Platform,
  resource: string,
  by: { readonly actor?: Actor; readonly note?: string; readonly requestId?: string } = {},
): Promise<Cut | null> {
  const table = (await tablesNamed(platform.db, [resource])).get(resource);
  if (!table) return null;
  const served = await servedVersion(platform.db, resource);
  if (served && table.uncut === 0) return { version: served, unchanged: true };
  const snapshot = await snapshotOf(platform, table);
  if (!snapshot) return null;
  const parquet = `${snapshot.csv}.parquet`;
  try {
    await writeSnapshot(platform, snapshot, parquet);
    const store = filesOf(platform.config);
    const raw = await store.put(createReadStream(snapshot.csv, { highWaterMark: 256 * 1024 }), largestUpload);
    const data = await store.put(createReadStream(parquet, { highWaterMark: 256 * 1024 }), largestUpload);
    const unchanged = served?.dataSha256 === snapshot.sha256;
    const n = await platform.work(
      by.actor ?? systemActor('open data'),
      async (work) => {
        // First the lock, then the questions: what another cut or load has done meanwhile must be seen.
        await work.tx.execute(sql`select from od_resource where id = ${resource} for update`);
        const now = await lastVersion(work.tx, resource);
        // Somebody was faster: the rows are in that version, or are counted for the next one.
        if (now !== (served?.n ?? 0)) return now;
        await work.tx.execute(
          sql`update od_table set uncut = greatest(uncut - ${snapshot.uncut}, 0) where resource = ${resource}`,
        );
        if (unchanged) return now;
        const keep = (content: typeof raw, name: string, type: string) =>
          keepStored(work, store, content, { name, type });
        const files = {
          raw: await keep(raw, 'rows.csv', 'text/csv'),
          data: await keep(data, 'data.parquet', 'application/vnd.apache.parquet'),
        };
        await insertVersion(work, {
          resource,
          n: now + 1,
          before: served?.n ?? null,
          snapshot,
          key: table.primaryKey,
          raw,
          files,
          note: by.note ?? '',
          site: portalOrigin(platform),
        });
        return now + 1;
      },
      by.requestId === undefined ? {} : { requestId: by.requestId },
    );
    return { version: await findVersion(platform.db, resource, n), unchanged: n === served?.n };
  } finally {
    await rm(snapshot.csv, { force: true });
    await rm(parquet, { force: true });
  }
}

async function lastVersion(reader: Reader, resource: string): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(
    sql`select coalesce(max(n), 0) as n from od_version where resource = ${resource}`,
  );
  return rows[0]!.n;
}

async function insertVersion(
  work: Work,
  made: {
    readonly resource: string;
    readonly n: number;
    readonly before: number | null;
    readonly snapshot: Snapshot;
    readonly key: readonly string[];
    readonly raw: { readonly sha256: string; readonly bytes: number };
    readonly files: { readonly raw: string; readonly data: string };
    readonly note: string;
    /** Public address of the portal. */
    readonly site: string;
  },
): Promise<void> {
  const { resource, n, snapshot, raw, files } = made;
  const { actor } = work;
  const now = work.clock.now().toISOString();
  const author = actor.kind === 'person' || actor.kind === 'staff' ? actor.id : null;
  const load = randomUUID();
  await work.tx.execute(sql`
    insert into od_load (id, resource, n, file, file_name, state, source, author, author_name, rows_read, received_at, alive_at, ended_at)
    select ${load}, ${resource}, coalesce(max(n), 0) + 1, ${files.raw}, 'rows.csv', 'indexed', 'rows', ${author}, ${actor.name},
      ${snapshot.rows}, ${now}, ${now}, ${now} from od_load where resource = ${resource}`);
  const key = sql`array(select jsonb_array_elements_text(${JSON.stringify(made.key)}::jsonb))`;
  await work.tx.execute(sql`
    insert into od_version (resource, n, load, raw_file, raw_sha256, raw_bytes, raw_name, data_file, data_sha256, rows, columns, key,
      source, author, author_name, note, made_at, prev_hash)
    values (${resource}, ${n}, ${load}, ${files.raw}, ${raw.sha256}, ${raw.bytes}, 'rows.csv', ${files.data}, ${snapshot.sha256},
      ${snapshot.rows}, ${JSON.stringify(snapshot.fields)}::jsonb, ${key}, 'rows', ${author}, ${actor.name}, ${made.note}, ${now}, ${nextLink(resource)})`);
  await work.tx.execute(
    sql`update od_version set replaced_at = ${now} where resource = ${resource} and n = ${made.before}`,
  );
  const { rows } = await work.tx.execute<{ dataset: string }>(sql`
    update od_resource set current_version = ${n}, rows = ${snapshot.rows}, last_modified = ${now}, modified_at = ${now}
    where id = ${resource} returning dataset`);
  const dataset = rows[0]!.dataset;
  await work.tx.execute(sql`update od_dataset set modified_at = ${now} where id = ${dataset}`);
  await audit(work, {
    action: 'open-data:publish_version',
    resource: `open-data:resource:${resource}`,
    detail: { n, sha256: snapshot.sha256 },
  });
  await emit(work, 'open-data.version.published', {
    dataset,
    resource,
    version: n,
    url: `${made.site}/dataset/${dataset}/resource/${resource}@v${n}`,
    sha256: snapshot.sha256,
  });
  await refresh(work, [dataset]);
}

/** What is published no more leaves the copies of this machine, and the looks at its columns. */
async function sweepColumns(platform: Platform): Promise<void> {
  await platform.db.execute(
    sql`update od_version set profile = null where taken_down_at is not null and profile is not null`,
  );
  const { rows } = await platform.db.execute<{ sha256: string }>(
    sql`select f.sha256 from od_version v join file f on f.id = v.data_file
      union select f.sha256 from od_load l join file f on f.id in (l.errors_file, l.repairs_file, l.refused_file)`,
  );
  const { rows: tables } = await platform.db.execute<{ resource: string }>(
    sql`select resource from od_table`,
  );
  await sweepCopies(platform, {
    hashes: new Set(rows.map(({ sha256 }) => sha256)),
    resources: new Set(tables.map(({ resource }) => resource)),
  });
}
