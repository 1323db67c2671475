import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import { findDataset } from '../datasets.ts';
import { Absent } from '../faults.ts';
import { findResource } from '../resources.ts';
import { mustDo } from '../rights.ts';
import { refresh } from '../served.ts';
import { askForLoad, type LoadState } from './loads.ts';

/** A load that waits or is being worked on. */
export interface WaitingLoad {
  readonly id: string;
  readonly resource: string;
  readonly fileName: string;
  /** `2026-01-02T03:04:05.123456`, UTC. */
  readonly created: string;
}

/** The last load of a resource, as those see it who may change the resource. */
export interface LastLoad extends WaitingLoad {
  readonly state: LoadState;
  readonly fault: string | null;
  readonly changed: string;
}

const wire = (column: string) =>
  sql`to_char(${sql.raw(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
const columns = sql`l.id, l.resource, l.file_name as "fileName", ${wire('l.received_at')} as created`;

/**
 * Loads the file of a resource once more.
 *
 * @returns the load; null for a resource without a file of its own. @throws Absent, Denied
 */
export async function reload(work: Work, resource: string): Promise<string | null> {
  const found = await findResource(work.tx, resource);
  await mustDo(work.tx, work.actor, 'write', await findDataset(work.tx, found.dataset));
  const { rows } = await work.tx.execute(
    sql`select from od_resource where id = ${resource} and kind = 'upload' and file is not null`,
  );
  return rows.length > 0 ? askForLoad(work, { resource, source: 'api' }) : null;
}

/** @throws Absent when nothing was ever loaded */
export async function lastLoadOf(reader: Reader, resource: string): Promise<LastLoad> {
  const { rows } = await reader.execute<LastLoad & Record<string, unknown>>(sql`
    select ${columns}, l.state, l.fault ->> 'kind' as fault, ${wire('coalesce(l.ended_at, l.alive_at)')} as changed
    from od_load l where l.resource = ${resource} order by l.n desc limit 1`);
  if (!rows[0]) throw new Absent('load');
  return rows[0];
}

/** Loads that have not ended, the oldest first; or one of them. */
export async function waitingLoads(
  reader: Reader,
  wanted: { readonly id?: string; readonly limit: number },
): Promise<WaitingLoad[]> {
  const { rows } = await reader.execute<WaitingLoad & Record<string, unknown>>(sql`
    select ${columns} from od_load l where l.ended_at is null
      and ${wanted.id === undefined ? sql`true` : sql`l.id::text = ${wanted.id}`}
    order by l.received_at, l.id limit ${wanted.limit}`);
  return rows;
}

/** Ends loads that have not ended, without a trace in what is served. @returns how many @throws Absent for an id that is none */
export async function cancelLoads(work: Work, id?: string): Promise<number> {
  const now = work.clock.now().toISOString();
  const { rows } = await work.tx.execute<{ id: string; resource: string; dataset: string }>(sql`
    with ended as (
      update od_load l set state = 'failed', ended_at = ${now}, fault = '{"kind":"cancelled","detail":{}}'::jsonb
      where l.ended_at is null and ${id === undefined ? sql`true` : sql`l.id::text = ${id}`} returning l.id, l.resource, l.n)
    update od_resource r set load_state = 'failed' from ended
    where r.id = ended.resource returning ended.id, r.id as resource, r.dataset`);
  if (id !== undefined && rows.length === 0) throw new Absent();
  for (const row of rows)
    await audit(work, { action: 'open-data:cancel_load', resource: `open-data-resource:${row.resource}` });
  await refresh(work, [...new Set(rows.map((row) => row.dataset))]);
  return rows.length;
}
