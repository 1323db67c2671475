import { createHmac } from 'node:crypto';
import pg from 'pg';
import { appRole } from './roles.ts';
import { StartError } from './start-error.ts';

const lock = 4_702_517_024;

/**
 * Lets pages of the embedded server connect as `misto_app` itself instead of as the owner in its role: whatever they are made to
 * send, RESET ROLE leads nowhere. The password follows from the owner's, so every process on the server knows it and no other
 * file holds it.
 *
 * @param ownerUrl a connection of the owner, whose password only the owner's account may read.
 * @returns the connection string of pages.
 */
export async function letAppLogIn(ownerUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl });
  const password = createHmac('sha256', String(client.password)).update(appRole).digest('hex');
  await client.connect();
  try {
    // Processes that start together would change the same row of the catalogue.
    await client.query(
      `begin;
       select pg_advisory_xact_lock(${lock});
       alter role ${appRole} with login noinherit nosuperuser nocreaterole nocreatedb password '${password}';
       commit`,
    );
  } finally {
    await client.end();
  }
  return ownerUrl.replace(/^(postgres(?:ql)?:\/\/)[^@]*@/, `$1${appRole}:${password}@`);
}

/**
 * Looks whether the login that DATABASE_APP_URL names can do what pages do, and no more than that.
 *
 * @throws StartError, one line with the way out.
 */
export async function checkAppLogin(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  const refuse = (why: string) => new StartError(`DATABASE_APP_URL: ${why} (docs/operations.md)`);
  try {
    await client.connect();
    const { rows } = await client.query<{ me: string; may: boolean; climbs: boolean; asks: boolean }>(
      `select session_user as me, pg_has_role(session_user, $1, 'set') as may,
         (select rolsuper or rolcreaterole from pg_roles where rolname = session_user)
           or pg_has_role(session_user, (select relowner from pg_class where oid = 'schema_migration'::regclass), 'member') as climbs,
         pg_has_role(session_user, 'misto_query', 'set') and pg_has_role(session_user, 'misto_query_private', 'set') as asks`,
      [appRole],
    );
    const { me, may, climbs, asks } = rows[0]!;
    if (!may) throw refuse(`${me} may not work as ${appRole}; grant ${appRole} to ${me}`);
    if (climbs)
      throw refuse(
        `${me} may do more than pages need, up to the owner's rights; make a login that is only a member of ${appRole}`,
      );
    if (!asks)
      throw refuse(
        `queries of the public cannot run; grant misto_query, misto_query_private to ${appRole} with inherit false, set true`,
      );
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw refuse(`the server cannot be used (${(error as Error).message})`);
  } finally {
    await client.end().catch(() => {});
  }
}
