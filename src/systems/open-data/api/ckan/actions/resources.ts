import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { Absent, faulty } from '../../../faults.ts';
import {
  createResource,
  deleteResource,
  patchResource,
  readResource,
  updateResource,
} from '../../../resources.ts';
import { packageText } from '../../../served.ts';
import { type Actions, type Call, Json, reading, writing } from '../action.ts';
import { list, natural, needed, text } from '../parameters.ts';

/** Resources: one, many by what they hold, and what is changed of them. */
export const resourceActions: Actions = {
  resource_show: reading({
    about: 'One resource, by id.',
    parameters: { id: needed },
    async run(call, { id }) {
      const { dataset } = await readResource(call.db, call.actor, id);
      return resourceIn(await keptPackage(call.db, dataset), id, call.site);
    },
  }),
  resource_search: reading({
    about: 'Resources of public datasets by field:value pairs, all of which must be met.',
    parameters: { query: list(), order_by: text, offset: natural(0), limit: natural(100, 1000) },
    async run({ db, site }, { query, order_by, offset, limit }) {
      if (!query) throw faulty('query', 'Missing value');
      const conditions = query.map(conditionOf);
      const order = order_by === undefined ? sql`r.created_at, r.id` : orderOf(order_by);
      const found = sql`from od_resource r join od_dataset d on d.id = r.dataset
        where r.state = 'active' and not d.private and d.state in ('published', 'archived') and ${sql.join(conditions, sql` and `)}`;
      const [count, page] = await Promise.all([
        db.execute<{ count: number }>(sql`select count(*)::int as count ${found}`),
        db.execute<{ id: string; package: string }>(sql`
          select r.id, s.package from od_search s join (select r.id, r.dataset, row_number() over (order by ${order}) as n ${found}
            order by ${order} limit ${limit} offset ${offset}) as r on r.dataset = s.dataset order by r.n`),
      ]);
      return {
        count: count.rows[0]!.count,
        results: page.rows.map((row) => resourceIn(row.package, row.id, site)),
      };
    },
  }),
  format_autocomplete: reading({
    about: 'Formats that hold what was typed, the most used first.',
    parameters: { q: text, query: text, limit: natural(5, 100) },
    async run({ db }, { q, query, limit }) {
      const like = `%${(q ?? query ?? '').toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
      const { rows } = await db.execute<{ format: string }>(sql`
        select lower(r.format) as format from od_resource r join od_dataset d on d.id = r.dataset
        where r.state = 'active' and not d.private and d.state = 'published' and r.format <> '' and lower(r.format) like ${like}
        group by 1 order by count(*) desc, 1 limit ${limit}`);
      return rows.map((row) => row.format);
    },
  }),
  resource_create: writing({
    about: 'Adds a resource to a dataset: a link, or a file in `upload`.',
    run: async (call) => changed(call, await call.work((work) => createResource(work, call.sent))),
  }),
  resource_update: writing({
    about: 'Puts another text, and file, in place of a resource’s.',
    parameters: { id: needed },
    run: async (call, { id }) =>
      changed(call, await call.work((work) => updateResource(work, id, call.sent))),
  }),
  resource_patch: writing({
    about: 'Puts the given keys in place of a resource’s.',
    parameters: { id: needed },
    run: async (call, { id }) => changed(call, await call.work((work) => patchResource(work, id, call.sent))),
  }),
  resource_delete: writing({
    about: 'Takes a resource away from its dataset.',
    parameters: { id: needed },
    async run(call, { id }) {
      await call.work((work) => deleteResource(work, id));
      return null;
    },
  }),
};

function changed(call: Call, done: { readonly text: string; readonly resource: string }): Json {
  return new Json(JSON.stringify(resourceIn(done.text, done.resource, call.site)));
}

/** One resource of a kept dataset. @throws Absent */
export function resourceIn(kept: string, id: string, site: string): Record<string, unknown> {
  const { resources } = JSON.parse(packageText(kept, site)) as { resources: Record<string, unknown>[] };
  const found = resources.find((one) => one.id === id);
  if (!found) throw new Absent();
  return found;
}

export async function keptPackage(reader: Reader, dataset: string): Promise<string> {
  const { rows } = await reader.execute<{ package: string | null }>(
    sql`select package from od_search where dataset = ${dataset}`,
  );
  const kept = rows[0]?.package;
  if (!kept) throw new Absent();
  return kept;
}

const columns: Readonly<Record<string, ReturnType<typeof sql>>> = {
  id: sql`r.id::text`,
  package_id: sql`r.dataset::text`,
  name: sql`r.name`,
  description: sql`r.description`,
  format: sql`r.format`,
  url: sql`r.url`,
  url_type: sql`case r.kind when 'link' then null when 'live' then 'datastore' else r.kind end`,
  mimetype: sql`r.mimetype`,
  mimetype_inner: sql`r.mimetype_inner`,
  resource_type: sql`r.resource_type`,
  size: sql`r.size::text`,
  created: sql`r.created_at::text`,
  last_modified: sql`r.last_modified::text`,
  metadata_modified: sql`r.modified_at::text`,
  position: sql`r.position::text`,
  state: sql`r.state`,
};

function conditionOf(pair: string) {
  const at = pair.indexOf(':');
  if (at < 1) throw faulty('query', 'Must be <field>:<value> pair(s)');
  const [field, value] = [pair.slice(0, at), pair.slice(at + 1)];
  const like = value.replaceAll(/[\\%_]/g, '\\$&');
  if (field === 'hash') return sql`r.hash ilike ${`${like}%`}`;
  const column = columns[field] ?? sql`r.extra ->> ${field}`;
  return sql`${column} ilike ${`%${like}%`}`;
}

function orderOf(field: string) {
  const column = columns[field];
  if (!column) throw faulty('order_by', `Field "${field}" not recognised in resource_search.`);
  return sql`${column}, r.id`;
}
