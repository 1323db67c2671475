import pg from 'pg';

const lock = 4_702_517_024;

/** Indexes with a collation that they stand on, be it within an expression. */
const indexesOf = `
  select i.indexrelid::regclass::text as name, d.refobjid as collation
  from pg_index i join pg_class r on r.oid = i.indexrelid and r.relnamespace = 'public'::regnamespace
  join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refclassid = 'pg_collation'::regclass`;

/**
 * Builds indexes anew where the server sorts otherwise than when they were built: a newer ICU library may put letters in
 * another order, and an index in the old one loses rows. Runs while the city works; of processes that start together one does it.
 *
 * @param url a connection of the owner that allows sessions.
 * @returns the names of the indexes that were built anew.
 */
export async function followCollations(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const rebuilt: string[] = [];
  try {
    await client.query('select pg_advisory_lock($1)', [lock]);
    const { rows: collations } = await client.query<{
      oid: string;
      name: string;
      actual: string;
      stored: string | null;
    }>(
      `select c.oid, c.collname as name, pg_collation_actual_version(c.oid) as actual, v.version as stored
       from pg_collation c left join collation_version v on v.name = c.collname
       where c.collprovider = 'i' and pg_collation_actual_version(c.oid) is not null
         and exists (select from (${indexesOf}) i where i.collation = c.oid)`,
    );
    for (const { oid, name, actual, stored } of collations) {
      if (stored === actual) continue;
      if (stored !== null) {
        const { rows: indexes } = await client.query<{ name: string }>(
          `select distinct i.name from (${indexesOf}) i where i.collation = $1 order by 1`,
          [oid],
        );
        for (const index of indexes) {
          await client.query(`reindex index concurrently ${index.name}`);
          rebuilt.push(index.name);
        }
      }
      await client.query(
        `insert into collation_version (name, version) values ($1, $2)
         on conflict (name) do update set version = excluded.version`,
        [name, actual],
      );
    }
  } finally {
    await client.end();
  }
  return rebuilt;
}
