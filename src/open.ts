import { type Config, readConfig } from '#platform/config/index.ts';
import { checkAppLogin, letAppLogIn } from '#platform/database/app-login.ts';
import { followCollations } from '#platform/database/collation.ts';
import { type EmbeddedServer, startEmbedded } from '#platform/database/embedded.ts';
import { migrate } from '#platform/database/migrate.ts';
import { openPool } from '#platform/database/pool.ts';
import { appRole } from '#platform/database/roles.ts';
import { checkServer } from '#platform/database/server-check.ts';
import { secretsOf } from '#platform/identity/secrets.ts';

/** What a city stands on. */
export interface Ground {
  readonly config: Config;
  /** null: DATABASE_URL names another server. */
  readonly embedded: EmbeddedServer | null;
  /** A connection of the owner that allows sessions. */
  readonly directUrl: string;
  /** Connection string of pages and of work behind the scenes: a login that cannot become the owner, where there is one. */
  readonly appUrl: string;
  /** Connections of the pages. */
  readonly pool: ReturnType<typeof openPool>;
}

/**
 * Reads the keys, and opens the database, brought to this version.
 *
 * @throws ConfigError, StartError in one line.
 */
export async function openGround(config: Config = readConfig()): Promise<Ground> {
  secretsOf(config);
  const embedded = config.databaseUrl ? null : await startEmbedded({ dataDirectory: config.dataDirectory });
  const url = config.databaseUrl ?? embedded!.url;
  const directUrl = config.databaseDirectUrl ?? url;
  if (!embedded) await checkServer(directUrl, config.mode === 'production');
  await migrate(directUrl);
  const rebuilt = await followCollations(directUrl);
  if (rebuilt.length > 0)
    console.log(`misto: the order of letters has changed; built anew: ${rebuilt.join(', ')}`);
  if (config.databaseAppUrl) await checkAppLogin(config.databaseAppUrl);
  const appUrl = embedded ? await letAppLogIn(url) : (config.databaseAppUrl ?? url);
  return { config, embedded, directUrl, appUrl, pool: openPool(appUrl, { role: appRole }) };
}
