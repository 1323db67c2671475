import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { emit } from '#platform/events/outbox.ts';
import { removeFiles } from '#platform/files/orphans.ts';
import type { Work } from '#platform/work.ts';
import { touchDataset } from './datasets.ts';
import { column } from './datastore/table.ts';
import { tablesNamed } from './datastore/tables.ts';
import { dropTable } from './datastore/write.ts';
import { Absent, faulty } from './faults.ts';
import { isUuid } from './names.ts';
import { mustBeOfficer } from './rights.ts';

/** What is left in public of something that was taken down. */
export interface Tombstone {
  /** Number of the version; null: the whole resource as it was then. */
  readonly n: number | null;
  readonly at: Date;
  readonly reason: string;
  /** Of the bytes that were there; null where there were none, or several. */
  readonly sha256: string | null;
}

/** What a takedown would take away. */
export interface Takedown {
  readonly versions: readonly number[];
  /** The version that is served is among them, or all is: nothing of the resource is served afterwards. */
  readonly served: boolean;
  /** Names of other resources that hold the same bytes and keep them. */
  readonly elsewhere: readonly { readonly dataset: string; readonly resource: string }[];
}

interface Found extends Record<string, unknown> {
  n: number;
  load: string;
  raw_file: string | null;
  data_file: string | null;
  row_table: string | null;
  raw_sha256: string;
}

/** Looks at what `takeDown` would do. `version` null: everything. @throws Absent, Denied unless the officer asks. */
export async function lookAtTakedown(
  reader: Reader,
  work: Pick<Work, 'actor'>,
  resource: string,
  version: number | null,
): Promise<Takedown> {
  mustBeOfficer(work.actor);
  const [row, versions] = await found(reader, resource, version);
  const { rows } = await reader.execute<{ dataset: string; resource: string }>(sql`
    select distinct d.name as dataset, r.id as resource from file f join od_resource r on r.file = f.id join od_dataset d on d.id = r.dataset
    where r.id <> ${resource} and r.state = 'active' and f.sha256 in (select jsonb_array_elements_text(${JSON.stringify(
      versions.map(({ raw_sha256 }) => raw_sha256).concat(row.sha256 ?? []),
    )}::jsonb))`);
  return {
    versions: versions.map(({ n }) => n),
    served: isServed(row, versions, version),
    elsewhere: rows,
  };
}

/**
 * Takes a version of a resource, or all of it, away for good: rows, Parquet, the bytes as they came, reports, what the search knows.
 * Its number, day, hash and the reason stay for everybody to see. For what must not have been published: the officer's.
 *
 * @param input.version its number; null: everything of the resource. @param input.reason words for the public
 * @throws Absent, Denied, Faulty
 */
