import pg from 'pg';
import { StartError } from './start-error.ts';

/**
 * Looks whether a server that DATABASE_URL names can carry a city.
 *
 * @param demanding true in production: a server that may lose acknowledged rows is refused.
 * @throws StartError, one line with the way out.
 */
export async function checkServer(url: string, demanding: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ major: number; fsync: string; encoding: string }>(
      `select current_setting('server_version_num')::int / 10000 as major, current_setting('fsync') as fsync,
         current_setting('server_encoding') as encoding`,
    );
    const { major, fsync, encoding } = rows[0]!;
    if (major < 18)
      throw new StartError(`DATABASE_URL: the server is PostgreSQL ${major}, misto needs 18 or newer`);
    if (encoding !== 'UTF8')
      throw new StartError(
        `DATABASE_URL: the database is in ${encoding}; make one with: create database … encoding 'UTF8' template template0`,
      );
    if (demanding && fsync !== 'on')
      throw new StartError(
        'DATABASE_URL: the server runs with fsync=off and may lose what it has acknowledged; switch it on',
      );
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`DATABASE_URL: the server cannot be used (${(error as Error).message})`);
  } finally {
    await client.end().catch(() => {});
  }
}
