import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { startBackground } from '#platform/background.ts';
import { systemClock } from '#platform/clock.ts';
import { ConfigError } from '#platform/config/index.ts';
import { StartError } from '#platform/database/embedded.ts';
import { refreshStatistics } from '#platform/database/statistics.ts';
import { fillDemo, fillDemoPast } from '#platform/demo.ts';
import { refuseDemo, stillMissing, takeCityIn } from '#platform/first-start.ts';
import { createApp } from '#platform/http/app.ts';
import { atMost, createLifecycle, drain } from '#platform/http/lifecycle.ts';
import { createMetrics, serveMetrics } from '#platform/http/metrics.ts';
import { mailerOf } from '#platform/notify/kept.ts';
import { createPlatform } from '#platform/platform.ts';
import { systems } from '#systems/index.ts';
import { openGround } from './open.ts';

try {
  const { config, embedded, directUrl, pool } = await openGround();
  let ping = () => {};
  const platform = createPlatform({ config, clock: systemClock, pool, systems, afterCommit: () => ping() });
  await refuseDemo(platform);
  await takeCityIn(platform);
  if (await fillDemo(platform)) await refreshStatistics(directUrl);
  const background = await startBackground(platform, { url: directUrl });
  ping = background.ping;

  const missing = await stillMissing(platform);
  const metrics = createMetrics();
  serveMetrics(platform, metrics)?.on(
    'error',
    cannotListen(config.metricsHost, config.metricsPort!, 'METRICS_PORT'),
  );
  const lifecycle = createLifecycle();
  const mailer = mailerOf(platform);
  const app = createApp(platform, { lifecycle, metrics, ...(mailer ? { mailer } : {}) });
  const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, ({ port }) => {
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    console.log(
      [`misto ready http://${host}:${port}`, ...missing.map((line) => `misto: ${line}`)].join('\n'),
    );
  }) as Server;
  const past = new AbortController();
  const pastFilled = fillDemoPast(platform, past.signal)
    .then(async (now) => {
      if (!now) return;
      await refreshStatistics(directUrl);
      console.log('misto demo year complete');
    })
    .catch((error) => console.error('misto: the older months of the demo were not made:', error));
  server.on('error', cannotListen(config.host, config.port, 'PORT'));

  let ending = false;
  const stop = async () => {
    if (ending) return;
    ending = true;
    lifecycle.beginStop();
    past.abort();
    await atMost(5_000, pastFilled);
    await atMost(20_000, background.stop());
    await drain(server, lifecycle);
    // A connection that died in somebody's hands is never given back.
    await atMost(5_000, pool.end());
    await embedded?.stop();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  console.error(
    error instanceof ConfigError || error instanceof StartError ? `misto: ${error.message}` : error,
  );
  process.exit(1);
}

function cannotListen(host: string, port: number, setting: string) {
  return (error: NodeJS.ErrnoException) => {
    console.error(`misto: cannot listen on ${host}:${port} (${error.code}). Set another ${setting}.`);
    process.exit(1);
  };
}
