import { sql } from 'drizzle-orm';
import { scopesOf } from '#platform/access/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Actor } from '#platform/work.ts';
import { canIn, isOfficer, permission } from '../../permissions.ts';

/** A publisher in whose name the actor may write. */
export interface OwnUnit {
  readonly name: string;
  readonly title: string;
}

/** Organisations in which the actor may write, by title. */
export async function ownUnits(reader: Reader, actor: Actor): Promise<OwnUnit[]> {
  const { rows } = await reader.execute<OwnUnit & { unit: string } & Record<string, unknown>>(
    sql`select unit, name, title from od_organisation where state = 'active' order by title collate "uk-UA-x-icu", name`,
  );
  return rows
    .filter((row) => canIn(actor, 'write', row.unit))
    .map(({ name, title }) => ({ name, title: title || name }));
}

/** A dataset as its publisher sees it in the list. */
export interface OwnDataset {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly state: string;
  readonly private: boolean;
  readonly due: string | null;
  readonly frequency: string | null;
  readonly organisation: string;
  readonly resources: number;
  /** The state of loads that did not end well. */
  readonly troubled: string | null;
}

/** Datasets of the actor's organisations, those in trouble and those due first. */
export async function ownDatasets(
  reader: Reader,
  actor: Actor,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly rows: OwnDataset[]; readonly total: number }> {
  const units = isOfficer(actor)
    ? null
    : scopesOf(actor, permission('write')).flatMap((scope) => scope.organisation ?? []);
  const where =
    units === null
      ? sql`true`
      : sql`o.unit in (select jsonb_array_elements_text(${JSON.stringify(units)}::jsonb))`;
  const { rows } = await reader.execute<OwnDataset & { total: number } & Record<string, unknown>>(sql`
    select d.id, d.name, d.title, d.state, d.private, d.due_at::text as due, d.update_frequency as frequency, o.title as organisation,
      (select count(*)::int from od_resource r where r.dataset = d.id and r.state = 'active') as resources,
      (select min(r.load_state) from od_resource r where r.dataset = d.id and r.state = 'active' and r.load_state in ('blocked', 'failed')) as troubled,
      count(*) over ()::int as total
    from od_dataset d join od_organisation o on o.id = d.organisation
    where d.state <> 'withdrawn' and ${where}
    order by troubled nulls last, d.due_at nulls last, d.modified_at desc, d.id limit ${page.limit} offset ${page.offset}`);
  return { rows, total: rows[0]?.total ?? 0 };
}

/** The newest load of each resource of a dataset, by resource. */
export async function lastLoads(reader: Reader, dataset: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await reader.execute<{ resource: string; id: string }>(sql`
    select distinct on (l.resource) l.resource, l.id from od_load l join od_resource r on r.id = l.resource
    where r.dataset = ${dataset} order by l.resource, l.n desc`);
  return new Map(rows.map((row) => [row.resource, row.id]));
}
