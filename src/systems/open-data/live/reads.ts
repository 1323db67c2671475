import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { LiveDataset } from '#platform/live-data.ts';
import type { Platform } from '#platform/system.ts';
import type { LiveFault } from './faults.ts';
import { type LiveState, liveDatasets } from './runs.ts';

/** One reading that has ended. */
export interface LiveRun {
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly state: LiveState;
  /** Rows that the system handed out, that are published, left out for their group was small, and merged into another. */
  readonly read: number;
  readonly published: number;
  readonly suppressed: number;
  readonly merged: number;
  readonly version: number | null;
  readonly fault: LiveFault | null;
  readonly load: string | null;
}

/** A live dataset as the officer sees it. */
export interface LiveStanding {
  readonly live: LiveDataset;
  readonly state: LiveState | 'waiting';
  readonly isRunning: boolean;
  /** Null: only when somebody asks. */
  readonly nextAt: Date | null;
  /** Name of the dataset and id of its resource; null while there is none. */
  readonly dataset: string | null;
  readonly resource: string | null;
  readonly last: LiveRun | null;
}

const runColumns = sql`id, started_at, ended_at, state, rows_read::float8 as read, rows::float8 as published,
  suppressed::float8 as suppressed, merged::float8 as merged, version, fault, load`;

/** All live datasets of the city's systems, in trouble first, then by key. */
export async function liveStandings(platform: Platform): Promise<LiveStanding[]> {
  const known = [...liveDatasets(platform).values()];
  const keys = JSON.stringify(known.map(({ key }) => key));
  const { rows } = await platform.db.execute<StandingRow>(sql`
    select l.key, l.state, l.run is not null as running, l.next_at, d.name as dataset, r.id as resource, to_jsonb(last) as last
    from od_live l left join od_resource r on r.id = l.resource left join od_dataset d on d.id = r.dataset
      left join lateral (select ${runColumns} from od_live_run where key = l.key order by ended_at desc, id limit 1) last on true
    where l.key in (select jsonb_array_elements_text(${keys}::jsonb))`);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return known
    .map((live): LiveStanding => {
      const row = byKey.get(live.key);
      return {
        live,
        state: row?.state ?? 'waiting',
        isRunning: row?.running ?? false,
        nextAt: row?.next_at ? new Date(row.next_at) : null,
        dataset: row?.dataset ?? null,
        resource: row?.resource ?? null,
        last: row?.last ? runOf(row.last) : null,
      };
    })
    .sort(
      (a, b) =>
        Number(isTroubled(b.state)) - Number(isTroubled(a.state)) || (a.live.key < b.live.key ? -1 : 1),
    );
}

/** Whether the officer has something to do or to know. */
export const isTroubled = (state: string): boolean =>
  state === 'held' || state === 'blocked' || state === 'failed';

/** Readings of a live dataset, the newest first. */
export async function liveRuns(
  reader: Reader,
  key: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly rows: LiveRun[]; readonly total: number }> {
  const { rows } = await reader.execute<RunRow & { total: number }>(sql`
    select ${runColumns}, count(*) over ()::int as total from od_live_run where key = ${key}
    order by ended_at desc, id limit ${page.limit} offset ${page.offset}`);
  return { rows: rows.map(runOf), total: rows[0]?.total ?? 0 };
}

interface RunRow extends Record<string, unknown> {
  readonly id: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly state: LiveState;
  readonly read: number;
  readonly published: number;
  readonly suppressed: number;
  readonly merged: number;
  readonly version: number | null;
  readonly fault: LiveFault | null;
  readonly load: string | null;
}

interface StandingRow extends Record<string, unknown> {
  readonly key: string;
  readonly state: LiveState | 'waiting';
  readonly running: boolean;
  readonly next_at: string | null;
  readonly dataset: string | null;
  readonly resource: string | null;
  readonly last: RunRow | null;
}

const runOf = ({
  started_at,
  ended_at,
  id,
  state,
  read,
  published,
  suppressed,
  merged,
  version,
  fault,
  load,
}: RunRow) => ({
  id,
  startedAt: new Date(started_at),
  endedAt: new Date(ended_at),
  state,
  read,
  published,
  suppressed,
  merged,
  version,
  fault,
  load,
});
