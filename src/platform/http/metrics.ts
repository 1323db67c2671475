import { createServer, type Server } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { diskState } from '../disk.ts';
import { readJobLag } from '../jobs/index.ts';
import { readLag } from '../lag.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { listenOn } from './listening.ts';

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Series {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Figures of this process for Prometheus. Routes are named by their templates: no value of a path gets here. */
export interface Metrics {
  readonly measure: MiddlewareHandler<MistoEnv>;
  text(platform: Platform): Promise<string>;
}

export function createMetrics(): Metrics {
  const series = new Map<string, Series>();
  return {
    measure: async (c, next) => {
      const start = performance.now();
      await next();
      const seconds = (performance.now() - start) / 1000;
      // The last match is the handler; middleware matches every path.
      const route = matchedRoutes(c).findLast((match) => match.method !== 'ALL')?.path ?? 'none';
      const labels = `method="${known(c.req.method)}",route="${route.replaceAll('"', '')}",status="${c.res.status}"`;
      let one = series.get(labels);
      if (!one) {
        one = { buckets: bounds.map(() => 0), sum: 0, count: 0 };
        series.set(labels, one);
      }
      for (const [at, bound] of bounds.entries()) if (seconds <= bound) one.buckets[at]! += 1;
      one.sum += seconds;
      one.count += 1;
    },
    async text(platform) {
      const lines = ['# TYPE misto_http_request_seconds histogram'];
      for (const [labels, one] of series) {
        for (const [at, bound] of bounds.entries())
          lines.push(`misto_http_request_seconds_bucket{${labels},le="${bound}"} ${one.buckets[at]}`);
        lines.push(
          `misto_http_request_seconds_bucket{${labels},le="+Inf"} ${one.count}`,
          `misto_http_request_seconds_sum{${labels}} ${one.sum}`,
          `misto_http_request_seconds_count{${labels}} ${one.count}`,
        );
      }
      const pool = platform.db.$client;
      gauge(lines, 'misto_pool_connections', pool.totalCount);
      gauge(lines, 'misto_pool_idle', pool.idleCount);
      gauge(lines, 'misto_pool_waiting', pool.waitingCount);
      gauge(lines, 'misto_memory_bytes', process.memoryUsage.rss());
      const disk = await diskState(platform.config.dataDirectory);
      gauge(lines, 'misto_disk_full', disk.isFull ? 1 : 0);
      lines.push('# TYPE misto_disk_refusals_total counter', `misto_disk_refusals_total ${disk.refusals}`);
      if (disk.free !== null) gauge(lines, 'misto_disk_free_bytes', disk.free);
      try {
        await behind(lines, platform);
        gauge(lines, 'misto_database_up', 1);
      } catch {
        gauge(lines, 'misto_database_up', 0);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

/** What waits, what has failed for good, what letters became of: the same from every process. */
async function behind(lines: string[], platform: Platform): Promise<void> {
  const lag = await readLag(platform.db);
  gauge(lines, 'misto_events_lag_seconds', lag.events);
  gauge(lines, 'misto_audit_lag_seconds', lag.audit);
  const { rows } = await platform.db.$client.query<Record<string, number | null>>(
    `select (select count(*)::int from outbox) as outbox, (select count(*)::int from audit_pending) as audit,
       (select extract(epoch from now() - max(at))::float8 from audit_head) as head_age,
       (select count(*)::int from event_dead_letter) as dead_events`,
  );
  const { outbox, audit, head_age: headAge, dead_events: deadEvents } = rows[0]!;
  gauge(lines, 'misto_outbox_rows', outbox!);
  gauge(lines, 'misto_audit_pending_rows', audit!);
  if (headAge !== null) gauge(lines, 'misto_audit_head_age_seconds', headAge!);
  gauge(lines, 'misto_dead_events', deadEvents!);
  const jobs = await readJobLag(platform.db);
  gauge(lines, 'misto_jobs_lag_seconds', jobs.seconds);
  gauge(lines, 'misto_jobs_waiting', jobs.waiting);
  gauge(lines, 'misto_dead_jobs', jobs.dead);
  const deliveries = await platform.db.$client.query<{ channel: string; state: string; n: number }>(
    `select channel, state, count(*)::int as n from delivery where state in ('queued', 'sending', 'uncertain')
     group by channel, state order by channel, state`,
  );
  lines.push('# TYPE misto_deliveries gauge');
  for (const { channel, state, n } of deliveries.rows)
    lines.push(`misto_deliveries{channel="${channel}",state="${state}"} ${n}`);
}

/** A listener of its own, so that figures never stand on the public address. @throws StartError when it cannot listen. */
export async function serveMetrics(platform: Platform, metrics: Metrics): Promise<Server | null> {
  const { metricsPort, metricsHost } = platform.config;
  if (metricsPort === null) return null;
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    const body = await metrics.text(platform);
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(body);
  });
  server.unref();
  await listenOn(server, metricsHost, metricsPort, 'METRICS_PORT');
  return server;
}

function gauge(lines: string[], name: string, value: number): void {
  lines.push(`# TYPE ${name} gauge`, `${name} ${value}`);
}

/** Clients may send any word as a method; labels must stay few. */
function known(method: string): string {
  return /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method) ? method : 'other';
}