export async function takeDown(
  work: Work,
  resource: string,
  input: { readonly version: number | null; readonly reason: string },
): Promise<void> {
  mustBeOfficer(work.actor);
  const reason = input.reason.trim();
  if (reason.length < 10) throw faulty('reason', 'Missing value');
  const { tx } = work;
  await tx.execute(sql`select from od_resource where id::text = ${resource} for update`);
  const [row, versions] = await found(tx, resource, input.version);
  const now = work.clock.now().toISOString();
  const served = isServed(row, versions, input.version);
  const numbers = JSON.stringify(versions.map(({ n }) => n));
  const files = new Set<string>(
    versions.flatMap((one) => [one.raw_file, one.data_file]).filter((id) => id !== null),
  );
  // Reports of these loads quote cells, and so do those of loads that never became a version.
  const { rows: loads } = await tx.execute<LoadFiles>(sql`
    update od_load l set report = null, errors_file = null, refused_file = null, repairs_file = null,
      ended_at = coalesce(l.ended_at, ${now}), state = case when l.ended_at is null then 'failed' else l.state end,
      fault = case when l.ended_at is null then '{"kind": "overtaken", "detail": {}}'::jsonb else l.fault end
    from od_load before
    where before.id = l.id and l.resource = ${resource} and (${input.version === null}
      or not exists (select from od_version v where v.load = l.id
        and v.n not in (select value::int from jsonb_array_elements_text(${numbers}::jsonb))))
    returning before.file, before.errors_file, before.refused_file, before.repairs_file`);
  for (const load of loads)
    for (const file of [load.file, load.errors_file, load.refused_file, load.repairs_file])
      if (file) files.add(file);
  if (served) {
    const table = (await tablesNamed(tx, [resource])).get(resource);
    if (table) await dropTable(work, table);
    await tx.execute(sql`update od_resource set current_version = null, datastore_active = false, rows = null, load_state = null,
      raw_closed = false, taken_down_at = ${now}, takedown_reason = ${reason}, last_modified = ${now}, modified_at = ${now}
      where id = ${resource}`);
    // A link would bring the same again.
    await tx.execute(sql`delete from od_link where resource = ${resource}`);
  }
  if (row.file && (served || versions.some(({ raw_sha256 }) => raw_sha256 === row.sha256))) {
    files.add(row.file);
    await tx.execute(
      sql`update od_resource set file = null, size = null, hash = null where id = ${resource}`,
    );
  }
  for (const { row_table } of versions)
    if (row_table) await tx.execute(sql`drop table if exists open_data_rows.${column(row_table)}`);
  await tx.execute(sql`update od_version set raw_file = null, data_file = null, row_table = null, note = '',
      replaced_at = coalesce(replaced_at, ${now}), taken_down_at = ${now}, takedown_reason = ${reason}
    where resource = ${resource} and n in (select value::int from jsonb_array_elements_text(${numbers}::jsonb))`);
  await removeFiles(work, [...files]);
  await touchDataset(work, row.dataset);
  await audit(work, {
    action: 'open-data:take_down',
    resource: `open-data-resource:${resource}`,
    detail: { versions: versions.map(({ n }) => n), served },
  });
  await emit(work, 'open-data.version.taken-down', {
    dataset: row.dataset,
    resource,
    versions: versions.map(({ n }) => n),
  });
}

/** Tombstones of a resource, the newest first. */
export async function tombstonesOf(reader: Reader, resource: string): Promise<Tombstone[]> {
  const { rows } = await reader.execute<{
    n: number | null;
    at: string;
    reason: string | null;
    sha256: string | null;
  }>(sql`
    select n, taken_down_at as at, takedown_reason as reason, raw_sha256 as sha256 from od_version
      where resource = ${resource} and taken_down_at is not null
    union all
    select null, taken_down_at, takedown_reason, null from od_resource r where id = ${resource} and taken_down_at is not null
      and not exists (select from od_version v where v.resource = r.id and v.taken_down_at = r.taken_down_at)
    order by at desc, n desc`);
  return rows.map(({ n, at, reason, sha256 }) => ({ n, at: new Date(at), reason: reason ?? '', sha256 }));
}

type LoadFiles = Record<'file' | 'errors_file' | 'refused_file' | 'repairs_file', string | null>;

interface Row extends Record<string, unknown> {
  dataset: string;
  file: string | null;
  sha256: string | null;
  current_version: number | null;
}

const isServed = (row: Row, versions: readonly Found[], version: number | null) =>
  version === null || versions.some(({ n }) => n === row.current_version);

/** The resource, and those of its versions that are meant and still there. @throws Absent */
async function found(
  reader: Reader,
  resource: string,
  version: number | null,
): Promise<[Row, readonly Found[]]> {
  if (!isUuid(resource)) throw new Absent('resource');
  const { rows } = await reader.execute<Row>(sql`
    select r.dataset, r.file, f.sha256, r.current_version from od_resource r left join file f on f.id = r.file where r.id = ${resource}`);
  const { rows: versions } = await reader.execute<Found>(sql`
    select n, load, raw_file, data_file, row_table, raw_sha256 from od_version where resource = ${resource} and taken_down_at is null
      and (${version}::int is null or n = ${version}) order by n`);
  if (!rows[0] || (version !== null && versions.length === 0)) throw new Absent('version');
  return [rows[0], versions];
}
