import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import type { DatasetWords } from './dataset-input.ts';
import { publishDatasetViews } from './datastore/views.ts';
import { licenceOf } from './licences.ts';

import { windClocks } from './promises/clock.ts';

import { judgeKept } from './quality/reading.ts';

import { documentOf } from './search/document.ts';
import { recentUses } from './search/uses.ts';
import { type DatasetState, wireState } from './states.ts';
import { openVersions } from './versions.ts';

/** A time as CKAN writes it: UTC without saying so. */
export function wireTime(column: SQL): SQL {
  return sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
}

/** Stands for the address of the portal in kept answers; a text of somebody's that holds the same letters is written otherwise. */
const sitePlace = '{{site}}';
const siteMark = '\uE000';

/** A dataset as it is kept. */
export interface DatasetRow extends DatasetWords {
  readonly id: string;
  readonly organisation: string | null;
  readonly creator: string | null;
  readonly state: DatasetState;
  readonly reason: string | null;
  readonly hvd_category: string | null;
  readonly due_at: string | null;
  readonly revision: number;
  readonly created: string;
  readonly modified: string;
  /** Code of the unit behind the organisation. */
  readonly unit: string | null;
}

export interface OrganisationPart {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly image_url: string;
  readonly created: string;
  readonly edrpou: string | null;
  readonly katottg: string | null;
}

export interface ResourceRow {
  readonly id: string;
  readonly dataset: string;
  readonly position: number;
  readonly name: string | null;
  readonly description: string | null;
  readonly format: string;
  readonly url: string;
  readonly kind: 'upload' | 'link' | 'datastore' | 'live';
  readonly resource_type: string | null;
  readonly mimetype: string | null;
  readonly mimetype_inner: string | null;
  readonly size: number | null;
  readonly hash: string | null;
  readonly file: string | null;
  readonly file_name: string | null;
  readonly cache_url: string | null;
  readonly cache_last_updated: string | null;
  readonly current_version: number | null;
  readonly rows: number | null;
  readonly datastore_active: boolean;
  readonly load_state: string | null;
  /** The file gives people away that its rows do not: it is not handed out. */
  readonly raw_closed: boolean;
  readonly table_schema: unknown;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly created: string;
  readonly last_modified: string | null;
  readonly modified: string;
}

export interface TagPart {
  readonly id: string;
  readonly name: string;
  readonly vocabulary: string | null;
  readonly vocabulary_name: string | null;
}

export interface GroupPart {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly image_url: string;
  readonly theme: string | null;
}

/** A dataset with everything that belongs to it. */
export interface Whole {
  readonly dataset: DatasetRow;
  readonly organisation: OrganisationPart | null;
  readonly resources: readonly ResourceRow[];
  readonly tags: readonly TagPart[];
  readonly groups: readonly GroupPart[];
}

export const datasetColumns = sql`d.id, d.name, d.title, d.notes, d.url, d.version, d.author, d.author_email, d.maintainer,
  d.maintainer_email, d.licence, d.type, d.organisation, d.creator, d.private, d.state, d.reason, d.extras, d.hvd_category,
  d.due_at, d.revision, ${wireTime(sql`d.created_at`)} as created, ${wireTime(sql`d.modified_at`)} as modified`;

