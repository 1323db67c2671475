import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import { asText } from './coercion.ts';
import { lockDataset } from './datasets.ts';
import { Absent, Faults, faulty } from './faults.ts';
import { isUuid } from './names.ts';
import { findResource } from './resources.ts';
import { mustBeOfficer } from './rights.ts';

/** A saved view of a resource: a table, a chart, a map, with its settings. */
export interface View extends Record<string, unknown> {
  readonly id: string;
  readonly resource_id: string;
  readonly package_id: string;
  readonly title: string;
  readonly description: string;
  readonly view_type: string;
  readonly position: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

const columns = sql`v.id, v.resource as resource_id, r.dataset as package_id, v.title, v.description, v.view_type, v.position, v.extra`;

export async function viewsOf(reader: Reader, resource: string): Promise<View[]> {
  const { rows } = await reader.execute<View>(sql`
    select ${columns} from od_view v join od_resource r on r.id = v.resource
    where v.resource = ${resource} and r.state = 'active' order by v.position, v.id`);
  return rows;
}

/** @throws Absent */
export async function findView(reader: Reader, id: string): Promise<View> {
  const { rows } = isUuid(id)
    ? await reader.execute<View>(sql`
        select ${columns} from od_view v join od_resource r on r.id = v.resource where v.id = ${id} and r.state = 'active'`)
    : { rows: [] };
  if (!rows[0]) throw new Absent();
  return rows[0];
}

/** Saves a view of a resource. @throws Absent, Denied, Faulty */
export async function createView(work: Work, input: Readonly<Record<string, unknown>>): Promise<View> {
  const faults = new Faults();
  const resource = asText(input.resource_id);
  if (resource === null) faults.add('resource_id', 'Missing value');
  const view = readView(input, faults);
  faults.refuse();
  const { dataset } = await findResource(work.tx, resource!);
  await lockDataset(work, dataset);
  const { rows } = await work.tx.execute<{ id: string }>(sql`
    insert into od_view (resource, title, description, view_type, position, extra)
    values (${resource}, ${view.title}, ${view.description}, ${view.view_type},
      (select count(*)::int from od_view where resource = ${resource}), ${JSON.stringify(view.extra)}::jsonb) returning id`);
  await audit(work, { action: 'open-data:create_view', resource: `open-data-view:${rows[0]!.id}` });
  return findView(work.tx, rows[0]!.id);
}

/** Puts other settings in place of a view's. @throws Absent, Denied, Faulty */
export async function updateView(
  work: Work,
  id: string,
  input: Readonly<Record<string, unknown>>,
): Promise<View> {
  const before = await findView(work.tx, id);
  await lockDataset(work, before.package_id);
  const faults = new Faults();
  const view = readView({ view_type: before.view_type, ...input }, faults);
  faults.refuse();
  await work.tx.execute(sql`
    update od_view set title = ${view.title}, description = ${view.description}, view_type = ${view.view_type},
      extra = ${JSON.stringify(view.extra)}::jsonb where id = ${id}`);
  return findView(work.tx, id);
}

/** @throws Absent, Denied */
export async function deleteView(work: Work, id: string): Promise<void> {
  const before = await findView(work.tx, id);
  await lockDataset(work, before.package_id);
  await work.tx.execute(sql`delete from od_view where id = ${id}`);
  await audit(work, { action: 'open-data:delete_view', resource: `open-data-view:${id}` });
}

/** Puts views of a resource first, in this order. @throws Absent, Denied, Faulty */
export async function reorderViews(
  work: Work,
  resource: string,
  order: readonly string[],
): Promise<string[]> {
  const { dataset } = await findResource(work.tx, resource);
  await lockDataset(work, dataset);
  const all = (await viewsOf(work.tx, resource)).map((view) => view.id);
  if (new Set(order).size !== order.length || order.some((id) => !all.includes(id)))
    throw faulty('order', 'view ids must be unique and of this resource');
  const whole = [...order, ...all.filter((id) => !order.includes(id))];
  for (const [position, id] of whole.entries())
    await work.tx.execute(sql`update od_view set position = ${position} where id = ${id}`);
  return whole;
}

/** Removes all views, or those of some types. The officer's. @throws Denied */
export async function clearViews(work: Work, types: readonly string[] | undefined): Promise<void> {
  mustBeOfficer(work.actor);
  await work.tx.execute(
    types
      ? sql`delete from od_view where view_type in (select jsonb_array_elements_text(${JSON.stringify(types)}::jsonb))`
      : sql`delete from od_view`,
  );
  await audit(work, { action: 'open-data:clear_views', resource: 'open-data:views' });
}

/** The views that a new table usually has: a grid. Those that are there already are not made again. @throws Absent, Denied */
export async function createUsualViews(work: Work, resource: string): Promise<View[]> {
  const { dataset } = await findResource(work.tx, resource);
  await lockDataset(work, dataset);
  const { rows } = await work.tx.execute<{ active: boolean }>(
    sql`select datastore_active as active from od_resource where id = ${resource}`,
  );
  const has = (await viewsOf(work.tx, resource)).some((view) => view.view_type === 'datatables_view');
  if (!rows[0]?.active || has) return [];
  return [await createView(work, { resource_id: resource, title: 'Table', view_type: 'datatables_view' })];
}

const own = new Set(['id', 'resource_id', 'package_id', 'title', 'description', 'view_type', 'position']);

function readView(input: Readonly<Record<string, unknown>>, faults: Faults) {
  const title = asText(input.title);
  const view_type = asText(input.view_type);
  if (title === null) faults.add('title', 'Missing value');
  if (view_type === null) faults.add('view_type', 'Missing value');
  return {
    title: title ?? '',
    description: asText(input.description) ?? '',
    view_type: view_type ?? '',
    extra: Object.fromEntries(Object.entries(input).filter(([key]) => !own.has(key))),
  };
}
