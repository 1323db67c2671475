import { sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import { column } from './table.ts';

/**
 * Makes anew what queries see of a resource: a view under its id and one under each alias, open to the public while the
 * dataset is. Called after every change of the table's columns, of its aliases, or of who may read it; without a table the
 * views go.
 *
 * @param resource id of the resource
 */
export async function publishViews(work: Work, resource: string): Promise<void> {
  const { tx } = work;
  await dropViews(work, resource);
  const { rows } = await tx.execute<{ name: string; aliases: string[]; open: boolean }>(sql`
    select t.name, array(select alias from od_alias a where a.resource = t.resource order by alias) as aliases,
      (r.state = 'active' and not d.private and d.state in ('published', 'archived')) as open
    from od_table t join od_resource r on r.id = t.resource join od_dataset d on d.id = r.dataset
    where t.resource = ${resource}`);
  const [table] = rows;
  if (!table) return;
  for (const name of [resource, ...table.aliases]) {
    await tx.execute(
      sql`create view open_data.${column(name)} as select * from open_data_rows.${column(table.name)}`,
    );
    await tx.execute(sql`comment on view open_data.${column(name)} is ${sql.raw(`'${resource}'`)}`);
    if (table.open) await tx.execute(sql`grant select on open_data.${column(name)} to misto_query`);
  }
}

/** What queries saw of a resource goes: before its columns change, or with it. */
export async function dropViews(work: Work, resource: string): Promise<void> {
  const { rows } = await work.tx.execute<{ name: string }>(sql`
    select v.relname as name from pg_class v join pg_namespace n on n.oid = v.relnamespace
    where n.nspname = 'open_data' and v.relkind = 'v' and (v.relname = ${resource} or obj_description(v.oid) = ${resource})`);
  for (const { name } of rows) await work.tx.execute(sql`drop view open_data.${column(name)}`);
}

/** The same for every resource of a dataset: whether the public may read it has changed. */
export async function publishDatasetViews(work: Work, dataset: string): Promise<void> {
  const { rows } = await work.tx.execute<{ resource: string }>(sql`
    select t.resource from od_table t join od_resource r on r.id = t.resource where r.dataset = ${dataset}`);
  for (const { resource } of rows) await publishViews(work, resource);
}
