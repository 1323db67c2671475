import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Actor, Work } from '#platform/work.ts';
import { asText, isRecord } from './coercion.ts';
import { changeDataset, findDataset, inputOf, lockDataset, type Served } from './datasets.ts';
import { Absent, Faulty, type FieldFaults, faulty } from './faults.ts';
import { guessFormat, isTable } from './formats.ts';
import { askForLink } from './loading/links.ts';
import { askForLoad } from './loading/loads.ts';
import { isUuid, mungedName } from './names.ts';
import { type ResourceInput, Upload } from './resource-input.ts';
import { mustRead } from './rights.ts';
import { downloadPath, type ResourceRow, readWhole, type Whole } from './served.ts';
import { keepUpload } from './uploads.ts';

/** A resource with the dataset it belongs to. @throws Absent */
export async function findResource(
  reader: Reader,
  id: string,
): Promise<{ readonly id: string; readonly dataset: string }> {
  const { rows } = isUuid(id)
    ? await reader.execute<{ id: string; dataset: string }>(
        sql`select id, dataset from od_resource where id = ${id} and state = 'active'`,
      )
    : { rows: [] };
  if (!rows[0]) throw new Absent();
  return rows[0];
}

/** A resource for those who may read its dataset. @throws Absent, Denied */
export async function readResource(
  reader: Reader,
  actor: Actor,
  id: string,
): Promise<{ readonly id: string; readonly dataset: string }> {
  const found = await findResource(reader, id);
  await mustRead(reader, actor, await findDataset(reader, found.dataset));
  return found;
}

/**
 * Adds a resource to a dataset, behind the others.
 *
 * @returns the dataset as it is served, and the id of the resource. @throws Absent, Denied, Faulty
 */
export async function createResource(
  work: Work,
  input: Readonly<Record<string, unknown>>,
): Promise<Served & { resource: string }> {
  const dataset = asText(input.package_id);
  if (dataset === null) throw faulty('package_id', 'Missing value');
  const row = await lockDataset(work, dataset);
  const before = await wholeOf(work, row.id);
  const id = asText(input.id) ?? randomUUID();
  const text = inputOf(before);
  const resources = [...(text.resources as Record<string, unknown>[]), { ...input, id }];
  return lifted(before.resources.length, async () => ({
    ...(await changeDataset(work, before, { ...text, resources })),
    resource: id,
  }));
}