/** Reads datasets with all their parts. */
export async function readWhole(reader: Reader, ids: readonly string[]): Promise<Whole[]> {
  if (ids.length === 0) return [];
  const list = sql`(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`;
  const [datasets, resources, tags, groups] = await Promise.all([
    reader.execute<DatasetRow & { of: OrganisationPart | null } & Record<string, unknown>>(sql`
      select ${datasetColumns}, o.unit, case when o.id is null then null else jsonb_build_object('id', o.id, 'name', o.name,
        'title', o.title, 'description', o.description, 'image_url', o.image_url, 'edrpou', o.edrpou, 'katottg', o.katottg,
        'created', ${wireTime(sql`o.created_at`)}) end as of
      from od_dataset d left join od_organisation o on o.id = d.organisation where d.id in ${list}`),
    reader.execute<ResourceRow & Record<string, unknown>>(sql`
      select id, dataset, position, name, description, format, url, kind, resource_type, mimetype, mimetype_inner,
        size::float8 as size, hash, file, file_name, cache_url, ${wireTime(sql`cache_last_updated`)} as cache_last_updated,
        current_version, rows::float8 as rows, datastore_active, load_state, raw_closed, table_schema, extra,
        ${wireTime(sql`created_at`)} as created, ${wireTime(sql`last_modified`)} as last_modified,
        ${wireTime(sql`modified_at`)} as modified
      from od_resource where dataset in ${list} and state = 'active' order by dataset, position, id`),
    reader.execute<TagPart & { dataset: string } & Record<string, unknown>>(sql`
      select x.dataset, t.id, t.name, t.vocabulary, v.name as vocabulary_name
      from od_dataset_tag x join od_tag t on t.id = x.tag left join od_vocabulary v on v.id = t.vocabulary
      where x.dataset in ${list} order by t.name collate "uk-UA-x-icu", t.id`),
    reader.execute<GroupPart & { dataset: string } & Record<string, unknown>>(sql`
      select x.dataset, g.id, g.name, g.title, g.description, g.image_url, g.theme
      from od_dataset_group x join od_group g on g.id = x."group"
      where x.dataset in ${list} and g.state = 'active' order by g.name`),
  ]);
  const by = <Row extends { dataset: string }>(rows: readonly Row[]) =>
    Map.groupBy(rows, (row) => row.dataset);
  const [resourcesBy, tagsBy, groupsBy] = [by(resources.rows), by(tags.rows), by(groups.rows)];
  return datasets.rows.map(({ of, ...dataset }) => ({
    dataset,
    organisation: of,
    resources: resourcesBy.get(dataset.id) ?? [],
    tags: tagsBy.get(dataset.id) ?? [],
    groups: groupsBy.get(dataset.id) ?? [],
  }));
}

/**
 * Makes anew, in the transaction of the change, what is served and found of these datasets. Whoever changes a dataset, a
 * resource, or what both show of their organisation calls it last.
 *
 * @returns the datasets as JSON by id, as `packageText` reads them.
 */
export async function refresh(work: Work, ids: readonly string[]): Promise<Map<string, string>> {
  await publishDatasetViews(work, ids);
  await openVersions(work, ids);
  await windClocks(work, ids);
  const wholes = await readWhole(work.tx, ids);
  const texts = wholes.map((whole) => ({ text: keptText(packageOf(whole)), due: whole.dataset.due_at }));
  const now = work.clock.now();
  const judged = await judgeKept(work.tx, texts, packageText, now);
  const uses = await recentUses(work.tx, ids, now);
  const made = wholes.map((whole, n) => ({
    dataset: whole.dataset.id,
    document: documentOf(whole, judged.get(whole.dataset.id)!, uses.get(whole.dataset.id) ?? 0),
    package: texts[n]!.text,
  }));
  if (made.length > 0)
    await work.tx.execute(sql`
      insert into od_search (dataset, document, package)
      select dataset, document, package
      from jsonb_to_recordset(${JSON.stringify(made)}::jsonb) as made (dataset uuid, document jsonb, package text)
      on conflict (dataset) do update set changed = pg_current_xact_id(), document = excluded.document, package = excluded.package`);
  return new Map(made.map((one) => [one.dataset, one.package]));
}

/** Leaves the empty place of a purged dataset, so that every process forgets it. */
export async function forget(work: Work, id: string): Promise<void> {
  await work.tx.execute(
    sql`update od_search set changed = pg_current_xact_id(), document = null, package = null where dataset = ${id}`,
  );
}

/** A kept answer with the address of the portal in its place. */
export function packageText(kept: string, site: string): string {
  return kept.replaceAll(sitePlace, JSON.stringify(site).slice(1, -1));
}

function keptText(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll(sitePlace, `\\u007b${sitePlace.slice(1)}`)
    .replaceAll(siteMark, sitePlace);
}

