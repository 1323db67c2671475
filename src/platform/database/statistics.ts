import pg from 'pg';

/**
 * Tells PostgreSQL what its tables hold now, and clears them: after much was written at once, until its own round comes, it would
 * plan for tables that were empty.
 *
 * @param url of the role that owns the tables.
 */
export async function refreshStatistics(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'misto statistics' });
  await client.connect();
  try {
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
