import { sql } from 'drizzle-orm';
import pg from 'pg';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { Db } from '../database/pool.ts';
import { appRole } from '../database/roles.ts';
import { emit } from '../events/outbox.ts';
import type { Consumer } from '../events/relay.ts';
import { placeOf } from '../http/log.ts';
import type { JobDefinition, Platform } from '../system.ts';
import type { Work } from '../work.ts';

export interface EnqueueOptions {
  /** While a job of the same name and key waits, another is not added. */
  readonly singletonKey?: string;
  /** Not before this instant. */
  readonly startAfter?: Date;
}

const requested = 'platform.job.requested';
/** Where a job lies that failed at every try: src/platform/failures. */
export const deadQueue = 'misto-dead';
const grantLock = 4_702_517_023;

/**
 * Asks for a job in the transaction of the caller: a rollback leaves none. The request travels through the outbox, so a
 * process without workers can ask as well, and the queue gets it exactly once.
 *
 * @param data plain JSON, ids and codes only.
 */
export async function enqueue(
  work: Work,
  name: string,
  data: Record<string, unknown> = {},
  options: EnqueueOptions = {},
): Promise<void> {
  if (options.singletonKey && !options.startAfter) {
    // Of a handful of events in one transaction each may ask for the same job.
    const known = asked.get(work.tx) ?? new Set();
    const key = `${name} ${options.singletonKey} ${JSON.stringify(data)}`;
    if (known.has(key)) return;
    asked.set(work.tx, known.add(key));
  }
  await emit(work, requested, {
    job: name,
    data,
    ...(options.singletonKey && { key: options.singletonKey }),
    ...(options.startAfter && { startAfter: options.startAfter.toISOString() }),
  });
}

/** What a transaction has asked for; a savepoint is another one, and what is rolled back with it may be asked for again. */
const asked = new WeakMap<Work['tx'], Set<string>>();

export interface Jobs {
  /** Puts what was asked for into the queues; part of the relay. */
  readonly consumer: Consumer;
  stop(): Promise<void>;
}

export interface JobsOptions {
  /** A connection string that allows sessions. */
  readonly url: string;
  readonly report?: (error: unknown, job?: string) => void;
  /** Jobs of the platform itself, besides those of the systems. */
  readonly jobs?: readonly JobDefinition[];
  /** Seconds before the second try; it doubles, with jitter. */
  readonly retryDelay?: number;
  readonly retryLimit?: number;
}

/**
 * Starts the workers for the jobs of all systems, and their schedules in Kyiv time. A job must bear being run twice; it
 * ends after ten minutes, and after its last try lies among the dead ones while others go on.
 */
export async function startJobs(platform: Platform, options: JobsOptions): Promise<Jobs> {
  const report = options.report ?? (() => {});
  const boss = new PgBoss({
    connectionString: options.url,
    schema: 'pgboss',
    application_name: 'misto jobs',
    useListenNotify: true,
    max: 4,
  });
  boss.on('error', report);
  await boss.start();
  await boss.createQueue(deadQueue, { retryLimit: 0, retentionSeconds: 90 * 86_400 });
  const jobs = [...(options.jobs ?? []), ...platform.systems.flatMap((system) => system.jobs ?? [])];
  for (const job of jobs) {
    const settings = {
      notify: true,
      deadLetter: deadQueue,
      expireInSeconds: 600,
      retryLimit: options.retryLimit ?? 5,
      retryDelay: options.retryDelay ?? 5,
      retryBackoff: true,
      retryDelayMax: 3_600,
    };
    // 'short': of one key one job waits at most; while it runs, the next may already wait, so no change is missed.
    await boss.createQueue(job.name, { policy: 'short', ...settings });
    await boss.updateQueue(job.name, settings);
    let worker: string | undefined;
    worker = await boss.work<Record<string, unknown>>(
      job.name,
      { batchSize: 1, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 },
      async ([one]) => {
        try {
          await job.run(platform, one!.data ?? {});
        } catch (error) {
          report(error, job.name);
          // Kept with the job; the words of an error may quote what people wrote.
          throw Object.assign(new Error(placeOf(error)), { stack: '' });
        } finally {
          // The next one may be waiting already: it is looked for at once, not two seconds later.
          if (worker) boss.notifyWorker(worker);
        }
      },
    );
    if (job.schedule) await boss.schedule(job.name, job.schedule, {}, { tz: 'Europe/Kyiv' });
    if (job.atStart) await boss.send(job.name, {}, { singletonKey: 'start' });
  }
  await letAppEnqueue(options.url);
  const scheduled = new Set(jobs.filter((job) => job.schedule).map((job) => job.name));
  for (const { name } of await boss.getSchedules()) if (!scheduled.has(name)) await boss.unschedule(name);

  return {
    consumer: {
      name: 'platform.jobs',
      on: {
        [requested]: async (work, event) => {
          const { job, data, key, startAfter } = event.payload as unknown as Requested;
          await boss.send(job, data, {
            db: fromDrizzle(work.tx, sql),
            singletonKey: key ?? event.id,
            ...(startAfter && { startAfter: new Date(startAfter) }),
          });
        },
      },
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: 15_000 });
    },
  };
}

/** How many jobs wait to run now, since how many seconds the oldest of them could have, and how many have failed for good. */
export async function readJobLag(db: Db): Promise<{ seconds: number; waiting: number; dead: number }> {
  const { rows } = await db.execute<{ there: boolean }>(
    sql`select to_regclass('pgboss.job') is not null as there`,
  );
  // Metrics may be asked for before the first workers have made their tables.
  if (!rows[0]!.there) return { seconds: 0, waiting: 0, dead: 0 };
  const lag = await db.execute<{ seconds: number; waiting: number; dead: number }>(
    sql`select coalesce(extract(epoch from now() - min(start_after) filter (where name <> ${deadQueue})), 0)::float8 as seconds,
          count(*) filter (where name <> ${deadQueue})::int as waiting,
          count(*) filter (where name = ${deadQueue})::int as dead
        from pgboss.job where state in ('created', 'retry') and start_after <= now()`,
  );
  return lag.rows[0]!;
}

/** The queues belong to the owner of the database; the app's role may use them. */
async function letAppEnqueue(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Under a lock: two processes that grant at the same time stumble over each other's catalogue rows.
    await client.query(
      `begin;
       select pg_advisory_xact_lock(${grantLock});
       grant usage on schema pgboss to ${appRole};
       grant select, insert, update, delete on all tables in schema pgboss to ${appRole};
       commit`,
    );
  } finally {
    await client.end();
  }
}

interface Requested {
  readonly job: string;
  readonly data: Record<string, unknown>;
  readonly key?: string;
  readonly startAfter?: string;
}
