import { serve } from '@hono/node-server';
import { systemClock } from '#platform/clock.ts';
import { ConfigError, readConfig } from '#platform/config/index.ts';
import { startEmbedded } from '#platform/database/embedded.ts';
import { migrate } from '#platform/database/migrate.ts';
import { openPool } from '#platform/database/pool.ts';
import { createApp } from '#platform/http/app.ts';
import { createPlatform } from '#platform/platform.ts';
import { systems } from '#systems/index.ts';

try {
  const config = readConfig();
  const embedded = config.databaseUrl ? null : await startEmbedded({ dataDirectory: config.dataDirectory });
  const url = config.databaseUrl ?? embedded!.url;
  await migrate(config.databaseDirectUrl ?? url);
  const pool = openPool(url);
  const platform = createPlatform({ config, clock: systemClock, pool, systems });
  const app = createApp(platform);
  const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, (address) => {
    console.log(`misto ready http://${config.host}:${address.port}`);
  });
  const stop = async () => {
    server.close();
    await pool.end();
    await embedded?.stop();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  console.error(error instanceof ConfigError ? `misto: ${error.message}` : error);
  process.exit(1);
}
