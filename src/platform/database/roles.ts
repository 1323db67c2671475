import type pg from 'pg';

/** The role that pages and programs work as: `openPool(url, { role: appRole })`. */
export const appRole = 'misto_app';

/** The role that the audit's sequencer works as. */
export const auditRole = 'misto_audit';

/** What the sequencer may do; nobody else may take a waiting entry away, or move the end of the chain. */
const auditRights: Readonly<Record<string, string>> = {
  audit_pending: 'select, delete',
  audit_state: 'select, update',
  audit_log: 'select, insert',
  audit_head: 'select, insert',
};

/**
 * Tables to which pages and programs only add: nobody but the owner of the database could change or delete a row, and triggers
 * refuse it to the owner too. Waiting audit entries are the exception: the sequencer moves them into the log.
 */
export const appendOnlyTables: readonly string[] = [
  'audit_log',
  'audit_head',
  'audit_pending',
  'cc_data_version',
  'cc_history',
  'cc_history_day',
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
       case when relname in ('schema_migration', 'collation_version') then 'select'
            when relname = 'audit_state' then 'select'
            when relname = any($1) or relispartition then 'select, insert'
            else 'select, insert, update, delete' end) as statement
     from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
    [appendOnlyTables],
  );
  await client.query('begin');
  for (const { statement } of rows) await client.query(statement);
  for (const [table, rights] of Object.entries(auditRights))
    await client.query(
      `revoke all on ${table} from ${auditRole}; grant ${rights} on ${table} to ${auditRole}`,
    );
  await client.query('grant usage, select on all sequences in schema public to misto_app');
  await client.query('commit');
}