/** The dataset as CKAN's clients know it, all keys always there. */
function packageOf({ dataset, organisation, resources, tags, groups }: Whole): Record<string, unknown> {
  const licence = licenceOf(dataset.licence);
  return {
    author: dataset.author,
    author_email: dataset.author_email,
    creator_user_id: dataset.creator,
    id: dataset.id,
    isopen: licence?.od_conformance === 'approved',
    license_id: dataset.licence,
    license_title: licence?.title ?? dataset.licence,
    license_url: licence?.url ?? null,
    maintainer: dataset.maintainer,
    maintainer_email: dataset.maintainer_email,
    metadata_created: dataset.created,
    metadata_modified: dataset.modified,
    name: dataset.name,
    notes: dataset.notes,
    num_resources: resources.length,
    num_tags: tags.length,
    organization: organisation && {
      id: organisation.id,
      name: organisation.name,
      title: organisation.title,
      type: 'organization',
      description: organisation.description,
      image_url: organisation.image_url,
      created: organisation.created,
      is_organization: true,
      approval_status: 'approved',
      state: 'active',
    },
    owner_org: dataset.organisation,
    private: dataset.private,
    state: wireState(dataset.state),
    title: dataset.title || dataset.name,
    type: dataset.type,
    url: dataset.url,
    version: dataset.version,
    extras: extrasOf(dataset, organisation),
    groups: groups.map((group) => ({
      id: group.id,
      name: group.name,
      title: group.title,
      description: group.description,
      display_name: group.title || group.name,
      image_display_url: group.image_url,
    })),
    resources: resources.map(resourceOf),
    tags: tags.map((tag) => ({
      id: tag.id,
      name: tag.name,
      display_name: tag.name,
      state: 'active',
      vocabulary_id: tag.vocabulary,
    })),
    relationships_as_subject: [],
    relationships_as_object: [],
  };
}

/** Further fields by key; the codes of the publisher stand there unless the dataset says its own. */
export function extrasOf(
  dataset: Pick<DatasetRow, 'extras' | 'state'>,
  organisation: Pick<OrganisationPart, 'edrpou' | 'katottg'> | null,
): { key: string; value: string }[] {
  const all: Record<string, string> = {
    ...(organisation?.edrpou ? { publisherIdentifier: organisation.edrpou } : {}),
    ...(organisation?.katottg ? { katottg: organisation.katottg } : {}),
    ...dataset.extras,
    ...(dataset.state === 'archived' ? { archived: 'true' } : {}),
  };
  return Object.keys(all)
    .sort()
    .map((key) => ({ key, value: all[key]! }));
}

/** What the portal itself says in `extras`; the same words handed back are no change. */
export function isDerivedExtra(key: string): boolean {
  return key === 'archived' || key === 'publisherIdentifier' || key === 'katottg';
}

export function resourceOf(resource: ResourceRow): Record<string, unknown> {
  return {
    ...resource.extra,
    cache_last_updated: resource.cache_last_updated,
    cache_url: resource.cache_url,
    created: resource.created,
    datastore_active: resource.datastore_active,
    description: resource.description ?? '',
    format: resource.raw_closed ? 'CSV' : resource.format,
    hash: resource.raw_closed ? '' : (resource.hash ?? ''),
    id: resource.id,
    last_modified: resource.last_modified,
    load_status: resource.load_state,
    metadata_modified: resource.modified,
    mimetype: resource.raw_closed ? 'text/csv' : resource.mimetype,
    mimetype_inner: resource.mimetype_inner,
    name: resource.name,
    package_id: resource.dataset,
    position: resource.position,
    resource_type: resource.resource_type,
    rows: resource.rows,
    size: resource.raw_closed ? null : resource.size,
    state: 'active',
    url: urlOf(resource),
    url_type: resource.kind === 'link' ? null : resource.kind === 'upload' ? 'upload' : 'datastore',
    version: resource.current_version,
  };
}

/** Keys of a resource that the portal fills in; what clients send back in them is not kept. */
export const derivedResourceKeys: ReadonlySet<string> = new Set([
  'created',
  'datastore_active',
  'load_status',
  'metadata_modified',
  'package_id',
  'position',
  'revision_id',
  'rows',
  'state',
  'tracking_summary',
  'version',
]);

function urlOf(resource: ResourceRow): string {
  // In place of a file that gives people away stand its rows, which do not.
  if (resource.kind === 'upload' && resource.raw_closed && resource.datastore_active)
    return `${siteMark}/datastore/dump/${resource.id}`;
  if (resource.kind === 'upload' && resource.file_name)
    return siteMark + downloadPath(resource.dataset, resource.id, resource.file_name);
  if ((resource.kind === 'datastore' || resource.kind === 'live') && !resource.url)
    return `${siteMark}/datastore/dump/${resource.id}`;
  return resource.url.replaceAll(siteMark, '');
}

/** Where an upload is downloaded, below the portal's address. */
export function downloadPath(dataset: string, resource: string, fileName: string): string {
  return `/dataset/${dataset}/resource/${resource}/download/${fileName}`;
}
