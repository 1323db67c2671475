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
    const readers = table.open ? sql`misto_query, misto_query_private` : sql`misto_query_private`;
    await tx.execute(sql`grant select on open_data.${column(name)} to ${readers}`);
  }
}

/** What queries saw of a resource goes: before its columns change, or with it. */
export async function dropViews(work: Work, resource: string): Promise<void> {
  const { rows } = await work.tx.execute<{ name: string }>(sql`
    select v.relname as name from pg_class v join pg_namespace n on n.oid = v.relnamespace
    where n.nspname = 'open_data' and v.relkind = 'v' and (v.relname = ${resource} or obj_description(v.oid) = ${resource})`);
  for (const { name } of rows) await work.tx.execute(sql`drop view open_data.${column(name)}`);
}

/**
 * Opens and closes to queries of the public what has become public, or is no more, in these datasets. Called with every
 * change of a dataset; it costs one look while nothing of the kind has changed.
 */
export async function publishDatasetViews(work: Work, datasets: readonly string[]): Promise<void> {
  if (datasets.length === 0) return;
  const { rows } = await work.tx.execute<{ resource: string }>(sql`
    select t.resource from od_table t join od_resource r on r.id = t.resource join od_dataset d on d.id = r.dataset
      join pg_class v on v.relname = t.resource::text and v.relnamespace = 'open_data'::regnamespace
    where r.dataset in (select jsonb_array_elements_text(${JSON.stringify(datasets)}::jsonb)::uuid)
      and has_table_privilege('misto_query', v.oid, 'select') is distinct from
        (r.state = 'active' and not d.private and d.state in ('published', 'archived'))`);
  for (const { resource } of rows) await publishViews(work, resource);
}
