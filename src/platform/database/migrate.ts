import { createHash } from 'node:crypto';
import pg from 'pg';
import { grantRights } from './roles.ts';

/** One step of the schema: a file of `migrations/`, named `NNNN_what.sql`. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

const files = import.meta.glob<string>('/migrations/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The steps that this version of the program brings, in their order. */
export const migrations: readonly Migration[] = Object.entries(files)
  .map(([path, sql]) => ({
    name: path
      .split('/')
      .at(-1)!
      .replace(/\.sql$/, ''),
    sql,
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** From this step on there is a role to give rights to. */
const rolesStep = '0002_roles';

const lock = 4_702_517_001;

/**
 * Brings a database to this version, forward only, each step in a transaction of its own and under an advisory lock,
 * so processes that start together apply each step once.
 *
 * @returns the names of the steps that were applied now.
 * @throws Error naming a step that was changed after it was applied.
 */
export async function migrate(url: string, steps: readonly Migration[] = migrations): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const applied: string[] = [];
  try {
    await client.query('select pg_advisory_lock($1)', [lock]);
    await client.query(`create table if not exists schema_migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
    const { rows } = await client.query<{ name: string; sha256: string }>(
      'select name, sha256 from schema_migration',
    );
    const known = new Map(rows.map((row) => [row.name, row.sha256]));
    for (const step of steps) {
      const sha256 = createHash('sha256').update(step.sql).digest('hex');
      const before = known.get(step.name);
      if (before === sha256) continue;
      if (before)
        throw new Error(`migration ${step.name} was changed after it was applied; add a new one instead`);
      await client.query('begin');
      try {
        await client.query(step.sql);
        await client.query('insert into schema_migration (name, sha256) values ($1, $2)', [
          step.name,
          sha256,
        ]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new Error(`migration ${step.name}: ${(error as Error).message}`, { cause: error });
      }
      applied.push(step.name);
    }
    if (applied.length > 0 && (known.has(rolesStep) || applied.includes(rolesStep)))
      await grantRights(client);
  } finally {
    await client.end();
  }
  return applied;
}
