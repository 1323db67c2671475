import { startSequencer } from './audit/sequencer.ts';
import { tellWitnessesJob } from './audit/witnesses.ts';
import { openPool } from './database/pool.ts';
import { appRole } from './database/roles.ts';
import { startLive } from './events/live.ts';
import { startRelay } from './events/relay.ts';
import { fileJobs } from './files/orphans.ts';
import { placeOf, standardLog } from './http/log.ts';
import { problemOf } from './http/problems.ts';
import { forgetExpiredJob } from './identity/expired.ts';
import { type Jobs, startJobs } from './jobs/index.ts';
import { emailChannel, startDelivery } from './notify/delivery.ts';
import { mailerOf } from './notify/kept.ts';
import type { Mailer } from './notify/mailer.ts';
import { createPlatform } from './platform.ts';
import type { Platform } from './system.ts';

export interface Background {
  /** Says that something was committed: pass it to the platform as `afterCommit`. */
  ping(): void;
  readonly jobs: Jobs;
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  /** A connection string that allows sessions: LISTEN and advisory locks need one. */
  readonly url: string;
  /** A login of its own for what jobs do in the city's tables; without one, `url` in the role of pages. */
  readonly appUrl?: string;
  readonly mailer?: Mailer | null;
  readonly report?: (error: unknown, where: string) => void;
}

/**
 * Starts everything that happens besides requests: the relay of events, live pages, the audit's sequencer, jobs and
 * letters. Any number of processes may; where one must lead, they agree among themselves.
 */
export async function startBackground(platform: Platform, options: BackgroundOptions): Promise<Background> {
  const { url } = options;
  const report =
    options.report ??
    ((error: unknown, where: string) => {
      const { status, code } = problemOf(error);
      standardLog({ level: status === 503 ? 'warn' : 'error', event: where, code, at: placeOf(error) });
    });
  // Own connections, so that work behind the scenes never keeps a page waiting for one.
  const pool = openPool(options.appUrl ?? url, { max: 6, purpose: 'job', role: appRole });
  const { config, clock, systems } = platform;
  let ping = () => {};
  const behind = createPlatform({ config, clock, pool, systems, afterCommit: () => ping() });

  const jobs = await startJobs(behind, {
    url,
    jobs: [...fileJobs, forgetExpiredJob, tellWitnessesJob],
    report: (error, job) => report(error, `job ${job ?? 'queue'}`),
  });
  const live = await startLive(platform, url, (error) => report(error, 'live'));
  const relay = startRelay(behind, {
    url,
    consumers: [jobs.consumer],
    report: (error, event) => report(error, event ? `event ${event.number} for ${event.consumer}` : 'relay'),
  });
  const sequencer = startSequencer(behind, { url, report: (error) => report(error, 'audit') });
  const mailer = options.mailer === undefined ? mailerOf(behind) : options.mailer;
  const delivery = startDelivery(behind, {
    channels: mailer ? [emailChannel(mailer, hostOf(config.publicUrl))] : [],
    report: (error) => report(error, 'delivery'),
  });
  ping = () => {
    if (relay.leading()) relay.ping();
    else live.ping();
    if (sequencer.leading()) sequencer.ping();
    delivery.ping();
  };
  return {
    ping: () => ping(),
    jobs,
    async stop() {
      await live.stop();
      await Promise.all([delivery.stop(), relay.stop(), sequencer.stop(), jobs.stop()]);
      await pool.end();
    },
  };
}

function hostOf(publicUrl: string | null): string {
  return publicUrl ? new URL(publicUrl).hostname : 'localhost.localdomain';
}
