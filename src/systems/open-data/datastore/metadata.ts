import { sql } from 'drizzle-orm';
import type { DataTable } from './table.ts';

/** The name under which CKAN's clients ask which tables there are. */
export const metadataName = '_table_metadata';

/** The public tables and aliases as rows. */
export const metadataTable: DataTable = {
  from: sql`(select row_number() over (order by name) as _id, name, oid, alias_of, to_tsvector('simple', name) as _full_text from (
      select t.resource::text as name, v.oid::int8 as oid, null::text as alias_of, t.resource from od_table t
        join pg_class v on v.relname = t.resource::text and v.relnamespace = 'open_data'::regnamespace
      union all
      select a.alias, v.oid::int8, a.resource::text, a.resource from od_alias a
        join pg_class v on v.relname = a.alias and v.relnamespace = 'open_data'::regnamespace) n
    where exists (select 1 from od_resource r join od_dataset d on d.id = r.dataset
      where r.id = n.resource and r.state = 'active' and not d.private and d.state in ('published', 'archived'))) as metadata`,
  fields: [
    { id: 'name', type: 'text' },
    { id: 'oid', type: 'int8' },
    { id: 'alias_of', type: 'text' },
  ],
  rows: null,
  isDense: false,
};
