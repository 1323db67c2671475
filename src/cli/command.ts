import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config/index.ts';
import { type EmbeddedServer, startEmbedded } from '#platform/database/embedded.ts';
import { migrate } from '#platform/database/migrate.ts';
import { openPool } from '#platform/database/pool.ts';
import { appRole } from '#platform/database/roles.ts';
import { createPlatform } from '#platform/platform.ts';
import type { Platform } from '#platform/system.ts';
import { systems } from '#systems/index.ts';

/** One command of `misto`: a file of this folder, named after it, exports one of these as `command`. */
export interface Command {
  /** What follows the name on the command line. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Sets process.exitCode when the answer is no. */
  run(args: readonly string[]): Promise<void>;
}

/** The command was called in a wrong way: its usage is shown. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Exactly these arguments, by position. */
export function positional<const Names extends readonly string[]>(
  args: readonly string[],
  ...names: Names
): { [K in keyof Names]: string } {
  const missing = names[args.length];
  if (missing) throw new UsageError(`${missing} is missing`);
  if (args.length > names.length) throw new UsageError(`${args[names.length]} is one argument too many`);
  return [...args] as unknown as { [K in keyof Names]: string };
}

/** Runs with the embedded server: the running one, or one started for this command. */
export async function withEmbedded<T>(
  act: (server: EmbeddedServer, dataDirectory: string) => Promise<T>,
): Promise<T> {
  const { dataDirectory, databaseUrl } = readConfig();
  if (databaseUrl)
    throw new UsageError(
      'DATABASE_URL names a server of your own: use its own tools (docs/operations.md), this is for the embedded one',
    );
  const server = await startEmbedded({ dataDirectory });
  try {
    return await act(server, dataDirectory);
  } finally {
    await server.stop();
  }
}

/**
 * Runs with the platform of this installation, its database brought to this version: the same settings as the server, which
 * may be running or not.
 */
export async function withPlatform<T>(act: (platform: Platform) => Promise<T>): Promise<T> {
  const config = readConfig();
  const run = async (url: string, directUrl: string) => {
    await migrate(directUrl);
    const pool = openPool(url, { max: 2, purpose: 'job', role: appRole });
    try {
      return await act(createPlatform({ config, clock: systemClock, pool, systems }));
    } finally {
      await pool.end();
    }
  };
  const { databaseUrl, databaseDirectUrl } = config;
  return databaseUrl
    ? run(databaseUrl, databaseDirectUrl ?? databaseUrl)
    : withEmbedded(({ url }) => run(url, url));
}
