import type pg from 'pg';

/** The role that pages and programs work as: `openPool(url, { role: appRole })`. */
export const appRole = 'misto_app';

/** Tables that only grow: nobody but the owner of the database could change or delete a row, and their triggers refuse it to the owner too. */
export const appendOnlyTables: readonly string[] = [
  'audit_log',
  'audit_head',
  'cc_data_version',
  'cc_history',
  'event_log',
  'od_activity',
];

/**
 * Gives the app's role its rights on every table: all but TRUNCATE on what changes, SELECT and INSERT on what only grows
 * and on partitions (they are reached through their table), SELECT on the list of migrations.
 */
export async function grantRights(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; statement: string }>(
    `select format('revoke all on %1$s from ${appRole}; grant %2$s on %1$s to ${appRole}', oid::regclass,
       case when relname = 'schema_migration' then 'select'
            when relname = any($1) or relispartition then 'select, insert'
            else 'select, insert, update, delete' end) as statement
     from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
    [appendOnlyTables],
  );
  await client.query('begin');
  for (const { statement } of rows) await client.query(statement);
  await client.query('grant usage, select on all sequences in schema public to misto_app');
  await client.query('commit');
}
