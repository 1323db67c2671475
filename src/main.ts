import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { startBackground } from '#platform/background.ts';
import { systemClock } from '#platform/clock.ts';
import { ConfigError, readConfig } from '#platform/config/index.ts';
import { StartError } from '#platform/database/embedded.ts';
import { refreshStatistics } from '#platform/database/statistics.ts';
import { fillDemo, fillDemoPast } from '#platform/demo.ts';
import { refuseDemo, stillMissing, takeCityIn } from '#platform/first-start.ts';
import { createApp } from '#platform/http/app.ts';
import { atMost, createLifecycle, drain } from '#platform/http/lifecycle.ts';
import { listenOn } from '#platform/http/listening.ts';
import { createMetrics, serveMetrics } from '#platform/http/metrics.ts';
import { starting } from '#platform/http/starting.ts';
import { mailerOf } from '#platform/notify/kept.ts';
import { createPlatform } from '#platform/platform.ts';
import { systems } from '#systems/index.ts';
import { openGround } from './open.ts';

try {
  const config = readConfig();
  let answer: (request: Request, env: unknown) => Response | Promise<Response> = starting;
  const server = createAdaptorServer({ fetch: (request, env) => answer(request, env) }) as Server;
  // Before anything else: a second start in the same place ends here, and has touched nothing.
  const port = await listenOn(server, config.host, config.port, 'PORT');

  const { embedded, directUrl, appUrl, pool } = await openGround(config);
  let ping = () => {};
  const platform = createPlatform({ config, clock: systemClock, pool, systems, afterCommit: () => ping() });
  await refuseDemo(platform);
  await takeCityIn(platform);
  if (await fillDemo(platform)) await refreshStatistics(directUrl);
  const background = await startBackground(platform, { url: directUrl, appUrl });
  ping = background.ping;

  const missing = await stillMissing(platform);
  const metrics = createMetrics();
  await serveMetrics(platform, metrics);
  const lifecycle = createLifecycle();
  const mailer = mailerOf(platform);
  answer = createApp(platform, { lifecycle, metrics, ...(mailer ? { mailer } : {}) }).fetch as typeof answer;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  console.log([`misto ready http://${host}:${port}`, ...missing.map((line) => `misto: ${line}`)].join('\n'));

  for (const system of systems)
    system.warm?.(platform).catch((error) => console.error(`misto: ${system.name} is not warm:`, error));
  const past = new AbortController();
  const pastFilled = fillDemoPast(platform, past.signal)
    .then(async (now) => {
      if (!now) return;
      await refreshStatistics(directUrl);
      console.log('misto demo year complete');
    })
    .catch((error) => console.error('misto: the older months of the demo were not made:', error));

  let ending = false;
  const stop = async () => {
    if (ending) return;
    ending = true;
    lifecycle.beginStop();
    past.abort();
    await atMost(5_000, pastFilled);
    await Promise.all([
      atMost(20_000, background.stop()),
      drain(server, lifecycle, { notice: config.stopNotice * 1_000 }),
    ]);
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