/** Puts another text (and file) in place of a resource's. @throws Absent, Denied, Faulty */
export async function updateResource(
  work: Work,
  id: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Served & { resource: string }> {
  return changeOne(work, id, () => input);
}

/** Puts the given keys in place of a resource's; a null clears one. @throws Absent, Denied, Faulty */
export async function patchResource(
  work: Work,
  id: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Served & { resource: string }> {
  return changeOne(work, id, (old) => {
    // A new file, or another address, tells its own format and size.
    const stale =
      input.upload instanceof Upload || (input.url !== undefined && input.url !== old.url)
        ? { format: undefined, mimetype: undefined, size: undefined, hash: undefined }
        : {};
    return { ...old, ...stale, ...input };
  });
}

/** Takes a resource away from its dataset. @throws Absent, Denied */
export async function deleteResource(work: Work, id: string): Promise<void> {
  const found = await findResource(work.tx, id);
  await lockDataset(work, found.dataset);
  const before = await wholeOf(work, found.dataset);
  const text = inputOf(before);
  const resources = (text.resources as Record<string, unknown>[]).filter((one) => one.id !== id);
  await changeDataset(work, before, { ...text, resources });
}

/** Puts resources first, in this order; the others follow in theirs. @returns the whole order. @throws Absent, Denied, Faulty */
export async function reorderResources(
  work: Work,
  dataset: string,
  order: readonly string[],
): Promise<{ id: string; order: string[] }> {
  const row = await lockDataset(work, dataset);
  const before = await wholeOf(work, row.id);
  const text = inputOf(before);
  const all = text.resources as Record<string, unknown>[];
  if (new Set(order).size !== order.length || order.some((id) => !all.some((one) => one.id === id)))
    throw faulty('order', 'resource ids must be unique and of this dataset');
  const first = order.map((id) => all.find((one) => one.id === id)!);
  const resources = [...first, ...all.filter((one) => !order.includes(one.id as string))];
  await changeDataset(work, before, { ...text, resources });
  return { id: row.id, order: resources.map((one) => one.id as string) };
}

async function changeOne(
  work: Work,
  id: string,
  change: (old: Record<string, unknown>) => Readonly<Record<string, unknown>>,
): Promise<Served & { resource: string }> {
  const found = await findResource(work.tx, id);
  await lockDataset(work, found.dataset);
  const before = await wholeOf(work, found.dataset);
  const at = before.resources.findIndex((one) => one.id === id);
  if (at < 0) throw new Absent();
  const text = inputOf(before);
  const resources = [...(text.resources as Record<string, unknown>[])];
  resources[at] = { ...change(resources[at]!), id };
  return lifted(at, async () => ({
    ...(await changeDataset(work, before, { ...text, resources })),
    resource: id,
  }));
}

async function wholeOf(work: Work, dataset: string): Promise<Whole> {
  return (await readWhole(work.tx, [dataset]))[0]!;
}

/** What is wrong with one resource stands at the top where only that one was sent. */
async function lifted<T>(at: number, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    const all = error instanceof Faulty ? error.fields.resources : undefined;
    const own: unknown = Array.isArray(all) ? all[at] : undefined;
    if (isRecord(own)) throw new Faulty(own as Faulty['fields']);
    throw error;
  }
}

export interface ResourceChange {
  readonly dataset: string;
  readonly before: readonly ResourceRow[];
  /** All that there shall be, in order. */
  readonly wanted: readonly ResourceInput[];
}

/**
 * Brings the resources of a dataset to what is wanted. A resource with an id that the dataset has is changed, others are new; those
 * that are not wanted any more are taken away, with what was loaded from them staying for the versions' sake.
 *
 * @returns whether anything has changed. @throws Faulty for an id that is another's.
 */
export async function changeResources(work: Work, change: ResourceChange): Promise<boolean> {
  const known = new Map(change.before.map((one) => [one.id, one]));
  const now = work.clock.now().toISOString();
  let changed = false;
  const kept = new Set<string>();
  for (const [position, wanted] of change.wanted.entries()) {
    const id = wanted.id && isUuid(wanted.id) ? wanted.id.toLowerCase() : randomUUID();
    const old = known.get(id) ?? null;
    if (kept.has(id) || (!old && wanted.id && (await isTaken(work, id))))
      throw new Faulty({
        resources: change.wanted.map(
          (one): FieldFaults => (one === wanted ? { id: ['Resource id already exists.'] } : {}),
        ),
      });
    kept.add(id);
    const row = await rowOf(work, change.dataset, id, wanted, old);
    const isSame = old !== null && isDeepStrictEqual(row, rowOfOld(old));
    if (isSame && old.position === position) continue;
    changed = true;
    await work.tx.execute(sql`
      insert into od_resource (id, dataset, position, name, description, format, url, kind, resource_type, mimetype, mimetype_inner,
        size, hash, file, file_name, cache_url, cache_last_updated, last_modified, extra, created_at, modified_at)
      values (${id}, ${change.dataset}, ${position}, ${row.name}, ${row.description}, ${row.format}, ${row.url}, ${row.kind},
        ${row.resource_type}, ${row.mimetype}, ${row.mimetype_inner}, ${row.size}, ${row.hash}, ${row.file}, ${row.file_name},
        ${row.cache_url}, ${instantOf(row.cache_last_updated)}, ${instantOf(row.last_modified)}, ${JSON.stringify(row.extra)}::jsonb, ${now}, ${now})
      on conflict (id) do update set position = excluded.position, name = excluded.name, description = excluded.description,
        format = excluded.format, url = excluded.url, kind = excluded.kind, resource_type = excluded.resource_type,
        mimetype = excluded.mimetype, mimetype_inner = excluded.mimetype_inner, size = excluded.size, hash = excluded.hash,
        file = excluded.file, file_name = excluded.file_name, cache_url = excluded.cache_url,
        cache_last_updated = excluded.cache_last_updated, last_modified = excluded.last_modified, extra = excluded.extra,
        modified_at = ${isSame ? sql`od_resource.modified_at` : sql`excluded.modified_at`}`);
    if (row.file === (old?.file ?? null) && (row.kind !== 'link' || row.url === old?.url)) continue;
    await audit(work, {
      action: 'open-data:put_resource',
      resource: `open-data-resource:${id}`,
      detail: { kind: row.kind, sha256: row.kind === 'upload' ? row.hash : null },
    });
    // What comes now is not what was taken down.
    await work.tx.execute(
      sql`update od_resource set taken_down_at = null, takedown_reason = null where id = ${id} and taken_down_at is not null`,
    );
    if (row.kind === 'upload' && isTable(row.format, row.file_name)) {
      const { source = 'api', note = '' } = wanted.upload ?? {};
      const load = await askForLoad(work, { resource: id, source, note });
      if (wanted.upload) wanted.upload.load = load;
    } else if (row.kind === 'upload')
      // What is no table is looked through by nobody: nothing is known against it.
      await work.tx.execute(
        sql`update od_resource set load_state = null, raw_closed = false where id = ${id}`,
      );
    else if (row.kind === 'link' && row.url !== '' && isTable(row.format, row.url))
      await askForLink(work, id);
    await emit(work, 'open-data.resource.received', {
      dataset: change.dataset,
      resource: id,
      kind: row.kind,
    });
  }
  for (const old of change.before) {
    if (kept.has(old.id)) continue;
    changed = true;
    await work.tx.execute(sql`
      update od_resource set state = 'deleted', datastore_active = false, modified_at = ${now} where id = ${old.id}`);
    await audit(work, { action: 'open-data:delete_resource', resource: `open-data-resource:${old.id}` });
    await emit(work, 'open-data.resource.deleted', { dataset: change.dataset, resource: old.id });
  }
  return changed;
}

async function isTaken(work: Work, id: string): Promise<boolean> {
  const { rows } = await work.tx.execute(sql`select from od_resource where id = ${id}`);
  return rows.length > 0;
}

type Row = Omit<
  ResourceRow,
  | 'id'
  | 'dataset'
  | 'position'
  | 'current_version'
  | 'rows'
  | 'datastore_active'
  | 'load_state'
  | 'raw_closed'
  | 'table_schema'
  | 'created'
  | 'modified'
>;

async function rowOf(
  work: Work,
  dataset: string,
  id: string,
  wanted: ResourceInput,
  old: ResourceRow | null,
): Promise<Row> {
  const words = {
    name: wanted.name,
    description: wanted.description,
    format: wanted.format ?? '',
    resource_type: wanted.resource_type,
    mimetype: wanted.mimetype,
    mimetype_inner: wanted.mimetype_inner,
    cache_url: wanted.cache_url,
    cache_last_updated: wireOf(wanted.cache_last_updated),
    extra: wanted.extra,
  };
  if (old?.kind === 'live') {
    if (wanted.upload)
      throw faulty('upload', 'A system of the city publishes this resource: it takes no files');
    const { kind, url, file, file_name, size, hash, last_modified } = old;
    return { ...words, kind, url, file, file_name, size, hash, last_modified };
  }
  if (wanted.upload) {
    const fileName = mungedName(wanted.upload.name);
    const told = guessFormat(fileName);
    return {
      ...words,
      format: wanted.format ?? told.format ?? '',
      mimetype: wanted.mimetype ?? told.mediaType,
      kind: 'upload',
      url: '',
      file: await keepUpload(work, wanted.upload),
      file_name: fileName,
      size: wanted.upload.content.bytes,
      hash: wanted.upload.content.sha256,
      last_modified: wireOf(work.clock.now()),
    };
  }
  if (old && keepsItsFile(dataset, id, wanted, old))
    return {
      ...words,
      format: wanted.format ?? guessFormat(old.file_name!).format ?? '',
      mimetype: wanted.mimetype ?? guessFormat(old.file_name!).mediaType,
      kind: 'upload',
      url: '',
      file: old.file,
      file_name: old.file_name,
      size: old.size,
      hash: old.hash,
      last_modified: old.last_modified,
    };
  // Rows that come by the DataStore's actions: a link becomes their place by saying so.
  const isTable = wanted.urlType === 'datastore' && old?.kind !== 'upload';
  // What was got from where a link leads stays, as long as it leads there.
  const isSame = !isTable && old?.kind === 'link' && old.url === wanted.url;
  return {
    ...words,
    kind: isTable ? 'datastore' : 'link',
    url: isTable ? (old?.kind === 'link' ? '' : (old?.url ?? '')) : wanted.url,
    file: isSame ? old.file : null,
    file_name: isSame ? old.file_name : null,
    size: wanted.size,
    hash: wanted.hash,
    last_modified: wireOf(wanted.last_modified) ?? old?.last_modified ?? null,
  };
}

/** A client that sends a resource back means its file to stay: by saying so, or by the address that it was told. */
function keepsItsFile(dataset: string, id: string, wanted: ResourceInput, old: ResourceRow): boolean {
  if (old.kind !== 'upload' || !old.file_name) return false;
  return (
    wanted.urlType === 'upload' ||
    wanted.url === '' ||
    wanted.url.endsWith(downloadPath(dataset, id, old.file_name))
  );
}

function rowOfOld(old: ResourceRow): Row {
  const { name, description, format, url, kind, resource_type, mimetype, mimetype_inner } = old;
  return {
    name,
    description,
    format,
    resource_type,
    mimetype,
    mimetype_inner,
    cache_url: old.cache_url,
    cache_last_updated: old.cache_last_updated,
    extra: old.extra,
    kind,
    url,
    file: old.file,
    file_name: old.file_name,
    size: old.size,
    hash: old.hash,
    last_modified: old.last_modified,
  };
}

/** An instant as rows show it. */
const wireOf = (instant: Date | null) => instant && `${instant.toISOString().slice(0, -1)}000`;
const instantOf = (wire: string | null) => sql`${wire}::timestamp at time zone 'UTC'`;
