import { sql } from 'drizzle-orm';
import { mustBeAble } from '../access/index.ts';
import { audit } from '../audit/append.ts';
import type { Reader } from '../database/pool.ts';
import { NotFound } from '../errors.ts';
import { deadQueue, enqueue } from '../jobs/index.ts';
import type { Work } from '../work.ts';

/** Who sees what failed for good, and has it tried again or dropped. */
export const mendFailures = 'platform:failures';

/** A job that failed at every try. */
export interface DeadJob {
  readonly id: string;
  readonly name: string;
  /** Ids and codes only. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
  /** Where in the code; never the words of the error, which may quote what people wrote. */
  readonly error: string;
}

/** An event that one of its consumers could not take. */
export interface DeadEvent {
  readonly consumer: string;
  readonly number: number;
  readonly name: string;
  readonly at: Date;
  readonly attempts: number;
  readonly error: string;
  /** Somebody wants it tried again, and that has not happened yet. */
  readonly revived: boolean;
}

/** Newest first, at most a hundred; with how many there are. */
export async function deadJobs(reader: Reader): Promise<{ rows: DeadJob[]; total: number }> {
  const there = await reader.execute<{ there: boolean }>(
    sql`select to_regclass('pgboss.job') is not null as there`,
  );
  if (!there.rows[0]!.there) return { rows: [], total: 0 };
  const { rows } = await reader.execute<{
    id: string;
    name: string | null;
    data: Record<string, unknown> | null;
    at: string;
    error: string | null;
    total: string;
  }>(sql`select id, source_name as name, data, created_on as at, source_output->>'message' as error, count(*) over () as total
         from pgboss.job where name = ${deadQueue} and state = 'created' order by created_on desc, id limit 100`);
  return {
    rows: rows.map(({ id, name, data, at, error }) => ({
      id,
      name: name ?? '',
      data: data ?? {},
      at: new Date(at),
      error: error ?? '',
    })),
    total: Number(rows[0]?.total ?? 0),
  };
}

/** Newest first, at most a hundred; with how many there are. */
export async function deadEvents(reader: Reader): Promise<{ rows: DeadEvent[]; total: number }> {
  const { rows } = await reader.execute<{
    consumer: string;
    number: string;
    name: string;
    at: string;
    attempts: number;
    error: string;
    revived: boolean;
    total: string;
  }>(sql`select d.consumer, d.number, e.name, d.at, d.attempts, d.error, d.revived_at is not null as revived,
           count(*) over () as total
         from event_dead_letter d join event_log e on e.number = d.number
         order by d.at desc, d.number desc, d.consumer limit 100`);
  return {
    rows: rows.map(({ total: _, ...row }) => ({ ...row, number: Number(row.number), at: new Date(row.at) })),
    total: Number(rows[0]?.total ?? 0),
  };
}

/** Gives a dead job another life. @throws NotFound when it is not there any more, Forbidden. */
export async function reviveJob(work: Work, id: string): Promise<void> {
  const { name, data } = await takeJob(work, id, 'platform:revive-job');
  await enqueue(work, name, data);
}

/** Lets a dead job be. @throws NotFound, Forbidden. */
export async function dropJob(work: Work, id: string): Promise<void> {
  await takeJob(work, id, 'platform:drop-job');
}

async function takeJob(
  work: Work,
  id: string,
  action: string,
): Promise<{ name: string; data: Record<string, unknown> }> {
  mustBeAble(work.actor, mendFailures);
  const { rows } = await work.tx.execute<{ name: string; data: Record<string, unknown> | null }>(
    sql`delete from pgboss.job where name = ${deadQueue} and id::text = ${id} and state = 'created'
        returning source_name as name, data`,
  );
  const job = rows[0];
  if (!job) throw new NotFound('job');
  await audit(work, { action, resource: `job:${id}`, detail: { name: job.name } });
  return { name: job.name, data: job.data ?? {} };
}

/** Has a dead event tried again by its consumer, within seconds. @throws NotFound, Forbidden. */
export async function reviveEvent(work: Work, consumer: string, number: number): Promise<void> {
  mustBeAble(work.actor, mendFailures);
  const { rowCount } = await work.tx.execute(
    sql`update event_dead_letter set revived_at = ${work.clock.now().toISOString()}
        where consumer = ${consumer} and number = ${number}`,
  );
  if (!rowCount) throw new NotFound('event');
  await audit(work, { action: 'platform:revive-event', resource: `event:${number}`, detail: { consumer } });
}

/** Lets a dead event be: its consumer goes without it. @throws NotFound, Forbidden. */
export async function dropEvent(work: Work, consumer: string, number: number): Promise<void> {
  mustBeAble(work.actor, mendFailures);
  const { rowCount } = await work.tx.execute(
    sql`delete from event_dead_letter where consumer = ${consumer} and number = ${number}`,
  );
  if (!rowCount) throw new NotFound('event');
  await audit(work, { action: 'platform:drop-event', resource: `event:${number}`, detail: { consumer } });
}
